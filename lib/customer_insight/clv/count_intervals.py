"""Intervals for the number of purchases of each customer, and the coverage that they promise."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.histories import blocks
from customer_insight.clv.purchase_model import PurchaseModel
from customer_insight.clv.summary_columns import eager_table
from customer_insight.stats.inputs import check_share

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_ROWS = 2**14  # customers whose chances are held at once: 131 MB at the largest count
_FIRST_MOST, _LAST_MOST = 40, 1000  # purchases within the horizon that chances are tabulated to


@dataclass(frozen=True, eq=False)
class CountIntervals:
    """Between which numbers of purchases each customer's will lie, if the model is right.

    Attributes
    ----------
    low, high : ndarray of int, shape (n,)
        Both ends belong to the interval.
    promised : ndarray of float, shape (n,)
        Chance that the number lies in the interval, by the model: ``confidence`` or more.
    confidence : float
        As asked for.
    """

    low: Counts
    high: Counts
    promised: Array
    confidence: float


def count_intervals(
    model: PurchaseModel, summary: Any, *, horizon: str, confidence: float = 0.95
) -> CountIntervals:
    """Return an interval for the number of purchases of each customer within a horizon.

    The interval runs from the first number that is reached with more than half of what
    ``confidence`` leaves over to the first one that is exceeded with no more than the other half.

    Parameters
    ----------
    model : fitted model of purchases
        ``BGNBD``, ``MBGNBD`` or ``ParetoNBD``.
    summary : pandas or Polars frame
        In the unit that the model was fitted in.
    horizon : str
        How far ahead, with its unit: "184 days".
    confidence : float, default 0.95
        Strictly between 0 and 1.

    Returns
    -------
    CountIntervals
        In the order of the rows.

    Raises
    ------
    ValueError
        If an argument is not what it should be, or a customer's interval ends beyond 1,000
        purchases.

    Notes
    -----
    Purchases are whole numbers, so that an interval mostly holds more than was asked for: one of a
    customer who has surely left runs from 0 to 0 and holds everything. Compare the share of
    customers whose number came out inside with the mean of ``promised``, not with ``confidence``.
    The interval holds the chance of a right model. What is not known of its parameters, and that
    the model may be wrong, is not in it.

    Examples
    --------
    >>> import polars
    >>> from customer_insight.clv import BGNBD
    >>> model = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> summary = polars.DataFrame(
    ...     {
    ...         "repeat_purchases": [0, 8],
    ...         "weeks_first_to_last": [0.0, 36.0],
    ...         "weeks_observed": [39.0, 39.0],
    ...     }
    ... )
    >>> found = count_intervals(model, summary, horizon="39 weeks")
    >>> found.low.tolist(), found.high.tolist(), found.promised.round(3).tolist()
    ([0, 0], [2, 14], [0.99, 0.98])
    """
    tail = (1.0 - check_share(confidence, "confidence")) / 2.0
    table = eager_table(summary)
    parts = [
        _of_block(model, table[rows].to_native(), horizon, tail)
        for rows in blocks(len(table), _ROWS)
    ]
    low, high, promised = map(np.concatenate, zip(*parts, strict=True))
    return CountIntervals(low, high, promised, confidence)


def _of_block(
    model: PurchaseModel, summary: Any, horizon: str, tail: float
) -> tuple[Counts, Counts, Array]:
    reached = _chance_of_at_most(model, summary, horizon, 1.0 - tail)
    low = np.count_nonzero(reached < tail, axis=1)
    high = np.count_nonzero(reached < 1.0 - tail, axis=1)
    customer = np.arange(len(reached))
    below = np.where(low > 0, reached[customer, np.maximum(low - 1, 0)], 0.0)
    return low, high, reached[customer, high] - below


def _chance_of_at_most(model: PurchaseModel, summary: Any, horizon: str, wanted: float) -> Array:
    """Return the chance of at most 0, 1, ... purchases, as far as every customer needs it."""
    most = _FIRST_MOST
    while True:
        chance = model.conditional_count_distribution(summary, horizon=horizon, most=most)
        reached = np.cumsum(chance, axis=1)
        short = int(np.count_nonzero(reached[:, -1] < wanted))
        if not short:
            return reached
        if most == _LAST_MOST:
            raise ValueError(
                f"for {short:,} customers the interval of {horizon!r} ends beyond {_LAST_MOST:,} "
                "purchases, where chances are no longer tabulated. Take a shorter horizon, or an "
                "interval of the total by bootstrap."
            )
        most = min(5 * most, _LAST_MOST)
