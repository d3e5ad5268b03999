"""What people allow the company to do with their data, by purpose: the table ``consents``."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.habits import NEVER
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism

PURPOSES = tuple(mechanism("consents")["granted"])
CHANNELS = ("sign_up", "app", "shop", "phone", "message")
_TIME = "%Y-%m-%d %H:%M:%S"
ERROR_COLUMNS = ("table_name", "row_key", "column_name", "kind", "true_value")


@dataclass(frozen=True)
class Consents:
    """The consents of a block, arrays of shape (purposes, people), in the order of `PURPOSES`.

    Attributes
    ----------
    asked : numpy.ndarray of int
        Day of the first answer, `NEVER` if never asked.
    yes : numpy.ndarray of bool
        Whether that answer was yes.
    granted, withdrawn : numpy.ndarray of int
        Days from which consent holds, and no longer holds, as recorded; `NEVER` if they never come.
    late : numpy.ndarray of int
        Days by which a withdrawal was recorded late.
    opted_out : numpy.ndarray of bool
        Withdrawn by answering a message.
    """

    asked: np.ndarray
    yes: np.ndarray
    granted: np.ndarray
    withdrawn: np.ndarray
    late: np.ndarray
    opted_out: np.ndarray

    def held(self, purpose: str, day: int | np.ndarray) -> np.ndarray:
        """Return who had granted a purpose at the end of a day, by the records, shape (people,)."""
        row = PURPOSES.index(purpose)
        return (self.granted[row] <= day) & (day < self.withdrawn[row])

    def without(self, purpose: str, day: np.ndarray) -> "Consents":
        """Return the consents after people opted out on a day (`NEVER`: did not)."""
        row = PURPOSES.index(purpose)
        withdrawn, late, opted_out = self.withdrawn.copy(), self.late.copy(), self.opted_out.copy()
        first = day < withdrawn[row]
        withdrawn[row] = np.where(first, day, withdrawn[row])
        late[row] = np.where(first, 0, late[row])
        opted_out[row] |= first
        return dataclasses.replace(self, withdrawn=withdrawn, late=late, opted_out=opted_out)


def draw_consents(
    block: PeopleBlock, feelings: Feelings, newsletter: np.ndarray, draws: Draws
) -> Consents:
    """Return what everybody granted and withdrew, before any campaign.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    feelings : Feelings
        Who cares grants more, the discontented withdraw sooner.
    newsletter : numpy.ndarray of bool, shape (people,)
        Who ticked the newsletter at sign-up.
    draws : Draws
        Of the company.

    Returns
    -------
    Consents
    """
    facts, own = mechanism("consents"), draws.within(block.number)
    size = (len(PURPOSES), len(block))
    second = _day(facts["second_from"])
    first = block.habits.first
    early = first < second
    bundled = np.array([purpose in facts["bundled"] for purpose in PURPOSES])[:, None]
    ticked = bundled & (early & newsletter)
    asked = np.where(ticked | ~early, first, _next_order(block, second))
    low, step = facts["by_care"]
    mean = np.array([facts["granted"][purpose] for purpose in PURPOSES])[:, None]
    yes = own.of("consents", "yes").chance(np.minimum(mean * (low + step * feelings.care), 1.0))
    yes[PURPOSES.index("marketing")] = np.where(early, yes[PURPOSES.index("marketing")], newsletter)
    yes = (yes | ticked) & (asked < NEVER)
    granted = np.where(yes, asked, NEVER)
    row = PURPOSES.index("marketing")
    granted[row] = np.minimum(granted[row], _granted_again(block, asked[row], yes[row], own))
    withdrawn = _withdrawals(granted, feelings, own)
    delayed = own.of("consents", "late").chance(facts["recorded_late"], size=size)
    days = own.of("consents", "late_days").whole(*facts["late_days"], size)
    late = np.where(delayed & (withdrawn < NEVER), days, 0)
    return Consents(asked, yes, granted, withdrawn + late, late, np.zeros(size, dtype=bool))


def consent_table(
    block: PeopleBlock, consents: Consents, app_user: np.ndarray, draws: Draws
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the table ``consents`` and the errors planted in it.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    consents : Consents
        After all campaigns.
    app_user : numpy.ndarray of bool, shape (people,)
        Who has the app.
    draws : Draws
        Of the company.

    Returns
    -------
    table : polars.DataFrame
        One row a change, sorted by time, customer and purpose: ``customer_id``, ``purpose``,
        ``changed_at``, ``granted``, ``channel``, ``text_version``.
    errors : polars.DataFrame
        Columns `ERROR_COLUMNS`: withdrawals recorded late with the true time, rows that stand
        twice.
    """
    changes = _changes(block, consents, app_user, draws.within(block.number))
    own = draws.within(block.number).of("consents", "twice")
    twice = own.chance(mechanism("consents")["twice"], size=changes.height)
    errors = pl.concat(
        [
            changes.filter(pl.col("late") > 0).select(
                *_key("changed_at", "recorded_late"),
                true_value=(pl.col("changed_at") - pl.duration(days="late")).dt.strftime(_TIME),
            ),
            changes.filter(pl.Series(twice)).select(
                *_key("changed_at", "duplicate"), true_value=pl.lit(None, dtype=pl.String)
            ),
        ]
    )
    copies = np.repeat(np.arange(changes.height), 1 + twice)
    return changes.drop("late")[copies], errors


