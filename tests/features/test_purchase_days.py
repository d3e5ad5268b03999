import narwhals as nw
import pyarrow as pa
import pytest

from customer_insight.features.purchase_days import purchase_days


@pytest.mark.parametrize(
    ("amounts", "counted"),
    [
        ([500, 300], 800),
        ([500, -300], 200),
        ([0], 0),
        ([500, -500], None),
        ([-500], None),
        ([0, -1], None),
    ],
)
def test_a_day_counts_by_its_net_amount(engine, amounts, counted):
    table = pa.table(
        {"customer_id": ["7"] * len(amounts), "day": [3] * len(amounts), "amount": amounts}
    )
    found = engine.rows(purchase_days(nw.from_native(engine.frame(table))).to_native())
    assert [row["amount"] for row in found] == ([] if counted is None else [counted])
