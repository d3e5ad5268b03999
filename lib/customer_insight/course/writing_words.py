"""Rules on words: fillers, and sentences that two lessons share."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from customer_insight.course.writing_calls import shown_texts
from customer_insight.course.writing_lesson import Lesson, Problem, source_blocks
from customer_insight.course.writing_markdown import sentences, words

LONGEST_SHARED = 8
FILLERS = ("simply", "just", "obviously", "as we all know", "of course", "clearly")
_FILLER = re.compile(
    r"\b(?:" + "|".join(word.replace(" ", r"\s+") for word in FILLERS) + r")\b", re.IGNORECASE
)
_EMOJI = re.compile("[\U0001f1e6-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f]")


def fillers(lesson: Lesson) -> Iterator[Problem]:
    """Check that there are no filler words and no emoji, in prose or in what code shows."""
    texts = [(block.line, block.prose) for block in lesson.blocks if block.kind != "code"]
    for line, text in (*texts, *(shown for cell in lesson.code for shown in shown_texts(cell))):
        for match in (*_FILLER.finditer(text), *_EMOJI.finditer(text)):
            yield lesson.problem(
                line + text[: match.start()].count("\n"),
                f"leave out {' '.join(match[0].split())!r}: it tells a reader nothing, and "
                "belittles one who finds the matter hard",
            )


def shared_sentences(lessons: Iterable[Lesson]) -> Iterator[Problem]:
    """Check that no sentence of more than eight words stands in two lessons.

    Paragraphs and bullets are compared, without case, punctuation and leading labels; headings,
    tables and code are not, nor are the sources, which several lessons may cite, and the minutes,
    which have one form.
    """
    places: dict[str, list[tuple[Lesson, int]]] = defaultdict(list)
    for lesson in lessons:
        for line, sentence in _sentences(lesson):
            if not any(there is lesson for there, _ in places[sentence]):
                places[sentence].append((lesson, line))
    for sentence, found in places.items():
        for lesson, line in found if len(found) > 1 else ():
            others = ", ".join(f"{o.name}, line {at}" for o, at in found if o is not lesson)
            yield lesson.problem(
                line, f"the sentence '{sentence}' stands in {others}, too; say it in its own words"
            )


def _sentences(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """Yield the longer sentences of a lesson, each with its line."""
    sources = source_blocks(lesson)
    for block in lesson.blocks:
        if block.kind not in ("paragraph", "item") or block in sources or block.label == "Time.":
            continue
        for start, sentence in sentences(block.unlabelled):
            plain = " ".join(re.findall(r"\w+", sentence.casefold()))
            if words(plain) > LONGEST_SHARED:
                yield block.line + block.unlabelled[:start].lstrip().count("\n"), plain
