"""The widget in a living JupyterLab, and a check, with the keyboard alone."""

import re

import nbformat
import pytest
from nbformat import v4

from customer_insight import show

from .lab import jupyterlab

CELL = """import pandas as pd
from customer_insight import show

def purchases(rate):
    if rate > 4:
        raise ValueError("a rate above 4 <b>a week</b> was never seen")
    return pd.DataFrame({"week": [1, 10], "purchases": [rate, 10 * rate]})

show.explore(
    purchases,
    controls={"rate": ("Purchases a week while the customer is still active", 0, 5, 1, 2)},
    draw=lambda frame: show.table(frame, caption="Purchases so far"),
    description="Set how often a customer buys, and count.",
)"""
MONEY = "It was $820; then $877, and \\\\(x\\\\) stays."
FOCUS = "document.activeElement.closest('.widget-slider, .widget-text')?.className ?? ''"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a folder with one notebook; return the notebook's address."""
    folder = tmp_path_factory.mktemp("lab")
    sources = [
        CELL,
        f"from IPython.display import HTML\nHTML('<p class=\"typeset\">{MONEY}</p>')",
        f"show.say('{MONEY}')",
    ]
    cells = [v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (folder / "notebooks").mkdir()
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "notebooks" / "try.ipynb")
    with jupyterlab(folder) as address:
        yield address("try.ipynb")


@pytest.mark.evidence
@pytest.mark.browser
def test_a_slider_is_reached_by_tab_and_moved_by_arrows(browser, lab):
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.set_default_timeout(60_000)
    page.goto(lab)
    page.locator(".jp-Notebook .jp-Cell.jp-mod-active").wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.locator(".jp-Notebook .jp-Cell.jp-mod-active").focus()
    for _ in range(3):
        page.keyboard.press("Shift+Enter")
    page.locator("p.say").wait_for()
    numbers = page.locator(".widget-html td").nth(3)
    numbers.wait_for()
    assert numbers.inner_text() == "20"
    page.keyboard.press("Escape")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    reached = []
    while "widget-slider" not in (reached or [""])[-1]:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUS))
        assert len(reached) < 12, reached
    assert any("widget-text" in one for one in reached), "the labelled field is passed by Tab"
    for key, wanted in (("ArrowRight", "30"), ("ArrowUp", "40"), ("ArrowLeft", "30")):
        page.keyboard.press(key)
        page.locator(".widget-html td", has_text=re.compile(f"^{wanted}$")).wait_for()
    page.keyboard.press("End")
    refused = page.locator(".widget-html [role=alert]")
    refused.wait_for()
    assert "above 4 <b>a week</b> was never seen" in refused.inner_text()
    page.keyboard.press("Home")
    page.locator(".widget-html td", has_text=re.compile("^0$")).first.wait_for()
    field = page.get_by_label("Purchases a week while the customer is still active")
    assert field.input_value() == "0"
    label = page.locator(".widget-text label")
    assert label.evaluate("e => e.scrollWidth <= e.clientWidth"), "the label is cut"
    slider = page.locator(".widget-slider .noUi-target").bounding_box()
    assert slider["width"] > 100
    page.locator("p.typeset mjx-container").first.wait_for()
    assert page.locator("p.say mjx-container").count() == 0
    assert "$820; then $877" in page.locator("p.say").inner_text()
    page.close()


@pytest.mark.browser
def test_a_check_is_answered_with_tab_and_enter(browser):
    asked = show.question(
        "Which comes first?",
        {
            "The second": (False, "The second comes after the first one."),
            "The first": (True, "By its name."),
        },
    )
    page = browser.new_page()
    page.set_content(asked.html)
    assert not page.get_by_text("Not quite.").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_text("Not quite.").is_visible()
    assert not page.get_by_text("Right.").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_text("Right.").is_visible()
    page.close()
