"""Calibration: mean predicted beside mean actual, group by group."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.inputs import named_predictions, non_negative, refuse, same_rows
from customer_insight.stats.resampling import FEWEST_ROWS, bootstrap_interval

if TYPE_CHECKING:
    import pandas as pd

MOST_GROUPS = 200


def frequency_groups(repeat_purchases: ArrayLike, *, open_from: int = 7) -> "pd.Categorical":
    """Group customers by their number of repeat purchases: 0, 1, 2, ... and "7+".

    Parameters
    ----------
    repeat_purchases : array-like of int, shape (n,)
        Repeat purchases in the calibration period, whole numbers from 0.
    open_from : int, default 7
        The first number that joins the open group; at least 1.

    Returns
    -------
    Categorical
        One label a customer, "0" to "6" and "7+", in their order.

    Raises
    ------
    ValueError
        If a number is missing, negative or not whole, or ``open_from`` is under 1.

    Examples
    --------
    >>> list(frequency_groups([0, 2, 11], open_from=3))
    ['0', '2', '3+']
    """
    import pandas as pd

    if open_from != int(open_from) or open_from < 1:
        raise ValueError(f"open_from is {open_from!r}, and must be a whole number from 1.")
    counts = non_negative(repeat_purchases, "repeat_purchases")
    fix = "A number of purchases is whole; money or rates need groups of their own."
    refuse(counts != np.floor(counts), "repeat_purchases", "not whole", fix)
    codes = np.minimum(counts, open_from).astype(np.int64)
    labels = [*map(str, range(open_from)), f"{open_from}+"]
    return pd.Categorical.from_codes(codes, labels, ordered=True)


def calibration_by_group(
    actual: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    groups: ArrayLike,
    *,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> "pd.DataFrame":
    """Mean actual value of each group, with its interval, beside the mean of each prediction.

    A prediction can be right in total and wrong in every group, where errors cancel; this table
    shows it. The interval is that of the mean actual value, drawn again within the group.

    Parameters
    ----------
    actual : array-like, shape (n,)
        What customers did in the hold-out, counts or money, zero or more.
    predictions : mapping of str to array-like, shape (n,), or a DataFrame
        Predictions by name, in the same order.
    groups : array-like, shape (n,)
        A label a customer: an ordered Categorical (its order is kept), or numbers or text (sorted).
    confidence, resamples, seed
        As for ``resampling.bootstrap_interval``.

    Returns
    -------
    DataFrame
        One row a group and prediction: ``group``; ``n`` customers; ``mean_actual``, ``low`` and
        ``high`` of its interval, in the unit of ``actual``; ``prediction``, its name;
        ``mean_predicted``; ``note``, why an interval is missing. Groups without customers are not
        listed.

    Raises
    ------
    ValueError
        If lengths or pandas indexes differ, a value is not a finite number, an actual value is
        negative, a group is missing, or there are more than 200 groups.

    Notes
    -----
    A group of fewer than 10 customers, or one in which all did the same, gets no interval. Where
    groups are many, one mean in twenty lies outside its 95 % interval even for a perfect model.

    Examples
    --------
    >>> actual, rate = [0, 0, 0, 0, 1] * 4 + [2, 3], [0.25] * 20 + [2, 2]
    >>> table = calibration_by_group(actual, {"rate": rate}, ["0"] * 20 + ["1"] * 2)
    >>> table[["group", "n", "mean_actual", "low", "high", "mean_predicted"]]
      group   n  mean_actual   low  high  mean_predicted
    0     0  20          0.2  0.05   0.4            0.25
    1     1   2          2.5  <NA>  <NA>            2.00
    >>> table.note[1]
    'no interval: fewer than 10 customers'
    """
    import pandas as pd

    known = non_negative(actual, "actual")
    predicted = named_predictions(actual, predictions)
    same_rows(actual, groups, "groups")
    labels = _categories(groups)
    options = {"confidence": confidence, "resamples": resamples, "seed": seed}
    rows = [
        {"group": labels.categories[code], **mean, "prediction": name}
        | {"mean_predicted": float(np.sort(values[inside]).mean())}
        for code, inside in _members(labels.codes)
        for mean in [_mean_actual(known[inside], options)]
        for name, values in predicted.items()
    ]
    table = pd.DataFrame(rows)
    table["group"] = pd.Categorical(table["group"], categories=labels.categories, ordered=True)
    table = table.astype({"low": "Float64", "high": "Float64", "note": "str"})
    columns = ["group", "n", "mean_actual", "low", "high", "prediction", "mean_predicted", "note"]
    return table[columns]


def _members(codes: NDArray[np.integer]) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    for code in np.unique(codes):
        yield int(code), codes == code


def _mean_actual(actual: NDArray[np.float64], options: dict[str, Any]) -> dict[str, Any]:
    n, mean = actual.size, float(np.sort(actual).mean())
    row = {"n": n, "mean_actual": mean, "low": None, "high": None}
    if n < FEWEST_ROWS:
        return row | {"note": f"no interval: fewer than {FEWEST_ROWS} customers"}
    if (actual == actual[0]).all():
        return row | {"note": f"no interval: all {n} actual values are equal"}
    interval = bootstrap_interval(actual, **options)
    return row | {"low": interval.low, "high": interval.high, "note": ""}


def _categories(groups: ArrayLike) -> "pd.Categorical":
    """Labels in an order that does not hang on the order of the rows."""
    import pandas as pd

    refuse(np.asarray(pd.isna(groups)), "groups", "missing", "Give these customers a group.")
    if isinstance(getattr(groups, "dtype", None), pd.CategoricalDtype):
        labels = pd.Categorical(groups).remove_unused_categories()
    else:
        try:
            distinct = sorted(pd.unique(np.asarray(groups, dtype=object)))
        except TypeError:
            raise ValueError(
                "groups mixes kinds of labels (such as numbers and text) that have no common "
                "order. Use one kind, or a pandas Categorical whose order is stated."
            ) from None
        labels = pd.Categorical(groups, categories=distinct)
    if len(labels.categories) > MOST_GROUPS:
        raise ValueError(
            f"groups has {len(labels.categories)} labels, and at most {MOST_GROUPS} make a table "
            "that can be read. Band them first, as frequency_groups does."
        )
    return labels
