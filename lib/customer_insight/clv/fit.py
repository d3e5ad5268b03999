"""Maximum likelihood by Newton steps within a trust region, and what makes a fit acceptable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_STEPS = 100
MAX_RADIUS = 2.0  # a factor of 7 in one parameter: far enough to travel, near enough to trust
GRADIENT_TOLERANCE = 1e-8  # per customer, on log parameters
FARTHEST = 12.0  # a parameter e**12 = 160,000 times away from where it started has run off
MAX_LOG_STANDARD_ERROR = 2.0  # beyond it a 95 % interval spans a factor of e**8 = 3,000


class FitRefusedError(ValueError):
    """The data cannot carry the model: what is lacking, how much there is, what to do."""


class Derivatives(NamedTuple):
    """A log-likelihood with its gradient and Hessian by the model's own parameters."""

    value: float
    gradient: Array
    hessian: Array


Objective = Callable[[Array], Derivatives]


class Labels(NamedTuple):
    """What a model and its parameters are called when a fit is refused.

    Attributes
    ----------
    model : str
    parameters : tuple of str
    ran_off : dict
        From (parameter, "up" or "down") to what it means that it ran off.
    """

    model: str
    parameters: tuple[str, ...]
    ran_off: dict[tuple[str, str], str]


@dataclass(frozen=True)
class Fit:
    """An accepted maximum: parameters, log-likelihood, and errors by the delta method."""

    parameters: Array
    log_likelihood: float
    standard_errors: Array
    log_covariance: Array
    steps: int

    def errors_by_name(self, names: Sequence[str]) -> dict[str, float]:
        """Return the standard errors by parameter."""
        return dict(zip(names, map(float, self.standard_errors), strict=True))


def on_log_parameters(parameters: Array, d: Derivatives) -> Derivatives:
    """Return the derivatives by the logarithms of the parameters (the chain rule).

    Examples
    --------
    >>> d = Derivatives(0.0, np.array([3.0]), np.array([[5.0]]))
    >>> on_log_parameters(np.array([2.0]), d).hessian
    array([[26.]])
    """
    gradient = parameters * d.gradient
    hessian = np.outer(parameters, parameters) * d.hessian + np.diag(gradient)
    return Derivatives(d.value, gradient, hessian)


def trust_step(gradient: Array, hessian: Array, radius: float) -> Array:
    """Return the step that maximises a quadratic within a ball around its centre.

    The Newton step where the quadratic is concave and the step is short enough; else the step
    ``(-hessian + shift)**-1 gradient`` whose length is the radius (More and Sorensen 1983).

    Parameters
    ----------
    gradient, hessian : ndarray
        Of the function to maximise.
    radius : float
        The longest step allowed.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> trust_step(np.array([1.0]), np.array([[-4.0]]), radius=1.0)
    array([0.25])
    >>> trust_step(np.array([1.0]), np.array([[4.0]]), radius=1.0).round(6)
    array([1.])
    """
    curvature, axes = np.linalg.eigh(-hessian)
    along = axes.T @ gradient

    def step(shift: float) -> Array:
        return along / (curvature + shift)

    if curvature[0] > 0 and np.linalg.norm(step(0.0)) <= radius:
        return axes @ step(0.0)
    least = max(0.0, -curvature[0])
    low, high = least, least + np.linalg.norm(gradient) / radius
    low += 1e-12 * (1.0 + high)
    for _ in range(60):
        middle = (low + high) / 2.0
        if np.linalg.norm(step(middle)) > radius:
            low = middle
        else:
            high = middle
    return axes @ step(high)


