"""The ratio of two estimates that vary together, with Fieller's interval."""

import numpy as np

from customer_insight.stats.inputs import check_share
from customer_insight.stats.resampling import Interval


def ratio_interval(
    above: float,
    under: float,
    *,
    variances: tuple[float, float],
    covariance: float,
    n: int,
    confidence: float = 0.95,
) -> Interval:
    """Ratio of two normal estimates with Fieller's interval.

    The interval holds every ratio r for which ``above - r under`` does not differ from 0. It is not
    symmetric, and it does not exist where ``under`` itself may be 0: no number would be out.

    Parameters
    ----------
    above, under : float
        The estimates.
    variances : tuple of float
        Of the two estimates (squares of their standard errors), 0 or more.
    covariance : float
        Of the two estimates.
    n : int
        Customers behind them.
    confidence : float, default 0.95
        Nominal coverage, strictly between 0 and 1.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If ``under`` is not clearly different from 0, or a variance is negative.

    References
    ----------
    Fieller, E. C. (1954), Some problems in interval estimation, Journal of the Royal Statistical
    Society B 16(2).

    Examples
    --------
    >>> found = ratio_interval(10.0, 20.0, variances=(1.0, 1.0), covariance=0.0, n=50)
    >>> round(found.low, 3), round(found.high, 3)
    (0.395, 0.615)
    """
    from scipy.special import ndtri

    confidence = check_share(confidence, "confidence")
    if min(variances) < 0 or not np.isfinite([above, under, *variances, covariance]).all():
        raise ValueError(
            "above, under, variances and covariance must be finite, and variances not negative."
        )
    z2 = float(ndtri(0.5 + confidence / 2)) ** 2
    square = under**2 - z2 * variances[1]
    if square <= 0:
        raise ValueError(
            f"the divisor {under:g} does not differ from 0 (standard error {variances[1] ** 0.5:g})"
            f" at {confidence:g} confidence, so that no ratio is out. Report the dividend alone."
        )
    middle = above * under - z2 * covariance
    spread = max(middle**2 - square * (above**2 - z2 * variances[0]), 0.0) ** 0.5
    low, high = (middle - spread) / square, (middle + spread) / square
    return Interval(above / under, low, high, confidence, n)
