"""What is asked and said in interviews, and the codebook for what is found in texts."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from customer_insight.company.content import CONTENT_FOLDER
from customer_insight.company.text_grammar import LANGUAGES
from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mapping

NOTHING = "none"
ABOUT = ("needs", "pains")
_PARTS = ("questions", "openings", "joins", "asides", "ends", "calm", "themes")
_FILE = CONTENT_FOLDER / "texts_interviews.yml"


@dataclass(frozen=True)
class Words:
    """What is asked and said in one language; lists of alternatives, themes by their code."""

    questions: Sequence[Mapping[str, str]]
    openings: Sequence[str]
    joins: Sequence[str]
    asides: Sequence[str]
    ends: Sequence[str]
    calm: Sequence[str]
    themes: Mapping[str, Sequence[str]]


@functools.cache
def codebook() -> pl.DataFrame:
    """Return the table ``codebook``: codes for pains and needs, and "none".

    Examples
    --------
    >>> codebook()["code"].to_list()[:4]
    ['function', 'process', 'service', 'value']
    """
    return pl.read_csv(CONTENT_FOLDER / "text_codebook.csv", infer_schema=False)


def codes() -> tuple[str, ...]:
    """Return the codes of pains and needs, the pains first as in `pains.KINDS`."""
    return tuple(code for code in codebook()["code"] if code != NOTHING)


@functools.cache
def interview_words(language: str) -> Words:
    """Return the words of interviews in a language.

    Raises
    ------
    CatalogError
        If a part or a theme is missing, unknown or empty; the message names it.

    Examples
    --------
    >>> len(interview_words("zh").questions)
    6
    """
    facts = read_mapping(_FILE, "languages to their words")[language]
    _check(facts, _PARTS, language)
    _check(facts["themes"], (*codes(), NOTHING), f"{language}, themes")
    return Words(**facts)


def questions_about() -> tuple[str, ...]:
    """Return what each question asks after, "needs" or "pains"; the same in each language."""
    about = {
        name: tuple(question["about"] for question in interview_words(name).questions)
        for name in LANGUAGES
    }
    if len(set(about.values())) > 1:
        raise CatalogError(f"{_FILE}: the questions ask after other things in another language.")
    return about[LANGUAGES[0]]


def answer(words: Words, said: Sequence[str], numbers: Iterator[int], *, aside: bool) -> str:
    """Return an answer that says these things.

    Parameters
    ----------
    words : Words
        Of the language.
    said : sequence of str
        What is said, in its order, at least one thing.
    numbers : iterator of int
        Whole numbers, one for each thing and three more; the same numbers give the same answer.
    aside : bool
        Whether something is said besides.

    Examples
    --------
    >>> answer(interview_words("en"), ["it is good", "it is near"], iter([0] * 5), aside=False)
    'It is good. And another thing, it is near.'
    """
    text = _choose(words.openings, numbers)
    for place, part in enumerate(said):
        text += (_choose(words.joins, numbers) if place else "") + part
    text += _choose(words.asides, numbers) if aside else ""
    text += _choose(words.ends, numbers)
    return text[0].upper() + text[1:]


def _choose(alternatives: Sequence[str], numbers: Iterator[int]) -> str:
    return alternatives[next(numbers) % len(alternatives)]


def _check(facts: Any, names: Sequence[str], where: str) -> None:
    wrong = sorted(set(names) ^ set(facts)) + [name for name in names if not facts.get(name)]
    if wrong:
        raise CatalogError(f"{_FILE}: {where}: missing, unknown or empty: {', '.join(wrong)}.")
