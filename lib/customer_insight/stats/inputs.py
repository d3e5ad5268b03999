"""What the functions of this room accept: finite numbers of equal length, shares, seeds."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# From 2**53 on a float no longer holds every whole number, so sums of cents would drift.
LARGEST = 2.0**53
TAIL_RESAMPLES = 5
_PLACES_SHOWN = 5


def finite_numbers(values: ArrayLike, name: str, *, minimum: int = 1) -> NDArray[np.float64]:
    """Return values as a float array, or say what is wrong with them and where.

    Parameters
    ----------
    values : array-like, shape (n,)
        Numbers. Text is not turned into numbers, also where it looks like one.
    name : str
        What the values are called in an error message.
    minimum : int, default 1
        Fewest values that are accepted.

    Returns
    -------
    ndarray of float64, shape (n,)
        A copy, with -0.0 as 0.0.

    Raises
    ------
    ValueError
        If the values are not numbers, not one column, too few, missing, infinite or beyond 2**53.
        The message counts them and gives their positions, never the values.

    Examples
    --------
    >>> finite_numbers([3, 0, 1], "orders")
    array([3., 0., 1.])
    """
    array = _numeric(values, name)
    if array.ndim != 1:
        raise ValueError(
            f"{name} has {array.ndim} dimensions, and must be one column of numbers, shape (n,)."
        )
    if array.size < minimum:
        raise ValueError(f"{name} has {array.size} values, and at least {minimum} are needed.")
    refuse(np.isnan(array), name, "missing", "Drop or fill them first, and report how many.")
    refuse(np.isinf(array), name, "infinite", "Mend the division or the reading that made them.")
    refuse(
        np.abs(array) >= LARGEST,
        name,
        "beyond 2**53 (9.0e15)",
        "Sums of such numbers lose whole units; choose a larger unit.",
    )
    return array + 0.0


def non_negative(values: ArrayLike, name: str, *, minimum: int = 1) -> NDArray[np.float64]:
    """Return values as a float array of numbers that are zero or more.

    Parameters, returns and errors are those of :func:`finite_numbers`; a negative value is an
    error too.

    Raises
    ------
    ValueError
        If a value is negative, and in the cases of :func:`finite_numbers`.

    Examples
    --------
    >>> non_negative([3, -1, -2], "orders")
    Traceback (most recent call last):
        ...
    ValueError: orders: 2 of 3 values are negative, at positions 1, 2 (counted from 0). Counts \
