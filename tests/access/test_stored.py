"""A lesson as a student first meets it in JupyterLab, stored and not trusted; a narrow window."""

import shutil

import nbformat
import pytest
from nbformat import v4

from customer_insight.course.house import find_house, lesson_texts

from .lab import jupyterlab

SCROLL = """() => {
    const panel = document.querySelector('.jp-WindowedPanel-outer');
    const before = panel.scrollTop;
    panel.scrollTop += 600;
    return panel.scrollTop > before;
}"""
CELL = """import pandas as pd
from customer_insight import show

def purchases(rate, weeks):
    return pd.DataFrame({"week": [1, weeks], "purchases": [rate, weeks * rate]})

show.explore(
    purchases,
    controls={
        "rate": ("Purchases a week while still active", 0, 5, 1, 2),
        "weeks": ("Weeks", 5, 50, 1, 10),
    },
    draw=lambda frame: show.lines(
        frame,
        x="week",
        y=["purchases"],
        title="Purchases grow",
        xlabel="week",
        ylabel="purchases",
        alt="Line of purchases by week: they grow evenly.",
    ),
    description="Set how often a customer buys, and count.",
)"""
# What stands out of its output to the right, where no scroll bar of its own leads to it.
CUT = """area => [...area.querySelectorAll('*')].filter(part =>
    part.getBoundingClientRect().width > 0
    && part.getBoundingClientRect().right > area.getBoundingClientRect().right + 1
    && !part.closest('details')).map(part => part.className || part.tagName)"""

OPENED = """fold => {
    fold.querySelector('summary').click();
    return fold.open && fold.querySelector('p').getClientRects().length > 0;
}"""

pytestmark = [pytest.mark.evidence, pytest.mark.browser]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on copies of the lessons and on one widget."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    house = find_house()
    for text in lesson_texts(house):
        name = house.name(text).replace("/", "-")
        shutil.copy(text.with_suffix(".ipynb"), folder / "notebooks" / f"{name}.ipynb")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    widget = v4.new_notebook(cells=[v4.new_code_cell(CELL)], metadata={"kernelspec": kernel})
    nbformat.write(widget, folder / "notebooks" / "widget.ipynb")
    with jupyterlab(folder) as address:
        yield address


def opened(browser, address):
    """Open a notebook, with the panel of files closed as a reader with little room would."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell.jp-mod-active").wait_for()
    files = page.locator("#jp-left-stack")
    if files.is_visible():
        page.keyboard.press("Control+b")
        files.wait_for(state="hidden")
    return page


def seen(page):
    """Scroll through a notebook; yield each output when it is on the screen, once."""
    outputs = page.locator(".jp-OutputArea-output.jp-RenderedHTMLCommon")
    outputs.first.wait_for()
    last, met = page.get_by_role("heading", name="What next"), set()
    while True:
        for area in outputs.all():
            text = area.text_content()
            if text not in met:
                met.add(text)
                yield area
        if not page.evaluate(SCROLL) and last.count():
            return
        page.wait_for_timeout(200)


@pytest.mark.parametrize("name", [find_house().name(text) for text in lesson_texts(find_house())])
def test_a_stored_lesson_reads_well_before_it_is_run(browser, lab, name):
    page = opened(browser, lab(f"{name.replace('/', '-')}.ipynb"))
    found = {"table": 0, "figure": 0, "question": 0, "explore": 0}
    for area in seen(page):
        for kind in found:
            inside = kind if kind in {"table", "figure"} else f".{kind}"
            found[kind] += area.locator(inside).count()
        for side in ("left", "right"):
            for cell in area.locator(f"td[style*='{side}']").all()[:4]:
                assert cell.evaluate("e => getComputedStyle(e).textAlign") == side
        for caption in area.locator("caption").all():
            assert caption.evaluate("e => getComputedStyle(e).textAlign") == "left"
        for picture in area.locator("img").all():
            assert picture.get_attribute("alt")
            assert picture.evaluate("e => e.complete && e.naturalWidth > 300")
        for fold in area.locator(".question details").all()[:1]:
            assert fold.evaluate(OPENED)
    text = (find_house().notebooks / f"{name}.py").read_text(encoding="utf-8")
    expected = [kind for kind in found if f"show.{kind}(" in text] + ["figure"]
    assert all(found[kind] for kind in expected), found
    page.close()


def test_no_question_about_news_stands_before_the_lesson(browser, lab):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(lab("widget.ipynb"))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.wait_for_timeout(3000)
    assert page.locator(".Toastify__toast").count() == 0
    assert not [url for url in asked if "/api/news" in url or "/api/update" in url]
    page.close()


def test_a_widget_fits_a_narrow_window(browser, lab):
    page = opened(browser, lab("widget.ipynb"))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.set_viewport_size({"width": 400, "height": 900})
    page.locator(".jp-Notebook .jp-Cell.jp-mod-active").focus()
    page.keyboard.press("Shift+Enter")
    page.locator(".widget-slider").first.wait_for()
    page.locator(".widget-html img").wait_for()
    area = page.locator(".jp-OutputArea-output", has=page.locator(".widget-slider"))
    assert area.evaluate("e => e.clientWidth") > 200
    assert area.evaluate(CUT) == []
    for label in page.locator(".widget-text label").all():
        assert label.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), "the label is cut"
    for part in (*page.locator(".widget-text input").all(), *page.locator(".noUi-target").all()):
        assert part.bounding_box()["width"] >= 40, "too small to be used"
    page.close()
