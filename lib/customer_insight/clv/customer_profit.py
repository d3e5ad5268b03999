"""Profit and loss of each customer, and what belongs to none, adding up to the accounts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.apportionment import apportion, whole_sums
from customer_insight.clv.money_table import money_table
from customer_insight.data.days import day_number

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

PROFIT_LINES = (
    "gross_sales",
    "discount",
    "refunds",
    "cost_of_goods",
    "returned_goods",
    "fulfilment",
    "service",
    "loyalty",
    "acquisition",
    "shared",
)


@dataclass(frozen=True)
class CustomerProfit:
    """Profit and loss by customer, in whole minor units; income above 0, cost below.

    Attributes
    ----------
    statement : pandas.DataFrame
        One row a customer, sorted by id: ``customer_id``, a column for each line, and ``profit``,
        their sum.
    unallocated : dict of str to int
        By line, what belongs to no customer.
    lines : tuple of str
        The lines, in order.
    currency : str
        Code, such as "CNY"; amounts are in its minor unit.
    first_day, as_of : int
        First and last day of the period, days since 1970-01-01.
    """

    statement: "pd.DataFrame"
    unallocated: dict[str, int]
    lines: tuple[str, ...]
    currency: str
    first_day: int
    as_of: int

    def reconciliation(self, accounts: Mapping[str, int]) -> "pd.DataFrame":
        """Set the customers' lines and the unallocated rest beside the company's accounts.

        Parameters
        ----------
        accounts : mapping of str to int, or pandas.Series
            By line, the company's own figure of the period, costs below 0.

        Returns
        -------
        pandas.DataFrame
            One row a line, then ``profit``: ``line``, ``customers``, ``unallocated``,
            ``accounts``, ``difference`` (customers and unallocated less accounts; 0 where the books
            agree), minor units.

        Raises
        ------
        ValueError
            If the accounts name other lines than the statement.
        """
        import pandas as pd

        accounts = dict(accounts)  # a pandas Series too, by its index
        if set(accounts) != set(self.lines):
            raise ValueError(
                f"accounts has the lines {', '.join(accounts)}, and the statement has "
                f"{', '.join(self.lines)}. A line on one side alone cannot be reconciled: give "
                "each, 0 where nothing was booked."
            )
        table = pd.DataFrame(
            {
                "line": self.lines,
                "customers": [int(self.statement[line].sum()) for line in self.lines],
                "unallocated": [self.unallocated[line] for line in self.lines],
                "accounts": [int(accounts[line]) for line in self.lines],
            }
        )
        table.loc[len(table)] = ["profit", *table.drop(columns="line").sum().tolist()]
        return table.assign(
            difference=table["customers"] + table["unallocated"] - table["accounts"]
        )


def customer_profit(
    postings: Any,
    pools: Any,
    keys: Any,
    *,
    currency: str,
    first_day: dt.date | int,
    as_of: dt.date | int,
    lines: Sequence[str] = PROFIT_LINES,
) -> CustomerProfit:
    """Return each customer's profit and loss: what is theirs directly, and a share of cost pools.

    A posting goes to its customer. A pool is shared out over customers in proportion to the weights
    of its allocation key, by largest remainders, so that the shares are whole and add up to the
    pool. What has no customer, and a pool without a key or whose key has no weight, stays
    unallocated: a cost that no customer causes makes none of them dear.

    Parameters
    ----------
    postings : pandas or Polars frame
        One row a booking: ``customer_id`` (text, missing where it is nobody's), ``line``,
        ``amount`` (whole minor units, costs below 0). ``profit_sources`` makes them.
    pools : pandas or Polars frame
        One row a cost pool: ``pool`` (its name), ``line``, ``amount`` (below 0 for a cost), ``key``
        (text, missing if it is not shared).
    keys : pandas or Polars frame
        One row a key and customer: ``key``, ``customer_id``, ``weight`` (whole number from 0).
        Several rows of one key and customer are added up.
    currency : str
        Code, such as "CNY".
    first_day, as_of : datetime.date or int
        First and last day of the period that the bookings were taken from.
    lines : sequence of str
        Lines of the statement, in order. Each gets a column.

    Returns
    -------
    CustomerProfit

    Raises
    ------
    ValueError
        If a table lacks a column, has gaps or fractions, names a line that is not in ``lines``, a
        pool stands twice, a weight is negative, or the period ends before it begins.

    Notes
    -----
    Shared cost is an average: it says what customers used, not what would be saved without them.
    The result does not hang on the order of any rows.

    References
    ----------
    Kaplan, R. S. and Narayanan, V. G. (2001), Measuring and Managing Customer Profitability,
    Journal of Cost Management 15(5): costs follow activities to customers.

    Examples
    --------
    >>> import pandas
    >>> postings = pandas.DataFrame({
    ...     "customer_id": ["00042", "00042", "00077"], "line": ["sales", "goods", "sales"],
    ...     "amount": [9000, -6000, 2500],
    ... })
    >>> pools = pandas.DataFrame({
    ...     "pool": ["parcels", "rent"], "line": ["shared", "shared"], "amount": [-1000, -400],
    ...     "key": ["orders", None],
    ... })
    >>> keys = pandas.DataFrame({
    ...     "key": ["orders", "orders"], "customer_id": ["00042", "00077"], "weight": [2, 1],
    ... })
    >>> found = customer_profit(
    ...     postings, pools, keys, currency="CNY", first_day=18993, as_of=19357,
    ...     lines=("sales", "goods", "shared"),
    ... )
    >>> found.statement
      customer_id  sales  goods  shared  profit
    0       00042   9000  -6000    -667    2333
    1       00077   2500      0    -333    2167
    >>> found.unallocated
    {'sales': 0, 'goods': 0, 'shared': -400}
    """
    import polars as pl

    first, last = _period(first_day, as_of)
    direct, pooled, weights = _read(postings, pools, keys, tuple(lines))
    ids = pl.concat([direct["customer_id"], weights["customer_id"]]).drop_nulls().unique().sort()
    weights_of = _by_key(_numbered(weights, ids), len(ids))
    books = {line: np.zeros(len(ids), dtype=np.int64) for line in lines}
    unallocated = dict.fromkeys(lines, 0)
    for (line,), rows in _numbered(direct, ids).partition_by("line", as_dict=True).items():
        owned = rows.drop_nulls("at")
        books[line] += whole_sums(owned["at"].to_numpy(), owned["amount"].to_numpy(), len(ids))
        unallocated[line] += int(rows.filter(pl.col("at").is_null())["amount"].sum())
    for pool in pooled.sort("pool").iter_rows(named=True):
        if (used := weights_of.get(pool["key"])) is None:
            unallocated[pool["line"]] += pool["amount"]
        else:
            users, weight = used
            books[pool["line"]][users] += apportion(pool["amount"], weight)
    statement = pl.DataFrame({"customer_id": ids, **books})
    return CustomerProfit(
        statement=statement.with_columns(profit=pl.sum_horizontal(lines)).to_pandas(),
        unallocated=unallocated,
        lines=tuple(lines),
        currency=currency,
        first_day=first,
        as_of=last,
    )


def _read(
    postings: Any, pools: Any, keys: Any, lines: tuple[str, ...]
) -> tuple["pl.DataFrame", "pl.DataFrame", "pl.DataFrame"]:
    import polars as pl

    optional = {"optional_text": ["customer_id"]}
    direct = money_table(postings, "postings", text=["line"], whole=["amount"], **optional)
    pooled = money_table(
        pools, "pools", text=["pool", "line"], whole=["amount"], optional_text=["key"]
    )
    weights = money_table(keys, "keys", text=["key", "customer_id"], whole=["weight"])
    for table, name in ((direct, "postings"), (pooled, "pools")):
        unknown = sorted(set(table["line"].unique()) - set(lines))
        if unknown:
            raise ValueError(
                f"{name} names the lines {', '.join(unknown)}, which are not in the statement: "
                f"{', '.join(lines)}. Their money would be lost; add them to lines."
            )
    if pooled["pool"].is_duplicated().any():
        twice = pooled.filter(pooled["pool"].is_duplicated())["pool"].unique().sort()
        raise ValueError(
            f"pools holds {', '.join(twice)} more than once, and would share out the same cost "
            "again. Add such rows up, or give each pool a name of its own."
        )
    return direct, pooled, weights.filter(pl.col("key").is_in(pooled["key"].unique().implode()))


def _numbered(table: "pl.DataFrame", ids: "pl.Series") -> "pl.DataFrame":
    """Add ``at``, each row's place among the sorted ids; missing where the customer is."""
    places = ids.alias("customer_id").to_frame().with_row_index("at")
    return table.join(places, on="customer_id", how="left").drop("customer_id")


def _by_key(
    weights: "pl.DataFrame", customers: int
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the places of each key's users and their weights; keys without any are left out."""
    negative = weights.filter(weights["weight"] < 0)
    if len(negative):
        raise ValueError(
            f"keys: {len(negative):,} of {len(weights):,} weights are negative, of the key "
            f"{', '.join(negative['key'].unique().sort())}. A cost shared by them would make some "
            "customers richer; take the volume before returns."
        )
    used = {}
    for (key,), rows in weights.partition_by("key", as_dict=True).items():
        each = whole_sums(rows["at"].to_numpy(), rows["weight"].to_numpy(), customers)
        # users alone: a key for every month and channel would else be a column of zeros for each
        if len(users := np.flatnonzero(each)):
            used[key] = users, each[users]
    return used


def _period(first_day: dt.date | int, as_of: dt.date | int) -> tuple[int, int]:
    first, last = day_number(first_day, name="first_day"), day_number(as_of)
    if first > last:
        raise ValueError(
            f"the period begins on day {first} and ends on day {last} (since 1970-01-01), before "
            "it begins. Give first_day and as_of in this order, both included."
        )
    return first, last
