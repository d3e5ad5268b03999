"""Cohorts of customers on contract: reading them, and adding them up by renewal."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import FitRefusedError

Array = NDArray[np.float64]

FEWEST_CUSTOMERS = 100
# Twenty cancellations leave their share uncertain by a fifth (one over the root of twenty).
FEWEST_LOST = 20
# One renewal gives one share; two parameters need two.
FEWEST_RENEWALS = 2


def read_cohorts(survivors: Any) -> list[Array]:
    """Return cohorts of survivors, or say what is wrong with them.

    Parameters
    ----------
    survivors : sequence of int, or sequence of such sequences
        Customers left after 0, 1, 2, ... renewals, of one cohort or of several.

    Returns
    -------
    list of ndarray of float

    Raises
    ------
    ValueError
        If a cohort is empty, holds anything but whole numbers, or rises.

    Examples
    --------
    >>> read_cohorts([100, 80, 70])
    [array([100.,  80.,  70.])]
    """
    rows = list(survivors)
    if not rows:
        raise ValueError("survivors is empty: give the customers left at each renewal.")
    if np.ndim(rows[0]) == 0:
        rows = [rows]
    cohorts = [np.asarray(row, dtype=float) for row in rows]
    for i, cohort in enumerate(cohorts):
        whole = cohort.ndim == 1 and len(cohort) > 0 and np.all(np.isfinite(cohort))
        if not (whole and np.all((cohort >= 0) & (cohort == np.rint(cohort)))):
            raise ValueError(
                f"cohort {i + 1} of survivors must be whole numbers of customers, not shares and "
                "none missing. Multiply percentages by the number that began."
            )
        if np.any(np.diff(cohort) > 0):
            raise ValueError(
                f"cohort {i + 1} of survivors rises {np.count_nonzero(np.diff(cohort) > 0)} times, "
                "and a cohort can only shrink. Do not count new or returning customers in it."
            )
    return cohorts


def renewals(cohorts: list[Array]) -> tuple[Array, Array, int]:
    """Add up cohorts by renewal, and refuse those too small to learn from.

    Parameters
    ----------
    cohorts : list of ndarray
        As `read_cohorts` returns them.

    Returns
    -------
    tuple
        Customers who renewed and who cancelled at renewal 1, 2, ..., and how many began.

    Raises
    ------
    FitRefusedError
        If fewer customers, renewals or cancellations are there than two parameters need.

    Examples
    --------
    >>> renewed, lost, customers = renewals(read_cohorts([[200, 150, 130], [100, 70]]))
    >>> renewed, lost, customers
    (array([220., 130.]), array([80., 20.]), 300)
    """
    periods = max(len(cohort) for cohort in cohorts) - 1
    renewed, lost = np.zeros(max(periods, 0)), np.zeros(max(periods, 0))
    for cohort in cohorts:
        renewed[: len(cohort) - 1] += cohort[1:]
        lost[: len(cohort) - 1] -= np.diff(cohort)
    customers = int(sum(cohort[0] for cohort in cohorts))
    if customers < FEWEST_CUSTOMERS or periods < FEWEST_RENEWALS or lost.sum() < FEWEST_LOST:
        raise FitRefusedError(
            f"ShiftedBetaGeometric was not fitted: {customers:,} customers, {periods} renewals "
            f"and {lost.sum():,.0f} cancellations are there, and at least {FEWEST_CUSTOMERS} "
            f"customers, {FEWEST_RENEWALS} renewals and {FEWEST_LOST} cancellations are needed to "
            "tell how much customers differ. Use the plain retention rate, or wait."
        )
    return renewed, lost, customers
