"""What was planned: the tables ``campaigns`` and ``campaign_arms``, and what the arms really do."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.truth_tables import rounded
from customer_insight.data.mechanisms import Mechanism, mechanism

CONTROL = "control"
STATES = ("customer", "left", "hurt")
_NAMES = ("campaign_channel", "campaign_offer", "campaign_timing", "campaign_win_back")


@dataclass(frozen=True)
class Campaign:
    """One campaign: its mechanism, read by arm."""

    mechanism: Mechanism

    @property
    def id(self) -> str:
        """Its id, as in the table ``campaigns``."""
        return self.mechanism["about"]["campaign_id"]

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms; the first is the control."""
        return tuple(self.mechanism["arms"])

    @property
    def start(self) -> int:
        """First day, counted from the company's first."""
        return day_of(self.mechanism["about"]["starts_on"])

    @property
    def days(self) -> int:
        """How long it runs."""
        return day_of(self.mechanism["about"]["ends_on"]) - self.start + 1

    def facts(self, name: str) -> list:
        """Return one fact of every arm, as planned."""
        return [arm[name] for arm in self.mechanism["arms"].values()]

    def by_arm(self, parameter: str) -> np.ndarray:
        """Return a parameter of every arm, 0 for arms not named, shape (arms,)."""
        values = self.mechanism[parameter]
        return np.array([values.get(arm, 0) for arm in self.arms], dtype=float)

    def by_segment(self, parameter: str, other: float) -> np.ndarray:
        """Return a parameter by arm and segment, `other` where none is named."""
        values = self.mechanism[parameter]
        return np.array(
            [[values.get(arm, {}).get(name, other) for name in SEGMENTS] for arm in self.arms]
        )

    def by_state(self) -> np.ndarray:
        """Return how well a message works by arm and by `STATES`."""
        values, usual = self.mechanism["by_state"], mechanism("campaigns")["by_state"]
        return np.array([values.get(arm, usual) for arm in self.arms])


def campaigns() -> tuple[Campaign, ...]:
    """Return the four campaigns in the order of time."""
    return tuple(Campaign(mechanism(name)) for name in _NAMES)


def day_of(date: dt.date) -> int:
    """Return a date as a day counted from the company's first."""
    return (date - calendar.EPOCH).days - calendar.FIRST_DAY


def campaign_table(people: int) -> pl.DataFrame:
    """Return the table ``campaigns``.

    Parameters
    ----------
    people : int
        Customers of the company; what is planned grows with them.

    Returns
    -------
    polars.DataFrame
        One row a campaign: ``campaign_id``, ``title``, ``title_zh``, ``kind``, ``aim``, ``place``,
        ``starts_on``, ``ends_on``, ``budget`` (fen, design, contacts and a tenth in reserve),
        ``planned_people``, ``legal_check`` (day).
    """
    rows, reserve = [], mechanism("campaigns")["reserve"]
    for campaign in campaigns():
        about = campaign.mechanism["about"]
        planned = people * campaign.mechanism["audience"]["planned"] // 1000
        design = people * campaign.mechanism["audience"]["design"] // 1000
        costs = zip(campaign.facts("planned_share"), campaign.facts("cost"), strict=True)
        contacts = sum(planned * share * cost // 1000 for share, cost in costs)
        budget = (design + contacts) * (1000 + reserve) // 1000
        rows.append({**about, "budget": budget, "planned_people": planned})
    return pl.DataFrame(rows)


def arm_table() -> pl.DataFrame:
    """Return the table ``campaign_arms``.

    Returns
    -------
    polars.DataFrame
        One row an arm of a campaign: ``campaign_id``, ``arm``, ``offer_kind``, ``product_id``,
        ``content``, ``scene``, ``channel``, ``sent_on``, ``planned_share`` (thousandths), ``cost``
        (fen a member in the arm), ``discount`` (thousandths).
    """
    schema = {"offer_kind": pl.String, "product_id": pl.String, "sent_on": pl.Date}
    return pl.DataFrame(
        [
            {"campaign_id": campaign.id, "arm": arm, **facts, "discount": int(off)}
            for campaign in campaigns()
            for (arm, facts), off in zip(
                campaign.mechanism["arms"].items(), campaign.by_arm("discount"), strict=True
            )
        ],
        schema_overrides=schema,
    )


def campaign_effects() -> list[dict]:
    """Return what each arm does to each segment, rows of the table ``truth_effects``.

    The chance to buy for a message is that of customers of half care who saw it; where a message
    changes what is bought unasked, or pulls purchases forward, a row says by how much.
    """
    low, step = mechanism("campaigns")["attention"]
    rows = []
    for campaign in campaigns():
        works = campaign.by_state()[:, STATES.index("customer")] * (low + step / 2)
        lift = campaign.by_segment("lift", 0.0) * works[:, None]
        factor = campaign.by_segment("own_factor", 1.0)
        for place, arm in enumerate(campaign.arms[1:], 1):
            cause = f"{campaign.id}: {arm}"
            for at, segment in enumerate(SEGMENTS):
                rows.append(
                    _effect(cause, "purchase for the message seen", segment, lift[place, at])
                )
                if factor[place, at] != 1:
                    what = "rate of buying unasked, the message seen"
                    rows.append(_effect(cause, what, segment, factor[place, at], unit="times"))
            if pulled := campaign.by_arm("pulled")[place]:
                what = "purchases for the message that would have come later"
                rows.append(_effect(cause, what, "all", pulled, unit="share"))
    return rows


def _effect(
    cause: str, outcome: str, group: str, effect: float, unit: str = "added chance"
) -> dict:
    why = "As in the campaign's mechanism."
    return {
        "cause": cause,
        "outcome": outcome,
        "group_name": group,
        "effect": float(rounded(np.array(effect))),
        "unit": unit,
        "why": why,
    }
