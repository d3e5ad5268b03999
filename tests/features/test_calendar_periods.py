import datetime as dt

import narwhals as nw
import pyarrow as pa
import pytest

from customer_insight.data.days import DAY_LIMIT, EPOCH
from customer_insight.features.calendar_periods import (
    check_period,
    period_number,
    with_first_days,
    with_period_texts,
    with_periods,
)


def texts(engine, days, months):
    """Return the text of each distinct period of the days, and its first and last day."""
    table = nw.from_native(engine.frame(pa.table({"day": pa.array(days, pa.int64())})))
    found = (
        with_periods(table, months=months)
        .group_by("period")
        .agg(first=nw.col("day").min(), last=nw.col("day").max())
        .with_columns(text=nw.col("period"))
    )
    found = with_period_texts(found, "text", months=months)
    assert engine.columns(found)["period"] == nw.Int64()
    return [tuple(row.values()) for row in engine.rows(found.to_native())]


@pytest.mark.parametrize("months", [1, 3])
def test_every_day_of_the_contract_is_in_the_period_of_its_date(engine, months):
    expected = {}
    for day in range(-DAY_LIMIT, DAY_LIMIT):
        date = EPOCH + dt.timedelta(day)
        name = f"{date:%Y-%m}" if months == 1 else f"{date.year}-Q{(date.month + 2) // 3}"
        first, _ = expected.get(name, (day, day))
        expected[name] = (first, day)
    found = texts(engine, range(-DAY_LIMIT, DAY_LIMIT), months)
    assert {text: (first, last) for _, first, last, text in found} == expected
    assert [text for *_, text in found] == sorted(expected)
    for number, first, last, _ in found:
        assert period_number(first, months=months) == period_number(last, months=months) == number
    numbers = [number for number, *_ in found]
    assert numbers == list(range(numbers[0], numbers[0] + len(expected)))


@pytest.mark.parametrize("months", [1, 3])
def test_every_period_begins_on_its_first_day_and_has_all_its_days(engine, months):
    expected = {}
    for day in range(-DAY_LIMIT, DAY_LIMIT):
        expected.setdefault(period_number(day, months=months), []).append(day)
    numbers = sorted(expected)[1:-1]  # the outermost reach beyond the contract
    table = nw.from_native(engine.frame(pa.table({"period": pa.array(numbers, pa.int64())})))
    found = with_first_days(table, months=months).to_native()
    assert engine.columns(found) == dict.fromkeys(["period", "first_day", "days"], nw.Int64())
    assert {row["period"]: (row["first_day"], row["days"]) for row in engine.rows(found)} == {
        number: (expected[number][0], len(expected[number])) for number in numbers
    }


def test_a_leap_day_is_of_february(local_engine):
    days = [(dt.date(2000, 2, 29) - EPOCH).days, (dt.date(1900, 3, 1) - EPOCH).days]
    assert [text for *_, text in texts(local_engine, days, 1)] == ["1900-03", "2000-02"]


@pytest.mark.parametrize("period", ["week", "months", 3])
def test_other_periods_are_refused_with_the_choices(period):
    with pytest.raises(ValueError, match=f"period is {period!r}.*'month', 'quarter'.*'quarter' wh"):
        check_period(period)
