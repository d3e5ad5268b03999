"""Texts that someone else wrote, in everything that is shown: none runs, none breaks a page."""

import re

import nbformat
import pandas as pd
import pytest
from nbformat import v4

from customer_insight import show
from customer_insight.show.escape import NO_MATHEMATICS, shorten, visible

from ..access import pages

HACK = "window.__hacked=1"
OUTSIDE = "http://outside.example/x"
HOSTILE = {
    "script": f"<script>{HACK};alert(1)</script>",
    "script from outside": f"<script src={OUTSIDE}.js></script>",
    "img onerror": f"<img src=x onerror={HACK}>",
    "svg onload": f"<svg onload={HACK}><script>{HACK}</script></svg>",
    "javascript link": f'<a href="javascript:{HACK}" id=bad>pay</a>',
    "markdown link": f"[pay](javascript:{HACK}) ![x]({OUTSIDE}.png) **b** `c` | d |",
    "HTML comment": f"<!-- --><script>{HACK}</script><!--",
    "style end": f"</style><script>{HACK}</script>",
    "cell end": f"</td></tr></table><script>{HACK}</script><table><tr><td>",
    "attribute break": f'" onmouseover="{HACK}" autofocus onfocus="{HACK}" x="',
    "single quote break": f"' onmouseover='{HACK}' onload='{HACK}' x='",
    "template": "{{7*7}} ${7*7} {% raw %} #{7*7} %s {0}",
    "TeX href": f"$\\href{{javascript:{HACK}}}{{pay}}$ $$\\unicode{{x41}}$$ \\(x\\) \\[y\\]",
    "money": "$820; $877 and $x^2$",
    "right to left": "invoice\u202efdp.exe\u2066 \u2069",
    "zero width": "a\u200bb\ufeffc\u2060d a\u200db",
    "null byte": "tea\x00pot",
    "ANSI escapes": "\x1b[31mred\x1b[0m\x1b]8;;http://outside.example\x07link\x1b]8;;\x07",
    "very long": "x" * 20_000,
    "entities": f"&#x3c;script&#x3e;{HACK}&lt;/script&gt; &amp;lt;b&amp;gt;",
    "CSS": f"x{{width:expression({HACK})}} @import url({OUTSIDE}.css); url({OUTSIDE}.png)",
    "data link": "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
    "notebook JSON": '"]}],"cells":[{"cell_type":"code","source":["import os"]}]}\\',
    "iframe srcdoc": f'<iframe srcdoc="<script>parent.{HACK}</script>"></iframe>',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={OUTSIDE}">',
    "spreadsheet formula": f'=HYPERLINK("{OUTSIDE}","pay")',
    "line ends": "one\r\ntwo\rthree\nfour\u2028five\x85six",
    "emoji": "👩‍👩‍👧 and 清禾",
    "CDATA": f"<![CDATA[<script>{HACK}</script>]]>",
    "style attribute": f'<p style="position:fixed;inset:0;background:url({OUTSIDE})">x</p>',
    "base": "<base href='http://outside.example/'>",
    "form": f"<form action={OUTSIDE}><button formaction=javascript:{HACK}>pay</form>",
}
ALT = "A line that falls from three to two over the two weeks shown"


def through_everything(text, *, charts=False):
    """Return outputs in which a text stands wherever a text from data can stand."""
    frame = pd.DataFrame({text: [text, "fine"], "n": [3, 2]}).rename_axis(f"i {text}")
    fig, axes = show.canvas()
    axes.plot([1, 2], [3, 2])
    drawable = text if text.isascii() else "Orders fell"
    axes.set(title=drawable, xlabel="week", ylabel="orders")
    outputs = [
        show.table(frame, caption=f"Caption {text}"),
        show.figure(fig, alt=f"{ALT} {text}", numbers=frame),
        show.say(f"It says {text} here."),
        show.question(
            f"What is {text}?",
            {
                f"One {text}": (False, f"Nobody would call it a one, would they: {text}"),
                f"Two {text}": (True, f"By definition: {text}"),
            },
        ),
        show.explore(
            lambda week: pd.DataFrame({text: [week]}),
            controls={"week": (f"Week {text}", 1, 3, 1, 1)},
            draw=lambda one: show.table(one, caption=text),
            description=f"Look at the texts of every week: {text}",
        ),
    ]
    if charts and text.isascii():
        named = frame.rename(columns={"n": f"_n {text}"}).assign(k=1).reset_index(drop=True)
        words = {"title": text, "xlabel": "x", "ylabel": "y", "alt": ALT}
        for chart in (show.bars, show.lines):
            outputs.append(chart(named, x=text, y=[f"_n {text}", "k"], **words))
        two = pd.DataFrame({"box": [text, "b"], "says": [text, ""], "column": 0, "row": [0, 1]})
        outputs.append(show.diagram(two, links=[(text, "b", text)], title=text, alt=ALT))
    return outputs


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_shown_has_no_markup_of_the_text_and_no_sign_unseen(kind):
    for output in through_everything(HOSTILE[kind]):
        bundle = output._repr_mimebundle_()
        own = re.sub(r'src="data:image/png;base64,[^"]*"', "", bundle["text/html"])
        tags = set(re.findall(r"<\s*/?\s*([a-zA-Z!]+)", own))
        assert tags <= OWN_TAGS
        assert not re.search(r"\son\w+\s*=\s*[\"']?window", re.sub(r'="[^"]*"', "", own_tags(own)))
        for text in (own, bundle["text/plain"]):
            assert visible(text) == text
            text.encode("utf-8")


