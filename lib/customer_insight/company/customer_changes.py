"""Changes of customers' facts, and when the company learnt of them: ``customer_changes``."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import NEVER
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.company.web_errors import error_rows
from customer_insight.company.web_events import timestamps
from customer_insight.company.web_visits import DAY_SECONDS
from customer_insight.data.mechanisms import mechanism

TABLE = "customer_changes"
ATTRIBUTES = ("city_id", "phone", "email")
TRIGGERS = ("purchase", "complaint", "scheduled", "lost_contact")


@dataclass(frozen=True)
class Changes:
    """At most one change of each attribute of each person.

    Attributes
    ----------
    day, recorded : numpy.ndarray of int, shape (people, attributes)
        When it happened, and when the company wrote it down (day, from its first); `NEVER` where
        nothing changed.
    trigger : numpy.ndarray of int, shape (people, attributes)
        What brought it to light, a place in `TRIGGERS`.
    old : dict of str to polars.Series
        Everybody's value of each attribute before a change.
    """

    day: np.ndarray
    recorded: np.ndarray
    trigger: np.ndarray
    old: dict[str, pl.Series]

    def value_at(self, attribute: str, now: pl.Series, person: np.ndarray, day: np.ndarray):
        """Return the attribute of some people as it was on some days.

        Parameters
        ----------
        attribute : str
            One of `ATTRIBUTES`.
        now : polars.Series, shape (people,)
            Everybody's value at the end of the data.
        person, day : numpy.ndarray of int, shape (n,)
            Places in the block, and days counted from the company's first.

        Returns
        -------
        polars.Series, shape (n,)
        """
        before = day < self.day[person, ATTRIBUTES.index(attribute)]
        before &= self.day[person, ATTRIBUTES.index(attribute)] < NEVER
        then = pl.when(pl.Series(before)).then(self.old[attribute].gather(person))
        return pl.select(then.otherwise(now.gather(person))).to_series()


def draw_changes(
    block: PeopleBlock, customers: pl.DataFrame, places: Places, draws: Draws
) -> Changes:
    """Return what changed in customers' facts before the values of the table ``customers``.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    customers : polars.DataFrame
        The table ``customers`` of the same people.
    places : Places
        Cities; somebody moves within a tier, and only before the first order in a shop.
    draws : Draws
        Of the company.

    Returns
    -------
    Changes
        Only such as the company learns of within the data.
    """
    facts, own, size = mechanism(TABLE), draws.within(block.number), len(block)
    start = block.habits.first + facts["settles"]
    left = np.maximum(calendar.DAYS - start, 1)
    chance = np.array([facts["chance"][name] for name in ATTRIBUTES])
    changes = own.of(TABLE, "changes").chance(np.broadcast_to(chance, (size, len(ATTRIBUTES))))
    lot = own.of(TABLE, "day").uniform((size, len(ATTRIBUTES)))
    day = start[:, None] + np.floor(lot * left[:, None]).astype(np.int64)
    changes &= (start < calendar.DAYS)[:, None]
    changes[:, 0] &= day[:, 0] <= _first_in_shop(block)
    day = np.where(changes, day, NEVER)
    trigger, recorded = _learnt(block, day, own)
    known = recorded < calendar.DAYS
    old = {
        "city_id": _old_cities(block, places, own),
        "phone": _old_phones(block, own),
        "email": customers["email"].str.replace("@example.com", "@example.net", literal=True),
    }
    return Changes(np.where(known, day, NEVER), np.where(known, recorded, NEVER), trigger, old)


def change_tables(
    block: PeopleBlock, customers: pl.DataFrame, changes: Changes, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the table ``customer_changes`` and the errors planted in it.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    customers : polars.DataFrame
        The table ``customers`` of the same people.
    changes : Changes
        Of the same people.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``customer_changes``, one row a change in the order of recording, and ``truth_errors``.
    """
    facts, own, number = mechanism(TABLE), draws.within(block.number), block.number
    person, attribute = np.nonzero(changes.day < NEVER)
    recorded = changes.recorded[person, attribute]
    second = recorded * DAY_SECONDS + own.of(TABLE, "second").whole(
        9 * 3600, 22 * 3600, len(person)
    )
    sort = np.lexsort((attribute, person, second))
    person, attribute, recorded, second = (
        part[sort] for part in (person, attribute, recorded, second)
    )
    day = changes.day[person, attribute]
    wrong = own.of(TABLE, "wrong_day").chance(facts["wrong_day"], size=len(day)) & (day < recorded)
    ids = block_ids("CH", number, np.arange(len(day)))
    table = pl.DataFrame(
        {
            "change_id": ids,
            "customer_id": customer_ids(number, person),
            "trigger": pl.Series(TRIGGERS).gather(changes.trigger[person, attribute]),
            "valid_from": _dates(np.where(wrong, recorded, day)),
            "recorded_at": timestamps(second),
            "attribute": pl.Series(ATTRIBUTES).gather(attribute),
            "old_value": _values(changes.old, person, attribute),
            "new_value": _values(customers.select(ATTRIBUTES).to_dict(), person, attribute),
        }
    )
    at = np.flatnonzero(wrong)
    right = _dates(day[at]).dt.to_string("%Y-%m-%d")
    errors = error_rows(TABLE, ids.gather(at), "valid_from", "day_of_recording", right)
    return {TABLE: table, "truth_errors": errors}


