"""The constant-retention mistake: one average rate for customers who differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.period_inputs import (
    discount_rate,
    first_period,
    money,
    shares,
    whole_periods,
)
from customer_insight.clv.retention_value import margin_multiple
from customer_insight.clv.shifted_beta_geometric import ShiftedBetaGeometric

Array = NDArray[np.float64]

_WHOLE = 1e-9


@dataclass(frozen=True)
class RetentionGroups:
    """A base of groups of customers, each group with a constant retention of its own.

    Attributes
    ----------
    shares : ndarray of float, shape (g,)
        Share of each group among new customers; they add up to 1.
    retention : ndarray of float, shape (g,)
        Share of the group that stays from one period to the next.
    """

    shares: Array
    retention: Array

    @classmethod
    def checked(cls, group_shares: ArrayLike, retention: ArrayLike) -> "RetentionGroups":
        """Return the groups, or say what is wrong with them.

        Parameters
        ----------
        group_shares, retention : array-like of float, shape (g,)
            Of each group, 0 to 1; the shares add up to 1.

        Raises
        ------
        ValueError
            If the lengths differ, one is no share, or the shares do not add up to 1.

        Examples
        --------
        >>> RetentionGroups.checked([0.5, 0.5], [0.9, 0.5]).retention_rate(3).round(3).tolist()
        [0.7, 0.757, 0.806]
        """
        weights, rates = shares(group_shares, "group_shares"), shares(retention, "retention")
        if weights.shape != rates.shape or abs(weights.sum() - 1) > _WHOLE:
            raise ValueError(
                f"{len(weights)} group_shares adding up to {weights.sum():g} and {len(rates)} "
                "retention rates were given: each group needs one of both, and the shares must "
                "add up to 1. Divide the numbers of customers by their sum."
            )
        return cls(weights, rates)

    def retention_rate(self, periods: int) -> Array:
        """Return the share of those left who stay at renewal 1, ..., ``periods``.

        Parameters
        ----------
        periods : int
            Renewals ahead.

        Returns
        -------
        ndarray of float, shape (periods,)
            Rising towards the rate of the most loyal group, though nobody changes.

        Raises
        ------
        ValueError
            If everybody has left before the last renewal.
        """
        left = self._left(whole_periods(periods) + 1)
        if not np.all(left[:-1] > 0):
            raise ValueError("everybody has left before the last renewal asked for.")
        return left[1:] / left[:-1]

    def after(self, renewed: int) -> "RetentionGroups":
        """Return the base of those who are left after so many renewals.

        Raises
        ------
        ValueError
            If nobody is.
        """
        weights = self.shares * self.retention**renewed
        if weights.sum() == 0:
            raise ValueError(f"nobody is left of these groups after {renewed} renewals.")
        return RetentionGroups(weights / weights.sum(), self.retention)

    def margins(self, discount: float, *, periods: int | None) -> float:
        """Return the expected margins of a new customer, the first one now.

        Parameters
        ----------
        discount : float
            Effective rate a period.
        periods : int or None
            Horizon in periods; None for ever.
        """
        multiples = [
            margin_multiple(rate, discount, first_margin="now", periods=periods)
            for rate in self.retention.tolist()
        ]
        return float((self.shares * multiples).sum())

    def _left(self, count: int) -> Array:
        at = np.arange(count)[:, None]
        return (self.shares * self.retention**at).sum(axis=1)


@dataclass(frozen=True)
class ConstantRetentionError:
    """What one average rate makes of a mixed base.

    Attributes
    ----------
    average_retention : float
        Share of the customers measured who stayed at their next renewal.
    value_by_average, value_of_mixture : float
        Value of a customer if all stayed at that rate, and as customers differ, in currency.
    renewed, measured_after : int
        How often the customers valued, and those measured, have renewed.
    """

    average_retention: float
    value_by_average: float
    value_of_mixture: float
    renewed: int
    measured_after: int

    @property
    def error(self) -> float:
        """Value by the average less value of the mixture, in currency."""
        return self.value_by_average - self.value_of_mixture

    @property
    def relative_error(self) -> float:
        """The error as a share of the value of the mixture."""
        return self.error / self.value_of_mixture


def constant_retention_error(
    base: ShiftedBetaGeometric | RetentionGroups,
    *,
    margin_per_period: float,
    discount_per_period: float,
    first_margin: str,
    periods: int | None = None,
    renewed: int = 0,
    measured_after: int | None = None,
) -> ConstantRetentionError:
    """Value a customer of a mixed base by its average retention and as customers differ.

    The average is that of customers who have renewed so many times. Those who leave readily go
    first, so that the average of who is left rises by itself. Two mistakes follow. A constant rate
    undervalues the customers on whom it was measured, because the loyal among them stay far longer
    than average (the multiple is convex in retention). And the rate of old customers overvalues new
    ones, for whom it does not hold yet.

    Parameters
    ----------
    base : ShiftedBetaGeometric or RetentionGroups
        How retention differs between new customers, by period of the model.
    margin_per_period : float
        Margin of a customer in a period, in currency.
    discount_per_period : float
        Effective rate a period, at least 0; above 0 for a ShiftedBetaGeometric for ever.
    first_margin : {"now", "after one period"}
        Whether a margin falls due now, or the first one from those who stay one period.
    periods : int, optional
        Horizon in periods; without it, for ever.
    renewed : int, default 0
        How often the customers to be valued have renewed; 0 for new ones.
    measured_after : int, optional
        How often those had renewed on whom the average was measured; as ``renewed`` if not given.

    Returns
    -------
    ConstantRetentionError

    Raises
    ------
    ValueError
        If an argument is out of its range, nobody is left, or a value is not finite or is 0.

    References
    ----------
    Fader, P. S. and Hardie, B. G. S. (2010). Customer-Base Valuation in a Contractual Setting: The
    Perils of Ignoring Heterogeneity. Marketing Science 29(1), 85-93.

    Examples
    --------
    Half stay at 90 %, half at 50 %: the rate of all, then the rate of those left after 5 renewals.

    >>> groups = RetentionGroups.checked([0.5, 0.5], [0.9, 0.5])
    >>> case = {"margin_per_period": 100, "discount_per_period": 0.1, "first_margin": "now"}
    >>> new = constant_retention_error(groups, **case)
    >>> round(new.average_retention, 2), round(new.value_by_average), round(new.value_of_mixture)
    (0.7, 275, 367)
    >>> old = constant_retention_error(groups, measured_after=5, **case)
    >>> round(old.average_retention, 2), round(old.value_by_average), round(old.relative_error, 2)
    (0.88, 500, 0.36)
    """
    margin = money(margin_per_period, "margin_per_period")
    discount, first = discount_rate(discount_per_period), first_period(first_margin)
    renewed = whole_periods(renewed, name="renewed")
    measured = renewed
    if measured_after is not None:
        measured = whole_periods(measured_after, name="measured_after")
    average = float(_after(base, measured).retention_rate(1)[0])
    by_average = margin_multiple(average, discount, first_margin=first_margin, periods=periods)
    mixture = _margins(_after(base, renewed), discount, periods) - first
    if not margin * mixture > 0:
        raise ValueError(
            "the value of the mixture is not above 0, so that an error has no share of it. Give a "
            "margin above 0 and customers of whom some stay."
        )
    return ConstantRetentionError(average, margin * by_average, margin * mixture, renewed, measured)


def _after(
    base: ShiftedBetaGeometric | RetentionGroups, renewed: int
) -> ShiftedBetaGeometric | RetentionGroups:
    if isinstance(base, RetentionGroups):
        return base.after(renewed)
    if not isinstance(base, ShiftedBetaGeometric):
        raise ValueError(
            f"base is a {type(base).__name__}, and must be a ShiftedBetaGeometric or "
            "RetentionGroups.checked(shares, retention)."
        )
    alpha, beta = base.parameters
    # Each renewal adds one to beta. Its period is the unit of time here: one period is one "year".
    return ShiftedBetaGeometric.from_parameters(alpha=alpha, beta=beta + renewed)


def _margins(
    base: ShiftedBetaGeometric | RetentionGroups, discount: float, periods: int | None
) -> float:
    """Return the expected margins of a customer, the first one now."""
    if isinstance(base, RetentionGroups):
        return base.margins(discount, periods=periods)
    if periods is None:
        return base.discounted_expected_lifetime(discount_per_year=discount)
    at = np.arange(whole_periods(periods) + 1.0)
    return float((base.survival(periods) * (1.0 + discount) ** -at).sum())
