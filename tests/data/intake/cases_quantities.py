"""Amounts as quantity times price, and quantities beside amounts."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from .cases_numbers import LESS, RETURNED, with_columns
from .corpus import ORDERS, case, table, text


def lines(price, quantity, orders=ORDERS):
    """Return the orders without an amount, with a quantity and a price."""
    rows = [
        [o.customer, o.order, str(o.day), quantity(i, o), price(i, o)] for i, o in enumerate(orders)
    ]
    return text(rows, header=("customer", "order", "date", "quantity", "unit price"))


THIRDS = tuple(
    replace(o, amount=(Decimal("3.335") * (i + 1)).quantize(Decimal("0.01"), ROUND_HALF_UP))
    for i, o in enumerate(ORDERS)
)
QUANTITIES = (
    case("quantity times price", lines(lambda i, o: str(o.amount), lambda i, o: "1")),
    case(
        "quantity times a price of three decimals",
        lines(lambda i, o: "3.335", lambda i, o: str(i + 1)),
        orders=THIRDS,
        options={"decimal": "."},
    ),
    case(
        "quantity times a price with a floating tail",
        lines(lambda i, o: repr(float(o.amount) + 1e-10), lambda i, o: "1.0"),
        orders=ORDERS,
    ),
    case(
        "negative quantity times price",
        lines(lambda i, o: str(abs(o.amount)), lambda i, o: "-1" if o.returned else "1", RETURNED),
        orders=RETURNED,
    ),
    case(
        "negative quantity times negative price",
        lines(lambda i, o: str(o.amount), lambda i, o: "-1" if o.returned else "1", RETURNED),
        orders=RETURNED,
        warned=["amount-turned"],
    ),
    case(
        "a quantity that is no number",
        lines(lambda i, o: str(o.amount), lambda i, o: "some" if i == 3 else "1"),
        orders=LESS,
        aside={"number": 1},
        warned=["number-unreadable"],
    ),
    case(
        "an amount beside quantity and price",
        with_columns({"quantity": lambda i, o: "2", "price": lambda i, o: "9.99"}),
    ),
    case(
        "negative quantity, positive amount",
        with_columns(
            {"quantity": lambda i, o: "-1" if o.returned else "1"},
            RETURNED,
            lambda amount: f"{abs(amount):.2f}",
        ),
        orders=RETURNED,
        warned=["amount-turned"],
    ),
    case(
        "quantities that are no whole numbers",
        with_columns({"quantity": lambda i, o: "0.5" if i == 3 else "1"}),
        warned=["column-left-out"],
    ),
    case(
        "no amount and no price",
        with_columns({"quantity": lambda i, o: "1"}).replace("amount", "x", 1),
        refused="column-missing",
    ),
    case(
        "amounts in ten thousands",
        text(table()).replace("amount", "金额（万元）", 1),
        refused="column-missing",
    ),
)
