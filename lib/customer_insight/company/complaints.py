"""Who complains of what, who suggests something, and what became of it: ``complaints``."""

from dataclasses import dataclass, fields

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.feelings import Feelings
from customer_insight.company.pains import KINDS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.text_times import MINUTES, minutes_of_day
from customer_insight.company.texts import Drafts, delivered, draw_likes, order_lines_of
from customer_insight.data.mechanisms import mechanism

CHANNELS = ("web_form", "chat", "phone", "shop")
OUTCOMES = ("solved", "refused", "open")
NEVER = -1


@dataclass(frozen=True)
class Complaints:
    """Complaints and suggestions, arrays of shape (n,); minutes since the company's first midnight.

    ``channel`` is a place in `CHANNELS`, ``outcome`` one in `OUTCOMES`; ``answered``, ``fixed`` and
    ``called`` are minutes, or `NEVER`; ``paid`` is fen; ``batch`` is True for the bad batch;
    ``repeats`` is the place of the complaint that is repeated, or -1.
    """

    drafts: Drafts
    received: np.ndarray
    channel: np.ndarray
    answered: np.ndarray
    fixed: np.ndarray
    called: np.ndarray
    outcome: np.ndarray
    paid: np.ndarray
    batch: np.ndarray
    repeats: np.ndarray

    def __len__(self) -> int:
        return len(self.received)

    def at(self, places: np.ndarray) -> "Complaints":
        """Return the complaints at these places, ``repeats`` pointing to the new places."""
        moved = np.full(len(self) + 1, -1)
        moved[places[::-1]] = np.arange(len(places))[::-1]
        columns = {
            field.name: getattr(self, field.name)[places]
            for field in fields(self)
            if field.name not in ("drafts", "repeats")
        }
        return Complaints(
            drafts=self.drafts.at(places), repeats=moved[self.repeats[places]], **columns
        )


def draw_complaints(
    block: PeopleBlock, feelings: Feelings, goods: Goods, draws: Draws
) -> Complaints:
    """Return what a block of people complained of and suggested, in the order of time.

    Parameters
    ----------
    block : PeopleBlock
        People, what they bought and where it hurt.
    feelings : Feelings
        Of the same people.
    goods : Goods
        The articles.
    draws : Draws
        Of the company.

    Returns
    -------
    Complaints
        Those received by the end of the three years.
    """
    own = draws.within(block.number)
    first = _handled(block, *_first(block, feelings, goods, draws), own.within(0))
    again = _again(block, first, own)
    stacked = _stacked(first, again)
    known = np.flatnonzero(stacked.received < calendar.DAYS * MINUTES)
    at = known[np.argsort(stacked.received[known], kind="stable")]
    return _as_known(stacked.at(at))


def complaint_chance(block: PeopleBlock, feelings: Feelings) -> np.ndarray:
    """Return the chance of a complaint about each order: by severity and care."""
    facts = mechanism("complaints")
    floor = facts["care_floor"]
    care = floor + (1 - floor) * feelings.care[block.purchases.person]
    return np.array([0.0, *facts["by_severity"]])[block.purchases.outcomes.severity] * care


def first_kind(pains: np.ndarray) -> np.ndarray:
    """Return the place of the first kind of pain in each row, 4 where there is none.

    Examples
    --------
    >>> first_kind(np.array([[False, True, False, True], [False] * 4])).tolist()
    [1, 4]
    """
    return np.where(pains.any(axis=1), np.argmax(pains, axis=1), pains.shape[1])


def bad_batch(block: PeopleBlock, goods: Goods) -> np.ndarray:
    """Return the line of each order with the article of the bad batch in its days, or -1."""
    facts = mechanism("service_outbreaks")["bad_batch"]
    product = goods.products["product_id"].to_list().index(facts["product_id"])
    found = np.flatnonzero(block.lines.product == product)
    dates = calendar.dates()
    low, high = (dates.index(facts[name]) for name in ("begins", "ends"))
    day = block.purchases.day[block.lines.order[found]]
    found = found[(day >= low) & (day <= high)]
    line = np.full(len(block.purchases.person), -1)
    line[block.lines.order[found]] = found
    return line


def _first(
    block: PeopleBlock, feelings: Feelings, goods: Goods, draws: Draws
) -> tuple[Drafts, np.ndarray, np.ndarray]:
    """Return first complaints and suggestions, when they are received, and which of the batch."""
    facts, own = mechanism("complaints"), draws.within(block.number)
    outcomes = block.purchases.outcomes
    care = feelings.care[block.purchases.person]
    complains = own.of("complaints", "writes").chance(complaint_chance(block, feelings))
    bad = bad_batch(block, goods)
    batch = own.of("complaints", "batch").chance(
        np.where(bad < 0, 0.0, mechanism("complaint_outbreak")["chance"])
    )
    complains |= batch
    suggests = own.of("complaints", "suggests").chance(facts["suggests"] * care) & ~complains
    order = np.flatnonzero(complains | suggests)
    felt = outcomes.hurts[order] & complains[order, None]
    felt[:, KINDS.index("function")] |= batch[order]
    drafts = Drafts(
        order,
        np.where(batch, bad, order_lines_of(block, draws))[order],
        *_said(felt, outcomes.web[order], own),
        suggests[order],
    )
    days = own.of("complaints", "days").geometric(np.full(len(order), facts["days"]))
    minute = minutes_of_day(len(order), "complaints", own)
    return drafts, (delivered(block)[order] + days) * MINUTES + minute, batch[order]