and money here start at 0; take returns out, or net them per customer, first.
    """
    array = finite_numbers(values, name, minimum=minimum)
    fix = "Counts and money here start at 0; take returns out, or net them per customer, first."
    refuse(array < 0, name, "negative", fix)
    return array


def named_predictions(
    actual: ArrayLike, predictions: Mapping[str, ArrayLike]
) -> dict[str, NDArray[np.float64]]:
    """Return each prediction as a float array that stands row by row beside the actual values.

    Parameters
    ----------
    actual : array-like, shape (n,)
        The actual values; only their number and, for a pandas Series, their index are looked at.
    predictions : mapping of str to array-like, shape (n,), or a DataFrame
        Predictions by name.

    Returns
    -------
    dict of str to ndarray
        In the order given.

    Raises
    ------
    ValueError
        If there is none, a name is not text, a length or a pandas index differs, or a value is not
        a finite number.

    Examples
    --------
    >>> named_predictions([2, 0], {"same rate": [1, 1]})
    {'same rate': array([1., 1.])}
    """
    if not hasattr(predictions, "items"):
        raise ValueError(
            f"predictions is a {type(predictions).__name__}, and must map names to values, such as "
            "{'BG/NBD': expected, 'same rate': rate * weeks}."
        )
    named = dict(predictions.items())
    wrong = [name for name in named if not isinstance(name, str) or not name.strip()]
    if wrong or not named:
        raise ValueError(
            f"predictions holds {len(named)} predictions, {len(wrong)} of them without a text as "
            "name. At least one is needed, and tables are labelled with the names."
        )
    for name, values in named.items():
        same_rows(actual, values, f"prediction {name!r}")
    return {name: finite_numbers(v, f"prediction {name!r}") for name, v in named.items()}


def same_rows(actual: ArrayLike, other: ArrayLike, name: str) -> None:
    """Refuse two columns that do not stand row by row beside each other.

    Raises
    ------
    ValueError
        If the lengths differ, or both are pandas Series with different indexes.

    Examples
    --------
    >>> same_rows([2, 0, 1], [1, 1, 1], "prediction 'mean'")
    """
    rows, others = np.shape(actual), np.shape(other)
    if rows != others:
        raise ValueError(
            f"{name} has shape {others} and actual has {rows}: both need one value a customer, in "
            "the same order."
        )
    index, other_index = getattr(actual, "index", None), getattr(other, "index", None)
    both = hasattr(index, "equals") and hasattr(other_index, "equals")
    if both and not index.equals(other_index):
        raise ValueError(
            f"{name} and actual have different pandas indexes, so their rows may belong to "
            "different customers. Join both by customer_id first, or pass .to_numpy() where the "
            "order is known to be the same."
        )


def check_share(value: float, name: str) -> float:
    """Return a share strictly between 0 and 1, refusing per cent.

    Raises
    ------
    ValueError
        If ``value`` is not a number strictly between 0 and 1.

    Examples
    --------
    >>> check_share(0.95, "confidence")
    0.95
    """
    if isinstance(value, bool | str) or not np.isscalar(value) or not 0 < value < 1:
        raise ValueError(
            f"{name} is {value!r}, and must be a share strictly between 0 and 1: write 0.95 for "
            "95 %."
        )
    return float(value)


def check_resamples(resamples: int, confidence: float) -> int:
    """Return the number of resamples, refusing too few for the confidence asked for.

    At least five resamples must lie beyond each end, or the ends rest on a handful of draws.

    Raises
    ------
    ValueError
        If ``resamples`` is not whole or under ``10 / (1 - confidence)``.

    Examples
    --------
    >>> check_resamples(1000, 0.95)
    1000
    >>> check_resamples(100, 0.95)
    Traceback (most recent call last):
        ...
    ValueError: resamples is 100, and must be a whole number of at least 200 at 0.95 confidence, \
so that 5 lie beyond each end of an interval.
    """
    needed = math.ceil(2 * TAIL_RESAMPLES / (1 - confidence) - 1e-9)
    if not _whole(resamples) or resamples < needed:
        raise ValueError(
            f"resamples is {resamples!r}, and must be a whole number of at least {needed} at "
            f"{confidence:g} confidence, so that {TAIL_RESAMPLES} lie beyond each end of an "
            "interval."
        )
    return int(resamples)


def check_seed(seed: int) -> int:
    """Return a seed: a whole number from 0, so that a run can be repeated.

    Raises
    ------
    ValueError
        If ``seed`` is not a whole number from 0.

    Examples
    --------
    >>> check_seed(7)
    7
    """
    if not _whole(seed) or seed < 0:
        raise ValueError(
            f"seed is {seed!r}, and must be a whole number from 0: without one, the same data "
            "would give another interval at each run."
        )
    return int(seed)


def refuse(wrong: NDArray[np.bool_], name: str, what: str, fix: str) -> None:
    """Raise an error that counts what is wrong and says where, if anything is.

    Raises
    ------
    ValueError
        If any element of ``wrong`` is true.

    Examples
    --------
    >>> refuse(np.array([False, False]), "orders", "missing", "Drop them first.")
    """
    at = np.flatnonzero(wrong)
    if not at.size:
        return
    shown = ", ".join(map(str, at[:_PLACES_SHOWN]))
    more = f" and {at.size - _PLACES_SHOWN} more" if at.size > _PLACES_SHOWN else ""
    raise ValueError(
        f"{name}: {at.size} of {wrong.size} values are {what}, at positions {shown}{more} "
        f"(counted from 0). {fix}"
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _numeric(values: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.dtype.kind == "O":
        array = _from_objects(array, name)
    if array.dtype.kind not in "iufb":
        raise ValueError(
            f"{name} holds {array.dtype} and not numbers. Text and dates are not turned into "
            "numbers here; convert the column first."
        )
    return array.astype(np.float64)


def _from_objects(array: NDArray[Any], name: str) -> NDArray[np.float64]:
    import pandas as pd

    missing = pd.isna(array)
    fix = "Convert the column to numbers first."
    refuse(np.array([isinstance(v, str | bytes) for v in array.flat]), name, "text", fix)
    try:
        return np.where(missing, np.nan, array).astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} holds objects that are not numbers. {fix}") from None
