"""Read a stranger's file of orders into the transaction contract, and say what was done."""

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from customer_insight.data.closed_folder import closed_folder
from customer_insight.data.days import day_number
from customer_insight.data.files import digest
from customer_insight.data.intake.collect import collect
from customer_insight.data.intake.findings import IntakeError, refuse
from customer_insight.data.intake.options import Options, SavedMapping, load_mapping
from customer_insight.data.intake.outcome import Intake
from customer_insight.data.intake.reading import Reader
from customer_insight.data.intake.roles import ROLES

STEPS = ("open", "copy", "dates and numbers", "ids", "rows", "tables")


def read_transactions(
    path: str | Path,
    *,
    mapping: str | Path | None = None,
    as_of: dt.date | None = None,
    rejected_to: str | Path | None = None,
    show_values: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
    **stated: Any,
) -> Intake:
    r"""Read a file of orders, whatever program wrote it, or refuse it with the reason.

    The kind of file, its encoding, delimiter, header, date order and decimal sign are told from
    the whole file, each by one rule for all rows; where two readings fit, the file is refused and
    the error names what to state. Ids stay text. Nothing of the file is executed, and no other
    file can be reached from it.

    Parameters
    ----------
    path : str or pathlib.Path
        Delimited text, .xlsx or parquet, told by its content.
    mapping : str or pathlib.Path, optional
        A file that ``Intake.save_mapping`` wrote: this one is read the same way, and what has
        changed is said. What is stated in the call goes before it.
    as_of : datetime.date, optional
        The last day that counts; default today. Later rows are set aside.
    rejected_to : str or pathlib.Path, optional
        A CSV file to write the rows to that were set aside, with their reason, also where the
        file is refused for them. They are customers' data: nothing is written without this.
    show_values : bool, default False
        Whether messages may show values of the file.
    progress : callable, optional
        Called with the step's name, how many are done and how many there are.
    **stated
        ``customer``, ``date``, ``amount``, ``quantity``, ``unit_price``, ``order``, ``sku``,
        ``channel``, ``region``, ``cost``, ``currency_column`` : str
            Columns by their role; without it, columns are found by their usual names in English
            and Chinese. With no amount, quantity times unit price is the amount of a line.
        ``date_format`` : str
            As for ``strptime``, such as "%d/%m/%Y".
        ``pivot_year`` : int
            First of the hundred years for years of two digits.
        ``timezone`` : str
            The business's own zone, such as "Asia/Shanghai", where moments carry a zone. The day
            of an order is the day there; dates without a zone are taken as they are written.
        ``decimal`` : "." or ","
        ``currency`` : str
            ISO code. ``decimals`` : int, of the currency.
        ``encoding``, ``delimiter``, ``sheet`` : str; ``names`` : sequence of str
            How a text or workbook is laid out; ``names`` are the columns of a file without header.
        ``missing_ids`` : sequence of str
            Ids that stand for nobody, such as a till's "walk-in".
        ``duplicates`` : "keep" (default) or "drop"
            What happens to rows that repeat another one in full. They are always counted.
        ``max_without_customer`` : float, default 0.5
            The file is refused above this share of rows without a customer.
        ``max_set_aside`` : float, default 0.05
            The file is refused above this share of rows whose day or number cannot be read.

    Returns
    -------
    Intake
        ``transactions``, ``returns`` and ``report``.

    Raises
    ------
    IntakeError
        A ValueError that tells every reason found: what, where, why it matters, what to do. It
        shows no value of the file. Nothing was loaded then.
    TypeError
        If something unknown is stated.
    ValueError
        If an option is out of its range.

    Notes
    -----
    A row counts as the first of these that fits: empty; a total (a field that says Total, 合计 ...
    and nothing else; without a day also a name with such a word behind); without a day that exists;
    without a number; without a customer; too large; after ``as_of``; a return (negative
    quantity or amount, or an order number such as C536379 among numbers); a purchase.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = Path(folder, "orders.csv").write_text(
    ...     "客户编号;日期;金额\n00042;31.01.2024;12,50\n00042;01.02.2024;1.008,00\n",
    ...     encoding="utf-8",
    ... )
    >>> read_transactions(folder / "orders.csv", currency="CNY").transactions.rows()
    [('00042', '00042/19753', 19753, 1250), ('00042', '00042/19754', 19754, 100800)]
    """
    path = Path(path)
    _check_file(path)
    if rejected_to is not None and Path(rejected_to).resolve() == path.resolve():
        raise ValueError(f"rejected_to is {path.name} itself, which would be lost; name another.")
    saved = load_mapping(Path(mapping)) if mapping is not None else SavedMapping({}, {})
    columns, options = _stated(saved, stated)
    _check_zone(options.timezone)
    last = day_number(as_of if as_of is not None else dt.date.today(), name="as_of")
    report = progress or (lambda step, done, of: None)
    result: Intake | IntakeError
    with (
        tempfile.TemporaryDirectory(prefix="intake-") as name,
        closed_folder(Path(name), [path]) as connection,
    ):
        reader = Reader(connection, path, Path(name), columns, options, show_values=show_values)
        result = _taken(reader, saved, last, rejected_to, report)
    if isinstance(result, IntakeError):
        raise result
    report("done", len(STEPS), len(STEPS))
    return result


