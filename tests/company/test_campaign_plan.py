"""What campaigns planned, and what the truth says of their arms."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.campaign_plan import (
    CONTROL,
    arm_table,
    campaign_effects,
    campaign_table,
    campaigns,
    day_of,
)
from customer_insight.company.habits import SEGMENTS
from customer_insight.data.mechanisms import mechanism


def test_four_campaigns_of_four_kinds_begin_with_a_control():
    table = campaign_table(6000)
    assert table["kind"].to_list() == ["channel", "offer", "timing", "win_back"]
    assert table["starts_on"].is_sorted()
    for campaign in campaigns():
        assert campaign.arms[0] == CONTROL
        assert campaign.facts("channel")[0] == "none"
        assert sum(campaign.facts("planned_share")) == 1000


def test_the_campaign_on_offers_has_the_four_kinds_of_offer():
    kinds = arm_table().filter(campaign_id="CA2")["offer_kind"].drop_nulls().to_list()
    assert kinds == ["cross_sell", "up_sell", "add_on", "multichannel"]


def test_the_budget_is_design_contacts_and_reserve():
    row = campaign_table(10_000).row(0, named=True)
    audience = mechanism("campaign_channel")["audience"]
    arms = arm_table().filter(campaign_id="CA1")
    people = 10 * audience["planned"]
    contacts = (arms["planned_share"] * arms["cost"]).sum() * people / 1000
    assert row["planned_people"] == people
    assert row["budget"] == pytest.approx(1.1 * (10 * audience["design"] + contacts), abs=3)


def test_messages_are_sent_within_the_campaign():
    for campaign in campaigns():
        for day in campaign.facts("sent_on")[1:]:
            assert campaign.start <= day_of(day) < campaign.start + campaign.days


def test_parameters_name_arms_and_segments_that_exist():
    for campaign in campaigns():
        facts = campaign.mechanism
        for name in ("lift", "own_factor", "by_state", "discount", "cannibal", "pulled"):
            assert set(facts[name]) <= set(campaign.arms), (campaign.id, name)
        for name in ("lift", "own_factor"):
            for of in facts[name].values():
                assert set(of) <= set(SEGMENTS)
        assert campaign.by_segment("lift", np.nan).shape == (len(campaign.arms), len(SEGMENTS))
        assert np.isfinite(campaign.by_segment("lift", np.nan)[1:]).all()


def test_the_truth_has_an_effect_for_every_arm_and_segment():
    effects = pl.DataFrame(campaign_effects())
    bought = effects.filter(outcome="purchase for the message seen")
    assert bought.height == len(SEGMENTS) * sum(len(campaign.arms) - 1 for campaign in campaigns())
    call = bought.filter(cause="CA4: call", group_name="family").row(0, named=True)
    assert call["effect"] == pytest.approx(0.26 * 0.8 * 1.05)
    pulled = effects.filter(unit="share")
    assert set(pulled["group_name"]) == {"all"}
    assert pulled.filter(cause="CA2: up_sell")["effect"].to_list() == [0.5]
