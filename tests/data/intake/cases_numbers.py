"""Numbers and money: signs, groups, negatives, currencies, quantity times price."""

from dataclasses import replace
from decimal import Decimal

from .corpus import HEADER, ORDERS, case, changed, table, text

RETURNED = tuple(
    replace(o, amount=-o.amount, returned=True) if i % 9 == 4 else o for i, o in enumerate(ORDERS)
)
WHOLE = tuple(replace(o, amount=Decimal(int(o.amount))) for o in ORDERS)
THOUSANDS = tuple(replace(o, amount=o.amount % 1000 + 1000) for o in WHOLE)
LESS = (*ORDERS[:3], *ORDERS[4:])


def priced(way, orders=ORDERS, delimiter=";"):
    """Return the orders as text with amounts written in a way."""
    return text(table(orders, money=way), delimiter=delimiter)


def grouped(mark, decimal):
    """Return a way to write amounts with groups of thousands."""

    def way(amount):
        return f"{amount:,.2f}".replace(",", "g").replace(".", decimal).replace("g", mark)

    return way


def indian(amount):
    whole, cents = f"{amount:.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    groups = []
    while head:
        groups, head = [head[-2:], *groups], head[:-2]
    return ",".join([*groups, tail]) + "." + cents


def negative(ending):
    """Return a way to write amounts whose negatives look otherwise."""
    return lambda amount: f"{amount:.2f}" if amount >= 0 else ending.format(f"{-amount:.2f}")


def one(value, **more):
    """Return a case's content with another amount in the fourth row, and what comes of it."""
    return {
        "content": text(changed(table(), {(3, 3): value})),
        "orders": LESS,
        "aside": {"number": 1},
        "warned": ["number-unreadable"],
        **more,
    }


def with_columns(columns, orders=ORDERS, money=lambda amount: f"{amount:.2f}"):
    """Return the orders as text with columns more: name to function of number and order."""
    rows = [
        [*row, *(way(i, o) for way in columns.values())]
        for i, (row, o) in enumerate(zip(table(orders, money=money), orders, strict=True))
    ]
    return text(rows, header=(*HEADER, *columns))


