"""What the three models of buying and leaving have in common: fitting and drawing."""

from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.discounting import Schedule
from customer_insight.clv.fit import FARTHEST, Objective, climb
from customer_insight.clv.fitted_model import FittedModel
from customer_insight.clv.histories import (
    DistinctHistories,
    Histories,
    read_histories,
)
from customer_insight.clv.sufficiency import check_enough
from customer_insight.data.time_units import check_unit

Array = NDArray[np.float64]

_SMALLEST_SAMPLE = 2_000  # customers in a sample from which a climb over all may start


class PurchaseFit(FittedModel, ABC):
    """How a model of customers who buy until they leave, unseen, is fitted and drawn from.

    Learnt by `fit`, or set by `from_parameters`:

    Attributes
    ----------
    unit_ : {"day", "week"}
        Unit of time of the summary it was fitted to; predictions want the same.
    n_customers_, log_likelihood_, standard_errors_, log_covariance_
        As `FittedModel` describes them; the likelihood is that of times in ``unit_``.
    """

    unit_: str

    @classmethod
    def from_parameters(cls, *, unit: str, **parameters: float) -> Self:
        """Return a model with given parameters, such as published ones.

        Parameters
        ----------
        unit : {"day", "week"}
            Unit of time that the parameters are in.
        **parameters : float
            Each of ``parameter_names``, positive.

        Raises
        ------
        ValueError
            If a parameter is missing, unknown or not positive.
        """
        check_unit(unit)
        model = cls._given(parameters)
        model.unit_ = unit
        return model

    def fit(self, summary: Any) -> Self:
        """Fit by maximum likelihood to one row a customer.

        Parameters
        ----------
        summary : pandas or Polars frame
            As ``features.purchase_summary`` gives it: ``repeat_purchases``, and
            ``weeks_first_to_last`` and ``weeks_observed`` or the same in days.

        Returns
        -------
        self

        Raises
        ------
        FitRefusedError
            If the data cannot carry the model; the message says what is lacking.
        ValueError
            If the summary is not one.
        """
        histories = read_histories(summary)
        return self._fit(histories.distinct(), histories.unit)

    def _fit(self, histories: DistinctHistories, unit: str, warm: Array | None = None) -> Self:
        name, total = type(self).__name__, histories.total
        check_enough(histories, unit=unit, model=name)
        start = self._start(histories)
        if warm is None:
            warm = self._warm_start(histories, start)
        self._learn(self._objective(histories), start, total, warm)
        self.unit_ = unit
        return self

    def _warm_start(self, histories: DistinctHistories, start: Array) -> Array:
        """Climb over every 256th, then every 16th customer, so that few steps remain for all."""
        warm = start
        for step in (256, 16):
            if histories.total >= step * _SMALLEST_SAMPLE:
                sample = histories.every(step)
                found, _, _ = climb(self._objective(sample), warm, customers=sample.total)
                near = np.max(np.abs(np.log(found / start))) < FARTHEST / 2.0
                warm = found if near else start
        return warm

    def draw_histories(self, summary: Any, rng: np.random.Generator) -> Histories:
        """Return the histories of as many customers, observed as long, drawn from this model.

        They are ordered by the time observed, so that the rows' order decides nothing.
        """
        T = np.sort(self._read(summary).T)
        return Histories(*self._draw(T, rng), T, self.unit_)

    def refit(self, drawn: Histories) -> Self:
        """Return a model fitted to histories drawn from this one.

        Raises
        ------
        FitRefusedError
            If the draw cannot carry the model.
        """
        return type(self)()._fit(drawn.distinct(), drawn.unit, warm=self.parameters)

    def redraw(self, summary: Any, rng: np.random.Generator) -> Self:
        """Return a model fitted to as many customers, observed as long, drawn from this one.

        Raises
        ------
        FitRefusedError
            If the draw cannot carry the model.
        """
        return self.refit(self.draw_histories(summary, rng))

    @abstractmethod
    def _start(self, histories: DistinctHistories) -> Array:
        """Return parameters to start the climb from, in proportion to the unit of time."""

    @abstractmethod
    def _objective(self, histories: DistinctHistories) -> Objective:
        """Return the log-likelihood of these histories as a function of the parameters."""

    @abstractmethod
    def _odds_gone(self, x: Array, t_x: Array, T: Array) -> Array:
        """Return the odds that a customer with this history has left, as a new array."""

    @abstractmethod
    def _purchases_if_alive(self, x: Array, T: Array, schedule: Schedule) -> Array:
        """Return the weighted purchases of a customer who has not left at T."""

    @abstractmethod
    def _residual_if_alive(self, x: Array, T: Array, rate: float) -> Array:
        """Return the purchases, discounted at a continuous rate for ever, of who has not left."""

    @abstractmethod
    def _count_distribution(self, x: float, T: float, t: float, most: int, *, new: bool) -> Array:
        """Return the chance of 0 to ``most`` purchases in t for a living or a new customer."""

    @abstractmethod
    def _draw(self, T: Array, rng: np.random.Generator) -> tuple[NDArray[np.int64], Array]:
        """Draw counts and times of the last purchase for customers observed for T."""

    @property
    def _alive_at_start(self) -> float:
        """The chance that a new customer has not left right after the first purchase."""
        return 1.0

    def log_likelihood(self, summary: Any) -> float:
        """Return the log-likelihood of a summary under the learnt parameters."""
        histories = self._read(summary)
        return self._objective(histories.distinct())(self.parameters).value

    def simulate(self, observed: ArrayLike, *, seed: int | np.random.Generator) -> dict[str, Array]:
        """Draw a summary of customers from the model, one for each time observed.

        Parameters
        ----------
        observed : array-like of float, shape (n,)
            How long each customer is observed, in the model's unit.
        seed : int or numpy Generator
            A local generator is made from it.

        Returns
        -------
        dict of str to ndarray
            Columns of a summary, ready for a frame of any kind: ``repeat_purchases``, and the
            times from first to last and observed, in the model's unit. Times are continuous.

        Raises
        ------
        ValueError
            If a time is negative or not a finite number.
        """
        T = np.asarray(observed, dtype=float)
        if T.ndim != 1 or not np.all(np.isfinite(T) & (T >= 0)):
            raise ValueError("observed must be one column of finite times, none negative.")
        x, t_x = self._draw(T, np.random.default_rng(seed))
        unit = self._fitted_unit
        return {"repeat_purchases": x, f"{unit}s_first_to_last": t_x, f"{unit}s_observed": T}

    @property
    def _fitted_unit(self) -> str:
        return self.unit_ if len(self.parameters) else ""

    def _facts(self) -> list[str]:
        return [f"in {self.unit_}s", *super()._facts()]

    def _read(self, summary: Any) -> Histories:
        return read_histories(summary, unit=self._fitted_unit)
