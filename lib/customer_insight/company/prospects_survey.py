"""Prospects that a market survey found: who answered and agreed to be called."""

import datetime as dt

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.ids import block_ids
from customer_insight.data.mechanisms import mechanism

SOURCE = "market_survey"


def survey_prospects(
    number: int,
    first: int,
    survey: pl.DataFrame,
    invitations: pl.DataFrame,
    customers: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """Return the prospects of a market survey, which nobody of the salespeople called.

    Parameters
    ----------
    number, first : int
        Of the block, and of the first prospect's id.
    survey, invitations, customers : polars.DataFrame
        The block's parts of ``market_survey``, ``survey_invitations`` and ``customers``.

    Returns
    -------
    dict of str to polars.DataFrame
        ``prospects`` and ``prospect_stages``: found on the day of the answer; contacted where the
        will is 3 or more, qualified where it is 4 or more. Who has bought since is won on the day
        of the sign-up of a customer of the city and about the age; others who bought are not
        found among the customers and stay without an end.
    """
    days = invitations.select("invitation_id", found_on="answered_on")
    asked = (
        survey.filter("agreed_to_contact")
        .join(days, on="invitation_id")
        .sort("found_on", "invitation_id")
    )
    asked = asked.with_columns(prospect_id=_ids(number, first, len(asked)))
    linked = _linked(asked.filter("bought_since"), customers)
    asked = asked.join(linked, on="prospect_id", how="left", maintain_order="left")
    table = asked.select(
        "prospect_id",
        pl.lit("person").alias("side"),
        "city_id",
        "age",
        "occupation",
        "found_on",
        pl.lit(SOURCE).alias("lead_source"),
        pl.col("will")
        .replace_strict(mechanism("prospects_survey")["grades"], return_dtype=pl.String)
        .alias("intent"),
        "customer_id",
        "invitation_id",
        pl.lit("consent").alias("lawful_basis"),
        pl.lit(True).alias("decider_known"),
    )
    return {"prospects": table, "prospect_stages": _stages(asked)}


def _ids(number: int, first: int, size: int) -> pl.Series:
    return block_ids("PR", number, first + np.arange(size))


def _linked(bought: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the customers who the buyers may be, each for one: the soonest sign-up."""
    facts = mechanism("prospects_survey")
    people = customers.select("customer_id", "city_id", "born_on", "signed_up_on")
    wait = (pl.col("signed_up_on") - pl.col("found_on")).dt.total_days()
    years = (pl.col("found_on") - pl.col("born_on")).dt.total_days() // 365
    both = (
        bought.select("prospect_id", "city_id", "age", "found_on")
        .join(people, on="city_id")
        .filter(wait.is_between(*facts["wait"]), (years - pl.col("age")).abs() <= facts["years"])
        .sort("signed_up_on", "customer_id", "prospect_id")
    )
    first = both.unique("prospect_id", keep="first", maintain_order=True)
    first = first.unique("customer_id", keep="first", maintain_order=True)
    return first.select("prospect_id", "customer_id", "signed_up_on")


def _stages(asked: pl.DataFrame) -> pl.DataFrame:
    facts, found = mechanism("prospects_survey"), pl.col("found_on")
    will, days = pl.col("will"), facts["days"]
    end = calendar.EPOCH + dt.timedelta(calendar.LAST_DAY)
    won = pl.col("signed_up_on").is_not_null()
    reached = {
        "found": (pl.lit(True), found),
        "contacted": ((will >= facts["will"][0]) | won, found + pl.duration(days=days[0])),
        "qualified": ((will >= facts["will"][1]) | won, found + pl.duration(days=days[1])),
        "won": (won, pl.col("signed_up_on")),
    }
    return pl.concat(
        [
            asked.filter(there, day <= end).select(
                "prospect_id",
                stage=pl.lit(stage),
                entered_on=day,
                lost_because=pl.lit(None, pl.String),
            )
            for stage, (there, day) in reached.items()
        ]
    ).sort("prospect_id", maintain_order=True)
