"""The log of the phone lines: the table ``phone_calls``."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.phone_calls_queue import Calls
from customer_insight.company.phone_calls_rota import LINES, line_names, log_from
from customer_insight.company.service_clock import DAY, timestamps
from customer_insight.company.service_requests import Requests
from customer_insight.company.service_team import Team
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class CallLog:
    """The calls that the log has kept, and whether each was transferred, shape (calls,)."""

    calls: Calls
    transferred: np.ndarray

    def __len__(self) -> int:
        return len(self.transferred)

    def ids(self, desk: Team, places: np.ndarray) -> pl.Series:
        """Return the ids of calls by their places in the log."""
        return block_ids("L", desk.number, places)


def keep_log(calls: Calls, transfers: np.ndarray, draws: Draws) -> CallLog:
    """Return the calls of the last weeks.

    Parameters
    ----------
    calls : Calls
        Of a desk, in the order of time.
    transfers : numpy.ndarray of int, shape (requests,)
        Times that each request was passed on.
    draws : Draws
        Of the block.

    Returns
    -------
    CallLog
    """
    rates = np.array([mechanism("phone_desk")["transferred"][name] for name in LINES])
    drawn = draws.of("phone_calls", "transferred").chance(rates[calls.line])
    known = np.append(transfers, 0)[calls.request] > 0
    transferred = np.where(calls.request >= 0, known, drawn) & calls.answered
    kept = calls.called >= log_from() * DAY
    own = Calls(**{name: values[kept] for name, values in vars(calls).items()})
    return CallLog(own, transferred[kept])


def call_table(log: CallLog, requests: Requests, tickets: pl.Series, desk: Team) -> pl.DataFrame:
    """Return the log as the table ``phone_calls``.

    Parameters
    ----------
    log : CallLog
        Of the desk.
    requests : Requests
        Of the block.
    tickets : polars.Series
        The ticket of each request, shape (requests,).
    desk : Team
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a call, sorted by time; columns as the catalogue states.
    """
    calls, answered = log.calls, log.calls.answered
    request = np.where(calls.request >= 0, calls.request, len(requests))
    person = np.append(requests.person, -1)[request]
    tickets = pl.concat([tickets, pl.Series([None], dtype=pl.String)])
    return pl.DataFrame(
        {
            "call_id": log.ids(desk, np.arange(len(log))),
            "customer_id": customer_ids(desk.number, person),
            "ticket_id": tickets.gather(request),
            "queue": line_names(desk).gather(calls.line),
            "called_at": timestamps(calls.called),
            "waited_seconds": calls.waited,
            "answered": answered,
            "talk_seconds": np.where(answered, calls.talk, 0),
            "wrap_up_seconds": np.where(answered, calls.wrap_up, 0),
            "transferred": log.transferred,
            "staff_id": desk.ids(calls.staff, calls.called // DAY),
        }
    )
