"""What complaints and reviews shall say, their words, and the truth of each text."""

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.order_tables import SEVERITIES
from customer_insight.company.pains import KINDS, promised_days
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.text_grammar import (
    FITS,
    LANGUAGES,
    RANGE,
    Message,
    fitting,
    grammar,
    write,
)
from customer_insight.data.mechanisms import mechanism

ASPECTS = ("quality", "delivery", "service", "price")
_NUMBERS = 96


@dataclass(frozen=True)
class Drafts:
    """Texts to be written, arrays of shape (texts,) where not said otherwise.

    ``order`` is a place in the block's purchases and ``line`` one in its lines; ``pains`` and
    ``likes``, shape (texts, 4), say which of `pains.KINDS` the text complains of and whose opposite
    it praises; ``suggests`` is True for suggestions, which speak of neither.
    """

    order: np.ndarray
    line: np.ndarray
    pains: np.ndarray
    likes: np.ndarray
    suggests: np.ndarray

    def __len__(self) -> int:
        return len(self.order)

    def at(self, places: np.ndarray) -> "Drafts":
        """Return the drafts at these places."""
        return Drafts(**{field.name: getattr(self, field.name)[places] for field in fields(self)})


@dataclass(frozen=True)
class Texts:
    """Texts with their languages and the truth about each, one row a text in the same order."""

    language: pl.Series
    text: pl.Series
    truth: pl.DataFrame
    aspects: pl.DataFrame


def languages(block: PeopleBlock, draws: Draws) -> np.ndarray:
    """Return everybody's place in `LANGUAGES`, shape (people,); nobody changes it."""
    chance = draws.of("texts", "language", block.number).chance(
        mechanism("texts")["english"], size=len(block)
    )
    return chance.astype(np.int64)


def order_lines_of(block: PeopleBlock, draws: Draws) -> np.ndarray:
    """Return the line of each order that its texts speak of, a place in the block's lines."""
    orders = len(block.purchases.person)
    lines = np.bincount(block.lines.order, minlength=orders)
    first = np.cumsum(lines) - lines
    return first + draws.of("texts", "line", block.number).whole(0, lines, orders)


def delivered(block: PeopleBlock) -> np.ndarray:
    """Return the day on which each order was in hand, counted from the company's first."""
    bought = block.purchases
    took = promised_days(block.habits.tier[bought.person]) + bought.outcomes.days_late
    return bought.day + np.where(bought.outcomes.web, took, 0)


def draw_likes(pains: np.ndarray, web: np.ndarray, count: np.ndarray, stream: Stream) -> np.ndarray:
    """Return which kinds are praised, shape (texts, 4): none that hurts, delivery only on the web.

    Parameters
    ----------
    pains : numpy.ndarray of bool, shape (texts, 4)
        What the text complains of.
    web : numpy.ndarray of bool, shape (texts,)
        Whether the order was delivered.
    count : numpy.ndarray of int, shape (texts,)
        How many kinds are praised: 0, 1 or 2, as far as there are so many.
    stream : Stream
        Of the block.
    """
    weights = np.array([mechanism("texts")["likes"][kind] for kind in KINDS], dtype=float)
    possible = ~pains
    possible[:, KINDS.index("process")] &= web
    drawn = stream.uniform(pains.shape) * np.where(possible, weights, 0.0)
    place = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1, kind="stable")
    return (place < count[:, None]) & possible


