"""Follow-up contacts planned and made: the table ``follow_ups``."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.account_managers import Accounts
from customer_insight.company.contacts import ROLES, contact_ids
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.feelings import Feelings
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.organisations import dates, organisation_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.prospects import NEEDS, chance_of
from customer_insight.company.sales_team import WORKDAY, SalesTeam
from customer_insight.company.text_times import MINUTES, timestamps
from customer_insight.data.mechanisms import mechanism

SIDES = ("person", "organisation")
CHANNELS = ("phone", "message", "visit")
RESULTS = ("content", "order", "wish", "trouble")
_ROLES_CALLED = tuple(ROLES.index(name) for name in ("buyer", "decider", "user"))


@dataclass(frozen=True)
class _Plan:
    """Contacts that are due, arrays of shape (contacts,): who is to be called, by whom, and when.

    ``who`` is a place among the block's organisations or people, ``mood`` how content they are on
    the due day, in standard deviations of temper.
    """

    organisation: bool
    who: np.ndarray
    seat: np.ndarray
    due: np.ndarray
    mood: np.ndarray
    customer: pl.Series


def follow_up_table(
    block: PeopleBlock,
    group: OrganisationBlock,
    feelings: Feelings,
    *,
    accounts: Accounts,
    team: SalesTeam,
    draws: Draws,
) -> pl.DataFrame:
    """Return the follow-up contacts of a block.

    Parameters
    ----------
    block, group : PeopleBlock, OrganisationBlock
        People and organisations.
    feelings : Feelings
        Of the people.
    accounts, team : Accounts, SalesTeam
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a contact due by the last day, in the order of due days: ``follow_up_id``,
        ``customer_id``, ``contact_id`` (null: a person), ``staff_id``, ``purpose``, ``channel``,
        ``due_on``, ``done_at`` (null: not yet, or never), ``minutes``, ``reached``, ``result``
        and ``need_id`` (null where nothing or no need was told).
    """
    plans = (_people(block, feelings, team, draws), _accounts(group, accounts, draws))
    parts = [
        _made(plan, team, group, draws).with_columns(purpose=pl.lit(purpose))
        for plan, purpose in zip(plans, ("after_purchase", "account_care"), strict=True)
    ]
    table = pl.concat(parts).sort("due_on", "customer_id", maintain_order=True)
    ids = block_ids("FU", block.number, np.arange(len(table)))
    return table.select(
        ids.alias("follow_up_id"),
        "customer_id",
        "contact_id",
        "staff_id",
        "purpose",
        "channel",
        "due_on",
        "done_at",
        "minutes",
        "reached",
        "result",
        "need_id",
    )


def _people(block: PeopleBlock, feelings: Feelings, team: SalesTeam, draws: Draws) -> _Plan:
    facts, bought = mechanism("follow_ups"), block.purchases
    size, seats = len(bought.day), team.seats("care")
    asked = draws.of("follow_ups", "people").chance(facts["people"], size=size)
    due = bought.day + draws.of("follow_ups", "after").whole(*facts["after"], size)
    seat = seats[draws.of("follow_ups", "seat").whole(0, len(seats), size)]
    at = np.flatnonzero(asked & (due < calendar.DAYS))
    return _Plan(
        organisation=False,
        who=bought.person[at],
        seat=seat[at],
        due=due[at],
        mood=feelings.mood[at],
        customer=customer_ids(block.number, bought.person[at]),
    )


def _accounts(group: OrganisationBlock, accounts: Accounts, draws: Draws) -> _Plan:
    """Return the quarterly contacts with organisations that have a manager."""
    facts = mechanism("follow_ups")
    low, high = facts["every"]
    most = calendar.DAYS // low + 1
    gaps = draws.of("follow_ups", "every").whole(low, high, (len(accounts.begins), most))
    days = accounts.begins[:, None] + np.cumsum(gaps, axis=1)
    account, turn = np.nonzero(days < calendar.DAYS)
    due, who = days[account, turn], accounts.organisation[account]
    return _Plan(
        organisation=True,
        who=who,
        seat=accounts.seat(account, due),
        due=due,
        mood=_lateness(group, who, due),
        customer=organisation_ids(group.number, who),
    )


def _lateness(group: OrganisationBlock, who: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Return the mood: lower where a delivery came late some days before."""
    mood, before = mechanism("follow_ups")["late_delivery"]
    orders = group.orders
    late = orders.delivered > orders.promised
    key = orders.organisation[late] * (2 * calendar.DAYS) + orders.delivered[late]
    key = np.sort(key)
    own = who * (2 * calendar.DAYS) + due
    low = np.maximum(own - before, who * (2 * calendar.DAYS))
    count = np.searchsorted(key, own, side="right") - np.searchsorted(key, low, side="left")
    return np.where(count > 0, mood, 0.0)