def _learnt(block: PeopleBlock, day: np.ndarray, own: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return what first brings each change to light, and on which day."""
    facts, bought, size = mechanism(TABLE), block.purchases, len(block)
    orders, attributes = len(bought.person), len(ATTRIBUTES)
    told = own.of(TABLE, "order").uniform((orders, attributes))
    told = told < np.array([facts["tells_at_order"][name] for name in ATTRIBUTES])
    hurt = bought.outcomes.hurts.any(axis=1)[:, None]
    said = hurt & (
        own.of(TABLE, "complaint").uniform((orders, attributes)) < facts["tells_in_complaint"]
    )
    called = bought.day + own.of(TABLE, "called").whole(*facts["called_after"], orders)
    first = np.full((len(TRIGGERS), size, attributes), NEVER)
    for place, (tells, when) in enumerate(((told, bought.day), (said, called))):
        order, attribute = np.nonzero(tells & (when[:, None] > day[bought.person]))
        np.minimum.at(first[place], (bought.person[order], attribute), when[order])
    for year in calendar.YEARS[1:-1]:
        review = calendar.year_bounds(year)[0] + facts["review"]
        tells = own.of(TABLE, "review", year).chance(facts["tells_in_review"], size=day.shape)
        first[2] = np.minimum(first[2], np.where(tells & (day < review), review, NEVER))
    wait = own.of(TABLE, "message").geometric(np.full(day.shape, facts["message_returns"]))
    first[3] = np.minimum(day + 1 + wait, NEVER)
    return np.argmin(first, axis=0), np.min(first, axis=0)


def _first_in_shop(block: PeopleBlock) -> np.ndarray:
    bought, first = block.purchases, np.full(len(block), NEVER)
    shop = bought.shop >= 0
    np.minimum.at(first, bought.person[shop], bought.day[shop])
    return first


def _old_cities(block: PeopleBlock, places: Places, own: Draws) -> pl.Series:
    """Return another city of the same tier for everybody."""
    tier, cities = places.tier, np.arange(len(places.tier))
    other = (tier[:, None] == tier) & (cities[:, None] != cities)
    drawn = own.of(TABLE, "city").pick_by_row(row_edges(other * places.weight), block.city)
    return places.cities["city_id"].gather(drawn)


def _old_phones(block: PeopleBlock, own: Draws) -> pl.Series:
    """Return eleven digits that begin with 0005, which no customer has now."""
    number = block.number * 10_000 + own.of(TABLE, "phone").order(len(block))
    return pl.select(pl.lit("0005") + pl.Series(number).cast(pl.String).str.zfill(7)).to_series()


def _dates(day: np.ndarray) -> pl.Series:
    return pl.Series((day + calendar.FIRST_DAY).astype("datetime64[D]"))


def _values(columns: dict[str, pl.Series], person: np.ndarray, attribute: np.ndarray) -> pl.Series:
    """Return each person's value of the attribute."""
    every = pl.concat([columns[name].alias("value") for name in ATTRIBUTES])
    return every.gather(attribute * len(columns["phone"]) + person)
