"""Shares and differences of shares with score intervals, which hold at 0 and at small counts."""

from numbers import Integral

from customer_insight.stats.inputs import check_share
from customer_insight.stats.resampling import Interval


def share_interval(successes: int, n: int, *, confidence: float = 0.95) -> Interval:
    """Share of customers who did something, with Wilson's score interval.

    Parameters
    ----------
    successes : int
        Customers who did, from 0 to ``n``.
    n : int
        Customers who could, at least 1.
    confidence : float, default 0.95
        Nominal coverage, strictly between 0 and 1.

    Returns
    -------
    Interval
        Within 0 and 1; never of width 0, also where nobody did or all did.

    Raises
    ------
    ValueError
        If the counts are not whole numbers with 0 <= successes <= n and n >= 1.

    References
    ----------
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22(158).

    Examples
    --------
    >>> found = share_interval(0, 20)
    >>> found.estimate, round(found.low, 3), round(found.high, 3)
    (0.0, 0.0, 0.161)
    """
    from scipy.special import ndtri

    confidence = check_share(confidence, "confidence")
    _check_counts(successes, n)
    z2 = float(ndtri(0.5 + confidence / 2)) ** 2
    share = successes / n
    middle = (successes + z2 / 2) / (n + z2)
    reach = (z2 * (share * (1 - share) * n + z2 / 4)) ** 0.5 / (n + z2)
    low = 0.0 if successes == 0 else middle - reach
    high = 1.0 if successes == n else middle + reach
    return Interval(share, low, high, confidence, int(n))


def share_difference(
    treated: tuple[int, int], control: tuple[int, int], *, confidence: float = 0.95
) -> Interval:
    """Share in one group less the share in another, with Newcombe's hybrid score interval.

    The ends are set from the two Wilson intervals, so that they hold at shares near 0, where most
    offers are.

    Parameters
    ----------
    treated, control : tuple of int
        Customers who did, and all customers, of two independent groups.
    confidence : float, default 0.95
        Nominal coverage, strictly between 0 and 1.

    Returns
    -------
    Interval
        Within -1 and 1; ``n`` counts the customers of both groups.

    Raises
    ------
    ValueError
        If counts are not whole numbers with 0 <= successes <= n and n >= 1.

    References
    ----------
    Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions:
    comparison of eleven methods, Statistics in Medicine 17(8): method 10.

    Examples
    --------
    >>> found = share_difference((56, 70), (48, 80))
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    one = share_interval(*treated, confidence=confidence)
    other = share_interval(*control, confidence=confidence)
    found = one.estimate - other.estimate
    under = ((one.estimate - one.low) ** 2 + (other.high - other.estimate) ** 2) ** 0.5
    over = ((one.high - one.estimate) ** 2 + (other.estimate - other.low) ** 2) ** 0.5
    return Interval(found, found - under, found + over, one.confidence, one.n + other.n)


def _check_counts(successes: int, n: int) -> None:
    whole = all(isinstance(k, Integral) and not isinstance(k, bool) for k in (successes, n))
    if not whole or not 0 <= successes <= n or n < 1:
        raise ValueError(
            f"successes is {successes!r} of n {n!r}; they must be whole numbers of customers with "
            "0 <= successes <= n and n at least 1. Give counts, not shares."
        )
