"""What one lost customer costs: as the books show it, and as cash flow."""

from typing import Any

import numpy as np

from customer_insight.clv.discounting import DAYS_PER_YEAR, check_discount
from customer_insight.clv.table_columns import check_ids, real_numbers, table_with, with_numbers
from customer_insight.data.time_units import horizon_days
from customer_insight.stats.sums import divide

MONEY = ("period_revenue", "period_margin", "lifetime_value", "referral_value")


def cost_of_loss(
    customers: Any,
    *,
    replacement_cost: float,
    replacement_value: float,
    replacement_delay: str,
    discount_per_year: float,
) -> Any:
    """Return what losing each customer costs, in this period's books and as discounted cash flow.

    The books show a period without the customer's revenue and margin. As cash flow all that the
    customer would still have brought is gone, and the referrals with it. Where a newcomer takes the
    place, the acquisition cost is paid and the newcomer's value comes in, both later. Who adds the
    acquisition cost and forgets the newcomer counts the loss twice.

    Parameters
    ----------
    customers : pandas or Polars frame
        One row a customer, in minor units of one currency:

        - ``period_revenue``, ``period_margin``: of one accounting period.
        - ``lifetime_value``: expected margin from ``as_of`` over the horizon, discounted at the
          same rate. Negative for who costs money.
        - ``referral_value``: value of those whom the customer would still bring, in the same terms.
          Those who have come already stay when the referrer goes, and are not in here.
    replacement_cost : float
        What winning one newcomer costs, in the same minor units, paid after the delay.
    replacement_value : float
        The newcomer's life-time value on the day of joining, acquisition cost not taken off.
    replacement_delay : str
        How long it takes to win one, with its unit: "26 weeks".
    discount_per_year : float
        Effective yearly rate.

    Returns
    -------
    frame of the kind of ``customers``, in its order
        ``customer_id``, the four columns given, and as floats in minor units
        ``loss_if_not_replaced``, ``loss_if_replaced``, and ``times_books``: the first of these over
        ``period_margin`` (missing where that is 0). A negative loss is a gain.

    Raises
    ------
    ValueError
        If a column is missing or bad, somebody stands twice, or an option is out of its range.

    Notes
    -----
    A newcomer is worth its cost only where ``replacement_value`` exceeds ``replacement_cost``;
    otherwise the place is better left empty, and ``loss_if_replaced`` is the larger one.

    References
    ----------
    Hogan, J. E., Lemon, K. N. and Libai, B. (2003). What Is the True Value of a Lost Customer?
    Journal of Service Research 5(3), 196-208.

    Examples
    --------
    >>> import polars
    >>> customer = polars.DataFrame({
    ...     "customer_id": ["a"], "period_revenue": [20_000], "period_margin": [8_000],
    ...     "lifetime_value": [30_000], "referral_value": [5_000],
    ... })
    >>> found = cost_of_loss(
    ...     customer, replacement_cost=6_000, replacement_value=10_000,
    ...     replacement_delay="26 weeks", discount_per_year=0.10,
    ... )
    >>> found.select("loss_if_not_replaced", "loss_if_replaced", "times_books").rows()
    [(35000.0, 31185.5..., 4.375)]
    """
    table = table_with(customers, "customers", ["customer_id", *MONEY])
    check_ids(table, "customer_id", "customers")
    money = {column: real_numbers(table, column, "customers") for column in MONEY}
    cost = _amount(replacement_cost, "replacement_cost")
    value = _amount(replacement_value, "replacement_value")
    years = horizon_days(replacement_delay) / DAYS_PER_YEAR
    later = (1.0 + check_discount(discount_per_year)) ** -years
    loss = money["lifetime_value"] + money["referral_value"]
    return with_numbers(
        table.select("customer_id", *MONEY),
        loss_if_not_replaced=loss,
        loss_if_replaced=loss - later * (value - cost),
        times_books=divide(loss, money["period_margin"]),
    ).to_native()


def _amount(amount: float, name: str) -> float:
    if isinstance(amount, bool | str) or not np.isscalar(amount) or not 0 <= amount < np.inf:
        raise ValueError(
            f"{name} is {amount!r}, and must be an amount of money from 0, in the minor units of "
            "the customers' values."
        )
    return float(amount)
