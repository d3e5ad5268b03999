"""What people are interested in: it moves what they view, post and follow."""

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import exp
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

TOPICS = tuple(mechanism("interests")["weight"])


def draw_interests(block: PeopleBlock, profiles: pl.DataFrame, draws: Draws) -> np.ndarray:
    """Return how everybody's interest is spread over the topics.

    The weights of the segment, times the exponential of a normal draw that goes with the attitude
    told in the profile; who told none has a draw alone.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    profiles : polars.DataFrame
        The table ``profiles`` of the same people.
    draws : Draws
        Of the company.

    Returns
    -------
    numpy.ndarray of float, shape (people, topics)
        Shares in the order of `TOPICS`; each row adds up to 1.
    """
    facts, own = mechanism("interests"), draws.within(block.number)
    told = pl.DataFrame({"customer_id": customer_ids(block.number, np.arange(len(block)))}).join(
        profiles, on="customer_id", how="left", maintain_order="left"
    )
    kept = facts["agreement"]
    rest = np.sqrt(1 - kept * kept)
    columns = []
    for topic, weights in facts["weight"].items():
        z = own.of("interests", topic).normal(len(block))
        if topic in facts["attitude"]:
            z = kept * _leaning(block, told[facts["attitude"][topic]], topic, own) + rest * z
        segment = np.array([weights[name] for name in SEGMENTS], dtype=float)
        columns.append(segment[block.habits.segment] * exp(facts["spread"] * z))
    weight = np.stack(columns, axis=1)
    return weight / np.cumsum(weight, axis=1)[:, -1:]


def interest_truth(block: PeopleBlock, interests: np.ndarray) -> pl.DataFrame:
    """Return the table ``truth_interests``: one row a person and topic.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``topic``, ``interest`` (share of the person's interest, to thousandths).
    """
    person = np.repeat(np.arange(len(block)), len(TOPICS))
    thousandths = np.rint(interests.ravel() * 1000) / 1000
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, person),
            "topic": pl.Series(TOPICS).gather(np.tile(np.arange(len(TOPICS)), len(block))),
            "interest": thousandths,
        }
    )


def _leaning(block: PeopleBlock, answer: pl.Series, topic: str, own: Draws) -> np.ndarray:
    """Return how far the answer lies above the segment's mean, in standard deviations."""
    facts = company_mechanism("people")
    means = facts["attitudes"][mechanism("interests")["attitude"][topic]]
    mean = np.array([means[name] for name in SEGMENTS], dtype=float)[block.habits.segment]
    drawn = own.of("interests", f"untold_{topic}").normal(len(block))
    given = answer.cast(pl.Float64).fill_null(0.0).to_numpy()
    known = (given - mean) / facts["attitude_spread"]
    return np.where(answer.is_null().to_numpy(), drawn, known)
