import dataclasses
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from customer_insight.show.escape import shorten, visible
from customer_insight.workbook.page import page_html, write_page
from customer_insight.workbook.section import (
    CUSTOMERS,
    HIDDEN,
    MONEY,
    SHARE,
    TEXT,
    Column,
    Report,
    Section,
    Table,
)

from ..access import pages
from ..show.test_hostile_text import HOSTILE
from . import sample

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Tree(HTMLParser):
    """Reads a page: its ids, links, texts and tags, and whether they close in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.texts = [], [], [], [], []
        self.attributes = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]
        if tag != "image":
            self.links += [value for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    def words(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def html():
    return page_html(sample.report())


@pytest.fixture(scope="module")
def tree(html):
    return Tree(html)


def part(html, start, end="</section>"):
    """Return the page from one text to the next one of another."""
    return html[html.index(start) :].partition(end)[0]


def test_it_is_one_whole_document_in_english_that_may_load_nothing(html, tree):
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert tree.open == []
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;" in html
    assert not {"script", "link", "iframe", "form", "img"} & set(tree.tags)
    assert not re.search(r"@import|https?:|\bon\w+=|url\((?!#)", html)
    assert not {"src", "srcset", "action"} & tree.attributes


def test_what_stands_on_it_in_its_order(tree):
    words, at = tree.words(), 0
    for wanted in (
        "Qinghe: customers of the tea shop",
        "As of 2024-02-11 Currency CNY Run on 2024-02-14",
        "What should we do on Monday?",
        "Write to customers who have been silent",
        "412 customers CNY 81,234.50 high confidence",
        "Contents",
        "1 Can I trust this file?",
        "46,945 of 48,210 rows were used.",
        "From the rows read to the rows used",
        "What this file cannot say, and what would",
        "Where this stops being true",
        "2 How is the business doing?",
        "One part in five of the sales came from new customers",
        "3 How concentrated is value?",
        "Decision Call the champions before the season",
        "6 Do they come back?",
        "8 What will they spend?",
        "Every number, defined",
        "How this report was made",
        "orders.csv",
    ):
        at = words.index(wanted, at) + len(wanted)


def test_a_file_without_currency_says_so():
    html = page_html(dataclasses.replace(sample.report(), currency=""))
    assert '<th scope="col" class="figures">Amount</th>' in html
    words = Tree(html).words()
    assert "Currency currency not stated in the file" in words
    assert "81,234.50 (currency not stated)" in words
    assert "as of 2024-02-11; the currency is not stated in the file" in words


def test_every_link_leads_somewhere_and_every_id_stands_once(tree):
    assert len(tree.ids) == len(set(tree.ids))
    assert {link.removeprefix("#") for link in tree.links} <= set(tree.ids)


def test_every_number_can_be_quoted_with_its_definition(html):
    for quantity in sample.report().quantities():
        card = part(html, f'id="number-{quantity.code}"', "</div>")
        assert quantity.name in card
        assert f'href="#definition-{quantity.code}"' in card
        row = part(html, f'id="definition-{quantity.code}"', "</tr>")
        for wanted in (quantity.definition, quantity.code, ">2024-02-11<"):
            assert wanted in row


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("rows_used", ["46,945 lines"]),
        ("orders", ["12,877 purchases"]),
        ("top_10_share", ["27.1 %", "95 %: 25.0 % to 29.3 %"]),
        ("sales", ["CNY 52,310.00", "95 %: 49,000.00 to 56,000.00"]),
        ("refunds", ["hidden"]),
        ("gini", ["0.50", "95 %: 0.48 to 0.52"]),
        ("silence", ["63 days", "95 %: 58 to 70", "Those who have not returned"]),
        ("value", [">–<", "Not given: the margin is a placeholder."]),
    ],
)
def test_a_card_has_value_unit_interval_and_note(html, code, shown):
    card = part(html, f'id="number-{code}"', "</div>")
    for words in shown:
        assert words in card


def test_a_number_without_interval_claims_none(html):
    assert "95 %" not in part(html, 'id="number-orders"', "</div>")


@pytest.mark.parametrize(
    ("code", "kind"), [("sales", "observed"), ("expected", "forecast"), ("margin", "assumed")]
)
def test_the_origin_of_a_number_is_a_word_and_a_style(html, code, kind):
    assert f'<div class="number {kind}" id="number-{code}">' in html
    assert f'<span class="kind">{kind}</span>' in part(html, f'id="number-{code}"', "</div>")
    lines = re.findall(r"\.(observed|forecast|assumed) \{[^}]*--line: (\w+)", html)
    assert len({style for _, style in lines}) == len(lines) == 3


def test_the_decisions_of_the_verdict_are_numbered_and_linked_to_their_section(html):
    verdict = part(html, 'id="verdict"')
    cards = part(verdict, "<ol", "</ol>").split('<li class="decision">')[1:]
    assert [re.search(r'href="#(\w+)"', card)[1] for card in cards] == [
        *("returning", "concentration", "returning")
    ]
    assert "low confidence" in cards[2]
    assert "customers</li>" not in cards[2]
    assert "CNY" not in cards[2]


def test_a_table_has_caption_scopes_units_and_numbers_to_the_right(html):
    table = part(html, 'id="table-ledger"', "</table>")
    assert ">From the rows read to the rows used</span></caption>" in table
    assert '<th scope="col" class="words">Rule</th>' in table
    assert '<th scope="col" class="figures">Amount <span class="unit">CNY</span></th>' in table
    assert '<th scope="row" class="words">Read</th><td class="figures">48,210</td>' in table
    assert '<td class="figures faint">–</td>' in table
    assert '<td class="figures faint">hidden</td>' in table
    assert "Sum of their amounts." in part(html, 'id="table-ledger"', "</details>")


def test_how_the_report_was_made_is_told_once():
    terms = (Column("term", "Term", TEXT, "What."), Column("value", "Value", TEXT, "How."))
    lines = tuple(sample.report().identity.items())
    last = Section(
        13, "definitions", "Limits", "", tables=(Table("provenance", "Made so", terms, lines),)
    )
    report = sample.report()
    told = page_html(dataclasses.replace(report, sections=(*report.sections, last)))
    assert told.count("orders.csv") == page_html(report).count("orders.csv") == 1


def test_equal_reports_are_equal_bytes_and_only_the_run_date_differs(html, tmp_path):
    path = tmp_path / "report.html"
    write_page(sample.report(), path)
    assert path.read_text(encoding="utf-8") == html
    later = page_html(dataclasses.replace(sample.report(), run_date="2024-03-01"))
    assert later == html.replace("2024-02-14", "2024-03-01")


@pytest.mark.evidence
def test_equal_bytes_in_another_process(html, tmp_path):
    program = (
        "from pathlib import Path\n"
        "from tests.workbook import sample\n"
        "from customer_insight.workbook.page import write_page\n"
        f"write_page(sample.report(), Path({str(tmp_path / 'page.html')!r}))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == html


def test_it_stays_small(html):
    assert len(html.encode()) < 150_000


def test_full_tables_of_a_large_report_stay_within_the_budget():
    money = (Column(f"c{n}", f"Money {n}", MONEY, "An amount.") for n in range(12))
    columns = (Column("name", "Name", TEXT, "A text."), *money)
    rows = tuple((f"line {n}", *range(n, n + 12)) for n in range(100))
    sections = tuple(
        dataclasses.replace(
            section,
            tables=tuple(Table(f"t{section.number}{n}", "All", columns, rows) for n in "ab"),
        )
        for section in sample.report().sections
    )
    report = dataclasses.replace(sample.report(), sections=sections)
    assert len(page_html(report).encode()) < 1_500_000


def test_a_report_that_says_nothing_is_a_page():
    columns = (Column("n", "Customers", CUSTOMERS, "Who."),)
    empty = Section(4, "who", "Who?", "", tables=(Table("t", "None", columns, ((HIDDEN,),)),))
    tree = Tree(page_html(Report("Nobody", (empty,), {}, "2024-01-01", "2024-01-02", "", 0)))
    assert tree.open == []
    assert "hidden" in tree.words()
    assert "How this report was made" not in tree.words()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_text_of_a_stranger_is_only_read(kind, tree):
    text = HOSTILE[kind]
    found = Tree(page_html(sample.with_text(sample.report(), text)))
    assert found.open == []
    assert found.tags == tree.tags
    assert found.attributes == tree.attributes
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)
    words = found.words()
    assert visible(words) == words
    for said in (
        "What should we do on Monday?",
        "within 63 days of their last purchase.",
        "orders.csv",
    ):
        assert f"{said} {squeezed(text)}" in words
    assert squeezed(shorten(f"The same line twice {visible(text)}", 300)) in words


def squeezed(text):
    return " ".join(visible(text).split())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_page(sample.report(), path)
    return path


def opened(browser, path, width, scheme, requests=None):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    if requests is not None:
        page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    return page


# What is wider than the screen and does not scroll in a box of its own.
OUT = """() => [...document.querySelectorAll('body *')].filter(part =>
    part.getBoundingClientRect().right > innerWidth + 1 && !part.closest('.scroll')
    && part.getBoundingClientRect().width > 1).map(part => part.outerHTML.slice(0, 80))"""


@pytest.mark.evidence
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_serious_nothing_too_wide_nothing_from_outside(browser, written, width, scheme):
    requests, errors = [], []
    page = opened(browser, written, width, scheme, requests)
    page.on("console", lambda message: errors.append(message.text))
    assert pages.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(OUT) == []
    assert page.locator(".scroll").last.evaluate("e => e.clientWidth") > 300
    assert requests == [written.as_uri()]
    assert errors == []
    page.close()


@pytest.mark.evidence
@pytest.mark.browser
def test_text_in_charts_is_read_on_light_and_on_dark(browser, written):
    seen = {}
    for scheme in ("light", "dark"):
        page = opened(browser, written, 1280, scheme)
        title = page.locator("figure text", has_text="One part in five")
        seen[scheme] = title.evaluate("e => getComputedStyle(e).fill")
        assert seen[scheme] == page.evaluate("getComputedStyle(document.body).color")
        page.close()
    assert seen["light"] != seen["dark"]


@pytest.mark.evidence
@pytest.mark.browser
def test_no_text_of_a_stranger_runs_or_pushes_the_page_wide(browser, tmp_path):
    path, events = tmp_path / "report.html", []
    page = browser.new_page(viewport={"width": 400, "height": 900})
    page.on("dialog", lambda dialog: (events.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: events.append(request.url))
    for report in strangers():
        write_page(report, path)
        page.goto(path.as_uri())
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        page.mouse.move(200, 300)
        assert page.evaluate("window.__hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth") == 400
        assert page.locator("section").count() == 1 + len(report.sections)
    assert set(events) == {path.as_uri()}
    page.close()


def strangers():
    """Return reports with another hostile text in each of their sections, until all were in one."""
    report, texts = sample.report(), list(HOSTILE.values())
    for start in range(0, len(texts), len(report.sections)):
        some = texts[start : start + len(report.sections)]
        sections = map(sample.with_text, report.sections, some)
        yield dataclasses.replace(sample.with_text(report, some[0]), sections=tuple(sections))


@pytest.mark.evidence
@pytest.mark.browser
@pytest.mark.parametrize(("money", "shares", "paper"), [(7, 0, 180), (13, 0, 267), (1, 24, 267)])
def test_no_table_is_wider_than_a4(browser, tmp_path, money, shares, paper):
    columns = (
        Column("name", "First bought", TEXT, "A month."),
        *(Column(f"m{n}", f"Amount {n}", MONEY, "An amount.") for n in range(money)),
        *(Column(f"s{n}", f"+{n}", SHARE, "A share.") for n in range(shares)),
    )
    rows = (("2023-01", *[123_456_789] * money, *[0.123] * shares),) * 12
    made = Section(6, "wide", "Wide?", "", tables=(Table("t", "A wide table", columns, rows),))
    path = tmp_path / "page.html"
    write_page(dataclasses.replace(sample.report(), sections=(made,)), path)
    page = opened(browser, path, round(paper / 25.4 * 96), "light")
    page.emulate_media(media="print")
    table = page.locator("#table-t")
    assert table.bounding_box()["width"] <= page.locator("main").bounding_box()["width"] + 1
    across = page.locator(".scroll").first.evaluate("e => getComputedStyle(e).page")
    assert across == ("across" if paper == 267 else "auto")
    assert table.locator("tbody tr").first.bounding_box()["height"] < 25
    page.close()


@pytest.mark.evidence
@pytest.mark.browser
def test_printed_on_a4_it_has_all_sections_and_all_folded_text(browser, written, tree, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("there is no pdftotext on PATH (poppler-utils)")
    page = opened(browser, written, 1280, "dark")
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    page.close()
    command = ["pdftotext", "-raw", str(tmp_path / "page.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    printed = "".join(text.split())
    for section in sample.report().sections:
        for words in (section.question, section.limits, section.refusal):
            assert "".join(words.split()) in printed
        for table in section.tables:
            assert "".join(table.caption.split()) in printed
            assert all("".join(one.definition.split()) in printed for one in table.columns)
    sizes = subprocess.run(["pdfinfo", "-l", "99", str(tmp_path / "page.pdf")],
                           capture_output=True, check=True).stdout.decode()  # fmt: skip
    found = set(re.findall(r"size:\s+([\d.]+) x ([\d.]+)", sizes))
    rounded = {tuple(sorted(round(float(side)) for side in size)) for size in found}
    assert rounded == {(595, 842)}
