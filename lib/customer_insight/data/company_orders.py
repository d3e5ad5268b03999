"""The simulated company's orders as the transactions that features and models take."""

from typing import TYPE_CHECKING

from customer_insight.data.contract import transactions
from customer_insight.data.load import load

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("person", "organisation")


def company_transactions(*, side: str | None = None) -> "pd.DataFrame":
    """Return the orders of the simulated company in the transaction contract, a row an order.

    Parameters
    ----------
    side : {"person", "organisation"}, optional
        Whose orders; by default everybody's.

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, ``order_id``, ``day`` (days since 1970-01-01), ``amount`` (fen: what the
        order's lines cost the customer, goods that came back later included; the table
        ``company_returns`` has those) and ``channel``, in the order of ``company_orders``.

    Raises
    ------
    ValueError
        If there is no such side.
    DataSetError
        If a table is not the shipped one.

    Examples
    --------
    >>> company_transactions(side="person").shape
    (52234, 5)
    """
    if side is not None and side not in SIDES:
        raise ValueError(f"side is {side!r}; it must be one of {', '.join(map(repr, SIDES))}.")
    orders, lines = load("company_orders"), load("company_order_lines")
    if side is not None:
        orders = orders[orders["side"] == side]
    paid = lines.groupby("order_id")["amount"].sum()
    return transactions(
        orders.assign(amount=orders["order_id"].map(paid)),
        customer="customer_id",
        day="ordered_at",
        amount="amount",
        order="order_id",
        channel="channel",
        decimals=0,
    )
