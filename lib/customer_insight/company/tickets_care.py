"""How requests are handled: passed on, asked again, made personal, with a joined record or not."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company.draws import Draws
from customer_insight.company.phone_calls_queue import Calls
from customer_insight.company.service import CHANNELS, REASONS
from customer_insight.company.service_clock import DAY, day_number
from customer_insight.company.service_requests import Requests
from customer_insight.company.service_team import Team
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Care:
    """How each request was handled, arrays of shape (requests,).

    Attributes
    ----------
    staff : int
        Seat of the desk, -1 where another than the desk answers.
    transfers, repeated : int
        Times passed on, and times that the customer had to say the same again.
    shared, personal : bool
        Whether the agent saw a joined record, and treated the customer personally.
    minutes : int
        Agents' time from the first contact to the solution.
    """

    staff: np.ndarray
    transfers: np.ndarray
    repeated: np.ndarray
    shared: np.ndarray
    personal: np.ndarray
    minutes: np.ndarray


def draw_transfers(requests: Requests, draws: Draws) -> np.ndarray:
    """Return how often each request is passed on, shape (requests,)."""
    rates = np.array([mechanism("service_care")["transfers"][name] for name in REASONS])
    return draws.of("tickets", "transfers").poisson(rates[requests.subject])


def draw_care(
    requests: Requests,
    desk: Team,
    calls: Calls,
    *,
    tier: np.ndarray,
    transfers: np.ndarray,
    first_contact: np.ndarray,
    draws: Draws,
) -> Care:
    """Return how requests were handled.

    Parameters
    ----------
    requests : Requests
        Of the block.
    desk : Team
        Of the block.
    calls : Calls
        The calls of the desk, which say who answered.
    tier : numpy.ndarray of int, shape (requests,)
        Tier of the customer's city, 0 to 3.
    transfers : numpy.ndarray of int, shape (requests,)
        As `draw_transfers` gives them.
    first_contact : numpy.ndarray of bool, shape (requests,)
        Whether it was solved at the first contact.
    draws : Draws
        Of the block.

    Returns
    -------
    Care
    """
    facts = mechanism("service_care")
    shared = _shared(requests, tier, draws)
    base, more = facts["repeated"]
    mean = (base + more * transfers) * np.where(shared, facts["repeated_if_shared"], 1.0)
    repeated = draws.of("tickets", "repeated").poisson(mean)
    staff = _staff(requests, desk, calls, draws)
    usual = float(np.cumsum(desk.personal)[-1] / len(desk.personal))
    habit = np.where(staff >= 0, desk.personal[staff], usual)
    each, passed = facts["minutes"]
    later = np.where(first_contact, 0.0, facts["later_minutes"])
    extra = draws.of("tickets", "minutes").poisson(each * repeated + passed * transfers + later)
    return Care(
        staff=staff,
        transfers=transfers,
        repeated=repeated,
        shared=shared,
        personal=draws.of("tickets", "personal").chance(habit),
        minutes=requests.minutes + extra,
    )


def _shared(requests: Requests, tier: np.ndarray, draws: Draws) -> np.ndarray:
    """Return whether the agent saw what all channels know, by the tier of the customer's city."""
    facts = mechanism("service_care")
    since = np.array([day_number(date) for date in facts["shared_from"]])
    begun = requests.opened // DAY >= since[tier]
    return begun & draws.of("tickets", "shared").chance(facts["shared"], size=len(requests))


def _staff(requests: Requests, desk: Team, calls: Calls, draws: Draws) -> np.ndarray:
    chat = desk.of("chat")
    drawn = chat[draws.of("tickets", "staff").whole(0, len(chat), len(requests))]
    staff = np.where(requests.channel == CHANNELS.index("chat"), drawn, -1)
    own = calls.request >= 0
    staff[calls.request[own]] = calls.staff[own]
    return staff
