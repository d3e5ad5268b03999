"""Rules on what a lesson shows: by ``show`` alone, described in words, repeatable, and small."""

import ast
import inspect
import re
from collections.abc import Iterator

from customer_insight.course.writing_calls import calls, dotted, literal_text, show_calls
from customer_insight.course.writing_lesson import Cell, Lesson, Problem
from customer_insight.course.writing_markdown import words

LARGEST_BYTES = 500_000
_LOCAL_RANDOM = {"default_rng", "Generator", "SeedSequence", "PCG64", "BitGenerator"}
_NUMPY_RANDOM = re.compile(r"(?:np|numpy)\.random\.(\w+)")
_PLACEHOLDER = re.compile(
    r"\b(?:alt|todo|tbd|fixme|xxx|lorem|ipsum|image|figure|plot|chart|placeholder|description)\b",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_RETURNED = ("bars", "figure", "lines", "say", "table")


def displays(lesson: Lesson) -> Iterator[Problem]:
    """Check that what a cell displays is the value of ``show.*`` on its last line.

    Found are pyplot, ``.show()``, ``display``, ``print`` of anything computed, a last line that
    shows another value, a picture without words, and a ``show`` call whose value is lost.
    """
    for cell in lesson.code:
        for line, what in (*_drawn_apart(cell), *_last_line(cell), *_lost(cell)):
            yield lesson.problem(cell.line + line - 1, what)
        if any(kind.startswith("image/") for out in cell.outputs for kind in out.get("data", {})):
            yield lesson.problem(
                cell.line, "a bare picture is shown; draw on show.canvas() and end with show.figure"
            )


def alt_texts(lesson: Lesson) -> Iterator[Problem]:
    """Check that each picture says in six words or more what it shows, placeholders apart."""
    for block in lesson.blocks:
        for said in block.pictures:
            if _too_little(said):
                yield lesson.problem(block.line, f"the picture's alt text {said!r} {_WANTED}")
    for cell in lesson.code:
        for call in show_calls(cell, *_described()):
            line = cell.line + call.lineno - 1
            given = [keyword.value for keyword in call.keywords if keyword.arg == "alt"]
            if not given:
                yield lesson.problem(line, f"{dotted(call.func)} has no alt=; it {_WANTED}")
            elif (text := literal_text(given[0])) is not None and _too_little(text):
                yield lesson.problem(line, f"alt text {text!r} {_WANTED}")
        for html in (out.get("data", {}).get("text/html", "") for out in cell.outputs):
            for image in _IMAGE.findall(html):
                match = _ALT.search(image)
                if _too_little((match[1] or match[2] or "") if match else ""):
                    yield lesson.problem(
                        cell.line, f"the picture shown has an alt text that {_WANTED}"
                    )


def local_random(lesson: Lesson) -> Iterator[Problem]:
    """Check that whatever is drawn comes from a local ``numpy.random.default_rng(seed)``."""
    for cell in lesson.code:
        for node in ast.walk(cell.tree) if cell.tree else ():
            if said := _global_random(node):
                yield lesson.problem(
                    cell.line + node.lineno - 1,
                    f"{said}: draw from rng = np.random.default_rng(seed), so that every run gives "
                    "the same",
                )


def outputs(lesson: Lesson) -> Iterator[Problem]:
    """Check that the lesson is built, under 500 kB with its outputs, without errors and noise."""
    if lesson.size is None:
        yield lesson.problem(1, f"it is not built; call: course build {lesson.name}")
    elif lesson.size >= LARGEST_BYTES:
        yield lesson.problem(
            1, f"the notebook has {lesson.size / 1000:,.0f} kB; it must stay below 500 kB"
        )
    for cell in lesson.code:
        for output in cell.outputs:
            if output["output_type"] == "stream" and output["name"] == "stderr":
                yield lesson.problem(cell.line, "the cell writes to standard error; mend its cause")
            elif output["output_type"] == "error" and "raises-exception" not in cell.tags:
                yield lesson.problem(cell.line, f"the cell ends with an error: {output['ename']}")


_WANTED = "must state the message: what is plotted and what it shows, in six words or more"


def _described() -> list[str]:
    """Return the functions of ``show`` that take an alt text."""
    from customer_insight import show

    functions = ((name, getattr(show, name)) for name in show.__all__)
    return [n for n, f in functions if callable(f) and "alt" in inspect.signature(f).parameters]


def _too_little(alt: str) -> bool:
    return words(_PLACEHOLDER.sub("", alt)) < 6


def _drawn_apart(cell: Cell) -> Iterator[tuple[int, str]]:
    """Yield what a cell shows past ``show``: pyplot, ``.show()``, ``display``, ``print``."""
    for node in ast.walk(cell.tree) if cell.tree else ():
        names = [alias.name for alias in getattr(node, "names", ()) if isinstance(alias, ast.alias)]
        module = getattr(node, "module", "") or ""
        if "matplotlib.pyplot" in (*names, *(f"{module}.{name}" for name in names)):
            yield node.lineno, "pyplot keeps figures behind the reader's back; use show.canvas()"
    for call in calls(cell):
        name = dotted(call.func)
        if name in ("display", "IPython.display.display"):
            yield call.lineno, "display(...) has no caption and no text; use show.table or show.say"
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "show":
            yield call.lineno, "end the cell with show.figure(...), not with .show()"
        elif name == "print" and not all(isinstance(arg, ast.Constant) for arg in call.args):
            yield call.lineno, "print(...) of something computed; use show.say or show.table"
        elif name == "print" and any(re.search(r"\d", str(arg.value)) for arg in call.args):
            yield call.lineno, "print(...) of a number; use show.say or show.table"


def _last_line(cell: Cell) -> Iterator[tuple[int, str]]:
    """Yield a last line that displays something else than a value of ``show``."""
    last = cell.tree.body[-1] if cell.tree and cell.tree.body else None
    if not isinstance(last, ast.Expr) or cell.source.rstrip().endswith(";"):
        return
    call = isinstance(last.value, ast.Call)
    name = dotted(last.value.func) if call else ""
    shown = any(output["output_type"] == "execute_result" for output in cell.outputs)
    if not name.startswith("show.") and (shown or not call):
        yield (
            last.lineno,
            "the last line displays a bare value; use show.table, show.figure or show.say",
        )


def _lost(cell: Cell) -> Iterator[tuple[int, str]]:
    """Yield calls of ``show`` that are not the last line, so that nobody sees their value."""
    for statement in cell.tree.body[:-1] if cell.tree else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            room, _, name = dotted(statement.value.func).partition(".")
            if room == "show" and name in _RETURNED:
                yield statement.lineno, f"show.{name}(...) is seen only on the last line of a cell"


def _global_random(node: ast.AST) -> str:
    """Return what draws at random without a seed of its own, or nothing."""
    names = [alias.name for alias in getattr(node, "names", ()) if isinstance(alias, ast.alias)]
    if isinstance(node, ast.Import) and "random" in names:
        return "import random"
    if isinstance(node, ast.ImportFrom):
        drawn = [name for name in names if name not in _LOCAL_RANDOM]
        if node.module == "random" or (node.module == "numpy.random" and drawn):
            return f"from {node.module} import {', '.join(names)}"
    if isinstance(node, ast.Attribute):
        match = _NUMPY_RANDOM.fullmatch(dotted(node))
        return dotted(node) if match and match[1] not in _LOCAL_RANDOM else ""
    if isinstance(node, ast.Call):
        name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
        given = {keyword.arg for keyword in node.keywords}
        if name == "default_rng" and not node.args and "seed" not in given:
            return "default_rng() without a seed"
        if isinstance(node.func, ast.Attribute) and name in ("sample", "rvs"):
            return "" if "random_state" in given else f".{name}(...) without random_state="
    return ""
