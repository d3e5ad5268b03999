"""Tables of the transaction contract that tests of features are held to, drawn or written out."""

from collections import defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from customer_insight.data.money import AMOUNT_LIMIT

IDS = ["00042", "42", "NA", "null", "nan", "清禾", "客户 7", "1E5", "O'Brien", "é", "e\u0301"]
SCHEMA = pa.schema(
    {"customer_id": pa.string(), "order_id": pa.string(), "day": pa.int64(), "amount": pa.int64()}
)


def contract(rows, orders=None):
    """Return rows of (customer, day, amount) as an Arrow table of the contract.

    Each row is an order of its own where ``orders`` does not name that of each row.
    """
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    customers, days, amounts = columns
    if orders is None:
        orders = [f"o{number}" for number in range(len(rows))]
    return pa.table([customers, orders, days, amounts], schema=SCHEMA)


def days_by_hand(rows, as_of):
    """Return the amount of each purchase day of each customer, counted without any engine."""
    days = defaultdict(list)
    for customer, day, amount in rows:
        if day <= as_of:
            days[customer, day].append(amount)
    bought = defaultdict(dict)
    for (customer, day), amounts in days.items():
        if sum(amounts) > 0 or (sum(amounts) == 0 and min(amounts) == 0):
            bought[customer][day] = sum(amounts)
    return dict(bought)


def generated(seed, size=60):
    """Return a small table with several orders a day, ties, returns, and days after day 100."""
    rng = np.random.default_rng(seed)
    amounts = rng.choice([-500, -100, 0, 0, 100, 100, 250, 500], size)
    customers = rng.choice(IDS, size, p=np.arange(1, 12) / 66)
    return list(
        zip(customers.tolist(), rng.integers(90, 110, size).tolist(), amounts.tolist(), strict=True)
    )


rows_of_purchases = st.lists(
    st.tuples(
        st.sampled_from(IDS),
        st.integers(-5, 12),
        st.sampled_from([-300, -100, 0, 100, 100, 200, AMOUNT_LIMIT - 1, 1 - AMOUNT_LIMIT]),
    ),
    max_size=40,
)
