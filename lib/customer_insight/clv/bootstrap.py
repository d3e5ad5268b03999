"""Intervals by parametric bootstrap: draw from the fitted models, fit again, ask again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.gamma_gamma import GammaGamma
from customer_insight.clv.purchase_model import PurchaseModel
from customer_insight.clv.refused_draws import too_many_refused
from customer_insight.stats.inputs import check_seed, check_share
from customer_insight.stats.resampling import percentile_interval

Array = NDArray[np.float64]

FEWEST_RESAMPLES = 40  # a 95 % interval then has one draw beyond each end
MOST_REFUSED = 0.2


class Redrawable(Protocol):
    """A fitted model that can be fitted again to data drawn from itself."""

    def redraw(self, data: Any, rng: np.random.Generator) -> Self:
        """Return a model fitted to data like these, drawn from this one."""


@dataclass(frozen=True)
class BootstrapInterval:
    """An answer of a model, or of two, with the interval of the same answer over redrawn data.

    Attributes
    ----------
    estimate, low, high : float or ndarray
        In the unit and shape of the answer; a float where the answer is one number.
    confidence : float
    resamples, refused : int
        Draws made, and those to which a model could not be fitted; these are left out.
    """

    estimate: float | Array
    low: float | Array
    high: float | Array
    confidence: float
    resamples: int
    refused: int


def bootstrap(
    models: Redrawable | tuple[PurchaseModel, GammaGamma],
    data: Any,
    answer: Callable[..., ArrayLike],
    *,
    resamples: int = 200,
    confidence: float = 0.95,
    seed: int,
) -> BootstrapInterval:
    """Return the interval of an answer of a model, or of two, by parametric bootstrap (Efron 1985).

    As many customers as in the data, observed as long, are drawn from the fitted model; the model
    is fitted to the draw and asked the same. The interval runs between percentiles of the answers.

    A model of purchases and one of spend go together, as a pair: customers are drawn once, their
    purchases from the one model and the money of just these purchases from the other, and both are
    fitted to that draw. The interval of a value then holds what is not known of either.

    Parameters
    ----------
    models : fitted model, or tuple of two
        Of this package. The pair is ``(purchases, spend)``: a ``BGNBD``, ``MBGNBD`` or
        ``ParetoNBD``, and a ``GammaGamma``.
    data : summary or survivors
        What it was fitted to, or both were.
    answer : callable
        From a model to a number or an array, such as
        ``lambda m: m.expected_purchases(summary, horizon="52 weeks").sum()``. With a pair it takes
        two, purchases and spend.
    resamples : int, default 200
        Draws.
    confidence : float, default 0.95
        Coverage, between 0 and 1.
    seed : int
        Of a local generator: the same seed gives the same interval, in whatever order the rows
        stand.

    Returns
    -------
    BootstrapInterval

    Raises
    ------
    FitRefusedError
        If more than a fifth of the draws cannot carry a model: the fit itself is then in doubt.
        The message counts them by model, with the commonest reason and what to try.
    ValueError
        If an argument is not what it should be, or a draw has no answer (no mean spend, say).

    Notes
    -----
    The interval covers what is not known of the parameters, not how single customers will happen
    to act, not what spend and frequency may have to do with each other, and not that a model
    itself may be wrong.

    Examples
    --------
    >>> from customer_insight.clv import BGNBD, ShiftedBetaGeometric
    >>> survivors = [1000, 869, 743, 653, 593, 551, 517, 491]
    >>> model = ShiftedBetaGeometric().fit(survivors)
    >>> found = bootstrap(model, survivors, lambda m: m.survival(12)[-1], seed=1)
    >>> found.low < found.estimate < found.high
    True

    The money of a year from a purchase model and a spend model, here of published parameters:

    >>> import polars
    >>> purchases = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spend = GammaGamma.from_parameters(p=6.25, q=3.74, v=15.44)
    >>> drawn = purchases.simulate([39.0] * 1000, seed=1)
    >>> money = spend.simulate(drawn["repeat_purchases"], seed=2)
    >>> summary = polars.DataFrame(drawn | {"repeat_amount": money})
    >>> def value(purchases, spend):
    ...     expected = purchases.expected_purchases(summary, horizon="52 weeks")
    ...     return expected @ spend.expected_spend(summary)
    >>> found = bootstrap((purchases, spend), summary, value, resamples=40, seed=1)
    >>> found.low < found.estimate < found.high
    True
    """
    fitted, redraw = _fitted(models), _redraw_pair if isinstance(models, tuple) else _redraw_one
    confidence, rng = check_share(confidence, "confidence"), np.random.default_rng(check_seed(seed))
    _check_resamples(resamples)
    estimate = _numbers(answer(*fitted))
    answers, refused = [], []
    for draw in range(1, resamples + 1):
        try:
            drawn = redraw(fitted, data, rng)
        except FitRefusedError as error:
            refused.append(error)
            continue
        answers.append(_answer_of_draw(answer, drawn, like=estimate, which=(draw, resamples)))
    if len(refused) > MOST_REFUSED * resamples:
        raise FitRefusedError(too_many_refused(refused, resamples))
    ends = map(_plain, (estimate, *percentile_interval(np.array(answers), confidence)))
    return BootstrapInterval(*ends, confidence, resamples, len(refused))


def _fitted(models: Any) -> tuple[Any, ...]:
    """Return the models as a tuple, or say what was given instead."""
    if not isinstance(models, tuple):
        if not callable(getattr(models, "redraw", None)) or isinstance(models, type):
            raise ValueError(
                f"models is a {type(models).__name__}, and must be a fitted model of this package, "
                "or a tuple of two, (purchases, spend). The peers' models cannot be drawn again."
            )
        return (models,)
    kinds = [type(model).__name__ for model in models]
    pair = len(models) == 2 and all(map(isinstance, models, (PurchaseModel, GammaGamma)))
    if not pair:
        raise ValueError(
            f"models is ({', '.join(kinds)}), and a tuple must be (purchases, spend): a BGNBD, "
            "MBGNBD or ParetoNBD first, then a GammaGamma. Only these two describe the same "
            "customers, so that both can be fitted to one draw."
        )
    return models


def _redraw_one(fitted: tuple[Any, ...], data: Any, rng: np.random.Generator) -> tuple[Any, ...]:
    return (fitted[0].redraw(data, rng),)


def _redraw_pair(fitted: tuple[Any, ...], data: Any, rng: np.random.Generator) -> tuple[Any, ...]:
    purchases, spend = fitted
    drawn = purchases.draw_histories(data, rng)
    return purchases.refit(drawn), spend.redraw_spend(drawn.x, rng)


def _answer_of_draw(
    answer: Callable[..., ArrayLike],
    drawn: tuple[Any, ...],
    *,
    like: Array,
    which: tuple[int, int],
) -> Array:
    try:
        found = _numbers(answer(*drawn))
    except ValueError as error:
        raise ValueError(
            f"draw {which[0]} of {which[1]} from the fitted model has no answer: {error} An "
            "interval of the draws that have one would be too narrow. Ask for what every draw has, "
            "or take more customers."
        ) from error
    if found.shape != like.shape:
        raise ValueError(
            f"the answer has shape {like.shape} for the fitted model and {found.shape} for a draw "
            "from it. Ask both about the same customers."
        )
    return found


def _numbers(answer: ArrayLike) -> Array:
    numbers = np.asarray(answer, dtype=float)
    bad = int(np.count_nonzero(~np.isfinite(numbers)))
    if bad:
        raise ValueError(
            f"the answer is missing or infinite in {bad:,} of {numbers.size:,} numbers, and an "
            "interval needs finite ones."
        )
    return numbers


def _plain(numbers: Array) -> float | Array:
    return numbers if np.ndim(numbers) else float(numbers)


def _check_resamples(resamples: int) -> None:
    if isinstance(resamples, bool) or not isinstance(resamples, int):
        raise ValueError(f"resamples is {resamples!r}, and must be a whole number.")
    if resamples < FEWEST_RESAMPLES:
        raise ValueError(
            f"resamples is {resamples}, and must be at least {FEWEST_RESAMPLES}: percentiles of "
            "fewer draws are the extremes of chance."
        )