def write_texts(
    drafts: Drafts, block: PeopleBlock, goods: Goods, table: str, draws: Draws
) -> Texts:
    """Return the words of drafts and the truth about them.

    Parameters
    ----------
    drafts : Drafts
        What to say.
    block : PeopleBlock
        The people.
    goods : Goods
        The articles.
    table : str
        Of the texts; it names the streams.
    draws : Draws
        Of the company.

    Returns
    -------
    Texts
        ``truth`` is ``truth_texts`` and ``aspects`` is ``truth_aspects`` with the texts' places
        (``text``) instead of their ids.
    """
    own = draws.within(block.number)
    language = languages(block, draws)[block.purchases.person[drafts.order]]
    facts = mechanism("texts")
    numbers = own.of(table, "words").whole(0, RANGE, (len(drafts), _NUMBERS))
    hurried = own.of(table, "hurry").chance(facts["hurried"], size=len(drafts))
    messages = _messages(drafts, block, goods, language, own=own, table=table)
    worded = [
        write(
            grammar(LANGUAGES[place]),
            message,
            iter(row),
            cued=facts["cued"][LANGUAGES[place]],
            switched=facts["switched"],
            slip=facts["slip"] * fast,
        )
        for place, message, row, fast in zip(
            language.tolist(), messages, numbers.tolist(), hurried.tolist(), strict=True
        )
    ]
    templates = [
        grammar(LANGUAGES[place]).templates[message.template]
        for place, message in zip(language.tolist(), messages, strict=True)
    ]
    severity = block.purchases.outcomes.severity[drafts.order]
    speaks = pl.Series(drafts.pains.any(axis=1))
    truth = pl.DataFrame(
        {
            "template_id": pl.Series([message.template for message in messages], dtype=pl.String),
            **{kind: drafts.pains[:, place] for place, kind in enumerate(KINDS)},
            "severity": pl.Series(SEVERITIES).gather(np.maximum(severity, 1) - 1),
            "tone": pl.Series([template["tone"] for template in templates], dtype=pl.String),
            "slang": pl.Series([template["slang"] for template in templates], dtype=pl.Boolean),
            "negated": pl.Series([wording.negated for wording in worded], dtype=pl.Boolean),
            "mixed_language": pl.Series([w.switched for w in worded], dtype=pl.Boolean),
            "typing_errors": pl.Series([wording.slips for wording in worded], dtype=pl.Int64),
        }
    ).with_columns(pl.when(speaks).then("severity").alias("severity"))
    return Texts(
        language=pl.Series(LANGUAGES).gather(language),
        text=pl.Series([wording.text for wording in worded], dtype=pl.String),
        truth=truth,
        aspects=_aspects(drafts),
    )


def _messages(
    drafts: Drafts,
    block: PeopleBlock,
    goods: Goods,
    language: np.ndarray,
    *,
    own: Draws,
    table: str,
) -> list[Message]:
    facts, size = mechanism("texts"), len(drafts)
    names = [[fitting(grammar(name), fits) for fits in FITS] for name in LANGUAGES]
    counts = np.array([[len(able) for able in known] for known in names])
    hurt = np.where(drafts.pains.any(axis=1), FITS.index("hurt"), FITS.index("any"))
    fits = np.where(table == "complaints", FITS.index("complaint"), hurt)
    template = own.of(table, "template").whole(0, counts[language, fits], size).tolist()
    product = block.lines.product[drafts.line]
    category = goods.products["category"].gather(product).to_list()
    family = goods.products["family"].gather(product).to_list()
    days = np.maximum(block.purchases.outcomes.days_late[drafts.order], 1).tolist()
    hours = own.of(table, "hours").whole(*facts["hours"], size).tolist()
    yuan = own.of(table, "yuan").whole(*facts["yuan"], size).tolist()
    return [
        Message(
            template=names[language[place]][fits[place]][template[place]],
            category=category[place],
            family=family[place],
            pains=tuple(kind for kind, felt in zip(KINDS, pains, strict=True) if felt),
            likes=tuple(kind for kind, liked in zip(KINDS, likes, strict=True) if liked),
            suggests=suggests,
            days=days[place],
            hours=hours[place],
            yuan=yuan[place],
        )
        for place, (pains, likes, suggests) in enumerate(
            zip(
                drafts.pains.tolist(),
                drafts.likes.tolist(),
                drafts.suggests.tolist(),
                strict=True,
            )
        )
    ]


def _aspects(drafts: Drafts) -> pl.DataFrame:
    """Return -1 for each aspect that is complained of and 1 for each that is praised."""
    text, kind = np.nonzero(drafts.pains | drafts.likes)
    return pl.DataFrame(
        {
            "text": text,
            "aspect": pl.Series(ASPECTS).gather(kind),
            "sentiment": np.where(drafts.pains[text, kind], -1, 1),
        }
    )
