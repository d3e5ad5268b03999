"""Lessons as pages: of the book, and as exported by nbconvert."""

import shutil
from pathlib import Path

import axe_playwright_python
import nbformat
from nbformat import v4

from customer_insight.course.book import build
from customer_insight.course.export import export_page
from customer_insight.course.house import House, find_house

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
LEVELS = ("minor", "moderate", "serious", "critical")


def cell(source, output, tags=()):
    """Return a code cell that has displayed this."""
    kind = "execute_result"
    shown = v4.new_output(kind, data=output._repr_mimebundle_(), execution_count=1)
    return v4.new_code_cell(
        source, outputs=[shown], metadata={"tags": list(tags)}, execution_count=1
    )


def book(folder, **lessons):
    """Build a book of these notebooks; a double underscore in a name stands for a slash."""
    course = House(folder)
    for name, notebook in lessons.items():
        inside = name.removeprefix("n").replace("__", "/")
        for path in (course.executed / f"{inside}.ipynb", course.notebooks / f"{inside}.py"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        nbformat.write(notebook, course.executed / f"{inside}.ipynb")
    shutil.copy(find_house().notebooks / "curriculum.yml", course.notebooks)
    build(course)
    return course.book


def export(notebook, path, theme="light"):
    """Write a notebook as one page of nbconvert's."""
    path.write_text(export_page(notebook, title="Page", theme=theme), encoding="utf-8")
    return path


def violations(page, levels=("serious", "critical")):
    """Return what axe-core finds on a page, "rule: place" for each place."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node.get('any', [{}])[:1]}"[:420]
        for rule in found
        if rule["impact"] in levels
        for node in rule["nodes"]
    ]
