"""Tracking: how many repeat purchases a cohort was expected to have made by each day."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.purchase_model import PurchaseModel


def expected_cumulative_purchases(
    model: PurchaseModel, first_days: ArrayLike, days: ArrayLike
) -> NDArray[np.float64]:
    """Return the repeat purchases that a model expects of a whole cohort by each of some days.

    Each customer enters with the day of the first purchase and with nothing else, so that the line
    can run through the fitted weeks and the weeks after them alike.

    Parameters
    ----------
    model : fitted model of purchases
        ``BGNBD``, ``MBGNBD`` or ``ParetoNBD``.
    first_days : array-like of int, shape (n,)
        Day of each customer's first purchase, as in the transaction contract.
    days : array-like of int, shape (k,)
        Days asked for.

    Returns
    -------
    ndarray of float, shape (k,)
        Expected repeat purchases of all customers together up to the end of each day.

    Raises
    ------
    ValueError
        If days are not whole numbers, or there are none.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting Your Customers" the Easy Way.
    Marketing Science 24(2), 275-284: figures 4 and 5.

    Examples
    --------
    >>> from customer_insight.clv import BGNBD
    >>> model = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> expected_cumulative_purchases(model, [0, 0, 7], [0, 7, 14]).round(3).tolist()
    [0.0, 0.107, 0.26]
    """
    starts, customers = np.unique(_whole_days(first_days, "first_days"), return_counts=True)
    asked = _whole_days(days, "days")
    ages = np.maximum(asked[:, None] - starts, 0)
    distinct, place = np.unique(ages, return_inverse=True)
    by_age = [model.expected_purchases_of_new(f"{age} days") if age else 0.0 for age in distinct]
    return np.array(by_age)[place].reshape(ages.shape) @ customers


def _whole_days(values: ArrayLike, name: str) -> NDArray[np.int64]:
    days = np.asarray(values)
    if days.ndim != 1 or not len(days) or not np.issubdtype(days.dtype, np.integer):
        raise ValueError(
            f"{name} must be one column of whole days, at least one, as in the transaction "
            f"contract; it has shape {days.shape} and type {days.dtype}."
        )
    return days.astype(np.int64)
