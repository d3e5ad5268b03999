from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from customer_insight.stats import frequency_groups, holdout_report
from customer_insight.stats.concentration import top_share
from customer_insight.stats.ranking import normalised_gini, spearman, top_capture

MEASURES = ["bias", "predicted / actual", "MAE", "RMSE", "Spearman", "normalised Gini"]


def purchases(n=400, seed=1):
    """Customers with their own rates: purchases before, purchases in the hold-out, and rules."""
    rng = np.random.default_rng(seed)
    rate, years = rng.gamma(0.5, 1.0, n), rng.uniform(0.5, 3.0, n)
    before, actual = rng.poisson(years * rate), rng.poisson(rate)
    rules = {
        "shrunk": (before + 0.5) / (years + 1.0),
        "same rate": before / years,
        "all alike": np.full(n, 0.5),
    }
    return before, actual, rules


def cells(table, value="estimate"):
    return table.set_index(["prediction", "measure"])[value]


def shuffled(rows, *columns):
    order = np.random.default_rng(9).permutation(rows)
    return [column[order] for column in columns]


def test_estimates_are_the_measures_of_the_sample():
    _, actual, rules = purchases()
    report = holdout_report(actual, rules, seed=1)
    estimate = cells(report.measures)
    for name, predicted in rules.items():
        expected = [
            predicted.mean() - actual.mean(),
            predicted.sum() / actual.sum(),
            np.abs(predicted - actual).mean(),
            np.sqrt(np.square(predicted - actual).mean()),
            spearman(actual, predicted),
            normalised_gini(actual, predicted),
            top_capture(actual, predicted),
        ]
        labels = [*MEASURES, "top-decile capture"]
        assert [estimate[name, label] for label in labels] == pytest.approx(expected, abs=1e-12)
    assert (report.n, report.mean_actual) == (400, pytest.approx(actual.mean()))
    assert report.best_capture == top_share(actual)


def test_an_interval_is_that_of_plain_resampling_of_rows():
    _, actual, rules = purchases(120)
    predicted = rules["same rate"]
    rng = np.random.default_rng(3)
    drawn = [
        normalised_gini(actual[rows], predicted[rows])
        for rows in rng.integers(0, 120, size=(1_000, 120))
    ]
    report = holdout_report(actual, rules, resamples=4_000, seed=1)
    row = report.measures.query("prediction == 'same rate' and measure == 'normalised Gini'")
    expected = np.quantile(drawn, [0.025, 0.975])
    assert [row.low.item(), row.high.item()] == pytest.approx(expected, abs=0.02)


def test_a_constant_scores_exactly_nothing_also_in_its_intervals():
    _, actual, rules = purchases()
    table = holdout_report(actual, rules).measures.query("prediction == 'all alike'")
    table = table.set_index("measure")[["estimate", "low", "high"]]
    assert table.loc["normalised Gini"].tolist() == [0.0, 0.0, 0.0]
    assert table.loc["Spearman"].tolist() == [0.0, 0.0, 0.0]
    assert table.loc["top-decile capture"].tolist() == [0.1, 0.1, 0.1]


def test_the_spearman_of_a_constant_is_marked():
    _, actual, rules = purchases()
    note = cells(holdout_report(actual, rules).measures, "note")
    said = "all predictions are equal: undefined, counted as 0"
    assert note["all alike", "Spearman"] == said
    assert (note.drop(("all alike", "Spearman")) == "").all()


def test_neither_row_order_nor_the_order_of_names_changes_a_byte():
    before, actual, rules = purchases()
    money = np.round(actual * 17.31, 2)
    straight = holdout_report(
        money, rules, against="same rate", groups=frequency_groups(before), seed=1
    )
    before, money, *values = shuffled(400, before, money, *rules.values())
    mixed = dict(reversed(list(zip(rules, values, strict=True))))
    other = holdout_report(
        money, mixed, against="same rate", groups=frequency_groups(before), seed=1
    )
    for table in ("measures", "differences", "calibration"):
        keys = [c for c in ("group", "prediction", "measure") if c in getattr(other, table)]
        pd.testing.assert_frame_equal(
            getattr(straight, table).sort_values(keys, ignore_index=True),
            getattr(other, table).sort_values(keys, ignore_index=True),
            check_exact=True,
        )
    assert list(other.measures.prediction.unique()) == list(mixed)
    assert straight.mean_actual == other.mean_actual


