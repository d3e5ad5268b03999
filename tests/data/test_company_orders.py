import pandas as pd
import pytest

from customer_insight import data
from customer_insight.data.company_orders import SIDES


def test_a_row_is_an_order_with_the_money_of_its_lines():
    orders, lines = data.load("company_orders"), data.load("company_order_lines")
    made = data.company_transactions()
    assert made["order_id"].tolist() == orders["order_id"].tolist()
    assert made["customer_id"].tolist() == orders["customer_id"].tolist()
    assert made["channel"].tolist() == orders["channel"].tolist()
    assert made["amount"].sum() == lines["amount"].sum()
    last = orders.iloc[-1]
    (row,) = made[made["order_id"] == last["order_id"]].to_dict("records")
    assert row["amount"] == lines.loc[lines["order_id"] == last["order_id"], "amount"].sum()
    assert row["day"] == (last["ordered_at"] - pd.Timestamp(0)).days


def test_the_sides_are_parts_of_the_whole():
    parts = pd.concat(data.company_transactions(side=side) for side in SIDES)
    whole = data.company_transactions()
    by_order = {"by": "order_id", "ignore_index": True}
    assert parts.sort_values(**by_order).equals(whole.sort_values(**by_order))
    sides = data.load("company_orders").set_index("order_id")["side"]
    people = data.company_transactions(side="person")
    assert set(sides[people["order_id"]]) == {"person"}


def test_another_side_is_refused():
    with pytest.raises(ValueError, match="side is 'firm'; it must be one of 'person', 'organ"):
        data.company_transactions(side="firm")