def climb(
    log_likelihood: Objective, start: Array, *, customers: float
) -> tuple[Array, Derivatives, int]:
    """Climb to a maximum of a log-likelihood by Newton steps on the log parameters.

    Parameters
    ----------
    log_likelihood : callable
        From the model's parameters to the sum over customers, with derivatives.
    start : ndarray
        Positive parameters to start from.
    customers : float
        Number of customers, by which the gradient is scaled.

    Returns
    -------
    tuple
        Parameters where it stopped, the derivatives by their logarithms there, steps taken. It
        stops at a maximum, at a parameter that ran off, or after
        ``MAX_STEPS``: `fit_by_newton` tells which.
    """
    at = np.log(start)
    here = on_log_parameters(np.exp(at), log_likelihood(np.exp(at)))
    radius, steps = 1.0, 0
    while steps < MAX_STEPS and np.max(np.abs(at - np.log(start))) < FARTHEST:
        step = trust_step(here.gradient, here.hessian, radius)
        hoped = here.gradient @ step + step @ here.hessian @ step / 2.0
        if hoped <= 1e-14 * abs(here.value) and _is_flat(here, customers):
            at = at + step  # too small to change the sum, not too small for the parameters
            break
        steps += 1
        there = on_log_parameters(np.exp(at + step), log_likelihood(np.exp(at + step)))
        gained = there.value - here.value
        # rounding of the sum must not turn down the last step
        good = gained >= 0.1 * hoped - 1e-12 * abs(here.value)
        if np.isfinite(there.value) and good:
            at, here = at + step, there
            radius = min(2.0 * radius, MAX_RADIUS) if gained > 0.5 * hoped else radius
        else:
            radius = np.linalg.norm(step) / 4.0
    return np.exp(at), here, steps


def _is_flat(d: Derivatives, customers: float) -> bool:
    return bool(np.max(np.abs(d.gradient)) <= GRADIENT_TOLERANCE * customers)


def fit_by_newton(
    log_likelihood: Objective,
    start: Array,
    *,
    customers: float,
    labels: Labels,
    warm: Array | None = None,
) -> Fit:
    """Climb to the maximum of a log-likelihood, and accept it or refuse it.

    Accepted is a fit whose scaled gradient is near zero, whose negative Hessian is positive
    definite, whose parameters stayed within ``e**12`` of their start, and each of whose
    parameters is known to better than a factor of ``e**4`` either way.

    Parameters
    ----------
    log_likelihood : callable
        From the model's parameters to the sum over customers, with derivatives.
    start : ndarray
        Positive parameters of the right order of magnitude.
    customers : float
        Number of customers.
    labels : Labels
        What the model and its parameters are called.
    warm : ndarray, optional
        Parameters to climb from, where better ones than ``start`` are known.

    Returns
    -------
    Fit

    Raises
    ------
    FitRefusedError
        If any of the four conditions fails.
    """
    names = labels.parameters
    found, d, steps = climb(log_likelihood, start if warm is None else warm, customers=customers)
    drift = np.log(found / start)
    ran = int(np.argmax(np.abs(drift)))
    why = labels.ran_off.get((names[ran], "up" if drift[ran] > 0 else "down"), "")
    errors = _log_errors(d)
    if not np.isfinite(d.value) or abs(drift[ran]) >= FARTHEST:
        lack = f"the parameter {names[ran]} ran off"
    elif not _is_flat(d, customers):
        lack = f"no maximum was reached in {steps} steps"
    elif errors is None:
        lack = "the likelihood is flat in one direction (its Hessian is not positive definite)"
    elif np.max(errors) > MAX_LOG_STANDARD_ERROR:
        vague = int(np.argmax(errors))
        lack = (
            f"the parameter {names[vague]} could be {np.exp(min(2 * errors[vague], 99)):.3g} times "
            "smaller or larger and fit nearly as well"
        )
    else:
        return Fit(found, d.value, found * errors, np.linalg.inv(-d.hessian), steps)
    raise FitRefusedError(
        f"{labels.model} was not fitted: with these {customers:,.0f} customers {lack}. {why} "
        "A prediction from it would be made up. Take more customers or a longer history, check "
        "that returns and test accounts are out, or use a model with fewer parameters.".replace(
            "  ", " "
        )
    )


def _log_errors(d: Derivatives) -> Array | None:
    """Return standard errors of the log parameters, or None where the maximum is not strict."""
    if not np.all(np.isfinite(d.hessian)):
        return None
    curvature = np.linalg.eigvalsh(-d.hessian)
    if curvature[0] <= 1e-12 * curvature[-1]:
        return None
    return np.sqrt(np.diag(np.linalg.inv(-d.hessian)))
