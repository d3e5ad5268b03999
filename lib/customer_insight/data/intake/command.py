"""Read a file and write what came of it beside it: the work of `course intake`."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.data.intake.outcome import Intake
from customer_insight.data.intake.read import read_transactions

if TYPE_CHECKING:
    import polars as pl


def read_to_files(
    path: Path,
    *,
    out: Path | None = None,
    save_mapping: Path | None = None,
    rejected_to: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    **stated: Any,
) -> tuple[Intake, list[Path]]:
    r"""Read a file of orders and write its tables and its mapping, if asked.

    Parameters
    ----------
    path : pathlib.Path
        The file to read; it is never written to.
    out : pathlib.Path, optional
        A parquet file for purchases. Returns go beside it, into NAME-returns.parquet. Both are
        written, or neither.
    save_mapping : pathlib.Path, optional
        Where the mapping for the next file of this kind goes.
    rejected_to, progress, **stated
        As for `read_transactions`.

    Returns
    -------
    intake : Intake
    written : list of pathlib.Path
        Files that were written.

    Raises
    ------
    IntakeError
        If the file is refused; no table was written then, only ``rejected_to`` if asked.
    ValueError
        If a file to write to is the file to read, or one is named twice, or ``out`` has another
        ending than .parquet.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> file = folder / "orders.csv"
    >>> _ = file.write_text("customer,date,amount\nc1,2024-01-31,12.50\nc1,2024-02-29,-2.50\n")
    >>> intake, written = read_to_files(file, out=folder / "orders.parquet")
    >>> len(intake.transactions), [path.name for path in written]
    (1, ['orders.parquet', 'orders-returns.parquet'])
    """
    tables = {out: "transactions", returns_of(out): "returns"} if out is not None else {}
    asked = [*tables, *(target for target in (rejected_to, save_mapping) if target is not None)]
    _check_targets(path, asked, out)
    intake = read_transactions(path, rejected_to=rejected_to, progress=progress, **stated)
    write_tables({target: getattr(intake, name) for target, name in tables.items()})
    if save_mapping is not None:
        intake.save_mapping(save_mapping)
    return intake, asked


def returns_of(out: Path) -> Path:
    """Return where returns go beside the purchases.

    Examples
    --------
    >>> returns_of(Path("may/orders.parquet")).as_posix()
    'may/orders-returns.parquet'
    """
    return out.with_name(f"{out.stem}-returns{out.suffix}")


def write_tables(tables: "dict[Path, pl.DataFrame]") -> None:
    """Write tables as parquet: all of them are complete before the first takes its name.

    Parameters
    ----------
    tables : dict of pathlib.Path to polars.DataFrame
        All in one folder, which is made if it is not there.
    """
    if not tables:
        return
    folder = next(iter(tables)).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".intake-", dir=folder) as name:
        parts = {Path(name, target.name): target for target in tables}
        for part, target in parts.items():
            tables[target].write_parquet(part)
        for part, target in parts.items():
            part.replace(target)


def _check_targets(path: Path, asked: list[Path], out: Path | None) -> None:
    """Refuse what would overwrite the file itself, or one result with another."""
    if out is not None and out.suffix != ".parquet":
        raise ValueError(f"{out.name} is to hold tables: give it a name that ends in .parquet.")
    real = [target.resolve() for target in asked]
    if path.resolve() in real:
        raise ValueError(
            f"{path.name} is the file to read, and would be written over. Name another file."
        )
    twice = next((target.name for target in asked if real.count(target.resolve()) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice} is named for two results. Name a file for each.")
