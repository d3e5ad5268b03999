"""Dates: forms, orders, centuries, zones, days that do not exist."""

import calendar
import datetime as dt
from dataclasses import replace

from .corpus import HEADER, ORDERS, Order, case, changed, table, text

ZONE = {"timezone": "Asia/Shanghai"}
EARLY = tuple(replace(o, day=o.day.replace(day=o.day.day % 12 + 1)) for o in ORDERS)
LATE = Order("QZX-17", "QZXO-900", dt.date(2030, 1, 1), ORDERS[0].amount)


def dated(way, orders=ORDERS):
    """Return the orders as text with days written in a way."""
    return text(table(orders, day=way))


def written(name, pattern, *, orders=ORDERS, **more):
    """Return a case with days in a pattern of strftime."""
    return case(name, dated(lambda day: day.strftime(pattern), orders), orders=orders, **more)


def bare(pattern):
    """Return a way to write days without leading zeros."""
    return lambda day: pattern.format(y=day.year, m=day.month, d=day.day, s=day.year % 100)


def moment(hours, ending="", pattern="%Y-%m-%dT%H:%M:%S"):
    """Return a way to write days as moments so many hours after their midnight in Shanghai."""

    def way(day):
        at = dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=hours - 8)
        return at.strftime(pattern) + ending

    return way


def seconds(scale):
    return lambda day: str((calendar.timegm(day.timetuple()) + 1800 - 8 * 3600) * scale)


FORMS = (
    written("ISO days", "%Y-%m-%d"),
    written("ISO days with slashes", "%Y/%m/%d"),
    written("ISO days with points", "%Y.%m.%d"),
    written("ISO days without signs", "%Y%m%d"),
    written("day and time in fourteen digits", "%Y%m%d235959"),
    written("ISO day and time", "%Y-%m-%dT23:59:59"),
    written("ISO day, time and fractions", "%Y-%m-%d 23:59:59.999999"),
    case("year first without zeros", dated(bare("{y}-{m}-{d}"))),
    written("day/month/year", "%d/%m/%Y"),
    written("month/day/year", "%m/%d/%Y"),
    written("month/day/year and time", "%m/%d/%Y 11:59 PM"),
    written("day.month.year", "%d.%m.%Y"),
    case("day. month. year", dated(bare("{d}. {m}. {y}"))),
    written("day-month-year", "%d-%m-%Y"),
    written("day month year", "%d %m %Y"),
    case("day/month/year without zeros", dated(bare("{d}/{m}/{y}"))),
    written("days without signs, day first", "%d%m%Y"),
    written("days without signs, month first", "%m%d%Y"),
    written("31 Jan 2024", "%d %b %Y"),
    written("31-JAN-2024", "%d-%b-%Y"),
    written("January 31, 2024", "%B %d, %Y"),
    written("Wednesday, January 31, 2024", "%A, %B %d, %Y"),
    case("Chinese days", dated(bare("{y}年{m}月{d}日"))),
    case("Chinese days and times", dated(bare("{y}年{m}月{d}日 下午3:05"))),
    case(
        "full-width digits",
        dated(
            lambda day: day.strftime("%Y/%m/%d").translate(
                {ord(c): ord(c) + 0xFEE0 for c in "0123456789/"}
            )
        ),
    ),
    case("blanks and no-break blanks", dated(lambda day: f"\u00a0 {day} ")),
    case(
        "Excel's day numbers",
        dated(lambda day: str((day - dt.date(1899, 12, 30)).days)),
        warned=["date-serial"],
    ),
    case(
        "Excel's day numbers with times",
        dated(lambda day: f"{(day - dt.date(1899, 12, 30)).days}.99"),
        warned=["date-serial"],
    ),
    case(
        "two forms",
        dated(lambda day: day.strftime("%d.%m.%Y" if day.month % 2 else "%Y-%m-%d")),
        warned=["date-forms"],
    ),
    written("two-digit years", "%d.%m.%y", refused="date-century"),
    written(
        "two-digit years, century stated and order open",
        "%d.%m.%y",
        options={"pivot_year": 1970},
        refused="date-ambiguous",
    ),
    written(
        "two-digit years, stated",
        "%d.%m.%y",
        options={"date_format": "%d.%m.%y", "pivot_year": 1970},
    ),
    written("two-digit years of American order", "%m/%d/%y", options={"pivot_year": 1970}),
    written(
        "two-digit years of another century",
        "%d.%m.%y",
        options={"date_format": "%d.%m.%y", "pivot_year": 1900},
        refused="too-many-unreadable",
    ),
    written("Chinese two-digit years", "%y年%m月%d日", refused="date-century"),
    written("two-digit years and words", "%d-%b-%y", refused="date-unknown"),
    written(
        "two-digit years and words, stated",
        "%d-%b-%y",
        options={"date_format": "%d-%b-%y", "pivot_year": 1970},
    ),
)

