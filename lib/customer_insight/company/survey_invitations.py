"""Whom surveys ask, and who answers: the happy and those who care, more often."""

import functools
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws, Stream, row_edges
from customer_insight.company.feelings import Feelings
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.survey_waves import MARKET, STRATA, Wave, stratum, waves
from customer_insight.data.mechanisms import mechanism

CHANNELS = ("app", "email", "phone", "street")
_YEAR = 365


@dataclass(frozen=True)
class Asked:
    """Who was asked, once a row, arrays of shape (asked,) where not said otherwise.

    Attributes
    ----------
    block, wave, person : int
        Number of the block, place among the waves, place in the block.
    stratum, channel : int
        Places in `STRATA` and `CHANNELS`.
    invited, reminders, answered : int
        Day of the invitation counted from the company's first, reminders sent, and day of the
        answer, -1 where none came.
    chance : float
        Of an answer before the survey closes.
    mood : float
        On the day the wave opened.
    hurt : bool, shape (asked, 4)
        Which kinds of pain were felt in the year before.
    bought : bool, shape (asked, 2)
        Whether tea and gear had been bought by then.
    """

    block: int
    wave: np.ndarray
    person: np.ndarray
    stratum: np.ndarray
    channel: np.ndarray
    invited: np.ndarray
    reminders: np.ndarray
    answered: np.ndarray
    chance: np.ndarray
    mood: np.ndarray
    hurt: np.ndarray
    bought: np.ndarray

    def __len__(self) -> int:
        return len(self.wave)

    @functools.cached_property
    def ids(self) -> pl.Series:
        """The ids of the invitations."""
        return block_ids("Q", self.block, np.arange(len(self)))

    @property
    def tone(self) -> np.ndarray:
        """The mood as it is told: kinder on the phone."""
        phone = self.channel == CHANNELS.index("phone")
        return self.mood + phone * mechanism("survey_answering")["phone_tone"]

    def who(self, kind: str) -> np.ndarray:
        """Return the places of those who answered a kind of survey."""
        return np.flatnonzero(np.isin(self.wave, places_of(kind)) & (self.answered >= 0))


def places_of(kind: str) -> list[int]:
    """Return the places of a kind's waves."""
    return [wave.place for wave in waves() if wave.kind == kind]


def ask_customers(
    block: PeopleBlock, feelings: Feelings, customers: pl.DataFrame, goods: Goods, draws: Draws
) -> Asked:
    """Return who of a block was asked in each wave, and who answered.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    feelings : Feelings
        Of the block.
    customers : polars.DataFrame
        The block's part of the table ``customers``.
    goods : Goods
        What can be bought.
    draws : Draws
        Of the company.

    Returns
    -------
    Asked
        In the order of the waves, then of the people.
    """
    own = draws.within(block.number)
    parts = [
        _ask(wave, block, feelings, customers, goods=goods, draws=own.within(wave.place))
        for wave in waves()
        if wave.kind != MARKET
    ]
    stacked = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Asked(block.number, **stacked)


def strata_of(block: PeopleBlock, customers: pl.DataFrame, day: int) -> np.ndarray:
    """Return everybody's place in `STRATA` by their age on a day, shape (people,)."""
    year = calendar.dates()[day].year
    age = year - customers["born_on"].dt.year().to_numpy()
    return stratum(block.habits.tier, age, (customers["sex"] == "m").to_numpy())


def population(block: PeopleBlock, wave: Wave) -> np.ndarray:
    """Return who may be asked: who ordered in the year before (on the web, for its usability)."""
    bought = block.purchases
    within = (bought.day < wave.opened) & (bought.day >= wave.opened - _YEAR)
    if wave.kind == "sus":
        within &= bought.outcomes.web
    return np.bincount(bought.person[within], minlength=len(block)) > 0


def invitation_table(asked: Asked) -> pl.DataFrame:
    """Return the rows of ``survey_invitations`` for customers.

    Parameters
    ----------
    asked : Asked
        As `ask_customers` gives it.

    Returns
    -------
    polars.DataFrame
        ``invitation_id``, ``survey_id``, ``customer_id``, ``stratum``, ``channel``, ``invited_on``,
        ``reminders``, ``answered_on``.
    """
    return pl.DataFrame(
        {
            "invitation_id": asked.ids,
            "survey_id": pl.Series([wave.survey_id for wave in waves()]).gather(asked.wave),
            "customer_id": customer_ids(asked.block, asked.person),
            "stratum": pl.Series(STRATA).gather(asked.stratum),
            "channel": pl.Series(CHANNELS).gather(asked.channel),
            "invited_on": dates(asked.invited),
            "reminders": asked.reminders,
            "answered_on": dates(asked.answered),
        }
    )


