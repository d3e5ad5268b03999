import numpy as np
import pytest

from customer_insight.clv.fit import (
    Derivatives,
    FitRefusedError,
    Labels,
    climb,
    fit_by_newton,
    on_log_parameters,
    trust_step,
)

LABELS = Labels("Model", ("c", "d"), {("d", "up"): "Nothing holds d."})


def bell(at, curvature):
    """A log-likelihood that is quadratic in the logarithms of two parameters."""

    def log_likelihood(parameters):
        gap = np.log(parameters) - np.log(at)
        by_log = -curvature @ gap
        gradient = by_log / parameters
        hessian = -curvature / np.outer(parameters, parameters) - np.diag(gradient / parameters)
        return Derivatives(-gap @ curvature @ gap / 2, gradient, hessian)

    return log_likelihood


def test_derivatives_by_logarithms_match_differences():
    f = bell(np.array([2.0, 3.0]), np.array([[5.0, 1.0], [1.0, 2.0]]))
    found = on_log_parameters(np.array([1.0, 4.0]), f(np.array([1.0, 4.0])))
    np.testing.assert_allclose(found.hessian, [[-5, -1], [-1, -2]], atol=1e-12)


def test_a_step_on_a_saddle_still_climbs_and_keeps_within_the_radius():
    gradient, hessian = np.array([0.1, 1.0]), np.diag([2.0, -1.0])
    step = trust_step(gradient, hessian, radius=0.5)
    assert np.linalg.norm(step) == pytest.approx(0.5, rel=1e-6)
    assert gradient @ step + step @ hessian @ step / 2 > 0


def test_the_maximum_is_found_and_its_errors_are_those_of_the_delta_method():
    curvature = np.array([[500.0, 100.0], [100.0, 200.0]])
    fit = fit_by_newton(
        bell(np.array([2.0, 3.0]), curvature), np.ones(2), customers=100, labels=LABELS
    )
    np.testing.assert_allclose(fit.parameters, [2.0, 3.0], rtol=1e-12)
    errors = np.sqrt(np.diag(np.linalg.inv(curvature))) * [2.0, 3.0]
    np.testing.assert_allclose(fit.standard_errors, errors, rtol=1e-10)
    assert list(fit.errors_by_name(("c", "d"))) == ["c", "d"]


def test_a_parameter_that_runs_off_is_named_with_what_it_means():
    f = bell(np.array([1.0, 1e9]), np.eye(2) * 100)
    with pytest.raises(
        FitRefusedError, match=r"100 customers the parameter d ran off. Nothing holds d"
    ):
        fit_by_newton(f, np.ones(2), customers=100, labels=LABELS)


def test_a_ridge_is_refused():
    f = bell(np.ones(2), np.array([[100.0, 100.0], [100.0, 100.0]]))
    with pytest.raises(FitRefusedError, match="flat in one direction"):
        fit_by_newton(f, np.ones(2), customers=100, labels=LABELS)


def test_a_parameter_hardly_known_is_refused():
    f = bell(np.ones(2), np.diag([100.0, 0.1]))
    with pytest.raises(FitRefusedError, match=r"parameter d could be \S+ times smaller or larger"):
        fit_by_newton(f, np.ones(2), customers=100, labels=LABELS)


def test_a_climb_that_does_not_end_is_refused():
    def sawtooth(parameters):
        f = bell(np.array([2.0, 3.0]), np.eye(2) * 100)(parameters)
        return Derivatives(f.value, f.gradient + 5.0, f.hessian)  # a gradient that lies

    with pytest.raises(FitRefusedError, match="no maximum was reached in 100 steps"):
        fit_by_newton(sawtooth, np.ones(2), customers=100, labels=LABELS)


def test_the_way_does_not_depend_on_the_unit_of_a_parameter():
    curvature = np.diag([300.0, 50.0])
    weeks = climb(bell(np.array([2.0, 3.0]), curvature), np.ones(2), customers=100)
    days = climb(bell(np.array([14.0, 3.0]), curvature), np.array([7.0, 1.0]), customers=100)
    np.testing.assert_allclose(days[0], weeks[0] * [7, 1], rtol=1e-12)
    assert days[2] == weeks[2]
