"""How far the value of a segment may lie from what is expected: chance, parameters, what stays."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from customer_insight import clv
from customer_insight.workbook.value_reach import SegmentBase, segment_base, value_reach

PURCHASES = clv.BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
SPEND = clv.GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
TERMS = {"weeks": 52, "discount": 0.1}


def base(kept, variances, customers=100):
    """Return segments of equal customers, of whom money stays as said."""
    n = customers * len(kept)
    summary = pl.DataFrame(
        {
            "repeat_purchases": [2] * n,
            "weeks_first_to_last": [30.0] * n,
            "weeks_observed": [39.0] * n,
            "repeat_amount": [6000] * n,
        }
    )
    places = np.repeat(np.arange(len(kept)), customers)
    names = [f"s{at}" for at in range(len(kept))]
    return SegmentBase(summary, names, places, np.array(kept), np.array(variances))


def reach(of):
    sales = PURCHASES.discounted_value(
        of.summary, SPEND.expected_spend(of.summary), horizon="52 weeks", discount_per_year=0.1
    )
    return value_reach((PURCHASES, SPEND), of, sales, **TERMS), sales


def risk(of, seed):
    return clv.group_value_risk(
        (PURCHASES, SPEND), of.summary, horizon="52 weeks", discount_per_year=0.1,
        margin_rate=1.0, tail=0.025, levels=(0.025, 0.975), draws=400, seed=seed,
    )  # fmt: skip


def test_known_parameters_leave_the_chance_of_the_purchases():
    one = base([1.0], [0.0])
    found, _ = reach(one)
    drawn = risk(one, seed=0)
    low, high = drawn.quantiles
    assert found[:, 0] == pytest.approx([drawn.mean - low, high - drawn.mean])
    assert found[:, 1] == pytest.approx(found[:, 0])


def test_what_stays_scales_the_reach_and_turns_it_where_money_is_lost():
    kept, _ = reach(base([0.5], [0.0]))
    lost, _ = reach(base([-0.5], [0.0]))
    assert lost[:, 0] == pytest.approx(kept[::-1, 0])
    assert kept[0, 0] != pytest.approx(kept[1, 0], rel=1e-3)


def test_what_is_not_known_of_the_share_that_stays_is_added_in_squares():
    sure, sales = reach(base([0.5], [0.0]))
    unsure, _ = reach(base([0.5], [0.1**2]))
    added = 1.959964 * 0.1 * sales.sum()
    assert unsure[:, 0] == pytest.approx(np.hypot(sure[:, 0], added), rel=1e-6)


def test_segments_are_independent_of_each_other():
    found, _ = reach(base([1.0, 0.5], [0.0, 0.0]))
    assert found[:, 2] == pytest.approx(np.hypot(found[:, 0], found[:, 1]))


@pytest.mark.evidence
def test_parameters_that_were_estimated_widen_the_interval(costed_facts):
    of = segment_base(costed_facts)
    fitted = (clv.BGNBD().fit(of.summary), clv.GammaGamma().fit(of.summary))
    given = (
        clv.BGNBD.from_parameters(
            unit="week", **dict(zip(("r", "alpha", "a", "b"), fitted[0].parameters, strict=True))
        ),
        clv.GammaGamma.from_parameters(
            **dict(zip(("p", "q", "v"), fitted[1].parameters, strict=True))
        ),
    )
    sales = fitted[0].discounted_value(
        of.summary, fitted[1].expected_spend(of.summary), horizon="52 weeks", discount_per_year=0.1
    )
    wide, narrow = (value_reach(models, of, sales, **TERMS) for models in (fitted, given))
    assert (wide > narrow).all()


def test_what_stays_is_the_segments_own_where_it_is_large_enough(costed_facts):
    few = costed_facts.customers.with_columns(
        segment=pl.when(pl.int_range(pl.len()) < 99)
        .then(pl.lit("new"))
        .otherwise(pl.lit("champions"))
    )
    of = segment_base(dataclasses.replace(costed_facts, customers=few))
    money = few.select(
        "amount", earned=pl.col("amount") + pl.col("returned") - pl.col("cost")
    ).to_numpy()
    large, all_ = money[99:].sum(axis=0), money.sum(axis=0)
    assert of.segments == ["champions", "new"]
    assert of.kept == pytest.approx([large[1] / large[0], all_[1] / all_[0]])
    residuals = money[:, 1] - of.kept[1] * money[:, 0]
    assert of.kept_variances[1] == pytest.approx((residuals**2).sum() / all_[0] ** 2)
