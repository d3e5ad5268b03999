"""What customers have earned so far: margin where their costs are known, otherwise sales."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from customer_insight.workbook.section import ASSUMED, OBSERVED

if TYPE_CHECKING:
    import polars as pl

    from customer_insight.workbook.facts import Facts

NOT_PROFIT = "It is not profit: service, acquisition and overhead are not in the file."
MARGIN, ASSUMED_MARGIN, NET_SALES = "margin", "assumed_margin", "net_sales"
_READ_AS_COST = re.compile(r'(^|, )cost = "')


@dataclass(frozen=True)
class Measure:
    """What is counted of a customer, and what it is called.

    Attributes
    ----------
    code : str
        MARGIN, ASSUMED_MARGIN or NET_SALES.
    name : str
        As it stands in headings.
    amount : str
        As it stands before an amount.
    kind : str
        OBSERVED or ASSUMED.
    rule : str
        How it is counted.
    """

    code: str
    name: str
    amount: str
    kind: str
    rule: str


def goods_costs(bought: Any, *, as_of: int) -> Any:
    """Return what the goods cost that each customer bought.

    Parameters
    ----------
    bought : table of the transaction contract with ``cost``
        Purchases alone, on any engine.
    as_of : int
        Last day that counts.

    Returns
    -------
    same kind as ``bought``
        ``customer_id`` and ``cost``, Int64 minor units, one row a customer.

    Examples
    --------
    >>> import polars
    >>> lines = {"customer_id": ["a", "a"], "day": [1, 9], "amount": [9, 9], "cost": [4, 5]}
    >>> goods_costs(polars.DataFrame(lines), as_of=8).rows()
    [('a', 4)]
    """
    return (
        nw.from_native(bought)
        .filter(nw.col("day") <= as_of)
        .group_by("customer_id")
        .agg(nw.col("cost").sum())
        .with_columns(nw.col("cost").cast(nw.Int64))
        .to_native()
    )


def with_costs(
    customers: "pl.DataFrame", costs: "pl.DataFrame", returns: "pl.DataFrame"
) -> "pl.DataFrame":
    """Return the customers with the cost of their goods, by the careful rule for returned ones.

    A return line takes off the cost that it states below zero: the goods are in stock again. Where
    it states none, or one above zero, nothing is taken off, since nobody says that they can be sold
    again.

    Parameters
    ----------
    customers : polars.DataFrame
    costs : polars.DataFrame
        As `goods_costs` gives it.
    returns : polars.DataFrame
        Return lines with ``cost``.

    Returns
    -------
    polars.DataFrame
        With ``cost``, and ``cost_open``: what return lines state above zero. Int64 minor units.
    """
    import polars as pl

    cost = pl.col("cost")
    back = returns.group_by("customer_id").agg(
        cost_back=cost.clip(upper_bound=0).sum(), cost_open=cost.clip(lower_bound=0).sum()
    )
    joined = customers
    for more in (costs, back):
        joined = joined.join(more, on="customer_id", how="left", maintain_order="left")
    whole = pl.col("cost", "cost_back", "cost_open").fill_null(0).cast(pl.Int64)
    return joined.with_columns(whole).with_columns(cost + pl.col("cost_back")).drop("cost_back")


def measure(facts: "Facts") -> Measure:
    """Return what can be counted: margin by the file, margin as stated, or sales."""
    if facts.knows_cost:
        return Measure(
            MARGIN,
            "Margin",
            "a margin of",
            OBSERVED,
            "Sales less returns less the cost of goods, by the file's column of costs, each the "
            "cost of its whole line. Goods that came back count as cost unless their return line "
            f"states a cost below zero. {NOT_PROFIT}",
        )
    if "margin" in facts.assumed.stated:
        share = f"{100 * facts.assumed.margin:g} %"
        return Measure(
            ASSUMED_MARGIN,
            "Margin, assumed",
            f"a margin, assumed at {share}, of",
            ASSUMED,
            f"Sales less returns, times the margin of {share} that was stated for all goods alike. "
            f"{NOT_PROFIT}",
        )
    return Measure(
        NET_SALES,
        "Net sales",
        "net sales of",
        OBSERVED,
        "Sales less returns. No cost is taken off, so that it is neither margin nor profit.",
    )


def earned(facts: "Facts") -> "pl.DataFrame":
    """Return the customers with ``net`` and ``earned``, both in minor units.

    ``earned`` is by the `measure`: whole, or a fraction where the margin is a share that was
    stated.
    """
    import polars as pl

    net = pl.col("amount") + pl.col("returned")
    by = {
        MARGIN: lambda: net - pl.col("cost"),
        ASSUMED_MARGIN: lambda: net * facts.assumed.margin,
        NET_SALES: lambda: net,
    }[measure(facts).code]
    return facts.customers.with_columns(net=net, earned=by().cast(pl.Float64))


def why_no_margin(facts: "Facts") -> str:
    """Return why there is no margin and what would unlock it, or an empty text."""
    if measure(facts).code != NET_SALES:
        return ""
    how = (
        "Export the cost of the goods of each line as a column cost, or state your margin with "
        "--margin 0.3, and it is called assumed."
    )
    if "cost" in facts.customers.columns:
        return f"No margin: the costs in the file add up to nothing or to less. {how}"
    if _READ_AS_COST.search(facts.intake.how["columns"]):
        return (
            "No margin: the column of costs has gaps or fractions of the smallest unit, and was "
            f"left out, as section 1 says. {how}"
        )
    return f"No margin: the file states no costs, and no margin was stated. {how}"
