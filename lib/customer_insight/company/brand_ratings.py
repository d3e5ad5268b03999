"""Brands in people's minds: ``brand_ratings``, ``brand_choices`` and where firms truly stand."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import exp, ln
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.survey_content import survey_content
from customer_insight.company.survey_scales import on_scale, thousandths
from customer_insight.data.mechanisms import mechanism

FAMILIES = ("tea", "gear")
FIRMS = {family: tuple(mechanism("brands")[family]) for family in FAMILIES}
RATING, LIKING = (1, 7), (0, 10)
_OWN = 0  # Qinghe's place among the firms of both families


@dataclass(frozen=True)
class Minds:
    """How some people see five firms, arrays of shape (people, firms) where not said otherwise.

    Attributes
    ----------
    gear : bool, shape (people,)
        Asked about gear, else about tea.
    seen : float, shape (people, firms, attributes)
        1 to 7, before it is rounded to a rating.
    liking : float
        0 to 10, before rounding.
    aware, considered : bool
        Whether they know the firm, and would buy from it.
    first, usual, before : int, shape (people,)
        Firm named first, usually bought now, and a year ago.
    """

    gear: np.ndarray
    seen: np.ndarray
    liking: np.ndarray
    aware: np.ndarray
    considered: np.ndarray
    first: np.ndarray
    usual: np.ndarray
    before: np.ndarray


def draw_minds(
    segment: np.ndarray, gear: np.ndarray, bonus: np.ndarray | None, table: str, draws: Draws
) -> Minds:
    """Return how people see the firms of one family.

    Parameters
    ----------
    segment : numpy.ndarray of int, shape (people,)
        Places among the segments.
    gear : numpy.ndarray of bool, shape (people,)
        Who is asked about gear.
    bonus : numpy.ndarray of float, shape (people,), or None
        What customers like Qinghe more, in points of 10; None for others, who may not know it.
    table : str
        Names the streams.
    draws : Draws
        Of the block.

    Returns
    -------
    Minds
    """
    facts, place = mechanism("brands"), gear.astype(np.int64)
    seen = positions()[place]
    halo = draws.of(table, "halo").normal(seen.size // seen.shape[2]).reshape(seen.shape[:2])
    noise = draws.of(table, "seen").normal(seen.size).reshape(seen.shape)
    seen = seen + facts["halo"] * halo[:, :, None] + facts["chance"] * noise
    liking = _liking(segment, seen, table, draws)
    aware = draws.of(table, "aware").chance(_known()[place])
    if bonus is not None:
        liking[:, _OWN] = liking[:, _OWN] + bonus
        aware[:, _OWN] = True
    middle, slope = facts["considered"]
    odds = exp(np.clip(slope * (liking - middle), -30, 30))
    considered = aware & draws.of(table, "considered").chance(odds / (1 + odds))
    usual = _choice(facts["usual"] * liking, considered, aware, draws.of(table, "usual"))
    again = _choice(facts["usual"] * liking, considered, aware, draws.of(table, "before"))
    switched = draws.of(table, "switched").chance(facts["switched"], size=len(segment))
    salience = ln(_known()[place])
    salience[np.arange(len(usual)), usual] += facts["first"]
    first = _choice(salience, aware, aware, draws.of(table, "first"))
    return Minds(
        gear, seen, liking, aware, considered, first, usual, np.where(switched, again, usual)
    )


def brand_tables(ids: pl.Series, minds: Minds) -> dict[str, pl.DataFrame]:
    """Return what people say about brands.

    Parameters
    ----------
    ids : polars.Series, shape (people,)
        Of the invitations.
    minds : Minds
        Of these people.

    Returns
    -------
    dict of str to polars.DataFrame
        ``brand_choices``: one row a person and firm; ``brand_ratings``: one row a person, firm that
        they know, and attribute, ``rating`` 1 to 7.
    """
    family, firms, attributes = _names(minds)
    person = np.repeat(np.arange(len(ids)), minds.aware.shape[1])
    firm = np.tile(np.arange(minds.aware.shape[1]), len(ids))
    aware = minds.aware.ravel()
    choices = pl.DataFrame(
        {
            "invitation_id": ids.gather(person),
            "family": family.gather(person),
            "firm_id": firms,
            "named_first": firm == minds.first[person],
            "aware": aware,
            "considered": minds.considered.ravel(),
            "usual_before": firm == minds.before[person],
            "usual_now": firm == minds.usual[person],
            "liking": on_scale(minds.liking, *LIKING).ravel(),
        }
    ).with_columns(liking=pl.when("aware").then("liking"))
    known = np.flatnonzero(aware)
    row = np.repeat(known, len(attributes))
    attribute = np.tile(np.arange(len(attributes)), len(known))
    seen = minds.seen.reshape(-1, len(attributes))[known]
    ratings = pl.DataFrame(
        {
            "invitation_id": choices["invitation_id"].gather(row),
            "family": choices["family"].gather(row),
            "firm_id": choices["firm_id"].gather(row),
            "attribute_id": attributes.gather(attribute),
            "rating": on_scale(seen, *RATING).ravel(),
        }
    )
    return {"brand_choices": choices, "brand_ratings": ratings}


def positions() -> np.ndarray:
    """Return where firms stand, 1 to 7, shape (families, firms, attributes)."""
    return np.array([list(mechanism("brands")[family].values()) for family in FAMILIES])


def position_truth() -> pl.DataFrame:
    """Return where firms stand, a row a family, firm and attribute: ``truth_positions``."""
    return pl.DataFrame(
        [
            (family, firm, attribute, float(position))
            for family in FAMILIES
            for firm, row in mechanism("brands")[family].items()
            for attribute, position in zip(_attribute_ids(), row, strict=True)
        ],
        schema=["family", "firm_id", "attribute_id", "position"],
        orient="row",
    )


def weight_truth() -> pl.DataFrame:
    """Return what attributes weigh in each segment, 1 in all: ``truth_attribute_weights``."""
    weights = thousandths(_weights()).ravel()
    return pl.DataFrame(
        {
            "segment": np.repeat(SEGMENTS, len(_attribute_ids())),
            "attribute_id": np.tile(_attribute_ids(), len(SEGMENTS)),
            "weight": weights,
        }
    )


def _liking(segment: np.ndarray, seen: np.ndarray, table: str, draws: Draws) -> np.ndarray:
    """Return the weighted mean of what is seen, from 0 to 10, and chance."""
    weights, total = _weights()[segment], np.zeros(seen.shape[:2])
    for place in range(seen.shape[2]):
        total = total + weights[:, place, None] * seen[:, :, place]
    low, high = RATING
    noise = draws.of(table, "liking").normal(total.size).reshape(total.shape)
    spread = mechanism("brands")["liking_chance"]
    return LIKING[1] * (total - low) / (high - low) + spread * noise


def _choice(utility: np.ndarray, among: np.ndarray, else_: np.ndarray, lots: Stream) -> np.ndarray:
    """Return a firm among some, by a logit, among others where there is none, shape (people,)."""
    chance = -ln(np.maximum(lots.exponential(utility.shape), 1e-300))
    allowed = np.where(among.any(axis=1)[:, None], among, else_)
    return np.argmax(np.where(allowed, utility + chance, -np.inf), axis=1)


def _names(minds: Minds) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return each person's family, each person's firms one after the other, and attributes."""
    place = minds.gear.astype(np.int64)
    flat = pl.Series([firm for family in FAMILIES for firm in FIRMS[family]])
    count = len(FIRMS[FAMILIES[0]])
    firms = flat.gather((place[:, None] * count + np.arange(count)[None, :]).ravel())
    return pl.Series(FAMILIES).gather(place), firms, pl.Series(_attribute_ids())


def _attribute_ids() -> list[str]:
    return survey_content("brand_attributes")["attribute_id"].to_list()


def _weights() -> np.ndarray:
    return np.array([mechanism("brands")["weights"][name] for name in SEGMENTS]) / 1000


def _known() -> np.ndarray:
    return np.array([mechanism("brands")["known"][family] for family in FAMILIES])
