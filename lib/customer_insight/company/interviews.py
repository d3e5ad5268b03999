"""Interviews with customers: who is asked, what they say, and which themes are in it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.feelings import Feelings
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.interview_words import (
    ABOUT,
    NOTHING,
    Words,
    answer,
    codes,
    interview_words,
    questions_about,
)
from customer_insight.company.pains import KINDS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.service_team import draw_desk
from customer_insight.company.text_grammar import LANGUAGES, RANGE
from customer_insight.company.texts import languages
from customer_insight.data.mechanisms import mechanism

_NUMBERS = 7
CALM = "calm"


@dataclass(frozen=True)
class Answers:
    """The themes of answers, each array of shape (interviews, questions).

    ``first`` and ``second`` are places in `codes`, or -1; ``calm`` is True where somebody says that
    nothing went wrong.
    """

    first: np.ndarray
    second: np.ndarray
    calm: np.ndarray


def interview_tables(
    block: PeopleBlock, feelings: Feelings, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the interviews with people of a block.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    feelings : Feelings
        Of the same people.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``interviews``, ``interview_passages`` and ``truth_themes``; columns as the catalogue
        states.
    """
    own, facts = draws.within(block.number), mechanism("interviews")
    who = interviewed(block, feelings, draws)
    size = len(who)
    answers = _answers(block, who, own)
    language = languages(block, draws)[who]
    day = _first_day() + np.arange(size) * facts["days"] // max(size, 1)
    desk = draw_desk(block.number, draws)
    auditors = desk.of("audit")
    seat = auditors[own.of("interviews", "staff").whole(0, len(auditors), size)]
    low, high = facts["minutes"]
    ids = block_ids("IV", block.number, np.arange(size))
    interviews = pl.DataFrame(
        {
            "interview_id": ids,
            "customer_id": customer_ids(block.number, who),
            "staff_id": desk.ids(seat, day),
            "held_on": (day + calendar.FIRST_DAY).astype("datetime64[D]"),
            "language": pl.Series(LANGUAGES).gather(language),
            "minutes": own.of("interviews", "minutes").whole(low, high + 1, size),
        }
    )
    passages = _passages(block.number, answers, language, ids, own)
    return {
        "interviews": interviews,
        "interview_passages": passages,
        "truth_themes": _themes(answers, passages["passage_id"]),
    }


def interviewed(block: PeopleBlock, feelings: Feelings, draws: Draws) -> np.ndarray:
    """Return who is interviewed, places in the block in the order of the interviews.

    Of those who bought lately, some who were hurt at least once and some who never were, each
    sooner the more they care.
    """
    facts, own, bought = mechanism("interviews"), draws.within(block.number), block.purchases
    lately = (bought.day < _first_day()) & (bought.day >= _first_day() - facts["since"])
    able = np.bincount(bought.person[lately], minlength=len(block)) > 0
    key = own.of("interviews", "who").exponential(len(block)) / feelings.care
    hurt = felt(block).any(axis=1)
    chosen = [
        at[np.argsort(key[at], kind="stable")][:count]
        for at, count in (
            (np.flatnonzero(able & hurt), facts["hurt"]),
            (np.flatnonzero(able & ~hurt), facts["people"] - facts["hurt"]),
        )
    ]
    who = np.concatenate(chosen)
    return who[own.of("interviews", "order").order(len(who))]


def felt(block: PeopleBlock) -> np.ndarray:
    """Return which pains everybody had felt before the interviews, shape (people, 4)."""
    bought = block.purchases
    before = bought.day < _first_day()
    pains = np.zeros((len(block), len(KINDS)), dtype=bool)
    for place in range(len(KINDS)):
        own = before & bought.outcomes.hurts[:, place]
        pains[bought.person[own], place] = True
    return pains


def _answers(block: PeopleBlock, who: np.ndarray, own: Draws) -> Answers:
    """Return the themes: the one asked after, at times another of the other sort."""
    facts, shape = mechanism("interviews"), (len(who), len(questions_about()))
    weights = facts["needs"]
    edges = row_edges([[weights[name].get(code, 0) for code in codes()] for name in SEGMENTS])
    segment = np.repeat(block.habits.segment[who], shape[1]).reshape(shape)
    need = own.of("interviews", "needs").pick_by_row(edges, segment)
    drawn = own.of("interviews", "pains").uniform((*shape, len(KINDS)))
    pains = felt(block)[who][:, None, :]
    pain = np.where(pains.any(axis=2), np.argmax(drawn * pains, axis=2), -1)
    asked = np.array([about == ABOUT[1] for about in questions_about()])[None, :]
    off = own.of("interviews", "off_topic").chance(facts["off_topic"], size=shape)
    two = own.of("interviews", "two_themes").chance(facts["two_themes"], size=shape) & ~off
    first = np.where(asked, pain, need)
    return Answers(
        first=np.where(off, -1, first),
        second=np.where(two, np.where(asked, need, pain), -1),
        calm=asked & (pain < 0) & ~off,
    )


def _passages(
    block: int, answers: Answers, language: np.ndarray, ids: pl.Series, own: Draws
) -> pl.DataFrame:
    size, questions = answers.first.shape
    numbers = own.of("interviews", "words").whole(0, RANGE, (size, questions, _NUMBERS)).tolist()
    aside = own.of("interviews", "aside").chance(
        mechanism("interviews")["aside"], size=(size, questions)
    )
    asked, texts = [], []
    for place in range(size):
        words = interview_words(LANGUAGES[language[place]])
        speaker = _Speaker(words, numbers[place][0][-1])
        for number, question in enumerate(words.questions):
            themes = [answers.first[place, number], answers.second[place, number]]
            said = speaker.say(themes, calm=bool(answers.calm[place, number]))
            asked.append(question["text"])
            texts.append(
                answer(words, said, iter(numbers[place][number]), aside=bool(aside[place, number]))
            )
    at = np.arange(size * questions)
    return pl.DataFrame(
        {
            "passage_id": block_ids("IP", block, at),
            "interview_id": ids.gather(at // questions),
            "position": at % questions + 1,
            "question": pl.Series(asked, dtype=pl.String),
            "text": pl.Series(texts, dtype=pl.String),
        }
    )


class _Speaker:
    """Somebody who is interviewed, and who says nothing twice while there is something else."""

    def __init__(self, words: Words, number: int):
        self._words, self._number = words, number
        self._said: dict[str, int] = {}

    def say(self, themes: list[int], *, calm: bool) -> list[str]:
        names = [CALM] if calm else []
        names += [codes()[theme] for theme in themes if theme >= 0]
        return [self._next(name) for name in names or [NOTHING]]

    def _next(self, name: str) -> str:
        alternatives = self._words.calm if name == CALM else self._words.themes[name]
        self._said[name] = self._said.get(name, -1) + 1
        return alternatives[(self._number + self._said[name]) % len(alternatives)]


def _themes(answers: Answers, ids: pl.Series) -> pl.DataFrame:
    themes = np.stack([answers.first.ravel(), answers.second.ravel()], axis=1)
    text, place = np.nonzero(themes >= 0)
    return pl.DataFrame(
        {"text_id": ids.gather(text), "code": pl.Series(codes()).gather(themes[text, place])}
    )


def _first_day() -> int:
    return calendar.dates().index(mechanism("interviews")["first_day"])
