"""Why a padded discount rate is no measure of risk: the premium that equals it, by horizon."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.discounting import HIGHEST_DISCOUNT, check_discount
from customer_insight.stats.inputs import finite_numbers

Array = NDArray[np.float64]


def equivalent_premium(
    expected: ArrayLike, certain: ArrayLike, *, discount_per_year: float
) -> Array:
    """Return what must be added to the discount rate to take the same off a value, by horizon.

    For each number of years the premium at which the expected flows up to then are worth what the
    certain ones are at the plain rate. If it changes with the horizon, no one padded rate takes the
    risk off: Robichek and Myers (1966) show that a constant one supposes that risk grows with time
    in just one way.

    Parameters
    ----------
    expected : array-like, shape (years,)
        Expected flow at the end of each year, above 0, in minor units.
    certain : array-like, shape (years,)
        What each is worth for certain, such as its conditional value at risk or the flow less the
        expected loss; above 0 and not above ``expected``.
    discount_per_year : float
        Effective yearly rate, for time alone.

    Returns
    -------
    ndarray of float, shape (years,)
        Premium a year, for the first year alone, the first two, and so on.

    Raises
    ------
    ValueError
        If flows are not above 0, or the certain ones above the expected ones. No rate makes a flow
        worth nothing or less than nothing: say the loss in money.

    References
    ----------
    Robichek, A. A. and Myers, S. C. (1966). Conceptual Problems in the Use of Risk-Adjusted
    Discount Rates. Journal of Finance 21(4), 727-730.

    Examples
    --------
    >>> flows = [1000.0] * 5
    >>> equivalent_premium(flows, [900.0] * 5, discount_per_year=0.1).round(3)
    array([0.122, 0.082, 0.062, 0.05 , 0.043])
    >>> grows = [1000.0 * 0.9**year for year in range(1, 6)]
    >>> equivalent_premium(flows, grows, discount_per_year=0.1).round(3)
    array([0.122, 0.122, 0.122, 0.122, 0.122])
    """
    from scipy.optimize import brentq

    flows, sure = finite_numbers(expected, "expected"), finite_numbers(certain, "certain")
    if flows.shape != sure.shape or np.any(sure <= 0) or np.any(sure > flows):
        raise ValueError(
            f"expected has {flows.size} years and certain {sure.size}; both need as many, all "
            "above 0 and none of certain above expected. No discount rate makes a flow worth "
            "nothing: where the bad end is a loss, say it in money."
        )
    rate = check_discount(discount_per_year)
    years = np.arange(1, flows.size + 1)
    worth = np.cumsum(sure * (1.0 + rate) ** -years)

    def missing(premium: float, n: int) -> float:
        return float(np.sum(flows[:n] * (1.0 + rate + premium) ** -years[:n]) - worth[n - 1])

    highest = HIGHEST_DISCOUNT * float(np.max(flows / sure))
    return np.array([brentq(missing, 0.0, highest, args=(n,), xtol=1e-13) for n in years])
