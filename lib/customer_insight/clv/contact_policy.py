"""At which recency to stop contacting: policy iteration on the chain of recency."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.period_inputs import discount_rate, money, shares
from customer_insight.clv.recency_chain import long_run_values, transition_matrix

Array = NDArray[np.float64]

# A change must gain more than rounding, or two rules of equal worth would take turns.
_LEAST_GAIN = 1e-9


@dataclass(frozen=True)
class ContactPolicy:
    """Whom to contact, by recency, and what customers are worth under it.

    Attributes
    ----------
    contact : tuple of bool, length k
        Whether to contact a customer of recency 1, 2, ..., k (who bought in this period, last in
        the one before, and so on).
    values : ndarray of float, shape (k + 1,)
        Value for ever of a customer of each recency and of who is none any more, in currency.
    """

    contact: tuple[bool, ...]
    values: Array

    @property
    def stop_after(self) -> int:
        """The last recency at which to contact; 0 if there is none."""
        return max((k + 1 for k, on in enumerate(self.contact) if on), default=0)

    @property
    def pauses(self) -> tuple[int, ...]:
        """Recencies before the last one at which not to contact either."""
        return tuple(k + 1 for k, on in enumerate(self.contact[: self.stop_after]) if not on)


def policy_values(
    contact: Sequence[bool],
    repurchase: ArrayLike,
    *,
    repurchase_without: ArrayLike | None = None,
    margin_per_purchase: float,
    contact_cost: float,
    discount_per_period: float,
) -> Array:
    """Return what a customer of each recency is worth for ever under a rule of contacts.

    Parameters
    ----------
    contact : sequence of bool, length k
        Whether to contact at recency 1, 2, ..., k.
    repurchase : array-like of float, shape (k,)
        Probability that a customer who bought last 1, 2, ..., k periods ago, and is contacted,
        buys now.
    repurchase_without : array-like of float, shape (k,), optional
        The same for who is not contacted, measured on customers left out at random. Without it
        nobody buys who is not contacted, as Pfeifer and Carraway have it.
    margin_per_purchase : float
        Margin of one customer in a period with a purchase, before contacts, in currency.
    contact_cost : float
        Cost of one contact, 0 or more, in currency.
    discount_per_period : float
        Effective rate a period, at least 0.

    Returns
    -------
    ndarray of float, shape (k + 1,)
        In currency; the last one, of who is no customer any more, is 0.

    Raises
    ------
    ValueError
        If an argument is out of its range or of another length, or a value is not finite.

    Examples
    --------
    >>> case = {"margin_per_purchase": 40, "contact_cost": 4, "discount_per_period": 0.2}
    >>> policy_values([True, True, True, False], [0.3, 0.2, 0.15, 0.05], **case).round(3).tolist()
    [53.149, 6.621, 2.644, 0.0, 0.0]
    """
    case = _Case.checked(
        repurchase, repurchase_without, margin_per_purchase, contact_cost, discount_per_period
    )
    flags = np.asarray(contact)
    if flags.shape != case.comes.shape or flags.dtype != bool:
        raise ValueError(
            f"contact must be {len(case.comes)} values True or False, one for each probability "
            f"of repurchase; it has shape {flags.shape} and type {flags.dtype}."
        )
    return case.values(flags)


def best_contact_policy(
    repurchase: ArrayLike,
    *,
    repurchase_without: ArrayLike | None = None,
    margin_per_purchase: float,
    contact_cost: float,
    discount_per_period: float,
) -> ContactPolicy:
    """Return the rule of contacts under which every customer is worth most.

    Policy iteration: begin with no contact, value the rule, change it at each recency where that
    pays, and repeat until it stays as it is. No rule is worth more at any recency.

    Parameters
    ----------
    repurchase, repurchase_without, margin_per_purchase, contact_cost, discount_per_period
        As for ``policy_values``.

    Returns
    -------
    ContactPolicy
        ``contact``, ``values``, ``stop_after`` and ``pauses``.

    Raises
    ------
    ValueError
        If an argument is out of its range or of another length, or a value is not finite.

    Notes
    -----
    The rule is as good as its probabilities. What is saved at late recencies is small money beside
    their error: compare the values of neighbouring rules with ``policy_values``. Probabilities
    measured while everybody was contacted say nothing of who buys without.

    References
    ----------
    Howard, R. A. (1960). Dynamic Programming and Markov Processes. Pfeifer and Carraway (2000), as
    for ``recency_values``: their customers of recency 4 are not worth a contact.

    Examples
    --------
    >>> policy = best_contact_policy([0.3, 0.2, 0.15, 0.05], margin_per_purchase=40,
    ...     contact_cost=4, discount_per_period=0.2)
    >>> policy.stop_after, policy.pauses, policy.values.round(3).tolist()
    (3, (), [53.149, 6.621, 2.644, 0.0, 0.0])
    """
    case = _Case.checked(
        repurchase, repurchase_without, margin_per_purchase, contact_cost, discount_per_period
    )
    contact = np.zeros(len(case.comes), dtype=bool)
    values = case.values(contact)
    while not np.array_equal(better := case.improved(contact, values), contact):
        contact, values = better, case.values(better)
    return ContactPolicy(tuple(map(bool, contact)), values)


@dataclass(frozen=True)
class _Case:
    """What a rule of contacts is valued with."""

    comes: Array
    without: Array
    margin: float
    cost: float
    discount: float

    @classmethod
    def checked(
        cls,
        repurchase: ArrayLike,
        repurchase_without: ArrayLike | None,
        margin_per_purchase: float,
        contact_cost: float,
        discount_per_period: float,
    ) -> "_Case":
        comes = shares(repurchase, "repurchase")
        without = np.zeros_like(comes)
        if repurchase_without is not None:
            without = shares(repurchase_without, "repurchase_without")
        if without.shape != comes.shape:
            raise ValueError(
                f"repurchase has {len(comes)} values and repurchase_without {len(without)}: both "
                "need one for each recency."
            )
        cost = money(contact_cost, "contact_cost")
        if cost < 0:
            raise ValueError(f"contact_cost is {contact_cost!r}, and must be 0 or more.")
        margin = money(margin_per_purchase, "margin_per_purchase")
        return cls(comes, without, margin, cost, discount_rate(discount_per_period))

    def values(self, contact: NDArray[np.bool_]) -> Array:
        rewards = np.append(np.where(contact, -self.cost, 0.0), 0.0)
        rewards[0] += self.margin
        comes = np.where(contact, self.comes, self.without)
        return long_run_values(transition_matrix(comes), rewards, self.discount)

    def improved(self, contact: NDArray[np.bool_], values: Array) -> NDArray[np.bool_]:
        """Return the rule changed wherever that pays, everything after being worth these values."""
        brought = (self.comes - self.without) * (values[0] - values[1:]) / (1.0 + self.discount)
        gain = brought - self.cost
        return np.where(np.abs(gain) > _LEAST_GAIN * np.abs(values).max(), gain > 0, contact)