FORMS = (
    case("thousands by commas", priced(grouped(",", "."))),
    case("thousands by commas in a comma file", priced(grouped(",", "."), delimiter=",")),
    case("decimal comma", priced(grouped("", ","))),
    case("decimal comma in a comma file", priced(grouped("", ","), delimiter=",")),
    case("German", priced(grouped(".", ","))),
    case("French, narrow no-break blanks", priced(grouped("\u202f", ","))),
    case("French, no-break blanks", priced(grouped("\u00a0", ","))),
    case("Swiss", priced(grouped("'", "."))),
    case("Swiss, curly", priced(grouped("’", "."))),
    case("Indian", priced(indian)),
    case("Chinese sign", priced(lambda amount: f"¥{amount:,.2f}")),
    case("Chinese full-width sign", priced(lambda amount: f"￥{amount:.2f}")),
    case("yuan in words", priced(lambda amount: f"{amount:.2f}元")),
    case(
        "amounts in full-width digits",
        priced(
            lambda amount: f"{amount:.2f}".translate(
                {ord(c): ord(c) + 0xFEE0 for c in "0123456789."}
            )
        ),
    ),
    case("a euro sign behind", priced(lambda amount: f"{amount:.2f} €".replace(".", ","))),
    case("US$", priced(lambda amount: f"US${amount:,.2f}")),
    case("a plus", priced(lambda amount: f"+{amount:.2f}")),
    case("floating tails", priced(lambda amount: repr(float(amount) + 1e-10))),
    case("powers of ten", priced(lambda amount: f"{amount:.12e}")),
    case(
        "1,234 alone",
        priced(lambda amount: f"{amount:,.0f}", THOUSANDS),
        orders=THOUSANDS,
        refused="number-ambiguous",
    ),
    case(
        "1,234 alone, stated",
        priced(lambda amount: f"{amount:,.0f}", THOUSANDS),
        orders=THOUSANDS,
        options={"decimal": "."},
    ),
    case(
        "1.234 alone, stated",
        priced(lambda amount: f"{amount:,.0f}".replace(",", "."), THOUSANDS),
        orders=THOUSANDS,
        options={"decimal": ","},
    ),
    case("whole amounts", priced(lambda amount: f"{amount:.0f}", WHOLE), orders=WHOLE),
    case(
        "points and commas mixed",
        text(changed(table(), {(i, 3): f"{i}7,50" for i in range(0, 40, 3)})),
        refused="number-mixed",
    ),
    case(
        "decimal sign stated otherwise",
        priced(lambda amount: f"{amount:.2f}"),
        options={"decimal": ","},
        refused="too-many-unreadable",
    ),
)
NEGATIVES = tuple(
    case(f"negatives {name}", priced(negative(ending), RETURNED), orders=RETURNED)
    for name, ending in {
        "-1": "-{}",
        "(1)": "({})",
        "1-": "{}-",
        "- 1": "- {}",
        "with Unicode's minus": "−{}",
    }.items()
)
BESIDE_A_SIGN = tuple(
    case(
        f"negatives {name}",
        priced(
            lambda amount, ending=ending, sign=sign: (
                sign + f"{amount:.2f}" if amount >= 0 else ending.format(f"{-amount:.2f}")
            ),
            RETURNED,
        ),
        orders=RETURNED,
    )
    for name, sign, ending in [
        ("$(1)", "$", "$({})"),
        ("-$1", "$", "-${}"),
        ("$-1", "$", "$-{}"),
        ("($1)", "$", "(${})"),
    ]
)
SET_ASIDE = tuple(
    case(name, **one(value))
    for name, value in {
        "inf": "inf",
        "Infinity": "-Infinity",
        "1e309": "1e309",
        "hexadecimal": "0x1F4",
        "a percentage": "12.5%",
        "NaN": "NaN",
        "no amount": "",
        "a word for an amount": "QZX free",
        "ten thousands in words": "1.2万",
        "an underscore": "1_000",
        "two points": "1.2.3",
        "debit": "12.50 DR",
        "a crooked group": "1,23.45",
        "Arabic digits in an amount": "١٢",
        "two minus signs": "--5",
        "a fraction": "1/2",
        "an amount of twenty digits": "12345678901234567890",
    }.items()
)
UNREAD = (
    *SET_ASIDE,
    case(
        "an amount beyond belief",
        **one("99999999999.99", aside={"large": 1}, warned=["amount-too-large"]),
    ),
    case(
        "an amount of zero",
        text(changed(table(), {(3, 3): "0.00"})),
        orders=(*ORDERS[:3], replace(ORDERS[3], amount=Decimal(0)), *ORDERS[4:]),
    ),
    case(
        "too many words among amounts",
        text(changed(table(), {(i, 3): "QZX" for i in range(9)})),
        refused="too-many-unreadable",
    ),
    case("three decimals", priced(lambda amount: f"{amount:.2f}7"), refused="amount-decimals"),
    case(
        "three decimals, stated",
        priced(lambda amount: f"{amount:.2f}0"),
        options={"decimals": 3},
        decimals=3,
    ),
)
CURRENCIES = (
    case("yen", priced(lambda amount: f"JPY {amount:.0f}", WHOLE), orders=WHOLE, decimals=0),
    case(
        "dinars", priced(lambda amount: f"{amount:.2f}0"), options={"currency": "KWD"}, decimals=3
    ),
    case(
        "two currency signs",
        text(changed(table(), {(3, 3): "$5.00", (4, 3): "€5.00"})),
        refused="currency-mixed",
    ),
    case(
        "another currency than stated",
        priced(lambda amount: f"€{amount:.2f}"),
        options={"currency": "USD"},
        refused="currency-other",
    ),
    case(
        "yuan stated, its sign in the file",
        priced(lambda amount: f"¥{amount:.2f}"),
        options={"currency": "CNY"},
    ),
    case("a column of one currency", with_columns({"currency": lambda i, o: " usd"[i % 2 :]})),
    case(
        "a column of two currencies",
        with_columns({"currency": lambda i, o: "USD" if i else "EUR"}),
        refused="currency-mixed",
    ),
    case(
        "a column of two currency signs",
        with_columns({"currency": lambda i, o: "$" if i else "€"}),
        refused="currency-mixed",
    ),
    case(
        "a currency named in some rows alone",
        with_columns({"currency": lambda i, o: "USD" if i % 2 else ""}),
        warned=["currency-unnamed"],
    ),
    case(
        "a currency column against the signs",
        with_columns({"currency": lambda i, o: "USD"}, money=lambda amount: f"€{amount:.2f}"),
        refused="currency-mixed",
    ),
)
NUMBERS = (*FORMS, *NEGATIVES, *BESIDE_A_SIGN, *UNREAD, *CURRENCIES)
