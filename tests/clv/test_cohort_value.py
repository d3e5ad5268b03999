import numpy as np
import pytest

from customer_insight.clv.cohort_value import always_a_share, lost_for_good

MIGRATION = [0.3, 0.2, 0.15, 0.05]
CASE = {
    "margin_per_purchase": 40,
    "contact_cost": 4,
    "discount_per_period": 0.2,
    "periods": 4,
    "first_margin": "now",
}
STAYS = {"margin_per_period": 40, "discount_per_period": 0.25, "first_margin": "now"}


def test_the_published_migration_of_1000_customers_by_recency():
    table = always_a_share(1000, MIGRATION, **CASE)
    assert table["buyers"].round(1).tolist() == [1000, 300, 230, 195, 139.7]
    assert table["period"].tolist() == [0, 1, 2, 3, 4]


def test_hughes_retention_table():
    """100,000, 60,000, 42,000 customers; his divisors are 1, 1.16 and 1.35 for 1.16 ** 2."""
    orders, size, cost = np.array([1.8, 2.5, 3]), np.array([90, 95, 100]), np.array([70, 65, 65])
    table = lost_for_good(
        100_000,
        [0.6, 0.7],
        margin_per_period=orders * size * (100 - cost) / 100,
        cost_per_period=[55, 20, 20],
        discount_per_period=0.16,
        first_margin="now",
    )
    np.testing.assert_allclose(table["customers"], [100_000, 60_000, 42_000])
    published = np.cumsum(table["cash"] / [1, 1.16, 1.35])
    assert published.round().tolist() == [-640_000, 2_625_086, 5_269_531]
    assert table["cumulative"].iloc[:2].round().tolist() == [-640_000, 2_625_086]
    assert table["present_value"].iloc[2] == pytest.approx(3_570_000 / 1.16**2)


def test_money_a_period_later_is_worth_one_discount_less():
    now, later = (
        lost_for_good(10, [0.5, 0.8], **{**STAYS, "first_margin": first})
        for first in ("now", "after one period")
    )
    np.testing.assert_allclose(now["present_value"], 1.25 * later["present_value"])
    share = always_a_share(1000, MIGRATION, **{**CASE, "first_margin": "after one period"})
    assert share["cumulative"].iloc[-1] == pytest.approx(
        always_a_share(1000, MIGRATION, **CASE)["cumulative"].iloc[-1] / 1.2
    )


def test_contacts_end_when_a_customer_counts_as_gone():
    table = always_a_share(1000, [0.3, 0.2], **CASE)
    # 1,000 buy; 700 of them are away once, and 300 have come back; then 560 of the 700 are gone
    np.testing.assert_allclose(table["contacted"].iloc[:3], [1000, 1000, 440])
    assert table["cash"].iloc[1] == pytest.approx(300 * 40 - 1000 * 4)


def test_who_never_comes_back_leaves_at_once():
    table = always_a_share(1000, [0.0], **CASE)
    assert table["buyers"].tolist() == [1000, 0, 0, 0, 0]
    assert table["contacted"].tolist() == [1000, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"customers": -1}, "customers is -1, and must be 0 or more"),
        ({"retention": [60, 70]}, "retention: 2 of 2 values are no shares"),
        ({"margin_per_period": [1, 2]}, "margin_per_period has 2 values, and 3 are needed"),
        ({"cost_per_period": [1, 2]}, "cost_per_period has 2 values, and 3 are needed"),
        ({"first_margin": None}, "'now' or 'after one period'"),
    ],
)
def test_what_cannot_be_followed_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        lost_for_good(**{"customers": 10, "retention": [0.5, 0.8], **STAYS, **change})


def test_a_share_out_of_range_is_refused():
    with pytest.raises(ValueError, match="contact_cost is nan"):
        always_a_share(1000, MIGRATION, **{**CASE, "contact_cost": float("nan")})
    with pytest.raises(ValueError, match="periods is -1"):
        always_a_share(1000, MIGRATION, **{**CASE, "periods": -1})
