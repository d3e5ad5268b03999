import numpy as np
import polars as pl
import pytest

from customer_insight.clv import FitRefusedError
from customer_insight.clv.repurchase_rates import (
    late_returns,
    repurchase_by_recency,
    retention_by_age,
)


def drawn(repurchase, *, customers, periods, seed):
    """Return purchase periods of customers who begin at different times and follow the chain."""
    rng = np.random.default_rng(seed)
    begins = rng.integers(1, periods, customers)
    away, rows = np.zeros(customers, dtype=int), []
    for ago in range(periods - 1, -1, -1):
        chance = np.where(away < len(repurchase), np.append(repurchase, 0)[away], 0)
        buys = (begins == ago) | ((begins > ago) & (rng.random(customers) < chance))
        rows += [(f"c{i}", ago) for i in np.flatnonzero(buys)]
        away = np.where(buys, 0, np.minimum(away + 1, len(repurchase)))
    return pl.DataFrame(rows, schema=["customer_id", "periods_ago"], orient="row")


@pytest.fixture(scope="module")
def bought():
    return drawn([0.5, 0.3, 0.2], customers=2000, periods=10, seed=3)


def test_the_rates_of_the_chain_are_found(bought):
    rates = repurchase_by_recency(bought, longest=3)
    assert rates["recency"].tolist() == [1, 2, 3]
    assert (rates["low"] < [0.5, 0.3, 0.2]).all()
    assert (rates["high"] > [0.5, 0.3, 0.2]).all()
    np.testing.assert_allclose(rates["rate"], [0.5, 0.3, 0.2], atol=0.02)
    np.testing.assert_allclose(rates["rate"], rates["bought"] / rates["chances"])
    assert (rates["customers"] <= rates["chances"]).all()


def test_chances_are_counted_by_hand():
    """Ten kinds of customers: bought 4, 3 and 1 ago; and 3 ago alone; fifty and sixty of them."""
    table = pl.DataFrame(
        [(f"a{i}", ago) for i in range(50) for ago in (4, 3, 1)]
        + [(f"b{i}", 3) for i in range(60)],
        schema=["customer_id", "periods_ago"],
        orient="row",
    )
    recency = repurchase_by_recency(table, longest=2)
    # a: waits of 1 and 2 that ended, one that lasts since 1 ago; b: one of at least 3
    assert recency[["customers", "chances", "bought"]].to_numpy().tolist() == [
        [110, 3 * 50 + 60, 50],
        [110, 50 + 60, 50],
    ]
    age = retention_by_age(table, ages=1)
    assert age[["customers", "chances", "bought"]].to_numpy().tolist() == [[110, 210, 50]]
    assert late_returns(table, longest=1) == 0.5


def test_ages_count_from_where_somebody_began_again():
    rows = [(f"a{i}", ago) for i in range(60) for ago in ((6, 5, 4, 2, 1) if i % 2 else (6, 5, 3))]
    table = pl.DataFrame(rows, schema=["customer_id", "periods_ago"], orient="row")
    ages = retention_by_age(table, ages=2)
    # odd: 6 to 5 and 2 to 1 at age 1; 5 to 4 and the losses after 4 and 1 at age 2 and older
    assert ages["chances"].tolist() == [30 * 2 + 30 * 2, 30 * 3 + 30]
    assert ages["bought"].tolist() == [30 * 2 + 30, 30]


def test_the_two_models_share_their_first_rate(bought):
    by_age, by_recency = retention_by_age(bought, ages=1), repurchase_by_recency(bought, longest=1)
    assert by_age["rate"][0] == by_recency["rate"][0]


def test_row_order_and_names_do_not_matter(bought):
    wanted = repurchase_by_recency(bought, longest=3, resamples=200)
    other = bought.sample(fraction=1.0, shuffle=True, seed=1)
    assert wanted.equals(repurchase_by_recency(other, longest=3, resamples=200))


def test_late_returns_are_those_the_model_rules_out(bought):
    assert late_returns(bought, longest=3) == 0
    shares = [late_returns(bought, longest=n) for n in (1, 2)]
    assert 0.05 < shares[1] < shares[0] < 0.5
    with pytest.raises(ValueError, match="nobody returned"):
        late_returns(bought.unique("customer_id"), longest=1)


def test_thin_cells_are_refused(bought):
    few = bought.filter(pl.col("customer_id").str.len_chars() < 3)
    with pytest.raises(FitRefusedError, match=r"recency 1 has \d+ customers, who bought in"):
        repurchase_by_recency(few, longest=1)
    with pytest.raises(FitRefusedError, match=r"recency 4 has .* customers, who bought in 0 of"):
        repurchase_by_recency(bought, longest=4)
    with pytest.raises(FitRefusedError, match="Choose a smaller longest or ages, longer periods"):
        retention_by_age(bought, ages=9)


def test_options_out_of_range_are_refused(bought):
    with pytest.raises(ValueError, match="longest is 0, and must be a whole number from 1"):
        repurchase_by_recency(bought, longest=0)
    with pytest.raises(ValueError, match="ages is 0"):
        retention_by_age(bought, ages=0)
    with pytest.raises(ValueError, match="confidence is 95"):
        retention_by_age(bought, ages=1, confidence=95)


@pytest.mark.evidence
def test_intervals_hold_the_true_rate_as_often_as_they_say():
    """Of 200 samples of 300 customers, 95 % intervals of three rates."""
    truth = [0.5, 0.3, 0.2]
    held = np.zeros(3)
    for seed in range(200):
        table = drawn(truth, customers=300, periods=8, seed=seed)
        rates = repurchase_by_recency(table, longest=3, resamples=400)
        held += ((rates["low"] <= truth) & (rates["high"] >= truth)).to_numpy()
    assert (held / 200 > 0.90).all()
    assert held.mean() / 200 < 0.99
