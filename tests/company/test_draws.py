"""Draws: the right distributions, from streams that do not disturb each other."""

import numpy as np
import pytest
from scipy import stats

from customer_insight.company.draws import WEIGHT_TOTAL, Draws, row_edges

N = 40_000
LEAST = 1e-4  # of a Kolmogorov-Smirnov test; the seeds are fixed, so that nothing is left to chance


def stream(what):
    return Draws(11).of("test", what)


def test_a_stream_depends_on_its_name_and_the_seed_only():
    first = Draws(5).of("orders", "gaps", 3)
    Draws(5).of("customers", "age").uniform(1000)
    assert (first.uniform(5) == Draws(5).of("orders", "gaps", 3).uniform(5)).all()
    others = [
        Draws(6).of("orders", "gaps", 3),
        Draws(5).of("orders", "gaps", 4),
        Draws(5).of("orders", "coins", 3),
    ]
    for other in others:
        assert not (Draws(5).of("orders", "gaps", 3).uniform(5) == other.uniform(5)).any()


@pytest.mark.parametrize("shape", [0.05, 0.5, 1.0, 2.5, 40.0])
def test_gamma(shape):
    drawn = stream(f"gamma {shape}").gamma(np.full(N, shape))
    assert (drawn >= 0).all()
    assert stats.kstest(drawn, "gamma", args=(shape,)).pvalue > LEAST


def test_beta_exponential_and_normal():
    beta = stream("beta").beta(np.full(N, 0.9), 3.6)
    assert stats.kstest(beta, "beta", args=(0.9, 3.6)).pvalue > LEAST
    assert stats.kstest(stream("exponential").exponential(N), "expon").pvalue > LEAST
    assert stats.kstest(stream("normal").normal(N), "norm").pvalue > LEAST


@pytest.mark.parametrize("mean", [0.0, 0.3, 4.0, 39.0])
def test_poisson(mean):
    drawn = stream(f"poisson {mean}").poisson(np.full(N, mean))
    counts = np.bincount(drawn, minlength=120)[:120] / N
    expected = stats.poisson.pmf(np.arange(120), mean)
    assert np.abs(np.cumsum(counts) - np.cumsum(expected)).max() < 2 / np.sqrt(N)


@pytest.mark.parametrize("probability", [1e-6, 0.02, 0.6, 1.0])
def test_geometric(probability):
    drawn = stream(f"geometric {probability}").geometric(np.full(N, probability))
    mean = (1 - probability) / probability
    spread = np.sqrt(1 - probability) / probability / np.sqrt(N)
    assert abs(drawn.mean() - mean) <= 4 * spread


def test_pick_follows_the_weights_and_never_takes_what_weighs_nothing():
    drawn = np.bincount(stream("pick").pick([1, 0, 3], N), minlength=3) / N
    assert drawn[1] == 0
    assert abs(drawn[0] - 0.25) < 0.01


def test_pick_by_row_takes_each_row_for_itself():
    edges = row_edges([[1, 1, 0], [0, 0, 1], [1, 2, 1]])
    rows = np.repeat([0, 1, 2], N)
    drawn = stream("rows").pick_by_row(edges, rows)
    shares = [np.bincount(drawn[rows == row], minlength=3) / N for row in range(3)]
    np.testing.assert_allclose(shares, [[0.5, 0.5, 0], [0, 0, 1], [0.25, 0.5, 0.25]], atol=0.01)


def test_row_edges_end_at_the_total_and_refuse_an_empty_row():
    assert row_edges([[0.1, 0.2]])[0, -1] == WEIGHT_TOTAL
    for bad in ([[0, 0]], [[1, -1]]):
        with pytest.raises(ValueError, match="one in each row must be above 0"):
            row_edges(bad)


def test_order_is_a_permutation():
    assert sorted(stream("order").order(100).tolist()) == list(range(100))