def _made(plan: _Plan, team: SalesTeam, group: OrganisationBlock, draws: Draws) -> pl.DataFrame:
    facts, size, side = mechanism("follow_ups"), len(plan.due), SIDES[int(plan.organisation)]

    def lots(what: str) -> Stream:
        return draws.of("follow_ups", f"{what}_{side}")

    weights = [facts["channels"][side].get(name, 0) for name in CHANNELS]
    channel = lots("channel").pick(weights, size)
    day = plan.due + lots("late").geometric(np.full(size, facts["late"]))
    skipped = lots("skipped").chance(facts["skipped"][side], size=size)
    done = (day < calendar.DAYS) & ~skipped
    reach = np.array([facts["reached"][name] for name in CHANNELS])[channel]
    reached = done & lots("reached").chance(reach)
    bounds = np.array([facts["minutes"][name] for name in CHANNELS])[channel]
    talk = bounds[:, 0] + lots("minutes").whole(0, bounds[:, 1] - bounds[:, 0], size)
    minutes = np.where(reached, talk, np.where(done, facts["unreached"], 0))
    result = _results(plan, lots)
    need = lots("need").pick(facts["needs"], size)
    told = np.where(reached, result, len(RESULTS))
    wish = reached & (result == RESULTS.index("wish"))
    start = day * MINUTES + lots("minute").whole(*WORKDAY, size)
    by = np.minimum(np.where(done, day, plan.due), calendar.DAYS - 1)
    return pl.DataFrame(
        {
            "customer_id": plan.customer,
            "contact_id": _contacts(plan, group, lots("contact")),
            "staff_id": team.ids(plan.seat, by),
            "channel": pl.Series(CHANNELS).gather(channel),
            "due_on": dates(plan.due),
            "done_at": timestamps(np.where(done, start, -1)),
            "minutes": minutes,
            "reached": reached,
            "result": pl.Series([*RESULTS, None]).gather(told),
            "need_id": pl.Series([*NEEDS, None]).gather(np.where(wish, need, len(NEEDS))),
        }
    )


def _results(plan: _Plan, lots: Callable[[str], Stream]) -> np.ndarray:
    facts, size = mechanism("follow_ups"), len(plan.due)
    base, slope = facts["trouble"]
    trouble = lots("trouble").chance(chance_of(base + slope * plan.mood))
    other = lots("other").uniform(size)
    wish = other < facts["wish"]
    order = ~wish & (other < facts["wish"] + facts["order"])
    places = [RESULTS.index(name) for name in ("trouble", "wish", "order")]
    return np.select([trouble, wish, order], places, RESULTS.index("content"))


def _contacts(plan: _Plan, group: OrganisationBlock, lot: Stream) -> pl.Series:
    if not plan.organisation:
        return pl.Series([None] * len(plan.due), dtype=pl.String)
    role = np.array(_ROLES_CALLED)[lot.pick(mechanism("follow_ups")["roles"], len(plan.due))]
    number = group.contacts.holder(plan.who, role, plan.due)
    return contact_ids(group.number, plan.who, number)
