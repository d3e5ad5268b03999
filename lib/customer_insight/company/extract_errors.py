"""What goes wrong when facts are typed into raw extracts: old facts, wrong keys, empty fields."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.customer_changes import Changes
from customer_insight.company.draws import Draws
from customer_insight.company.extract_entries import entry_count, lots_of
from customer_insight.company.extract_people import NOBODY
from customer_insight.company.places import Places
from customer_insight.company.web_visits import DAY_SECONDS
from customer_insight.data.mechanisms import mechanism

_PHONE_FIXED, _PHONE_DIGITS = 5, 11


@dataclass(frozen=True)
class Error:
    """Entries, in each of which one fact became another: the fact, the kind, and the new values."""

    fact: str
    kind: str
    wrong: pl.Series
    values: pl.Series

    def put_into(self, told: pl.DataFrame) -> pl.DataFrame:
        """Return the facts with the errors in them."""
        fact = pl.when(self.wrong).then(self.values).otherwise(pl.col(self.fact))
        return told.with_columns(fact.alias(self.fact))


def old_facts(
    entries: pl.DataFrame, customers: pl.DataFrame, changes: Changes, places: Places
) -> Iterator[Error]:
    """Yield the facts that have changed since they were told, and the phones of relatives.

    Parameters
    ----------
    entries : polars.DataFrame
        As `draw_entries` gives them.
    customers : polars.DataFrame
        The table ``customers`` of the block.
    changes : Changes
        Of the same people.
    places : Places
        Cities.

    Yields
    ------
    Error
        "outdated" and "family_phone".
    """
    customer = entries["customer"].to_numpy()
    day = entries["second"].to_numpy() // DAY_SECONDS
    known, whose = pl.Series(customer != NOBODY), np.maximum(customer, 0)
    ids = places.cities["city_id"]
    for fact, attribute in (("city", "city_id"), ("phone", "phone"), ("email", "email")):
        then = changes.value_at(attribute, customers[attribute], whose, day)
        if attribute == "city_id":
            then = then.replace_strict(ids, range(len(ids)), return_dtype=pl.Int64)
        yield Error(fact, "outdated", known & (then != entries[fact]), then)
    family = entries["family_phone"]
    yield Error("phone", "family_phone", family.is_not_null(), family.fill_null(""))


def typing_errors(extract: str, told: pl.DataFrame, own: Draws) -> Iterator[Error]:
    """Yield typing errors in names, phones, addresses, dates and amounts.

    Parameters
    ----------
    extract : str
        One of `EXTRACTS`.
    told : polars.DataFrame
        The facts as told, with the columns ``style_name`` and ``entry``.
    own : Draws
        Of the block.

    Yields
    ------
    Error
        "look_alike", "typing", "placeholder", "day_month", "in_fen" and "nominal_age".
    """
    facts = mechanism("extracts")

    def happens(what: str, share: float) -> pl.Series:
        drawn = lots_of(extract, what, own).chance(share, size=entry_count(told))
        return pl.Series(drawn).gather(told["entry"])

    slips = facts["typing"][extract]
    chinese = told["style_name"].is_in(["zh", "zh_spaced"])
    given = _look_alike(told["given_zh"])
    name = happens("name_error", slips)
    yield Error("given_zh", "look_alike", name & chinese & (given != told["given_zh"]), given)
    latin = told["style_name"].is_in(["given_first", "surname_first"])
    swapped = _swapped(told["given"], 1)
    yield Error("given", "typing", name & latin & (swapped != told["given"]), swapped)
    phone = _mistyped_phone(extract, told, own)
    yield Error("phone", "typing", happens("phone_error", slips) & (phone != told["phone"]), phone)
    mail = _swapped(told["email"], 2)
    yield Error("email", "typing", happens("email_error", slips) & (mail != told["email"]), mail)
    born = told["born_on"]
    if extract == "business":
        default = pl.Series([facts["placeholder_date"]]).new_from_index(0, len(told))
        wrong = happens("placeholder", facts["placeholder"]) & (born != default)
        yield Error("born_on", "placeholder", wrong, default)
        wrong = happens("in_fen", facts["in_fen"]) & (told["year_yuan"] > 0)
        yield Error("year_yuan", "in_fen", wrong, told["year_spend"])
    if extract == "web":
        exchanged = pl.select(
            pl.date(born.dt.year(), born.dt.day().clip(1, 12), born.dt.month())
        ).to_series()
        can = (born.dt.day() <= 12) & (born.dt.day() != born.dt.month())
        yield Error(
            "born_on", "day_month", happens("day_month", facts["day_month"]) & can, exchanged
        )
    if extract == "survey":
        counts = happens("nominal_age", facts["nominal_age"])
        counts &= told["age"] >= facts["nominal_age_from"]
        yield Error("age", "nominal_age", counts, told["age"] + 1)


def left_out(extract: str, told: pl.DataFrame, own: Draws) -> Iterator[Error]:
    """Yield the fields that stay empty: phone, address for mail, and the wage, the higher the more.

    Parameters, as of `typing_errors`.

    Yields
    ------
    Error
        "left_out".
    """
    facts, size = mechanism("extracts")["left_out"], entry_count(told)
    entry = told["entry"]
    for fact, share in (("phone", facts["phone"]), ("email", facts["mail"])):
        drawn = pl.Series(lots_of(extract, f"no_{fact}", own).chance(share, size=size))
        yield Error(
            fact, "left_out", drawn.gather(entry), pl.Series([None] * len(told), dtype=pl.String)
        )
    lot = lots_of(extract, "no_wage", own).uniform(size)[entry.to_numpy()]
    by_band = np.array(facts["income"])[told["band"].fill_null(0).to_numpy()]
    wrong = pl.Series(lot < by_band) & told["wage"].is_not_null()
    yield Error("wage", "left_out", wrong, pl.Series([None] * len(told), dtype=pl.Int64))


def _look_alike(given: pl.Series) -> pl.Series:
    """Return the given name with its last character, or else its first, taken for another one."""
    signs = mechanism("extracts")["look_alike"]
    one, other = list(signs[::2]), list(signs[1::2])
    pairs = dict(zip([*other, *one], [*one, *other], strict=True))
    last, first = given.str.slice(-1), given.str.slice(0, 1)
    known = list(pairs)
    at_end = pl.concat_str(
        given.str.head(-1), last.replace_strict(pairs, default="", return_dtype=pl.String)
    )
    at_start = pl.concat_str(
        first.replace_strict(pairs, default="", return_dtype=pl.String), given.str.slice(1)
    )
    either = (
        pl.when(last.is_in(known))
        .then(at_end)
        .when(first.is_in(known))
        .then(at_start)
        .otherwise(given)
    )
    return pl.select(either.alias(given.name)).to_series()


def _swapped(text: pl.Series, place: int) -> pl.Series:
    """Return texts with the letters at this place and the one after it exchanged."""
    start, one = text.str.slice(0, place), text.str.slice(place, 1)
    other, rest = text.str.slice(place + 1, 1), text.str.slice(place + 2)
    return pl.select(pl.concat_str(start, other, one, rest).alias(text.name)).to_series()


def _mistyped_phone(extract: str, told: pl.DataFrame, own: Draws) -> pl.Series:
    """Return phones with two digits exchanged, one left out, or one typed twice."""
    size, entry = entry_count(told), told["entry"]
    at = lots_of(extract, "digit", own).whole(_PHONE_FIXED, _PHONE_DIGITS - 1, size)
    how = pl.Series(lots_of(extract, "digit_how", own).whole(0, 3, size)).gather(entry)
    place = pl.Series(at).gather(entry)
    phone = told["phone"]

    def digits(start: pl.Series | int, length: pl.Series | int | None = None) -> pl.Expr:
        return pl.lit(phone).str.slice(pl.lit(start), length)

    head, one, other = digits(0, place), digits(place, 1), digits(place + 1, 1)
    tail = digits(place + 2)
    return pl.select(
        pl.when(how == 0)
        .then(pl.concat_str(head, other, one, tail))
        .when(how == 1)
        .then(pl.concat_str(head, other, tail))
        .otherwise(pl.concat_str(head, one, one, other, tail))
    ).to_series()
