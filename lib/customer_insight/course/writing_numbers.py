"""The rule on numbers: one that comes from data is said by a cell, not typed into prose."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from customer_insight.course.writing_calls import shown_texts
from customer_insight.course.writing_lesson import Cell, Lesson, Problem, source_blocks
from customer_insight.course.writing_markdown import sentences

_NUMBER = re.compile(
    r"(?<![\w.,/:])(?<!\d[-–])[+\-−]?(?P<money>[$€£¥]\s?)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\w/:]|[-–]\d|[.,]\d)"
    r"(?P<unit>\s?%|\s+(?:per\s+cent|percent|dollars|yuan|euros|pounds)\b)?"
)
_PERCENT = re.compile(r"%|per\s*cent")
_ALLOWED = re.compile(r"\b(?:publish\w*|prints?|printed)\b", re.IGNORECASE)
_CONFIDENCE = re.compile(r"\s*-?\s*(?:confidence|credible|prediction|interval|level)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: as written, its size without sign, and whether it is a percentage."""

    written: str
    value: Decimal
    percent: bool
    suspect: bool
    start: int
    end: int


def numbers(text: str) -> list[Number]:
    """Return the numbers of a text; ``suspect`` are those of a form that data mostly has.

    Suspect are numbers with a thousands separator, a decimal point, a per cent sign or a currency,
    and whole numbers from 100 that are neither a year nor a power of ten. Dates, times, ranges and
    versions such as 0.11.3 are no numbers.

    Examples
    --------
    >>> [n.written for n in numbers("On 1997-09-30 two coins, 1,411 customers (8 %), 3 of 0.11.3")]
    ['1,411', '8 %', '3']
    """
    found = []
    for match in _NUMBER.finditer(text):
        digits, unit = match["digits"], match["unit"] or ""
        formed = bool(match["money"] or unit or "," in digits or "." in digits)
        found.append(
            Number(
                written=" ".join(match[0].split()),
                value=Decimal(digits.replace(",", "")),
                percent=bool(_PERCENT.search(unit)),
                suspect=formed or _large(digits),
                start=match.start(),
                end=match.end(),
            )
        )
    return found


def typed_numbers(lesson: Lesson) -> Iterator[Problem]:
    """Check that no number that a cell shows is typed into prose.

    Prose is cells of text, and texts written out in calls of ``show`` other than questions.
    Settings of the parameters cell, sources, code and formulas, levels of confidence, and numbers
    in a sentence that says "published" or "prints" may be typed.
    """
    shown = [(number, cell) for cell in lesson.code for number in _shown(cell)]
    settings = {abs(value) for cell in lesson.code for value in _settings(cell)}
    for line, number in _typed(lesson):
        value = number.value / 100 if number.percent else number.value
        cell = next((cell for other, cell in shown if _same(number, other)), None)
        if cell is not None and value not in settings:
            yield lesson.problem(
                line,
                f"{number.written!r} is typed, and cell {cell.number} computes it: let that "
                "cell or one after it say the sentence by show.say, so that it stays true",
            )


def _typed(lesson: Lesson) -> Iterator[tuple[int, Number]]:
    """Yield the suspect numbers of prose, titles, captions and the like, each with its line."""
    sources = source_blocks(lesson)
    texts = [(block.line, block.prose) for block in lesson.blocks if block not in sources]
    texts += [text for cell in lesson.code for text in shown_texts(cell, questions=False)]
    for line, text in texts:
        for start, sentence in sentences(text):
            for number in () if _ALLOWED.search(sentence) else numbers(sentence):
                constant = number.percent and _CONFIDENCE.match(sentence[number.end :])
                if number.suspect and not constant:
                    yield line + text[: start + number.start].count("\n"), number


def _large(digits: str) -> bool:
    """Return whether a whole number is large and neither a year nor a power of ten."""
    value = int(digits) if digits.isdigit() else 0
    year = len(digits) == 4 and 1500 <= value <= 2100
    return value >= 100 and not year and digits.rstrip("0") != "1"


def _same(typed: Number, shown: Number) -> bool:
    """Return whether a typed number is the shown one, or that one rounded.

    A number of one or two signs is compared exactly: 0.2 is nearly everywhere.
    """
    if typed.percent != shown.percent:
        return False
    if typed.value == shown.value:
        return True
    places, precise = typed.value.as_tuple().exponent, shown.value.as_tuple().exponent
    rounding = typed.percent or len(typed.value.as_tuple().digits) >= 3
    return rounding and precise < places and round(shown.value, -places) == typed.value


def _shown(cell: Cell) -> Iterator[Number]:
    """Yield the numbers in what a cell has shown."""
    for output in cell.outputs:
        text = output.get("text", "") or output.get("data", {}).get("text/plain", "")
        yield from numbers(text)


def _settings(cell: Cell) -> Iterator[Decimal]:
    """Yield the numbers that the parameters cell sets."""
    if "parameters" in cell.tags and cell.tree:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Constant) and type(node.value) in (int, float):
                yield Decimal(str(node.value))
