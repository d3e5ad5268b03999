"""Value through referrals, credited by a stated rule and never counted twice."""

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.table_columns import (
    check_ids,
    check_present,
    minor_units,
    real_numbers,
    table_with,
    with_numbers,
)

Whole = NDArray[np.int64]
NOBODY = -1


def referral_value(
    values: Any, referrals: Any, *, share: float, depth: int, caused: float | str
) -> Any:
    """Return each customer's value after what referrals pass on, adding up to the same total.

    A referred customer passes ``share`` times the chance of being ``caused`` of the own value to
    the referrer and keeps the rest. With a depth of two the referrer passes on the same part of
    what came in, by the referrer's own chance, and so on: without the first link the last customer
    would not have come either. What one customer gains another loses, in whole minor units.

    Parameters
    ----------
    values : pandas or Polars frame
        One row a customer: ``customer_id``, and ``value`` in whole minor units of one currency, of
        one horizon, discount and ``as_of`` for all. It may be negative.
    referrals : frame of the same kind
        One row a referred customer: ``referred_id``, ``referrer_id``, and the column that
        ``caused`` names.
    share : float
        0 leaves all value where it arises; 1 gives the referrer all that was caused.
    depth : int
        Links up which value is passed, from 0.
    caused : float or str
        Chance that the referred customer would not have come otherwise, between 0 and 1: one for
        all, or the column of ``referrals`` that holds it. 1 believes every claim.

    Returns
    -------
    frame of the kind of ``values``, in its order
        ``customer_id``, ``value``, and in Int64 minor units ``given`` (passed up), ``received``
        (from those referred, what was passed on already taken off) and
        ``with_referrals = value - given + received``, in the terms of ``value``.

    Raises
    ------
    ValueError
        If a column is missing, money is no whole number, somebody stands twice or is not among
        ``values``, referrals run in a circle, or the rule is not one.

    Notes
    -----
    The rule says whose value it is, not how much there is: a sum over customers may use ``value``
    or ``with_referrals``, and never ``value`` with ``received`` on top. What a referral saves, the
    acquisition cost of somebody who would have come otherwise, is no part of it.

    References
    ----------
    Kumar, V., Petersen, J. A. and Leone, R. P. (2010). Driving Profitability by Encouraging
    Customer Referrals: Who, When, and How. Journal of Marketing 74(5), 1-17.

    Examples
    --------
    >>> import polars
    >>> values = polars.DataFrame({"customer_id": ["a", "b", "c"], "value": [100, 200, 400]})
    >>> came = polars.DataFrame({"referred_id": ["b", "c"], "referrer_id": ["a", "b"]})
    >>> found = referral_value(values, came, share=0.5, depth=2, caused=1.0)
    >>> found["with_referrals"].to_list(), found["with_referrals"].sum()
    ([300, 200, 200], 700)
    """
    share, depth = _share(share, "share"), _depth(depth)
    table = _values(values)
    referrer, chance = _links(table, referrals, caused)
    value = minor_units(table, "value", "values")
    given, received = _passed_up(value, referrer, share * chance * (depth > 0), depth)
    return with_numbers(
        table.select("customer_id"),
        value=value,
        given=given,
        received=received,
        with_referrals=value - given + received,
    ).to_native()


@dataclass(frozen=True)
class ReferralClaims:
    """Claimed referrals beside those that really caused somebody to come.

    Attributes
    ----------
    claimed, caused, confirmed : int
        Referred customers: by claim, in truth, and in both with the same referrer.
    claimed_value, caused_value, confirmed_value : int
        Value of these customers, in the minor units and terms of the values given.
    """

    claimed: int
    caused: int
    confirmed: int
    claimed_value: int
    caused_value: int
    confirmed_value: int

    @property
    def confirmed_share(self) -> float:
        """Share of the claims that are true: the chance ``caused`` of a claim."""
        return self.confirmed / self.claimed

    @property
    def overstatement(self) -> float:
        """Claimed value over the claimed value that is true; infinite where none is."""
        return self.claimed_value / self.confirmed_value if self.confirmed_value else np.inf

    @property
    def unclaimed_share(self) -> float:
        """Share of the customers who were caused to come that no true claim shows."""
        return 1 - self.confirmed / self.caused if self.caused else 0.0


