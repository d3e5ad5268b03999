"""Make the analyst's report of a file of orders: all of it, or nothing."""

import datetime as dt
import importlib.metadata
import shlex
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight import data
from customer_insight.data.days import day_number
from customer_insight.data.files import digest
from customer_insight.data.intake import Finding, IntakeError, IntakeReport
from customer_insight.data.intake.outcome import Line
from customer_insight.workbook import facts as gathering
from customer_insight.workbook.assumed import Assumed
from customer_insight.workbook.customers import customer_columns, customer_table
from customer_insight.workbook.engine import open_engine
from customer_insight.workbook.excel import write_workbook
from customer_insight.workbook.facts import Facts, gather
from customer_insight.workbook.forecast import look_ahead
from customer_insight.workbook.machine import Earlier, read_earlier, write_tables
from customer_insight.workbook.notebook import write_notebook
from customer_insight.workbook.options import Options
from customer_insight.workbook.page import write_page
from customer_insight.workbook.pseudonyms import default_key_path, key_mark, read_or_make_key
from customer_insight.workbook.section import Column, Report, Section
from customer_insight.workbook.sections import (
    business,
    changes,
    concentration,
    definitions,
    earning,
    returning,
    segments,
    silence,
    spending,
    stability,
    trust,
    verdict,
    what_if,
)
from customer_insight.workbook.stages import Stages
from customer_insight.workbook.value_ahead import look_further

if TYPE_CHECKING:
    import polars as pl

_AS_OF_OF_FILE = ", the last day of the file with a purchase or a return, taken as whole"
_AFTER_FACTS = ("sections", "page", "workbook", "tables", "notebook")
_PACKAGES = ("customer-insight", "duckdb", "narwhals", "numpy", "polars", "scipy")


def build_report(
    path: Path,
    out: Path,
    options: Options | None = None,
    *,
    progress: Callable[[str, int, int], None] = lambda step, done, of: None,
) -> Report:
    """Read a file of orders and write the report on its customers into a folder.

    The folder holds ``report.html``, ``report.xlsx``, ``report.ipynb``, ``report.json`` and
    ``tables/``. It appears when everything in it is finished; a report that was there is replaced
    as a whole. A run that is broken off leaves a folder ``NAME.unfinished`` beside it, from which
    the next run with the same file and options goes on; it is removed at the end.

    Parameters
    ----------
    path : pathlib.Path
        Text, .xlsx or parquet, as ``data.read_transactions`` reads it.
    out : pathlib.Path
        Folder to write.
    options : Options, optional
    progress : callable, optional
        Called with the step's name, how many are done and how many there are.

    Returns
    -------
    Report

    Raises
    ------
    IntakeError
        If the file is refused.
    ValueError
        If ``out`` holds something else, ``compare`` is no report, or an option is out of range.
    """
    options = options or Options()
    _check_target(out)
    before = read_earlier(options.compare) if options.compare is not None else None
    secret = _key(options)
    steps = _Steps(progress)
    unfinished = out.with_name(f"{out.name}.unfinished")
    stages = Stages(unfinished, _stage_key(path, options))
    try:
        intake, as_of = _read(path, stages, options, steps)
    except IntakeError:
        stages.clear()
        raise
    currency = intake.how["currency"] if len(intake.how["currency"]) == 3 else ""
    with (
        tempfile.TemporaryDirectory(prefix="report-") as scratch,
        open_engine(options.engine, [stages.path("transactions")], Path(scratch)) as engine,
    ):
        facts = gather(
            engine,
            stages,
            intake,
            Assumed.of(
                margin=options.margin,
                contact_cost=options.contact_cost,
                discount=options.discount,
                decimals=intake.decimals,
            ),
            currency=currency,
            as_of=as_of,
            step_done=steps.done,
        )
    report, customers, columns = _report(path, facts, options, secret, before)
    steps.done("sections")
    _write(report, customers, columns, out, steps)
    stages.clear()
    return report


class _Steps:
    """Counts the steps of a run."""

    def __init__(self, progress: Callable[[str, int, int], None]) -> None:
        self._progress, self._done = progress, 0
        self._of = 1 + len(gathering.STEPS) + len(_AFTER_FACTS)

    def done(self, name: str) -> None:
        self._done += 1
        self._progress(name, self._done, self._of)


def _check_target(out: Path) -> None:
    if out.exists() and not (out / "report.json").is_file() and not _is_empty(out):
        raise ValueError(
            f"{out.name} is there and is no report: nothing was written, so that nothing of yours "
            "is replaced. Name another folder with --out."
        )


def _is_empty(out: Path) -> bool:
    return out.is_dir() and not any(out.iterdir())


def _key(options: Options) -> bytes | None:
    if options.ids == "plain":
        return None
    return read_or_make_key(options.key or default_key_path())


