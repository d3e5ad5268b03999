"""The way of prospects through the funnel, and the contacts on it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.organisations import dates
from customer_insight.company.prospects import NO_OBJECTION, SIDES, Prospects, chance_of
from customer_insight.company.prospects_cells import Cells
from customer_insight.company.sales_team import WORKDAY, SalesTeam
from customer_insight.company.text_times import MINUTES, timestamps
from customer_insight.data.mechanisms import mechanism

STAGES = ("found", "contacted", "qualified", "offered", "won", "lost")
MEANS = tuple(mechanism("prospect_contacts")["cost"])


@dataclass(frozen=True)
class Way:
    """When prospects reach each stage, arrays of shape (prospects,); -1 where never.

    Days may lie behind the last one; then the stage is not reached yet.
    """

    found: np.ndarray
    contacted: np.ndarray
    qualified: np.ndarray
    offered: np.ndarray
    won: np.ndarray
    lost: np.ndarray


def draw_way(prospects: Prospects, draws: Draws) -> Way:
    """Return when each prospect reaches each stage.

    Parameters
    ----------
    prospects : Prospects
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    Way
        Stages in the order of time, found on the first day.
    """
    facts, size = mechanism("prospects"), len(prospects)
    share = draws.of("prospect_stages", "share").uniform((size, 3))
    long = prospects.ends - prospects.found

    def after(stage: str) -> np.ndarray:
        low, width = facts["stages"][stage]
        part = long * (low + width * share[:, list(facts["stages"]).index(stage)])
        return prospects.found + np.floor(part).astype(np.int64)

    offer = draws.of("prospect_stages", "offered").chance(facts["offered"], size=size)
    offered = prospects.won | (prospects.qualified & offer)
    closed = ~draws.of("prospect_stages", "open").chance(facts["never_closed"], size=size)
    return Way(
        found=prospects.found,
        contacted=after("contacted"),
        qualified=np.where(prospects.qualified, after("qualified"), -1),
        offered=np.where(offered, after("offered"), -1),
        won=np.where(prospects.won, prospects.ends, -1),
        lost=np.where(~prospects.won & closed, prospects.ends, -1),
    )


def stage_table(prospects: Prospects, way: Way, ids: pl.Series, draws: Draws) -> pl.DataFrame:
    """Return the table ``prospect_stages``.

    Parameters
    ----------
    prospects, way : Prospects, Way
        Of the block.
    ids : polars.Series
        Of the prospects.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a stage reached by the last day, sorted by prospect and stage: ``prospect_id``,
        ``stage``, ``entered_on``, ``lost_because`` (null: not lost, or nobody noted it).
    """
    days = np.stack([getattr(way, name) for name in STAGES], axis=1)
    who, stage = np.nonzero((days >= 0) & (days < calendar.DAYS))
    lost = pl.Series(stage == STAGES.index("lost"))
    reason = _reasons(prospects, draws).gather(who)
    return pl.DataFrame(
        {
            "prospect_id": ids.gather(who),
            "stage": pl.Series(STAGES).gather(stage),
            "entered_on": dates(days[who, stage]),
            "lost_because": reason,
        }
    ).with_columns(pl.when(lost).then("lost_because").alias("lost_because"))


def contact_table(
    prospects: Prospects,
    way: Way,
    cells: Cells,
    team: SalesTeam,
    *,
    ids: pl.Series,
    draws: Draws,
) -> pl.DataFrame:
    """Return the table ``prospect_contacts``.

    Parameters
    ----------
    prospects, way, cells : Prospects, Way, Cells
        Of the block.
    team : SalesTeam
        Of the block.
    ids : polars.Series
        Of the prospects.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a contact by the last day, in the order of prospects and time: ``prospect_id``,
        ``contacted_at``, ``channel``, ``staff_id``, ``cost`` (fen), ``answered``.
    """
    who = np.repeat(np.arange(len(prospects)), prospects.contacts)
    turn = np.arange(len(who)) - np.searchsorted(who, who, side="left")
    means = _means(prospects, cells, who, turn, draws)
    begin = way.contacted[who]
    rest = (prospects.ends[who] - begin) * turn // prospects.contacts[who]
    minute = draws.of("prospect_contacts", "minute").whole(*WORKDAY, len(who))
    day = begin + rest
    firsts, more = np.array(list(mechanism("prospect_contacts")["answered"].values())).T
    chance = chance_of(firsts[means] + more[means] * prospects.intent[who])
    answered = draws.of("prospect_contacts", "answered").chance(chance)
    answered |= prospects.qualified[who] & (turn == 0)
    known = np.flatnonzero(day < calendar.DAYS)
    cost = np.array(list(mechanism("prospect_contacts")["cost"].values()))
    table = pl.DataFrame(
        {
            "prospect_id": ids.gather(who),
            "contacted_at": timestamps(day * MINUTES + minute),
            "channel": pl.Series(MEANS).gather(means),
            "staff_id": team.ids(prospects.seat[who], np.minimum(day, calendar.DAYS - 1)),
            "cost": cost[means],
            "answered": answered,
        }
    )
    return table[known].sort("prospect_id", "contacted_at", maintain_order=True)


def _means(
    prospects: Prospects, cells: Cells, who: np.ndarray, turn: np.ndarray, draws: Draws
) -> np.ndarray:
    """Return the means of each contact: one throughout, or the second one from the second on."""
    facts = mechanism("prospect_contacts")
    weights = np.array(
        [[facts["means"][side][name] for name in MEANS] for side in SIDES], dtype=float
    )
    side = (~cells.organisation[prospects.cell]).astype(np.int64)
    first = draws.of("prospect_contacts", "first").pick_by_row(row_edges(weights), side)
    rows = np.repeat(weights, len(MEANS), axis=0)
    rows = rows * (1 - np.tile(np.eye(len(MEANS)), (len(SIDES), 1)))
    row = side * len(MEANS) + first
    second = draws.of("prospect_contacts", "second").pick_by_row(row_edges(rows), row)
    later = draws.of("prospect_contacts", "later").chance(facts["second"], size=len(who))
    later |= turn == 1
    return np.where(prospects.mixed[who] & (turn > 0) & later, second[who], first[who])


def _reasons(prospects: Prospects, draws: Draws) -> pl.Series:
    """Return the reason noted if a prospect were lost; null where nobody would note one."""
    facts = mechanism("prospects")
    weights, unnoted = facts["lost_because"], facts["no_reason"]
    names = list(dict.fromkeys(name for row in weights.values() for name in row))
    edges = row_edges([[row.get(name, 0) for name in names] for row in weights.values()])
    stands = (prospects.objection != NO_OBJECTION) & ~prospects.overcome
    why = np.select([~prospects.qualified, stands, prospects.rival], [0, 1, 2], 3)
    reason = draws.of("prospect_stages", "reason").pick_by_row(edges, why)
    silent = draws.of("prospect_stages", "silent").chance(np.array(list(unnoted.values()))[why])
    return pl.Series([*names, None]).gather(np.where(silent, len(names), reason))