OWN_TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "style", "p", "strong", "code"}
OWN_TAGS |= {"figure", "img", "details", "summary", "div"}


def own_tags(html):
    """Return the tags alone, without the text between them."""
    return "".join(re.findall(r"<[^>]*>", html))


def test_every_text_shown_is_beyond_mathematics():
    for output in through_everything("$820; $877"):
        html = output._repr_mimebundle_()["text/html"]
        outermost = re.search(r'<(?:table|figure|p|div) [^>]*class="([^"]*)"', html)[1]
        assert NO_MATHEMATICS in outermost or outermost == "explore"


def test_two_texts_that_differ_only_in_what_is_unseen_look_different():
    assert visible("A1\u200b") != visible("A1")
    assert visible("A\u200d1") == "A⟨U+200D⟩1"
    assert visible("👩‍👧") == "👩‍👧"
    assert visible("a\r\nb\rc") == "a\nb\nc"


def test_half_a_sign_is_named_and_can_be_written_to_a_file():
    assert show.say("half \ud83d of a sign").html.encode("utf-8").count("⟨U+D83D⟩".encode()) == 1


def test_a_long_text_says_how_much_is_left_out():
    assert shorten("x" * 20_000, 300).endswith("… (19,700 more characters)")
    cell = show.table(pd.DataFrame({"a": ["x" * 20_000]}), caption="Long")
    assert len(cell.html) < 2_000


def failing(text):
    """Return the errors that public functions raise on a text, as a kernel shows them."""
    calls = [
        lambda: show.table(pd.DataFrame({text: [1]}), caption="A", percent=(f"{text}2",)),
        lambda: show.bars(pd.DataFrame({"a": [1]}), x=text, y=["a"], title="", xlabel="",
                          ylabel="", alt=ALT),
        lambda: show.explore(lambda a: None, controls={text: ()}, draw=None,
                             description="one two three four five six"),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(ValueError) as raised:  # noqa: PT011 - each message is looked at
            call()
        yield f"\x1b[0;31mValueError\x1b[0m: {raised.value}"


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_error_holds_a_sign_unseen(kind):
    for shown in failing(HOSTILE[kind]):
        message = shown.partition(": ")[2]
        assert visible(message) == message


def notebook():
    """Return a lesson that shows every text everywhere, and after each a mark."""
    cells = [v4.new_markdown_cell("# All hostile texts")]
    for number, text in enumerate(HOSTILE.values()):
        cells += [
            pages.cell(f"show({number})", output)
            for output in through_everything(text, charts=True)
        ]
        for said in failing(text):
            error = v4.new_output("error", ename="ValueError", evalue="x", traceback=[said])
            tags = {"tags": ["raises-exception"]}
            cells.append(v4.new_code_cell("show", outputs=[error], metadata=tags))
        cells.append(v4.new_markdown_cell(f"Mark {number} stands."))
    return v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    made = nbformat.from_dict(notebook())
    pages.book(folder, n00_hostile=made)
    pages.export(made, folder / "export.html")
    return {"book": folder / "build/book/00_hostile.html", "export": folder / "export.html"}


@pytest.mark.evidence
@pytest.mark.browser
@pytest.mark.parametrize("place", ["book", "export"])
def test_in_a_browser_none_runs_and_none_breaks_the_page(browser, site, place):
    page = browser.new_page()
    events = []
    page.on("dialog", lambda dialog: (events.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            events.append(request.url)
            if not request.url.startswith(("file:", "data:image/png"))
            else None
        ),
    )
    page.goto(site[place].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    page.mouse.move(300, 300)
    assert page.evaluate("window.__hacked") is None
    assert events == []
    main = page.locator("main").first
    for number in range(len(HOSTILE)):
        assert main.get_by_text(f"Mark {number} stands.").is_visible()
    plain = page.locator("table:has(caption:text('Caption'))")
    assert plain.count() == len(HOSTILE)
    for number, text in enumerate(HOSTILE.values()):
        cells = plain.nth(number).locator("tbody td")
        assert cells.count() == 6
        assert squeezed(cells.nth(1).inner_text()) == squeezed(shorten(visible(text), 300))
    foreign = "iframe, form, svg:not([aria-hidden]), base, meta, #bad"
    assert page.locator(f":is(.cell_output, .jp-OutputArea) :is({foreign})").count() == 0
    page.close()


def squeezed(text):
    return " ".join(text.split())


@pytest.mark.browser
def test_the_browser_test_would_see_a_text_that_runs(browser):
    page = browser.new_page()
    page.set_content(f"<p>{HOSTILE['img onerror']}</p>")
    page.wait_for_function("window.__hacked === 1")
    page.close()
