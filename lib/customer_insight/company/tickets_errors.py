"""Errors planted in the tickets: chats entered twice, and a clock that ran behind."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.service import CHANNELS
from customer_insight.company.service_clock import DAY, END, timestamps, within
from customer_insight.company.service_requests import Requests
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Entries:
    """The rows of the table ``tickets``, arrays of shape (rows,), by time of opening.

    Attributes
    ----------
    request : int
        Place of the request that the row is about.
    opened, answered : int
        As the tool noted them, in seconds from the company's first midnight.
    repeated : bool
        Whether the request has another row, which came first.
    shifted : bool
        Whether the clock was wrong when the first answer was noted.
    """

    request: np.ndarray
    opened: np.ndarray
    answered: np.ndarray
    repeated: np.ndarray
    shifted: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """The row of each request that is no repetition, shape (requests,)."""
        rows = np.flatnonzero(~self.repeated)
        return rows[np.argsort(self.request[rows], kind="stable")]


def enter(requests: Requests, answered: np.ndarray, draws: Draws) -> Entries:
    """Return how requests were entered into the tool.

    Parameters
    ----------
    requests : Requests
        Of a block.
    answered : numpy.ndarray of int, shape (requests,)
        Second of the first answer.
    draws : Draws
        Of the block.

    Returns
    -------
    Entries
    """
    facts, size = mechanism("ticket_errors"), len(requests)
    chat = requests.channel == CHANNELS.index("chat")
    twice = np.flatnonzero(chat & draws.of("tickets", "twice").chance(facts["twice"], size=size))
    later = draws.of("tickets", "twice_after").whole(20, facts["twice_within"], len(twice))
    opened = np.concatenate([requests.opened, requests.opened[twice] + later])
    request = np.concatenate([np.arange(size), twice])
    repeated = np.arange(len(request)) >= size
    kept = ~repeated | (opened < np.minimum(answered, END)[request])
    sort = np.flatnonzero(kept)[np.lexsort((request[kept], opened[kept]))]
    request, opened, repeated = request[sort], opened[sort], repeated[sort]
    shifted = chat & (answered < END) & within(answered // DAY, facts["clock"])
    noted = np.where(shifted, answered - facts["clock"]["seconds"], answered)
    return Entries(request, opened, noted[request], repeated, shifted[request])


def enter_once(requests: Requests, answered: np.ndarray) -> Entries:
    """Return requests entered without an error, one row each.

    Parameters
    ----------
    requests : Requests
        In the order of opening.
    answered : numpy.ndarray of int, shape (requests,)
        Second of the first answer.

    Returns
    -------
    Entries
    """
    never = np.zeros(len(requests), dtype=bool)
    return Entries(np.arange(len(requests)), requests.opened, answered, never, never)


def ticket_errors(entries: Entries, answered: np.ndarray, tickets: pl.Series) -> pl.DataFrame:
    """Return the errors planted in the tickets, rows of the table ``truth_errors``.

    Parameters
    ----------
    entries : Entries
        Of a block.
    answered : numpy.ndarray of int, shape (requests,)
        When requests were really answered.
    tickets : polars.Series
        The id of each row.

    Returns
    -------
    polars.DataFrame
        One row an error: ``table_name``, ``row_key``, ``column_name``, ``kind`` ("duplicate" or
        "clock_shift"), ``true_value`` (the ticket that stands there already, or the true time).
    """
    again, shifted = np.flatnonzero(entries.repeated), np.flatnonzero(entries.shifted)
    real = timestamps(answered[entries.request[shifted]]).dt.to_string("%Y-%m-%d %H:%M:%S")
    return pl.concat(
        [
            _errors(tickets.gather(again), "ticket_id", "duplicate").with_columns(
                true_value=tickets.gather(entries.first[entries.request[again]])
            ),
            _errors(tickets.gather(shifted), "first_answered_at", "clock_shift").with_columns(
                true_value=real
            ),
        ]
    )


def _errors(keys: pl.Series, column: str, kind: str) -> pl.DataFrame:
    return pl.DataFrame({"row_key": keys}).select(
        table_name=pl.lit("tickets"),
        row_key="row_key",
        column_name=pl.lit(column),
        kind=pl.lit(kind),
    )
