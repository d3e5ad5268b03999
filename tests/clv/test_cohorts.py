import numpy as np
import pytest

from customer_insight.clv import FitRefusedError, ShiftedBetaGeometric

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


def test_cohorts_of_different_length_add_up():
    model = ShiftedBetaGeometric()
    together = model.fit([HIGH_END[:8], HIGH_END[:5]]).parameters
    twice = model.fit([HIGH_END[:5], HIGH_END[:8]]).parameters
    np.testing.assert_allclose(together, twice, rtol=1e-12)
    assert model.n_customers_ == 2000


@pytest.mark.parametrize(
    "survivors",
    [[99, 60, 40], [1000, 500], [1000, 1000, 990], [1000]],
    ids=["few customers", "one renewal", "few losses", "no renewal"],
)
def test_too_little_is_refused_with_what_is_needed(survivors):
    wanted = r"and at least 100 customers, 2 renewals and 20 cancellations are needed"
    with pytest.raises(FitRefusedError, match=wanted):
        ShiftedBetaGeometric().fit(survivors)


@pytest.mark.parametrize(
    ("survivors", "message"),
    [
        ([], "survivors is empty"),
        ([1.0, 0.8, 0.6], "whole numbers of customers, not shares"),
        ([100, None, 50], "none missing"),
        ([100, -5, 50], "whole numbers"),
        ([100, 50, 60], "rises 1 times, and a cohort can only shrink"),
        ([[100, 50], [100, 101]], "cohort 2 of survivors rises"),
    ],
)
def test_what_is_no_cohort_is_refused(survivors, message):
    with pytest.raises(ValueError, match=message):
        ShiftedBetaGeometric().fit(survivors)
