"""How campaigns went: what an analysis finds, and the two traps."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.campaign_contacts import run_campaigns
from customer_insight.company.campaign_plan import campaigns, day_of
from customer_insight.company.consents import consent_table, draw_consents
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.people import people_tables

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module")
def customers(block, world, draws):
    return people_tables(block, world[1], pl.Series(["search"] * 4000), draws)["customers"]


@pytest.fixture(scope="module")
def run(block, customers, world, draws):
    """Return the tables, and the table of consents after all campaigns."""
    feelings = draw_feelings(block, draws)
    app = customers["app_user"].to_numpy()
    before = draw_consents(block, feelings, customers["newsletter"].to_numpy(), draws)
    tables, after = run_campaigns(block, feelings, app, before, goods=world[0], draws=draws)
    return tables, consent_table(block, after, app, draws)[0]


@pytest.fixture(scope="module")
def contacts(run):
    return run[0]["campaign_contacts"]


@pytest.fixture(scope="module")
def truth(run):
    return run[0]["truth_campaigns"]


@pytest.fixture(scope="module")
def errors(run):
    return run[0]["truth_errors"]


def lost_rows(errors):
    return errors.filter(kind="row_lost").select(
        pl.col("row_key").str.split("/").list.to_struct(fields=["campaign_id", "customer_id"])
    )


def at_start(campaign):
    return campaign.mechanism["about"]["starts_on"]


def difference(table, arm, column):
    """Return an arm's mean less that of the control, and its standard error."""
    one, other = (table.filter(arm=name)[column].cast(pl.Float64) for name in (arm, "control"))
    error = np.sqrt(one.var() / len(one) + other.var() / len(other))
    return one.mean() - other.mean(), error


def test_what_came_is_the_outcome_of_the_arm_in_the_truth(contacts, truth):
    both = contacts.join(
        truth, on=["campaign_id", "customer_id", "arm"], validate="1:1", suffix="_true"
    )
    assert both.height == contacts.height
    assert both["amount"].equals(both["amount_true"], check_names=False)
    assert both["later_amount"].equals(both["later_amount_true"], check_names=False)
    assert both["responds"].equals(both["responded_on"].is_not_null(), check_names=False)


def test_a_plain_comparison_of_arms_finds_the_true_effects(contacts, truth):
    for campaign in campaigns():
        own = contacts.filter(campaign_id=campaign.id).with_columns(
            came=pl.col("responded_on").is_not_null()
        )
        expected = truth.filter(campaign_id=campaign.id)
        for arm, lost in zip(campaign.arms[1:], campaign.by_arm("lost")[1:], strict=True):
            if lost:
                continue
            for column, meant in (("came", "response_chance"), ("amount", "expected_amount")):
                real, _ = difference(expected, arm, meant)
                found, error = difference(own, arm, column)
                assert abs(found - real) < 3.5 * error, (arm, column)


def test_arms_are_drawn_by_lot_in_the_planned_shares(contacts, truth):
    everybody = truth.group_by("campaign_id").agg(people=pl.col("customer_id").n_unique())
    for campaign in campaigns():
        size = everybody.filter(campaign_id=campaign.id)["people"].item()
        for arm, share in zip(campaign.arms, campaign.facts("planned_share"), strict=True):
            here = contacts.filter(campaign_id=campaign.id, arm=arm).height
            z = (here - size * share / 1000) / np.sqrt(size * share / 1000)
            assert abs(z) < 4 or campaign.by_arm("lost")[campaign.arms.index(arm)]


def test_the_lost_rows_are_a_sample_ratio_mismatch_and_stand_in_the_truth(
    contacts, truth, errors, customers
):
    lost = lost_rows(errors).unnest("row_key")
    assert set(lost["campaign_id"]) == {"CA4"}
    assert contacts.join(lost, on=["campaign_id", "customer_id"], how="semi").is_empty()
    listed = truth.filter(campaign_id="CA4")["customer_id"].n_unique()
    own = contacts.filter(campaign_id="CA4")
    assert own.height + lost.height == listed
    counts = own["arm"].value_counts()["count"].to_numpy()
    expected = own.height / 3
    assert ((counts - expected) ** 2 / expected).sum() > 14  # chi-square, p below 0.001
    app = customers.select("customer_id", "app_user")
    assert not lost.join(app, on="customer_id")["app_user"].any()
    share = own.join(app, on="customer_id").group_by("arm").agg(pl.col("app_user").mean())
    share = dict(share.iter_rows())
    assert share["voucher"] > share["control"] + 0.1


