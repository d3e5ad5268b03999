"""Run a solution: its own answers, its known wrong answers, and what it shows."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import textwrap
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise.answers import folder_of, read_answer, write_probes
from customer_insight.course.exercise.cells import CHECK, GIVEN, TASK, WORDS, Cell
from customer_insight.course.exercise.sitting import current, writing_to
from customer_insight.course.exercise.tasks import Exercise, ExerciseError
from customer_insight.course.results import LessonRun
from customer_insight.course.supervise import Limits, Task, execute

if TYPE_CHECKING:
    from nbformat import NotebookNode

_DIGITS = 9  # of stored answers, so that the last digits of another machine do not matter


@dataclass(frozen=True)
class Rehearsal:
    """What a solution's run gave.

    ``answers`` holds the right content of each checked task, ``wrong`` for each task and mistake
    its ``content`` and the name of the ``slip`` that the check saw without a locked hint; ``key``
    says from which code they were made; ``outputs`` belong to the run cells, in order.
    """

    key: str
    answers: Mapping[str, Any]
    wrong: Mapping[str, Mapping[str, Any]]
    outputs: tuple[Any, ...] = ()

    def to_bytes(self) -> bytes:
        """Return what is stored: the answers, without outputs."""
        stored = {"made_from": self.key, "answers": self.answers, "wrong": self.wrong}
        return json.dumps(stored, ensure_ascii=False, indent=1).encode() + b"\n"


def stored_rehearsal(path: Path) -> Rehearsal | None:
    """Read the stored answers, or None where there are none that can be read."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Rehearsal(stored["made_from"], stored["answers"], stored["wrong"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def run_cells(exercise: Exercise) -> list[Cell]:
    """Return the cells that run in a solution's notebook: given code, answers, checks."""
    return [cell for cell in exercise.cells if cell.role in {GIVEN, TASK, CHECK} and _code(cell)]


def rehearsed(exercise: Exercise) -> list[tuple[Cell, int | None]]:
    """Return what a rehearsal runs behind its first cell, in order.

    Each is a cell and None, or, behind a check, that check's cell and the number of a wrong answer.
    """
    found: list[tuple[Cell, int | None]] = []
    for cell in run_cells(exercise):
        found.append((cell, None))
        if cell.role == CHECK:
            found += [(cell, number) for number, _ in enumerate(exercise.task(cell.task).wrongs)]
    return found


def key_of(exercise: Exercise) -> str:
    """Return a text that changes where code changes whose results are stored."""
    code = [exercise.name, json.dumps([exercise.points, exercise.probes])]
    code += [cell.source for cell in run_cells(exercise)]
    code += [f"{wrong.called}\n{wrong.code}" for task in exercise.tasks for wrong in task.wrongs]
    return hashlib.sha256("\n\0".join(code).encode()).hexdigest()[:16]


def rehearse(
    exercise: Exercise,
    *,
    limits: Limits | None = None,
    report: Callable[[LessonRun], None] | None = None,
) -> tuple[LessonRun, Rehearsal | None]:
    """Run a solution in a kernel of its own, its wrong answers included.

    Each wrong answer runs right after its task's check, on copies of the names that are known
    there, so that it changes nothing that comes later.

    Returns
    -------
    (LessonRun, Rehearsal or None)
        None where the solution did not run to its end.

    Raises
    ------
    ExerciseError
        If it ran and a task or a wrong answer was not exported: it has not even the form.
    """
    with tempfile.TemporaryDirectory(prefix="course-rehearsal-") as folder:
        place = Path(folder)
        source, target = place / "text.ipynb", place / "run.ipynb"
        source.write_bytes(notebooks.to_bytes(_instrumented(exercise)))
        write_probes(folder_of(exercise.name, place), exercise.probes)
        job = Task(exercise.name, source, target, place)
        (run,) = execute([job], limits=limits, report=report)
        if not run.ran:
            return run, None
        exported = folder_of(exercise.name, place)
        answers, wrong = _right(exercise, exported), _wrong(exercise, exported)
        outputs = _outputs(notebooks.read_notebook(target))
    return run, Rehearsal(key_of(exercise), answers, wrong, outputs)


