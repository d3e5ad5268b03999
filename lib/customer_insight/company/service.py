"""Who asks and complains how often, and how long it takes: the table ``service_contacts``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import power
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.pains import KINDS, promised_days
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism

CHANNELS = ("phone", "chat", "shop")
REASONS = ("advice", *(mechanism("service")["reasons"][kind] for kind in KINDS))
_MILLIONTHS = 1_000_000


def draw_demandingness(block: PeopleBlock, draws: Draws) -> np.ndarray:
    """Return how demanding everybody is, in times of a usual customer, to six decimals.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    draws : Draws
        Of the company.

    Returns
    -------
    numpy.ndarray of float, shape (people,)
        Gamma distributed with mean 1, cut off at its top.
    """
    facts = mechanism("service")
    shape = np.full(len(block), facts["shape"])
    drawn = draws.of("service", "demandingness", block.number).gamma(shape) / facts["shape"]
    cut = np.minimum(np.maximum(drawn, 1 / _MILLIONTHS), facts["most"])
    return np.rint(cut * _MILLIONTHS) / _MILLIONTHS


def demandingness_truth(block: PeopleBlock, demandingness: np.ndarray) -> pl.DataFrame:
    """Return how demanding everybody is, the table ``truth_demandingness``.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    demandingness : numpy.ndarray of float, shape (people,)
        As `draw_demandingness` gives it.

    Returns
    -------
    polars.DataFrame
        One row a person: ``customer_id``, ``demandingness`` (times a usual customer).
    """
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, np.arange(len(block))),
            "demandingness": demandingness,
        }
    )


def service_contacts(block: PeopleBlock, demandingness: np.ndarray, draws: Draws) -> pl.DataFrame:
    """Return when people asked or complained, why, where, and how long it took.

    Parameters
    ----------
    block : PeopleBlock
        People, what they bought and where it hurt.
    demandingness : numpy.ndarray of float, shape (people,)
        As `draw_demandingness` gives it.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a contact, sorted by day, then person: ``customer_id``, ``day``, ``minutes``,
        ``reason``, ``channel``.
    """
    number, bought = block.number, block.purchases
    calls = draws.of("service", "calls", number).uniform((len(bought.person), len(REASONS)))
    order, reason = np.nonzero(calls < _chances(block, demandingness))
    day = _days(block, order, reason, draws)
    channel = _channels(bought.outcomes.web[order], draws, number)
    person = bought.person[order]
    minutes = _minutes(reason, demandingness[person], draws, number)
    known = np.flatnonzero(day < calendar.DAYS)
    at = known[np.lexsort((reason[known], order[known], person[known], day[known]))]
    return pl.DataFrame(
        {
            "customer_id": customer_ids(number, person[at]),
            "day": (day[at] + calendar.FIRST_DAY).astype("datetime64[D]"),
            "minutes": minutes[at],
            "reason": pl.Series(REASONS).gather(reason[at]),
            "channel": pl.Series(CHANNELS).gather(channel[at]),
        }
    )


def _chances(block: PeopleBlock, demandingness: np.ndarray) -> np.ndarray:
    """Return the chance of each reason at each order, shape (orders, reasons)."""
    facts, bought = mechanism("service"), block.purchases
    advice = np.array([facts["advice"][name] for name in SEGMENTS])[block.habits.segment]
    by_pain = np.array([facts["pain"][kind] for kind in KINDS])
    usual = np.concatenate(
        [advice[bought.person][:, None], bought.outcomes.hurts * by_pain[None, :]], axis=1
    )
    return np.minimum(usual * demandingness[bought.person][:, None], facts["at_most"])


def _days(block: PeopleBlock, order: np.ndarray, reason: np.ndarray, draws: Draws) -> np.ndarray:
    """Return the day of each contact: advice on that of the order, the rest from delivery on."""
    bought = block.purchases
    delivery = promised_days(block.habits.tier[bought.person]) + bought.outcomes.days_late
    took = np.where(bought.outcomes.web, delivery, 0)[order]
    waits = draws.of("service", "days", block.number).geometric(
        np.full(len(order), mechanism("service")["days"])
    )
    return bought.day[order] + np.where(reason == 0, 0, took + waits)


def _channels(web: np.ndarray, draws: Draws, number: int) -> np.ndarray:
    weights = mechanism("service")["channel"]
    edges = row_edges([weights["shop"], weights["web"]])
    return draws.of("service", "channel", number).pick_by_row(edges, web.astype(np.int64))


def _minutes(
    reason: np.ndarray, demandingness: np.ndarray, draws: Draws, number: int
) -> np.ndarray:
    facts = mechanism("service")
    mean = np.array([facts["minutes"][name] for name in REASONS])[reason]
    slower = power(demandingness, facts["slower"])
    return 1 + draws.of("service", "minutes", number).poisson(mean * slower)
