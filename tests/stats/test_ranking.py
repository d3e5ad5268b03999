from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from customer_insight.stats.ranking import normalised_gini, spearman, top_capture

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(-2, 2)), min_size=2, max_size=25).filter(
    lambda rows: len({actual for actual, _ in rows}) > 1
)
small_pairs = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=6
).filter(lambda rows: len({actual for actual, _ in rows}) > 1)


def gini_of_one_order(actual):
    """Kaggle's Gini: area between the running share of the total and the diagonal."""
    n = len(actual)
    return (np.cumsum(actual) / np.sum(actual) - np.arange(1, n + 1) / n).sum() / n


def orders(actual, predicted):
    """Actual values by falling prediction, for every way to break the ties."""
    rows = list(zip(predicted, actual, strict=True))
    for way in permutations(rows):
        if all(way[i][0] >= way[i + 1][0] for i in range(len(way) - 1)):
            yield [actual for _, actual in way]


def test_by_hand():
    actual, predicted = [0, 2, 1, 5, 2], [0.3, 0.2, 0.1, 0.9, 0.9]
    # Twice the centred ranks of the prediction, by row: 0, -2, -4, 3, 3; of the actual: -4, 1, -2,
    # 4, 1. Times the actual: -4 + -4 + 15 + 6 = 13, at best 2 - 2 + 20 + 2 = 22.
    assert normalised_gini(actual, predicted) == pytest.approx(13 / 22)
    assert spearman(actual, predicted) == pytest.approx(21 / np.sqrt(38 * 38))
    # The top 20 % is one customer: half of each of the two on top, (5 + 2) / 2 of 10.
    assert top_capture(actual, predicted, top=0.2) == pytest.approx(0.35)


@given(small_pairs)
def test_ties_are_the_mean_over_every_order(rows):
    actual, predicted = zip(*rows, strict=True)
    best = gini_of_one_order(sorted(actual, reverse=True))
    ways = list(orders(actual, predicted))
    expected_gini = np.mean([gini_of_one_order(way) for way in ways]) / best
    assert normalised_gini(actual, predicted) == pytest.approx(expected_gini, abs=1e-12)
    first = np.mean([way[0] for way in ways]) / sum(actual)
    capture = top_capture(actual, predicted, top=1 / len(actual))
    assert capture == pytest.approx(first, abs=1e-12)


@given(pairs)
def test_spearman_equals_scipy(rows):
    actual, predicted = map(list, zip(*rows, strict=True))
    if len(set(predicted)) > 1:
        expected = spearmanr(actual, predicted).statistic
        assert spearman(actual, predicted) == pytest.approx(expected, abs=1e-12)


def test_for_bought_or_not_the_gini_is_twice_the_auc_less_one():
    rng = np.random.default_rng(1)
    bought, score = rng.integers(0, 2, 200), rng.integers(0, 9, 200)
    expected = 2 * roc_auc_score(bought, score) - 1
    assert normalised_gini(bought, score) == pytest.approx(expected, abs=1e-12)


@given(pairs, st.floats(-100, 100))
def test_a_constant_prediction_scores_exactly_nothing(rows, constant):
    actual = [actual for actual, _ in rows]
    same = [constant] * len(actual)
    assert (spearman(actual, same), normalised_gini(actual, same)) == (0.0, 0.0)
    assert top_capture(actual, same) == 0.1
    assert top_capture(actual, same, top=0.37) == 0.37


@given(pairs)
def test_the_perfect_order_scores_one_and_its_reverse_minus_one(rows):
    actual = np.array([actual for actual, _ in rows])
    assert normalised_gini(actual, 3 * actual + 1) == 1.0
    assert normalised_gini(actual, -actual) == pytest.approx(-1.0)
    assert spearman(actual, np.exp(actual)) == pytest.approx(1.0)


@given(pairs, st.randoms(use_true_random=False))
def test_whole_numbers_score_the_same_in_any_row_order(rows, random):
    shuffled = random.sample(rows, len(rows))
    for score in (spearman, normalised_gini, top_capture):
        assert score(*zip(*rows, strict=True)) == score(*zip(*shuffled, strict=True))


@pytest.mark.parametrize("score", [spearman, normalised_gini, top_capture])
@pytest.mark.parametrize(
    ("actual", "predicted", "message"),
    [
        ([1, 1, 1], [1, 2, 3], "all 3 actual values are equal, so no order"),
        ([0, 0], [1, 2], "all 2 actual values are 0, so no order"),
        ([3], [1], "all 1 actual values are equal"),
        ([1, -2], [1, 2], "actual: 1 of 2 values are negative, at positions 1 "),
        ([1, 2], [1, np.inf], "predicted: 1 of 2 values are infinite, at positions 1 "),
        ([1, 2], [1, 2, 3], r"predicted has shape \(3,\) and actual has \(2,\)"),
    ],
)
def test_what_cannot_be_ranked_is_refused(score, actual, predicted, message):
    with pytest.raises(ValueError, match=message):
        score(actual, predicted)
