import numpy as np
import pytest

from customer_insight.stats.share_intervals import share_difference, share_interval


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_as_in_newcombe_1998_two_sided_single_proportion(successes, n, low, high):
    found = share_interval(successes, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("treated", "control", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_differences_in_table_ii_of_newcombe_1998_method_10(treated, control, low, high):
    found = share_difference(treated, control)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_all_or_nobody_still_has_a_width():
    assert share_interval(20, 20).high == 1.0
    assert share_interval(20, 20).low == pytest.approx(1 - share_interval(0, 20).high)


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 5), (0.5, 5), (0, 0), (True, 5)])
def test_what_is_no_count_is_refused(successes, n):
    with pytest.raises(ValueError, match=r"whole numbers of customers.*not shares"):
        share_interval(successes, n)


@pytest.mark.evidence
def test_differences_of_small_shares_are_covered():
    rng = np.random.default_rng(3)
    one, other = rng.binomial(150, 0.05, 4000), rng.binomial(100, 0.02, 4000)
    held = [
        (i := share_difference((int(a), 150), (int(b), 100))).low <= 0.03 <= i.high
        for a, b in zip(one, other, strict=True)
    ]
    assert 0.945 < np.mean(held) < 0.985
