"""Data: published data sets, the transaction contract, units of time.

``load`` gives a published data set or a table of the simulated company, checked; ``fetch`` gets one
from its publisher; ``company_transactions`` gives the company's orders in the contract's columns;
``read_transactions`` reads a stranger's file of orders; ``transactions`` turns a frame with dates
and decimal money into the table that all else rests on.
"""

from customer_insight.data.fetch import fetch
from customer_insight.data.load import load

__all__ = ["company_transactions", "fetch", "load", "read_transactions", "transactions"]


def __getattr__(name: str) -> object:
    """Import what needs a heavy library when it is first asked for."""
    if name == "transactions":
        from customer_insight.data.contract import transactions

        return transactions
    if name == "read_transactions":
        from customer_insight.data.intake import read_transactions

        return read_transactions
    if name == "company_transactions":
        from customer_insight.data.company_orders import company_transactions

        return company_transactions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
