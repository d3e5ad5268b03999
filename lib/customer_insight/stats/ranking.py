"""How well a prediction puts customers in order: Spearman, normalised Gini, top capture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.concentration import share_of_top
from customer_insight.stats.inputs import (
    check_share,
    finite_numbers,
    non_negative,
    same_rows,
)
from customer_insight.stats.ranks import TieBlocks, centred_ranks, tie_blocks
from customer_insight.stats.sums import divide, sum_of_products

Floats = NDArray[np.float64]


def spearman(actual: ArrayLike, predicted: ArrayLike) -> float:
    """Spearman's rank correlation, with average ranks for equal values.

    Parameters
    ----------
    actual : array-like, shape (n,)
        What customers did, zero or more, not all equal.
    predicted : array-like, shape (n,)
        What was predicted, in the same order.

    Returns
    -------
    float
        From -1 to 1. A constant prediction has no order and its correlation is undefined; it
        counts as 0, its expected value when the ties are broken at random.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not a finite number, an actual value is negative, or all
        actual values are equal.

    References
    ----------
    Spearman, C. (1904), The proof and measurement of association between two things, American
    Journal of Psychology 15(1).

    Examples
    --------
    >>> round(spearman([0, 1, 2, 3], [0.1, 0.4, 0.2, 0.9]), 3)
    0.8
    >>> spearman([0, 1, 2, 3], [1, 1, 1, 1])
    0.0
    """
    return _score(actual, predicted, 0)


def normalised_gini(actual: ArrayLike, predicted: ArrayLike) -> float:
    """Gini of the actual values in the order of the prediction, over that in their own order.

    Put customers in the order of the prediction and draw how the actual total builds up; the area
    between this curve and the diagonal, divided by the area for the perfect order. Inside a block
    of equal predictions the curve is straight: the expected curve over random orders of the block.

    Parameters
    ----------
    actual : array-like, shape (n,)
        What customers did, zero or more, not all equal.
    predicted : array-like, shape (n,)
        What was predicted, in the same order.

    Returns
    -------
    float
        1 for the perfect order, 0 for a constant prediction, -1 for the reverse of perfect.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not a finite number, an actual value is negative, or all
        actual values are equal.

    Notes
    -----
    It equals Cov(actual, average rank of the prediction) / Cov(actual, average rank of the
    actual): the covariance is linear in the ranks, so breaking ties at random averages to this.

    References
    ----------
    Lerman, R. I. and Yitzhaki, S. (1984), A note on the calculation and interpretation of the
    Gini index, Economics Letters 15.

    Examples
    --------
    >>> normalised_gini([0, 0, 1, 3], [0.2, 0.1, 0.7, 0.6])
    0.6
    """
    return _score(actual, predicted, 1)


def top_capture(actual: ArrayLike, predicted: ArrayLike, *, top: float = 0.10) -> float:
    """Share of the actual total that lies with the customers predicted highest.

    ``top`` of 0.10 is the top-decile capture. Where the border runs through a block of equal
    predictions, the block counts by the fraction of it that is inside.

    Parameters
    ----------
    actual : array-like, shape (n,)
        What customers did, zero or more, not all equal.
    predicted : array-like, shape (n,)
        What was predicted, in the same order.
    top : float, default 0.10
        Share of customers, strictly between 0 and 1.

    Returns
    -------
    float
        From 0 to 1; exactly ``top`` for a constant prediction.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not a finite number, an actual value is negative, all
        actual values are equal, or ``top`` is not strictly between 0 and 1.

    Examples
    --------
    >>> top_capture([0, 0, 1, 3], [0.2, 0.1, 0.7, 0.6], top=0.25)
    0.25
    >>> top_capture([0, 0, 1, 3], [1, 1, 1, 1])
    0.1
    """
    return _score(actual, predicted, 2, check_share(top, "top"))


@dataclass(frozen=True, eq=False)
class RankingScores:
    """The three scores of one prediction, prepared for any number of resamples.

    Build it with :func:`ranking_scores`; call it with the ranks of the actual values and how often
    each row was drawn.
    """

    actual: TieBlocks
    predicted: TieBlocks
    amounts: Floats
    actual_block: NDArray[np.intp]
    top: float

    def __call__(self, reference: "ActualRanks", counts: Floats) -> Floats:
        """Return Spearman, normalised Gini and top capture of each resample, shape (b, 3).

        NaN where all actual values drawn are equal (and, for the capture, are 0).
        """
        drawn = np.take(counts, self.predicted.order, axis=-1)
        sizes = self.predicted.sums(drawn)
        of_blocks = centred_ranks(sizes)
        ranks = self.predicted.spread(of_blocks)
        area = sum_of_products(drawn, self.amounts, ranks)
        spread = sum_of_products(drawn, ranks, ranks)
        actual = np.take(reference.ranks, self.actual_block, axis=-1)
        rho = divide(sum_of_products(drawn, ranks, actual), np.sqrt(spread * reference.spread))
        rho = np.where((spread == 0) & (reference.spread > 0), 0.0, np.clip(rho, -1.0, 1.0))
        capture = self._capture(drawn, sizes, of_blocks)
        return np.stack([rho, divide(area, reference.area), capture], axis=-1)

    def _capture(self, drawn: Floats, sizes: Floats, ranks: Floats) -> Floats:
        """Share of the top, looking block by block only at blocks that the border can reach."""
        n = drawn.sum(axis=-1)
        # A block whose middle lies above the border has a rank beyond this; one may straddle it.
        border = (1 - 2 * self.top) * n
        reached = [np.searchsorted(*line, side="right") for line in zip(ranks, border, strict=True)]
        first = max(0, min(reached) - 1)
        place = self.predicted.starts[first]
        amounts = drawn[:, place:] * self.amounts[place:]
        if not self.predicted.untied:
            amounts = np.add.reduceat(amounts, self.predicted.starts[first:] - place, axis=-1)
        below = sum_of_products(drawn[:, :place], self.amounts[:place])
        return share_of_top(amounts, sizes[:, first:], self.top, amount_below=below, n=n)


@dataclass(frozen=True, eq=False)
class ActualRanks:
    """Ranks of the actual values in each resample, and what every prediction is held against.

    Attributes
    ----------
    ranks : ndarray, shape (b, blocks)
        Centred ranks of each block of equal actual values.
    area : ndarray, shape (b,)
        Sum of actual value times centred rank: the perfect order's Gini, unscaled.
    spread : ndarray, shape (b,)
        Sum of squared centred ranks; 0 where all actual values drawn are equal.
    """

    ranks: Floats
    area: Floats
    spread: Floats


def actual_ranks(blocks: TieBlocks, amounts: Floats, counts: Floats) -> ActualRanks:
    """Rank the actual values of each resample.

    Parameters
    ----------
    blocks : TieBlocks
        Of the actual values.
    amounts : ndarray, shape (d,)
        Actual values, rising.
    counts : ndarray, shape (b, d)
        How often each row was drawn.
    """
    drawn = np.take(counts, blocks.order, axis=-1)
    sizes = blocks.sums(drawn)
    ranks = centred_ranks(sizes)
    area = sum_of_products(drawn, amounts, blocks.spread(ranks))
    return ActualRanks(ranks, area, sum_of_products(sizes, ranks, ranks))


def ranking_scores(
    actual: Floats, blocks: TieBlocks, predicted: Floats, top: float
) -> RankingScores:
    """Prepare the scores of one prediction; ``blocks`` are those of ``actual``."""
    order = tie_blocks(predicted)
    block_of_row = blocks.to_rows(np.arange(blocks.starts.size))
    return RankingScores(blocks, order, actual[order.order], block_of_row[order.order], top)


def _score(actual: ArrayLike, predicted: ArrayLike, which: int, top: float = 0.10) -> float:
    same_rows(actual, predicted, "predicted")
    known = not_all_equal(non_negative(actual, "actual"))
    blocks = tie_blocks(known)
    counts = np.ones((1, known.size))
    scores = ranking_scores(known, blocks, finite_numbers(predicted, "predicted"), top)
    return float(scores(actual_ranks(blocks, known[blocks.order], counts), counts)[0, which])


def not_all_equal(actual: Floats) -> Floats:
    """Return the actual values, refusing a hold-out in which everybody did the same.

    Raises
    ------
    ValueError
        If all are equal.
    """
    if (actual == actual[0]).all():
        kind = "0" if actual[0] == 0 else "equal"
        raise ValueError(
            f"all {actual.size} actual values are {kind}, so no order of customers is better than "
            "another and no prediction can be told from the next. Use a longer hold-out or more "
            "customers, and check that the right column was passed."
        )
    return actual
