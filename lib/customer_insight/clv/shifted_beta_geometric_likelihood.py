"""The log-likelihood of the shifted-beta-geometric model, with its gradient and Hessian."""

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import Derivatives

Array = NDArray[np.float64]


class ShiftedBetaGeometricLikelihood:
    """Log-likelihood of alpha and beta, Fader and Hardie (2007) appendix A, by renewals.

    At renewal t a share ``(beta + t - 1) / (alpha + beta + t - 1)`` stays.

    Parameters
    ----------
    renewed, lost : ndarray of float
        Customers who renewed and who cancelled at renewal 1, 2, ...
    """

    def __init__(self, renewed: Array, lost: Array) -> None:
        self._renewed, self._lost = renewed, lost
        self._passed = np.arange(float(len(renewed)))

    def __call__(self, parameters: Array) -> Derivatives:
        """Return value, gradient and Hessian by alpha and beta."""
        alpha, beta = parameters
        renewed, lost = self._renewed, self._lost
        stay, all_ = 1.0 / (beta + self._passed), 1.0 / (alpha + beta + self._passed)
        asked, gone = renewed + lost, lost.sum()
        value = lost @ np.log(alpha * all_) - renewed @ np.log1p(alpha * stay)
        shared = -(asked @ all_)
        bent = asked @ (all_ * all_)
        hessian = np.full((2, 2), bent)
        hessian[0, 0] -= gone / alpha**2
        hessian[1, 1] -= renewed @ (stay * stay)
        gradient = np.array([shared + gone / alpha, shared + renewed @ stay])
        return Derivatives(float(value), gradient, hessian)
