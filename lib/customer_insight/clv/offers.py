"""Offers judged against customers left out by lot: take-up, added margin, cannibalisation."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.table_columns import check_present, real_numbers, table_with
from customer_insight.stats.inputs import check_share
from customer_insight.stats.mean_intervals import mean_difference
from customer_insight.stats.ratio_interval import ratio_interval
from customer_insight.stats.resampling import FEWEST_ROWS, Interval
from customer_insight.stats.share_intervals import share_difference, share_interval

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Columns = dict[str, Array]

MONEY = ("amount", "offer_amount", "margin", "cost")
LATER = "later_amount"
UNITS = {
    "take_up": "share of customers",
    "response_lift": "share of customers",
    "added_amount": "minor units a customer",
    "added_margin": "minor units a customer",
    "cannibalised": "minor units a customer",
    "cannibalised_share": "share of what the offer sold",
    "added_later": "minor units a customer",
}


def offer_effects(
    contacts: Any, *, control: str = "control", group: str | None = None, confidence: float = 0.95
) -> "pd.DataFrame":
    """Return what each offer added beside a randomised control, with intervals.

    All customers of an arm count, also those who never saw the offer: only whole arms are alike but
    for the lot. Measures, each a mean over the arm's customers:

    - ``take_up``: share who bought the offer.
    - ``response_lift``: share who bought anything, less that of the control.
    - ``added_amount``, ``added_margin``: sales, and margin less the cost of the contact, less those
      of the control. The margin is what the decision rests on.
    - ``cannibalised``: the control's sales less what the arm bought besides the offer: purchases of
      their own that the offer replaced. Below 0 where the offer brought other sales along.
    - ``cannibalised_share``: that as a share of what the offer sold.
    - ``added_later``: sales after the end less the control's; below 0 if purchases were pulled
      forward. Where the table has ``later_amount``.

    Parameters
    ----------
    contacts : pandas or Polars frame
        One row a customer in one experiment: ``arm`` (text, drawn by lot), ``amount`` (all sales in
        the period), ``offer_amount`` (of that for the offer), ``margin`` (of the sales), ``cost``
        (of the contact), minor units; optionally ``later_amount``, and the column ``group``.
    control : str, default "control"
        The arm that got no offer.
    group : str, optional
        Column by which effects are given apart, such as the kind of customer before the lot fell.
    confidence : float, default 0.95
        Of each interval by itself.

    Returns
    -------
    pandas.DataFrame
        One row a group, arm and measure, sorted by group and arm: ``group`` ("all" without one),
        ``arm``, ``measure``, ``estimate``, ``low``, ``high``, ``unit``, ``n`` and ``n_control``
        (customers), ``note`` (why an interval is missing).

    Raises
    ------
    ValueError
        If a column is missing or has gaps, an offer sold more than the customer bought, the control
        is not there or bought an offer, or there is no other arm.

    Notes
    -----
    Many rows have many chances to look good: of twenty intervals of 95 % one misses its truth.
    Groups must be known before the lot fell; groups by what followed are not comparable.

    References
    ----------
    Newcombe (1998) and Wilson (1927) for shares, Welch (1947) for means, Fieller (1954) for the
    share cannibalised: as ``stats`` gives them.

    Examples
    --------
    >>> import polars
    >>> contacts = polars.DataFrame({
    ...     "arm": ["control"] * 10 + ["up_sell"] * 10, "amount": [0, 900] * 5 + [800, 1000] * 5,
    ...     "offer_amount": [0] * 10 + [800, 0] * 5, "margin": [0, 300] * 5 + [240, 330] * 5,
    ...     "cost": [0] * 10 + [5] * 10,
    ... })
    >>> effects = offer_effects(contacts).set_index("measure")
    >>> effects.loc[["take_up", "added_margin", "cannibalised"], "estimate"].round(2).to_dict()
    {'take_up': 0.5, 'added_margin': 130.0, 'cannibalised': -50.0}
    """
    import pandas as pd

    confidence = check_share(confidence, "confidence")
    columns, arms, groups = _read(contacts, control, group)
    rows = []
    for label in sorted(set(groups.tolist())):
        inside = groups == label
        base = _rows(columns, inside & (arms == control))
        for arm in sorted(set(arms.tolist()) - {control}):
            treated = _rows(columns, inside & (arms == arm))
            sizes = {"n": len(treated["amount"]), "n_control": len(base["amount"])}
            for measure, found in _effects(treated, base, confidence):
                row = {"group": label, "arm": arm, "measure": measure, **found}
                rows.append(row | {"unit": UNITS[measure], **sizes})
    table = pd.DataFrame(rows).astype({"low": "Float64", "high": "Float64"})
    order = ["group", "arm", "measure", "estimate", "low", "high", "unit", "n", "n_control", "note"]
    return table[order]


def _effects(treated: Columns, base: Columns, confidence: float) -> Iterator[tuple[str, Any]]:
    """Yield each measure with its estimate, interval and note."""
    n, m = len(treated["amount"]), len(base["amount"])
    if min(n, m) < FEWEST_ROWS:
        note = f"not stated: fewer than {FEWEST_ROWS} customers in the arm or in the control"
        for measure in UNITS:
            if measure != "added_later" or LATER in treated:
                yield measure, {"estimate": np.nan, "low": None, "high": None, "note": note}
        return
    took, bought, would = (
        int(np.count_nonzero(column))
        for column in (treated["offer_amount"], treated["amount"], base["amount"])
    )
    own = treated["amount"] - treated["offer_amount"]
    compare = partial(mean_difference, confidence=confidence)
    net = treated["margin"] - treated["cost"], base["margin"] - base["cost"]
    calls: dict[str, Callable[[], Interval]] = {
        "take_up": lambda: share_interval(took, n, confidence=confidence),
        "response_lift": lambda: share_difference((bought, n), (would, m), confidence=confidence),
        "added_amount": lambda: compare(treated["amount"], base["amount"]),
        "added_margin": lambda: compare(*net),
        "cannibalised": lambda: compare(base["amount"], own),
        "cannibalised_share": lambda: _share(own, treated["offer_amount"], base, confidence),
    }
    if LATER in treated:
        calls["added_later"] = lambda: compare(treated[LATER], base[LATER])
    for measure, call in calls.items():
        yield measure, _found(call)


def _share(own: Array, sold: Array, base: Columns, confidence: float) -> Interval:
    """Return the control's mean less that of own purchases, over the mean sold by the offer."""
    n, m = len(own), len(base["amount"])
    within = np.cov(own, sold) / n
    return ratio_interval(
        float(base["amount"].mean() - own.mean()),
        float(sold.mean()),
        variances=(float(base["amount"].var(ddof=1) / m + within[0, 0]), float(within[1, 1])),
        covariance=float(-within[0, 1]),
        n=n + m,
        confidence=confidence,
    )


