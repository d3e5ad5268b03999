import numpy as np
import pytest
from scipy import stats as scipy_stats

from customer_insight.stats.mean_intervals import mean_difference, mean_interval, normal_interval

# Student's sleep data, as in R's help of t.test
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_welchs_interval_of_students_sleep_data_as_r_prints_it():
    found = mean_difference(DRUG_1, DRUG_2)
    assert found.estimate == pytest.approx(0.75 - 2.33)
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)
    assert found.n == 20


def test_students_interval_is_scipys():
    found = mean_interval(DRUG_2, confidence=0.9)
    expected = scipy_stats.ttest_1samp(DRUG_2, 0).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx(tuple(expected))
    assert (found.estimate, found.n, found.confidence) == (pytest.approx(2.33), 10, 0.9)


def test_the_normal_interval_by_hand():
    found = normal_interval(10.0, 2.0, n=5)
    assert (found.low, found.high) == pytest.approx((10 - 2 * 1.959964, 10 + 2 * 1.959964))
    assert found.n == 5


def test_row_order_changes_no_byte():
    values = np.random.default_rng(1).exponential(size=501)
    shuffled = np.random.default_rng(2).permutation(values)
    assert mean_interval(shuffled) == mean_interval(values)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_interval([1] * 9), "at least 10 are needed"),
        (lambda: mean_interval([1] * 10), "all values are equal"),
        (lambda: mean_difference([1] * 10, [2] * 10), "all values are equal"),
        (lambda: mean_difference(DRUG_1, DRUG_2[:9]), "control .*at least 10 are needed"),
        (lambda: mean_interval(DRUG_1, confidence=95), "confidence is 95, and must be a share"),
        (lambda: normal_interval(1.0, 0.0, n=3), "standard error 0, .* width 0"),
    ],
)
def test_what_has_no_interval_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_one_side_may_be_constant():
    found = mean_difference(DRUG_1, [0.0] * 10)
    assert (found.low, found.high) == pytest.approx(
        (mean_interval(DRUG_1).low, mean_interval(DRUG_1).high)
    )


@pytest.mark.evidence
def test_coverage_of_skewed_money_is_what_the_notes_say():
    rng = np.random.default_rng(5)
    samples = [rng.exponential(size=200) for _ in range(4000)]
    tens = [sample[:10] for sample in samples]
    pairs = zip(samples[::2], samples[1::2], strict=True)
    alone, short = (
        np.mean([(i := mean_interval(s)).low <= 1 <= i.high for s in drawn])
        for drawn in (samples, tens)
    )
    both = np.mean([(i := mean_difference(s, t)).low <= 0 <= i.high for s, t in pairs])
    assert alone == pytest.approx(0.95, abs=0.01)
    assert short == pytest.approx(0.90, abs=0.015)
    assert both == pytest.approx(0.95, abs=0.015)
