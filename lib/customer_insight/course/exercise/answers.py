"""Answers as files: what a check exports and a scorer reads. JSON and parquet, never pickle."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from customer_insight.data.files import write_whole

FOLDER = ".answers"
PROBES = "probes.json"
LARGEST = 20_000_000


class AnswerError(ValueError):
    """An exported answer that cannot be read."""


@dataclass(frozen=True)
class Answer:
    """One exported answer.

    ``content`` is a number, a text, a dictionary of texts (form "record"), of columns (form
    "table") or of outputs (form "function"); ``hint`` names the known mistake it is, or is empty;
    ``made_from`` says from which code this answer and those before it were made.
    """

    task: str
    form: str
    content: Any
    unit: str = ""
    hint: str = ""
    made_from: Mapping[str, list[str]] = field(default_factory=dict)


def folder_of(exercise: str, beside: Path) -> Path:
    """Return the folder of an exercise's answers, beside its notebook.

    Examples
    --------
    >>> folder_of("05_clv/3_buy", Path("exercises/05_clv")).as_posix()
    'exercises/05_clv/.answers/3_buy'
    """
    return beside / FOLDER / exercise.rsplit("/", maxsplit=1)[-1]


def write_answer(folder: Path, answer: Answer) -> None:
    """Write an answer: a table's columns as parquet, all else as JSON.

    The parquet file comes first, so that a JSON file is never there without its table.
    """
    described = dict(vars(answer))
    if answer.form == "table":
        write_whole(folder / f"{answer.task}.parquet", _parquet(described.pop("content")))
    written = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(folder / f"{answer.task}.json", written.encode() + b"\n")


def read_answer(folder: Path, task: str) -> Answer | None:
    """Read an exported answer.

    Returns
    -------
    Answer or None
        None where the task has none.

    Raises
    ------
    AnswerError
        If there is one that cannot be read, such as one changed by hand.
    """
    path, table = folder / f"{task}.json", folder / f"{task}.parquet"
    if not path.is_file() or path.is_symlink():
        return None
    try:
        if path.stat().st_size > LARGEST or (table.is_file() and table.stat().st_size > LARGEST):
            raise ValueError(f"it is larger than {LARGEST / 1e6:g} MB")
        described = json.loads(path.read_text(encoding="utf-8"))
        if described["form"] == "table":
            described["content"] = _columns(table)
        answer = Answer(**described)
        if answer.task != task:
            raise ValueError(f"it says that it answers {answer.task!r}")
    except Exception as error:
        raise AnswerError(
            f"The exported answer {path.name} cannot be read ({str(error)[:200]}), so it cannot be "
            "scored. Run the task's check again; it writes the file anew."
        ) from error
    return answer


def remove_answer(folder: Path, task: str) -> None:
    """Remove an exported answer, if there is one."""
    for ending in ("json", "parquet"):
        (folder / f"{task}.{ending}").unlink(missing_ok=True)


def write_probes(folder: Path, probes: Mapping[str, Any]) -> None:
    """Lay hidden probes of functions, by task, where a check finds them."""
    write_whole(folder / PROBES, json.dumps(dict(probes)).encode())


def read_probes(folder: Path) -> dict[str, Any]:
    """Read hidden probes; there are none where nothing is graded."""
    path = folder / PROBES
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _parquet(columns: Mapping[str, list]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), file)
    return file.getvalue()


def _columns(path: Path) -> dict[str, list]:
    import pyarrow.parquet as pq

    return pq.read_table(path, memory_map=False).to_pydict()