def _found(call: Callable[[], Interval]) -> dict[str, Any]:
    try:
        found = call()
    except ValueError as error:
        return {"estimate": np.nan, "low": None, "high": None, "note": f"not stated: {error}"}
    return {"estimate": found.estimate, "low": found.low, "high": found.high, "note": ""}


def _rows(columns: Columns, inside: NDArray[np.bool_]) -> Columns:
    """Return the columns of some customers, in an order of their own."""
    chosen = {name: values[inside] for name, values in columns.items()}
    order = np.lexsort(list(chosen.values()))
    return {name: values[order] for name, values in chosen.items()}


def _read(
    contacts: Any, control: str, group: str | None
) -> tuple[Columns, NDArray[np.str_], NDArray[np.str_]]:
    texts = ["arm", *([group] if group else [])]
    table = table_with(contacts, "contacts", [*texts, *MONEY])
    for column in texts:
        check_present(table, column, "contacts")
    names = [*MONEY, *([LATER] if LATER in table.columns else [])]
    columns = {name: real_numbers(table, name, "contacts") for name in names}
    arms, *rest = (np.array(list(map(str, table[column].to_list()))) for column in texts)
    _check(columns, arms, control)
    return columns, arms, rest[0] if rest else np.full(len(arms), "all")


def _check(columns: Columns, arms: NDArray[np.str_], control: str) -> None:
    there = sorted(set(arms.tolist()))
    if control not in there or len(there) < 2:
        raise ValueError(
            f"contacts has the arms {', '.join(there)}, and must have {control!r} and at least one "
            "other: without customers left out by lot nobody knows what they would have bought."
        )
    sold = columns["offer_amount"]
    beyond = int(np.count_nonzero((sold < 0) | (sold > columns["amount"])))
    if beyond:
        raise ValueError(
            f"contacts: offer_amount is negative or above amount in {beyond:,} of {len(sold):,} "
            "rows. It is the part of a customer's sales that was for the offer."
        )
    if got := int(np.count_nonzero(sold[arms == control])):
        raise ValueError(
            f"contacts: {got:,} customers of {control!r} bought an offer, and none was made to "
            "them. Check the arms, or leave the offer out of what it is compared with."
        )
