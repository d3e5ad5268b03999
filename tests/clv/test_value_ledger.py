import datetime as dt

import numpy as np
import pytest

from customer_insight.clv.value_ledger import value_ledger
from customer_insight.clv.value_line import ValueLine

from . import qinghe_books as qinghe

AS_OF = dt.date(2024, 12, 31)
OPTIONS = {
    "as_of": AS_OF,
    "current_from": dt.date(2024, 1, 1),
    "near": "52 weeks",
    "discount_per_year": 0.10,
    "currency": "CNY",
}
NEAR_END = AS_OF + dt.timedelta(364)


def line(name="later", stream="own", kind="explicit", span=("2025-01-01", "2025-12-30"), values=()):
    first, last = (day and dt.date.fromisoformat(day) for day in span)
    return ValueLine(name, stream, kind, first, last, list(values) or [1.5, 2.0])


LINES = [
    line("before", span=("2022-01-01", "2023-12-31"), values=[700, -50]),
    line("now", span=("2024-01-01", "2024-12-31"), values=[300, 20]),
    line("near", values=[90.5, 10.0]),
    line("beyond", span=("2025-12-31", None), values=[40.0, 5.0]),
    line("friends", "referral", "implicit", values=[12.0, 0.0]),
]


def ledger(lines=LINES, ids=("a", "b"), **options):
    return value_ledger(ids, lines, **(OPTIONS | options))


def test_the_ledger_by_hand():
    found = ledger()
    assert found.table["value"].tolist() == [1142.5, -15.0]
    assert found.lines["part"].tolist() == ["historical", "current", *["potential"] * 3]
    assert found.lines["term"].tolist() == ["past", "past", "near", "long", "near"]
    assert found.lines["discount_per_year"].tolist() == [0, 0, 0.1, 0.1, 0.1]
    assert found.lines["last_day"].tolist() == [
        "2023-12-31",
        "2024-12-31",
        NEAR_END.isoformat(),
        "",
        NEAR_END.isoformat(),
    ]
    assert (found.currency, found.as_of, found.near) == ("CNY", AS_OF, "52 weeks")


@pytest.mark.parametrize(
    ("by", "totals"),
    [
        ("part", {"historical": 650, "current": 320, "potential": 157.5}),
        ("term", {"past": 970, "near": 112.5, "long": 45}),
        ("kind", {"explicit": 1115.5, "implicit": 12}),
        ("stream", {"own": 1115.5, "referral": 12}),
    ],
)
def test_totals_add_up_whichever_way_they_are_taken(by, totals):
    found = ledger()
    assert found.totals(by) == totals
    assert sum(totals.values()) == found.table["value"].sum()


def test_booked_lines_add_up_to_the_accounts_or_the_gap_is_shown():
    table = ledger().reconciliation({"before": 600, "now": 321}, {"before": -50, "now": 0})
    assert table["difference"].tolist() == [0, -1]
    assert table["customers"].tolist() == [650, 320]


@pytest.mark.parametrize("which", [0, 1])
def test_accounts_of_other_lines_are_refused(which):
    given = [{"before": 1, "now": 1}, {"before": 1, "now": 1}]
    given[which] = {"before": 1, "near": 1}
    with pytest.raises(ValueError, match="the booked lines are before, now"):
        ledger().reconciliation(*given)


@pytest.mark.parametrize(
    "span",
    [
        ("2023-12-31", "2024-01-01"),
        ("2024-12-31", "2025-01-01"),
        ("2025-12-30", "2025-12-31"),
        ("2025-01-01", None),
    ],
)
def test_a_line_across_a_border_is_refused(span):
    with pytest.raises(ValueError, match=r"line 'later' crosses a border .* Split"):
        ledger([line(span=span, values=[1, 2])])


def test_days_of_one_stream_stand_once():
    with pytest.raises(ValueError, match="'later' and 'again' are both of the stream 'own'"):
        ledger([line(), line("again", span=("2025-12-30", "2025-12-30"))])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(), line(stream="other")], "two lines have one name"),
        ([line("value")], "called customer_id or value"),
        ([line(kind="hidden")], "kind is 'hidden'"),
        ([line(values=[1.0])], "has 1 values for 2 customers"),
        ([line(values=[1.0, np.nan])], "line 'later': 1 of 2 values are missing"),
        ([line(span=("2025-02-01", "2025-01-01"))], "ends before it begins"),
        (
            [line(span=("2024-01-01", "2024-12-31"), values=[1.5, 2])],
            "is booked, and 1 of 2 values are fractions",
        ),
        (
            [line(kind="implicit", span=("2024-01-01", "2024-12-31"), values=[1, 2])],
            "implicit and past: .* could not add up",
        ),
    ],
)
def test_lines_that_would_not_add_up_are_refused(lines, message):
    with pytest.raises(ValueError, match=message):
        ledger(lines)


def test_customers_stand_once():
    with pytest.raises(ValueError, match="stands again in 1 of 2 rows"):
        ledger(ids=("a", "a"))


def test_a_current_period_after_as_of_is_refused():
    with pytest.raises(ValueError, match="current_from lies after as_of"):
        ledger(current_from=AS_OF + dt.timedelta(1))


def test_per_cent_for_a_discount_is_refused():
    with pytest.raises(ValueError, match="discount_per_year is 10"):
        ledger(discount_per_year=10)


@pytest.mark.evidence
def test_qinghes_history_in_the_ledger_adds_up_to_its_accounts():
    first, split, last = dt.date(2022, 1, 1), dt.date(2024, 1, 1), AS_OF
    spans = {"before": (first, split - dt.timedelta(1)), "now": (split, last)}
    books = {name: qinghe.profit(*span) for name, span in spans.items()}
    ids = qinghe.table("customers")["customer_id"].sort()
    lines, accounts = [], {}
    for name, (start, end) in spans.items():
        own = books[name].statement.set_index("customer_id")["profit"].reindex(ids, fill_value=0)
        lines.append(ValueLine(name, "own", "explicit", start, end, own.to_numpy()))
        postings, pools, _ = qinghe.books(start, end)
        accounts[name] = postings["amount"].sum() + pools["amount"].sum()
    found = value_ledger(ids.to_list(), lines, **OPTIONS)
    unallocated = {name: sum(book.unallocated.values()) for name, book in books.items()}
    assert (found.reconciliation(accounts, unallocated)["difference"] == 0).all()
    whole = qinghe.profit()
    together = whole.statement["profit"].sum() + sum(whole.unallocated.values())
    # costs of an activity are rounded once a year, as the books of each year do it
    assert sum(accounts.values()) == together
