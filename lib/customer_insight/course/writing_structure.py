"""Rules on a lesson's build: its title cell, its sections, and how each section ends."""

import re
from collections.abc import Iterator
from itertools import pairwise

from customer_insight.course.glossary import TERM_COLUMNS, term_rows
from customer_insight.course.writing_calls import show_calls
from customer_insight.course.writing_lesson import Lesson, Problem, Section
from customer_insight.course.writing_markdown import Block, sentences, words

LABELS = (
    "Question.",
    "Who decides.",
    "Time.",
    "You will be able to",
    "What you need first.",
)
ENDINGS = ("Reading.", "Decision.", "Where this stops being true.")
CLOSING = ("Check yourself", "Key points", "Sources", "What next")
HAN = re.compile(r"[\u3400-\u9fff]")
_TIME = re.compile(r"(\d+) minutes to read, (\d+) to run and change\.")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")


def is_break(section: Section) -> bool:
    """Return whether a section breaks the method in public."""
    return section.title.startswith("Break it: ") and len(section.title) > len("Break it: ")


def method_sections(lesson: Lesson) -> list[Section]:
    """Return the sections that teach: all but those that break it or close the lesson."""
    closing = {title.casefold() for title in CLOSING}
    return [s for s in lesson.sections if not is_break(s) and s.title.casefold() not in closing]


def title_cell(lesson: Lesson) -> Iterator[Problem]:
    """Check that a lesson opens with its only title, its question, who decides, what one needs."""
    titles = [b for b in lesson.blocks if b.kind == "heading" and b.level == 1]
    if len(titles) != 1 or titles[0] is not lesson.blocks[0] or titles[0].cell != 1:
        yield lesson.problem(
            1, f"a lesson begins with its only title (# ...); it has {len(titles)}"
        )
    opening = _opening(lesson)
    found = [block.label for block in opening if block.label in LABELS]
    for label in LABELS:
        if label not in found:
            yield lesson.problem(1, f"the title cell lacks **{label}** and what belongs to it")
        elif label not in LABELS[2:4] and not _has_sentence(_passage(opening, label, LABELS)):
            yield lesson.problem(
                _line(opening, label), f"**{label}** needs a full sentence after it"
            )
    if set(found) == set(LABELS) and found != list(LABELS):
        yield lesson.problem(1, f"in the title cell, keep to the order {', '.join(LABELS)}")


def time_needed(lesson: Lesson) -> Iterator[Problem]:
    """Check that the minutes are told in the one form, and add up to 30 to 45."""
    for block in _opening(lesson):
        if block.label == "Time.":
            match = _TIME.fullmatch(" ".join(block.unlabelled.split()))
            if match is None:
                form = "**Time.** 20 minutes to read, 20 to run and change."
                yield lesson.problem(block.line, f"write the time as: {form}")
            elif not 30 <= (total := int(match[1]) + int(match[2])) <= 45:
                yield lesson.problem(block.line, f"a lesson takes 30 to 45 minutes, not {total}")


def objectives(lesson: Lesson) -> Iterator[Problem]:
    """Check that the title cell lists two to six things that the reader will be able to do."""
    opening = _opening(lesson)
    line = _line(opening, "You will be able to")
    bullets = [b for b in _passage(opening, "You will be able to", LABELS) if b.kind == "item"]
    if line and not 2 <= len(bullets) <= 6:
        yield lesson.problem(
            line, f"**You will be able to** needs 2 to 6 bullets; it has {len(bullets)}"
        )


def term_table(lesson: Lesson) -> Iterator[Problem]:
    """Check that the title cell has a table of two terms or more, in both languages, explained."""
    rows = term_rows(lesson.blocks)
    if len(rows) < 2:
        head = " | ".join(TERM_COLUMNS)
        yield lesson.problem(
            1, f"the title cell needs a table | {head} | of 2 terms or more; it has {len(rows)}"
        )
    for row in rows:
        term, chinese, meaning = row.cells
        lacking = [
            column
            for column, there in zip(
                TERM_COLUMNS, (words(term), HAN.search(chinese), words(meaning)), strict=True
            )
            if not there
        ]
        if lacking:
            yield lesson.problem(row.line, f"term {term!r} lacks: {', '.join(lacking)}")


def topics_named(lesson: Lesson) -> Iterator[Problem]:
    """Check that each term that the curriculum gives the lesson stands somewhere in it."""
    said = "".join("".join(cell.source.split()) for cell in lesson.cells)
    for topic in lesson.topics:
        short = _BRACKETS.sub("", topic)
        if not any("".join(term.split()) in said for term in {topic, short}):
            yield lesson.problem(
                1,
                f"the curriculum's term {topic} does not appear; name it beside the English one "
                "where the lesson introduces it",
            )


