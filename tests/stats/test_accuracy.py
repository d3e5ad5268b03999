import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

from customer_insight.stats.accuracy import (
    PredictionMeasures,
    comparable,
    comparable_labels,
    measure_labels,
)
from customer_insight.stats.ranking import normalised_gini, spearman, top_capture
from customer_insight.stats.resampling import distinct_rows


def sample(n=300, seed=1):
    rng = np.random.default_rng(seed)
    actual = rng.poisson(rng.gamma(0.5, 2.0, n)).astype(float)
    close, coarse = actual + rng.normal(0, 1, n), rng.integers(0, 3, n).astype(float)
    return np.column_stack([actual, close, coarse, np.full(n, 0.7)])


def test_by_hand():
    rows = np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 7.0]])
    bias, ratio, mae, rmse = PredictionMeasures(rows, 0.1)(np.ones((1, 3)))[0, 0, :4]
    assert (bias, ratio) == (1.0, 1.5)
    assert (mae, rmse) == (pytest.approx(5 / 3), pytest.approx(np.sqrt(11 / 3)))


def test_the_errors_equal_scikit_learns_and_the_rankings_the_single_functions():
    rows = sample()
    measured = PredictionMeasures(rows, 0.1)(np.ones((1, len(rows))))[0]
    for k in (1, 2, 3):
        actual, predicted = rows[:, 0], rows[:, k]
        expected = [
            predicted.mean() - actual.mean(),
            predicted.sum() / actual.sum(),
            mean_absolute_error(actual, predicted),
            root_mean_squared_error(actual, predicted),
            spearman(actual, predicted),
            normalised_gini(actual, predicted),
            top_capture(actual, predicted),
        ]
        assert measured[k - 1] == pytest.approx(expected, abs=1e-12)


def test_counts_mean_the_same_as_rows_written_out():
    rows = sample(200)
    counts = np.random.default_rng(2).multinomial(200, [1 / 200] * 200, size=5)
    by_count = PredictionMeasures(rows, 0.1)(counts.astype(float))
    for line, count in zip(by_count, counts, strict=True):
        written, ones = np.repeat(rows, count, axis=0), np.ones((1, 200))
        assert line == pytest.approx(PredictionMeasures(written, 0.1)(ones)[0], abs=1e-12)


def test_distinct_rows_with_counts_mean_the_same_as_all_rows():
    rows = np.round(sample(400))
    distinct, counts = distinct_rows(rows)
    assert len(distinct) < 400
    by_count = PredictionMeasures(distinct, 0.1)(counts[None, :].astype(float))
    expected = PredictionMeasures(rows, 0.1)(np.ones((1, 400)))
    assert by_count == pytest.approx(expected, abs=1e-12)


def test_a_constant_scores_nothing_in_every_resample():
    rows = sample(200)
    counts = np.random.default_rng(2).multinomial(200, [1 / 200] * 200, size=50).astype(float)
    constant = PredictionMeasures(rows, 0.1)(counts)[:, 2]
    assert set(map(tuple, constant[:, 4:].tolist())) == {(0.0, 0.0, 0.1)}


def test_what_a_resample_leaves_undefined_is_missing_without_a_warning():
    rows = np.array([[0.0, 1.0], [0.0, 2.0], [3.0, 1.0]])
    nobody, all_alike = PredictionMeasures(rows, 0.1)(np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]]))
    assert np.isnan(nobody[0]).tolist() == [False, True, False, False, True, True, True]
    assert np.isnan(all_alike[0]).tolist() == [False, False, False, False, True, True, False]


def test_a_perfect_prediction_has_no_error_at_all():
    rows = np.repeat(sample(100)[:, :1], 2, axis=1)
    measured = PredictionMeasures(rows, 0.1)(np.ones((1, 100)))[0, 0]
    assert measured[:4].tolist() == [0.0, 1.0, 0.0, 0.0]
    assert measured[5] == 1.0


def test_labels_name_the_share_and_only_comparable_measures_are_compared():
    assert measure_labels(0.1)[-1] == "top-decile capture"
    assert measure_labels(0.2)[-1] == "top 20 % capture"
    assert list(comparable_labels(0.2))[1:] == measure_labels(0.2)[2:]
    assert comparable(np.zeros((4, 2, 7))).shape == (4, 2, 6)