def dates(day: np.ndarray) -> pl.Series:
    """Return days counted from the company's first as dates, null where they are negative."""
    date = pl.Series("day", day + calendar.FIRST_DAY).cast(pl.Int32).cast(pl.Date)
    return pl.select(pl.when(pl.Series(day >= 0)).then(date)).to_series()


def draw_answers(
    odds: np.ndarray, invited: np.ndarray, closed: int, lots: Stream
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return reminders, day of the answer and the chance of one, for log odds a contact.

    Parameters
    ----------
    odds : numpy.ndarray of float, shape (n,)
        Log odds of an answer to one contact.
    invited : numpy.ndarray of int, shape (n,)
        Day of the first contact.
    closed : int
        Last day of the wave.
    lots : Stream
        Of the wave.

    Returns
    -------
    reminders, answered : numpy.ndarray of int, shape (n,)
        ``answered`` is -1 where no answer came.
    chance : numpy.ndarray of float, shape (n,)
        Of an answer to any contact.
    """
    facts = mechanism("survey_answering")
    most, apart = facts["reminders"]
    once = 1 / (1 + exp(-odds))
    fails = lots.geometric(once)
    wait = lots.geometric(np.full(len(odds), facts["wait"]))
    reminders = np.minimum(fails, most)
    day = np.minimum(invited + apart * reminders + np.minimum(wait, apart - 1), closed)
    missed = np.ones(len(odds))
    for _ in range(most + 1):
        missed = missed * (1 - once)
    return reminders, np.where(fails <= most, day, -1), 1 - missed


def _ask(
    wave: Wave,
    block: PeopleBlock,
    feelings: Feelings,
    customers: pl.DataFrame,
    *,
    goods: Goods,
    draws: Draws,
) -> dict[str, np.ndarray]:
    factor = np.array(mechanism("survey_waves")["by_tier"].get(wave.kind, [1.0] * 4))
    share = np.minimum(wave.share / 1000 * factor[block.habits.tier], 1.0)
    lot = draws.of("survey_invitations", "asked").chance(share)
    person = np.flatnonzero(lot & population(block, wave))
    app = customers["app_user"].to_numpy()[person]
    channel = _channels(app, draws)
    mood = feelings.mood_at(block, wave.opened - 1)[person]
    first = mechanism("survey_answering")["first_days"]
    invited = wave.opened + draws.of("survey_invitations", "day").whole(0, first, len(person))
    odds = _odds(wave.kind, channel, mood, feelings.care[person])
    answer = draws.of("survey_invitations", "answer")
    reminders, answered, chance = draw_answers(odds, invited, wave.closed, answer)
    hurt, bought = _lived_through(block, goods, wave.opened)
    return {
        "wave": np.full(len(person), wave.place),
        "person": person,
        "stratum": strata_of(block, customers, wave.opened)[person],
        "channel": channel,
        "invited": invited,
        "reminders": reminders,
        "answered": answered,
        "chance": chance,
        "mood": mood,
        "hurt": hurt[person],
        "bought": bought[person],
    }


def _channels(app: np.ndarray, draws: Draws) -> np.ndarray:
    weights = mechanism("survey_answering")["channels"]
    edges = row_edges([weights["others"], weights["app"]])
    return draws.of("survey_invitations", "channel").pick_by_row(edges, app.astype(np.int64))


def _odds(kind: str, channel: np.ndarray, mood: np.ndarray, care: np.ndarray) -> np.ndarray:
    facts = mechanism("survey_answering")
    base = np.array([facts["base"][name] for name in CHANNELS[:3]])[channel]
    cares = facts["care"] * (care - facts["usual_care"])
    return base + facts["longer"][kind] + facts["mood"] * mood + cares


def _lived_through(block: PeopleBlock, goods: Goods, day: int) -> tuple[np.ndarray, np.ndarray]:
    """Return kinds of pain in the year before a day, and families of goods bought before it."""
    bought, size = block.purchases, len(block)
    within = (bought.day < day) & (bought.day >= day - _YEAR)
    hurts = bought.outcomes.hurts[within]
    who = bought.person[within]
    hurt = [np.bincount(who[kind], minlength=size) > 0 for kind in hurts.T]
    line = (bought.day < day)[block.lines.order]
    buyer = bought.person[block.lines.order[line]]
    family = goods.family[block.lines.product[line]]
    had = [np.bincount(buyer[family == place], minlength=size) > 0 for place in range(2)]
    return np.column_stack(hurt), np.column_stack(had)
