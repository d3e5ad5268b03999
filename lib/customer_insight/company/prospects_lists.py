"""Registers, directories and bought lists: the table ``list_entries``."""

import datetime as dt

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.ids import block_ids
from customer_insight.company.organisations import dates
from customer_insight.data.mechanisms import mechanism

KINDS = tuple(mechanism("list_entries")["names"])
NO_BASIS = "none"
_FACTS = ("name", "name_zh", "kind", "employees", "city_id", "decider_known")


def list_tables(number: int, prospects: pl.DataFrame, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return the lists with the prospects found there, and those prospects' entries and basis.

    Parameters
    ----------
    number : int
        Of the block.
    prospects : polars.DataFrame
        The block's prospects by the day on which they were found.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``list_entries``: ``entry_id``, ``list_name``, ``list_kind``, ``name``, ``name_zh``,
        ``kind`` (null: a person), ``employees``, ``city_id``, ``phone``, ``email``,
        ``decider_known``, ``lawful_basis`` (null: none on record), ``obtained_on``; ``prospects``
        with ``entry_id`` and ``lawful_basis``; ``truth_errors`` with the entries that stand twice.
    """
    facts = mechanism("list_entries")
    at = prospects["lead_source"].is_in(list(facts["kinds"])).to_numpy()
    at = np.flatnonzero(at & (prospects["side"] == "organisation").to_numpy())
    used = _used(prospects[at], draws)
    unused = _unused(prospects, len(at), draws)
    entries = _with_addresses(pl.concat([used, unused], how="diagonal_relaxed"), draws)
    entries = _with_basis(entries, draws)
    twice = draws.of("list_entries", "twice").chance(facts["twice"], size=len(entries))
    again = np.flatnonzero(twice)
    copies = entries[again].with_columns(
        pl.col("obtained_on") + pl.duration(days=facts["twice_after"])
    )
    ids = block_ids("LE", number, np.arange(len(entries) + len(again)))
    rows = pl.concat([entries, copies.with_columns(name=pl.col("name").str.to_uppercase())])
    known = pl.col("obtained_on").clip(upper_bound=calendar.EPOCH + dt.timedelta(calendar.LAST_DAY))
    rows = rows.with_columns(entry_id=ids, obtained_on=known)
    errors = pl.select(
        table_name=pl.repeat("list_entries", len(again)),
        row_key=ids.tail(len(again)),
        column_name=pl.repeat("entry_id", len(again)),
        kind=pl.repeat("duplicate", len(again)),
        true_value=ids.gather(again),
    )
    found = pl.DataFrame(
        {
            "prospect_id": prospects["prospect_id"].gather(at),
            "entry_id": ids.head(len(at)),
            "basis": entries["lawful_basis"].head(len(at)),
        }
    )
    joined = prospects.join(found, on="prospect_id", how="left", maintain_order="left")
    asked = pl.lit("own_request")
    joined = joined.with_columns(
        lawful_basis=pl.when(pl.col("entry_id").is_null()).then(asked).otherwise("basis")
    ).drop("basis")
    return {"list_entries": rows, "prospects": joined, "truth_errors": errors}


def _used(prospects: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Return the entries behind prospects."""
    facts = mechanism("list_entries")
    sources = list(facts["kinds"])
    edges = row_edges([[name in kinds for name in KINDS] for kinds in facts["kinds"].values()])
    row = prospects["lead_source"].replace_strict(
        sources, range(len(sources)), return_dtype=pl.Int64
    )
    kind = draws.of("list_entries", "kind").pick_by_row(edges, row.to_numpy())
    before = pl.Series(-draws.of("list_entries", "before").whole(*facts["before"], len(kind)))
    return prospects.select(*_FACTS).with_columns(
        list_kind=pl.Series(KINDS).gather(kind),
        obtained_on=prospects["found_on"] + pl.duration(days=before),
    )


def _unused(prospects: pl.DataFrame, used: int, draws: Draws) -> pl.DataFrame:
    """Return entries that nobody has called: strangers made of parts of known names."""
    facts = mechanism("list_entries")
    size = round(used * facts["unused"])
    kind = draws.of("list_entries", "unused_kind").whole(0, len(KINDS), size)
    share = np.array([facts["person"][name] for name in KINDS])[kind]
    person = draws.of("list_entries", "person").chance(share)
    day = draws.of("list_entries", "unused_day").whole(0, calendar.DAYS, size)
    columns = {}
    for side, lot in (("organisation", "unused_firm"), ("person", "unused_person")):
        of = np.flatnonzero((prospects["side"] == side) & prospects["customer_id"].is_null())
        place = draws.of("list_entries", lot).whole(0, max(len(of), 1), size)
        columns[side] = prospects.select(*_FACTS)[of[place] if len(of) else []]
    lots = pl.Series(person)
    if not (columns["person"].height and columns["organisation"].height):
        return (
            prospects.select(*_FACTS)
            .clear()
            .with_columns(list_kind=pl.lit(None, pl.String), obtained_on=pl.lit(None, pl.Date))
        )
    chosen = {
        name: pl.select(
            pl.when(lots).then(columns["person"][name]).otherwise(columns["organisation"][name])
        ).to_series()
        for name in _FACTS
    }
    return pl.DataFrame(chosen).with_columns(
        list_kind=pl.Series(KINDS).gather(kind),
        obtained_on=dates(day),
    )


def _with_addresses(entries: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    facts, size = mechanism("list_entries"), len(entries)
    digits = pl.Series(draws.of("list_entries", "phone").whole(0, 10**8, size))
    number = pl.Series(draws.of("list_entries", "email").whole(10, 10**6, size))
    no_phone = pl.Series(draws.of("list_entries", "no_phone").chance(facts["no_phone"], size=size))
    no_mail = pl.Series(draws.of("list_entries", "no_email").chance(facts["no_email"], size=size))
    phone = pl.lit("000") + digits.cast(pl.String).str.zfill(8)
    person = pl.col("kind").is_null()
    mail = (
        pl.when(person)
        .then(pl.format("p{}@example.com", number))
        .otherwise(pl.format("office{}@example.org", number))
    )
    return entries.with_columns(
        phone=pl.when(~no_phone).then(phone), email=pl.when(~no_mail).then(mail)
    )


def _with_basis(entries: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Return entries with the list's name and the basis on record."""
    facts = mechanism("list_entries")
    kind = entries["list_kind"].replace_strict(KINDS, range(len(KINDS)), return_dtype=pl.Int64)
    basis = list(dict.fromkeys(name for row in facts["basis"].values() for name in row))
    edges = row_edges([[facts["basis"][name].get(b, 0) for b in basis] for name in KINDS])
    drawn = draws.of("list_entries", "basis").pick_by_row(edges, kind.to_numpy())
    named = [facts["names"][name] for name in KINDS]
    lot = draws.of("list_entries", "list_name").uniform(len(entries))
    lists = [named[of][int(u * len(named[of]))] for of, u in zip(kind, lot, strict=True)]
    return entries.select(
        pl.lit("").alias("entry_id"),
        pl.Series("list_name", lists, dtype=pl.String),
        "list_kind",
        "name",
        "name_zh",
        "kind",
        "employees",
        "city_id",
        "phone",
        "email",
        "decider_known",
        pl.Series("lawful_basis", basis).gather(drawn).replace(NO_BASIS, None),
        "obtained_on",
    )
