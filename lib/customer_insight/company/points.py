"""The points that people earn, are given, redeem and lose: the table ``points``."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids, order_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism

KINDS = ("redeem", "earn", "gift", "expire")
_GIFT, _ORDER, _YEAR_END = range(3)


@dataclass(frozen=True)
class _Events:
    """What moves points, arrays of shape (events,), sorted by person, then time.

    ``order`` is a place in the purchases, or -1; ``given`` the points given or earned; ``most`` the
    points that may be redeemed, 0 if none are.
    """

    person: np.ndarray
    day: np.ndarray
    what: np.ndarray
    order: np.ndarray
    given: np.ndarray
    most: np.ndarray


def point_table(block: PeopleBlock, born_on: pl.Series, draws: Draws) -> pl.DataFrame:
    """Return the ledger of a block of people's points.

    A day's gift is booked before the orders, redemption before what the order earns, and expiry at
    the end of 31 December. The oldest points are redeemed first.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    born_on : polars.Series of Date, shape (people,)
        Everybody's birthday; 29 February is kept on 1 March in other years.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a booking, sorted by day, then person, then as booked: ``customer_id``, ``day``,
        ``kind``, ``points`` (below 0 where redeemed or expired), ``balance`` after it, never below
        0, and ``order_id``, null where no order belongs to it.

    Raises
    ------
    ValueError
        If there are not as many birthdays as people.
    """
    if len(born_on) != len(block):
        raise ValueError(
            f"There are {len(born_on):,} birthdays for {len(block):,} people: points would go to "
            "others. Give one birthday for each, in the order of their ids."
        )
    events = _events(block, born_on, draws)
    redeemed, expired = _followed(events, len(block))
    points = np.stack(
        [
            -redeemed,
            np.where(events.what == _ORDER, events.given, 0),
            np.where(events.what == _GIFT, events.given, 0),
            -expired,
        ],
        axis=1,
    )
    event, kind = np.nonzero(points)
    points = points[event, kind]
    person, day = events.person[event], events.day[event]
    balance = _balances(person, points)
    order = np.lexsort((np.arange(len(event)), person, day))
    event, kind = event[order], kind[order]
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, person[order]),
            "day": (day[order] + calendar.FIRST_DAY).astype("datetime64[D]"),
            "kind": pl.Series(KINDS).gather(kind),
            "points": points[order],
            "balance": balance[order],
            "order_id": order_ids(block.number, events.order[event]),
        }
    )


def _balances(person: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the balance after each booking; bookings are sorted by person, then time."""
    total = np.cumsum(points)
    first = np.searchsorted(person, person, side="left")
    return total - (total - points)[first]


def _events(block: PeopleBlock, born_on: pl.Series, draws: Draws) -> _Events:
    bought = block.purchases
    orders = np.arange(len(bought.person))
    earned, most = _order_points(block, draws)
    welcome = np.arange(len(block))
    guest, birthday, gift = _birthdays(block, born_on)
    years = [calendar.year_bounds(year) for year in calendar.YEARS[:-1]]
    ends = np.array([end - 1 for _, end in years])
    person = np.concatenate([welcome, guest, bought.person, np.repeat(welcome, len(ends))])
    day = np.concatenate([block.habits.first, birthday, bought.day, np.tile(ends, len(block))])
    sizes = [len(block) + len(guest), len(orders), len(block) * len(ends)]
    what = np.repeat([_GIFT, _ORDER, _YEAR_END], sizes)
    none = [np.zeros(size, dtype=np.int64) for size in sizes]
    given = [np.full(len(block), mechanism("points")["welcome"]), gift, earned, none[2]]
    order = np.lexsort((what, day, person))
    return _Events(
        person=person[order],
        day=day[order],
        what=what[order],
        order=np.concatenate([none[0] - 1, orders, none[2] - 1])[order],
        given=np.concatenate(given)[order],
        most=np.concatenate([none[0], most, none[2]])[order],
    )


def _order_points(block: PeopleBlock, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return the points that each order earns, and at most redeems."""
    facts, bought, number = mechanism("points"), block.purchases, block.number
    running = np.append(0, np.cumsum(block.lines.amount))
    edges = np.searchsorted(block.lines.order, np.arange(len(bought.person) + 1))
    amount = np.diff(running[edges])
    factor = _by_level(facts["per_yuan"])[_levels(block, bought.person, bought.day)]
    segment = block.habits.segment
    never = np.array([facts["never_redeems"][name] for name in SEGMENTS])[segment]
    ever = ~draws.of("points", "never", number).chance(never)
    chance = np.array([facts["redeems"][name] for name in SEGMENTS])[segment]
    wants = draws.of("points", "redeems", number).chance((chance * ever)[bought.person])
    most = amount * facts["most"] // 1000 // facts["step"] * facts["step"]
    return amount * factor // 100_000, np.where(wants, most, 0)


def _birthdays(block: PeopleBlock, born_on: pl.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who is given points for a birthday after sign-up, on which day, and how many."""
    gift = _by_level(mechanism("points")["birthday"])
    months = born_on.dt.month().to_numpy().astype(np.int64) - 1
    in_month = born_on.dt.day().to_numpy().astype(np.int64) - 1
    parts = []
    for year in calendar.YEARS[:-1]:
        month = ((year - 1970) * 12 + months).astype("datetime64[M]")
        day = month.astype("datetime64[D]").astype(np.int64) + in_month - calendar.FIRST_DAY
        who = np.flatnonzero(day > block.habits.first)
        parts.append((who, day[who], gift[_levels(block, who, day[who])]))
    who, day, points = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return who, day, points


def _levels(block: PeopleBlock, person: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return the level that somebody has on a day."""
    starts = [calendar.year_bounds(year)[0] for year in calendar.YEARS]
    return block.levels[person, np.searchsorted(starts, day, side="right") - 1]


def _by_level(values: dict) -> np.ndarray:
    return np.array([values[name] for name in mechanism("levels")["names"]])


def _followed(events: _Events, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the points that each event redeems, and that it lets expire.

    Everybody's first event is followed at once, then everybody's second, and so on.
    """
    facts = mechanism("points")
    first = np.searchsorted(events.person, np.arange(people))
    count = np.diff(np.append(first, len(events.person)))
    old, new = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
    redeemed = np.zeros(len(events.person), dtype=np.int64)
    expired = np.zeros(len(events.person), dtype=np.int64)
    who = np.arange(people)
    for turn in range(int(count.max(initial=0))):
        who = who[count[who] > turn]
        at = first[who] + turn
        held = old[who] + new[who]
        most = np.minimum(events.most[at], held // facts["step"] * facts["step"])
        redeemed[at] = np.where(held >= facts["least"], most, 0)
        from_old = np.minimum(old[who], redeemed[at])
        old[who] -= from_old
        new[who] += events.given[at] - (redeemed[at] - from_old)
        ends = who[events.what[at] == _YEAR_END]
        expired[first[ends] + turn] = old[ends]
        old[ends], new[ends] = new[ends], 0
    return redeemed, expired
