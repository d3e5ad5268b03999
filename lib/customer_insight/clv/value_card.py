"""The four-part value card: life-time value, frequency, referral and risk, apart and together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.table_columns import check_ids, real_numbers, table_with, with_numbers
from customer_insight.stats.inputs import check_share
from customer_insight.stats.ranking import spearman
from customer_insight.stats.ranks import average_rank, min_rank

Whole = NDArray[np.int64]

# Each part with the sign that makes more of it better.
PARTS = {"lifetime_value": 1, "frequency": 1, "referral": 1, "risk": -1}
HIGHEST_WEIGHT = 1000


def value_card(customers: Any, *, weights: Mapping[str, int]) -> Any:
    """Return each customer's rank under each of four parts, and under all of them together.

    Joint points are the weighted sum of the ranks under the parts, where equals share the mean of
    their places. They are whole numbers, so that no rounding decides between two customers.

    Parameters
    ----------
    customers : pandas or Polars frame
        One row a customer: ``customer_id`` and the four parts as numbers.

        - ``lifetime_value``: own value in minor units of one currency, of one horizon, discount and
          ``as_of``, nothing taken off for risk and nothing put on for referrals.
        - ``frequency``: purchases a year, or expected ones.
        - ``referral``: value received for others, in the terms of ``lifetime_value``.
        - ``risk``: what may be lost, high is bad: expected loss, or mean less conditional value at
          risk, in the same terms.
    weights : mapping of str to int
        Of all four parts: whole numbers from 0 to 1,000, such as 40, 20, 20, 20. Ratios matter.

    Returns
    -------
    frame of the kind of ``customers``, in its order
        ``customer_id``, the parts, and as Int64 ``rank_lifetime_value``, ``rank_frequency``,
        ``rank_referral``, ``rank_risk``, ``points`` (0 on average, high is good) and ``rank``: 1 is
        the best, and equals share the best of their places.

    Raises
    ------
    ValueError
        If a column is missing or bad, somebody stands twice, or weights are not such.

    Notes
    -----
    Ranks make parts in different units comparable and forget distances: first may be far ahead of
    second, or hardly. Points are a rule for an order, not a value; money adds up, points do not.

    Examples
    --------
    >>> import polars
    >>> customers = polars.DataFrame({
    ...     "customer_id": ["a", "b", "c"], "lifetime_value": [900, 500, 100],
    ...     "frequency": [2.0, 12.0, 2.0], "referral": [0, 300, 0], "risk": [50, 10, 10],
    ... })
    >>> weights = {"lifetime_value": 40, "frequency": 20, "referral": 20, "risk": 20}
    >>> card = value_card(customers, weights=weights)
    >>> card.select("rank_lifetime_value", "rank_risk", "points", "rank").rows()
    [(1, 3, 0, 2), (2, 1, 100, 1), (3, 1, -100, 3)]
    """
    weights = _weights(weights)
    table = table_with(customers, "customers", ["customer_id", *PARTS])
    check_ids(table, "customer_id", "customers")
    goods = {part: sign * real_numbers(table, part, "customers") for part, sign in PARTS.items()}
    points = _points({part: _centred(good) for part, good in goods.items()}, weights)
    return with_numbers(
        table.select("customer_id", *PARTS),
        **{f"rank_{part}": min_rank(-good) for part, good in goods.items()},
        points=points,
        rank=min_rank(-points),
    ).to_native()


@dataclass(frozen=True)
class WeightSensitivity:
    """How far the joint rank hangs on the weights.

    Attributes
    ----------
    scenarios : frame
        One row a change of weights: ``scenario``, ``rank_correlation`` (Spearman's, with the joint
        rank as weighted), ``top_kept`` (share of the top customers who stay on top).
    ranks : frame
        One row a customer, in the order of the card: ``customer_id``, ``rank``, ``best_rank`` and
        ``worst_rank`` over all scenarios.
    """

    scenarios: Any
    ranks: Any


def weight_sensitivity(
    card: Any, *, weights: Mapping[str, int], top: float = 0.10
) -> WeightSensitivity:
    """Return how the joint rank changes with equal weights, and each part left out or doubled.

    Parameters
    ----------
    card : frame
        As `value_card` gives it.
    weights : mapping of str to int
        Those of the card.
    top : float, default 0.10
        Share of customers who count as the top. Equals at its end are all in.

    Returns
    -------
    WeightSensitivity

    Raises
    ------
    ValueError
        If the card is none, weights are not such, ``top`` is no share, or all customers are equal.

    Examples
    --------
    >>> import polars
    >>> customers = polars.DataFrame({
    ...     "customer_id": ["a", "b", "c"], "lifetime_value": [900, 500, 100],
    ...     "frequency": [2.0, 12.0, 2.0], "referral": [0, 300, 0], "risk": [50, 10, 10],
    ... })
    >>> weights = {"lifetime_value": 40, "frequency": 20, "referral": 20, "risk": 20}
    >>> found = weight_sensitivity(value_card(customers, weights=weights), weights=weights)
    >>> found.ranks.rows()
    [('a', 2, 2, 3), ('b', 1, 1, 1), ('c', 3, 2, 3)]
    """
    weights, top = _weights(weights), check_share(top, "top")
    table = table_with(card, "card", ["customer_id", *PARTS, "rank"])
    centred = {
        part: _centred(sign * real_numbers(table, part, "card")) for part, sign in PARTS.items()
    }
    base = min_rank(-_points(centred, weights))
    # a product such as 0.07 * 100 lies a last digit above the whole number
    limit = int(np.ceil(top * len(base) - 1e-9))
    ranks, rows = [base], []
    for scenario, changed in _scenarios(weights).items():
        rank = min_rank(-_points(centred, changed))
        both = np.count_nonzero((base <= limit) & (rank <= limit))
        rows.append((scenario, spearman(base, rank), both / np.count_nonzero(base <= limit)))
        ranks.append(rank)
    customers = with_numbers(
        table.select("customer_id"),
        rank=base,
        best_rank=np.min(ranks, axis=0),
        worst_rank=np.max(ranks, axis=0),
    )
    scenario, correlation, kept = map(list, zip(*rows, strict=True))
    columns = {"scenario": scenario, "rank_correlation": correlation, "top_kept": kept}
    scenarios = nw.from_dict(columns, backend=table.implementation)
    return WeightSensitivity(scenarios.to_native(), customers.to_native())


def _scenarios(weights: dict[str, int]) -> dict[str, dict[str, int]]:
    """Return the changed weights; a part that cannot be left out or doubled with effect is not."""
    found = {"equal weights": dict.fromkeys(PARTS, 1)}
    for part in PARTS:
        if 0 < weights[part] < sum(weights.values()):
            found[f"without {part}"] = weights | {part: 0}
            found[f"{part} doubled"] = weights | {part: 2 * weights[part]}
    return found


def _points(centred: dict[str, Whole], weights: dict[str, int]) -> Whole:
    return sum(weights[part] * ranks for part, ranks in centred.items())


def _centred(good: NDArray[np.float64]) -> Whole:
    """Return twice the average rank less its mean: whole, high for much."""
    return np.rint(2 * average_rank(good) - (len(good) + 1)).astype(np.int64)


def _weights(weights: Mapping[str, int]) -> dict[str, int]:
    given = dict(weights)
    whole = all(
        isinstance(weight, int | np.integer)
        and not isinstance(weight, bool)
        and 0 <= weight <= HIGHEST_WEIGHT
        for weight in given.values()
    )
    if set(given) != set(PARTS) or not whole or not any(given.values()):
        raise ValueError(
            f"weights are {given!r}, and must give each of {', '.join(PARTS)} a whole number from "
            f"0 to {HIGHEST_WEIGHT:,}, not all 0. Fractions would let rounding decide between "
            "equals."
        )
    return {part: int(given[part]) for part in PARTS}
