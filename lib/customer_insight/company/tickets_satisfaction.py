"""How content people are with a request, who is asked, and who answers."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company.arithmetic import ln
from customer_insight.company.draws import Draws
from customer_insight.company.service import CHANNELS
from customer_insight.company.service_clock import END
from customer_insight.company.service_requests import Askers, Requests
from customer_insight.company.tickets_care import Care
from customer_insight.company.tickets_times import Times
from customer_insight.data.mechanisms import mechanism

LEAST, MOST = 1, 5


@dataclass(frozen=True)
class Satisfaction:
    """Satisfaction with requests, arrays of shape (requests,).

    Attributes
    ----------
    mood : float
        Of the customer after the order, in standard deviations of temper.
    slowness : float
        ``ln(1 + wait / usual wait)`` of the first answer.
    exact : float
        In stars, before it is cut to whole ones.
    stars : int
        1 to 5: what everybody would answer.
    chance : float
        That an answer comes, once asked.
    asked, told : bool
        Whether somebody was asked, and answered.
    """

    mood: np.ndarray
    slowness: np.ndarray
    exact: np.ndarray
    stars: np.ndarray
    chance: np.ndarray
    asked: np.ndarray
    told: np.ndarray


def draw_satisfaction(
    requests: Requests,
    times: Times,
    care: Care,
    askers: Askers,
    draws: Draws,
) -> Satisfaction:
    """Return how content people are with their requests.

    Parameters
    ----------
    requests : Requests
        Of the block.
    times : Times
        When they were answered and solved.
    care : Care
        How they were handled.
    askers : Askers
        Who made them.
    draws : Draws
        Of the block.

    Returns
    -------
    Satisfaction
        Nobody is asked before the request is solved.
    """
    facts, size = mechanism("service_satisfaction"), len(requests)
    slowness = waiting(requests, times)
    exact = facts["usual"] + facts["mood"] * askers.mood - facts["slow"] * slowness
    exact = exact - facts["repeated"] * care.repeated - facts["transfer"] * care.transfers
    exact = exact - facts["back"] * times.back + facts["personal"] * care.personal
    exact = exact - facts["batch"] * requests.batch
    exact = exact + draws.of("tickets", "satisfaction").normal(size) * facts["chance"]
    base, with_care, star = facts["answers"]
    chance = base + with_care * askers.cares + star * (exact - facts["usual"])
    chance = np.clip(chance, *facts["answer_limits"])
    asks = np.array([facts["asked"][name] for name in CHANNELS])[requests.channel]
    asked = draws.of("tickets", "asked").chance(asks) & (times.solved < END)
    return Satisfaction(
        mood=askers.mood,
        slowness=slowness,
        exact=exact,
        stars=np.clip(np.rint(exact), LEAST, MOST).astype(np.int64),
        chance=chance,
        asked=asked,
        told=asked & draws.of("tickets", "told").chance(chance),
    )


def waiting(requests: Requests, times: Times) -> np.ndarray:
    """Return how slow each first answer was: ``ln(1 + wait / usual wait of the channel)``."""
    usual = mechanism("service_satisfaction")["usual_wait"]
    seconds = np.array([usual[name] * 60 for name in CHANNELS])[requests.channel]
    return ln(1 + (times.answered - requests.opened) / seconds)
