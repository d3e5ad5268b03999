import datetime as dt

import pytest

from customer_insight.data import read_transactions

AS_OF = dt.date(2025, 6, 30)
HEAD = "customer,order,date,amount,quantity,product\n"
GOOD = "QZX,1,2024-01-31,5.00,1,tea\n"


@pytest.fixture
def status(tmp_path):
    """Give what one row, among good ones, counts as, and its amount in cents."""

    def find(row, **stated):
        path = tmp_path / "orders.csv"
        path.write_text(HEAD + GOOD + row + "\n", encoding="utf-8")
        intake = read_transactions(path, as_of=AS_OF, max_set_aside=1, **stated)
        lines = {line.what: line for line in intake.report.ledger[1:]}
        one = [
            what for what, line in lines.items() if line.rows == (2 if what == "purchases" else 1)
        ]
        kept = intake.net["amount"].to_list()
        return next((what for what in one if what != "purchases"), "purchases"), kept[1:]

    return find


@pytest.mark.parametrize(
    ("row", "what", "amounts"),
    [
        ("QZX,2,2024-01-31,5.005,1,tea", "purchases", []),
        ("QZX,2,2024-01-31,5.01,1,tea", "purchases", [501]),
        ("QZX,2,2024-01-31,-5.01,1,tea", "returns and cancelled orders", [-501]),
        ("QZX,2,2024-01-31,5.01,-1,tea", "returns and cancelled orders", [-501]),
        ("QZX,C1234,2024-01-31,-5.01,1,tea", "returns and cancelled orders", [-501]),
        ("QZX,C1234,2024-01-31,5.01,1,tea", "returns and cancelled orders", [501]),
        ("QZX,C123,2024-01-31,5.01,1,tea", "purchases", [501]),
        (",,,,,", "empty rows", []),
        (" ,\u00a0,,,,", "empty rows", []),
        (",,,5.00,,", "rows without a day that exists", []),
        ("Total,,,5.00,,", "rows of totals", []),
        ("TOTAL:,,,5.00,,", "rows of totals", []),
        (",sub-total,,5.00,,", "rows of totals", []),
        ("本 页 小 计,,,5.00,,", "rows of totals", []),
        ("QZX Total,,,5.00,,", "rows of totals", []),
        ("QZX Total,2,2024-01-31,5.00,1,tea", "purchases", [500]),
        ("Totally,2,2024-01-31,5.00,1,tea", "purchases", [500]),
        ("QZX,2,2024-02-30,5.00,1,tea", "rows without a day that exists", []),
        ("QZX,2,1969-12-31,5.00,1,tea", "rows without a day that exists", []),
        ("QZX,2,1970-01-01,5.00,1,tea", "purchases", [500]),
        ("QZX,2,2025-06-30,5.00,1,tea", "purchases", [500]),
        ("QZX,2,2025-07-01,5.00,1,tea", "rows after as_of", []),
        ("QZX,2,2024-01-31,x,1,tea", "rows without a finite number", []),
        (",2,2024-01-31,5.00,1,tea", "rows without a customer", []),
        ("QZX,2,2024-01-31,10995116277.75,1,tea", "purchases", [2**40 - 1]),
        ("QZX,2,2024-01-31,10995116277.76,1,tea", "rows with an amount beyond belief", []),
        ("QZX,2,2024-01-31,10995116277.748,1,tea", "purchases", []),
        ("QZX,2,2024-01-31,-10995116277.750000,1,tea", "returns and cancelled orders",
         [1 - 2**40]),
        ("QZX,2,2024-01-31,1.099511627775e10,1,tea", "purchases", [2**40 - 1]),
        ("QZX,2,2024-01-31,999999999999,1,tea", "rows with an amount beyond belief", []),
        ("QZX,2,2024-01-31,1000000000000,1,tea", "rows without a finite number", []),
        ("-Total,2,2024-01-31,5.00,1,tea", "rows of totals", []),
        ("ſum,2,2024-01-31,5.00,1,tea", "rows of totals", []),
        ("QZX,2,2024-01-31,5.00,1,zwischensumme :", "rows of totals", []),
        ("null,,,,,", "rows without a day that exists", []),
    ],
)  # fmt: skip
def test_what_a_row_counts_as(status, row, what, amounts):
    if amounts == [] and what == "purchases":
        with pytest.raises(
            ValueError, match=r"amount-decimals .*1 amounts have more than 2 decimals"
        ):
            status(row)
        return
    assert status(row) == (what, amounts)


@pytest.mark.parametrize(
    ("quantity", "price", "cents"),
    [("3", "0.335", 101), ("-3", "0.335", -101), ("1000000", "9999.99", 999_999_000_000),
     ("0.333333333", "3", 100), ("12345.678", "0.1", 123457)],
)  # fmt: skip
def test_quantity_times_price_is_exact_and_rounds_halves_away_from_zero(
    tmp_path, quantity, price, cents
):
    path = tmp_path / "orders.csv"
    path.write_text(
        f"customer,order,date,quantity,unit price\na,1,2024-01-31,{quantity},{price}\n"
        "a,2,2024-01-31,1,1.50\n"
    )
    intake = read_transactions(path, as_of=AS_OF, decimal=".")
    assert sorted(intake.net["amount"].to_list()) == sorted([cents, 150])


def test_a_cost_beyond_belief_leaves_the_column_out(tmp_path):
    path = tmp_path / "orders.csv"
    rows = "".join(f"QZX,{i},2024-01-31,5.00,{cost}\n" for i, cost in enumerate(("1.50", "9e11")))
    path.write_text("customer,order,date,amount,cost\n" + rows)
    intake = read_transactions(path, as_of=AS_OF)
    assert "cost" not in intake.transactions.columns
    assert [(f.code, f.places) for f in intake.report.warnings] == [("column-left-out", (2,))]


def test_whole_columns_are_kept_and_others_left_out_with_a_warning(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + GOOD + "QZX,2,2024-01-31,5.00,,tea\n")
    intake = read_transactions(path, as_of=AS_OF)
    assert "quantity" not in intake.transactions.columns
    assert [finding.code for finding in intake.report.warnings] == ["column-left-out"]
    path.write_text(HEAD + GOOD)
    assert read_transactions(path, as_of=AS_OF).transactions["quantity"].to_list() == [1]
