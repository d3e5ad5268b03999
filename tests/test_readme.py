"""README's Python blocks run as they stand, with a file of orders beside them."""

import re
from pathlib import Path

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
