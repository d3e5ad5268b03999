"""What holds for each of the three models of buying and leaving."""

import numpy as np
import pytest

from customer_insight.clv import BGNBD, MBGNBD, GammaGamma, ParetoNBD
from customer_insight.clv.discounting import continuous_rate

MODELS = [BGNBD, MBGNBD, ParetoNBD]
CUSTOMERS = [(0, 0, 39), (2, 30.43, 38.86), (9, 38, 39), (40, 60, 104)]

pytestmark = pytest.mark.parametrize("kind", MODELS)


def test_days_and_weeks_give_the_same_money(kind, cdnow_weeks, cdnow_days):
    money = []
    for summary in (cdnow_weeks, cdnow_days):
        model, spend = kind().fit(summary), GammaGamma().fit(summary).expected_spend(summary)
        money.append(
            model.discounted_value(summary, spend, horizon="52 weeks", discount_per_year=0.1)
        )
    np.testing.assert_allclose(*money, rtol=1e-9)


def test_dert_is_the_limit_of_ever_finer_steps(kind, truth, one):
    model, summary = truth(kind), one(*CUSTOMERS)
    rate = continuous_rate(0.5, unit="week")
    ends = np.concatenate((np.arange(0.25, 200, 0.25), np.arange(200, 4001, 4.0)))
    middles = ends - np.diff(ends, prepend=0) / 2
    found = model.discounted_expected_residual_transactions(summary, discount_per_year=0.5)
    steps = model.scheduled_purchases(
        summary, step_ends=ends, discount_factors=np.exp(-rate * middles)
    )
    np.testing.assert_allclose(found, steps, rtol=2e-5)


def test_purchases_grow_with_the_horizon_and_shrink_with_the_discount(kind, truth, one):
    model, summary = truth(kind), one(*CUSTOMERS)
    near, far = (model.expected_purchases(summary, horizon=f"{t} weeks") for t in (4, 400))
    assert (near > 0).all()
    assert (near < far).all()
    plain = model.discounted_purchases(summary, horizon="52 weeks", discount_per_year=0)
    np.testing.assert_allclose(plain, model.expected_purchases(summary, horizon="52 weeks"))
    assert (
        model.discounted_purchases(summary, horizon="52 weeks", discount_per_year=1) < plain
    ).all()


EXTREME_HISTORIES = [
    (0, 0, 0),
    (0, 0, 1e5),
    (1, 1e-9, 1e5),
    (1, 1 / 7, 1 / 7),
    (10_000, 1e-6, 1e5),
    (10_000, 1e5, 1e5),
    (1_000_000, 5e4, 1e5),
    (300, 1e-9, 1e-9),
]


@pytest.mark.parametrize("first", [1e-4, 0.5, 1.0, 300.0])
@pytest.mark.parametrize("second", [1e-4, 1.0, 5e3])
@pytest.mark.filterwarnings("error")
def test_nothing_is_ever_nan_infinite_or_negative(kind, one, first, second):
    names = kind.parameter_names
    values = (first, second, first, second)
    model = kind.from_parameters(unit="week", **dict(zip(names, values, strict=True)))
    summary = one(*EXTREME_HISTORIES)
    alive = model.probability_alive(summary)
    assert ((alive >= 0) & (alive <= 1)).all()
    results = [
        *(
            model.expected_purchases(summary, horizon=h)
            for h in ("1 day", "52 weeks", "9999 weeks")
        ),
        model.discounted_purchases(summary, horizon="53 days", discount_per_year=9.0),
        *(
            model.discounted_expected_residual_transactions(summary, discount_per_year=d)
            for d in (1e-6, 0.1, 9.0)
        ),
        model.purchase_count_distribution("52 weeks", most=50),
        model.conditional_count_distribution(summary, horizon="52 weeks", most=5),
        np.array([model.expected_purchases_of_new("9999 weeks")]),
    ]
    for result in results:
        assert np.isfinite(result).all()
        assert (result >= 0).all()


def test_spend_that_is_none_is_refused(kind, truth, one):
    ask = {"horizon": "52 weeks", "discount_per_year": 0.1}
    with pytest.raises(ValueError, match=r"negative, missing or infinite for 1 of 2 customers"):
        truth(kind).discounted_value(one(*CUSTOMERS[:2]), [1.0, -1.0], **ask)
    with pytest.raises(ValueError, match=r"shape \(3,\), and must be one number or one a customer"):
        truth(kind).discounted_value(one(*CUSTOMERS[:2]), [1.0, 1.0, 1.0], **ask)
