import base64
import hashlib
import shutil
import zlib
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from customer_insight.course.book import BookError, build
from customer_insight.course.house import House, find_house

from ..browsing import served

ALT = "Purchases grow from one to nine in three weeks"
LESSON = "05_clv/3_buy_till_you_die"
IDEA = r"""## The idea: rate $\lambda$ and 终身价值

A customer buys at rate $\lambda$; we want $E[X \mid x, t_x, T]$.

$$P(\text{alive})
= \frac{1}{1 + \frac{a}{b + x - 1}\left(\frac{\alpha + T}{\alpha + t_x}\right)^{r + x}}$$

$$L = \frac{\Gamma(r+x)\,\alpha^r}{\Gamma(r)}
\left[\frac{B(a, b+x)}{B(a, b)}\frac{1}{(\alpha+T)^{r+x}}
+ \delta_{x>0}\frac{B(a+1, b+x-1)}{B(a, b)}\frac{1}{(\alpha+t_x)^{r+x}}\right]
+ \frac{B(a+1, b+x-1)}{B(a, b)}\frac{1}{(\alpha+t_x)^{r+x}}$$ (likelihood)

$$\begin{aligned} a &= b \\
c &= \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases} \end{aligned}$$

The likelihood is {eq}`likelihood`.
"""


