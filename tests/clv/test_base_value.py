import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.base_value import ALWAYS_A_SHARE, LOST_FOR_GOOD, BaseModel
from customer_insight.clv.period_histories import read_histories
from customer_insight.clv.recency_chain import recency_values
from customer_insight.stats.resampling import distinct_rows, resample
from customer_insight.stats.sums import sum_of_products

chances = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5).map(np.array)


@given(chances, st.integers(1, 12), st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_always_a_share_is_the_chain_without_the_present_purchase(rates, periods, discount):
    model = BaseModel(ALWAYS_A_SHARE, len(rates), periods, discount)
    chain = recency_values(
        rates,
        margin_per_purchase=1.0,
        contact_cost=0.0,
        discount_per_period=discount,
        periods=periods,
    )[:-1]
    chain[0] -= 1
    np.testing.assert_allclose(model.purchases_ahead(rates, discount), chain, atol=1e-12)


@given(chances, st.integers(1, 12), st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_lost_for_good_is_the_product_of_retention_from_each_age_on(rates, periods, discount):
    model = BaseModel(LOST_FOR_GOOD, len(rates), periods, discount)
    found = model.purchases_ahead(rates, discount)
    for age in range(len(rates)):
        to_come = np.minimum(np.arange(age, age + periods), len(rates) - 1)
        left = np.cumprod(rates[to_come] / (1 + discount))
        assert found[age] == pytest.approx(left.sum(), rel=1e-12)


def test_many_bases_are_valued_at_once():
    model = BaseModel(ALWAYS_A_SHARE, 2, 3, 0.1)
    sums = np.array([[100, 50, 40, 10, 30, 20, 9000, 60], [100, 50, 60, 20, 10, 0, 8000, 40.0]])
    np.testing.assert_allclose(model.value(sums), [model.value(row) for row in sums])
    assert model.rates(sums).tolist() == [[0.4, 0.2], [0.6, 0.4]]
    assert model.mean_money(sums).tolist() == [150, 200]


def test_columns_of_customers_by_hand():
    table = pl.DataFrame({"customer_id": ["a", "a", "a", "b", "c"], "periods_ago": [3, 2, 0, 1, 4]})
    histories = read_histories(table)
    paid = np.array([5.0, 7.0, 9.0, 4.0, 3.0])[histories.source]
    share = BaseModel(ALWAYS_A_SHARE, 2, 1, 0.0).customer_columns(histories, paid)
    good = BaseModel(LOST_FOR_GOOD, 2, 1, 0.0).customer_columns(histories, paid)
    # chances at 1 and 2, bought at 1 and 2, stands at 1 and 2, money, periods
    assert sorted(share.tolist()) == sorted(
        [[2, 1, 1, 1, 1, 0, 16, 2], [1, 0, 0, 0, 0, 1, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0]]
    )
    assert sorted(good.tolist()) == sorted(
        [[1, 1, 1, 0, 1, 0, 16, 2], [1, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0]]
    )


def drawn(customers, seed):
    """Return purchase periods and money of customers lost for good with 60 % retention."""
    rng = np.random.default_rng(seed)
    begins, lasts = rng.integers(0, 6, customers), rng.geometric(0.4, customers)
    who = np.repeat(np.arange(customers), lasts)
    ago = begins[who] - (np.arange(len(who)) - np.repeat(np.cumsum(lasts) - lasts, lasts))
    return pl.DataFrame(
        {"customer_id": who, "periods_ago": ago, "amount": rng.exponential(100, len(who))}
    ).filter(pl.col("periods_ago") >= 0)


def test_drawn_values_hang_on_the_seed_alone():
    table, model = drawn(200, seed=1), BaseModel(LOST_FOR_GOOD, 1, 4, 0.1)
    other = table.sample(fraction=1.0, shuffle=True, seed=2)
    first, second = (
        model.drawn_values(
            model.customer_columns(histories, t["amount"].to_numpy()[histories.source]),
            resamples=50,
            seed=7,
        )
        for t in (table, other)
        for histories in [read_histories(t)]
    )
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize("behaviour", [LOST_FOR_GOOD, ALWAYS_A_SHARE])
def test_drawn_values_are_those_of_every_column_drawn(behaviour):
    table, model = drawn(200, seed=1), BaseModel(behaviour, 3, 4, 0.1)
    histories = read_histories(table)
    paid = np.rint(table["amount"].to_numpy())[histories.source]
    columns = model.customer_columns(histories, paid)
    rows, counts = distinct_rows(columns)

    def value(drawn):
        return model.value(sum_of_products(drawn[:, None], rows.T))

    wanted = resample(value, counts, resamples=50, seed=7)
    np.testing.assert_array_equal(model.drawn_values(columns, resamples=50, seed=7), wanted)


@pytest.mark.evidence
def test_intervals_hold_the_true_value_of_a_customer_as_often_as_they_say():
    """Of 150 samples of 400 customers: what a living one brings, 100 (.6 + .6**2 + .6**3)."""
    model, held = BaseModel(LOST_FOR_GOOD, 1, 3, 0.0), 0
    truth = 100 * (0.6 + 0.6**2 + 0.6**3)
    for seed in range(150):
        table = drawn(400, seed)
        histories = read_histories(table)
        paid = table["amount"].to_numpy()[histories.source]
        columns = model.customer_columns(histories, paid)
        living = columns[:, 2].sum()
        # the base as it stands: its customers' number is known, their rate and money are not
        values = model.drawn_values(columns, resamples=400, seed=seed)
        low, high = np.quantile(values / living, [0.025, 0.975])
        held += low <= truth <= high
    assert held / 150 > 0.92
