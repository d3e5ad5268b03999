"""What only the user can know; until stated, a value to calculate with, and called so."""

from dataclasses import dataclass

DEFAULT_MARGIN, DEFAULT_CONTACT_COST, DEFAULT_DISCOUNT = 0.3, 1.0, 0.1


@dataclass(frozen=True)
class Assumed:
    """Values that no file of orders holds.

    Attributes
    ----------
    margin : float
        Share of net sales that stays after the cost of goods, 0 to 1.
    contact_cost : int
        Cost of one contact, whole minor units.
    discount : float
        Effective yearly rate: 0.1 for 10 %.
    stated : frozenset of str
        The names of those that the user stated; the others are placeholders.
    """

    margin: float
    contact_cost: int
    discount: float
    stated: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        margin: float | None = None,
        contact_cost: float | None = None,
        discount: float | None = None,
        decimals: int,
    ) -> "Assumed":
        """Return what was stated, and placeholders for what was not.

        Parameters
        ----------
        margin, discount : float or None
            Shares, the discount a year.
        contact_cost : float or None
            In major units.
        decimals : int
            Digits of the minor unit.

        Returns
        -------
        Assumed

        Examples
        --------
        >>> found = Assumed.of(contact_cost=0.5, decimals=2)
        >>> found.contact_cost, found.margin, sorted(found.stated)
        (50, 0.3, ['contact_cost'])
        """
        given = {"margin": margin, "contact_cost": contact_cost, "discount": discount}
        cost = DEFAULT_CONTACT_COST if contact_cost is None else contact_cost
        return cls(
            DEFAULT_MARGIN if margin is None else margin,
            round(cost * 10**decimals),
            DEFAULT_DISCOUNT if discount is None else discount,
            frozenset(name for name, value in given.items() if value is not None),
        )
