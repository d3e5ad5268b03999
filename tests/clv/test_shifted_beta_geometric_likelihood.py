import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv.shifted_beta_geometric_likelihood import ShiftedBetaGeometricLikelihood


def test_gradient_and_hessian_equal_differences_of_fifty_digits():
    renewed, lost = np.array([800.0, 500.0, 210.0]), np.array([200.0, 90.0, 40.0])
    found = ShiftedBetaGeometricLikelihood(renewed, lost)(np.array([0.7, 2.0]))

    def total(a, b):
        terms = []
        for t, (stay, gone) in enumerate(zip(renewed, lost, strict=True)):
            share = (b + t) / (a + b + t)
            terms.append(stay * mp.log(share) + gone * mp.log(1 - share))
        return sum(terms)

    with mp.workdps(50):
        at = (mp.mpf(0.7), mp.mpf(2))
        assert found.value == pytest.approx(float(total(*at)), rel=1e-13)
        for i in range(2):
            order = (1 - i, i)
            assert found.gradient[i] == pytest.approx(float(mp.diff(total, at, order)), rel=1e-9)
            for j in range(2):
                both = (order[0] + 1 - j, order[1] + j)
                assert found.hessian[i, j] == pytest.approx(
                    float(mp.diff(total, at, both)), rel=1e-9
                )
