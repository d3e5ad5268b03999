"""Formulas as MathML, which a browser shows without any script; nothing unknown passes silently."""

import re
from xml.etree import ElementTree

_SAME_AS = {"aligned": "split", "align": "align*", "equation*": "equation"}
_BREAKING = {"split", "align*", "cases", "array"}
_BREAKING |= {"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix"}
_ENVIRONMENTS = _BREAKING | {"equation"}
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\[\\{}$%&#_]")
_CHILDREN = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
_SPACES = {"negativethinmathspace": "-0.167em"}
_THIN = "0.167em"


class FormulaError(ValueError):
    """A formula that cannot be shown as it was meant."""


def mathml(formula: str, *, display: bool = False) -> str:
    r"""Return a LaTeX formula as a MathML element.

    latex2mathml does the translation. What it would pass on in silence is refused here (macros and
    environments that it does not know, lost arguments, line breaks that no browser shows), and what
    browsers would set too tightly is spaced (``\log x``) or too widely (``10{,}000``).

    Parameters
    ----------
    formula : str
        LaTeX, without the dollar signs around it.
    display : bool, default False
        Whether the formula stands on a line of its own.

    Returns
    -------
    str
        One ``<math>`` element for HTML.

    Raises
    ------
    FormulaError
        If the formula is empty or holds something that would not be shown; the message quotes the
        formula.

    Examples
    --------
    >>> mathml("x^2")
    '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    """
    prepared = _prepared(formula)
    import latex2mathml.converter

    try:
        markup = latex2mathml.converter.convert(prepared, display="block" if display else "inline")
    except Exception as error:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__.removesuffix("Error"))
        raise _refusal(formula, f"it does not parse ({str(error) or name.lower()})") from error
    if "&<" in markup:
        raise _refusal(formula, "a stray '&' stands in it")
    try:
        tree = ElementTree.fromstring(re.sub(r' xmlns="[^"]*"', "", markup))  # noqa: S314 - ours
    except ElementTree.ParseError as error:
        raise _refusal(formula, "it holds a sign that cannot be shown") from error
    for element in tree.iter():
        _check(element, formula)
    _space(tree)
    return ElementTree.tostring(tree, encoding="unicode", short_empty_elements=False)


def _refusal(formula: str, what: str) -> FormulaError:
    """Return the error for a formula."""
    return FormulaError(
        f"The formula '{' '.join(formula.split())}' cannot be shown: {what}. Write it with what "
        "latex2mathml knows, for example \\operatorname{name}, \\text{...}, aligned or cases."
    )


def _prepared(formula: str) -> str:
    """Return the formula with its environments renamed to known ones, or refuse it."""
    if not formula.strip():
        raise _refusal(formula, "it is empty")
    bare = _ESCAPED.sub("", formula)
    depth = 0
    for sign in re.findall("[{}]", bare):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            break
    if depth:
        raise _refusal(formula, "its braces do not pair up")
    if "$" in bare:
        raise _refusal(formula, "a dollar sign stands inside it")
    renamed = _ENVIRONMENT.sub(
        lambda m: f"\\{m[1]}{{{_SAME_AS.get(m[2].strip(), m[2].strip())}}}", formula
    )
    unknown = {m[2] for m in _ENVIRONMENT.finditer(renamed)} - _ENVIRONMENTS
    if unknown:
        known = ", ".join(sorted(_ENVIRONMENTS | set(_SAME_AS)))
        raise _refusal(formula, f"environment {sorted(unknown)[0]!r} is not one of {known}")
    return renamed


def _check(element: ElementTree.Element, formula: str) -> None:
    """Refuse what the translation let through without understanding it."""
    text = element.text or ""
    if "\\" in text:
        raise _refusal(formula, f"macro '{text}' is not known")
    if element.tag == "mo" and not text and "fence" not in element.attrib:
        raise _refusal(formula, "an operator has no name")
    if element.tag == "mspace" and "linebreak" in element.attrib:
        raise _refusal(formula, f"a line break needs one of {', '.join(sorted(_BREAKING))}")
    wanted = _CHILDREN.get(element.tag)
    if wanted and len(element) != wanted:
        raise _refusal(formula, f"an argument is missing in a part that needs {wanted}")


def _space(tree: ElementTree.Element) -> None:
    """Set spaces, and capital Greek letters upright, as browsers do not by themselves; in place."""
    for parent in tree.iter():
        children = [None, *parent, None]
        for before, child, after in zip(children, children[1:], children[2:], strict=False):
            if child is not None and not (before is None and parent.tag in _SCRIPTS):
                _space_name(before, child, after)
        if parent.tag == "mspace":
            parent.set("width", _SPACES.get(parent.get("width", ""), parent.get("width", "0")))
        if parent.tag == "mi" and parent.text == ";":
            parent.tag = "mo"
        if parent.tag == "mi" and re.fullmatch("[Α-Ω]", parent.text or ""):
            parent.set("mathvariant", "normal")
        if parent.tag == "mrow" and len(parent) == 1 and parent[0].text == ",":
            parent[0].attrib |= {"lspace": "0", "rspace": "0"}


def _space_name(
    before: ElementTree.Element | None,
    child: ElementTree.Element,
    after: ElementTree.Element | None,
) -> None:
    """Set a function's name such as log apart from its neighbours, unless a bracket follows."""
    name = child[0] if child.tag in _SCRIPTS else child
    text = name.text or ""
    if name.tag not in ("mi", "mo") or len(text) == 1 or not text.isalpha():
        return
    name.tag = "mo"
    inner = after[0] if after is not None and after.tag == "mrow" and len(after) else after
    bracket = inner is not None and (inner.text or "") in {"(", "["}
    name.set("lspace", "0" if before is None or before.tag == "mo" else _THIN)
    name.set("rspace", "0" if bracket else _THIN)


def setup(app: object) -> dict:
    """Register the renderer with Sphinx, which calls this by its name."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_visit_inline, None), block_renderers=(_visit_block, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _visit_inline(translator: object, node: object) -> None:
    """Write a formula in a line of text."""
    from docutils import nodes

    translator.body.append(_shown(node, display=False))
    raise nodes.SkipNode


def _visit_block(translator: object, node: object) -> None:
    """Write a formula on its own line, with its number where it has one."""
    from docutils import nodes
    from sphinx.util.math import get_node_equation_number

    translator.body.append(translator.starttag(node, "div", CLASS="formula"))
    translator.body.append(f'<div class="formula-scroll">{_shown(node, display=True)}</div>')
    if node.get("number"):
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="formula-number">({number})</span>')
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _shown(node: object, *, display: bool) -> str:
    """Return a node's formula; a refusal becomes a warning of Sphinx's, which names the lesson."""
    from sphinx.util import logging

    try:
        return mathml(node.astext(), display=display)
    except FormulaError as error:
        logging.getLogger(__name__).warning("%s", error, location=node)
        return ""
