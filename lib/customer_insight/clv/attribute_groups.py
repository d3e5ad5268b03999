"""Value of a base by attribute groups first, then by Dwyer's two models; what grouping changes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.base_value import ALWAYS_A_SHARE, LOST_FOR_GOOD, BaseModel
from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.period_histories import PeriodHistories, groups_of, read_histories
from customer_insight.clv.period_inputs import discount_rate, whole_periods
from customer_insight.clv.repurchase_rates import repurchase_of, retention_of
from customer_insight.clv.summary_columns import eager_table, numbers
from customer_insight.stats.resampling import percentile_interval

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

BEHAVIOURS = (LOST_FOR_GOOD, ALWAYS_A_SHARE)


@dataclass(frozen=True)
class GroupedValue:
    """What a base will bring, by attribute groups and pooled.

    Attributes
    ----------
    groups : pandas.DataFrame
        One row a group, in rising order:

        - ``group``: its label.
        - ``customers``: int, who ever bought.
        - ``living``: int, those of them who are still customers by the model.
        - ``money_per_period``: mean money of a period with a purchase after a customer's first, in
          the table's currency.
        - ``purchases``: expected periods with a purchase within the horizon, of all together.
        - ``value``: expected money of all together, discounted, by the group's own rates and money.
        - ``pooled_value``: the same customers by the rates and the money of everybody.
        - ``low``, ``high``: interval of ``value``.
    rates : pandas.DataFrame
        ``group`` and the columns of ``retention_by_age`` or ``repurchase_by_recency``; the pooled
        rates stand last, their group None.
    low, high : float
        Interval of the value of all groups together, in the table's currency.
    confidence : float
        Coverage of the intervals.
    behaviour : str
        "lost for good" or "always a share".
    periods : int
        Horizon in periods after the last one observed.
    discount_per_period : float
    """

    groups: "pd.DataFrame"
    rates: "pd.DataFrame"
    low: float
    high: float
    confidence: float
    behaviour: str
    periods: int
    discount_per_period: float

    @property
    def value(self) -> float:
        """Value of the base, group by group, in the table's currency."""
        return float(self.groups["value"].sum())

    @property
    def pooled_value(self) -> float:
        """Value of the base by pooled rates and money, in the table's currency."""
        return float(self.groups["pooled_value"].sum())


