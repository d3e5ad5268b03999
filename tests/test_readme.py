"""README's Python blocks run as they stand, with a file of orders beside them."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from customer_insight import data

README = Path(__file__).parents[1] / "README.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def orders_file(tmp_path, monkeypatch):
    """Write the CDNOW sample as a stranger's file, and stand in its folder."""
    orders = data.load("cdnow_sample")
    columns = {"master_id": "customer", "date": "date", "dollar_value": "amount"}
    table = orders.rename(columns=columns)[[*columns.values()]]
    table.insert(1, "order", [f"{number:06d}" for number in range(len(table))])
    table.to_csv(tmp_path / "orders.csv", index=False)
    monkeypatch.chdir(tmp_path)


def run(block):
    names = {}
    exec(compile(block, str(README), "exec"), names)
    return names


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n", 1)[0])
@pytest.mark.usefixtures("orders_file")
def test_each_block_runs_by_itself(block):
    run(block)


@pytest.mark.usefixtures("orders_file")
def test_a_file_of_ones_own_goes_from_orders_to_a_judged_forecast(capsys):
    (block,) = (block for block in BLOCKS if "orders.csv" in block)
    names = run(block)
    assert names["customers"]["customer_id"].str.len().eq(5).all()
    assert len(names["customers"]) == 2357
    total = names["total"]
    assert total.low < total.estimate < total.high
    verdicts = names["report"].differences.set_index("measure")["verdict"]
    assert verdicts["RMSE"] == "better"
    assert isinstance(names["stop"], pd.Timestamp)
    said = capsys.readouterr().out
    assert "in weeks, fitted to 2,357 customers" in said
    came = names["customers"]["later_amount"].sum() / 100
    assert f"expected {total.estimate:,.0f}, came {came:,.0f}\n95 % interval of the model's" in said
    assert said.startswith("returned: 0.0% of the money of all orders\n")
    measures = names["report"].measures.query("prediction == 'model'").set_index("measure")
    assert f"{measures['estimate']['predicted / actual']:f}" in said
    assert f"{measures['low']['bias']:f}" in said


def test_the_forecast_of_a_file_with_returns_is_of_the_weeks_after_it(
    tmp_path, monkeypatch, capsys
):
    rng = np.random.default_rng(11)
    customers, days = 1500, 728
    rows = []
    for number in range(customers):
        rate, first = rng.gamma(0.8, 1 / 60), int(rng.integers(0, days - 90))
        gone, basket = first + rng.geometric(0.004), 20 / rng.gamma(4, 1 / 4)
        when = first
        while when <= min(gone, days):
            rows.append((f"{number:05d}", when, round(basket * rng.gamma(5, 1 / 5) + 1, 2)))
            when += int(rng.geometric(rate / (1 + rate)))
    returns = [(who, day + 9, -amount) for who, day, amount in rows[::12] if day + 9 <= days]
    only_returns = [("99999", 400, -20.0)]
    table = pd.DataFrame(rows + returns + only_returns, columns=["customer", "date", "amount"])
    table.insert(1, "order", [f"{number:06d}" for number in range(len(table))])
    table["date"] = pd.Timestamp("2023-01-02") + pd.to_timedelta(table["date"], unit="D")
    table.to_csv(tmp_path / "orders.csv", index=False)
    monkeypatch.chdir(tmp_path)

    (block,) = (block for block in BLOCKS if "orders.csv" in block)
    names, said = run(block), capsys.readouterr().out
    taken = -table["amount"].clip(upper=0).sum() / table["amount"].clip(lower=0).sum()
    assert f"returned: {taken:.1%} of the money of all orders" in said
    assert "outside: 1 customers with nothing but returns" in said
    forecast = names["forecast"]
    assert len(forecast) == table["customer"].nunique() - 1
    assert forecast["expected"].gt(0).all()
    assert len(forecast) > len(names["customers"]), "the later buyers are known by now"
    best = forecast.nlargest(1, "expected").iloc[0]
    assert best["customer_id"] in said
    verdict = names["report"].measures.query("prediction == 'model'").set_index("measure")
    assert 0.8 < verdict["estimate"]["predicted / actual"] < 1.25
