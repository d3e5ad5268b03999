import duckdb
import pytest

from customer_insight.data.intake import IntakeError
from customer_insight.data.intake.currencies import settle_currency


def settle(signs=(), column=None, stated=None, decimals=None):
    connection = duckdb.connect()
    values = [column or []]
    connection.execute("CREATE TABLE raw AS SELECT 'a' AS customer, unnest(?) AS currency", values)
    currency, found = settle_currency(
        connection,
        signs,
        "orders.csv",
        has_column=column is not None,
        stated=stated,
        decimals=decimals,
    )
    codes = [finding.code for finding in found if finding.level == "warning"]
    return currency.code, currency.decimals, codes


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        ({}, ("", 2, [])),
        ({"signs": ["EUR"]}, ("EUR", 2, [])),
        ({"signs": ["¥"]}, ("¥", 2, [])),
        ({"signs": ["¥"], "stated": "jpy"}, ("JPY", 0, [])),
        ({"signs": ["$"], "column": ["USD"]}, ("USD", 2, [])),
        ({"column": [" krw ", "KRW"]}, ("KRW", 0, [])),
        ({"column": ["元", "CNY", "RMB"]}, ("CNY", 2, [])),
        ({"column": ["KWD", ""]}, ("KWD", 3, ["currency-unnamed"])),
        ({"column": ["", None]}, ("", 2, [])),
        ({"stated": "EUR", "decimals": 4}, ("EUR", 4, [])),
    ],
)
def test_one_currency_is_settled(given, settled):
    assert settle(**given) == settled


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"column": ["EUR", "USD"]}, "EUR, USD"),
        ({"column": ["Bob", "Ann"]}, "another, another"),
        ({"signs": ["EUR"], "column": ["USD"]}, "EUR, USD"),
        ({"signs": ["EUR"], "stated": "USD"}, "the file says EUR and the call says USD"),
        ({"signs": ["¥"], "stated": "USD"}, "the file says ¥ and the call says USD"),
    ],
)
def test_two_currencies_are_refused_and_only_known_codes_shown(given, said):
    with pytest.raises(IntakeError) as error:
        settle(**given)
    assert said in str(error.value)
