import pytest

from customer_insight.data.intake import IntakeError
from customer_insight.data.intake.roles import ROLES, find_columns, known_names, plain


def columns(names, **stated):
    found = find_columns(names, stated, "orders.csv")
    return found[0], [finding.code for finding in found[1] if finding.level == "warning"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["客户编号", "日期", "金额"], {"customer": 0, "date": 1, "amount": 2}),
        (["InvoiceDate", "CUSTOMER_ID", "Quantity", "Unit Price"],
         {"customer": 1, "date": 0, "quantity": 2, "unit_price": 3}),
        (["Customer", "Customer ID", "date", "time", "total", "amount"],
         {"customer": 1, "date": 2, "amount": 5}),
        (["member", "时间", "总金额", "Amount Due"], {"customer": 0, "date": 1, "amount": 2}),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_names(names, expected):
    assert columns(names)[0] == expected


def test_a_stated_column_is_compared_exactly_first():
    assert columns(["ID", "id", "date", "amount"], customer="id")[0]["customer"] == 1


@pytest.mark.parametrize(
    ("names", "stated", "said"),
    [
        (["custmer", "date", "amount"], {}, 'Did you mean "custmer"?'),
        (["customer", "date", "qty"], {}, "nor quantity and unit price"),
        (["customer", "date", "amount"], {"order": "oder"}, 'no column "oder"'),
        (["customer", "datum", "amount"], {"date": "datun"}, 'Did you mean "datum"?'),
        (["customer", "customer", "date", "amount"], {}, "more than once"),
        (["customer id", "member id", "date", "amount"], {}, '"customer id", "member id"'),
    ],
)
def test_what_cannot_be_settled_is_refused(names, stated, said):
    with pytest.raises(IntakeError) as error:
        columns(names, **stated)
    assert said in str(error.value)


def test_all_reasons_are_told_at_once_and_names_only_where_they_are_names():
    with pytest.raises(IntakeError) as error:
        find_columns(["Anna Li", "tea", "x"], {}, "orders.csv", show_names=False)
    roles = ['role "customer"', 'role "date"', 'role "amount"']
    assert [finding.where.split(", ")[1] for finding in error.value.findings] == roles
    assert "Anna" not in str(error.value)


def test_columns_that_are_optional_are_left_out_with_a_warning():
    found, codes = columns(["customer", "date", "amount", "order", "province", "country"])
    assert "region" not in found
    assert codes == ["column-unclear"]


def test_no_order_is_a_warning():
    assert columns(["customer", "date", "amount"])[1] == ["order-missing"]


def test_every_role_has_names_of_its_own():
    assert len(ROLES) == known_names([f"{role}" for role in ROLES])
    assert plain("Order-No.") == "orderno"
