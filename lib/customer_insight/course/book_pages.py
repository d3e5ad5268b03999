"""The book's own pages, as Markdown: the front page, a page a chapter, topics and glossary."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from customer_insight.course.curriculum import BESIDE, Chapter, Curriculum, Topic, chapter_name
from customer_insight.course.glossary import Term
from customer_insight.course.topic_tags import Coverage, Place

ASSETS = Path(__file__).with_name("book_assets")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>$#|~^])")


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson in the book: its name such as "05_clv/3_buy_till_you_die", and its title."""

    name: str
    title: str

    @property
    def chapter(self) -> str:
        """Return its chapter's folder, or nothing for a lesson before the first chapter."""
        return self.name.rpartition("/")[0]

    @property
    def label(self) -> str:
        """Return its title as the sidebar has it, numbered by its chapter and its file."""
        chapter, _, file = self.name.rpartition("/")
        number = re.match(r"\d+", file)
        if not chapter or number is None or self.title[:1].isdigit():
            return self.title
        return f"{int(chapter[:2])}.{int(number[0])} {self.title}"


def chapter_title(key: str, curriculum: Curriculum) -> str:
    """Return a chapter's title: its number, its English name, and its Chinese one where known."""
    number, name = int(key[:2]), chapter_name(key)
    names = BESIDE | {chapter.key: chapter.zh for chapter in curriculum.chapters}
    return f"{number} {name} {names.get(key, '')}".rstrip()


def front_page(lessons: list[LessonPage], coverage: Coverage, reference: Iterable[str]) -> str:
    """Return the front page, with the table of contents that the sidebar shows.

    Parameters
    ----------
    lessons : list of LessonPage
        Every lesson in the book, in reading order.
    coverage : Coverage
        Where each topic runs.
    reference : iterable of str
        Names of the pages that follow the lessons, without suffix.

    Returns
    -------
    str
        Markdown.
    """
    text = Template((ASSETS / "front.md").read_text(encoding="utf-8")).substitute(
        covered=len(coverage.covered),
        total=len(coverage.places),
        first_title=_plain(lessons[0].title),
        first_page=f"{lessons[0].name}.ipynb",
    )
    entries = dict.fromkeys(
        f"{page.chapter}/index" if page.chapter else f"{page.label} <{page.name}>"
        for page in lessons
    )
    toc = _toctree(entries, "caption: Lessons", "maxdepth: 2")
    return f"{text}\n{toc}\n{_toctree(reference, 'caption: Reference', 'hidden:')}"


def chapter_page(key: str, lessons: list[LessonPage], curriculum: Curriculum) -> str:
    """Return a chapter's page: its title and its lessons."""
    entries = [f"{page.label} </{page.name}>" for page in lessons if page.chapter == key]
    return f"# {chapter_title(key, curriculum)}\n\n{_toctree(entries)}"


def topics_page(coverage: Coverage, lessons: list[LessonPage]) -> str:
    """Return the page that says which topic runs where, one table a lesson of the curriculum.

    Parameters
    ----------
    coverage : Coverage
        Where each topic runs, read from the same notebooks as the book's lessons.
    lessons : list of LessonPage
        The lessons in the book.

    Returns
    -------
    str
        Markdown.
    """
    titles = {page.name: page.label for page in lessons}
    parts = [
        "# Which topic runs where\n",
        f"{len(coverage.covered)} of {len(coverage.places)} topics run in their lesson. "
        "The link leads to the section whose cell runs the topic.\n",
    ]
    for chapter in coverage.curriculum.chapters:
        parts.append(f"## {chapter_title(chapter.key, coverage.curriculum)}\n")
        parts += _lesson_tables(chapter, coverage, titles)
    return "\n".join(parts)


def glossary_page(terms: Iterable[Term], lessons: list[LessonPage]) -> str:
    """Return the page of terms in both languages, or nothing where there is no term.

    Parameters
    ----------
    terms : iterable of Term
        In the order of the page.
    lessons : list of LessonPage
        The lessons in the book; a term is linked to those of its own that are in it.

    Returns
    -------
    str
        Markdown: one table of the English term, the Chinese one, the meaning and the lessons.
    """
    titles = {page.name: page.label for page in lessons}
    rows = []
    for term in terms:
        found = [name for name in term.lessons if name in titles]
        links = ", ".join(f"[{_plain(titles[name])}](</{name}.ipynb>)" for name in found)
        columns = " | ".join(_plain(text) for text in (term.en, term.zh, term.meaning))
        rows += [f"| {columns} | {links} |"] if found else []
    if not rows:
        return ""
    head = [
        "# Glossary 术语表\n",
        "The terms that the lessons introduce, in alphabetical order. "
        "各课引入的术语，按英文字母顺序排列。\n",
        "| Term | 中文 | What it means 含义 | Lesson 课 |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _lesson_tables(chapter: Chapter, coverage: Coverage, titles: dict[str, str]) -> list[str]:
    """Return heading and table of every lesson of a chapter."""
    parts = []
    for lesson in chapter.lessons:
        number = f"{int(chapter.key[:2])}.{lesson.key.partition('_')[0]}"
        rows = [
            _row(topic, coverage.places[topic.id], lesson.path, titles) for topic in lesson.topics
        ]
        parts += [
            f"### {number} {_plain(lesson.title)} {_plain(lesson.zh)}\n",
            ":::{table}\n:class: topics\n",
            "| Topic | Term | What runs | Where |",
            "|---|---|---|---|",
            *rows,
            ":::\n",
        ]
    return parts


def _row(topic: Topic, places: tuple[Place, ...], own: str, titles: dict[str, str]) -> str:
    """Return a topic's line of the table."""
    links = []
    for place in places:
        section = place.section.title if place.section else titles[place.notebook]
        anchor = f"#{place.section.anchor}" if place.section else ""
        also = "" if place.notebook == own else f"also in {_plain(titles[place.notebook])}: "
        links.append(f"{also}[{_plain(section)}](</{place.notebook}.ipynb{anchor}>)")
    where = ", ".join(dict.fromkeys(links))
    if not any(place.notebook == own for place in places):
        where = f"not yet; {where}" if where else "not yet"
    term = f"{_plain(topic.zh)} · {_plain(topic.en)}"
    return f"| {topic.id} | {term} | {_plain(topic.runs)} | {where} |"


def _toctree(entries: Iterable[str], *options: str) -> str:
    """Return a table of contents in Markdown."""
    lines = ["```{toctree}", *(f":{option}" for option in options), "", *entries, "```", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", text)