ORDERS_OF_PARTS = (
    written("days that fit both orders", "%d/%m/%Y", orders=EARLY, refused="date-ambiguous"),
    written(
        "days without signs that fit several orders",
        "%d%m%Y",
        orders=EARLY,
        refused="date-ambiguous",
    ),
    written(
        "both orders, one stated", "%d/%m/%Y", orders=EARLY, options={"date_format": "%d/%m/%Y"}
    ),
    written(
        "both orders, month first stated",
        "%m/%d/%Y",
        orders=EARLY,
        options={"date_format": "%m/%d/%Y"},
    ),
    written(
        "day and time, stated", "%d/%m/%Y 23:59", orders=EARLY, options={"date_format": "%d/%m/%Y"}
    ),
    written(
        "a format that does not fit",
        "%d/%m/%Y",
        options={"date_format": "%Y-%m-%d"},
        refused="too-many-unreadable",
    ),
    case(
        "orders contradict each other",
        dated(lambda day: day.strftime("%d/%m/%Y" if day.month % 2 else "%m/%d/%Y")),
        refused="date-mixed",
    ),
    case(
        "one form is clear and one is not",
        dated(lambda day: day.strftime("%Y-%m-%d" if day.day > 12 else "%d/%m/%Y")),
        refused="date-ambiguous",
    ),
)

ZONES = (
    case("moments in UTC", dated(moment(0.5, "Z")), refused="date-zone"),
    case("moments in UTC, zone stated", dated(moment(0.5, "Z")), options=ZONE),
    case("moments late in the day, zone stated", dated(moment(23.9, "+00:00")), options=ZONE),
    case("moments of Shanghai", dated(moment(8.1, "+08:00")), options=ZONE),
    case(
        "moments with fractions", dated(moment(0.1, ".250+0000", "%Y-%m-%d %H:%M:%S")), options=ZONE
    ),
    case("seconds since 1970", dated(seconds(1)), refused="date-zone"),
    case("seconds since 1970, zone stated", dated(seconds(1)), options=ZONE),
    case("milliseconds since 1970, zone stated", dated(seconds(1000)), options=ZONE),
    case("days without a zone, zone stated", dated(str), options=ZONE),
)

CALENDARS = (
    case(
        "ISO weeks",
        dated(lambda day: day.strftime("%G-W%V-%u")),
        refused="date-unknown",
    ),
    written("ordinal days", "%Y%j", refused="date-unknown"),
    written("months", "%Y-%m", refused="date-unknown"),
    case("quarters", dated(lambda day: f"{day.year}Q{day.month // 4 + 1}"), refused="date-unknown"),
    case(
        "years of the Republic",
        dated(lambda day: f"{day.year - 1911}/{day.month}/{day.day}"),
        refused="date-unknown",
    ),
    case(
        "years of the Republic in words",
        dated(lambda day: f"民國{day.year - 1911}年{day.month}月{day.day}日"),
        refused="date-unknown",
    ),
    case(
        "years of the Republic, four digits",
        dated(lambda day: f"0{day.year - 1911}-{day:%m-%d}"),
        refused="too-many-unreadable",
    ),
    case(
        "Buddhist years",
        dated(lambda day: f"{day:%d/%m}/{day.year + 543}"),
        refused="too-many-unreadable",
    ),
    case(
        "Japanese years",
        dated(lambda day: f"令和{day.year - 2018}年{day.month}月{day.day}日"),
        refused="date-unknown",
    ),
    case(
        "Arabic digits",
        dated(lambda day: str(day).translate({48 + i: 0x660 + i for i in range(10)})),
        refused="date-unknown",
    ),
)

ROWS_OF_DATES = (
    case(
        "30 February",
        text(changed(table(), {(3, 2): "2024-02-30"})),
        orders=(*ORDERS[:3], *ORDERS[4:]),
        aside={"day": 1},
        warned=["date-unreadable"],
    ),
    case(
        "1900-01-01 and 9999-12-31 for unknown",
        text(changed(table(), {(3, 2): "1900-01-01", (4, 2): "9999-12-31"})),
        orders=(*ORDERS[:3], *ORDERS[5:]),
        aside={"day": 2},
        warned=["date-unreadable"],
    ),
    case(
        "no day in some rows",
        text(changed(table(), {(3, 2): "", (4, 2): "N/A"})),
        orders=(*ORDERS[:3], *ORDERS[5:]),
        aside={"day": 2},
        warned=["date-unreadable"],
    ),
    case(
        "no day in too many rows",
        text(changed(table(), {(i, 2): "" for i in range(9)})),
        refused="too-many-unreadable",
    ),
    case(
        "words among days",
        text(changed(table(), {(3, 2): "QZX soon"})),
        orders=(*ORDERS[:3], *ORDERS[4:]),
        aside={"day": 1},
        warned=["date-unreadable"],
    ),
    case("no day at all", dated(lambda day: ""), refused="date-unknown"),
    case(
        "days after as_of",
        text(table((*ORDERS, LATE))),
        aside={"future": 1},
        warned=["date-future"],
    ),
    case(
        "a column of times beside the day",
        text(([*row, "23:59:59"] for row in table()), header=(*HEADER, "time")),
    ),
    case(
        "days of delivery beside the day",
        text(([*row, "2025-01-01"] for row in table()), header=(*HEADER, "delivery_date")),
    ),
)

DATES = (*FORMS, *ORDERS_OF_PARTS, *ZONES, *CALENDARS, *ROWS_OF_DATES)
