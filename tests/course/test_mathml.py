import re
from xml.etree import ElementTree

import pytest

from customer_insight.course.mathml import FormulaError, mathml

SHOWN = [
    r"E[X(t) \mid x, t_x, T, r, \alpha, a, b]",
    r"{}_2F_1\!\left(r + x, b + x; a + b + x + t - 1; \frac{t}{\alpha + T + t}\right)",
    r"\frac{\Gamma(r+x)\,\alpha^r}{\Gamma(r)(\alpha+T)^{r+x}} + \delta_{x>0}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"\begin{align} a &= b \\ c &= d \end{align}",
    r"d = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}",
    r"\sum_{i=1}^{n} \int_0^\infty e^{-\lambda t}\,dt \le \prod_j \binom{n}{k}",
    r"\hat{\lambda} = \operatorname{argmax} \bar{x} \cdot \sqrt{\mathbf{y}^\top}",
    r"P(\text{客户 alive}) = 95\%, \$5, \{a\}, \#, p\&l",
]


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("formula", SHOWN)
def test_a_formula_becomes_one_element_without_a_backslash(formula, display):
    shown = mathml(formula, display=display)
    assert "\\" not in shown
    assert shown.startswith(f'<math display="{"block" if display else "inline"}">')
    assert ElementTree.fromstring(shown).tag == "math"


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        (r"\foo{x}", r"macro '\foo' is not known"),
        (r"x \label{a}", r"macro '\label' is not known"),
        (r"\frac{a}", "an argument is missing in a part that needs 2"),
        (r"\left( x", "does not parse (extra left or missing right)"),
        ("x_", "does not parse (missing super script or subscript)"),
        ("{x", "its braces do not pair up"),
        ("x}{", "its braces do not pair up"),
        ("a & b", "a stray '&' stands in it"),
        (r"x \\ y", "a line break needs one of"),
        (r"\begin{gather} x \end{gather}", "environment 'gather' is not one of"),
        (r"\text{a $x$}", "a dollar sign stands inside it"),
        (r"\operatorname*{arg\,max}_x", "an operator has no name"),
    ],
)
def test_what_would_pass_silently_is_refused_and_the_formula_quoted(formula, what):
    with pytest.raises(FormulaError) as raised:
        mathml(formula)
    assert what in str(raised.value)
    assert f"'{formula}'" in str(raised.value)
    assert r"Write it with what latex2mathml knows, for example \operatorname" in str(raised.value)


@pytest.mark.parametrize("formula", ["", "  \n"])
def test_an_empty_formula_is_refused(formula):
    with pytest.raises(FormulaError, match="it is empty"):
        mathml(formula)


def names(formula):
    """Return text, space before and space after of every name of a function."""
    found = re.findall(r'<mo[^>]*lspace="(.*?)" rspace="(.*?)">(\w+)</mo>', mathml(formula))
    return [(name, before, after) for before, after, name in found]


def test_a_name_stands_apart_from_its_argument_unless_a_bracket_follows():
    thin = "0.167em"
    assert names(r"\log x") == [("log", "0", thin)]
    assert names(r"2\log(x)") == [("log", thin, "0")]
    assert names(r"2\log\left(x\right)") == [("log", thin, "0")]
    assert names(r"a + \max_i x_i") == [("max", "0", thin)]
    assert names(r"3\max_i x_i") == [("max", thin, thin)]
    assert names(r"\operatorname{Var}(X)") == [("Var", "0", "0")]


def test_a_comma_in_braces_takes_no_space():
    assert '<mo lspace="0" rspace="0">,</mo>' in mathml("10{,}000")
    assert "<mo>,</mo>" in mathml("f(a, b)")


def test_a_negative_space_is_one_that_browsers_read():
    assert 'width="-0.167em"' in mathml(r"F\!x")


def test_capital_greek_letters_stand_upright_and_small_ones_do_not():
    assert '<mi mathvariant="normal">Γ</mi>' in mathml(r"\Gamma")
    assert "<mi>λ</mi>" in mathml(r"\lambda")
