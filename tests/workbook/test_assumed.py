"""What the user stated, and placeholders for the rest."""

from customer_insight.workbook.assumed import Assumed


def test_each_value_is_stated_for_itself():
    found = Assumed.of(discount=0.0, decimals=2)
    assert (found.margin, found.contact_cost, found.discount) == (0.3, 100, 0.0)
    assert found.stated == {"discount"}
    assert Assumed.of(margin=0.4, contact_cost=2.0, decimals=0) == Assumed(
        0.4, 2, 0.1, frozenset({"margin", "contact_cost"})
    )
