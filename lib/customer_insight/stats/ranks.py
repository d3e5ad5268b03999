"""Ranks with equal values treated as equal, and the blocks of equal values they rest on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.inputs import finite_numbers

Numbers = NDArray[np.int64] | NDArray[np.float64]


def average_rank(values: ArrayLike) -> NDArray[np.float64]:
    """Rank from the lowest value; equal values share the mean of the places they fill.

    The smallest value has rank 1. It is the mean rank over all ways to break the ties at random,
    and the rank that Spearman's correlation is defined with.

    Parameters
    ----------
    values : array-like, shape (n,)
        Finite numbers.

    Returns
    -------
    ndarray of float64, shape (n,)
        Ranks from 1 to n, in halves. They always sum to n (n + 1) / 2.

    Raises
    ------
    ValueError
        If there is no value, or one is missing, infinite or not a number.

    Examples
    --------
    >>> average_rank([10, 20, 10, 30])
    array([1.5, 3. , 1.5, 4. ])
    """
    blocks = tie_blocks(finite_numbers(values, "values"))
    return blocks.to_rows((centred_ranks(blocks.sizes) + blocks.order.size + 1) / 2)


def min_rank(values: ArrayLike) -> NDArray[np.int64]:
    """Rank from the lowest value; equal values share the lowest place they fill.

    The rank is one more than the number of lower values, so it is whole, and equal customers get
    equal ranks whatever the order of the rows.

    Parameters
    ----------
    values : array-like, shape (n,)
        Finite numbers.

    Returns
    -------
    ndarray of int64, shape (n,)
        Ranks from 1 to n.

    Raises
    ------
    ValueError
        If there is no value, or one is missing, infinite or not a number.

    Examples
    --------
    >>> min_rank([10, 20, 10, 30])
    array([1, 3, 1, 4])
    """
    blocks = tie_blocks(finite_numbers(values, "values"))
    return blocks.to_rows(blocks.starts.astype(np.int64) + 1)


@dataclass(frozen=True, eq=False)
class TieBlocks:
    """Rows in rising order of one value, cut into blocks of equal values.

    Attributes
    ----------
    order : ndarray of int, shape (n,)
        The row at each place, lowest value first; equal values in row order.
    starts : ndarray of int, shape (blocks,)
        The first place of each block.
    """

    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Rows in each block."""
        return np.diff(self.starts, append=self.order.size).astype(np.int64)

    @cached_property
    def block(self) -> NDArray[np.intp]:
        """The block that each place belongs to."""
        return np.repeat(np.arange(self.starts.size), self.sizes)

    @property
    def untied(self) -> bool:
        """Whether every block is a single row, so that places and blocks are the same."""
        return self.starts.size == self.order.size

    def sums(self, in_order: Numbers) -> Numbers:
        """Add up along the last axis what stands in each block."""
        return in_order if self.untied else np.add.reduceat(in_order, self.starts, axis=-1)

    def spread(self, of_blocks: Numbers) -> Numbers:
        """Give every place of the last axis what its block has."""
        return of_blocks if self.untied else np.take(of_blocks, self.block, axis=-1)

    def to_rows(self, of_blocks: Numbers) -> Numbers:
        """Give every row what its block has."""
        rows = np.empty(self.order.size, of_blocks.dtype)
        rows[self.order] = self.spread(of_blocks)
        return rows


def tie_blocks(values: NDArray[np.float64]) -> TieBlocks:
    """Sort finite values and find the blocks of equal ones.

    Examples
    --------
    >>> blocks = tie_blocks(np.array([10.0, 20.0, 10.0]))
    >>> blocks.order, blocks.starts, blocks.sizes
    (array([0, 2, 1]), array([0, 2]), array([2, 1]))
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    return TieBlocks(order, np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])))


def centred_ranks(sizes: Numbers) -> Numbers:
    """Twice the average rank of each block, less n + 1: whole, and 0 where all are equal.

    With n rows in blocks of the given sizes, a block that ends at place e and has s rows fills the
    places e - s + 1 to e, whose mean is e - (s - 1) / 2. Twice that less n + 1 is 2 e - s - n. The
    sum over all rows is 0, so a covariance with these ranks needs no mean taken off.

    Parameters
    ----------
    sizes : ndarray, shape (..., blocks)
        Rows in each block, lowest value first; 0 is allowed (a block that was not drawn).

    Returns
    -------
    ndarray, shape (..., blocks)
        From -(n - 1) to n - 1, of the type of ``sizes``.

    Examples
    --------
    >>> centred_ranks(np.array([2, 1, 1]))
    array([-2,  1,  3])
    """
    ranks = np.cumsum(sizes, axis=-1)
    n = ranks[..., -1:].copy()
    ranks *= 2
    ranks -= sizes
    ranks -= n
    return ranks
