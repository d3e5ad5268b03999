from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.contact_policy import best_contact_policy, policy_values
from customer_insight.clv.recency_chain import recency_values

PUBLISHED = [0.3, 0.2, 0.15, 0.05]
CASE = {"margin_per_purchase": 40, "contact_cost": 4, "discount_per_period": 0.2}

pairs = st.lists(st.tuples(st.floats(0, 0.95), st.floats(0, 0.95)), min_size=1, max_size=5)
settings_of_a_case = st.fixed_dictionaries(
    {
        "margin_per_purchase": st.floats(0, 1000),
        "contact_cost": st.floats(0, 100),
        "discount_per_period": st.floats(0, 1),
    }
)


def stopping_after(last, recencies):
    return [k < last for k in range(recencies)]


def test_the_published_customers_are_not_worth_a_contact_at_recency_4():
    policy = best_contact_policy(PUBLISHED, **CASE)
    assert policy.stop_after == 3
    assert policy.contact == (True, True, True, False)
    # with nothing spent at recency 4, three equations by hand
    a = np.array([[1 - 0.25, -0.7 / 1.2, 0], [-0.2 / 1.2, 1, -0.8 / 1.2], [-0.125, 0, 1]])
    np.testing.assert_allclose(policy.values[:3], np.linalg.solve(a, [36, -4, -4]))
    assert policy.values[3] == 0
    assert (policy.values >= recency_values(PUBLISHED, periods=None, **CASE)).all()


def test_contacting_all_is_the_chain_itself():
    np.testing.assert_allclose(
        policy_values([True] * 4, PUBLISHED, **CASE),
        recency_values(PUBLISHED, periods=None, **CASE),
    )


@given(pairs, settings_of_a_case, st.booleans())
@settings(max_examples=50, deadline=None)
def test_no_rule_at_all_is_worth_more_and_so_no_fixed_one(chances, case, alone):
    repurchase, without = map(list, zip(*chances, strict=True))
    case = case if alone else {**case, "repurchase_without": without}
    best = best_contact_policy(repurchase, **case)
    n = len(repurchase)
    fixed = [stopping_after(last, n) for last in range(n + 1)]
    rules = [*fixed, *map(list, product([True, False], repeat=n))]
    slack = 1e-6 * (1 + np.abs(best.values).max())
    for rule in rules:
        assert (best.values >= policy_values(rule, repurchase, **case) - slack).all()


def test_a_wait_between_two_contacts_may_pay():
    """Customers of a yearly season: nobody answers in the quarters between."""
    policy = best_contact_policy([0.0, 0.0, 0.0, 0.6, 0.0], **CASE)
    assert policy.contact == (False, False, False, True, False)
    assert (policy.stop_after, policy.pauses) == (4, (1, 2, 3))


def test_who_buys_as_often_without_is_not_contacted():
    policy = best_contact_policy(PUBLISHED, repurchase_without=PUBLISHED, **CASE)
    assert (policy.stop_after, policy.pauses) == (0, ())
    assert policy.values[0] > 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"repurchase_without": [0.1]}, "repurchase has 4 values and repurchase_without 1"),
        ({"contact_cost": -1}, "contact_cost is -1, and must be 0 or more"),
        ({"discount_per_period": 20}, "discount_per_period is 20"),
    ],
)
def test_a_case_out_of_range_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        best_contact_policy(PUBLISHED, **{**CASE, **arguments})


def test_a_rule_has_one_flag_a_recency():
    for rule in ([True], [1, 1, 0, 0]):
        with pytest.raises(ValueError, match="contact must be 4 values True or False"):
            policy_values(rule, PUBLISHED, **CASE)
