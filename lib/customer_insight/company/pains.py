"""How an order is delivered, where it hurts, and whether that makes the customer leave."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import Habits
from customer_insight.data.mechanisms import mechanism

KINDS = ("function", "process", "service", "value")


@dataclass(frozen=True)
class Outcomes:
    """What became of orders, arrays of shape (orders,) where not said otherwise.

    Attributes
    ----------
    web : bool
        Ordered on the web, and so delivered.
    days_late : int
        Days after the promised one; 0 in time and in the shop.
    hurts : bool, shape (orders, 4)
        Which of `KINDS` were felt.
    severity : int
        1 slight, 2 plain, 3 grave; 0 where nothing hurts.
    leaves : bool
        Whether the customer leaves for it.
    """

    web: np.ndarray
    days_late: np.ndarray
    hurts: np.ndarray
    severity: np.ndarray
    leaves: np.ndarray


def draw_outcomes(habits: Habits, person: np.ndarray, day: np.ndarray, draws: Draws) -> Outcomes:
    """Return the outcome of each order.

    Parameters
    ----------
    habits : Habits
        Of the block.
    person, day : numpy.ndarray of int, shape (orders,)
        Who ordered, and on which day counted from the company's first.
    draws : Draws
        Of the block, or of a year of it.

    Returns
    -------
    Outcomes
        Steady buyers never leave for a pain.
    """
    facts = mechanism("pain")
    web = draws.of("orders", "web").chance(habits.web_share[person])
    web |= day < habits.shop_from[person]
    late = web & draws.of("orders", "late").chance(_late_chance(habits.tier[person], day))
    more = draws.of("orders", "days_late").geometric(
        np.full(len(person), 1 - facts["days_late_more"])
    )
    hurts = draws.of("pains", "kinds").chance(
        np.broadcast_to(_chances(), (len(person), len(KINDS)))
    )
    hurts[:, KINDS.index("process")] &= late
    severity = 1 + draws.of("pains", "severity").pick(facts["severity"], len(person))
    goes = draws.of("pains", "leaves").chance(
        np.broadcast_to(_leave_chances(), (len(person), len(KINDS)))
    )
    return Outcomes(
        web=web,
        days_late=np.where(late, 1 + more, 0),
        hurts=hurts,
        severity=np.where(hurts.any(axis=1), severity, 0),
        leaves=(goes & hurts).any(axis=1) & ~habits.steady[person],
    )


def leave_chance(habits: Habits, *, crowded: bool, shop: bool) -> np.ndarray:
    """Return everybody's chance that an order makes them leave, before it is known how it goes.

    Parameters
    ----------
    habits : Habits
        Of the block.
    crowded : bool
        On a day when the carriers are crowded.
    shop : bool
        While a shop in town is open.

    Returns
    -------
    numpy.ndarray of float, shape (people,)
        The pains are independent, so the chances to stay multiply.
    """
    facts = mechanism("pain")
    late = np.array(facts["late_when_crowded" if crowded else "late"])[habits.tier]
    web = habits.web_share if shop else 1.0
    stay = np.ones(len(habits))
    for kind, felt, goes in zip(KINDS, _chances(), _leave_chances(), strict=True):
        occurs = web * late if kind == "process" else 1.0
        stay = stay * (1 - occurs * (felt * goes))
    return np.where(habits.steady, 0.0, 1 - stay)


def promised_days(tier: np.ndarray) -> np.ndarray:
    """Return within how many days a parcel is promised to a city of that tier."""
    return np.array(mechanism("pain")["promised_days"])[tier]


def _late_chance(tier: np.ndarray, day: np.ndarray) -> np.ndarray:
    facts = mechanism("pain")
    by_load = np.array([facts["late"], facts["late_when_crowded"]])
    return by_load[calendar.crowded()[day].astype(int), tier]


def _chances() -> np.ndarray:
    """Return the chance of each kind of pain; of "process", given that the parcel is late."""
    facts = mechanism("pain")
    return np.array([facts["late_hurts"] if kind == "process" else facts[kind] for kind in KINDS])


def _leave_chances() -> np.ndarray:
    return np.array([mechanism("pain")["leaves"][kind] for kind in KINDS])