def test_who_looks_every_day_sees_an_effect_that_fades(contacts):
    (campaign, *_) = campaigns()
    own = contacts.filter(campaign_id=campaign.id)
    z = []
    for days in (3, 7, campaign.days):
        end = at_start(campaign) + dt.timedelta(days=days)
        came = own.with_columns(came=(pl.col("responded_on") < end).fill_null(False))
        found, error = difference(came, "sms", "came")
        z.append(found / error)
    assert z[0] > 3.5
    assert z[1] > 2.5
    assert abs(z[2]) < 2


def test_purchases_before_the_campaign_explain_a_part_of_its_amounts(block, contacts):
    """A covariate for CUPED, from the orders of the year before."""
    bought = block.purchases
    for campaign in campaigns()[:3]:
        before = (bought.day < campaign.start) & (bought.day >= campaign.start - 365)
        line = before[block.lines.order]
        payer = bought.person[block.lines.order[line]]
        paid = np.bincount(payer, block.lines.amount[line], minlength=len(block))
        own = contacts.filter(campaign_id=campaign.id)
        place = own["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
        assert np.corrcoef(paid[place], own["amount"].to_numpy())[0, 1] > 0.15


def test_members_bought_and_had_granted_messages_when_the_list_was_drawn(run, contacts, block):
    messages = run[1].filter(purpose="marketing").sort("changed_at").unique(maintain_order=True)
    last = np.full(len(block), -1)
    for campaign in campaigns():
        facts, own = campaign.mechanism["audience"], contacts.filter(campaign_id=campaign.id)
        known = messages.select("customer_id", "changed_at", "granted")
        # the day counts as a whole: who withdraws on it, is not listed in the evening
        listed = own.select(
            "customer_id", at=pl.col("assigned_at").dt.date().cast(pl.Datetime("us"))
        )
        listed = listed.with_columns(at=pl.col("at") + pl.duration(days=1) - MINUTE).sort("at")
        state = listed.join_asof(
            known, left_on="at", right_on="changed_at", by="customer_id", check_sortedness=False
        )
        assert state["granted"].all()
        before = block.purchases.day < campaign.start
        np.maximum.at(last, block.purchases.person[before], block.purchases.day[before])
        place = own["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
        since = campaign.start - last[place]
        assert (last[place] >= 0).all()
        assert ((since > facts["lapsed_for"]) & (since <= facts["bought_within"])).all()


def test_messages_after_a_withdrawal_are_those_in_the_truth(run, contacts, errors):
    left = run[1].filter(pl.col("purpose") == "marketing", ~pl.col("granted"))
    left = left.group_by("customer_id").agg(left_on=pl.col("changed_at").max().dt.date())
    granted = run[1].filter(purpose="marketing", granted=True)
    again = granted.group_by("customer_id").agg(back_on=pl.col("changed_at").max().dt.date())
    joined = contacts.join(left, on="customer_id").join(again, on="customer_id")
    late = joined.filter(
        pl.col("sent_at").dt.date() > pl.col("left_on"), pl.col("left_on") >= pl.col("back_on")
    )
    found = set((late["campaign_id"] + "/" + late["customer_id"]).to_list())
    stated = set(errors.filter(kind="sent_after_withdrawal")["row_key"])
    assert found == stated
    assert stated


def test_opting_out_withdraws_consent_by_message_on_the_next_day(run, contacts, errors):
    out = contacts.filter("opted_out").select("customer_id", day=pl.col("sent_at").dt.date())
    gone = run[1].filter(channel="message").unique()
    both = gone.join(out, on="customer_id")
    late = both["changed_at"].dt.date() - both["day"]
    assert gone.height > 10
    lost = set(lost_rows(errors).unnest("row_key")["customer_id"])
    assert set(gone["customer_id"]) <= set(out["customer_id"]) | lost
    assert late.dt.total_days().min() == 1


def test_times_follow_each_other_within_the_campaign(contacts):
    for campaign in campaigns():
        own = contacts.filter(campaign_id=campaign.id)
        end = at_start(campaign) + dt.timedelta(days=campaign.days)
        assert own["responded_on"].drop_nulls().is_between(at_start(campaign), end).all()
        assert (own["sent_at"].drop_nulls() > own["assigned_at"].max()).all()
        assert (own["opened_at"] > own["sent_at"]).drop_nulls().all()
        assert (own["clicked_at"] > own["sent_at"]).drop_nulls().all()
        assert day_of(own["assigned_at"].max().date()) < campaign.start < calendar.DAYS
