"""How a column writes dates, told from the whole column and never row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal
from customer_insight.data.intake import date_findings
from customer_insight.data.intake.date_forms import ZONED, form_of
from customer_insight.data.intake.date_sql import (
    CODES,
    EIGHT,
    IN_WORDS,
    SHORT_YEAR_FIRST,
    YEAR_FIRST,
    among,
    day_as_stated,
    day_from_parts,
    day_from_word,
    parts_of,
    pattern_of,
)
from customer_insight.data.intake.findings import Finding, IntakeError
from customer_insight.data.intake.options import Options
from customer_insight.data.intake.shapes import MOST_SHAPES, Shape

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class DateFormat:
    """How a column writes dates: in words, and the SQL of its day (NULL where none is written).

    ``date_format`` has the codes of ``strptime`` where a file must state them to be read so.
    """

    how: str
    sql: str
    date_format: str = ""


def find_date_format(
    connection: "duckdb.DuckDBPyConnection",
    text: str,
    shapes: Sequence[Shape],
    options: Options,
    *,
    where: str,
    call: str,
    show_values: bool = False,
) -> tuple[DateFormat, list[Finding]]:
    """Return how a column of the view ``raw`` writes dates.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
    text : str
        SQL of the column's cleaned text.
    shapes : sequence of Shape
        Of the column.
    options : Options
        ``date_format``, ``pivot_year`` and ``timezone`` as the user states them.
    where, call : str
        The column and the call, as messages name them.
    show_values : bool, default False
        Whether an example of the file may be shown.

    Returns
    -------
    format : DateFormat
    findings : list of Finding

    Raises
    ------
    IntakeError
        If the column can be read in several ways, or in none.
    """
    if options.date_format is not None:
        return _stated(text, options, where, call), []
    forms: dict[str, list[Shape]] = {}
    for shape in shapes:
        forms.setdefault(form_of(shape.text), []).append(shape)
    rows = {form: sum(shape.rows for shape in its) for form, its in forms.items()}
    other = rows.pop("other", 0)
    if not rows or other * 2 > sum(rows.values()):
        raise IntakeError([date_findings.no_dates(where, call, other, other + sum(rows.values()))])
    if rows.keys() & set(ZONED) and options.timezone is None:
        raise IntakeError([date_findings.zone_needed(where, call, "moment" in rows)])
    short = rows.keys() & {"xx2", "2md"}
    if short and options.pivot_year is None:
        raise IntakeError([date_findings.century(where, call, sum(rows[form] for form in short))])
    column = _Column(connection, text, options, where, call, show_values)
    parts = {form: column.reading(form, forms[form]) for form in sorted(rows)}
    sql = _one_rule_a_form(text, forms, {form: sql for form, (_, sql) in parts.items()}, other)
    findings = [date_findings.serial(where, rows["serial"])] if "serial" in rows else []
    if len(rows) > 1:
        ways = {parts[form][0]: count for form, count in rows.items()}
        findings.append(date_findings.several_forms(where, ways))
    how = ", ".join(dict.fromkeys(how for how, _ in parts.values()))
    return DateFormat(how, sql, _codes(how, forms) if len(rows) == 1 else ""), findings


def _one_rule_a_form(
    text: str, forms: dict[str, list[Shape]], rules: dict[str, str], other: int
) -> str:
    """Return the SQL that reads each form by its rule, and nothing else."""
    if len(rules) == 1 and not other and sum(map(len, forms.values())) < MOST_SHAPES:
        return next(iter(rules.values()))
    cases = (f" WHEN {among(text, forms[form])} THEN {sql}" for form, sql in rules.items())
    return f"CASE{''.join(cases)} END"


def _codes(how: str, forms: dict[str, list[Shape]]) -> str:
    """Return the codes of the one form whose order the values had to tell, else nothing."""
    order = next((letters for letters, words in IN_WORDS.items() if words == how), "")
    form = next((form for form in ("xxy", "xx2", "eight") if form in forms), "")
    if not (order and form):
        return ""
    sign = "" if form == "eight" else next(c for c in forms[form][0].text if c != "9")
    return sign.join("%y" if f == "y" and form == "xx2" else CODES[f] for f in order)


def _stated(text: str, options: Options, where: str, call: str) -> DateFormat:
    date_format = options.date_format
    if "%z" in date_format.lower() and options.timezone is None:
        raise IntakeError([date_findings.zone_needed(where, call, written=True)])
    if "%y" in date_format and options.pivot_year is None:
        raise IntakeError([date_findings.century(where, call, None)])
    day = day_as_stated(text, date_format, options.pivot_year, options.timezone)
    return DateFormat(f"as stated, {date_format}", day, date_format)


@dataclass(frozen=True)
class _Column:
    connection: "duckdb.DuckDBPyConnection"
    text: str
    options: Options
    where: str
    call: str
    show_values: bool

    def reading(self, form: str, shapes: Sequence[Shape]) -> tuple[str, str]:
        """Return in words and in SQL how one form is read."""
        if form in ZONED:
            return f"moments, as days in {self.options.timezone}", self._zoned(form)
        if form in ("xxy", "xx2", "eight"):
            order = self._eight(shapes) if form == "eight" else self._order(form, shapes)
            return IN_WORDS[order], self._numeric(form, order)
        text, pivot = self.text, self.options.pivot_year
        excel = f"TRY_CAST(floor(TRY_CAST(replace({text}, ',', '.') AS DOUBLE)) AS INTEGER)"
        rules = {
            "ymd": (IN_WORDS["ymd"], self._year_first(shapes)),
            "2md": (IN_WORDS["ymd"], day_from_parts(text, SHORT_YEAR_FIRST, pivot)),
            "fourteen": (IN_WORDS["ymd"], day_from_parts(text, EIGHT["ymd"])),
            "dwy": ("month as a word", day_from_word(text)),
            "wdy": ("month as a word", day_from_word(text)),
            "serial": ("day numbers of Excel", f"(DATE '1899-12-30' + {excel})"),
        }
        return rules[form]

    def _numeric(self, form: str, order: str) -> str:
        if form == "eight":
            return day_from_parts(self.text, EIGHT[order])
        short = form == "xx2"
        pivot = self.options.pivot_year if short else None
        return day_from_parts(self.text, pattern_of(order, short_year=short), pivot)

    def _zoned(self, form: str) -> str:
        if form == "moment":
            moment = f"TRY_CAST(replace({self.text}, ',', '.') AS TIMESTAMPTZ)"
        else:
            scale = " / 1000" if form == "milliseconds" else ""
            moment = f"to_timestamp(TRY_CAST({self.text} AS DOUBLE){scale})"
        return f"CAST(timezone({literal(self.options.timezone)}, {moment}) AS DATE)"

    def _year_first(self, shapes: Sequence[Shape]) -> str:
        if all(shape.text.startswith("9999-99-99") for shape in shapes):
            return f"TRY_CAST(left({self.text}, 10) AS DATE)"
        return day_from_parts(self.text, YEAR_FIRST)

    def _order(self, form: str, shapes: Sequence[Shape]) -> str:
        """Return the one order of day, month and year that all values of a form allow."""
        year = "[0-9]{4}" if form == "xxy" else "[0-9]{2}"
        pattern = f"^(?P<a>[0-9]{{1,2}})[-/. ] ?(?P<b>[0-9]{{1,2}})[-/. ] ?(?P<c>{year})"
        orders = ["dmy", "mdy"] + (["ymd"] if form == "xx2" else [])
        tests = {
            "dmy": "a BETWEEN 1 AND 31 AND b BETWEEN 1 AND 12",
            "mdy": "a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 31",
            "ymd": "b BETWEEN 1 AND 12 AND c BETWEEN 1 AND 31",
        }
        return self._decide(pattern, {order: tests[order] for order in orders}, shapes)

    def _eight(self, shapes: Sequence[Shape]) -> str:
        pattern = "^(?P<a>[0-9]{4})(?P<b>[0-9]{2})(?P<c>[0-9]{2})"
        head, tail = "(a // 100)", "(a % 100)"
        plausible = "(b * 100 + c) BETWEEN 1970 AND 2199"
        tests = {
            "ymd": "a BETWEEN 1970 AND 2199 AND b BETWEEN 1 AND 12 AND c BETWEEN 1 AND 31",
            "dmy": f"{plausible} AND {head} BETWEEN 1 AND 31 AND {tail} BETWEEN 1 AND 12",
            "mdy": f"{plausible} AND {head} BETWEEN 1 AND 12 AND {tail} BETWEEN 1 AND 31",
        }
        return self._decide(pattern, tests, shapes)

    def _decide(self, pattern: str, tests: dict[str, str], shapes: Sequence[Shape]) -> str:
        """Return the one order that some value allows alone and no value contradicts."""
        fits, only, total, example = self._count(pattern, tests, shapes)
        decided = [order for order, count in only.items() if count]
        best = max(fits.values())
        if len(decided) == 1 and fits[decided[0]] == best:
            return decided[0]
        if len(decided) > 1:
            raise IntakeError([date_findings.orders_mixed(self.where, self.call, only)])
        problem = date_findings.ambiguous(
            self.where,
            self.call,
            possible=[order for order, count in fits.items() if count == best],
            fits=best,
            total=total,
            example=example if self.show_values else "",
            shapes=shapes,
        )
        raise IntakeError([problem])

    def _count(
        self, pattern: str, tests: dict[str, str], shapes: Sequence[Shape]
    ) -> tuple[dict[str, int], dict[str, int], int, str]:
        """Return how many values fit each order, and fit it alone; their number and one of them."""
        found, names = parts_of("v", pattern)
        counted = ", ".join(
            f"coalesce(sum(n) FILTER ({test}), 0)"
            for order, its in tests.items()
            for test in (its, _alone(order, tests))
        )
        parts = ", ".join(f"TRY_CAST(p.{name} AS INTEGER) AS {name}" for name in names)
        query = f"""
            SELECT {counted}, sum(n), min(v) FROM (
                SELECT v, n, {parts} FROM (
                    SELECT v, n, {found} AS p FROM
                    (SELECT {self.text} AS v, count(*) AS n FROM raw GROUP BY v)
                    WHERE {among("v", shapes)}))"""  # noqa: S608 - parts are our own
        row = self.connection.execute(query).fetchone()
        counts = row[:-2]
        fits = dict(zip(tests, counts[::2], strict=True))
        only = dict(zip(tests, counts[1::2], strict=True))
        return fits, only, row[-2], row[-1]


def _alone(order: str, tests: dict[str, str]) -> str:
    others = " OR ".join(f"({test})" for name, test in tests.items() if name != order)
    return f"({tests[order]}) AND NOT ({others})"