def check_claims(values: Any, claimed: Any, caused: Any) -> ReferralClaims:
    """Return how far claimed referrals overstate those that really happened, and what they miss.

    Parameters
    ----------
    values : pandas or Polars frame
        ``customer_id`` and ``value`` in whole minor units, in one currency, horizon, discount and
        ``as_of``.
    claimed : frame of the same kind
        ``referred_id`` and ``referrer_id`` as the codes at sign-up have them.
    caused : frame of the same kind
        The same two columns, of those who would not have come otherwise: from an experiment, or a
        known truth.

    Returns
    -------
    ReferralClaims

    Raises
    ------
    ValueError
        As `referral_value` does, and if nothing is claimed.

    Examples
    --------
    >>> import polars
    >>> values = polars.DataFrame({"customer_id": ["a", "b", "c"], "value": [100, 200, 400]})
    >>> codes = polars.DataFrame({"referred_id": ["b", "c"], "referrer_id": ["a", "a"]})
    >>> found = check_claims(values, codes, codes.head(1))
    >>> found.confirmed_share, found.overstatement
    (0.5, 3.0)
    """
    table = _values(values)
    value = minor_units(table, "value", "values")
    by_claim, _ = _links(table, claimed, 1.0, name="claimed")
    by_truth, _ = _links(table, caused, 1.0, name="caused")
    has_claim, has_cause = by_claim != NOBODY, by_truth != NOBODY
    both = has_claim & (by_claim == by_truth)
    if not has_claim.any():
        raise ValueError("claimed has no rows: without a claim there is nothing to overstate.")
    masks = has_claim, has_cause, both
    return ReferralClaims(
        *(int(np.count_nonzero(mask)) for mask in masks),
        *(int(value[mask].sum()) for mask in masks),
    )


def _passed_up(value: Whole, referrer: Whole, part: NDArray, depth: int) -> tuple[Whole, Whole]:
    """Return what each customer passes up of the own value, and keeps of what comes in."""
    received = np.zeros_like(value)
    moving, holder = np.rint(value * part).astype(np.int64), referrer
    given = moving
    for link in range(1, depth + 1):
        some = np.flatnonzero(moving)
        moving, holder = moving[some], holder[some]
        if not len(some):
            break
        further = np.rint(moving * part[holder]).astype(np.int64) * (link < depth)
        np.add.at(received, holder, moving - further)
        moving, holder = further, referrer[holder]
    return given, received


def _values(values: Any) -> Any:
    table = table_with(values, "values", ["customer_id", "value"])
    check_ids(table, "customer_id", "values")
    return table


def _links(
    table: Any, referrals: Any, caused: float | str, *, name: str = "referrals"
) -> tuple[Whole, NDArray[np.float64]]:
    """Return for each customer the row of the referrer, and the chance of being caused to come."""
    columns = ["referred_id", "referrer_id"] + ([caused] if isinstance(caused, str) else [])
    links = table_with(referrals, name, columns, empty=True)
    check_ids(links, "referred_id", name)
    check_present(links, "referrer_id", name)
    referrer, chance = np.full(len(table), NOBODY), np.zeros(len(table))
    if not len(links):
        return referrer, chance
    rows = table.select("customer_id").with_row_index("row")
    ends = [_rows(links, column, rows, name) for column in columns[:2]]
    referrer[ends[0]] = ends[1]
    chance[ends[0]] = _chances(links, caused, name)
    _refuse_circles(referrer, name)
    return referrer, chance


def _rows(links: Any, column: str, rows: Any, name: str) -> Whole:
    """Return the row of each customer of a column of links, in the order of the links."""
    found = (
        links.select(nw.col(column).alias("customer_id"))
        .with_row_index("place")
        .join(rows, on="customer_id", how="inner")
    )
    if missing := len(links) - len(found):
        raise ValueError(
            f"{name}: {column} of {missing:,} of {len(links):,} rows is not among the customers of "
            "values, so that value would be lost. Give them a value, 0 if they never bought, or "
            "leave out the referral."
        )
    result = np.empty(len(links), np.int64)
    result[found["place"].to_numpy()] = found["row"].to_numpy()
    return result


def _chances(links: Any, caused: float | str, name: str) -> NDArray[np.float64]:
    if not isinstance(caused, str):
        return np.full(len(links), _share(caused, "caused"))
    chances = real_numbers(links, caused, name)
    if bad := int(np.count_nonzero((chances < 0) | (chances > 1))):
        raise ValueError(
            f"{name}: {caused} is outside 0 to 1 in {bad:,} of {len(links):,} rows, and must be a "
            "probability: write 0.6 for 60 %."
        )
    return chances


def _refuse_circles(referrer: Whole, name: str) -> None:
    above = referrer
    for _ in range(len(referrer).bit_length()):
        above = np.where(above == NOBODY, NOBODY, above[above])
    if stuck := int(np.count_nonzero(above != NOBODY)):
        raise ValueError(
            f"{name}: {stuck:,} of {len(referrer):,} customers stand in or below a circle of "
            "referrals, in which somebody came through a customer who came later. Compare the days "
            "of sign-up and keep the earlier one as referrer."
        )


def _share(share: float, name: str) -> float:
    if isinstance(share, bool | str) or not np.isscalar(share) or not 0 <= share <= 1:
        raise ValueError(f"{name} is {share!r}, and must lie between 0 and 1: 0.5 for 50 %.")
    return float(share)


def _depth(depth: int) -> int:
    if isinstance(depth, bool) or not isinstance(depth, int | np.integer) or depth < 0:
        raise ValueError(
            f"depth is {depth!r}, and must be a whole number of links from 0: 1 credits the "
            "referrer alone."
        )
    return int(depth)
