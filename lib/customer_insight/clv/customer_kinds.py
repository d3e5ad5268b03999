"""The four kinds of customer by stated rules, and what each kind brings and costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.table_columns import real_numbers, table_with
from customer_insight.stats.inputs import finite_numbers
from customer_insight.stats.mean_intervals import mean_interval
from customer_insight.stats.resampling import FEWEST_ROWS
from customer_insight.stats.sums import divide

if TYPE_CHECKING:
    import pandas as pd

REST = "other"


@dataclass(frozen=True)
class Bound:
    """One condition: a behaviour from ``low`` up and below ``high``.

    Attributes
    ----------
    column : str
        Of the table of behaviour.
    low, high : float
        In the unit of the column; by default without an end.
    """

    column: str
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True)
class KindRule:
    """One rule: customers to whom all bounds apply, and no earlier rule did, are of this kind.

    Attributes
    ----------
    kind : str
        Code that stands in tables. Several rules may share one.
    zh : str
        The source's term.
    bounds : tuple of Bound
        At least one.
    """

    kind: str
    zh: str
    bounds: tuple[Bound, ...]


# In the source's order. The thresholds are a proposal to be argued about, not findings.
KINDS = (
    KindRule("demanding", "苛刻的", (Bound("service_minutes_per_order", low=4.0),)),
    KindRule("hesitant", "犹豫不决的", (Bound("returns_per_order", low=0.2),)),
    KindRule("thrifty", "节俭的", (Bound("discount_share", low=0.01),)),
    KindRule(
        "worldly_wise",
        "久经世故的",
        (Bound("orders", low=8.0), Bound("service_minutes_per_order", high=1.0)),
    ),
)


def customer_kinds(behaviour: Any, *, rules: Sequence[KindRule] = KINDS) -> "pd.Categorical":
    """Return the kind of each customer: that of the first rule that applies, else "other".

    Parameters
    ----------
    behaviour : pandas or Polars frame
        One row a customer, with every column that a rule names. `KINDS` asks for
        ``service_minutes_per_order``, ``returns_per_order`` (returned lines), ``discount_share``
        (discount over gross sales, 0 to 1) and ``orders``.
    rules : sequence of KindRule
        In the order in which they are tried.

    Returns
    -------
    pandas.Categorical, shape (n,)
        In the order of the rules, "other" last; every customer has exactly one.

    Raises
    ------
    ValueError
        If a column is missing, no number or has gaps, or a rule has no bound or an empty one.

    Notes
    -----
    Rules that come first take customers from those that come later; `kind_overlap` counts how
    many. A ratio of few orders is mostly chance: one call after one order makes nobody demanding.

    Examples
    --------
    >>> import polars
    >>> behaviour = polars.DataFrame({
    ...     "orders": [9, 9, 2], "service_minutes_per_order": [6.0, 0.0, 0.0],
    ...     "returns_per_order": [0.5, 0.0, 0.0], "discount_share": [0.0, 0.0, 0.0],
    ... })
    >>> list(customer_kinds(behaviour))
    ['demanding', 'worldly_wise', 'other']
    """
    import pandas as pd

    applies = _applies(behaviour, rules)
    kinds = [*dict.fromkeys(rule.kind for rule in rules), REST]
    codes = np.array([kinds.index(rule.kind) for rule in rules] + [len(kinds) - 1])
    first = np.where(applies.any(axis=0), applies.argmax(axis=0), len(rules))
    return pd.Categorical.from_codes(codes[first], kinds, ordered=True)


def kind_overlap(behaviour: Any, *, rules: Sequence[KindRule] = KINDS) -> "pd.DataFrame":
    """Return how many customers each rule applies to, and how many it is left with.

    Parameters
    ----------
    behaviour, rules
        As `customer_kinds` takes them.

    Returns
    -------
    pandas.DataFrame
        One row a rule, in order: ``kind``, ``zh``, ``rule`` (its bounds in words), ``applies``
        (customers whom it fits), ``taken`` (those whom no earlier rule took).

    Raises
    ------
    ValueError
        As `customer_kinds` does.

    Examples
    --------
    >>> import polars
    >>> rules = [KindRule("thrifty", "节俭的", (Bound("discount_share", low=0.1),))]
    >>> kind_overlap(polars.DataFrame({"discount_share": [0.2, 0.0]}), rules=rules)
          kind   zh                   rule  applies  taken
    0  thrifty  节俭的  discount_share >= 0.1        1      1
    """
    import pandas as pd

    applies = _applies(behaviour, rules)
    before = np.cumsum(applies, axis=0) - applies
    return pd.DataFrame(
        {
            "kind": [rule.kind for rule in rules],
            "zh": [rule.zh for rule in rules],
            "rule": [" and ".join(map(_words, rule.bounds)) for rule in rules],
            "applies": applies.sum(axis=1),
            "taken": (applies & (before == 0)).sum(axis=1),
        }
    )


def kind_profits(
    kinds: "pd.Categorical", profit: ArrayLike, service_cost: ArrayLike, *, confidence: float = 0.95
) -> "pd.DataFrame":
    """Return profit and service cost of each kind, by customer with an interval and in total.

    Parameters
    ----------
    kinds : pandas.Categorical, shape (n,)
        As `customer_kinds` gives them.
    profit : array-like, shape (n,)
        Profit of each customer in the period, minor units.
    service_cost : array-like, shape (n,)
        What serving each of them cost, 0 or more, minor units; it is taken off the profit already.
    confidence : float, default 0.95
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row a kind that somebody has: ``kind``, ``customers``, ``profit`` (total),
        ``profit_per_customer`` with ``low`` and ``high`` (missing under 10 customers or where all
        are equal), ``service_cost`` (total), ``service_cost_per_customer``, ``service_share`` (of
        the profit before service; NaN where that is not above 0), ``share_costing`` (customers
        below 0). Totals over kinds are those of all customers.

    Raises
    ------
    ValueError
        If lengths differ, or a number is missing or a service cost negative.

    Examples
    --------
    >>> import pandas
    >>> kinds = pandas.Categorical(["demanding", "other", "other"])
    >>> table = kind_profits(kinds, [-100, 300, 500], [400, 0, 100])
    >>> table[["kind", "customers", "profit", "service_cost", "service_share"]].round(2)
            kind  customers  profit  service_cost  service_share
    0  demanding          1  -100.0         400.0           1.33
    1      other          2   800.0         100.0           0.11
    """
    import pandas as pd

    money, cost = finite_numbers(profit, "profit"), finite_numbers(service_cost, "service_cost")
    if not len(kinds) == money.size == cost.size:
        raise ValueError(
            f"kinds has {len(kinds):,} customers, profit {money.size:,} and service_cost "
            f"{cost.size:,}: they must stand row by row beside each other."
        )
    if (below := int((cost < 0).sum())) or (kinds.codes < 0).any():
        raise ValueError(
            f"service_cost is negative for {below:,} of {cost.size:,} customers, or a kind is "
            "missing. Give costs above 0, as a number taken off, and every customer a kind."
        )
    rows = [
        {
            "kind": kind,
            **_of_kind(money[kinds.codes == code], cost[kinds.codes == code], confidence),
        }
        for code, kind in enumerate(kinds.categories)
        if (kinds.codes == code).any()
    ]
    return pd.DataFrame(rows).astype({"low": "Float64", "high": "Float64"})


def _of_kind(money: NDArray, cost: NDArray, confidence: float) -> dict[str, Any]:
    # sorted, so that no digit hangs on the order of the rows
    profit, service = float(np.sort(money).sum()), float(np.sort(cost).sum())
    row = {"customers": money.size, "profit": profit, "profit_per_customer": profit / money.size}
    ends = {"low": None, "high": None}
    if money.size >= FEWEST_ROWS and np.ptp(money) > 0:
        interval = mean_interval(money, confidence=confidence)
        ends = {"low": interval.low, "high": interval.high}
    before = max(profit + service, 0.0)
    return (
        row
        | ends
        | {
            "service_cost": service,
            "service_cost_per_customer": service / money.size,
            "service_share": float(divide(service, before)),
            "share_costing": float((money < 0).mean()),
        }
    )


def _applies(behaviour: Any, rules: Sequence[KindRule]) -> NDArray[np.bool_]:
    """Return for each rule (row) which customers (columns) it applies to."""
    _check_rules(rules)
    columns = sorted({bound.column for rule in rules for bound in rule.bounds})
    table = table_with(behaviour, "behaviour", columns)
    values = {column: real_numbers(table, column, "behaviour") for column in columns}
    inside = [
        [(values[b.column] >= b.low) & (values[b.column] < b.high) for b in rule.bounds]
        for rule in rules
    ]
    return np.array([np.logical_and.reduce(bounds) for bounds in inside])


def _check_rules(rules: Sequence[KindRule]) -> None:
    if not rules:
        raise ValueError("rules is empty: with no rule all customers would be of one kind.")
    for rule in rules:
        if not rule.bounds or any(not bound.low < bound.high for bound in rule.bounds):
            raise ValueError(
                f"the rule for {rule.kind!r} has no bound, or one whose low is not below its high: "
                "it would name everybody or nobody. State what such a customer does."
            )
        if rule.kind == REST:
            raise ValueError(f"{REST!r} is who no rule names, and a rule names it.")


def _words(bound: Bound) -> str:
    low = f"{bound.column} >= {bound.low:g}" if np.isfinite(bound.low) else ""
    high = f"{bound.column} < {bound.high:g}" if np.isfinite(bound.high) else ""
    return " and ".join(filter(None, (low, high)))
