import datetime as dt

import pytest

from customer_insight.data import read_transactions
from customer_insight.data.intake import IntakeError
from customer_insight.data.intake.options import Options, load_mapping

from .corpus import ORDERS, table, text

AS_OF = dt.date(2025, 6, 30)
EARLY = [o for o in ORDERS if o.day.day <= 12]


def german(amount):
    return f"{amount:,.2f}".replace(",", "g").replace(".", ",").replace("g", ".")


def slashes(day):
    return day.strftime("%d/%m/%Y")


@pytest.fixture
def months(tmp_path):
    """Give this month's file, and next month's, whose dates alone fit two orders."""
    paths = tmp_path / "may.csv", tmp_path / "june.csv"
    header = ("Kunde", "Beleg", "Datum", "Betrag", "Ware")
    for path, orders in zip(paths, (ORDERS, EARLY), strict=True):
        rows = table(orders, day=slashes, money=german)
        path.write_text(text(rows, header=header, delimiter=";"))
    return paths


@pytest.fixture
def mapping(months, tmp_path):
    intake = read_transactions(
        months[0],
        as_of=AS_OF,
        currency="EUR",
        **{"customer": "Kunde", "order": "Beleg", "date": "Datum", "amount": "Betrag"},
    )
    intake.save_mapping(tmp_path / "orders.yml")
    return tmp_path / "orders.yml"


def test_next_months_file_is_read_the_same_way(months, mapping):
    with pytest.raises(IntakeError, match="date-ambiguous"):
        read_transactions(
            months[1], as_of=AS_OF, customer="Kunde", date="Datum", amount="Betrag", order="Beleg"
        )
    intake = read_transactions(months[1], mapping=mapping, as_of=AS_OF)
    days = [(o.day - dt.date(1970, 1, 1)).days for o in EARLY]
    assert intake.transactions["day"].to_list() == days
    assert intake.report.warnings == ()
    assert "mapping-same" in [finding.code for finding in intake.report.findings]
    assert intake.mapping == load_mapping(mapping)


def test_what_changed_is_said(months, mapping):
    content = months[1].read_text().replace("Ware", "Filiale", 1).replace(";", "\t")
    months[1].write_text(content)
    intake = read_transactions(months[1], mapping=mapping, as_of=AS_OF)
    said = " ".join(finding.what for finding in intake.report.warnings)
    assert 'columns: new: "Filiale"; gone: "Ware"' in said
    assert "delimiter: ; then, \t now" in said


def test_a_file_of_other_dates_is_refused(months, mapping):
    months[1].write_text(months[1].read_text().replace("/", "."))
    with pytest.raises(IntakeError, match="too-many-unreadable"):
        read_transactions(months[1], mapping=mapping, as_of=AS_OF)


def test_a_column_that_is_gone_is_named(months, mapping):
    months[1].write_text(months[1].read_text().replace("Betrag", "Summe"))
    with pytest.raises(IntakeError, match='no column "Betrag"'):
        read_transactions(months[1], mapping=mapping, as_of=AS_OF)


def test_the_call_goes_before_the_mapping(months, mapping):
    intake = read_transactions(months[1], mapping=mapping, as_of=AS_OF, date_format="%m/%d/%Y")
    days = [
        (o.day.replace(day=o.day.month, month=o.day.day) - dt.date(1970, 1, 1)).days for o in EARLY
    ]
    assert intake.transactions["day"].to_list() == days


def test_a_decimal_sign_that_no_value_told_is_not_kept(tmp_path):
    path = tmp_path / "whole.csv"
    path.write_text("customer,order,date,amount\na,1,2024-01-31,5\n")
    assert "decimal" not in read_transactions(path, as_of=AS_OF).mapping.options


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no YAML mapping"),
        ("- a", "no YAML mapping"),
        ("!!python/object/apply:os.system ['true']", "no YAML mapping"),
        ("columns: {customer: a, custmer: b}", "unknown keys: custmer"),
        ("option: {}", "unknown keys: option"),
        ("columns: [a]", "no mappings"),
        ("columns: {customer: 42}", "no text"),
        ("options: {decimal: ;}", 'decimal must be "." or ","'),
        ("options: {pivot_year: x}", "pivot_year must be a whole number"),
    ],
)
def test_a_mapping_is_read_strictly(tmp_path, content, said):
    path = tmp_path / "m.yml"
    path.write_text(content)
    with pytest.raises(IntakeError) as error:
        load_mapping(path)
    assert "mapping-unreadable  m.yml" in str(error.value)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("duplicates", "first", '"keep" or "drop"'),
        ("decimal", ";", '"." or ","'),
        ("decimals", 5, "0 to 4"),
        ("decimals", True, "a whole number"),
        ("pivot_year", 70, "1900 to 2100"),
        ("max_set_aside", 1.5, "0 to 1"),
        ("max_without_customer", "all", "a number"),
        ("missing_ids", "NA", "a list of texts"),
        ("names", [1], "a list of texts"),
        ("encoding", 8, "a text"),
    ],
)
def test_options_out_of_range_are_named(option, value, said):
    with pytest.raises(ValueError, match=f"{option} must be") as error:
        Options(**{option: value})
    assert said in str(error.value)


def test_what_is_unknown_is_named(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("a,b\n")
    with pytest.raises(TypeError, match=r"does not know colour; it knows customer, date"):
        read_transactions(path, colour="red")
    with pytest.raises(ValueError, match="timezone 'Mars' is unknown"):
        read_transactions(path, timezone="Mars")
