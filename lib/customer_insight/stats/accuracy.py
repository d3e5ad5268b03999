"""All measures of a set of predictions, for one sample or many resamples of it at once."""

import numpy as np
from numpy.typing import NDArray

from customer_insight.stats.ranking import actual_ranks, ranking_scores
from customer_insight.stats.ranks import tie_blocks
from customer_insight.stats.sums import divide, sum_of_products

Floats = NDArray[np.float64]


class PredictionMeasures:
    """Bias, error and ranking measures of several predictions on the same rows.

    Sorting is done once, when it is built; a call then costs a fixed number of passes over the
    rows for each resample.

    Parameters
    ----------
    rows : ndarray, shape (d, 1 + predictions)
        The actual value, then each prediction; in any order, equal rows grouped or not.
    top : float
        Share of customers in the top capture, between 0 and 1.

    Examples
    --------
    >>> rows = np.array([[0.0, 1.0], [0.0, 2.0], [1.0, 1.0], [3.0, 2.0]])
    >>> measures = PredictionMeasures(rows, top=0.5)
    >>> labels = measure_labels(top=0.5)
    >>> dict(zip(labels, measures(np.ones((1, 4)))[0, 0].round(3).tolist()))
    {'bias': 0.5, 'predicted / actual': 1.5, 'MAE': 1.0, 'RMSE': 1.225, 'Spearman': 0.236, \
'normalised Gini': 0.4, 'top 50 % capture': 0.75}
    """

    def __init__(self, rows: Floats, top: float):
        self.actual, *self.predicted = np.ascontiguousarray(rows.T)
        self.blocks = tie_blocks(self.actual)
        self.rising = self.actual[self.blocks.order]
        self.errors = [np.abs(each - self.actual) for each in self.predicted]
        self.rankings = [
            ranking_scores(self.actual, self.blocks, each, top) for each in self.predicted
        ]

    def __call__(self, counts: Floats) -> Floats:
        """Return the measures of each resample, shape (b, predictions, 7).

        They come in the order of :func:`measure_labels`. NaN stands where a measure is undefined:
        all actual values drawn are equal (ranking), or all are 0 (ratio and capture).

        Parameters
        ----------
        counts : ndarray of float, shape (b, d)
            How often each row was drawn.
        """
        reference = actual_ranks(self.blocks, self.rising, counts)
        n, total = counts.sum(axis=-1), sum_of_products(counts, self.actual)
        measures = np.empty((len(counts), len(self.predicted), 7))
        for k, (predicted, error) in enumerate(zip(self.predicted, self.errors, strict=True)):
            predicted_total = sum_of_products(counts, predicted)
            measures[:, k, 0] = (predicted_total - total) / n
            measures[:, k, 1] = divide(predicted_total, total)
            measures[:, k, 2] = sum_of_products(counts, error) / n
            measures[:, k, 3] = np.sqrt(sum_of_products(counts, error, error) / n)
            measures[:, k, 4:] = self.rankings[k](reference, counts)
        return measures


def measure_labels(top: float) -> list[str]:
    """Names of the measures, in the order in which ``PredictionMeasures`` returns them.

    Examples
    --------
    >>> measure_labels(0.10)[-1], measure_labels(0.05)[-1]
    ('top-decile capture', 'top 5 % capture')
    """
    capture = "top-decile capture" if top == 0.10 else f"top {100 * top:g} % capture"
    errors = ["bias", "predicted / actual", "MAE", "RMSE"]
    return [*errors, "Spearman", "normalised Gini", capture]


def comparable(measures: Floats) -> Floats:
    """Turn measures, shape (..., 7), into those of which one can be better than another, (..., 6).

    Bias becomes absolute bias, since both ways off are bad; the ratio of totals says the same and
    is left out.

    Examples
    --------
    >>> comparable(np.array([-0.5, 0.7, 1.0, 2.0, 0.1, 0.2, 0.3])).tolist()
    [0.5, 1.0, 2.0, 0.1, 0.2, 0.3]
    """
    return np.concatenate([np.abs(measures[..., :1]), measures[..., 2:]], axis=-1)


def comparable_labels(top: float) -> dict[str, int]:
    """Names of the comparable measures; -1 where lower is better, 1 where higher is.

    Examples
    --------
    >>> comparable_labels(0.10)
    {'absolute bias': -1, 'MAE': -1, 'RMSE': -1, 'Spearman': 1, 'normalised Gini': 1, \
'top-decile capture': 1}
    """
    labels = ["absolute bias", *measure_labels(top)[2:]]
    return dict(zip(labels, (-1, -1, -1, 1, 1, 1), strict=True))