def _taken(
    reader: Reader,
    saved: SavedMapping,
    last: int,
    rejected_to: str | Path | None,
    report: Callable[[str, int, int], None],
) -> Intake | IntakeError:
    """Take all steps; return the refusal too.

    Errors of the engine, the decoder and the disk may quote the file. The refusal is made anew when
    they are gone, so that none of them hangs on it.
    """
    import duckdb

    try:
        with ThreadPoolExecutor(1) as beside:
            hashed = beside.submit(digest, reader.path)
            for done, step in enumerate(STEPS[:-1]):
                report(step, done, len(STEPS))
                reader.run(step, as_of=last)
            report(STEPS[-1], len(STEPS) - 1, len(STEPS))
            return collect(reader, saved, hashed.result(), last, rejected_to)
    except IntakeError as error:
        findings = error.findings
    except (duckdb.Error, OSError, MemoryError) as error:
        findings = _broken_off(reader.path.name, error).findings
    return IntakeError(findings)


def _broken_off(shown: str, error: Exception) -> IntakeError:
    return refuse(
        "file-unreadable",
        shown,
        f"it could not be read to its end ({type(error).__name__}).",
        "what could still be read would be a part without saying so.",
        "look whether the file may be read and the disk has room; copy or export it again.",
    )


def _stated(saved: SavedMapping, stated: Mapping[str, Any]) -> tuple[dict[str, str], Options]:
    """Divide what is stated into columns and options; the call goes before the saved mapping."""
    given = {key: value for key, value in stated.items() if value is not None}
    columns = dict(saved.columns)
    for role in ROLES:
        key = "currency_column" if role == "currency" else role
        if key in given:
            columns[role] = given.pop(key)
    try:
        return columns, Options(**{**saved.options, **given})
    except TypeError:
        known = ", ".join((*ROLES, *Options.__dataclass_fields__))
        unknown = ", ".join(key for key in given if key not in Options.__dataclass_fields__)
        raise TypeError(f"read_transactions does not know {unknown}; it knows {known}.") from None


def _check_file(path: Path) -> None:
    if path.is_dir() or not path.exists():
        what = "it is a folder." if path.is_dir() else "there is no such file."
        raise refuse(
            "file-missing",
            path.name or str(path),
            what,
            "nothing can be read.",
            "name the file itself, with its folder.",
        )
    if not path.is_file():
        raise refuse(
            "file-kind",
            path.name,
            "it is no regular file.",
            "a device or pipe may have no end.",
            "save it as a file first.",
        )


def _check_zone(timezone: str | None) -> None:
    if timezone is None:
        return
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"timezone {timezone[:40]!r} is unknown; name one such as 'Asia/Shanghai' or "
            "'Europe/Berlin'."
        ) from None
