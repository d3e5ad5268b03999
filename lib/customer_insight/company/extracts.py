"""Three raw extracts that overlap, and the truth: who is behind each row, and what is wrong."""

import numpy as np
import polars as pl

from customer_insight.company.customer_changes import Changes
from customer_insight.company.draws import Draws
from customer_insight.company.extract_entries import EXTRACTS, draw_entries, table_of
from customer_insight.company.extract_errors import Error, left_out, old_facts, typing_errors
from customer_insight.company.extract_people import draw_people_behind
from customer_insight.company.extract_styles import draw_styles, written
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.company.web_errors import error_rows
from customer_insight.company.web_events import timestamps

_LETTERS = {"business": "EB", "survey": "ES", "web": "EW"}
_TIMES = {"business": "entered_at", "survey": "asked_on", "web": "submitted_at"}
_FACTS = {
    "business": {
        "given_zh": "name",
        "given": "name",
        "born_on": "birth_date",
        "phone": "mobile",
        "email": "email",
        "city": "city",
        "wage": "wage",
        "year_yuan": "yearly_spend",
    },
    "survey": {
        "given_zh": "full_name",
        "given": "full_name",
        "age": "age",
        "phone": "phone",
        "city": "region",
        "wage": "income",
    },
    "web": {
        "given_zh": "real_name",
        "given": "real_name",
        "born_on": "born",
        "phone": "phone_number",
        "email": "mail",
        "city": "place",
    },
}


def extract_tables(
    block: PeopleBlock,
    customers: pl.DataFrame,
    changes: Changes,
    interests: np.ndarray,
    *,
    places: Places,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the three raw extracts and their truth.

    Parameters
    ----------
    block : PeopleBlock
        The customers and what they bought.
    customers : polars.DataFrame
        The table ``customers`` of the same people.
    changes : Changes
        Of the same people: entries hold what was true when they were made.
    interests : numpy.ndarray of float, shape (people, topics)
        As `web_interests.draw_interests` gives them.
    places : Places
        Cities.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``extract_business``, ``extract_survey``, ``extract_web``, one row an entry in the order of
        time; ``truth_extracts``, one row an entry; ``truth_errors``, one row a value that is wrong,
        with what would stand there, written in the same way, if nothing had gone wrong.
    """
    people = draw_people_behind(block, customers, interests, places, draws)
    own = draws.within(block.number)
    tables, behind, errors = {}, [], []
    for extract in EXTRACTS:
        entries = draw_styles(extract, draw_entries(extract, people, block, draws), own)
        table = pl.Series([table_of(extract)]).new_from_index(0, len(entries))
        ids = block_ids(_LETTERS[extract], block.number, range(len(entries)))
        told, planted = _told(extract, entries, customers, changes, places=places, own=own)
        tables[table_of(extract)] = pl.DataFrame(
            {
                "row_id": ids,
                _TIMES[extract]: _times(extract, entries),
                **written(extract, told, places).to_dict(),
            }
        )
        right = written(extract, entries, places)
        errors += _planted(extract, planted, ids, tables[table_of(extract)], right)
        errors += _repeated(extract, entries, ids)
        behind.append(
            pl.DataFrame(
                {
                    "extract": table,
                    "row_id": ids,
                    "person_id": block_ids("P", block.number, entries["person"]),
                    "customer_id": customer_ids(block.number, entries["customer"]),
                }
            )
        )
    return {**tables, "truth_extracts": pl.concat(behind), "truth_errors": pl.concat(errors)}


def _told(
    extract: str,
    entries: pl.DataFrame,
    customers: pl.DataFrame,
    changes: Changes,
    *,
    places: Places,
    own: Draws,
) -> tuple[pl.DataFrame, list[Error]]:
    """Return the facts as they were typed in, and the errors in them; empty fields come last."""
    told, planted = entries, []
    for error in old_facts(entries, customers, changes, places):
        told = error.put_into(told)
        planted.append(error)
    for error in [*typing_errors(extract, told, own), *left_out(extract, told, own)]:
        told = error.put_into(told)
        planted.append(error)
    return told, planted


def _planted(
    extract: str, planted: list[Error], ids: pl.Series, table: pl.DataFrame, right: pl.DataFrame
) -> list[pl.DataFrame]:
    """Return the rows of ``truth_errors`` for values that are not what they ought to be."""
    rows, columns = [], _FACTS[extract]
    for error in planted:
        if error.fact not in columns:
            continue
        column = columns[error.fact]
        ought = right[column].cast(pl.String)
        seen = table[column].cast(pl.String)
        wrong = error.wrong & seen.ne_missing(ought)
        wrong &= seen.is_null() if error.kind == "left_out" else seen.is_not_null()
        rows.append(
            error_rows(
                table_of(extract), ids.filter(wrong), column, error.kind, ought.filter(wrong)
            )
        )
    return rows


def _repeated(extract: str, entries: pl.DataFrame, ids: pl.Series) -> list[pl.DataFrame]:
    """Return the rows of ``truth_errors`` for entries whose person stands in the file already."""
    rows = []
    for kind in ("entered_again", "sent_twice"):
        again = entries[kind].is_not_null()
        first = ids.gather(entries[kind].filter(again))
        rows.append(error_rows(table_of(extract), ids.filter(again), "row_id", kind, first))
    return rows


def _times(extract: str, entries: pl.DataFrame) -> pl.Series:
    """Return when the entries were made; the survey knows the day alone."""
    times = timestamps(entries["second"].to_numpy())
    return times.dt.date() if extract == "survey" else times