def picture():
    """Return a grey PNG, 300 by 150, as text."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    header = (300).to_bytes(4) + (150).to_bytes(4) + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * 300 for _ in range(150)))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def text(source):
    return v4.new_markdown_cell(source)


def code(source, *outputs, tags=()):
    return v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def shows(html):
    return v4.new_output("display_data", data={"text/html": html, "text/plain": "plain"})


def full_lesson():
    wide = "".join(f"<th>column {number}</th>" for number in range(30))
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "VBox()"}
    figure = f'<figure><img alt="{ALT}" src="data:image/png;base64,{picture()}"></figure>'
    return [
        text("# What will each customer still buy?\n\n购买预测"),
        text(IDEA),
        code("show.table(customers)", shows(f"<table><tr>{wide}</tr></table>"), tags=["C1.2f"]),
        text("### In money\n\nRead [the start](../00_start_here.ipynb)."),
        code("show.figure(f)", shows(figure), tags=["D3.4p", "hide-input"]),
        code("print(1)", v4.new_output("stream", name="stderr", text="NOISE")),
        code("show.explore(f)", v4.new_output("display_data", data=view), tags=["widget"]),
    ]


def house(folder, **lessons):
    """Return a course with these lessons run; a name's double underscore stands for a slash."""
    course = House(folder)
    for name, cells in lessons.items():
        inside = name.removeprefix("n").replace("__", "/")
        for path in (course.executed / f"{inside}.ipynb", course.notebooks / f"{inside}.py"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        nbformat.write(v4.new_notebook(cells=cells), course.executed / f"{inside}.ipynb")
    course.notebooks.mkdir(exist_ok=True)
    shutil.copy(find_house().notebooks / "curriculum.yml", course.notebooks)
    return course


def sums(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = house(
        tmp_path_factory.mktemp("course"),
        n00_start_here=[text("# Start here 从这里开始\n\nHello.")],
        n05_clv__3_buy_till_you_die=full_lesson(),
    )
    # A copy whose lesson is gone is not in the book.
    shutil.copy(made.executed / "00_start_here.ipynb", made.executed / "05_clv" / "9_gone.ipynb")
    assert build(made) == made.book / "index.html"
    return made


def test_the_contents_are_the_lessons_that_exist(course):
    pages = {path.relative_to(course.book).as_posix() for path in course.book.rglob("*.html")}
    own = {"index.html", "topics.html", "search.html", "genindex.html"}
    assert pages == own | {"00_start_here.html", "05_clv/index.html", f"{LESSON}.html"}
    index = (course.book / "index.html").read_text(encoding="utf-8")
    assert "5 Lifetime value 客户终身价值" in index
    assert "5.3 What will each customer still buy?" in index
    assert "2 of the 140 topics" in index


def test_a_topic_is_linked_to_its_section(course):
    topics = (course.book / "topics.html").read_text(encoding="utf-8")
    assert f'href="{LESSON}.html#in-money"' in topics
    page = (course.book / f"{LESSON}.html").read_text(encoding="utf-8")
    assert 'id="in-money"' in page
    assert topics.count("not yet") == 138


def test_noise_and_widget_scripts_are_gone_and_a_line_says_where_to_play(course):
    page = (course.book / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "NOISE" not in page
    assert "VBox" not in page
    assert "widget-view" not in page
    assert "controls to play with" in page


def test_the_book_is_whole_and_nothing_is_left_beside_it(course):
    assert {path.name for path in course.build.iterdir()} == {"book", "executed"}


def test_equal_lessons_give_an_equal_book(course):
    before = sums(course.book)
    build(course)
    assert sums(course.book) == before


def test_a_formula_and_a_link_that_cannot_be_shown_are_named_with_their_lesson(tmp_path):
    course = house(
        tmp_path, n05_clv__1_a=[text("# A"), text("See [b](2_b.ipynb)\n\nand $\\foo{x}$.")]
    )
    course.book.mkdir(parents=True)
    (course.book / "index.html").write_text("the old book")
    with pytest.raises(BookError) as raised:
        build(course)
    message = str(raised.value)
    assert r"05_clv/1_a, cell 2, line 3: The formula '\foo{x}' cannot be" in message
    assert "05_clv/1_a, cell 2, line 1: 'myst' cross-reference target not found: '2_b.ip" in message
    assert "A link to a lesson that was not run is mended by `course run`" in message
    assert str(tmp_path) not in message
    assert (course.book / "index.html").read_text() == "the old book"
    assert {path.name for path in course.build.iterdir()} == {"book", "executed"}


def test_a_page_that_would_load_from_outside_is_refused(tmp_path):
    outside = shows('<img alt="x" src="https://outside.example/x.png">')
    course = house(tmp_path, n05_clv__1_a=[text("# A"), code("1", outside)])
    with pytest.raises(BookError, match=r"05_clv/1_a.html loads https://outside.example/x.png"):
        build(course)
    assert not course.book.exists()


def test_a_failed_lesson_and_one_without_a_title_are_both_named(tmp_path):
    error = v4.new_output("error", ename="KeyError", evalue="secret", traceback=["secret"])
    course = house(
        tmp_path,
        n05_clv__1_a=[text("# A"), code("1", error)],
        n05_clv__2_b=[text("## No title")],
    )
    with pytest.raises(BookError) as raised:
        build(course)
    assert "05_clv/1_a, cell 2: KeyError" in str(raised.value)
    assert "05_clv/2_b has 0 headings of level 1" in str(raised.value)
    assert "`course run`" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_without_a_lesson_run_the_error_says_what_to_call(tmp_path):
    with pytest.raises(BookError, match=r"No lesson has been run yet.*course run"):
        build(house(tmp_path))


@pytest.fixture(scope="module", params=["http", "file"])
def site(request, course):
    """Return the book's address, from a server of this machine and from the disk."""
    if request.param == "file":
        yield course.book.as_uri()
    else:
        with served(course.book) as address:
            yield address


@pytest.fixture
def page(browser, site):
    """Return a page on which every request beyond the book and every error is noted, and failed."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    bad = []

    def judge(route):
        if route.request.url.startswith((site, "data:")):
            route.continue_()
        else:
            bad.append(f"request to {route.request.url}")
            route.abort()

    opened.route("**/*", judge)
    opened.on("console", lambda m: bad.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: bad.append(str(error)))
    opened.on("requestfailed", lambda request: bad.append(f"failed: {request.url}"))
    yield opened
    context.close()
    assert bad == []


def visit(page, address, until="load"):
    page.goto(address, wait_until=until)


@pytest.mark.browser
def test_every_page_opens_without_a_request_outside_or_an_error(page, site, course):
    for path in sorted(course.book.rglob("*.html")):
        visit(page, f"{site}/{path.relative_to(course.book).as_posix()}", "networkidle")
        levels = page.eval_on_selector_all(
            "main article :is(h1, h2, h3, h4)", "found => found.map(h => Number(h.tagName[1]))"
        )
        assert levels.count(1) <= 1, path
        steps = [deeper - level for level, deeper in pairwise(levels)]
        assert max(steps, default=0) <= 1, path


@pytest.mark.browser
def test_mathematics_is_visible_and_nothing_of_it_is_cut_off(page, site):
    visit(page, f"{site}/{LESSON}.html")
    formulas = page.locator("article math")
    assert formulas.count() >= 6
    for number in range(formulas.count()):
        formula = formulas.nth(number)
        assert "\\" not in formula.evaluate("e => e.outerHTML")
        box = formula.bounding_box()
        assert box["width"] > 5
        assert box["height"] > 5
    hidden = page.eval_on_selector_all(
        ".formula-scroll", "all => all.filter(e => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert hidden == 0
    fraction = page.locator("article mfrac").first.bounding_box()
    letter = page.locator("article mfrac > :first-child").first.bounding_box()
    assert fraction["height"] > 1.5 * letter["height"]
    assert page.locator(".formula-number").inner_text() == "(1)"


@pytest.mark.browser
def test_a_figure_is_displayed_and_says_what_it_shows(page, site):
    visit(page, f"{site}/{LESSON}.html")
    image = page.locator("article figure img")
    assert image.get_attribute("alt") == ALT
    assert image.evaluate("e => [e.complete, e.naturalWidth, e.naturalHeight]") == [True, 300, 150]
    assert image.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 400])
def test_no_page_is_wider_than_the_window(page, site, width):
    page.set_viewport_size({"width": width, "height": 900})
    for name in ("index", "topics", LESSON):
        visit(page, f"{site}/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_the_switch_turns_the_page_dark_with_readable_outputs(page, site):
    visit(page, f"{site}/{LESSON}.html")
    for theme in ("dark", "light"):
        page.locator(".theme-switch-button").click()
        page.locator(f".theme-change-button[data-mode={theme}]").click()
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        ink, paper = page.eval_on_selector(
            ".cell_output .text_html table",
            """e => {
                const light = text =>
                    text.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
                let paper = e;
                while (getComputedStyle(paper).backgroundColor === 'rgba(0, 0, 0, 0)')
                    paper = paper.parentElement;
                return [light(getComputedStyle(e).color),
                        light(getComputedStyle(paper).backgroundColor)];
            }""",
        )
        assert abs(ink - paper) > 380


@pytest.mark.browser
@pytest.mark.parametrize("words", ["likelihood", "终身价值"])
def test_search_works_where_the_book_lies(page, site, words):
    visit(page, f"{site}/search.html?q={words}")
    found = page.locator("#search-results li a", has_text="What will each customer")
    found.wait_for()
    found.click()
    page.wait_for_url(f"**/{Path(LESSON).name}.html**")


@pytest.mark.browser
def test_folded_code_opens(page, site):
    visit(page, f"{site}/{LESSON}.html")
    folded = page.locator("details.hide.above-input")
    source = folded.locator("pre")
    assert not source.is_visible()
    folded.locator("summary").click()
    assert source.is_visible()
