import numpy as np
import pytest
from scipy.stats import bootstrap, chi2

from customer_insight.stats import resampling
from customer_insight.stats.resampling import (
    bootstrap_interval,
    distinct_rows,
    percentile_interval,
    resample,
    weighted_mean,
)


def means(values, **options):
    return bootstrap_interval(values, **({"seed": 1} | options))


@pytest.mark.parametrize("decimals", [0, 6])
def test_the_interval_is_close_to_scipys(decimals):
    values = np.random.default_rng(5).exponential(3, 400).round(decimals)
    ours = means(values, resamples=20_000)
    peer = bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((peer.low, peer.high), abs=0.01)
    assert ours.estimate == pytest.approx(values.mean())
    assert (ours.confidence, ours.n) == (0.95, 400)


def test_a_normal_sample_gets_its_textbook_width():
    values = np.random.default_rng(1).normal(size=2_000)
    interval = means(values, resamples=20_000)
    half_width = 1.959964 * values.std() / np.sqrt(2_000)
    assert interval.high - interval.low == pytest.approx(2 * half_width, rel=0.02)


@pytest.mark.parametrize("counts", [[1] * 6, [1, 2, 3], [40, 1, 59]])
def test_each_resample_is_multinomial(counts):
    counts = np.array(counts)
    n = counts.sum()
    drawn = resample(lambda drawn: drawn.copy(), counts, resamples=20_000, seed=1)
    assert (drawn.sum(axis=1) == n).all()
    share = counts / n
    assert drawn.mean(axis=0) == pytest.approx(counts, abs=5 * np.sqrt(n / 20_000))
    expected = n * (np.diag(share) - np.outer(share, share))
    assert np.cov(drawn.T, bias=True) == pytest.approx(expected, abs=0.05 * expected.max())


def test_both_ways_to_draw_have_one_distribution():
    counts, rng = np.array([3, 1, 6]), np.random.default_rng(1)
    by_row = resampling._draw_by_row(rng, counts, 20_000)
    by_distinct_row = resampling._draw_by_distinct_row(rng, counts, 20_000)
    table = np.array(
        [np.bincount(d[:, 0].astype(int), minlength=11) for d in (by_row, by_distinct_row)]
    )
    table = np.column_stack([table[:, :7], table[:, 7:].sum(axis=1)])
    expected = table.sum(axis=0) / 2
    statistic = ((table - expected) ** 2 / expected).sum()
    assert statistic < chi2(df=7).ppf(0.999)


@pytest.mark.parametrize("decimals", [0, 6])
def test_row_order_changes_no_byte(decimals):
    rng = np.random.default_rng(1)
    values = rng.exponential(3, 500).round(decimals)
    assert means(values) == means(rng.permutation(values)) == means(values[::-1])


def test_the_seed_alone_decides_and_leaves_the_global_generator_alone():
    values = np.random.default_rng(1).exponential(size=50)
    before = np.random.get_state()[1].tolist()
    assert means(values, seed=3) == means(values, seed=3)
    assert means(values, seed=3) != means(values, seed=4)
    assert np.random.get_state()[1].tolist() == before


def test_the_size_of_a_chunk_changes_no_draw(monkeypatch):
    counts = np.ones(100, dtype=int)
    whole = resample(lambda drawn: drawn.copy(), counts, resamples=300, seed=1)
    monkeypatch.setattr(resampling, "_CELLS", 700)
    chunks = resample(lambda drawn: drawn.copy(), counts, resamples=300, seed=1)
    assert (whole == chunks).all()


def test_what_is_held_at_once_is_bounded():
    largest = []

    def statistic(drawn):
        largest.append(drawn.size)
        return drawn.sum(axis=1)

    resample(statistic, np.ones(1_000, dtype=int), resamples=1_000, seed=1)
    assert max(largest) <= resampling._CELLS
    assert sum(largest) == 1_000 * 1_000


def test_percentiles_leave_equal_tails():
    low, high = percentile_interval(np.arange(2001.0)[:, None] * [1, -1], 0.9)
    assert low == pytest.approx([100, -1900])
    assert high == pytest.approx([1900, -100])


def test_distinct_rows_are_sorted_and_counted():
    table = np.array([[2.0, 1.0], [1.0, 9.0], [2.0, 0.0], [1.0, 9.0]])
    rows, counts = distinct_rows(table)
    assert rows.tolist() == [[1.0, 9.0], [2.0, 0.0], [2.0, 1.0]]
    assert counts.tolist() == [2, 1, 1]


def test_weighted_mean_of_several_resamples():
    values = np.array([1.0, 4.0])
    assert weighted_mean(values, np.array([[2.0, 1.0], [0.0, 3.0]])).tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([1], {}, "values has 1 values, and at least 10 are needed"),
        (range(9), {}, "values has 9 values, and at least 10"),
        ([2] * 30, {}, "all 30 values are equal.*width 0 would pass for certainty"),
        (
            [1, np.nan] * 10,
            {},
            "10 of 20 values are missing, at positions 1, 3, 5, 7, 9 and 5 more",
        ),
        (range(20), {"confidence": 95}, "write 0.95 for 95 %"),
        (range(20), {"resamples": 100}, "at least 200 at 0.95"),
        (range(20), {"seed": None}, "seed is None"),
    ],
)
def test_what_gives_no_interval_is_refused(values, options, message):
    with pytest.raises(ValueError, match=message):
        bootstrap_interval(values, **options)


def test_a_statistic_that_is_undefined_in_some_resample_is_refused():
    def ratio(values, counts):
        buyers = counts[:, values > 0].sum(axis=1)
        return np.where(buyers > 0, 1.0, np.nan)

    with pytest.raises(ValueError, match=r"undefined in \d+ of 1000 resamples: too few customers"):
        bootstrap_interval([0] * 19 + [1], statistic=ratio)


@pytest.mark.evidence
@pytest.mark.parametrize(
    ("draw", "truth", "n", "lowest", "highest"),
    [
        ("normal", 0.0, 10, 0.86, 0.93),
        ("normal", 0.0, 200, 0.93, 0.97),
        ("exponential", 1.0, 10, 0.81, 0.90),
        ("exponential", 1.0, 200, 0.92, 0.96),
        ("negative binomial", 0.25, 200, 0.90, 0.96),
        ("negative binomial", 0.25, 2_000, 0.93, 0.97),
    ],
)
def test_an_interval_of_the_mean_covers_the_truth_about_as_often_as_it_says(
    draw, truth, n, lowest, highest
):
    rng = np.random.default_rng(7)
    sample = {
        "normal": lambda: rng.normal(size=n),
        "exponential": lambda: rng.exponential(size=n),
        "negative binomial": lambda: rng.poisson(rng.gamma(0.25, 1.0, n)),
    }[draw]
    intervals = [means(sample(), resamples=500, seed=k) for k in range(1_000)]
    covered = np.mean([i.low <= truth <= i.high for i in intervals])
    print(f"{draw}, n = {n}: 95 % interval of the mean covers {covered:.1%}")
    assert lowest <= covered <= highest
