"""The Kaplan-Meier curve, held to a published example."""

import numpy as np
import pytest

from customer_insight.stats import kaplan_meier, time_by_which

# Weeks in remission under 6-MP (Freireich and others 1963, Blood 21), as in Kalbfleisch and
# Prentice: relapses, and patients still in remission.
RELAPSED = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
STILL_WELL = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
WEEKS = sorted({*RELAPSED, *STILL_WELL})


@pytest.fixture(scope="module")
def curve():
    """Return the published curve."""
    return kaplan_meier(
        WEEKS,
        [RELAPSED.get(week, 0) for week in WEEKS],
        [STILL_WELL.get(week, 0) for week in WEEKS],
    )


def test_the_published_curve_comes_out(curve):
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    published = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.waiting.round(4).tolist() == published


def test_the_interval_is_log_log_with_greenwoods_variance(curve):
    # standard error .0764 at week 6 and .1346 at week 23 are printed with the example
    for row, error in ((0, 0.0764), (6, 0.1346)):
        at, low, high = curve.loc[row, ["waiting", "low", "high"]]
        spread = 1.959964 * error / (at * abs(np.log(at)))
        assert low == pytest.approx(at ** np.exp(spread), abs=2e-3)
        assert high == pytest.approx(at ** np.exp(-spread), abs=2e-3)


def test_the_median_is_23_weeks_and_has_no_upper_end(curve):
    middle, low, high = time_by_which(curve, share=0.5)
    assert (middle, low, high) == (23, 13, None)


def test_nothing_is_said_beyond_the_curve(curve):
    assert time_by_which(curve, share=0.9) == (None, None, None)


def test_leaving_out_who_still_waits_would_say_too_soon(curve):
    finished = kaplan_meier(list(RELAPSED), list(RELAPSED.values()), [0] * len(RELAPSED))
    assert time_by_which(finished, share=0.5)[0] == 10


def test_order_of_the_rows_does_not_matter(curve):
    back = WEEKS[::-1]
    again = kaplan_meier(
        back, [RELAPSED.get(week, 0) for week in back], [STILL_WELL.get(week, 0) for week in back]
    )
    assert again.equals(curve)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (([1, 1], [1, 1], [0, 0]), "twice"),
        (([1, 2], [0, 0], [3, 1]), "never happened"),
        (([1, 2], [1], [0, 0]), "2, 1 and 2 values"),
        (([-1, 2], [1, 1], [0, 0]), "times"),
    ],
)
def test_what_is_no_such_table_is_refused(counts, said):
    with pytest.raises(ValueError, match=said):
        kaplan_meier(*counts)