def replay(names: dict[str, Any], task: str, number: int, code: str, check: str) -> None:
    """Make one wrong answer and let the task's check export it elsewhere; runs in the kernel."""
    own = dict(names)
    exec(code, own)  # noqa: S102 - our own text
    folder = current(task).folder / f"wrong_{number}"
    with writing_to(folder), redirect_stdout(io.StringIO()):
        exec(check, own)  # noqa: S102 - our own text


def begin_source(exercise: Exercise, hints: Mapping[str, list[str]]) -> str:
    """Return the first code cell, which opens the exercise."""
    parts = [json.dumps(exercise.name), json.dumps(exercise.points)]
    parts += [json.dumps(dict(hints), indent=4)] if hints else []
    listed = textwrap.indent(",\n".join(parts), "    ")
    return f"from customer_insight.course import check\n\ncheck.begin(\n{listed},\n)"


def _code(cell: Cell) -> bool:
    return not cell.markdown and cell.role != WORDS


def _instrumented(exercise: Exercise) -> NotebookNode:
    """Make the notebook that is run: each check followed by its wrong answers."""
    from nbformat import v4

    kept, extra = {"metadata": {"tags": ["kept"]}}, {}
    cells = [v4.new_code_cell(begin_source(exercise, {}), **kept)]
    for cell, number in rehearsed(exercise):
        if number is None:
            cells.append(v4.new_code_cell(cell.source, **kept))
        else:
            task = exercise.task(cell.task)
            source = _replay_source(task.name, number, task.wrongs[number].code, task.check)
            cells.append(v4.new_code_cell(source, **extra))
    return notebooks.tidy(v4.new_notebook(cells=cells))


def _replay_source(task: str, number: int, code: str, check: str) -> str:
    return (
        "from customer_insight.course.exercise.rehearsal import replay as _replay\n"
        f"_replay(globals(), {task!r}, {number}, {code!r}, {check!r})"
    )


def _right(exercise: Exercise, folder: Path) -> dict[str, Any]:
    """Read the solution's own answers."""
    found = {}
    for task in exercise.tasks:
        if not task.check:
            continue
        answer = read_answer(folder, task.name)
        if answer is None or answer.hint:
            said = (
                f"as a known mistake ({answer.hint})" if answer else "as not of the form asked for"
            )
            raise ExerciseError(
                f"The check of task {task.name} in {exercise.name} takes the solution's own answer "
                f"{said}. Mend the check or the solution."
            )
        found[task.name] = rounded(answer.content)
    return found


def _wrong(exercise: Exercise, folder: Path) -> dict[str, dict[str, Any]]:
    """Read the known wrong answers."""
    found: dict[str, dict[str, Any]] = {}
    for task in exercise.tasks:
        for number, wrong in enumerate(task.wrongs):
            answer = read_answer(folder / f"wrong_{number}", task.name)
            if answer is None:
                raise ExerciseError(
                    f"The wrong answer {wrong.called!r} of task {task.name} in {exercise.name} has "
                    "not the form that the check asks for, so the check speaks of the form and its "
                    "hint is never seen. Give it the form, or take it out."
                )
            stored = {"content": rounded(answer.content), "slip": answer.hint}
            found.setdefault(task.name, {})[wrong.called] = stored
    return found


def rounded(content: Any) -> Any:
    """Return content with fractions to nine significant digits.

    Examples
    --------
    >>> rounded({"off": [0.12345678912345, 2]})
    {'off': [0.123456789, 2]}
    """
    if isinstance(content, float):
        return float(f"{content:.{_DIGITS}g}")
    if isinstance(content, dict):
        return {name: rounded(part) for name, part in content.items()}
    return [rounded(part) for part in content] if isinstance(content, list) else content


def _outputs(executed: NotebookNode) -> tuple[Any, ...]:
    """Return number and outputs of the cells that are kept; those that replay have none."""
    kept = [cell for cell in executed.cells if "kept" in cell.metadata.get("tags", [])]
    return tuple(cell.outputs for cell in kept)
