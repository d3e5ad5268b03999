"""Build the book: pages of the executed lessons that need nothing from outside."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from customer_insight.course.book_pages import (
    ASSETS,
    LessonPage,
    chapter_page,
    front_page,
    glossary_page,
    topics_page,
)
from customer_insight.course.book_source import failures, outside_requests, page_notebook
from customer_insight.course.curriculum import Curriculum, read_curriculum
from customer_insight.course.glossary import Term, terms_of
from customer_insight.course.house import House, lesson_texts
from customer_insight.course.sections import HeadingError, lesson_title
from customer_insight.course.topic_tags import Coverage, read_coverage


class BookError(ValueError):
    """The book cannot be built from the lessons as they are."""


def build(house: House) -> Path:
    """Build the book from the executed lessons; return the path of its first page.

    Only lessons that exist and were run are in it. The new book takes the old one's place when it
    is whole; after an error the old one is as it was. Equal lessons give an equal book.

    Parameters
    ----------
    house : House
        The repository: the lessons as run lie in ``house.executed``, the book comes to lie in
        ``house.book``.

    Returns
    -------
    Path
        ``index.html`` of the book.

    Raises
    ------
    BookError
        If no lesson was run, a lesson failed, has no title, a formula or a link that cannot be
        shown, or would load something from outside. Every problem is named with its lesson.
    """
    curriculum = read_curriculum(house.notebooks / "curriculum.yml")
    notebooks = _executed(house)
    lessons = _lessons(notebooks)
    coverage = read_coverage(house.executed, curriculum)
    house.book.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=house.book.parent, prefix=".book-") as folder:
        source = Path(folder, "source")
        _write_source(source, notebooks, pages(lessons, coverage, curriculum, terms_of(notebooks)))
        built = Path(folder, "html")
        _sphinx(source, built)
        if loads := outside_requests(built):
            raise BookError(
                _listed("The book would load from outside, and it is read without a network", loads)
            )
        for unused in (*built.rglob("*.map"), *built.rglob("*webpack-macros.html")):
            unused.unlink()
        if house.book.exists():
            house.book.rename(Path(folder, "old"))
        built.rename(house.book)
    return house.book / "index.html"


def pages(
    lessons: list[LessonPage],
    coverage: Coverage,
    curriculum: Curriculum,
    terms: Iterable[Term] = (),
) -> dict[str, str]:
    """Return the book's own pages, each a name without suffix and its Markdown.

    Parameters
    ----------
    lessons : list of LessonPage
        Every lesson in the book, in reading order.
    coverage : Coverage
        Where each topic runs.
    curriculum : Curriculum
        Chapters and topics.
    terms : iterable of Term
        What the lessons call things; without any there is no glossary.

    Returns
    -------
    dict
        The front page "index", a page a chapter, and the pages of reference after the lessons.
    """
    reference = {"topics": topics_page(coverage, lessons)}
    if glossary := glossary_page(terms, lessons):
        reference["glossary"] = glossary
    chapters = dict.fromkeys(page.chapter for page in lessons if page.chapter)
    return {
        "index": front_page(lessons, coverage, reference),
        **{f"{key}/index": chapter_page(key, lessons, curriculum) for key in chapters},
        **reference,
    }


def _executed(house: House) -> dict[str, dict]:
    """Return the executed lessons by name, in reading order."""
    import nbformat

    found = {}
    for text in lesson_texts(house):
        path = house.executed / text.relative_to(house.notebooks).with_suffix(".ipynb")
        if path.is_file():
            found[house.name(text)] = nbformat.read(path, as_version=4)
    if not found:
        raise BookError(
            "No lesson has been run yet, and the book shows lessons with their outputs. Run them "
            "with: course run"
        )
    return found


def _lessons(notebooks: dict[str, dict]) -> list[LessonPage]:
    """Return every lesson with its title, or one error that names all that cannot be pages."""
    lessons, problems = [], []
    for name, notebook in notebooks.items():
        problems += [f"{name}, {failure}" for failure in failures(notebook)]
        try:
            lessons.append(LessonPage(name, lesson_title(notebook, name)))
        except HeadingError as error:
            problems.append(str(error))
    if problems:
        raise BookError(
            _listed("Some lessons cannot be pages. Mend them and call `course run` again", problems)
        )
    return lessons


def _write_source(source: Path, notebooks: dict[str, dict], texts: dict[str, str]) -> None:
    """Write what Sphinx reads."""
    contents = {f"{name}.md": text for name, text in texts.items()}
    for name, notebook in notebooks.items():
        contents[f"{name}.ipynb"] = json.dumps(
            page_notebook(notebook), ensure_ascii=False, indent=1
        )
    for name, content in contents.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _sphinx(source: Path, built: Path) -> None:
    """Call Sphinx in a process of its own; each of its warnings is an error."""
    warned = built.with_name("warnings.txt")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "--no-color"]
    command += ["-c", ASSETS, "-d", built.with_name("doctrees"), "-w", warned, source, built]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        command, env=environment, cwd=source, capture_output=True, text=True, check=False
    )
    warnings = warned.read_text(encoding="utf-8") if warned.is_file() else ""
    lines = (warnings or done.stderr if done.returncode else warnings).splitlines()
    problems = [_placed(line.replace(f"{source}{os.sep}", "")) for line in lines if line.strip()]
    if problems or done.returncode:
        raise BookError(
            _listed(
                "The book was not built: something in a lesson cannot be shown as it was meant. A "
                "link to a lesson that was not run is mended by `course run`, the rest in the "
                "lesson's text",
                problems or [f"Sphinx ended with code {done.returncode} and no word."],
            )
        )


def _placed(line: str) -> str:
    """Return a warning of Sphinx's with its place in words; it counts 10,000 lines a cell."""
    match = re.match(r"(.*?)\.ipynb:(\d+): (?:WARNING|ERROR): ", line)
    if match is None:
        return line
    cell, after = divmod(int(match[2]), 10000)
    return f"{match[1]}, cell {cell}, line {after - 1}: {line[match.end() :]}"


def _listed(what: str, problems: list[str]) -> str:
    """Return a message with at most ten problems, one a line."""
    more = [f"  and {len(problems) - 10} more"] if len(problems) > 10 else []
    return "\n".join([f"{what}:", *(f"  {line}" for line in problems[:10]), *more])