def test_another_seed_moves_the_intervals_and_not_the_estimates():
    _, actual, rules = purchases()
    one, two = (holdout_report(actual, rules, seed=seed).measures for seed in (1, 2))
    assert one.estimate.equals(two.estimate)
    assert not one.low.equals(two.low)


def test_a_difference_is_paired_and_so_shorter_than_the_separate_intervals():
    _, actual, rules = purchases()
    report = holdout_report(actual, rules, against="same rate")
    estimate, difference = cells(report.measures), cells(report.differences, "difference")
    for measure in (*MEASURES[2:], "top-decile capture"):
        expected = estimate["shrunk", measure] - estimate["same rate", measure]
        assert difference["shrunk", measure] == pytest.approx(expected, abs=1e-12)
    bias = abs(estimate["shrunk", "bias"]) - abs(estimate["same rate", "bias"])
    assert difference["shrunk", "absolute bias"] == pytest.approx(bias)
    width = {
        "paired": cells(report.differences, "high") - cells(report.differences, "low"),
        "alone": cells(report.measures, "high") - cells(report.measures, "low"),
    }
    key = ("shrunk", "RMSE")
    assert width["paired"][key] < 0.6 * width["alone"][key]


def test_the_verdict_says_which_side_of_zero_and_which_side_is_good():
    _, actual, rules = purchases(4_000)
    rules |= {"same again": rules["same rate"].copy()}
    report = holdout_report(actual, rules, against="same rate")
    verdict = cells(report.differences, "verdict")
    assert verdict["shrunk", "RMSE"] == "better"
    assert verdict["all alike", "RMSE"] == "worse"
    assert verdict["all alike", "normalised Gini"] == "worse"
    assert set(verdict["same again"]) == {"not separated"}
    turned = cells(holdout_report(actual, rules, against="all alike").differences, "verdict")
    assert turned["same rate", "normalised Gini"] == "better"


def test_without_a_reference_or_groups_there_is_nothing_to_show():
    _, actual, rules = purchases()
    report = holdout_report(actual, rules)
    assert report.calibration is None
    assert report.differences.empty
    assert list(report.differences.columns) == [
        *("prediction", "against", "measure", "difference", "low", "high", "verdict", "note")
    ]


def test_few_buyers_leave_a_reason_instead_of_an_interval():
    actual = [0] * 18 + [1, 2]
    report = holdout_report(actual, {"a": range(20), "b": range(20, 0, -1)}, against="b")
    table = report.measures.query("prediction == 'a'").set_index("measure")
    pattern = r"no interval: undefined in \d+ of 1000 resamples, where all actual values drawn are"
    for measure in ("Spearman", "normalised Gini", "top-decile capture", "predicted / actual"):
        assert table.loc[measure, "low"] is pd.NA
        assert pd.notna(table.loc[measure, "estimate"])
        assert pd.Series([table.loc[measure, "note"]]).str.match(pattern).all()
    assert table.loc["MAE", "note"] == ""
    assert cells(report.differences, "verdict")["a", "Spearman"] == "unknown"


def test_the_label_names_another_share():
    _, actual, rules = purchases()
    report = holdout_report(actual, rules, top=0.05)
    estimate = cells(report.measures)
    assert estimate["all alike", "top 5 % capture"] == 0.05
    expected = top_capture(actual, rules["shrunk"], top=0.05)
    assert estimate["shrunk", "top 5 % capture"] == pytest.approx(expected)


def test_the_report_is_frozen_and_the_input_untouched():
    _, actual, rules = purchases()
    kept = {name: values.copy() for name, values in rules.items()}
    report = holdout_report(actual, rules)
    with pytest.raises(FrozenInstanceError):
        report.n = 3
    assert all((kept[name] == values).all() for name, values in rules.items())


