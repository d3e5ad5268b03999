"""How long something takes, when for some it has not happened yet: the Kaplan-Meier curve."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.inputs import check_share, non_negative

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


def kaplan_meier(
    times: ArrayLike, happened: ArrayLike, not_yet: ArrayLike, *, confidence: float = 0.95
) -> "pd.DataFrame":
    """Kaplan-Meier curve from counts: the share for whom it has not happened by each time.

    Whoever is still waiting counts among those at risk up to the time waited, and no longer. A mean
    over finished cases alone would leave out just those who wait longest.

    Parameters
    ----------
    times : array-like, shape (k,)
        Distinct times, zero or more, in any order and one unit.
    happened, not_yet : array-like, shape (k,)
        For how many it happened at that time; for how many it had not, and nothing more is known.
        Zero or more. Those who wait at a time are at risk at it.
    confidence : float, default 0.95
        Nominal coverage of the interval at each single time, strictly between 0 and 1.

    Returns
    -------
    DataFrame
        One row a time at which it happened, rising: ``time``, ``at_risk``, ``happened``,
        ``waiting`` (the share for whom it has not happened by then), ``low`` and ``high`` of its
        interval (log-log, Greenwood's variance; missing where nobody is left).

    Raises
    ------
    ValueError
        If a number is negative or not finite, lengths differ, times repeat, it never happened, or
        ``confidence`` is out of its range.

    Notes
    -----
    It assumes that those who still wait would go on like the others at risk: whether somebody is
    still waiting may not depend on when it will happen. The interval takes cases as independent;
    several waits of one person are not, and then it is too short.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations,
    Journal of the American Statistical Association 53(282).
    Kalbfleisch, J. D. and Prentice, R. L. (2002), The Statistical Analysis of Failure Time Data,
    2nd edition, section 1.4.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 4], happened=[1, 1, 0], not_yet=[0, 1, 1])
    >>> curve[["time", "at_risk", "waiting"]]
       time  at_risk  waiting
    0   1.0        4     0.75
    1   2.0        3     0.50
    """
    import pandas as pd
    from scipy.stats import norm

    confidence = check_share(confidence, "confidence")
    time, events, open_ = _ordered(times, happened, not_yet)
    at_risk = np.cumsum((events + open_)[::-1])[::-1]
    kept = events > 0
    time, events, at_risk = time[kept], events[kept], at_risk[kept]
    waiting = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = norm.ppf(0.5 + confidence / 2) * np.sqrt(greenwood) / np.abs(np.log(waiting))
        low, high = waiting ** np.exp(spread), waiting ** np.exp(-spread)
    open_end = waiting == 0
    low[open_end] = high[open_end] = np.nan
    columns = {"time": time, "at_risk": at_risk, "happened": events}
    table = pd.DataFrame({**columns, "waiting": waiting, "low": low, "high": high})
    return table.astype({"at_risk": "int64", "happened": "int64"})


def time_by_which(curve: "pd.DataFrame", *, share: float) -> tuple[float | None, ...]:
    """Return the time by which a share has had it, with its interval.

    Parameters
    ----------
    curve : DataFrame
        From ``kaplan_meier``.
    share : float
        Strictly between 0 and 1.

    Returns
    -------
    tuple of three float or None
        The first time at which at least that share has had it, and the interval of Brookmeyer and
        Crowley (1982): the times whose own interval holds the share. None where the curve does not
        come so far.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 4], happened=[1, 1, 1], not_yet=[0, 0, 0])
    >>> time_by_which(curve, share=0.5)[0]
    2.0
    """
    share = check_share(share, "share")
    left = 1 - share
    # rounding in the running product must not move the quantile by a step
    reached = [
        np.flatnonzero(column.to_numpy() <= left + 1e-12)
        for column in (curve.waiting, curve.low, curve.high)
    ]
    times = curve.time.to_numpy()
    estimate, low, high = (float(times[at[0]]) if at.size else None for at in reached)
    return estimate, low, high


def _ordered(*columns: ArrayLike) -> tuple[Floats, Floats, Floats]:
    names = ("times", "happened", "not_yet")
    time, events, open_ = (
        non_negative(column, name) for column, name in zip(columns, names, strict=True)
    )
    if not time.size == events.size == open_.size:
        raise ValueError(
            f"times, happened and not_yet have {time.size}, {events.size} and {open_.size} values: "
            "each time needs both counts."
        )
    if np.unique(time).size != time.size:
        raise ValueError("a time stands there twice: add up the counts of each time first.")
    if not events.sum():
        raise ValueError(
            "it never happened, so that nothing is known of how long it takes. Observe longer."
        )
    order = np.argsort(time)
    return time[order], events[order], open_[order]
