"""The steps of reading a file, each resting on the one before."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import quoted
from customer_insight.data.days import EPOCH
from customer_insight.data.intake.currencies import Currency, settle_currency
from customer_insight.data.intake.date_sql import FIRST_DAY, LAST_DAY
from customer_insight.data.intake.dates import DateFormat, find_date_format
from customer_insight.data.intake.findings import REFUSED, Finding, IntakeError
from customer_insight.data.intake.identifiers import read_ids
from customer_insight.data.intake.numbers import NumberFormat, find_number_format, number_sql
from customer_insight.data.intake.options import Options
from customer_insight.data.intake.places import Places
from customer_insight.data.intake.roles import SURE_HEADER, find_columns, known_names, plain
from customer_insight.data.intake.rows import LABELS, Limits, Readings, write_rows
from customer_insight.data.intake.shapes import count_shapes
from customer_insight.data.intake.source import Source, open_source, stage

if TYPE_CHECKING:
    import duckdb

_NUMBERS = ("amount", "quantity", "unit_price", "cost")


class Reader:
    """A file being read: what is known of it so far, and everything noticed.

    After all steps the connection has the view ``rows``.
    """

    source: Source
    columns: dict[str, int]
    dates: DateFormat
    numbers: NumberFormat
    currency: Currency
    records: int
    places: Places
    customer_sql: str

    def __init__(
        self,
        connection: "duckdb.DuckDBPyConnection",
        path: Path,
        folder: Path,
        stated: Mapping[str, str],
        options: Options,
        *,
        show_values: bool,
    ):
        self.connection = connection
        self.path = path
        self.folder = folder
        self.stated = stated
        self.options = options
        self.show_values = show_values
        self.findings: list[Finding] = []
        self._number_sql: dict[str, str] = {}

    def run(self, step: str, *, as_of: int) -> None:
        """Take one of the steps of `read_transactions`."""
        if step == "open":
            self._open()
        elif step == "copy":
            self.records, found, self.places = stage(
                self.connection, self.source, self.columns, self.folder
            )
            self.findings += found
        elif step == "dates and numbers":
            self._dates_and_numbers()
        elif step == "ids":
            self.customer_sql, found = read_ids(
                self.connection, self.where("customer"), self.options.missing_ids
            )
            self.findings += found
        else:
            labels = [label for label in LABELS if label in self.columns]
            readings = Readings(
                self.customer_sql, self.dates.sql, self._number_sql, labels, self.numbers.kind
            )
            days = ((day - EPOCH).days for day in (FIRST_DAY, LAST_DAY))
            write_rows(
                self.connection,
                self.folder,
                readings,
                Limits(self.currency.decimals, *days, as_of),
            )

    def where(self, role: str) -> str:
        """Return a column as messages name it."""
        name = self.source.names[self.columns[role]][:40]
        return f'{self.path.name}, column "{name}"'

    @property
    def call(self) -> str:
        """The call that a fix adds something to."""
        return f'read_transactions("{self.path.name}"'

    def _open(self) -> None:
        options = self.options
        self.source = open_source(
            self.connection,
            self.path,
            self.folder,
            encoding=options.encoding,
            delimiter=options.delimiter,
            sheet=options.sheet,
            names=options.names,
            knows=self._known,
            show_values=self.show_values,
        )
        surely_names = self.source.kind == "parquet" or options.names is not None
        surely_names |= self.show_values or self._known(self.source.names) >= SURE_HEADER
        self.columns, found = find_columns(
            self.source.names, self.stated, self.path.name, show_names=surely_names
        )
        self.findings += [*self.source.findings, *found]

    def _known(self, names: Sequence[str]) -> int:
        """Return how many names are known, or stated by the user."""
        stated = {plain(name) for name in self.stated.values()}
        return sum(plain(name) in stated or known_names([name]) for name in names)

    def _dates_and_numbers(self) -> None:
        """Settle dates, numbers and currency; tell all that is wrong with them at once."""
        problems: list[Finding] = []
        used = [role for role in _NUMBERS if role in self.columns]
        if "amount" in used:
            used = [role for role in used if role != "unit_price"]
        text = {role: quoted(role) for role in ("date", *used)}
        shapes = {role: count_shapes(self.connection, sql) for role, sql in text.items()}
        try:
            self.dates, found = find_date_format(
                self.connection,
                text["date"],
                shapes["date"],
                self.options,
                where=self.where("date"),
                call=self.call,
                show_values=self.show_values,
            )
            self.findings += found
        except IntakeError as error:
            problems += error.findings
        self.numbers, found = find_number_format(
            {self.source.names[self.columns[role]]: shapes[role] for role in used},
            self.path.name,
            decimal=self.options.decimal,
        )
        problems += [finding for finding in found if finding.level == REFUSED]
        self.findings += [finding for finding in found if finding.level != REFUSED]
        try:
            self.currency, found = settle_currency(
                self.connection,
                self.numbers.currencies,
                self.path.name,
                has_column="currency" in self.columns,
                stated=self.options.currency,
                decimals=self.options.decimals,
            )
            self.findings += found
        except IntakeError as error:
            problems += error.findings
        if problems:
            raise IntakeError(problems)
        self._number_sql = {
            role: number_sql(text[role], self.numbers, shapes[role]) for role in used
        }