def _stage_key(path: Path, options: Options) -> dict[str, Any]:
    return {
        "file": path.name,
        "sha-256": digest(path) if path.is_file() else "",
        "mapping": digest(options.mapping) if options.mapping else "",
        "as_of": str(options.as_of),
        "currency": options.currency,
        "engine": options.engine,
    }


def _read(path: Path, stages: Stages, options: Options, steps: _Steps) -> tuple[IntakeReport, int]:
    """Read the file, or take what an earlier run has read of it; return the last day, too."""

    def read() -> dict[str, Any]:
        came = data.read_transactions(
            path, mapping=options.mapping, as_of=options.as_of, currency=options.currency
        )
        stages.keep("transactions", came.transactions)
        stages.keep("returns", came.returns)
        last = options.as_of and day_number(options.as_of)
        return {"report": asdict(came.report), "as_of": last or came.net["day"].max()}

    came = stages.facts("intake", read)
    kept = came["report"]
    steps.done("file")
    report = IntakeReport(
        **kept
        | {
            "ledger": tuple(Line(**line) for line in kept["ledger"]),
            "findings": tuple(
                Finding(**one | {"places": tuple(one["places"])}) for one in kept["findings"]
            ),
        }
    )
    return report, came["as_of"]


def _report(
    path: Path, facts: Facts, options: Options, secret: bytes | None, before: Earlier | None
) -> "tuple[Report, pl.DataFrame, tuple[Column, ...]]":
    outlook = look_ahead(facts)
    prospect = look_further(facts, outlook)
    customers = customer_table(facts, outlook.forecast, prospect.value, secret)
    columns = customer_columns(facts, prospect.value, customers.columns)
    found: list[Section] = [
        trust.make(facts),
        business.make(facts),
        concentration.make(facts),
        segments.make(facts),
        stability.make(facts),
        returning.make(facts),
        silence.make(facts),
        spending.make(facts, outlook),
        earning.make(facts, prospect),
        what_if.make(facts, outlook.forecast),
    ]
    run_date = str(options.run_date or dt.date.today())
    identity = _identity(path, facts, options, secret, run_date)
    if before is not None:
        quantities = [quantity for section in found for quantity in section.quantities]
        found.append(changes.make(facts, before, quantities, customers, identity["customer ids"]))
    found.append(definitions.make(facts, identity, found))
    return (
        Report(
            title=f"The customers in {path.name}",
            sections=(verdict.make(facts, found), *found),
            identity=identity,
            as_of=facts.date(facts.as_of),
            run_date=run_date,
            currency=facts.say.currency,
            decimals=facts.say.decimals,
        ),
        customers,
        columns,
    )


def _identity(
    path: Path, facts: Facts, options: Options, secret: bytes | None, run_date: str
) -> dict[str, str]:
    packages = [*_PACKAGES, *(["pyspark"] if options.engine == "spark" else [])]
    versions = (f"{name} {importlib.metadata.version(name)}" for name in packages)
    ids = "plain, as in the file" if secret is None else f"pseudonyms, key {key_mark(secret)}"
    return {
        "file": path.name,
        # the intake's own "as of" is the day of the run where none was stated
        **{f"read: {name}": told for name, told in facts.intake.how.items() if name != "as of"},
        "as_of": facts.date(facts.as_of) + (_AS_OF_OF_FILE if options.as_of is None else ""),
        "customer ids": ids,
        "engine": options.engine,
        "versions": ", ".join(versions),
        "command": _command(path, options),
        "seed": "0 for every draw",
        "run date": run_date,
    }


def _command(path: Path, options: Options) -> str:
    """Return the command that makes this report again, with files by their name alone."""
    words = ["course", "report", path.name]
    default = Options()
    for name, value in vars(options).items():
        if value != getattr(default, name) and name != "run_date":
            shown = value.name if isinstance(value, Path) else str(value)
            words += [f"--{name.replace('_', '-')}", shown]
    return shlex.join(words)


def _write(
    report: Report,
    customers: "pl.DataFrame",
    columns: tuple[Column, ...],
    out: Path,
    steps: _Steps,
) -> None:
    """Write all files beside the target, then let them take its place in one step."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as name:
        new, old = Path(name, "new"), Path(name, "old")
        new.mkdir()
        write_page(report, new / "report.html")
        steps.done("page")
        write_workbook(report, customers, columns, new / "report.xlsx")
        steps.done("workbook")
        write_tables(report, customers, columns, new)
        steps.done("tables")
        write_notebook(report, new)
        if out.exists():
            out.rename(old)
        new.rename(out)
        steps.done("notebook")


def as_json(report: Report, out: Path) -> dict[str, Any]:
    """Return what a program wants to know of a report that was written."""
    return {
        "report": str(out),
        "as_of": report.as_of,
        "decisions": [asdict(one) for one in report.section("verdict").decisions],
        "refused": {one.code: one.refusal for one in report.sections if one.refusal},
    }
