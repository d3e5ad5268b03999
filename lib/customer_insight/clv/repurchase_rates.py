"""Retention by age and repurchase by recency, estimated from purchase periods, with intervals."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.period_histories import PeriodHistories, read_histories
from customer_insight.clv.period_inputs import whole_periods
from customer_insight.stats.resampling import bootstrap_interval
from customer_insight.stats.sums import sum_of_products

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

FEWEST_CUSTOMERS = 50
# With ten each way a share of one half is known to a fifth or so, and resamples hold both.
FEWEST_EACH_WAY = 10


def retention_by_age(
    purchases: Any, *, ages: int, confidence: float = 0.95, resamples: int = 1000, seed: int = 0
) -> "pd.DataFrame":
    """Estimate the share who buy again in the very next period, by how long they have done so.

    Customers are taken as lost for good once they leave out a period, and as new ones when they
    come back: age 1 is the first period after the one in which somebody began, or began again.

    Parameters
    ----------
    purchases : pandas or Polars frame
        As ``purchase_periods`` gives it.
    ages : int
        Ages told apart, at least 1; the last row holds that age and all older ones.
    confidence : float, default 0.95
        Coverage of the intervals, strictly between 0 and 1.
    resamples : int, default 1000
        At least ``10 / (1 - confidence)``.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        One row an age:

        - ``age``: int, 1 to ``ages``.
        - ``customers``: int, how many were there in the period before, at least once.
        - ``chances``: int, in how many periods together.
        - ``bought``: int, in how many of them they bought.
        - ``rate``, ``low``, ``high``: share, with its interval.

    Raises
    ------
    FitRefusedError
        If an age has fewer than 50 customers, or fewer than 10 periods with or without a purchase.
    ValueError
        If the table is not one of purchase periods, or an option is out of its range.

    Notes
    -----
    The intervals draw customers, not periods, because the periods of one customer are alike. They
    cover neither trend nor season. How far "for good" is from the truth is told by ``late_returns``
    with ``longest=1``: the share of all returns that come later than the next period.

    Examples
    --------
    >>> import polars
    >>> stays = ["s" + str(i) for i in range(60)]
    >>> leaves = ["t" + str(i) for i in range(40)]
    >>> table = polars.DataFrame({"customer_id": stays + leaves + stays,
    ...                           "periods_ago": [1] * 100 + [0] * 60})
    >>> retention_by_age(table, ages=1)[["age", "chances", "bought", "rate"]].iloc[0].tolist()
    [1.0, 100.0, 60.0, 0.6]
    """
    histories = read_histories(purchases)
    return retention_of(histories, ages, confidence=confidence, resamples=resamples, seed=seed)


def repurchase_by_recency(
    purchases: Any, *, longest: int, confidence: float = 0.95, resamples: int = 1000, seed: int = 0
) -> "pd.DataFrame":
    """Estimate the share who buy in a period, by how many periods ago they bought last.

    Parameters
    ----------
    purchases : pandas or Polars frame
        As ``purchase_periods`` gives it.
    longest : int
        Longest recency, at least 1. Who has stayed away for longer counts as no customer any more.
    confidence, resamples, seed
        As for ``retention_by_age``.

    Returns
    -------
    pandas.DataFrame
        One row a recency, 1 to ``longest``: ``recency``, and ``customers``, ``chances``,
        ``bought``, ``rate``, ``low``, ``high`` as in ``retention_by_age``.

    Raises
    ------
    FitRefusedError
        If a recency has fewer than 50 customers, or fewer than 10 periods with or without a
        purchase.
    ValueError
        If the table is not one of purchase periods, or an option is out of its range.

    Notes
    -----
    Customers differ, and those who buy rarely gather at the long recencies: the rates fall though
    each customer's own need not. Rates by recency describe a base in which all are contacted as
    they were; they are no proof of what happens without contact. A table that is much shorter than
    customers' lives has few at long recencies; see ``late_returns``.

    Examples
    --------
    >>> import polars
    >>> names = [str(i) for i in range(200)]
    >>> table = polars.DataFrame({"customer_id": names + names[:80] + names[80:110],
    ...                           "periods_ago": [2] * 200 + [1] * 80 + [0] * 30})
    >>> rates = repurchase_by_recency(table, longest=2)
    >>> rates[["recency", "chances", "bought", "rate"]].to_numpy().tolist()
    [[1.0, 280.0, 80.0, 0.2857142857142857], [2.0, 120.0, 30.0, 0.25]]
    """
    histories = read_histories(purchases)
    return repurchase_of(histories, longest, confidence=confidence, resamples=resamples, seed=seed)


def late_returns(purchases: Any, *, longest: int) -> float:
    """Share of all returns that come after more than so many periods.

    These are purchases that a model in which customers are gone after ``longest`` periods holds to
    be impossible. The share is too low where the table is short: who will return is not seen yet.

    Parameters
    ----------
    purchases : pandas or Polars frame
        As ``purchase_periods`` gives it.
    longest : int
        Periods, at least 1.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ValueError
        If nobody ever returned, or the table is not one of purchase periods.

    Examples
    --------
    >>> import polars
    >>> table = polars.DataFrame({"customer_id": ["a", "a", "a"], "periods_ago": [4, 3, 0]})
    >>> late_returns(table, longest=1), late_returns(table, longest=3)
    (0.5, 0.0)
    """
    histories = read_histories(purchases)
    gaps = histories.gap[histories.returned]
    if not len(gaps):
        raise ValueError("nobody bought in more than one period, so that nobody returned.")
    return float((gaps > whole_periods(longest, name="longest", least=1)).mean())


def retention_of(histories: PeriodHistories, ages: int, **options: Any) -> "pd.DataFrame":
    """Return ``retention_by_age`` of histories that are read already."""
    return _rates("age", *counts_by_age(histories, ages), **options)


def repurchase_of(histories: PeriodHistories, longest: int, **options: Any) -> "pd.DataFrame":
    """Return ``repurchase_by_recency`` of histories that are read already."""
    return _rates("recency", *counts_by_recency(histories, longest), **options)


def counts_by_age(histories: PeriodHistories, ages: int) -> tuple[Array, Array]:
    """Return in how many periods each customer could buy and bought, by age.

    Returns
    -------
    chances, bought : ndarray of float, shape (ages, customers)
    """
    ages = whole_periods(ages, name="ages", least=1)
    seen = histories.ago > 0
    stayed = histories.returned & (histories.gap == 1)
    at = np.minimum(histories.age + 1, ages)
    cells = [(seen & (at == age), stayed & (at == age)) for age in range(1, ages + 1)]
    return _by_customer(histories, cells)


def counts_by_recency(histories: PeriodHistories, longest: int) -> tuple[Array, Array]:
    """Return in how many periods each customer could buy and bought, by recency.

    Returns
    -------
    chances, bought : ndarray of float, shape (longest, customers)
    """
    longest = whole_periods(longest, name="longest", least=1)
    gap, returned = histories.gap, histories.returned
    cells = [(gap >= k, returned & (gap == k)) for k in range(1, longest + 1)]
    return _by_customer(histories, cells)


def _by_customer(
    histories: PeriodHistories, cells: list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]
) -> tuple[Array, Array]:
    chances, bought = (
        np.array(
            [np.bincount(histories.customer[rows], minlength=histories.customers) for rows in kind],
            dtype=float,
        )
        for kind in zip(*cells, strict=True)
    )
    return chances, bought


def _rates(name: str, chances: Array, bought: Array, **options: Any) -> "pd.DataFrame":
    import pandas as pd

    had = [row > 0 for row in chances]
    cells = [(c[h], b[h]) for c, b, h in zip(chances, bought, had, strict=True)]
    for at, (asked, came) in enumerate(cells, start=1):
        _refuse_thin(name, at, len(asked), asked.sum(), came.sum())
    rows = [
        {
            name: at,
            "customers": len(asked),
            "chances": int(asked.sum()),
            "bought": int(came.sum()),
            **_interval(asked, came, **options),
        }
        for at, (asked, came) in enumerate(cells, start=1)
    ]
    return pd.DataFrame(rows)


def _refuse_thin(name: str, at: int, customers: int, chances: float, bought: float) -> None:
    if customers < FEWEST_CUSTOMERS or min(bought, chances - bought) < FEWEST_EACH_WAY:
        raise FitRefusedError(
            f"{name} {at} has {customers:,} customers, who bought in {bought:,.0f} of "
            f"{chances:,.0f} periods; at least {FEWEST_CUSTOMERS} customers, {FEWEST_EACH_WAY} "
            f"periods with and {FEWEST_EACH_WAY} without a purchase are needed, or the rate is a "
            "guess. Choose a smaller longest or ages, longer periods, or join small groups."
        )


def _interval(chances: Array, bought: Array, **options: Any) -> dict[str, float]:
    """Return purchases a chance, with the interval of drawing customers again."""
    # A customer's two counts make one whole number, so that equal customers are one distinct value.
    base = bought.max() + 1.0

    def ratio(distinct: Array, counts: Array) -> Array:
        had, came = np.divmod(distinct, base)
        return sum_of_products(counts, came) / sum_of_products(counts, had)

    found = bootstrap_interval(chances * base + bought, statistic=ratio, **options)
    return {"rate": found.estimate, "low": found.low, "high": found.high}