def _said(felt: np.ndarray, web: np.ndarray, own: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return which pains are spoken of, one for sure, and what is praised."""
    facts = mechanism("complaints")
    told = own.of("complaints", "pains").chance(facts["speaks_of"], size=felt.shape)
    sure = np.arange(felt.shape[1]) == first_kind(felt)[:, None]
    pains = felt & (told | sure)
    likes = own.of("complaints", "likes").chance(facts["likes"], size=len(felt)) & felt.any(axis=1)
    return pains, draw_likes(
        pains, web, likes.astype(np.int64), own.of("complaints", "which_likes")
    )


def _handled(
    block: PeopleBlock, drafts: Drafts, received: np.ndarray, batch: np.ndarray, draws: Draws
) -> Complaints:
    """Return the complaints with channel, answer, solution and compensation."""
    facts, size = mechanism("complaints"), len(drafts)
    bought = block.purchases
    day = np.minimum(received // MINUTES, len(calendar.crowded()) - 1)
    slow = np.where(calendar.crowded()[day], facts["crowded"], 1.0)
    channel = _channels(bought.outcomes.web[drafts.order], draws)
    hours = np.array([facts["answer_hours"][name] for name in CHANNELS])[channel] * slow
    answered = received + 1 + _minutes(60 * hours, "answer", draws)
    outcome = draws.of("complaints", "outcome").pick(facts["outcome"], size)
    never = draws.of("complaints", "unanswered").chance(facts["unanswered"], size=size)
    outcome = np.where(never, OUTCOMES.index("open"), outcome)
    fix_days = np.array(list(facts["fix_days"].values()))[first_kind(drafts.pains)] * slow
    solved = outcome == OUTCOMES.index("solved")
    fixed = answered + 1 + _minutes(MINUTES * fix_days, "fix", draws)
    calls = solved & draws.of("complaints", "called").chance(facts["called_back"], size=size)
    later = draws.of("complaints", "call_days").geometric(np.full(size, facts["call_back_days"]))
    severity = bought.outcomes.severity[drafts.order]
    pays = np.array([0.0, *facts["paid"]])[severity] * solved * drafts.pains.any(axis=1)
    paid = draws.of("complaints", "paid").chance(pays) * np.array([0, *facts["pay"]])[severity]
    return Complaints(
        drafts=drafts,
        received=received,
        channel=channel,
        answered=np.where(never, NEVER, answered),
        fixed=np.where(solved, fixed, NEVER),
        called=np.where(calls, fixed + (1 + later) * MINUTES, NEVER),
        outcome=outcome,
        paid=paid,
        batch=batch,
        repeats=np.full(size, -1),
    )


def _again(block: PeopleBlock, first: Complaints, own: Draws) -> Complaints:
    """Return the second complaints of those who waited."""
    facts = mechanism("complaints")
    low, high = facts["again_days"]
    wait = low + own.of("complaints", "again_days").whole(0, high - low + 1, len(first))
    open_days = np.where(first.fixed < 0, high, (first.fixed - first.received) // MINUTES)
    chance = np.minimum(facts["again"] * open_days, facts["again_most"])
    comes = own.of("complaints", "again").chance(np.where(first.drafts.suggests, 0.0, chance))
    at = np.flatnonzero(comes & (open_days >= wait))
    received = first.received[at] + wait[at] * MINUTES
    second = _handled(block, first.drafts.at(at), received, first.batch[at], own.within(1))
    return Complaints(**{**vars(second), "repeats": at})


def _stacked(first: Complaints, second: Complaints) -> Complaints:
    def both(one: object, other: object) -> dict[str, np.ndarray]:
        return {
            name: np.concatenate([values, vars(other)[name]])
            for name, values in vars(one).items()
            if name != "drafts"
        }

    return Complaints(drafts=Drafts(**both(first.drafts, second.drafts)), **both(first, second))


def _as_known(complaints: Complaints) -> Complaints:
    """Return the complaints as they stand at the end of the three years."""
    end = calendar.DAYS * MINUTES
    late = {
        name: np.where(getattr(complaints, name) < end, getattr(complaints, name), NEVER)
        for name in ("answered", "fixed", "called")
    }
    solved = complaints.outcome == OUTCOMES.index("solved")
    pending = (solved & (late["fixed"] < 0)) | (late["answered"] < 0)
    outcome = np.where(pending, OUTCOMES.index("open"), complaints.outcome)
    paid = np.where(outcome == OUTCOMES.index("solved"), complaints.paid, 0)
    return Complaints(**{**vars(complaints), **late, "outcome": outcome, "paid": paid})


def _channels(web: np.ndarray, draws: Draws) -> np.ndarray:
    weights = mechanism("complaints")["channel"]
    edges = row_edges([weights["shop"], weights["web"]])
    return draws.of("complaints", "channel").pick_by_row(edges, web.astype(np.int64))


def _minutes(mean: np.ndarray, what: str, draws: Draws) -> np.ndarray:
    drawn = draws.of("complaints", what).exponential(len(mean))
    return np.floor(drawn * mean).astype(np.int64)
