import polars as pl
import pytest

from customer_insight.clv.profit_sources import activity_pools, return_postings, sales_postings


def order_lines(**change):
    return pl.DataFrame(
        {
            "customer_id": ["b", "a", "a", None],
            "quantity": [2, 1, 250, 1],
            "unit_price": [700, 500, 2, 100],
            "discount": [100, 0, 20, 0],
            "unit_cost": [400, 300, 614, 60],
            "cost_quantity": [1, 1, 1000, 1],
        }
        | change
    )


def by_line(postings):
    return {(row.customer_id, row.line): row.amount for row in postings.itertuples()}


def test_sales_by_hand():
    found = by_line(sales_postings(order_lines()))
    assert found["b", "gross_sales"] == 1400
    assert found["b", "discount"] == -100
    assert found["a", "gross_sales"] == 500 + 500
    assert found["a", "cost_of_goods"] == -300 - 154  # 250 of 1,000 at 6.14 is 153.5, half up
    assert sum(found.values()) == 2500 - 120 - (800 + 454 + 60)


def test_lines_of_nobody_stay_nobodys():
    found = sales_postings(order_lines())
    nobody = found[found["customer_id"].isna()]
    assert nobody["amount"].tolist() == [-60, 0, 100]


def test_returns_by_hand():
    returns = pl.DataFrame(
        {
            "customer_id": ["a", "a", "b"],
            "quantity": [1, 2, 1],
            "refund": [500, 900, 300],
            "unit_cost": [300, 200, 100],
            "cost_quantity": [1, 1, 1],
            "resaleable": [1, 0, 1],
        }
    )
    assert by_line(return_postings(returns)) == {
        ("a", "refunds"): -1400,
        ("a", "returned_goods"): 300,
        ("b", "refunds"): -300,
        ("b", "returned_goods"): 100,
    }


def volumes(**change):
    columns = {"activity": ["kg"] * 3, "period": ["2024"] * 3, "customer_id": ["a", "b", "a"]}
    return pl.DataFrame(columns | {"volume": [600, 900, 1000]} | change)


def rates(**change):
    columns = {"activity": ["kg", "call"], "period": ["2024"] * 2, "line": ["fulfilment"] * 2}
    return pl.DataFrame(columns | {"rate": [155, 1], "units": [1000, 1]} | change)


def test_an_activity_costs_rate_times_volume_rounded_once():
    pools, keys = activity_pools(rates(), volumes())
    assert pools.to_dict("records") == [
        {"pool": "kg 2024", "line": "fulfilment", "amount": -388, "key": "kg 2024"}  # 387.5
    ]
    assert keys.groupby("customer_id")["weight"].sum().to_dict() == {"a": 1600, "b": 900}


def test_work_without_a_rate_is_refused():
    with pytest.raises(ValueError, match=r"work without a rate: kg 2023\. It would be free"):
        activity_pools(rates(), volumes(period=["2024", "2023", "2024"]))


def test_two_rates_for_one_activity_are_refused():
    with pytest.raises(ValueError, match=r"more than once, .* charged again"):
        activity_pools(rates(activity=["kg", "kg"]), volumes())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quantity": [2, -1, 250, 1]}, "order_lines: the column 'quantity' is below 1 in 1 of 4"),
        ({"discount": [-1, 0, -20, 0]}, "'discount' is below 0 in 2 of 4 rows.*booked as a return"),
        ({"cost_quantity": [0, 1, 1, 1]}, "'cost_quantity' is below 1"),
    ],
)
def test_signs_are_checked(change, message):
    with pytest.raises(ValueError, match=message):
        sales_postings(order_lines(**change))


def test_half_resaleable_goods_are_refused():
    returns = order_lines().with_columns(refund=1, resaleable=2)
    with pytest.raises(ValueError, match="neither 0 nor 1 in 4 of 4 rows"):
        return_postings(returns)