def values_by_group(
    purchases: Any,
    *,
    group: str,
    money: str = "amount",
    behaviour: str,
    longest: int,
    periods: int,
    discount_per_period: float,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> GroupedValue:
    """Value today's base by groups of an attribute first, and beside it pooled.

    Customers are grouped, rates and mean money are estimated within each group, and its customers
    are followed from where each stands. By "lost for good" a customer is who bought in the last
    period, and stays by the retention of the age. By "always a share" it is who bought within the
    last ``longest`` periods, and comes back by the repurchase probability of the recency. First
    purchases count for rates but not for money: the period in which somebody begins is partly over
    by then, and those to come are whole.

    Parameters
    ----------
    purchases : pandas or Polars frame
        As ``purchase_periods`` gives it, with a column of groups joined to it.
    group : str
        That column: the same in all rows of a customer, and known when the customer was won. Groups
        by what was bought in these very periods sort by luck, too, and exaggerate their difference.
    money : str, default "amount"
        Column with the money of a customer and period: margin, where costs are known.
    behaviour : {"lost for good", "always a share"}
        Which of the two models.
    longest : int
        Ages told apart, or longest recency, as in ``retention_by_age``, ``repurchase_by_recency``.
    periods : int
        Horizon in periods after the last one observed, at least 1.
    discount_per_period : float
        Effective rate a period; money of the first period to come counts at its end.
    confidence, resamples, seed
        Of the intervals of rates and values, as in ``retention_by_age``. For a million customers
        200 resamples are enough, and take a fifth of the time.

    Returns
    -------
    GroupedValue

    Raises
    ------
    FitRefusedError
        If a group is too thin at some age or recency; its place among the groups is told.
    ValueError
        If the table is not one of purchase periods, a group is missing or changes, or an option is
        out of its range.

    Notes
    -----
    Grouping moves value between groups, and who is served on it should be asked for by group. The
    total moves only by as much as groups with other rates also spend otherwise or stand at other
    recencies. Each customer's money is taken to be that of the group, and nobody new is counted.

    The intervals draw customers again within their group. They hold what chance in these customers
    leaves open, and nothing of what the model gets wrong: too short a period, groups that are not
    alike within, a year unlike the last.

    References
    ----------
    Dwyer, F. R. (1989). Customer Lifetime Valuation to Support Marketing Decision Making. Journal
    of Direct Marketing 3(4), 8-15.

    Examples
    --------
    >>> import polars
    >>> names = [str(i) for i in range(400)]
    >>> table = polars.DataFrame({
    ...     "customer_id": names + names[:150] + names[200:250],
    ...     "periods_ago": [1] * 400 + [0] * 200,
    ...     "amount": [1000] * 600,
    ... }).with_columns(city=polars.col("customer_id").cast(int) < 200)
    >>> found = values_by_group(table, group="city", behaviour="lost for good", longest=1,
    ...     periods=1, discount_per_period=0.0)
    >>> found.groups[["group", "living", "value", "pooled_value"]].to_numpy().tolist()
    [[False, 50, 12500.0, 25000.0], [True, 150, 112500.0, 75000.0]]
    """
    if behaviour not in BEHAVIOURS:
        raise ValueError(
            f"behaviour is {behaviour!r}, and must be 'lost for good', where a customer who leaves "
            "out a period never returns, or 'always a share', where returning is possible."
        )
    horizon, discount = whole_periods(periods, least=1), discount_rate(discount_per_period)
    histories = read_histories(purchases)
    paid = numbers(eager_table(purchases), money)[histories.source]
    codes, labels = groups_of(purchases, group, histories)
    options = {"confidence": confidence, "resamples": resamples, "seed": seed}
    model = BaseModel(behaviour, longest, horizon, discount)
    pooled_rates = _rates(model, histories, options)
    columns = model.customer_columns(histories, paid)
    everybody = _sums(columns)
    rows, rates, drawn = [], [], np.zeros(resamples)
    for at, label in enumerate(labels):
        chosen = codes == at
        try:
            own = _rates(model, histories.of(chosen), options)
        except FitRefusedError as error:
            place = f"group {at + 1} of {len(labels)} by {group!r}, in rising order"
            raise FitRefusedError(f"{place}: {error}") from None
        values = model.drawn_values(columns[chosen], resamples=resamples, seed=seed + at)
        rows.append({"group": label, **_row(model, columns[chosen], everybody)})
        rows[-1]["low"], rows[-1]["high"] = percentile_interval(values, confidence)
        rates.append(own.assign(group=label))
        drawn += values
    rates.append(pooled_rates.assign(group=None))
    low, high = map(float, percentile_interval(drawn, confidence))
    return GroupedValue(
        _frame(rows), _stacked(rates), low, high, confidence, behaviour, horizon, discount
    )


def _rates(model: BaseModel, histories: PeriodHistories, options: dict[str, Any]) -> "pd.DataFrame":
    if model.behaviour == LOST_FOR_GOOD:
        return retention_of(histories, model.longest, **options)
    return repurchase_of(histories, model.longest, **options)


def _sums(columns: Array) -> Array:
    # Sorted, so that sums of fractions do not hang on the order of the rows.
    return np.sort(columns, axis=0).sum(axis=0)


def _row(model: BaseModel, columns: Array, everybody: Array) -> dict[str, float]:
    sums = _sums(columns)
    standing = model.standing(sums)
    ahead = model.purchases_ahead(model.rates(sums), 0.0)
    pooled = model.purchases_ahead(model.rates(everybody), model.discount_per_period)
    return {
        "customers": len(columns),
        "living": int(standing.sum()),
        "money_per_period": float(model.mean_money(sums)),
        "purchases": float((standing * ahead).sum()),
        "value": float(model.value(sums)),
        "pooled_value": float(model.mean_money(everybody) * (standing * pooled).sum()),
    }


def _frame(rows: list[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows)


def _stacked(tables: list["pd.DataFrame"]) -> "pd.DataFrame":
    import pandas as pd

    stacked = pd.concat(tables, ignore_index=True)
    return stacked[["group", *stacked.columns.drop("group")]]