def heading_levels(lesson: Lesson) -> Iterator[Problem]:
    """Check that a heading is at most one level deeper than the one before it."""
    heads = [block for block in lesson.blocks if block.kind == "heading"]
    for before, head in pairwise(heads):
        if head.level > before.level + 1:
            yield lesson.problem(
                head.line,
                f"heading {head.text!r} jumps from level {before.level} to {head.level}; screen "
                "readers take that for a missing part",
            )


def section_order(lesson: Lesson) -> Iterator[Problem]:
    """Check that 3 to 5 sections teach, one or more break it, four close the lesson in order."""
    methods = method_sections(lesson)
    if not 3 <= len(methods) <= 5:
        yield lesson.problem(
            1, f"a lesson has 3 to 5 method sections (## ...); this one has {len(methods)}"
        )
    if not any(is_break(section) for section in lesson.sections):
        yield lesson.problem(1, "there is no section '## Break it: ...' that makes a real mistake")
    titles = [section.title for section in lesson.sections]
    for title in CLOSING:
        if titles.count(title) != 1:
            yield lesson.problem(
                1, f"there must be one section '## {title}', not {titles.count(title)}"
            )
    if all(titles.count(title) == 1 for title in CLOSING) and tuple(titles[-4:]) != CLOSING:
        yield lesson.problem(
            lesson.sections[-1].line,
            f"the last sections must be {', '.join(CLOSING)}, in this order",
        )


def closing_sections(lesson: Lesson) -> Iterator[Problem]:
    """Check that the closing sections hold checks, points, a dated source and what comes next."""
    for section in lesson.sections:
        items = [block for block in section.blocks if block.kind == "item"]
        said = ""
        if section.title == "Check yourself":
            asked = sum(len(show_calls(cell, "question")) for cell in section.code)
            if not 2 <= asked <= 3:
                said = f"needs two or three checks by show.question(...); it has {asked}"
        elif section.title == "Key points" and not 3 <= len(items) <= 7:
            said = f"needs 3 to 7 bullets; it has {len(items)}"
        elif section.title == "Sources" and not any(_YEAR.search(item.text) for item in items):
            said = "needs at least one bullet with the year of its source"
        elif section.title == "What next" and not _has_sentence(section.blocks):
            said = "needs at least one full sentence"
        if said:
            yield lesson.problem(section.line, said)


def section_endings(lesson: Lesson) -> Iterator[Problem]:
    """Check that a section that teaches or breaks ends with reading, decision and limits.

    A label may stand more than once; the last counts. After the last reading only prose and
    sentences by ``show.say`` may follow.
    """
    for section in (*method_sections(lesson), *filter(is_break, lesson.sections)):
        lines = [_line(section.blocks, label, last=True) for label in ENDINGS]
        for label, line in zip(ENDINGS, lines, strict=True):
            if not line:
                yield lesson.problem(section.line, f"the section does not end with **{label}**")
            elif not _has_sentence(_passage(section.blocks, label, ENDINGS)):
                yield lesson.problem(line, f"**{label}** needs at least one full sentence after it")
        if all(lines) and lines != sorted(lines):
            yield lesson.problem(min(lines), f"keep to the order {', '.join(ENDINGS)}")
        after = [c for c in section.code if lines[0] and c.line > lines[0]]
        if any(not show_calls(cell, "say") for cell in after):
            yield lesson.problem(
                lines[0], "code follows **Reading.**; the section must end with the three labels"
            )


def _opening(lesson: Lesson) -> tuple[Block, ...]:
    return tuple(block for block in lesson.blocks if block.cell == 1)


def _line(blocks: tuple[Block, ...], label: str, *, last: bool = False) -> int:
    """Return the line of a label's first or last place, 0 where it is not there."""
    lines = [block.line for block in blocks if block.label == label]
    return lines[-1 if last else 0] if lines else 0


def _passage(blocks: tuple[Block, ...], label: str, labels: tuple[str, ...]) -> list[Block]:
    """Return the blocks from a label's last place to the next of the labels or a heading."""
    passage: list[Block] = []
    inside = False
    for block in blocks:
        if block.label == label:
            passage, inside = [block], True
        elif block.label in labels or block.kind == "heading":
            inside = False
        elif inside:
            passage.append(block)
    return passage


def _has_sentence(blocks: tuple[Block, ...] | list[Block]) -> bool:
    """Return whether a passage has a sentence of five words or more, with its end."""
    return any(
        words(sentence) >= 5 and sentence.rstrip("\"'”’)] \n")[-1:] in tuple(".!?。！？")
        for block in blocks
        if block.kind in ("paragraph", "item")
        for _, sentence in sentences(block.unlabelled)
    )
