"""Which organisations there are: kind, industry, size, place and how they were found."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.content import content
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.places import Places
from customer_insight.data.mechanisms import mechanism

ORGANISATIONS = 400
KINDS = tuple(content("organisation_kinds")["kind"])
SIZE_BANDS = tuple(mechanism("organisations")["size_bands"])
_DIGITS = 6


@dataclass(frozen=True)
class Organisations:
    """One block of organisations, arrays of shape (organisations,), in the order of opening.

    Attributes
    ----------
    kind, band, city : int
        Places in `KINDS`, in `SIZE_BANDS` and among the cities.
    employees : int
        Never below the first size band.
    since : int
        Day on which the account was opened, counted from the company's first.
    stem, ending : int
        Places in the table ``organisation_names`` of the words of the name.
    lead_source, beneficiary : str
        How it was found, and for whom the goods mostly are.
    """

    kind: np.ndarray
    band: np.ndarray
    city: np.ndarray
    employees: np.ndarray
    since: np.ndarray
    stem: np.ndarray
    ending: np.ndarray
    lead_source: np.ndarray
    beneficiary: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def relative_size(self) -> np.ndarray:
        """Employees relative to the median of the kind, shape (organisations,)."""
        return self.employees / by_kind(mechanism("organisations")["employees"])[self.kind]


def draw_organisations(size: int, places: Places, draws: Draws) -> Organisations:
    """Return a block of organisations.

    Parameters
    ----------
    size : int
        Organisations in it, from 0 to `ORGANISATIONS`.
    places : Places
        Cities.
    draws : Draws
        Of the block.

    Returns
    -------
    Organisations
    """
    facts, kinds = mechanism("organisations"), content("organisation_kinds")
    kind = draws.of("organisations", "kind").pick(kinds["weight"].to_numpy(), size)
    spread = facts["employees_spread"] * draws.of("organisations", "employees").normal(size)
    exact = by_kind(facts["employees"])[kind] * exp(spread)
    edges = list(facts["size_bands"].values())
    employees = np.clip(np.rint(exact), edges[0], facts["most_employees"]).astype(np.int64)
    stem, ending = _name_words(kind, draws)
    return Organisations(
        kind=kind,
        band=np.searchsorted(edges, employees, side="right") - 1,
        city=draws.of("organisations", "city").pick(places.weight, size),
        employees=employees,
        since=_opened(size, draws),
        stem=stem,
        ending=ending,
        lead_source=_named(facts["lead_sources"], kind, "lead_source", draws),
        beneficiary=_named(facts["beneficiaries"], kind, "beneficiary", draws),
    )


def check_block(number: int, size: int) -> None:
    """Refuse a block whose organisations would have no ids or those of others.

    Parameters
    ----------
    number, size : int
        Of the block, and of the organisations in it.

    Raises
    ------
    ValueError
        If the number is not below 2,500 or the size not from 0 to `ORGANISATIONS`.
    """
    blocks = 10**_DIGITS // ORGANISATIONS
    if not 0 <= number < blocks:
        raise ValueError(
            f"Block {number} has no ids: blocks go from 0 to {blocks - 1:,}. Draw fewer "
            "organisations."
        )
    if not 0 <= size <= ORGANISATIONS:
        raise ValueError(
            f"A block of {size} organisations cannot be drawn: it holds 0 to {ORGANISATIONS}, and "
            "the ids of others follow. Draw more blocks."
        )


def organisation_ids(block: int, places: np.ndarray) -> pl.Series:
    """Return the ids of organisations: "G" and six digits, the number among all organisations.

    Parameters
    ----------
    block : int
        Number of the block.
    places : numpy.ndarray of int, shape (n,)
        Places within the block.

    Returns
    -------
    polars.Series of String, shape (n,)

    Examples
    --------
    >>> organisation_ids(1, np.array([0, 42])).to_list()
    ['G000400', 'G000442']
    """
    number = pl.Series("customer_id", block * ORGANISATIONS + np.asarray(places, dtype=np.int64))
    return pl.select(pl.lit("G") + number.cast(pl.String).str.zfill(_DIGITS)).to_series()


def organisation_table(organisations: Organisations, number: int, places: Places) -> pl.DataFrame:
    """Return who the organisations are, without their terms.

    Parameters
    ----------
    organisations : Organisations
        Of the block.
    number : int
        Of the block.
    places : Places
        Cities.

    Returns
    -------
    polars.DataFrame
        One row an organisation; columns as the catalogue states.
    """
    kinds = content("organisation_kinds")
    own_kind = {
        name: kinds[name].gather(organisations.kind)
        for name in ("kind", "section", "section_name", "section_name_zh")
    }
    return pl.DataFrame(
        {
            "customer_id": organisation_ids(number, np.arange(len(organisations))),
            **_names(organisations, places),
            **own_kind,
            "size_band": np.array(SIZE_BANDS)[organisations.band],
            "employees": organisations.employees,
            "city_id": places.cities["city_id"].gather(organisations.city),
            "since": dates(organisations.since),
            "lead_source": organisations.lead_source,
            "beneficiary": organisations.beneficiary,
        }
    )


def dates(day: np.ndarray) -> pl.Series:
    """Return days counted from the company's first as dates; days below 0 are missing."""
    days = pl.Series(day + calendar.FIRST_DAY).cast(pl.Int32).cast(pl.Date)
    return pl.select(pl.when(pl.Series(day >= 0)).then(days)).to_series()


def by_kind(values: dict, other: float = 0.0) -> np.ndarray:
    """Return a parameter by kind, in the order of `KINDS`; `other` for kinds not named."""
    return np.array([values.get(name, other) for name in KINDS], dtype=float)


def by_band(values: dict) -> np.ndarray:
    """Return a parameter by size band, in the order of `SIZE_BANDS`."""
    return np.array([values[name] for name in SIZE_BANDS])


def weekday_factor() -> np.ndarray:
    """Return how busy each day is for its weekday, in thousandths, shape (days,)."""
    facts = mechanism("organisations")["weekdays"]
    return np.array([facts[date.weekday()] for date in calendar.dates()])


def _opened(size: int, draws: Draws) -> np.ndarray:
    growth = mechanism("organisations")["growth"]
    weight = weekday_factor() * np.array([growth.get(date.year, 0) for date in calendar.dates()])
    return np.sort(draws.of("organisations", "since").pick(weight, size))


def _named(weights: dict, kind: np.ndarray, what: str, draws: Draws) -> np.ndarray:
    """Return one name for each organisation, by the weights of its kind."""
    names = list(dict.fromkeys(name for row in weights.values() for name in row))
    edges = row_edges([[weights[name].get(column, 0) for column in names] for name in KINDS])
    return np.array(names)[draws.of("organisations", what).pick_by_row(edges, kind)]


def _name_words(kind: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    words = content("organisation_names")
    weight, stems = words["weight"].to_numpy(), (words["part"] == "stem").to_numpy()
    fits = np.array([(words["kind"] == name).fill_null(False).to_numpy() for name in KINDS])
    stem = draws.of("organisations", "stem").pick(weight * stems, len(kind))
    edges = row_edges(weight * fits)
    return stem, draws.of("organisations", "ending").pick_by_row(edges, kind)


def _names(organisations: Organisations, places: Places) -> dict[str, pl.Series]:
    words = content("organisation_names")
    return {
        column: pl.select(
            pl.concat_str(
                places.cities[column].gather(organisations.city),
                words[column].gather(organisations.stem),
                words[column].gather(organisations.ending),
                separator=between,
            )
        ).to_series()
        for column, between in (("name", " "), ("name_zh", ""))
    }
