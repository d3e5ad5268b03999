"""The grammar of customers' texts: templates, words, slips, and how a text is made of them."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from customer_insight.company.content import CONTENT_FOLDER
from customer_insight.company.pains import KINDS
from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mapping

LANGUAGES = ("zh", "en")
FAMILIES = ("tea", "gear")
FITS = ("any", "hurt", "complaint")
RANGE = 1 << 30
_PARTS = ("nouns", "joins", "cues", "switches", "slips", "templates")
_GOODS = tuple(f"good_{name}" for name in (*FAMILIES, *KINDS[1:]))
_CLAUSES = ("open", *FAMILIES, *KINDS[1:], *_GOODS, "meh", "suggest", "end")
_STOPS = "!?！？~～…"
_LEADS = "，。.,;!！ "


@dataclass(frozen=True)
class Grammar:
    """How customers write in one language; lists of alternatives by name, as in the content."""

    language: str
    nouns: Mapping[str, Sequence[str]]
    joins: Mapping[str, Sequence[str]]
    cues: Mapping[str, Sequence[str]]
    switches: Mapping[str, str]
    slips: Mapping[str, str]
    templates: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Message:
    """What a text shall say: pains and likes are kinds of pain; ``suggests`` beats both."""

    template: str
    category: str
    family: str
    pains: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    suggests: bool = False
    days: int = 1
    hours: int = 2
    yuan: int = 5


@dataclass(frozen=True)
class Wording:
    """A text, whether a negation says it, a word is switched, and how many slips it has."""

    text: str
    negated: bool
    switched: bool
    slips: int


@functools.cache
def grammar(language: str) -> Grammar:
    """Return the grammar of a language.

    Parameters
    ----------
    language : {"zh", "en"}

    Returns
    -------
    Grammar

    Raises
    ------
    CatalogError
        If a part or a clause of a template is missing, unknown or empty; the message names it.

    Examples
    --------
    >>> len(grammar("zh").templates), grammar("en").templates["en04"]["tone"]
    (20, 'ironic')
    """
    path = CONTENT_FOLDER / f"texts_{language}.yml"
    facts = read_mapping(path, "the parts of a grammar")
    _check_names(f"{path}", facts, _PARTS)
    for name, template in facts["templates"].items():
        where = f"{path}, template {name}"
        _check_names(where, template, ("tone", "slang", "fits", *_CLAUSES))
        if template["fits"] not in FITS:
            raise CatalogError(f"{where}: fits must be one of {', '.join(FITS)}.")
        for clause in _CLAUSES:
            if not template[clause]:
                raise CatalogError(f"{where}: {clause} has no alternative; add one.")
    return Grammar(language, **{part: MappingProxyType(facts[part]) for part in _PARTS})


def fitting(words: Grammar, fits: str) -> list[str]:
    """Return the templates for a text, those for any text included.

    Parameters
    ----------
    words : Grammar
        Of the language.
    fits : {"any", "hurt", "complaint"}
        "hurt" for a text that speaks of a pain, "complaint" for one in ``complaints``; each may be
        written as the ones before it.

    Examples
    --------
    >>> [len(fitting(grammar("zh"), fits)) for fits in FITS]
    [13, 16, 20]
    """
    able = FITS[: FITS.index(fits) + 1]
    return [name for name, template in words.templates.items() if template["fits"] in able]


def write(
    words: Grammar,
    message: Message,
    numbers: Iterator[int],
    *,
    cued: float,
    switched: float,
    slip: float,
) -> Wording:
    """Return a text that says what the message says.

    Opening, what is liked, what hurts (or the other way round), ending; then a word may be put into
    the other language, and slips happen.

    Parameters
    ----------
    words : Grammar
        Of the language.
    message : Message
        What to say.
    numbers : iterator of int
        Whole numbers from 0 to below `RANGE`, 30 of them and one for each word that may slip; the
        same numbers give the same text.
    cued : float
        Chance that a clause comes with one of the words that all templates share.
    switched : float
        Chance that a word that may be put into the other language is.
    slip : float
        Chance of a slip at each word where it may happen.

    Returns
    -------
    Wording

    Examples
    --------
    >>> message = Message("en06", "tent", "gear", pains=("process",), days=3)
    >>> numbers = iter([0, 2, 0] + [0] * 30)
    >>> write(grammar("en"), message, numbers, cued=0, switched=0, slip=0).text
    '3 days late'
    """
    template = words.templates[message.template]
    clauses, negated = _clauses(words, template, message, cued, numbers)
    text = _joined(words, template, clauses, numbers, hurt=bool(message.pains))
    text = _filled(text, words, message, numbers)
    text, is_switched = _switched(text, words, switched, numbers)
    text, slips = _slipped(text, words, slip, numbers)
    return Wording(text.strip(), negated, is_switched, slips)


def _check_names(where: str, facts: Any, names: Sequence[str]) -> None:
    wrong = sorted(set(names) ^ set(facts if isinstance(facts, dict) else ()))
    if wrong:
        raise CatalogError(f"{where}: missing or unknown: {', '.join(wrong)}.")


def _clauses(
    words: Grammar,
    template: Mapping[str, Any],
    message: Message,
    cued: float,
    numbers: Iterator[int],
) -> tuple[list[list[str]], bool]:
    """Return the clauses in their groups (liked, hurt), and whether one is a negation."""

    def name(kind: str) -> str:
        return message.family if kind == KINDS[0] else kind

    if message.suggests:
        groups = [["suggest"]]
    elif not message.pains and not message.likes:
        groups = [["meh"]]
    else:
        groups = [[f"good_{name(kind)}" for kind in message.likes], [*map(name, message.pains)]]
    if next(numbers) % 3 == 0:
        groups.reverse()
    chosen = [
        [_cued(words, template, clause, cued, numbers) for clause in group]
        for group in groups
        if group
    ]
    negated = any("!" in mark for group in chosen for mark, _ in group)
    return [[clause for _, clause in group] for group in chosen], negated


def _cued(
    words: Grammar,
    template: Mapping[str, Any],
    clause: str,
    chance: float,
    numbers: Iterator[int],
) -> tuple[str, str]:
    """Return the clause, maybe behind a cue, and "!" where either is a negation."""
    parts = [_choose(template[clause], numbers)]
    if next(numbers) < chance * RANGE and clause in words.cues:
        parts.insert(0, _choose(words.cues[clause], numbers))
    mark = "!" if any(part.startswith("!") for part in parts) else ""
    first, *rest = (part.removeprefix("!") for part in parts)
    for part in rest:
        text = _append(first, _choose(words.joins["cue"], numbers))
        first = text + _begun(text, part)
    return mark, first


def _joined(
    words: Grammar,
    template: Mapping[str, Any],
    clauses: list[list[str]],
    numbers: Iterator[int],
    *,
    hurt: bool,
) -> str:
    text = _choose(_suiting(template["open"], hurt), numbers)
    for place, group in enumerate(clauses):
        for number, clause in enumerate(group):
            if place or number:
                join = words.joins["but" if number == 0 else "and"]
                text = _append(text, _choose(join, numbers))
            text += _begun(text, clause)
    return _append(text, _choose(_suiting(template["end"], hurt), numbers))


def _suiting(alternatives: Sequence[str], hurt: bool) -> list[str]:
    """Return openings or endings for a text, those marked "-" only if it hurts."""
    return [text.removeprefix("-") for text in alternatives if hurt or not text.startswith("-")]


def _begun(text: str, clause: str) -> str:
    """Return the clause with a capital letter where a sentence begins after another one."""
    return clause[0].upper() + clause[1:] if text.endswith((". ", "! ", "? ")) else clause


def _append(text: str, piece: str) -> str:
    """Return the text with the piece behind it, without a second stop after "!" or "?"."""
    if not text or text[-1] not in _STOPS or not piece or piece[0] not in _LEADS:
        return text + piece
    rest = piece.lstrip(_LEADS)
    return text + (" " if rest.isascii() and piece.isascii() else "") + rest


def _filled(text: str, words: Grammar, message: Message, numbers: Iterator[int]) -> str:
    noun = _choose(words.nouns[message.category], numbers)
    for slot, value in (("p", noun), ("n", message.days), ("h", message.hours)):
        text = text.replace(f"{{{slot}}}", str(value))
    text = text.replace("{y}", str(message.yuan))
    return re.sub(r"\b1 (days|hours|times)\b", lambda found: f"1 {found[1][:-1]}", text)


def _switched(text: str, words: Grammar, chance: float, numbers: Iterator[int]) -> tuple[str, bool]:
    found = [word for word in words.switches if re.search(_pattern(word), text)]
    if next(numbers) >= chance * RANGE or not found:
        return text, False
    word = _choose(found, numbers)
    return re.sub(_pattern(word), words.switches[word], text, count=1), True


def _slipped(text: str, words: Grammar, chance: float, numbers: Iterator[int]) -> tuple[str, int]:
    count = 0
    for word, typed in words.slips.items() if chance else ():
        if re.search(_pattern(word), text) and next(numbers) < chance * RANGE:
            text = re.sub(_pattern(word), typed, text, count=1)
            count += 1
    return text, count


def _pattern(word: str) -> str:
    """Return what finds the word: English ones as whole words, so that "tea" is not in "team"."""
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)


def _choose(alternatives: Sequence[str], numbers: Iterator[int]) -> str:
    return alternatives[next(numbers) % len(alternatives)]
