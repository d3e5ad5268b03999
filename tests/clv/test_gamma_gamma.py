import datetime as dt

import numpy as np
import polars as pl
import pytest
from lifetimes import GammaGammaFitter

from customer_insight import features
from customer_insight.clv import FitRefusedError, GammaGamma
from customer_insight.data.days import day_number


def spending(x, amount):
    return pl.DataFrame({"repeat_purchases": x, "repeat_amount": amount})


@pytest.fixture(scope="module")
def fitted(cdnow_weeks):
    return GammaGamma().fit(cdnow_weeks)


def test_cdnow_gives_the_published_parameters(fitted):
    assert fitted.p_ == pytest.approx(6.24957, abs=1e-5)
    assert fitted.q_ == pytest.approx(3.74422, abs=1e-5)
    assert fitted.v_ / 100 == pytest.approx(15.44353, abs=2e-5)  # cents
    assert fitted.n_customers_ == 946
    in_dollars = fitted.log_likelihood_ + 946 * np.log(100)
    assert in_dollars == pytest.approx(-4055.918, abs=0.001)


def test_the_unit_of_money_goes_in_and_comes_out(fitted, cdnow_weeks):
    dollars = cdnow_weeks.with_columns(pl.col("repeat_amount") / 100)
    model = GammaGamma().fit(dollars)
    np.testing.assert_allclose(model.parameters * [1, 1, 100], fitted.parameters, rtol=1e-9)
    np.testing.assert_allclose(
        100 * model.expected_spend(dollars), fitted.expected_spend(cdnow_weeks), rtol=1e-9
    )
    assert model.log_likelihood_ == pytest.approx(-4055.918, abs=0.001)