def planted(table: str, column: str, kind: str, key: pl.Expr, true_value: pl.Expr) -> list[pl.Expr]:
    """Return the columns `ERROR_COLUMNS` of errors of one kind in one column of a table."""
    return [
        pl.lit(table).alias("table_name"),
        key.alias("row_key"),
        pl.lit(column).alias("column_name"),
        pl.lit(kind).alias("kind"),
        true_value.alias("true_value"),
    ]


def _key(column: str, kind: str) -> list[pl.Expr]:
    stamp = pl.col("changed_at").dt.strftime(_TIME)
    key = pl.concat_str("customer_id", "purpose", stamp, separator="/")
    return planted("consents", column, kind, key, pl.lit(None))[:-1]


def _changes(
    block: PeopleBlock, consents: Consents, app_user: np.ndarray, draws: Draws
) -> pl.DataFrame:
    """Return all recorded changes within the three years, with the days of delay."""
    facts = mechanism("consents")
    again = np.where(consents.yes, NEVER, consents.granted)
    at_sign_up = consents.asked == block.habits.first
    parts = []
    for what, day, granted in (
        ("asked", consents.asked, consents.yes),
        ("again", again, np.ones_like(consents.yes)),
        ("withdrawn", consents.withdrawn, np.zeros_like(consents.yes)),
    ):
        minute = draws.of("consents", f"minute_{what}").whole(*facts["answered_at"], len(block))
        phone = draws.of("consents", f"phone_{what}").chance(facts["by_phone"], size=len(block))
        purpose, person = np.nonzero(day < calendar.DAYS)
        usual = np.where(app_user, 1, np.where(phone & (what == "withdrawn"), 3, 2))[person]
        channel = np.where((what == "asked") & at_sign_up[purpose, person], 0, usual)
        if what == "withdrawn":
            channel = np.where(consents.opted_out[purpose, person], 4, channel)
        since = day if what == "asked" else consents.granted
        parts.append(
            pl.DataFrame(
                {
                    "customer_id": customer_ids(block.number, person),
                    "purpose": pl.Series(PURPOSES).gather(purpose),
                    "changed_at": times(day[purpose, person] * 1440 + minute[person]),
                    "granted": granted[purpose, person],
                    "channel": pl.Series(CHANNELS).gather(channel),
                    "text_version": _texts(since[purpose, person]),
                    "late": consents.late[purpose, person] * (what == "withdrawn"),
                }
            )
        )
    return pl.concat(parts).sort("changed_at", "customer_id", "purpose", "granted")


def times(minute: np.ndarray) -> pl.Series:
    """Return minutes counted from the company's first midnight as times; below 0 is missing."""
    micros = pl.Series((minute + calendar.FIRST_DAY * 1440) * 60_000_000)
    return pl.select(
        pl.when(pl.Series(minute >= 0)).then(micros.cast(pl.Datetime("us")))
    ).to_series()


def _texts(day: np.ndarray) -> pl.Series:
    facts = mechanism("consents")
    second = day >= _day(facts["second_from"])
    return pl.Series([facts["first_text"], facts["second_text"]]).gather(second.astype(np.int64))


def _next_order(block: PeopleBlock, day: int) -> np.ndarray:
    """Return everybody's first order on a day or after it, `NEVER` if none, shape (people,)."""
    bought, found = block.purchases, np.full(len(block), NEVER)
    after = bought.day >= day
    np.minimum.at(found, bought.person[after], bought.day[after])
    return found


def _granted_again(
    block: PeopleBlock, asked: np.ndarray, yes: np.ndarray, draws: Draws
) -> np.ndarray:
    """Return the order after a refusal at which messages are granted after all, or `NEVER`."""
    bought, found = block.purchases, np.full(len(block), NEVER)
    grants = draws.of("consents", "again").chance(
        mechanism("consents")["again"], size=len(bought.person)
    )
    grants &= ~yes[bought.person] & (bought.day > asked[bought.person])
    np.minimum.at(found, bought.person[grants], bought.day[grants])
    return found


def _withdrawals(granted: np.ndarray, feelings: Feelings, draws: Draws) -> np.ndarray:
    facts = mechanism("consents")
    rate = np.array([facts["withdrawn_a_year"][purpose] for purpose in PURPOSES])[:, None]
    often = exp(np.clip(-facts["by_temper"] * feelings.temper, -5.0, 5.0))
    wait = draws.of("consents", "withdrawn").geometric(np.minimum(rate / 365 * often, 0.5))
    day = np.where(granted < NEVER, granted + 1 + wait, NEVER)
    return np.where(day < calendar.DAYS, day, NEVER)


def _day(date: dt.date) -> int:
    return (date - calendar.EPOCH).days - calendar.FIRST_DAY
