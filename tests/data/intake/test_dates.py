import datetime as dt

import duckdb
import pytest

from customer_insight.data.intake import IntakeError
from customer_insight.data.intake.date_forms import form_of
from customer_insight.data.intake.dates import find_date_format
from customer_insight.data.intake.options import Options
from customer_insight.data.intake.shapes import cleaned, count_shapes


def read(values, **stated):
    """Return how dates are written, what was found, and the days."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE texts AS SELECT unnest(?::VARCHAR[]) AS v", [values])
    connection.execute(f"CREATE VIEW raw AS SELECT {cleaned('v')} AS v FROM texts")
    form, found = find_date_format(
        connection,
        "v",
        count_shapes(connection, "v"),
        Options(**stated),
        where='orders.csv, column "date"',
        call='read_transactions("orders.csv"',
    )
    days = connection.execute(f"SELECT {form.sql} FROM raw").fetchall()
    return form, found, [None if day is None else day.isoformat() for (day,) in days]


@pytest.mark.parametrize(
    ("values", "days", "how", "date_format"),
    [
        (
            ["13/02/2024", "03/04/2024"],
            ["2024-02-13", "2024-04-03"],
            "day, month, year",
            "%d/%m/%Y",
        ),
        (
            ["02/13/2024", "03/04/2024"],
            ["2024-02-13", "2024-03-04"],
            "month, day, year",
            "%m/%d/%Y",
        ),
        (["2024-2-3"], ["2024-02-03"], "year, month, day", ""),
        (["2023-02-29", "2024-02-29"], [None, "2024-02-29"], "year, month, day", ""),
        (["31.04.2024", "30.04.2024"], [None, "2024-04-30"], "day, month, year", "%d.%m.%Y"),
        (["13. 2. 2024"], ["2024-02-13"], "day, month, year", "%d.%m.%Y"),
        (["20240213", "20240304"], ["2024-02-13", "2024-03-04"], "year, month, day", "%Y%m%d"),
        (["2 Jan 2024", "Tue, 2 January 2024"], ["2024-01-02"] * 2, "month as a word", ""),
        (["Sept. 2 2024", "Sep 2, 2024"], ["2024-09-02"] * 2, "month as a word", ""),
    ],
)
def test_dates_are_read_by_one_rule(values, days, how, date_format):
    form, _, came = read(values)
    assert (came, form.how, form.date_format) == (days, how, date_format)


def test_a_column_that_fits_two_orders_is_refused_with_both_formats():
    with pytest.raises(
        IntakeError, match=r"2 of 2 values fit day/month/year and month/day/year"
    ) as e:
        read(["02/06/2024", "03/04/2024"])
    assert 'date_format="%d/%m/%Y" for day, month, year' in str(e.value)
    assert 'date_format="%m/%d/%Y" for month, day, year' in str(e.value)
    assert "02/06" not in str(e.value)


def test_contradictions_are_counted():
    with pytest.raises(
        IntakeError, match=r"2 fit only day, month, year, 1 fit only month, day, year"
    ):
        read(["13/02/2024", "14/02/2024", "02/13/2024"])


@pytest.mark.parametrize(("pivot", "year"), [(1970, 1970), (1971, 2070), (1900, 1970)])
def test_years_of_two_digits_stand_in_the_stated_century(pivot, year):
    _, _, days = read(["02/13/70"], pivot_year=pivot)
    assert days == [f"{year}-02-13"]


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Shanghai", "2024-02-01"), ("UTC", "2024-01-31"), ("America/New_York", "2024-01-31")],
)
def test_a_moment_has_its_day_in_the_stated_zone(zone, day):
    at = dt.datetime(2024, 1, 31, 16, 30, tzinfo=dt.UTC)
    texts = ["2024-01-31T16:30Z", "2024-01-31 22:00:00+05:30", str(int(at.timestamp()))]
    for text in texts:
        assert read([text], timezone=zone)[2] == [day]


def test_serial_numbers_are_days_of_excel():
    _, (finding,), days = read(["45000", "45000.99"])
    assert days == ["2023-03-15"] * 2
    assert "1904" in finding.why


@pytest.mark.parametrize(
    ("shape", "form"),
    [("9999-99-99 99:99:99", "ymd"), ("99.99.99", "xx2"), ("9999-w99", "other"),
     ("999/9/9", "other"), ("9999-99", "other"), ("99-jan-99", "other"), ("9999999", "other"),
     ("99/99-9999", "other")],
)  # fmt: skip
def test_forms(shape, form):
    assert form_of(shape) == form
