"""Account managers and follow-ups: no gap in an account, and trouble goes by the mood."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.account_managers import draw_accounts, manager_table
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.follow_ups import follow_up_table
from customer_insight.company.ids import customer_ids
from customer_insight.company.organisation_block import draw_organisation_block
from customer_insight.company.organisations import SIZE_BANDS, organisation_ids
from customer_insight.company.sales_team import draw_sales_team
from customer_insight.data.mechanisms import mechanism

LAST = calendar.dates()[calendar.DAYS - 1]


@pytest.fixture(scope="module")
def group(world, draws):
    goods, places = world
    return draw_organisation_block(0, 400, places, goods, draws)


@pytest.fixture(scope="module")
def team(draws):
    return draw_sales_team(0, draws)


@pytest.fixture(scope="module")
def accounts(group, team, draws):
    return draw_accounts(group, np.full(len(group), -1), team, draws.within(0))


@pytest.fixture(scope="module")
def follow_ups(block, group, accounts, team, draws):
    feelings, own = draw_feelings(block, draws), draws.within(0)
    return follow_up_table(block, group, feelings, accounts=accounts, team=team, draws=own)


def test_accounts_have_one_manager_on_every_day(group, accounts, team):
    table = manager_table(accounts, team).sort("customer_id", "since")
    after = table.with_columns(
        before=pl.col("until").shift(1).over("customer_id"),
        first=pl.int_range(pl.len()).over("customer_id") == 0,
        last=pl.int_range(pl.len()).reverse().over("customer_id") == 0,
    )
    later = after.filter(~pl.col("first"))
    assert (later["since"] == later["before"].dt.offset_by("1d")).all()
    assert (after["until"].is_null() == after["last"]).all()
    assert later.height > 50
    micro = np.flatnonzero(group.organisations.band == SIZE_BANDS.index("micro"))
    assert not set(organisation_ids(0, micro)) & set(table["customer_id"])


def test_trouble_goes_by_the_mood_after_the_order(block, draws, follow_ups):
    feelings = draw_feelings(block, draws)
    day = pl.Series(block.purchases.day + calendar.FIRST_DAY).cast(pl.Int32).cast(pl.Date)
    moods = pl.DataFrame(
        {
            "customer_id": customer_ids(0, block.purchases.person),
            "day": day,
            "mood": feelings.mood,
        }
    ).sort("day", maintain_order=True)
    told = follow_ups.filter("reached", purpose="after_purchase").sort("due_on")
    told = told.with_columns(day=pl.col("due_on").dt.offset_by("-7d"))
    joined = told.join_asof(moods, on="day", by="customer_id", check_sortedness=False)
    content = joined.group_by(pl.col("result") == "trouble").agg(pl.col("mood").mean())
    mean = dict(content.iter_rows())
    _, slope = mechanism("follow_ups")["trouble"]
    assert slope < 0
    assert mean[True] < mean[False] - 0.3


def test_shares_are_those_of_the_mechanism(follow_ups):
    facts = mechanism("follow_ups")
    old = follow_ups.filter(pl.col("due_on") < LAST.replace(month=10))
    for purpose, side in {"after_purchase": "person", "account_care": "organisation"}.items():
        own = old.filter(purpose=purpose)
        skipped = own["done_at"].is_null().mean()
        assert abs(skipped - facts["skipped"][side]) < 4 * np.sqrt(0.25 / own.height)
    for channel, own in old.filter(pl.col("done_at").is_not_null()).group_by("channel"):
        share = own["reached"].mean()
        assert abs(share - facts["reached"][channel[0]]) < 4 * np.sqrt(0.25 / own.height)
    assert set(follow_ups.filter(channel="visit")["purpose"]) == {"account_care"}
