"""A lesson as one page: text, formulas, code and outputs in a file that loads nothing."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.course.house import House, HouseError, choose_lessons
from customer_insight.course.mathml import mathml
from customer_insight.course.notebook import read_notebook, tidy
from customer_insight.data.files import write_whole

if TYPE_CHECKING:
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

THEMES = ("light", "dark")
_ADDRESSES = (
    "jquery_url",
    "mathjax_url",
    "mermaid_js_url",
    "require_js_url",
    "widget_renderer_url",
)
# nbconvert's own colours for prompts, comments and errors are too pale to be read by all.
_STYLE = """<style>
  body .jp-RenderedHTMLCommon a:link { text-decoration: underline !important; }
  body .jp-RenderedHTMLCommon a.anchor-link:link { text-decoration: none !important; }
  body .jp-OutputArea-output pre {
    overflow-wrap: anywhere !important; white-space: pre-wrap !important; overflow: visible;
  }
  body { --jp-cell-prompt-not-active-opacity: 1; }
  body[data-jp-theme-light="true"] {
    --jp-cell-inprompt-font-color: #5a5a5a; --jp-cell-prompt-not-active-font-color: #5a5a5a;
    --jp-mirror-editor-comment-color: #2f6868; --jp-mirror-editor-number-color: #006a00;
    .highlight .ow { color: #8a00d6; }
    .ansi-red-fg { color: #a0201c; } .ansi-green-fg { color: #005c2c; }
    .ansi-yellow-fg { color: #6b4a00; } .ansi-cyan-fg { color: #00545c; }
  }
  body[data-jp-theme-light="false"] {
    --jp-mirror-editor-comment-color: #7fbfbf; --jp-mirror-editor-operator-color: #d79bff;
    .ansi-red-fg { color: #ff9d99; } .ansi-green-fg { color: #5fe0a0; }
    .highlight .ow { color: #d79bff; }
  }
</style>
"""


def export_page(notebook: NotebookNode, *, title: str, theme: str = "light") -> str:
    """Return a lesson, with its outputs, as one page of HTML that needs nothing from outside.

    nbconvert makes the page; formulas are MathML, no script is loaded, and colours that are too
    pale to read are made darker. Widgets become what they show without a kernel.

    Parameters
    ----------
    notebook : NotebookNode
        An executed lesson of format 4.
    title : str
        What the browser's tab says.
    theme : {"light", "dark"}
        Colours of the page.

    Returns
    -------
    str
        The page.

    Raises
    ------
    ValueError
        If the theme is another.
    customer_insight.course.mathml.FormulaError
        If a formula cannot be shown as it was meant.
    """
    if theme not in THEMES:
        raise ValueError(f"theme must be one of {', '.join(THEMES)}; it is {theme!r}.")
    exporter = _exporter()(theme=theme, **dict.fromkeys(_ADDRESSES, ""))
    resources = {"metadata": {"name": title}}
    page, _ = exporter.from_notebook_node(tidy(notebook), resources=resources)
    return page.replace("</head>", f"{_STYLE}</head>", 1)


def export_lesson(
    house: House, lesson: str | Path, out: Path | None = None, *, theme: str = "light"
) -> Path:
    """Write a lesson, as its notebook is stored, as one page.

    Parameters
    ----------
    house : House
        Where the lessons are.
    lesson : str or Path
        One lesson, as in `choose_lessons`.
    out : Path, optional
        The page's file; default: the lesson's name in ``build/pages``.
    theme : {"light", "dark"}
        As in `export_page`.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    HouseError
        If the name fits no lesson, or several.
    NotebookError
        If the lesson is not built.
    """
    texts = choose_lessons(house, [lesson])
    if len(texts) != 1:
        names = ", ".join(house.name(text) for text in texts)
        raise HouseError(f"{lesson} stands for {len(texts)} lessons ({names}). Name one.")
    name = house.name(texts[0])
    page = out or house.build / "pages" / f"{name}.html"
    notebook = read_notebook(texts[0].with_suffix(".ipynb"))
    write_whole(page, export_page(notebook, title=name, theme=theme).encode())
    return page


@functools.cache
def _exporter() -> type[HTMLExporter]:
    """Return nbconvert's exporter with formulas as MathML; made late, for it is slow to import."""
    from jinja2 import pass_context
    from nbconvert import HTMLExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def inline_math(self, body: str) -> str:
            return mathml(body)

        def block_math(self, body: str) -> str:
            return mathml(body, display=True)

    class Exporter(HTMLExporter):
        @pass_context
        def markdown2html(self, context: Mapping, source: str) -> str:
            attached = context.get("cell", {}).get("attachments", {})
            renderer = Renderer(escape=False, attachments=attached)
            return MarkdownWithMath(renderer=renderer).render(source)

    return Exporter
