"""What was done about a need, a score or a complaint: the table ``actions``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.ids import block_ids
from customer_insight.company.organisations import dates
from customer_insight.company.sales_team import SalesTeam
from customer_insight.data.mechanisms import mechanism


def action_table(
    follow_ups: pl.DataFrame,
    complaints: pl.DataFrame,
    invitations: pl.DataFrame,
    satisfaction: pl.DataFrame,
    *,
    team: SalesTeam,
    draws: Draws,
) -> pl.DataFrame:
    """Return the register of actions of a block.

    Parameters
    ----------
    follow_ups, complaints, invitations, satisfaction : polars.DataFrame
        The block's parts of ``follow_ups``, ``complaints``, ``survey_invitations`` and
        ``survey_satisfaction``.
    team : SalesTeam
        Of the block; care clerks own the actions.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row an action opened by the last day, in the order of opening: ``action_id``,
        ``from_table``, ``from_id``, ``customer_id``, ``need_id`` (null: about no need),
        ``action``, ``owner_id``, ``opened_on``, ``due_on``, ``done_on`` (null: not by the last
        day), ``told_on`` (null: the customer was not told by then).
    """
    facts = mechanism("actions")
    causes = _causes(follow_ups, complaints, invitations, satisfaction)
    share = causes["from_table"].replace_strict(facts["share"], return_dtype=pl.Float64)
    causes = causes.filter(pl.Series(draws.of("actions", "share").chance(share.to_numpy())))
    size, seats = len(causes), team.seats("care")
    low, high = facts["wait"]
    heard = causes["heard_on"].cast(pl.Int64).to_numpy() - calendar.FIRST_DAY
    opened = heard + draws.of("actions", "opened").whole(low, high, size)
    done = opened + draws.of("actions", "done").geometric(np.full(size, facts["done"]))
    never = draws.of("actions", "never").chance(facts["never"], size=size)
    told = done + draws.of("actions", "told_after").whole(low, high, size)
    tells = draws.of("actions", "told").chance(facts["told"], size=size)
    seat = seats[draws.of("actions", "owner").whole(0, len(seats), size)]
    is_done = ~never & (done < calendar.DAYS)
    is_told = is_done & tells & (told < calendar.DAYS)
    due = opened + draws.of("actions", "due").whole(*facts["due"], size)
    table = causes.select(
        "from_table",
        "from_id",
        "customer_id",
        "need_id",
        action=_kinds(causes, draws),
        owner_id=team.ids(seat, np.minimum(opened, calendar.DAYS - 1)),
        opened_on=dates(opened),
        due_on=dates(due),
        done_on=dates(np.where(is_done, done, -1)),
        told_on=dates(np.where(is_told, told, -1)),
    )
    table = table.filter(pl.Series(opened < calendar.DAYS))
    table = table.sort("opened_on", "from_table", "from_id")
    ids = block_ids("AC", team.number, np.arange(len(table)))
    return table.insert_column(0, ids.alias("action_id"))


def _causes(
    follow_ups: pl.DataFrame,
    complaints: pl.DataFrame,
    invitations: pl.DataFrame,
    satisfaction: pl.DataFrame,
) -> pl.DataFrame:
    low = mechanism("actions")["low"]
    needless = pl.lit(None, pl.String)
    scores = satisfaction.filter(pl.col("recommend") <= low).join(invitations, on="invitation_id")
    columns = ("from_table", "from_id", "customer_id", "need_id", "kind", "heard_on")
    return pl.concat(
        [
            follow_ups.filter(pl.col("result").is_in(["trouble", "wish"])).select(
                from_table=pl.lit("follow_ups"),
                from_id="follow_up_id",
                customer_id="customer_id",
                need_id="need_id",
                kind="result",
                heard_on=pl.col("done_at").dt.date(),
            ),
            complaints.select(
                from_table=pl.lit("complaints"),
                from_id="complaint_id",
                customer_id="customer_id",
                need_id=needless,
                kind=pl.lit("trouble"),
                heard_on=pl.col("received_at").dt.date(),
            ),
            scores.select(
                from_table=pl.lit("survey_satisfaction"),
                from_id="invitation_id",
                customer_id="customer_id",
                need_id=needless,
                kind=pl.lit("trouble"),
                heard_on="answered_on",
            ),
        ]
    ).select(columns)


def _kinds(causes: pl.DataFrame, draws: Draws) -> pl.Series:
    weights = mechanism("actions")["kinds"]
    names = list(dict.fromkeys(name for row in weights.values() for name in row))
    edges = row_edges([[row.get(name, 0) for name in names] for row in weights.values()])
    row = causes["kind"].replace_strict(list(weights), range(len(weights)), return_dtype=pl.Int64)
    drawn = draws.of("actions", "kind").pick_by_row(edges, row.to_numpy())
    return pl.Series(names, dtype=pl.String).gather(drawn)
