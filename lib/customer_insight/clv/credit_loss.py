"""What is lost when customers default, and what that is expected to take off their value."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.credit_risk import GradeRisk, grades_of, place_customers
from customer_insight.clv.customer_ratio import ratio_over_customers
from customer_insight.clv.discounting import DAYS_PER_YEAR, check_discount
from customer_insight.clv.receivables import DEFAULT_AFTER, NEVER, Receivables
from customer_insight.clv.special import decayed_length
from customer_insight.clv.table_columns import real_numbers, table_with, with_numbers
from customer_insight.data.time_units import horizon_days
from customer_insight.stats.resampling import FEWEST_ROWS, Interval


def loss_given_default(
    receivables: Receivables,
    *,
    days_past_due: int = DEFAULT_AFTER,
    workout: int = 90,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int,
) -> Interval:
    """Return the share of what was owed at default that did not come in, over all grades.

    All money owed on the day of the first default, and what of it has come in up to ``as_of``.
    Defaults younger than the workout are left out: their money may still come.

    Parameters
    ----------
    receivables : Receivables
    days_past_due : int, default 90
        As in `grade_risks`.
    workout : int, default 90
        Days after the default that must have been watched.
    confidence : float, default 0.95
    resamples, seed : int
        Of the bootstrap of customers in default.

    Returns
    -------
    Interval
        Share from 0 to 1; ``n`` is customers in default.

    Raises
    ------
    ValueError
        If fewer than 10 customers have been in default so long: take a published share then, such
        as 0.45 of the Basel Committee for unsecured claims, and say so.

    Examples
    --------
    >>> from customer_insight import data
    >>> invoices = data.load("company_invoices", engine="polars")
    >>> found = loss_given_default(Receivables.read(invoices, as_of=20_088), seed=1)
    >>> f"{found.estimate:.2f}, {found.low:.2f} to {found.high:.2f}, n = {found.n}"
    '0.15, 0.01 to 0.38, n = 16'
    """
    default = receivables.first_default(days_past_due=days_past_due)
    ripe = np.where(default <= receivables.as_of - workout, default, NEVER)
    owed, since = receivables.owed(ripe)
    some = owed > 0
    if np.count_nonzero(some) < FEWEST_ROWS:
        raise ValueError(
            f"{np.count_nonzero(some)} customers have been in default for {workout} days, and at "
            f"least {FEWEST_ROWS} are needed for a loss with an interval. Take a published share, "
            "such as 0.45 of the Basel Committee for unsecured claims, and say that you did."
        )
    loss = owed[some] - since[some]
    options = {"confidence": confidence, "resamples": resamples, "seed": seed}
    return ratio_over_customers(loss, owed[some], "the loss", **options)


def expected_losses(
    receivables: Receivables,
    customers: Any,
    risks: Sequence[GradeRisk],
    loss: Interval,
    *,
    horizon: str,
    discount_per_year: float,
    days_past_due: int = DEFAULT_AFTER,
) -> Any:
    """Return what default is expected to cost of each customer, and the value that is left.

    Expected loss = default rate x share lost x what the customer owed on an average day of the
    last year, for each moment of the horizon that is reached without a default, discounted:
    ``loss * exposure * h / (h + i) * (1 - exp(-(h + i) t))``, with the rate h and the continuous
    discount i.

    Parameters
    ----------
    receivables : Receivables
        Invoices as they stood; the result is of their ``as_of`` and in their currency.
    customers : pandas or Polars frame
        One row a customer: ``customer_id``, ``grade``, and ``value`` in minor units, of the same
        horizon, discount and ``as_of``, before bad debts.
    risks : sequence of GradeRisk
        As `grade_risks` gives them.
    loss : Interval
        As `loss_given_default` gives it, or a published share with its range.
    horizon : str
        With its unit.
    discount_per_year : float
        Effective yearly rate.
    days_past_due : int, default 90
        As for ``risks`` and ``loss``.

    Returns
    -------
    frame of the kind of ``customers``, in its order
        ``customer_id``, and in minor units, as floats: ``exposure`` (mean of the last 365 days),
        ``in_default`` (already past due so long, no part of the loss to come), ``expected_loss``,
        ``loss_low``, ``loss_high`` and ``value_after_loss = value - expected_loss``.

    Raises
    ------
    ValueError
        If columns are missing or bad, a customer with invoices is not there, or a grade has no
        risk.

    Notes
    -----
    The ends are those of rate and loss together, so that they hold the truth more often than the
    confidence says; chance of the single customer is not in them. Who has never had an invoice has
    exposure 0. Orders that a failed customer no longer places are not in here: they belong to the
    retention that the value was computed with.

    Examples
    --------
    >>> import datetime as dt, polars
    >>> owed = polars.DataFrame({
    ...     "invoice_id": ["i"], "customer_id": ["a"], "issued_on": [dt.date(2024, 1, 1)],
    ...     "due_on": [dt.date(2024, 12, 31)], "amount": [3650], "paid_on": [None],
    ...     "paid_amount": [0],
    ... })
    >>> book = Receivables.read(owed, as_of=dt.date(2024, 12, 31))
    >>> lateness = Interval(0.1, 0.05, 0.2, 0.95, 40)
    >>> risk = GradeRisk(("A",), 40, 2, 100.0, 0.02, 0.0024, 0.072, lateness)
    >>> customer = polars.DataFrame({"customer_id": ["a"], "grade": ["A"], "value": [1000]})
    >>> found = expected_losses(
    ...     book, customer, [risk], Interval(0.5, 0.4, 0.6, 0.95, 20),
    ...     horizon="52 weeks", discount_per_year=0.10,
    ... )
    >>> found.select(polars.col("exposure", "expected_loss", "value_after_loss").round(1)).rows()
    [(3650.0, 34.4, 965.6)]
    """
    table = table_with(customers, "customers", ["customer_id", "grade", "value"])
    place, grade = place_customers(receivables, table), grades_of(table)
    by_grade = {name: risk for risk in risks for name in risk.grades}
    if unknown := sorted(set(grade) - set(by_grade)):
        raise ValueError(
            f"no risk is given for the grades {', '.join(unknown)}, so that their losses would be "
            "left out. Estimate them with grade_risks, or leave those customers out."
        )
    years = horizon_days(horizon) / DAYS_PER_YEAR
    discount = np.log1p(check_discount(discount_per_year))
    rates = np.array([(risk.rate, risk.low, risk.high) for risk in map(by_grade.get, grade)])
    exposure = _spread(receivables.mean_owed(days_past_due=days_past_due), place, len(table))
    money = exposure[:, None] * rates * decayed_length(rates + discount, years)
    money *= np.array([loss.estimate, loss.low, loss.high])
    overdue = receivables.in_default(days_past_due=days_past_due)
    return with_numbers(
        table.select("customer_id"),
        exposure=exposure,
        in_default=_spread(overdue, place, len(table)),
        expected_loss=money[:, 0],
        loss_low=money[:, 1],
        loss_high=money[:, 2],
        value_after_loss=real_numbers(table, "value", "customers") - money[:, 0],
    ).to_native()


def _spread(amounts: NDArray, place: NDArray[np.int64], rows: int) -> NDArray:
    spread = np.zeros(rows, amounts.dtype)
    spread[place] = amounts
    return spread
