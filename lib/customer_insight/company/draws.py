"""Random draws that are the same on every machine, each from a stream with a name of its own."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from customer_insight.company.arithmetic import exp, ln

WEIGHT_TOTAL = 1 << 20
_HALF_STEP = 2.0**-54


@dataclass(frozen=True)
class Draws:
    """The root of all streams of one company; each table and purpose has a child of its own.

    Parameters
    ----------
    seed : int
        Not negative. Another seed is another company.
    part : tuple of int
        The block (and year) that the streams are for; empty for what the whole company shares.

    Examples
    --------
    >>> first = Draws(1).of("orders", "channel", 0).whole(0, 100, size=3)
    >>> again = Draws(1).of("orders", "channel", 0).whole(0, 100, size=3)
    >>> bool((first == again).all())
    True
    """

    seed: int
    part: tuple[int, ...] = ()

    def within(self, *part: int) -> "Draws":
        """Return the draws of a part: of a block, or of a year of a block."""
        return Draws(self.seed, (*self.part, *part))

    def of(self, table: str, what: str, *part: int) -> "Stream":
        """Return the stream of one table and purpose, for a block (and year) of it.

        The stream depends on the seed and on these names only: what other tables draw, and in
        which order, makes no difference.
        """
        name = "/".join([table, what, *map(str, (*self.part, *part))])
        words = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype="<u4")
        sequence = np.random.SeedSequence(self.seed, spawn_key=tuple(int(word) for word in words))
        return Stream(np.random.Generator(np.random.PCG64(sequence)))


@dataclass(frozen=True)
class Stream:
    """Draws from one stream. All methods take NumPy's shapes and return arrays.

    Only uniform numbers come from NumPy; the rest is made of them by `arithmetic`, because NumPy's
    own gamma, normal and exponential draws call the logarithm of the C library.
    """

    generator: np.random.Generator

    def uniform(self, size: int | tuple[int, ...]) -> np.ndarray:
        """Return floats from 0 to below 1."""
        return self.generator.random(size)

    def whole(self, low: int, high: ArrayLike, size: int | tuple[int, ...]) -> np.ndarray:
        """Return whole numbers from `low` to below `high`."""
        return self.generator.integers(low, high, size)

    def chance(
        self, probability: ArrayLike, size: int | tuple[int, ...] | None = None
    ) -> np.ndarray:
        """Return True with the given probability, for each of them."""
        probability = np.asarray(probability, dtype=float)
        return self.uniform(probability.shape if size is None else size) < probability

    def pick(self, weights: Sequence[int] | np.ndarray, size: int) -> np.ndarray:
        """Return positions in `weights`, whole numbers, each as often as its weight says."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(edges, self.whole(0, edges[-1], size), side="right")

    def pick_by_row(self, edges: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return a position for each of `rows`, by that row of `edges` (see `row_edges`)."""
        drawn = self.whole(0, WEIGHT_TOTAL, rows.shape)
        flat = edges + (np.arange(len(edges), dtype=np.int64) * WEIGHT_TOTAL)[:, None]
        found = np.searchsorted(flat.ravel(), rows * WEIGHT_TOTAL + drawn, side="right")
        return found - rows * edges.shape[1]

    def exponential(self, size: int | tuple[int, ...]) -> np.ndarray:
        """Return draws from the exponential distribution with mean 1."""
        return -ln(self._open(size))

    def normal(self, size: int) -> np.ndarray:
        """Return draws from the standard normal distribution (Marsaglia's polar method)."""
        kept, needed = [], size
        while needed > 0:
            u = 2 * self._open((max(16, needed), 2)) - 1
            radius = u[:, 0] * u[:, 0] + u[:, 1] * u[:, 1]
            good = (radius > 0) & (radius < 1)
            u, radius = u[good], radius[good]
            kept.append(u[:, 0] * np.sqrt(-2 * ln(radius) / radius))
            needed -= len(radius)
        return np.concatenate(kept)[:size] if kept else np.empty(0)

    def gamma(self, shape: ArrayLike) -> np.ndarray:
        """Return a draw from the gamma distribution with scale 1 for each shape.

        References
        ----------
        Marsaglia, G. and Tsang, W. W. (2000). A simple method for generating gamma variables. ACM
        Transactions on Mathematical Software 26(3), 363-372.
        """
        shape = np.asarray(shape, dtype=float)
        small = shape < 1
        d = np.where(small, shape + 1, shape) - 1 / 3
        c = 1 / np.sqrt(9 * d)
        result = np.empty(shape.shape)
        waiting = np.arange(shape.size)
        while waiting.size:
            x = self.normal(waiting.size)
            log_u = ln(self._open(waiting.size))
            v = 1 + c[waiting] * x
            v = v * v * v
            positive = v > 0
            bound = 0.5 * x * x + d[waiting] * (1 - v + ln(np.where(positive, v, 1.0)))
            good = positive & (log_u < bound)
            result[waiting[good]] = d[waiting[good]] * v[good]
            waiting = waiting[~good]
        boost = ln(self._open(shape.shape)) / np.where(small, shape, 1.0)
        return np.where(small, result * exp(np.maximum(boost, -700.0)), result)

    def beta(self, a: ArrayLike, b: ArrayLike) -> np.ndarray:
        """Return a draw from the beta distribution for each pair of parameters."""
        a, b = np.broadcast_arrays(np.asarray(a, dtype=float), np.asarray(b, dtype=float))
        first = self.gamma(a)
        return first / (first + self.gamma(b))

    def poisson(self, mean: ArrayLike) -> np.ndarray:
        """Return a Poisson count for each mean, which is best below 50 (one uniform each)."""
        mean = np.asarray(mean, dtype=float)
        u = self.uniform(mean.shape)
        count = np.zeros(mean.shape, dtype=np.int64)
        term = exp(-mean)
        total = term.copy()
        open_ = u >= total
        k = 0
        while open_.any() and k < 1000:
            k += 1
            term = term * (mean / k)
            total = total + term
            count[open_] += 1
            open_ = open_ & (u >= total) & (term > 0)
        return count

    def geometric(self, probability: ArrayLike) -> np.ndarray:
        """Return the failures before the first success, for each probability in (0, 1]."""
        probability = np.asarray(probability, dtype=float)
        certain = probability >= 1
        log_fail = ln(np.where(certain, 0.5, 1 - probability))
        count = np.floor(ln(self._open(probability.shape)) / log_fail)
        return np.where(certain, 0, np.minimum(count, 2.0**53)).astype(np.int64)

    def order(self, size: int) -> np.ndarray:
        """Return the numbers 0 to ``size - 1`` in random order."""
        return np.argsort(self.generator.integers(0, 1 << 62, size), kind="stable")

    def _open(self, size: int | tuple[int, ...]) -> np.ndarray:
        """Return floats above 0 and below 1."""
        return np.maximum(self.uniform(size), _HALF_STEP)


def row_edges(weights: ArrayLike) -> np.ndarray:
    """Return cumulative whole weights, one row a distribution, for `Stream.pick_by_row`.

    Parameters
    ----------
    weights : array-like, shape (rows, choices)
        Not negative, at least one above 0 in each row; only their proportions count.

    Returns
    -------
    numpy.ndarray of int, shape (rows, choices)
        Each row rises to 2**20.

    Raises
    ------
    ValueError
        If a weight is negative or a row is all 0.

    Examples
    --------
    >>> row_edges([[1, 1], [3, 1]]).tolist()
    [[524288, 1048576], [786432, 1048576]]
    """
    weights = np.asarray(weights, dtype=float)
    total = np.cumsum(weights, axis=1)
    if (weights < 0).any() or not (total[:, -1] > 0).all():
        raise ValueError("Weights must not be negative, and one in each row must be above 0.")
    edges = np.floor(total / total[:, -1:] * WEIGHT_TOTAL + 0.5).astype(np.int64)
    edges[:, -1] = WEIGHT_TOTAL
    return edges
