"""The ids of people, orders and all that comes block by block: text, made of block and place."""

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from customer_insight.company.people_block import PEOPLE

_BLOCK_DIGITS, _PLACE_DIGITS, _CUSTOMER_DIGITS = 4, 6, 7


def customer_ids(block: int, places: ArrayLike) -> pl.Series:
    """Return the ids of people: "C" and seven digits, the number among all people.

    Parameters
    ----------
    block : int
        Number of the block, not negative.
    places : array-like of int, shape (n,)
        Places within the block; -1 for nobody, which gives null.

    Returns
    -------
    polars.Series of String, shape (n,)

    Raises
    ------
    ValueError
        If a place is outside the block, or the number needs more digits: two people would share an
        id, or ids would not sort by number.

    Examples
    --------
    >>> customer_ids(1, [0, 42, -1]).to_list()
    ['C0010000', 'C0010042', None]
    """
    places = np.asarray(places, dtype=np.int64)
    _check(block, places, PEOPLE, 10**_CUSTOMER_DIGITS // PEOPLE)
    return _text("C", np.where(places < 0, -1, block * PEOPLE + places), _CUSTOMER_DIGITS)


def order_ids(block: int, places: ArrayLike) -> pl.Series:
    """Return the ids of people's orders by their places in the block's purchases.

    Parameters, result and errors are as in `block_ids`, with the letter "S".

    Examples
    --------
    >>> order_ids(1, [0, 42, -1]).to_list()
    ['S0001000000', 'S0001000042', None]
    """
    return block_ids("S", block, places)


def block_ids(letter: str, block: int, places: ArrayLike) -> pl.Series:
    """Return ids of a letter, four digits of the block and six digits of the place.

    Parameters
    ----------
    letter : str
        What is counted, such as "R" for returns.
    block : int
        Number of the block, not negative.
    places : array-like of int, shape (n,)
        Places within the block; -1 for none, which gives null.

    Returns
    -------
    polars.Series of String, shape (n,)

    Raises
    ------
    ValueError
        If the block or a place needs more digits: ids would not sort by number.

    Examples
    --------
    >>> block_ids("R", 0, [7]).to_list()
    ['R0000000007']
    """
    places = np.asarray(places, dtype=np.int64)
    _check(block, places, 10**_PLACE_DIGITS, 10**_BLOCK_DIGITS)
    return _text(f"{letter}{block:0{_BLOCK_DIGITS}d}", places, _PLACE_DIGITS)


def _check(block: int, places: np.ndarray, most_places: int, most_blocks: int) -> None:
    if not 0 <= block < most_blocks:
        raise ValueError(
            f"Block {block} has no ids: blocks go from 0 to {most_blocks - 1:,}. Draw fewer people."
        )
    outside = int(((places < -1) | (places >= most_places)).sum())
    if outside:
        raise ValueError(
            f"{outside:,} of {places.size:,} places are outside their block, where places go from "
            f"0 to {most_places - 1:,}; their ids would belong to others. Draw smaller blocks."
        )


def _text(start: str, numbers: np.ndarray, digits: int) -> pl.Series:
    """Return each number as text behind `start`, null where it is negative."""
    number = pl.Series("id", numbers)
    text = pl.lit(start) + number.cast(pl.String).str.zfill(digits)
    return pl.select(pl.when(number >= 0).then(text).alias("id")).to_series()
