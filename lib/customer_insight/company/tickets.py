"""Requests to the service: the table ``tickets`` and what is hidden behind it."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.ids import block_ids, customer_ids, order_ids
from customer_insight.company.organisations import organisation_ids
from customer_insight.company.service import CHANNELS, REASONS
from customer_insight.company.service_clock import DAY, END, timestamps
from customer_insight.company.service_requests import PRIORITIES, Requests
from customer_insight.company.service_team import Team
from customer_insight.company.tickets_errors import Entries
from customer_insight.company.tickets_handling import Handled
from customer_insight.company.tickets_satisfaction import Satisfaction
from customer_insight.company.truth_tables import rounded

_Ids = Callable[[int, np.ndarray], pl.Series]


@dataclass(frozen=True)
class Side:
    """How the tickets, customers and orders of a side are named, by block and places."""

    tickets: _Ids
    customers: _Ids
    orders: _Ids


PEOPLE_SIDE = Side(functools.partial(block_ids, "T"), customer_ids, order_ids)
ORGANISATION_SIDE = Side(
    functools.partial(block_ids, "U"), organisation_ids, functools.partial(block_ids, "G")
)


def ticket_table(
    requests: Requests,
    handled: Handled,
    entries: Entries,
    desk: Team,
    side: Side,
) -> pl.DataFrame:
    """Return the requests of a block as they stand in the tool, the table ``tickets``.

    Parameters
    ----------
    requests : Requests
        Of the block.
    handled : Handled
        What became of them.
    entries : Entries
        Which request stands in which row, with the errors.
    desk : Team
        Of the block.
    side : Side
        Whose requests these are.

    Returns
    -------
    polars.DataFrame
        One row a request, and one more for each that was entered twice, sorted by opening; columns
        as the catalogue states.
    """
    at = entries.request
    times, care, satisfaction = handled.times, handled.care, handled.satisfaction
    answered, solved = times.answered < END, times.solved < END
    state = np.where(solved, "solved", np.where(answered, "in_progress", "new"))
    stars = pl.Series(satisfaction.stars[at].astype(float))
    told = pl.Series(satisfaction.told[at] & ~entries.repeated)
    return pl.DataFrame(
        {
            "ticket_id": side.tickets(desk.number, np.arange(len(at))),
            "customer_id": side.customers(desk.number, requests.person[at]),
            "order_id": side.orders(desk.number, requests.order[at]),
            "opened_at": timestamps(entries.opened),
            "channel": pl.Series(CHANNELS).gather(requests.channel[at]),
            "subject": pl.Series(REASONS).gather(requests.subject[at]),
            "priority": pl.Series(PRIORITIES).gather(requests.priority[at]),
            "staff_id": desk.ids(np.where(answered, care.staff, -1)[at], entries.answered // DAY),
            "first_answered_at": timestamps(entries.answered, answered[at]),
            "solved_at": timestamps(times.solved[at], solved[at]),
            "state": state[at],
            "reopened": times.back[at],
            "transfers": np.where(answered, care.transfers, 0)[at],
            "minutes": np.where(answered, care.minutes, 0)[at],
            "personal": (care.personal & answered)[at],
            "repeated_questions": np.where(answered, care.repeated, 0)[at],
            "record_shared": care.shared[at],
            "satisfaction_asked": satisfaction.asked[at] & ~entries.repeated,
            "satisfaction": pl.select(pl.when(told).then(stars)).to_series(),
        }
    )


def ticket_truth(satisfaction: Satisfaction, tickets: pl.Series) -> pl.DataFrame:
    """Return what everybody would have answered, the table ``truth_tickets``.

    Parameters
    ----------
    satisfaction : Satisfaction
        Of the requests of a block.
    tickets : polars.Series
        The ticket of each request.

    Returns
    -------
    polars.DataFrame
        One row a request: ``ticket_id``, ``mood``, ``slowness``, ``exact`` (stars before they are
        cut to whole ones), ``satisfaction`` (1 to 5), ``answer_chance``.
    """
    return pl.DataFrame(
        {
            "ticket_id": tickets,
            "mood": rounded(satisfaction.mood),
            "slowness": rounded(satisfaction.slowness),
            "exact": rounded(satisfaction.exact),
            "satisfaction": satisfaction.stars,
            "answer_chance": rounded(satisfaction.chance),
        }
    )
