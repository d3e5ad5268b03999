import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight import data
from customer_insight.clv import FitRefusedError
from customer_insight.clv.attribute_groups import values_by_group
from customer_insight.clv.purchase_periods import purchase_periods
from customer_insight.clv.recency_chain import recency_values

NAMES = [f"c{i}" for i in range(400)]
FLAT = {"periods": 2, "discount_per_period": 0.0, "resamples": 200}


def grouped(**buyers):
    """Return two groups of 200 who begin two periods ago, and who of them buys in which period."""
    rows = [(name, 2, 900) for name in NAMES]
    for ago, (first, other, amounts) in enumerate(buyers.values()):
        chosen = NAMES[:first] + NAMES[200 : 200 + other]
        rows += [(name, ago, amounts[int(name[1:]) // 200]) for name in chosen]
    table = pl.DataFrame(rows, schema=["customer_id", "periods_ago", "amount"], orient="row")
    late = pl.col("customer_id").str.slice(1).cast(pl.Int64) >= 200
    return table.with_columns(group=pl.when(late).then(pl.lit("y")).otherwise(pl.lit("x")))


@pytest.fixture(scope="module")
def two_groups():
    return grouped(last=(90, 40, (1000, 4000)), before=(150, 50, (1000, 4000)))


def test_lost_for_good_by_hand(two_groups):
    found = values_by_group(two_groups, group="group", behaviour="lost for good", longest=1, **FLAT)
    x, y = found.groups.to_dict("records")
    # of 200 at age 1 and of those who came then: x 150 and 90 of 350, y 50 and 40 of 250
    assert found.rates["rate"].tolist() == [240 / 350, 90 / 250, 330 / 600]
    assert found.rates["group"].iloc[:2].tolist() == ["x", "y"]
    assert found.rates["group"].isna().tolist() == [False, False, True]
    r = 240 / 350
    assert (x["customers"], x["living"], x["money_per_period"]) == (200, 90, 1000)
    assert x["purchases"] == pytest.approx(90 * (r + r**2))
    assert x["value"] == pytest.approx(1000 * 90 * (r + r**2))
    assert (y["living"], y["money_per_period"]) == (40, 4000)
    pooled_money = (240 * 1000 + 90 * 4000) / 330
    assert x["pooled_value"] == pytest.approx(pooled_money * 90 * (0.55 + 0.55**2))
    assert found.value == x["value"] + y["value"]
    assert found.pooled_value == x["pooled_value"] + y["pooled_value"]


def test_the_interval_of_the_total_adds_groups_that_vary_on_their_own(two_groups):
    case = {"group": "group", "behaviour": "lost for good", "longest": 1, **FLAT}
    found = values_by_group(two_groups, **case)
    groups = found.groups
    assert (groups["low"] < groups["value"]).all()
    assert (groups["value"] < groups["high"]).all()
    widths = groups["high"] - groups["low"]
    assert found.low < found.value < found.high
    assert widths.max() < found.high - found.low < 0.95 * widths.sum()
    wider = values_by_group(two_groups, confidence=0.99, **{**case, "resamples": 1000})
    assert wider.high - wider.low > 1.1 * (found.high - found.low)


def test_always_a_share_follows_the_chain_from_where_each_stands(two_groups):
    found = values_by_group(
        two_groups, group="group", behaviour="always a share", longest=1, **FLAT
    )
    good = values_by_group(two_groups, group="group", behaviour="lost for good", longest=1, **FLAT)
    # with one recency there is no way back, and the two models are one
    np.testing.assert_allclose(found.groups["value"], good.groups["value"])


def test_a_recency_is_worth_what_the_chain_says():
    bought = {2: range(400), 1: [*range(120), *range(200, 320)], 0: [*range(100, 150)]}
    bought[0] += range(300, 350)
    rows = [(NAMES[i], ago, 1000 + 500 * ago, i >= 200) for ago in bought for i in bought[ago]]
    columns = ["customer_id", "periods_ago", "amount", "group"]
    table = pl.DataFrame(rows, schema=columns, orient="row")
    found = values_by_group(
        table,
        group="group",
        behaviour="always a share",
        longest=2,
        periods=3,
        discount_per_period=0.1,
        resamples=200,
    )
    # 120 and 20 of 200 + 120 bought after one period, 30 of 80 after two
    assert found.rates["rate"].iloc[:2].tolist() == [140 / 320, 30 / 80]
    chain = recency_values(
        [140 / 320, 30 / 80],
        margin_per_purchase=1,
        contact_cost=0,
        discount_per_period=0.1,
        periods=3,
    )
    mean = (120 * 1500 + 50 * 1000) / 170
    # 50 bought in the last period, and 100 in the one before alone
    assert found.groups["living"][0] == 150
    ahead = 50 * (chain[0] - 1) + 100 * chain[1]
    assert found.groups["value"][0] == pytest.approx(mean * ahead)


def test_discounting_takes_a_period_off_each_purchase(two_groups):
    case = {"group": "group", "behaviour": "lost for good", "longest": 1, "resamples": 200}
    flat, later = (
        values_by_group(two_groups, periods=1, discount_per_period=d, **case) for d in (0.0, 0.25)
    )
    assert flat.value == pytest.approx(1.25 * later.value)
    assert flat.groups["purchases"].equals(later.groups["purchases"])


def test_row_order_does_not_matter(two_groups):
    case = {"group": "group", "behaviour": "lost for good", "longest": 2, **FLAT}
    wanted = values_by_group(two_groups, **case)
    other = values_by_group(two_groups.sample(fraction=1.0, shuffle=True, seed=5), **case)
    assert wanted.groups.equals(other.groups)
    assert wanted.rates.equals(other.rates)


def test_a_thin_group_is_refused_by_its_place(two_groups):
    thin = two_groups.with_columns(
        group=pl.when(pl.col("customer_id").is_in(NAMES[:30]))
        .then(pl.lit("a"))
        .otherwise(pl.col("group"))
    )
    with pytest.raises(
        FitRefusedError, match=r"group 1 of 3 by 'group', .* age 1 has 30 customers"
    ):
        values_by_group(thin, group="group", behaviour="lost for good", longest=1, **FLAT)


def test_what_cannot_be_valued_is_refused(two_groups):
    case = {"group": "group", "behaviour": "lost for good", "longest": 1, **FLAT}
    with pytest.raises(ValueError, match="behaviour is 'loyal', and must be 'lost for good'"):
        values_by_group(two_groups, **{**case, "behaviour": "loyal"})
    with pytest.raises(ValueError, match="periods is 0"):
        values_by_group(two_groups, **{**case, "periods": 0})
    with pytest.raises(ValueError, match="no column 'margin'"):
        values_by_group(two_groups, money="margin", **case)


@pytest.fixture(scope="module")
def qinghe():
    """Return a function: purchase periods of people up to a day, with tier, channel and truth."""
    orders = data.load("company_orders", engine="polars").filter(side="person")
    lines = data.load("company_order_lines", engine="polars")
    paid = lines.group_by("order_id").agg(pl.col("amount").sum() / 100)
    dated = orders.join(paid, on="order_id").with_columns(day=pl.col("ordered_at").dt.date())
    bought = data.transactions(
        dated, customer="customer_id", day="day", amount="amount", order="order_id"
    )
    cities = data.load("company_cities", engine="polars").select("city_id", "tier")
    people = data.load("company_customers", engine="polars").join(cities, on="city_id")
    people = people.select("customer_id", "tier", "acquisition_channel")
    future = data.load("company_truth_future", engine="polars")

    def told(as_of, period):
        table = purchase_periods(bought, as_of=as_of, period=period).join(people, on="customer_id")
        truth = future.filter(as_of=as_of).join(people, on="customer_id")
        return table, truth.join(table, on="customer_id", how="semi")

    return told


def judged(table, truth, **case):
    """Return the value by groups, and the truth and errors by own and by pooled rates over it."""
    found = values_by_group(table, **{"discount_per_period": 0.0, "resamples": 400, **case})
    true = truth.group_by(case["group"]).agg(pl.col("expected_amount").sum()).sort(case["group"])
    assert found.groups["group"].tolist() == true[case["group"]].to_list()
    wanted = true["expected_amount"].to_numpy()
    off = [np.abs(found.groups[name] - wanted).sum() for name in ("value", "pooled_value")]
    return found, wanted.sum(), *off / wanted.sum()


END = dt.date(2024, 12, 31)


@pytest.mark.evidence
def test_qinghe_by_year_lost_for_good_comes_close_to_the_truth(qinghe):
    case = {"behaviour": "lost for good", "longest": 1, "periods": 1}
    found, truth, own, pooled = judged(*qinghe(END, "year"), group="tier", **case)
    assert found.value / truth == pytest.approx(0.984, abs=0.02)
    assert found.low < truth < found.high
    assert own < 0.09
    assert own < pooled < 0.13
    found, truth, own, pooled = judged(*qinghe(END, "year"), group="acquisition_channel", **case)
    assert found.value / truth == pytest.approx(0.984, abs=0.02)
    # channels hardly differ: by channel there is more noise to learn than truth
    assert pooled < own < 0.09
    found, truth, *_ = judged(*qinghe(dt.date(2023, 12, 31), "year"), group="tier", **case)
    assert found.value / truth == pytest.approx(1.062, abs=0.03)
    assert found.low < truth < found.high


@pytest.mark.evidence
def test_qinghe_by_quarter_both_models_fall_short_beyond_their_intervals(qinghe):
    table, truth = qinghe(END, "quarter")
    case = {"group": "tier", "periods": 4}
    good, true, *_ = judged(table, truth, behaviour="lost for good", longest=3, **case)
    share, true, own, pooled = judged(table, truth, behaviour="always a share", longest=4, **case)
    assert good.value / true == pytest.approx(0.692, abs=0.03)
    assert share.value / true == pytest.approx(0.860, abs=0.03)
    assert good.high < share.low < share.high < true
    assert own < pooled < 0.18
    # the loyal are left: retention of who is still there rises from age to age
    everybody = good.rates[good.rates["group"].isna()]
    assert (everybody["low"].to_numpy()[1:] > everybody["high"].to_numpy()[:-1]).all()


@pytest.mark.evidence
def test_qinghe_by_month_most_customers_are_taken_for_lost(qinghe):
    case = {"group": "tier", "behaviour": "lost for good", "longest": 1, "periods": 12}
    found, truth, *_ = judged(*qinghe(END, "month"), **case)
    assert found.value / truth < 0.25


@pytest.mark.evidence
def test_qinghe_channels_too_small_for_long_recencies_are_refused(qinghe):
    table, _ = qinghe(END, "quarter")
    with pytest.raises(FitRefusedError, match="group 1 of 7 by 'acquisition_channel'"):
        values_by_group(
            table, group="acquisition_channel", behaviour="always a share", longest=4, **FLAT
        )
