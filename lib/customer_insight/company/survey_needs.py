"""Importance of needs and satisfaction with firms: ``survey_needs`` and ``survey_rivals``."""

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.needs import Needs
from customer_insight.company.pains import KINDS
from customer_insight.company.survey_content import need_ids, survey_content
from customer_insight.company.survey_invitations import Asked
from customer_insight.company.survey_scales import long_table, on_scale
from customer_insight.data.mechanisms import mechanism

SCALE = (1, 5)
RIVALS = {"tea": ("T1", "T2", "T3", "T4"), "gear": ("G1", "G2", "G3", "G4")}


def importance_answers(importance: np.ndarray, draws: Draws, table: str) -> np.ndarray:
    """Return how important people call each need, 1 to 5, of their importance, same shape."""
    noise = draws.of(table, "importance_said").normal(importance.size).reshape(importance.shape)
    return on_scale(importance + mechanism("needs")["chance"] * noise, *SCALE)


def need_tables(asked: Asked, needs: Needs, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return what customers answered on needs.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    needs : Needs
        Of all people of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``survey_needs``: one row a person and need, ``importance`` and ``satisfaction`` with Qinghe
        (1 to 5, null where the goods were never bought); ``survey_rivals``: one row a person, firm
        and need, ``satisfaction``.
    """
    at = asked.who("needs")
    ids = asked.ids.gather(at)
    importance = importance_answers(needs.importance[asked.person[at]], draws, "survey_needs")
    said = own_satisfaction(asked, at, draws)
    frame = long_table(
        ids,
        {"need_id": pl.Series(need_ids())},
        importance=importance,
        satisfaction=said,
        known=_known(asked.bought[at]),
    )
    satisfaction = pl.when("known").then("satisfaction")
    return {
        "survey_needs": frame.with_columns(satisfaction=satisfaction).drop("known"),
        "survey_rivals": _rivals(asked, at, draws),
    }


def own_satisfaction(asked: Asked, at: np.ndarray, draws: Draws) -> np.ndarray:
    """Return satisfaction with Qinghe need by need, shape (people, needs), as they would say."""
    facts = mechanism("needs")
    touched = np.array([[name in facts["hurt"][kind] for name in need_ids()] for kind in KINDS])
    lost = (asked.hurt[at][:, :, None] & touched[None, :, :]).any(axis=1)
    exact = np.array(facts["standing"]["own"])[None, :] + facts["mood"] * asked.tone[at][:, None]
    noise = draws.of("survey_needs", "satisfaction").normal(lost.size).reshape(lost.shape)
    return on_scale(exact - facts["loss"] * lost + facts["said"] * noise, *SCALE)


def _known(bought: np.ndarray) -> np.ndarray:
    """Return which needs somebody can judge Qinghe by: of what they bought, and of service."""
    family = survey_content("needs")["family"].to_numpy()
    columns = [bought[:, 0], bought[:, 1], np.ones(len(bought), dtype=bool)]
    return np.column_stack(columns)[:, [("tea", "gear", "service").index(name) for name in family]]


def _rivals(asked: Asked, at: np.ndarray, draws: Draws) -> pl.DataFrame:
    facts, count = mechanism("needs"), mechanism("needs")["rivals"]
    gear = asked.bought[at, 1] & draws.of("survey_rivals", "family").chance(
        facts["gear_rivals"], size=len(at)
    )
    lot = draws.of("survey_rivals", "firm").uniform((len(at), len(RIVALS["tea"])))
    picked = np.sort(np.argsort(lot, axis=1, kind="stable")[:, :count], axis=1)
    firms = [*RIVALS["tea"], *RIVALS["gear"]]
    firm = picked + len(RIVALS["tea"]) * gear[:, None]
    standing = np.array([facts["standing"][name] for name in firms], dtype=float)
    halo = draws.of("survey_rivals", "halo").normal(firm.size).reshape(firm.shape)
    noise = draws.of("survey_rivals", "said").normal(firm.size * standing.shape[1])
    exact = standing[firm] + facts["halo"] * halo[:, :, None]
    exact = exact + facts["said"] * noise.reshape(exact.shape)
    person, place, need = np.nonzero(~np.isnan(exact))
    return pl.DataFrame(
        {
            "invitation_id": asked.ids.gather(at[person]),
            "need_id": pl.Series(need_ids()).gather(need),
            "firm_id": pl.Series(firms).gather(firm[person, place]),
            "satisfaction": on_scale(exact[person, place, need], *SCALE),
        }
    )
