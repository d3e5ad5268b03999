"""When requests are answered and solved, and what of it is known at the end of the data."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp, power
from customer_insight.company.draws import Draws
from customer_insight.company.phone_calls_queue import Calls
from customer_insight.company.service import CHANNELS, REASONS
from customer_insight.company.service_clock import DAY, END, HOUR, after_working, within
from customer_insight.company.service_requests import Requests
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Times:
    """The times of requests, arrays of shape (requests,), in seconds from the first midnight.

    Attributes
    ----------
    answered, solved : int
        First answer and last solution; `service_clock.END` or later where not yet.
    first_contact : bool
        Whether the first contact solved it.
    back : int
        Times that it came back after it had been called solved, as known at the end of the data.
    """

    answered: np.ndarray
    solved: np.ndarray
    first_contact: np.ndarray
    back: np.ndarray


def draw_times(requests: Requests, calls: Calls, transfers: np.ndarray, draws: Draws) -> Times:
    """Return when requests were answered and solved.

    Parameters
    ----------
    requests : Requests
        Of the block.
    calls : Calls
        Of the desk: the wait of a request by phone is that of its call.
    transfers : numpy.ndarray of int, shape (requests,)
        Times that each is passed on.
    draws : Draws
        Of the block.

    Returns
    -------
    Times
    """
    facts, size = mechanism("service_answers"), len(requests)
    answered = _answered(requests, calls, draws)
    chance = np.array([facts["first_contact"][name] for name in REASONS])[requests.subject]
    chance = chance * power(np.full(size, facts["transferred"]), transfers)
    at_once = draws.of("tickets", "first_contact").chance(chance)
    work = _working_hours(requests, draws)
    solved = np.where(
        at_once,
        answered + requests.minutes * 60,
        after_working(answered, np.floor(work * HOUR).astype(np.int64)),
    )
    never = draws.of("tickets", "never").chance(facts["never"], size=size) & ~at_once
    solved = np.where(never, 2 * END, solved)
    first_time, later = facts["back"]
    back = draws.of("tickets", "back").poisson(np.where(at_once, first_time, later))
    back = np.where(solved < END, back, 0)
    again = draws.of("tickets", "again").exponential(size) * facts["again"] * HOUR
    again = np.floor(again * back).astype(np.int64)
    last = np.where(back > 0, after_working(solved, again), solved)
    return Times(answered, last, at_once, back)


def usual_factor(requests: Requests) -> np.ndarray:
    """Return by how much priority and level stretch the times of a request, shape (requests,)."""
    facts = mechanism("service_answers")
    return np.array(facts["priority"])[requests.priority] * np.array(facts["level"])[requests.level]


def _answered(requests: Requests, calls: Calls, draws: Draws) -> np.ndarray:
    facts, size = mechanism("service_answers"), len(requests)
    day = requests.opened // DAY
    median, spread = facts["chat"]
    minutes = median * exp(draws.of("tickets", "chat_wait").normal(size) * spread)
    minutes = minutes * usual_factor(requests)
    minutes = np.where(calendar.crowded()[day], minutes * facts["crowded"], minutes)
    late = mechanism("service_outbreaks")["late_chat"]
    minutes = np.where(within(day, late), minutes * late["size"], minutes)
    chat = after_working(requests.opened, 20 + np.floor(minutes * 60).astype(np.int64))
    counter = draws.of("tickets", "shop_wait").exponential(size) * facts["shop"]
    shop = requests.opened + 1 + np.floor(counter).astype(np.int64)
    answered = np.where(requests.channel == CHANNELS.index("chat"), chat, shop)
    own = calls.request >= 0
    answered[calls.request[own]] = (calls.called + calls.waited)[own]
    return answered


def _working_hours(requests: Requests, draws: Draws) -> np.ndarray:
    facts = mechanism("service_answers")
    median = np.array([facts["work"][name] for name in REASONS])[requests.subject]
    drawn = exp(draws.of("tickets", "work").normal(len(requests)) * facts["spread"])
    return median * drawn * usual_factor(requests)
