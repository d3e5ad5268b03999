"""What people need: classes of needs, how important each need is to whom, and the truth of it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.survey_content import need_ids
from customer_insight.company.survey_scales import thousandths
from customer_insight.data.mechanisms import mechanism

NEED_CLASSES = tuple(mechanism("needs")["classes"])
KANO_CLASSES = ("must_be", "one_dimensional", "attractive", "indifferent", "reverse")


@dataclass(frozen=True)
class Needs:
    """What some people need.

    Attributes
    ----------
    need_class : numpy.ndarray of int, shape (people,)
        Places in `NEED_CLASSES`.
    importance : numpy.ndarray of float, shape (people, needs)
        On a scale of 1 to 5, before it is rounded to an answer.
    """

    need_class: np.ndarray
    importance: np.ndarray


def draw_needs(segment: np.ndarray, table: str, draws: Draws) -> Needs:
    """Return what people of some segments need.

    Parameters
    ----------
    segment : numpy.ndarray of int, shape (people,)
        Places among the segments.
    table : str
        Whose needs they are; it names the streams.
    draws : Draws
        Of the block.

    Returns
    -------
    Needs
    """
    facts = mechanism("needs")
    edges = row_edges([facts["weights"][name] for name in SEGMENTS])
    need_class = draws.of(table, "need_class").pick_by_row(edges, segment)
    profiles = np.array(list(facts["classes"].values()))
    own = draws.of(table, "importance").normal(len(segment) * profiles.shape[1])
    style = draws.of(table, "style").normal(len(segment)) * facts["style"]
    spread = facts["spread"] * own.reshape(len(segment), profiles.shape[1])
    return Needs(need_class, profiles[need_class] + spread + style[:, None])


def kano_classes() -> np.ndarray:
    """Return the Kano class of each need in each segment, places in `KANO_CLASSES`.

    Returns
    -------
    numpy.ndarray of int, shape (segments, needs)
    """
    facts = mechanism("kano")
    usual = dict(zip(need_ids(), facts["usual"], strict=True))
    return np.array(
        [
            [KANO_CLASSES.index(name) for name in (usual | facts["otherwise"][segment]).values()]
            for segment in SEGMENTS
        ]
    )


def mean_importance() -> np.ndarray:
    """Return the mean importance of each need in each segment, 1 to 5, shape (segments, needs)."""
    facts = mechanism("needs")
    profiles = np.array(list(facts["classes"].values()))
    weights = np.array([facts["weights"][name] for name in SEGMENTS])
    total = np.zeros((len(SEGMENTS), profiles.shape[1]))
    for place, profile in enumerate(profiles):
        total = total + weights[:, place, None] * profile[None, :]
    return total / weights.sum(axis=1)[:, None]


def need_truth() -> pl.DataFrame:
    """Return Kano class and importance of each need in each segment: ``truth_needs``.

    Returns
    -------
    polars.DataFrame
        One row a need and segment: ``need_id``, ``segment``, ``kano_class``, ``importance`` (1 to
        5, three decimals).
    """
    importance, classes = thousandths(mean_importance()), kano_classes()
    return pl.DataFrame(
        {
            "need_id": np.tile(need_ids(), len(SEGMENTS)),
            "segment": np.repeat(SEGMENTS, len(need_ids())),
            "kano_class": np.array(KANO_CLASSES)[classes.ravel()],
            "importance": importance.ravel(),
        }
    )


def need_class_truth(block: PeopleBlock, needs: Needs) -> pl.DataFrame:
    """Return everybody's class of needs: ``truth_need_classes``.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    needs : Needs
        Of all of them.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``need_class``.
    """
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, np.arange(len(block))),
            "need_class": pl.Series(NEED_CLASSES).gather(needs.need_class),
        }
    )
