"""Margin where costs are known, as stated, or sales: by the careful rule, and called so."""

import dataclasses

import polars as pl
import pytest
from tests.workbook.conftest import gather_facts
from tests.workbook.orders import few_orders

from customer_insight.workbook.assumed import Assumed
from customer_insight.workbook.earned import earned, measure, why_no_margin, with_costs


def write(path, lines):
    lines.write_csv(path)
    return path


@pytest.fixture
def costed(tmp_path):
    """Return the facts of four lines with costs, two of them returns."""
    lines = pl.DataFrame(
        {
            "customer": ["a", "a", "b", "b", "c"],
            "date": ["2024-01-01", "2024-01-09", "2024-01-02", "2024-01-10", "2024-01-03"],
            "amount": [100.0, -100.0, 50.0, -20.0, 30.0],
            "cost": [60.0, -60.0, 20.0, 8.0, 31.0],
        }
    )
    return gather_facts(write(tmp_path / "orders.csv", lines), tmp_path)


def test_a_return_gives_back_only_the_cost_that_it_states_below_zero(costed):
    found = earned(costed).sort("customer_id")
    # a: 100 - 100 - (60 - 60); b: 50 - 20 - 20, the 8 are open; c: 30 - 31
    assert found["earned"].to_list() == [0.0, 1000.0, -100.0]
    assert found["net"].to_list() == [0, 3000, 3000]
    assert found["cost_open"].to_list() == [0, 800, 0]
    assert measure(costed).code == "margin"
    assert why_no_margin(costed) == ""


def test_returns_of_customers_who_never_bought_add_nobody():
    customers = pl.DataFrame({"customer_id": ["a"]})
    returns = pl.DataFrame({"customer_id": ["z"], "cost": [-5]})
    costs = pl.DataFrame({"customer_id": ["a"], "cost": [7]})
    assert with_costs(customers, costs, returns).rows() == [("a", 7, 0)]


def test_a_stated_margin_is_assumed_and_costs_of_the_file_go_before_it(costed):
    stated = dataclasses.replace(costed, assumed=Assumed.of(margin=0.5, decimals=2))
    assert measure(stated).code == "margin"
    without = dataclasses.replace(stated, customers=stated.customers.drop("cost", "cost_open"))
    assert (measure(without).code, measure(without).kind) == ("assumed_margin", "assumed")
    assert earned(without).sort("customer_id")["earned"].to_list() == [0.0, 1500.0, 1500.0]


def test_without_costs_and_margin_it_is_sales(tmp_path):
    lines = few_orders(12).with_columns(amount=pl.col("amount") / 100)
    facts = gather_facts(write(tmp_path / "orders.csv", lines), tmp_path)
    assert measure(facts).code == "net_sales"
    assert "margin" not in measure(facts).name.lower()
    assert "states no costs" in why_no_margin(facts)
    assert "--margin" in why_no_margin(facts)


def test_costs_that_are_left_out_or_no_costs_are_said_to_be(costed, tmp_path):
    none = dataclasses.replace(
        costed, customers=costed.customers.with_columns(cost=-pl.col("cost"))
    )
    assert measure(none).code == "net_sales"
    assert "add up to nothing or to less" in why_no_margin(none)
    folder = tmp_path / "gaps"
    folder.mkdir()
    gaps = pl.DataFrame(
        {"customer": ["a", "b"], "date": ["2024-01-01", "2024-01-02"], "amount": [5.0, 6.0],
         "cost": ["1.00", ""]}
    )  # fmt: skip
    facts = gather_facts(write(folder / "orders.csv", gaps), folder)
    assert "has gaps or fractions" in why_no_margin(facts)
