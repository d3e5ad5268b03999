"""Birthday and festival care with a control group by lot: the table ``care_contacts``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.campaign_plan import day_of
from customer_insight.company.campaign_response import typical_amount
from customer_insight.company.consents import Consents
from customer_insight.company.draws import Draws
from customer_insight.company.ids import customer_ids
from customer_insight.company.organisations import dates
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

GROUPS = ("care", "control")


def care_contacts(
    block: PeopleBlock,
    born_on: pl.Series,
    app_user: np.ndarray,
    consents: Consents,
    draws: Draws,
) -> pl.DataFrame:
    """Return who was greeted, who by lot was not, and what came of it.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    born_on : polars.Series of Date, shape (people,)
        Birthdays.
    app_user : numpy.ndarray of bool, shape (people,)
        Who has the app; others are greeted by short message instead.
    consents : Consents
        Only who granted care takes part.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a customer and occasion, sorted by day, occasion and customer: ``customer_id``,
        ``occasion``, ``day``, ``care_group``, ``channel``, ``cost`` (fen), ``responded_on``,
        ``amount`` (fen, bought on the gift page).
    """
    own = draws.within(block.number)
    parts = [
        _occasion(block, occasion, days, app_user, consents, draws=own.within(year))
        for occasion, year, days in _calendar(born_on)
    ]
    return pl.concat(parts).sort("day", "occasion", "customer_id")


def care_effects() -> list[dict]:
    """Return what a greeting really does, rows of the table ``truth_effects``."""
    facts = mechanism("care")
    why = {True: "One greeting a year from a shop.", False: "One greeting among fifty."}
    return [
        {
            "cause": f"care: {occasion}",
            "outcome": f"purchase on the gift page within {facts['days']} days",
            "group_name": group,
            "effect": effect if group == "still a customer" else 0.0,
            "unit": "added chance",
            "why": why[effect > 0] if group == "still a customer" else "Who left stays away.",
        }
        for occasion, effect in facts["occasions"].items()
        for group in ("still a customer", "left")
    ]


def _calendar(born_on: pl.Series) -> list[tuple[str, int, np.ndarray]]:
    """Return each occasion with its year and everybody's day, also days before care began."""
    facts, festivals = mechanism("care"), company_mechanism("season")["festivals"]
    occasions = []
    for year in range(facts["from"].year, calendar.YEARS[-1]):
        occasions.append(("birthday", year, _birthdays(born_on, year)))
        for name in facts["occasions"]:
            days = [day_of(day) for day in festivals.get(name, ()) if day.year == year]
            occasions += [
                (name, year, np.full(len(born_on), day - facts["days_before"][name]))
                for day in days
            ]
    return occasions


def _birthdays(born_on: pl.Series, year: int) -> np.ndarray:
    """Return everybody's birthday in a year; the last day of February for who needs a leap year."""
    born = born_on.to_numpy().astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    turned = month - born.astype("datetime64[Y]").astype("datetime64[M]")
    target = np.array(f"{year}-01", dtype="datetime64[M]") + turned
    day = target.astype("datetime64[D]") + (born - month.astype("datetime64[D]"))
    last = (target + 1).astype("datetime64[D]") - 1
    return np.minimum(day, last).astype(np.int64) - calendar.FIRST_DAY


def _occasion(
    block: PeopleBlock,
    occasion: str,
    days: np.ndarray,
    app_user: np.ndarray,
    consents: Consents,
    *,
    draws: Draws,
) -> pl.DataFrame:
    facts, size = mechanism("care"), len(block)

    def lots(what: str) -> np.ndarray:
        return draws.of("care_contacts", f"{occasion}_{what}").uniform(size)

    control = lots("group") < facts["control"]
    there = block.left >= days
    rate = block.habits.rate / 365 * facts["share"] * facts["days"]
    chance = 1 - exp(-np.where(there, rate, 0.0))
    lift = np.where(there & ~control, facts["occasions"][occasion], 0.0)
    buys = lots("buys") < np.minimum(chance + lift, 1.0)
    after = np.floor(lots("day") * facts["days"]).astype(np.int64)
    spread = mechanism("campaigns")["spread"]
    noise = exp(draws.of("care_contacts", f"{occasion}_amount").normal(size) * spread)
    amount = np.rint(typical_amount(block, int(days.min())) * noise).astype(np.int64)
    channel = np.where(control, "none", _channels(block, days, app_user))
    listed = consents.held("care", days) & (days >= day_of(facts["from"]))
    at = np.flatnonzero(listed & (days + facts["days"] <= calendar.DAYS))
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, at),
            "occasion": np.full(len(at), occasion),
            "day": dates(days[at]),
            "care_group": pl.Series(GROUPS).gather(control[at].astype(np.int64)),
            "channel": channel[at],
            "cost": np.array([facts["cost"][name] for name in channel[at]], dtype=np.int64),
            "responded_on": dates(np.where(buys, days + after, -1)[at]),
            "amount": np.where(buys, amount, 0)[at],
        }
    )


def _channels(block: PeopleBlock, days: np.ndarray, app_user: np.ndarray) -> np.ndarray:
    """Return how somebody is greeted: by level; by short message where there is no app."""
    bounds = np.array([calendar.year_bounds(year)[0] for year in calendar.YEARS])
    year = np.maximum(np.searchsorted(bounds, days, side="right") - 1, 0)
    level = block.levels[np.arange(len(block)), year]
    channel = np.array(mechanism("care")["channel"])[level]
    return np.where((channel == "app") & ~app_user, "sms", channel)
