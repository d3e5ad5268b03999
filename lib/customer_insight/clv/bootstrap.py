"""Intervals by parametric bootstrap: draw from the fitted model, fit again, ask again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.fit import FitRefusedError
from customer_insight.stats.inputs import check_share

Array = NDArray[np.float64]

FEWEST_RESAMPLES = 40  # a 95 % interval then has one draw beyond each end
MOST_REFUSED = 0.2


class Redrawable(Protocol):
    """A fitted model that can be fitted again to data drawn from itself."""

    def redraw(self, data: Any, rng: np.random.Generator) -> Self:
        """Return a model fitted to data like these, drawn from this one."""


@dataclass(frozen=True)
class BootstrapInterval:
    """An answer of a model with the interval of the same answer over redrawn data.

    Attributes
    ----------
    estimate, low, high : float or ndarray
        In the unit and shape of the answer.
    confidence : float
    resamples, refused : int
        Draws made, and those to which the model could not be fitted; these are left out.
    """

    estimate: Array
    low: Array
    high: Array
    confidence: float
    resamples: int
    refused: int


def bootstrap(
    model: Redrawable,
    data: Any,
    answer: Callable[[Any], ArrayLike],
    *,
    resamples: int = 200,
    confidence: float = 0.95,
    seed: int,
) -> BootstrapInterval:
    """Return the interval of a model's answer by parametric bootstrap (Efron 1985).

    As many customers as in the data, observed as long, are drawn from the fitted model; the model
    is fitted to the draw and asked the same. The interval runs between percentiles of the answers.
    It covers what is not known of the parameters, not how single customers will happen to act,
    and not that the model itself may be wrong.

    Parameters
    ----------
    model : fitted model
        Of this package.
    data : summary or survivors
        What it was fitted to.
    answer : callable
        From a model to a number or an array, such as
        ``lambda m: m.expected_purchases(summary, horizon="52 weeks").sum()``.
    resamples : int, default 200
        Draws.
    confidence : float, default 0.95
        Coverage, between 0 and 1.
    seed : int
        Of a local generator: the same seed gives the same interval.

    Returns
    -------
    BootstrapInterval

    Raises
    ------
    FitRefusedError
        If more than a fifth of the draws cannot carry the model: the fit itself is then in doubt.
    ValueError
        If an argument is not what it should be.

    Examples
    --------
    >>> from customer_insight.clv import ShiftedBetaGeometric
    >>> survivors = [1000, 869, 743, 653, 593, 551, 517, 491]
    >>> model = ShiftedBetaGeometric().fit(survivors)
    >>> found = bootstrap(model, survivors, lambda m: m.survival(12)[-1], seed=1)
    >>> bool(found.low < found.estimate < found.high)
    True
    """
    confidence = check_share(confidence, "confidence")
    if isinstance(resamples, bool) or not isinstance(resamples, int):
        raise ValueError(f"resamples is {resamples!r}, and must be a whole number.")
    if resamples < FEWEST_RESAMPLES:
        raise ValueError(
            f"resamples is {resamples}, and must be at least {FEWEST_RESAMPLES}: percentiles of "
            "fewer draws are the extremes of chance."
        )
    estimate = np.asarray(answer(model), dtype=float)
    rng = np.random.default_rng(seed)
    answers, refused = [], 0
    for _ in range(resamples):
        try:
            answers.append(np.asarray(answer(model.redraw(data, rng)), dtype=float))
        except FitRefusedError:
            refused += 1
    if refused > MOST_REFUSED * resamples:
        raise FitRefusedError(
            f"{refused} of {resamples} samples drawn from the fitted model could not carry it, so "
            "an interval of the rest would be too narrow. Take more customers or a longer history."
        )
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(answers, [tail, 1.0 - tail], axis=0)
    return BootstrapInterval(estimate, low, high, confidence, resamples, refused)
