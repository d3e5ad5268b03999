"""Every page of the book and of an exported lesson, read by axe-core: nothing serious stands."""

import nbformat
import pandas as pd
import pytest
from nbformat import v4

from customer_insight import show
from customer_insight.course.house import find_house, lesson_texts
from customer_insight.show.figure import _check_alt

from . import pages

SCHEMES = ["light", "dark"]


def purchases(rate):
    return pd.DataFrame({"week": [1, 10], "purchases": [rate, 10 * rate]})


def drawn(frame):
    return show.lines(
        frame,
        x="week",
        y=["purchases"],
        title="Purchases grow",
        xlabel="week",
        ylabel="purchases",
        alt=f"Line of purchases: they grow to {frame['purchases'].iloc[-1]} in week 10.",
    )


@pytest.fixture(scope="module")
def outputs():
    customers = pd.DataFrame({"客户": ["a", "b"], "spent": [3.5, None]})
    return [
        show.table(customers, caption="Customers and dollars"),
        drawn(purchases(2)),
        show.say("The first spent $820; the second $877."),
        show.question(
            "One purchase a year ago. Is the customer gone?",
            {
                "Surely": (False, "Silence makes it likely, but nobody has told us."),
                "Nobody knows": (True, "We see purchases, not the decision."),
            },
        ),
        show.explore(
            purchases,
            controls={"rate": ("Purchases a week", 0, 5, 1, 2)},
            draw=drawn,
            description="Set how often a customer buys, and count.",
        ),
    ]


def plain_page(page, body):
    page.set_content(
        f'<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>{body}</main></html>'
    )


def placeholders(page):
    """Return the pictures whose words say nothing."""
    found = []
    for alt in page.eval_on_selector_all("main img", "all => all.map(e => e.alt)"):
        try:
            _check_alt(alt)
        except ValueError:
            found.append(alt)
    return found


@pytest.mark.browser
def test_what_show_emits_has_nothing_serious(browser, outputs):
    page = browser.new_page()
    bundles = [output._repr_mimebundle_() for output in outputs]
    plain_page(page, "".join(bundle["text/html"] for bundle in bundles))
    assert page.locator("img").count() == 2
    assert pages.violations(page) == []
    assert placeholders(page) == []
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "image-alt (critical)"),
        ('<p style="color: #aaa; background: #fff">pale</p>', "color-contrast (serious)"),
        ("<details><summary></summary>x</details>", "summary-name (serious)"),
    ],
)
def test_axe_finds_what_is_wrong(browser, body, rule):
    page = browser.new_page()
    plain_page(page, body)
    assert any(found.startswith(rule) for found in pages.violations(page))
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("alt", ["", "TODO", "Figure 1: chart of the plot", "image"])
def test_a_placeholder_is_found(browser, alt):
    page = browser.new_page()
    plain_page(page, f'<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="{alt}">')
    assert placeholders(page) == [alt]
    page.close()


def lessons():
    """Return the stored lessons of the course by name."""
    house = find_house()
    stored = [(house.name(text), text.with_suffix(".ipynb")) for text in lesson_texts(house)]
    return {name: nbformat.read(path, as_version=4) for name, path in stored if path.is_file()}


@pytest.fixture(scope="module")
def site(tmp_path_factory, outputs):
    """Return a folder with the book, and each lesson as one page in both themes."""
    folder = tmp_path_factory.mktemp("site")
    error = v4.new_output("error", ename="ValueError", evalue="no", traceback=[TRACEBACK])
    failed = v4.new_code_cell("1 / 0", outputs=[error], metadata={"tags": ["raises-exception"]})
    cells = [v4.new_markdown_cell("# All that is shown\n\nIn $x^2$, [there](https://a.example).")]
    cells += [pages.cell("show(x)  # 'text' 12", output) for output in outputs]
    every = {"n00_all": v4.new_notebook(cells=[*cells, failed])}
    every |= {name.replace("/", "__"): notebook for name, notebook in lessons().items()}
    pages.book(folder, **every)
    for name, notebook in every.items():
        for scheme in SCHEMES:
            pages.export(notebook, folder / f"{name}.{scheme}.html", scheme)
    return folder


TRACEBACK = (
    "\x1b[0;31m-----\x1b[0m\n\x1b[0;31mValueError\x1b[0m  Traceback (most recent call last)\n"
    "Cell \x1b[0;32mIn[1], line 1\x1b[0m\n\x1b[0;32m----> 1\x1b[0m \x1b[38;5;241;43m1\x1b[39;49m"
)


@pytest.mark.evidence
@pytest.mark.browser
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_of_the_book_and_every_exported_lesson(browser, site, scheme):
    page = browser.new_page(color_scheme=scheme)
    addresses = [*sorted((site / "build/book").rglob("*.html")), *site.glob(f"*.{scheme}.html")]
    assert len(addresses) >= 8
    found, minor = [], set()
    for path in addresses:
        page.goto(path.as_uri())
        if path.name.endswith(".html") and "data-theme" in path.read_text(encoding="utf-8"):
            assert page.evaluate("document.documentElement.dataset.theme") == scheme
        every = pages.violations(page, pages.LEVELS)
        grave = [one for one in every if "(serious)" in one or "(critical)" in one]
        found += [f"{path.name}: {one}" for one in grave]
        found += [f"{path.name}: alt {alt!r}" for alt in placeholders(page)]
        minor |= {one.split(":")[0] for one in every if one not in grave}
    print("Less than serious:", sorted(minor))
    assert found == []
    page.close()
