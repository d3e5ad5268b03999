"""What every model here has: named parameters, learnt or given, and how sure they are."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import Labels, Objective, fit_by_newton

Array = NDArray[np.float64]


class FittedModel:
    """A model with positive parameters that are learnt by maximum likelihood.

    Attributes
    ----------
    n_customers_ : int
        Customers that it was fitted to.
    log_likelihood_ : float
        At the maximum.
    standard_errors_ : dict of str to float
        By parameter, from the Hessian on log parameters (delta method).
    log_covariance_ : ndarray
        Covariance of the logarithms of the parameters, in the order of ``parameter_names``.
    """

    parameter_names: ClassVar[tuple[str, ...]]
    ran_off: ClassVar[dict[tuple[str, str], str]]

    def __repr__(self) -> str:
        name = type(self).__name__
        try:
            values = zip(self.parameter_names, self.parameters, strict=True)
        except ValueError:
            return f"{name}(not fitted)"
        given = ", ".join(f"{parameter}={value:.4g}" for parameter, value in values)
        return f"{name}({given}; {', '.join(self._facts())})"

    @property
    def parameters(self) -> Array:
        """The parameters, in the order of ``parameter_names``.

        Raises
        ------
        ValueError
            If the model is not fitted yet.
        """
        try:
            return np.array([getattr(self, f"{name}_") for name in self.parameter_names])
        except AttributeError:
            raise ValueError(
                f"this {type(self).__name__} is not fitted yet: call fit first."
            ) from None

    @classmethod
    def _given(cls, parameters: dict[str, Any]) -> Self:
        """Return a model with given parameters, each positive and none missing."""
        if set(parameters) != set(cls.parameter_names):
            raise ValueError(
                f"{cls.__name__} has the parameters {', '.join(cls.parameter_names)}, "
                f"and {', '.join(parameters) or 'none'} were given."
            )
        bad = [name for name, value in parameters.items() if not 0 < value < np.inf]
        if bad:
            raise ValueError(f"{', '.join(bad)} must be positive and finite.")
        model = cls()
        model._set([parameters[name] for name in cls.parameter_names])
        return model

    def _learn(
        self, objective: Objective, start: Array, customers: float, warm: Array | None
    ) -> Self:
        """Fit, and keep the parameters with their errors; refused fits leave nothing behind."""
        labels = Labels(type(self).__name__, self.parameter_names, self.ran_off)
        fit = fit_by_newton(objective, start, customers=customers, labels=labels, warm=warm)
        self._set(fit.parameters)
        self.n_customers_ = int(customers)
        self.log_likelihood_ = fit.log_likelihood
        self.log_covariance_ = fit.log_covariance
        self.standard_errors_ = fit.errors_by_name(self.parameter_names)
        return self

    def _facts(self) -> list[str]:
        """Return what else a reader of the model's text should know."""
        customers = getattr(self, "n_customers_", None)
        return ["parameters given" if customers is None else f"fitted to {customers:,} customers"]

    def _set(self, parameters: Any) -> None:
        for name, value in zip(self.parameter_names, parameters, strict=True):
            setattr(self, f"{name}_", float(value))
