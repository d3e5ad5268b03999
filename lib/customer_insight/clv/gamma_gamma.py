"""The Gamma-Gamma model of spend per purchase (Fader and Hardie 2013)."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.fitted_model import FittedModel
from customer_insight.clv.gamma_gamma_likelihood import GammaGammaLikelihood
from customer_insight.clv.summary_columns import eager_table, numbers

Array = NDArray[np.float64]

# Drawn at CDNOW's parameters, half of samples of thirty fix no q at all, three in four of fifty do.
FEWEST_REPEAT_BUYERS = 50


class GammaGamma(FittedModel):
    """What customers spend a purchase: each around a mean of their own.

    A customer's purchases follow a gamma distribution of shape p, whose rate follows another one
    (q, v) over customers. How much one spends is taken to be independent of how often one buys.
    Fitted to customers with repeat purchases; the first purchase is left out, as in the papers.

    Attributes
    ----------
    p_, q_ : float
        Shapes, within and between customers.
    v_ : float
        Scale, in the money unit of the summary (minor units in, minor units out).
    n_customers_ : int
        Customers with repeat purchases.
    log_likelihood_ : float
        Of their mean spends, in that money unit.
    standard_errors_ : dict of str to float
        By parameter, from the Hessian on log parameters (delta method).
    log_covariance_ : ndarray
        Covariance of the logarithms of p, q, v.

    Notes
    -----
    Spend is gross or net as ``repeat_amount`` is. In ``features.purchase_summary`` a purchase day's
    amount is net of what came back on that same day; goods that come back on a later day take
    nothing off. Where that is much money, spend and every value made from it are too high by as
    much: multiply spend by the share that stays, ``sum(amount)`` of all transactions up to
    ``as_of`` over ``sum(first_amount + repeat_amount)`` of the summary. Who takes returns off each
    customer beforehand must leave every repeat buyer a positive amount: the model knows no other.

    References
    ----------
    Fader, P. S. and Hardie, B. G. S. (2013). The Gamma-Gamma Model of Monetary Value.
    brucehardie.com/notes/025.

    Examples
    --------
    >>> import polars
    >>> model = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
    >>> customers = polars.DataFrame({"repeat_purchases": [0, 2], "repeat_amount": [0, 4470]})
    >>> model.expected_spend(customers).round()
    array([3522., 2466.])
    """

    parameter_names = ("p", "q", "v")
    ran_off: ClassVar = {
        ("p", "up"): "Each customer's purchases hardly vary.",
        ("v", "down"): "Each customer's purchases hardly vary.",
        ("q", "up"): "Customers do not differ in what they spend, as far as these data tell.",
        ("v", "up"): "Customers do not differ in what they spend, as far as these data tell.",
        ("p", "down"): "A few purchases make up nearly all the money.",
        ("q", "down"): "A few customers make up nearly all the money.",
    }
    p_: float
    q_: float
    v_: float

    @classmethod
    def from_parameters(cls, *, p: float, q: float, v: float) -> Self:
        """Return a model with given parameters, such as published ones.

        Raises
        ------
        ValueError
            If one is not positive.
        """
        return cls._given({"p": p, "q": q, "v": v})

    def fit(self, summary: Any) -> Self:
        """Fit by maximum likelihood to the customers with repeat purchases.

        Parameters
        ----------
        summary : pandas or Polars frame
            One row a customer, as ``features.purchase_summary`` gives it: ``repeat_purchases``,
            and ``repeat_amount``, the money of all repeat purchases together.

        Returns
        -------
        self

        Raises
        ------
        FitRefusedError
            If there are too few repeat buyers, or the data do not fix the parameters.
        ValueError
            If the summary is not one, or a repeat buyer's amount is not positive.
        """
        x, amount = _read(summary)
        return self._fit(x[x > 0], amount[x > 0])

    def _fit(self, x: Array, amount: Array, warm: Array | None = None) -> Self:
        if len(x) < FEWEST_REPEAT_BUYERS:
            raise FitRefusedError(
                f"GammaGamma was not fitted: {len(x):,} customers have repeat purchases, and at "
                f"least {FEWEST_REPEAT_BUYERS} must have. Use the mean spend of all purchases, or "
                "wait for more customers."
            )
        start = np.array([2.0, 3.0, float(np.sum(amount) / np.sum(x))])
        return self._learn(GammaGammaLikelihood(x, amount), start, len(x), warm)

    def mean_spend(self) -> float:
        """Return the mean spend a purchase over all customers, ``p v / (q - 1)``.

        Raises
        ------
        ValueError
            If q is 1 or less: the mean does not exist.
        """
        p, q, v = self.parameters
        self._check_moment(1, "mean")
        return float(p * v / (q - 1.0))

    def expected_spend(self, summary: Any) -> Array:
        """Return the spend a purchase to expect of each customer, Fader and Hardie (2013) eq. 5.

        A mean of the customer's own average and of everybody's, which weighs the own one the more,
        the more purchases it rests on.

        Parameters
        ----------
        summary : pandas or Polars frame
            ``repeat_purchases`` and ``repeat_amount``.

        Returns
        -------
        ndarray of float, shape (n,)
            Money a purchase, in the unit of ``repeat_amount``; positive.

        Raises
        ------
        ValueError
            If q is 1 or less (there is no mean), the summary is not one, or a repeat buyer's
            amount is not positive.
        """
        p, q, v = self.parameters
        self._check_moment(1, "mean")
        x, amount = _read(summary)
        return p * (v + amount) / (p * x + q - 1.0)

    def spend_variance(self, summary: Any) -> Array:
        """Return how uncertain each customer's own mean spend is, as a variance.

        Parameters
        ----------
        summary : pandas or Polars frame
            ``repeat_purchases`` and ``repeat_amount``.

        Returns
        -------
        ndarray of float, shape (n,)
            Money squared.

        Raises
        ------
        ValueError
            If q is 2 or less (there is no variance), or as `expected_spend` does.
        """
        p, q, _ = self.parameters
        self._check_moment(2, "variance")
        x, _ = _read(summary)
        return self.expected_spend(summary) ** 2 / (p * x + q - 2.0)

    def simulate(self, repeat_purchases: Any, *, seed: int | np.random.Generator) -> Array:
        """Draw the money of all repeat purchases together, one for each count given.

        Parameters
        ----------
        repeat_purchases : array-like of int, shape (n,)
            Counts, 0 or more.
        seed : int or numpy Generator
            A local generator is made from it.

        Returns
        -------
        ndarray of float, shape (n,)
            0 where the count is 0.
        """
        p, q, v = self.parameters
        rng = np.random.default_rng(seed)
        x = np.asarray(repeat_purchases, dtype=float)
        rate = np.maximum(rng.gamma(q, 1.0 / v, len(x)), 1e-300)
        amount = rng.gamma(np.where(x > 0, p * x, 1.0)) / rate
        return np.where(x > 0, np.clip(amount, 1e-300, 1e300), 0.0)

    def redraw(self, summary: Any, rng: np.random.Generator) -> Self:
        """Return a model fitted to as many customers with as many purchases, drawn from this one.

        Raises
        ------
        FitRefusedError
            If the draw cannot carry the model.
        """
        x, _ = _read(summary)
        return self.redraw_spend(np.sort(x), rng)

    def redraw_spend(self, repeat_purchases: Any, rng: np.random.Generator) -> Self:
        """Return a model fitted to money drawn from this one for given counts, such as drawn ones.

        Raises
        ------
        FitRefusedError
            If the draw cannot carry the model.
        """
        counts = np.asarray(repeat_purchases, dtype=float)
        x = counts[counts > 0]
        return type(self)()._fit(x, self.simulate(x, seed=rng), warm=self.parameters)

    def _check_moment(self, least: int, name: str) -> None:
        if self.q_ <= least:
            raise ValueError(
                f"spend has no {name} under this model: q is {self.q_:.3g}, and must be above "
                f"{least}. A few very large amounts decide the average. Look at the largest "
                "orders: leave wholesale customers out, or model them apart."
            )


def _read(summary: Any) -> tuple[Array, Array]:
    table = eager_table(summary)
    x = numbers(table, "repeat_purchases").astype(float)
    amount = numbers(table, "repeat_amount").astype(float)
    odd = int(np.count_nonzero((x < 0) | (x != np.rint(x))))
    if odd:
        raise ValueError(
            f"repeat_purchases is negative or a fraction in {odd:,} of {len(x):,} rows. Count "
            "purchase days, from 0."
        )
    bad = int(np.count_nonzero((x > 0) & (amount <= 0)))
    if bad:
        raise ValueError(
            f"repeat_amount is zero or negative for {bad:,} of {int((x > 0).sum()):,} customers "
            "with repeat purchases. The model knows positive spend only: decide whether free "
            "orders and returns are purchases, leave them out, and report how many they were."
        )
    stray = int(np.count_nonzero((x == 0) & (amount != 0)))
    if stray:
        raise ValueError(
            f"repeat_amount is not zero for {stray:,} customers without repeat purchases. It is "
            "the money of the later purchases only; the first one stands in first_amount."
        )
    return x, amount