def test_later_returns_take_nothing_off_and_the_share_that_stays_is_in_the_totals(
    fitted, cdnow_orders, cdnow_weeks
):
    stop = dt.date(1997, 9, 30)
    known = cdnow_orders.filter(pl.col("day") <= day_number(stop))
    returns = (
        known.filter(pl.col("amount") > 0)
        .group_by("customer_id")
        .agg(pl.col("day").max() + 1, pl.col("amount").sum() // -5)
        .join(known.select("customer_id", "day"), on=["customer_id", "day"], how="anti")
        .filter(pl.col("day") <= day_number(stop))
        .with_columns(order_id=pl.lit("back"))
    )
    table = pl.concat([known, returns.select(known.columns)])
    summary = features.purchase_summary(table, as_of=stop, unit="week").sort("customer_id")
    assert GammaGamma().fit(summary).parameters.tolist() == fitted.parameters.tolist()
    bought = (cdnow_weeks["first_amount"] + cdnow_weeks["repeat_amount"]).sum()
    stays = table["amount"].sum() / bought
    assert stays == pytest.approx(1 + returns["amount"].sum() / bought)
    assert 0.79 < stays < 0.85


def test_lifetimes_agrees(fitted, cdnow_weeks):
    back = cdnow_weeks.filter(pl.col("repeat_purchases") > 0)
    x = back["repeat_purchases"].to_numpy()
    mean = back["repeat_amount"].to_numpy() / x / 100
    peer = GammaGammaFitter().fit(x, mean, tol=1e-8)
    np.testing.assert_allclose(fitted.parameters / [1, 1, 100], peer.params_, rtol=1e-4)
    for name, unit in zip("pqv", (1, 1, 100), strict=True):
        error = fitted.standard_errors_[name] / unit
        assert error == pytest.approx(peer.standard_errors_[name], rel=1e-3)
    peer.params_[:] = fitted.parameters / [1, 1, 100]
    np.testing.assert_allclose(
        fitted.expected_spend(back) / 100,
        peer.conditional_expected_average_profit(x, mean),
        rtol=1e-12,
    )


def test_the_own_average_weighs_more_the_more_purchases_it_rests_on():
    model = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
    spend = model.expected_spend(spending([0, 1, 100], [0, 10_000, 1_000_000]))
    assert spend[0] == pytest.approx(model.mean_spend())
    assert spend[0] < spend[1] < spend[2] < 10_000
    assert spend[2] == pytest.approx(10_000, rel=0.02)


def test_the_variance_is_that_of_the_customers_own_mean():
    model = GammaGamma.from_parameters(p=2.0, q=6.0, v=3000.0)
    rng = np.random.default_rng(1)
    means = 2.0 / rng.gamma(6.0 + 2.0 * 3, 1 / (3000.0 + 4000), 10**6)
    summary = spending([3], [4000])
    assert model.expected_spend(summary)[0] == pytest.approx(means.mean(), rel=1e-3)
    assert model.spend_variance(summary)[0] == pytest.approx(means.var(), rel=1e-2)


def test_no_mean_at_q_one_and_no_variance_at_q_two():
    summary = spending([0, 2], [0, 500])
    with pytest.raises(ValueError, match=r"no mean under this model: q is 1, and must be above 1"):
        GammaGamma.from_parameters(p=2.0, q=1.0, v=9.0).expected_spend(summary)
    model = GammaGamma.from_parameters(p=2.0, q=2.0, v=9.0)
    assert np.isfinite(model.expected_spend(summary)).all()
    with pytest.raises(
        ValueError, match="no variance under this model: q is 2, and must be above 2"
    ):
        model.spend_variance(summary)


@pytest.mark.parametrize("amount", [0, -500])
@pytest.mark.parametrize("ask", ["fit", "expected_spend"])
def test_zero_and_negative_spend_are_counted_and_refused(amount, ask):
    summary = spending([3] * 60 + [2], [900] * 60 + [amount])
    model = GammaGamma.from_parameters(p=2.0, q=3.0, v=9.0)
    with pytest.raises(ValueError, match=r"zero or negative for 1 of 61 customers.*free orders"):
        getattr(model, ask)(summary)


def test_money_without_a_repeat_purchase_is_refused():
    with pytest.raises(ValueError, match=r"not zero for 1 customers without repeat.*first_amount"):
        GammaGamma().fit(spending([0, 1], [500, 500]))


def test_too_few_repeat_buyers_are_refused():
    with pytest.raises(
        FitRefusedError, match="49 customers have repeat purchases, and at least 50"
    ):
        GammaGamma().fit(spending([2] * 49 + [0] * 900, [500] * 49 + [0] * 900))


def test_equal_spenders_are_refused():
    with pytest.raises(
        FitRefusedError, match=r"GammaGamma was not fitted: with these 200 customers"
    ):
        GammaGamma().fit(spending([2, 3] * 100, [1000, 1500] * 100))


def test_questions_before_fitting_are_refused():
    with pytest.raises(ValueError, match="not fitted yet"):
        GammaGamma().mean_spend()
    with pytest.raises(ValueError, match="positive and finite"):
        GammaGamma.from_parameters(p=1.0, q=0.0, v=1.0)


def test_a_fraction_of_a_purchase_is_refused():
    with pytest.raises(ValueError, match="negative or a fraction in 1 of 2 rows"):
        GammaGamma().fit(spending([1.5, 1.0], [500, 500]))


@pytest.mark.filterwarnings("error")
def test_nothing_is_ever_nan_infinite_or_negative():
    summary = spending([0, 1, 1, 10_000], [0, 1, 10**15, 10**15])
    for p in (1e-4, 1.0, 1e4):
        for q in (2.001, 1e4):
            model = GammaGamma.from_parameters(p=p, q=q, v=p)
            for result in (model.expected_spend(summary), model.spend_variance(summary)):
                assert np.isfinite(result).all()
                assert (result > 0).all()
            drawn = model.simulate(summary["repeat_purchases"].to_numpy(), seed=1)
            assert np.isfinite(drawn).all()