TEN = list(range(10))


@pytest.mark.parametrize(
    ("actual", "predictions", "options", "message"),
    [
        ([3], {"m": [1]}, {}, "actual has 1 values, and at least 10 are needed"),
        (TEN[:9], {"m": TEN[:9]}, {}, "actual has 9 values, and at least 10"),
        ([0] * 10, {"m": TEN}, {}, "all 10 actual values are 0.*longer hold-out"),
        ([2] * 10, {"m": TEN}, {}, "all 10 actual values are equal"),
        ([*TEN[:9], -1], {"m": TEN}, {}, "actual: 1 of 10 values are negative, at positions 9 "),
        ([*TEN[:9], np.nan], {"m": TEN}, {}, "actual: 1 of 10 values are missing, at positions 9 "),
        (TEN, {"m": [*TEN[:9], np.inf]}, {}, "prediction 'm': 1 of 10 values are infinite"),
        (TEN, {"m": TEN[:9]}, {}, r"prediction 'm' has shape \(9,\) and actual has \(10,\)"),
        (TEN, {}, {}, "At least one is needed"),
        (TEN, {"m": TEN, "n": TEN}, {"against": "naive"}, "one of the predictions: 'm', 'n'"),
        (TEN, {"m": TEN}, {"groups": TEN[:9]}, r"groups has shape \(9,\)"),
        (TEN, {"m": TEN}, {"top": 10}, "top is 10, and must be a share"),
        (TEN, {"m": TEN}, {"confidence": 95}, "confidence is 95, and must be a share"),
        (TEN, {"m": TEN}, {"resamples": 10}, "at least 200 at 0.95"),
        (TEN, {"m": TEN}, {"seed": None}, "seed is None"),
    ],
)
def test_what_cannot_be_reported_is_refused(actual, predictions, options, message):
    with pytest.raises(ValueError, match=message):
        holdout_report(actual, predictions, **options)


@pytest.mark.evidence
def test_intervals_and_paired_differences_cover_the_truth():
    wanted = ["bias", "MAE", "RMSE", "Spearman", "normalised Gini", "top-decile capture"]
    _, actual, rules = purchases(400_000, seed=100)
    truth = holdout_report(actual, rules, against="same rate", resamples=200)
    true, apart = cells(truth.measures), cells(truth.differences, "difference")
    inside, paired = [], []
    for seed in range(400):
        _, actual, rules = purchases(400, seed=seed)
        report = holdout_report(actual, rules, against="same rate", resamples=400, seed=seed)
        low, high = cells(report.measures, "low"), cells(report.measures, "high")
        inside.append([low["shrunk", m] <= true["shrunk", m] <= high["shrunk", m] for m in wanted])
        low, high = cells(report.differences, "low"), cells(report.differences, "high")
        paired.append(
            [low["shrunk", m] <= apart["shrunk", m] <= high["shrunk", m] for m in wanted[1:]]
        )
    single = dict(zip(wanted, np.mean(inside, axis=0), strict=True))
    difference = dict(zip(wanted[1:], np.mean(paired, axis=0), strict=True))
    print("95 % intervals, n = 400:", {m: f"{share:.1%}" for m, share in single.items()})
    print("paired differences:", {m: f"{share:.1%}" for m, share in difference.items()})
    # The top changes by whole customers, so the bootstrap overstates how much two tops differ.
    assert difference.pop("top-decile capture") >= 0.93
    assert all(0.88 <= share <= 0.98 for share in [*single.values(), *difference.values()])


@pytest.mark.evidence
def test_a_hundred_thousand_customers_are_reported_in_bounded_memory():
    import tracemalloc

    _, actual, rules = purchases(100_000)
    tracemalloc.start()
    holdout_report(actual, rules, against="same rate", resamples=200)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"peak for 100,000 customers and three predictions: {peak / 2**20:.0f} MB")
    assert peak < 100 * 2**20
