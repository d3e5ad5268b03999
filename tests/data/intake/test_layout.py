import pytest

from customer_insight.data.intake import IntakeError
from customer_insight.data.intake.layout import MOST_COLUMNS, find_layout, is_value
from customer_insight.data.intake.roles import known_names


@pytest.fixture
def layout(tmp_path):
    def find(content, **stated):
        path = tmp_path / "text.csv"
        path.write_text(content, encoding="utf-8")
        return find_layout(path, "orders.csv", knows=known_names, **stated)

    return find


def test_the_delimiter_is_that_under_which_rows_agree(layout):
    found = layout("customer;date;amount\n1;2024-01-31;1,5\n2;2024-01-31;2,5\n")
    assert (found.delimiter, found.names) == (";", ("customer", "date", "amount"))


def test_known_names_go_before_agreement(layout):
    assert layout("customer|date|amount,net\nx|2024-01-31|1,5\n").delimiter == "|"


@pytest.mark.parametrize(
    ("above", "skip"), [("", 1), ("\n", 2), ("Report,of,2024\n", 2), ('"two\nlines",x\n\n', 4)]
)
def test_lines_above_the_header_are_skipped(layout, above, skip):
    assert layout(f"{above}customer,date,amount\na,2024-01-31,5\n").skip == skip


def test_a_header_of_unknown_names_is_the_first_full_row_without_values(layout):
    found = layout("Umsatz 2024\nKunde;Tag;Betrag\na;2024-01-31;5\n")
    assert (found.names, found.above) == (("Kunde", "Tag", "Betrag"), 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("Jan 31, 2024", True), ("USD 12.50", True), ("2024年1月31日", True), ("１２", True),
     ("-5", True), ("Q1 sales", False), ("2024", True), ("A-17", False), ("", False)],
)  # fmt: skip
def test_what_no_column_is_called(cell, value):
    assert is_value(cell) is value


def test_a_stated_delimiter_holds(layout):
    assert layout("a;b,c\n1;2,3\n", delimiter=",").names == ("a;b", "c")


def test_names_are_taken_for_a_file_without_a_header(layout):
    found = layout("a,2024-01-31,5\n", names=["customer", "date", "amount"])
    assert (found.skip, found.names) == (0, ("customer", "date", "amount"))


def test_shifted_columns_are_refused_with_names_and_widths(layout):
    with pytest.raises(IntakeError, match=r'3 columns \("customer", "date", "amount"\)') as error:
        layout("customer,date,amount\na,2024-01-31,5,\nb,2024-01-31,5,\n")
    assert "rows have 4 fields" in str(error.value)


def test_names_that_may_be_values_are_not_shown(layout):
    with pytest.raises(IntakeError, match="names 3 columns and the rows have 4") as error:
        layout("Anna,tea,shop\na,x,y,\nb,x,y,\n")
    assert "Anna" not in str(error.value)


def test_the_most_columns_are_read_and_no_more(layout):
    def wide(columns):
        return ",".join(["x"] * columns) + "\n" + ",".join(["1"] * columns) + "\n"

    assert len(layout(wide(MOST_COLUMNS)).names) == MOST_COLUMNS
    with pytest.raises(IntakeError, match="2,001 columns; at most 2,000"):
        layout(wide(MOST_COLUMNS + 1))
