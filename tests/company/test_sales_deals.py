"""Deals and rewards: the effect of rewards, and deals brought forward."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.sales_deals import sales_table, target_table
from customer_insight.company.sales_team import draw_sales_team
from customer_insight.company.sales_training import training_table
from customer_insight.data.mechanisms import mechanism

TEAMS = 12


@pytest.fixture(scope="module")
def teams():
    return [draw_sales_team(number, Draws(5)) for number in range(TEAMS)]


@pytest.fixture(scope="module")
def deals(teams):
    """Return the deals of twelve blocks, with who was rewarded."""
    parts = []
    for team in teams:
        rewarded = target_table(team)["staff_id"].unique()
        table = sales_table(team, Draws(5).within(team.number))
        seats = np.flatnonzero(team.rewarded)
        ever = pl.concat([rewarded, team.ids(seats, np.zeros(len(seats), dtype=np.int64))])
        parts.append(table.with_columns(rewarded=pl.col("staff_id").is_in(ever.implode())))
    since = mechanism("staff_targets")["since"]
    return pl.concat(parts).with_columns(after=pl.col("day") >= since)


def test_rewards_add_the_stated_share_of_deals(deals):
    counts = deals.group_by("rewarded", "after").agg(pl.col("deals").sum())
    sums = {(rewarded, after): count for rewarded, after, count in counts.iter_rows()}
    logs = {key: np.log(value) for key, value in sums.items()}
    ratio = (logs[True, True] - logs[True, False]) - (logs[False, True] - logs[False, False])
    error = np.sqrt(sum(1 / value for value in sums.values()))
    # Seats change hands, so that skills differ before and after: their share is allowed for too.
    assert abs(ratio - np.log1p(mechanism("staff_targets")["effect"])) < 3 * error + 0.04


def test_rewarded_teams_bring_deals_of_the_first_days_forward(deals):
    facts = mechanism("staff_targets")
    first_days, chance = facts["pulled"]
    begin = deals.filter(pl.col("day") >= dt.date(2023, 8, 1), "after").with_columns(
        first=pl.col("day").dt.day() <= first_days
    )
    part = pl.col("deals").filter("first").sum() / pl.col("deals").sum()
    share = dict(begin.group_by("rewarded").agg(part).iter_rows())
    assert share[True] / share[False] == pytest.approx(1 - chance, abs=0.1)
    end = deals.filter("after").with_columns(
        last=pl.col("day").dt.month_end().sub(pl.col("day")).dt.total_days() < facts["last_days"]
    )
    ends = dict(end.group_by("rewarded").agg(pl.col("last").mean()).iter_rows())
    assert ends[True] > ends[False] + 0.03
    before = deals.filter(~pl.col("after")).with_columns(first=pl.col("day").dt.day() <= first_days)
    early = dict(before.group_by("rewarded").agg(pl.col("first").mean()).iter_rows())
    assert abs(early[True] - early[False]) < 0.02


def test_no_deal_is_lost_or_leaves_the_three_years(teams, deals):
    last = calendar.dates()[calendar.DAYS - 1]
    assert deals["day"].is_between(calendar.dates()[0], last).all()
    assert deals["deals"].sum() == pytest.approx(
        TEAMS * 24 * 3 * 261 * mechanism("staff_sales")["rate"], rel=0.15
    )


def test_targets_rise_by_stage_and_quarters_end_with_promotion(teams):
    table = target_table(teams[0])
    wide = table.pivot("stage", index=["staff_id", "month"], values="target")
    assert (wide["1"] < wide["2"]).all()
    assert (wide["2"] < wide["3"]).all()
    assert wide["month"].n_unique() == 18
    steps = table.filter(reward_kind="promotion")["month"].dt.month().unique()
    assert set(steps) == {3, 6, 9, 12}
    reached = (
        sales_table(teams[0], Draws(5).within(0))
        .group_by("staff_id", pl.col("day").dt.month_start().alias("month"))
        .agg(pl.col("amount").sum())
        .join(table, on=["staff_id", "month"])
    )
    share = reached.group_by("stage").agg((pl.col("amount") >= pl.col("target")).mean())
    hit = dict(share.iter_rows())
    assert 0.95 > hit[1] > hit[2] > hit[3] > 0.05


def test_the_lot_is_fair_and_wishes_are_not(teams):
    gaps = {"products": [], "won_cases": []}
    for team in teams:
        table = training_table(team, Draws(5).within(team.number))
        for course, own in table.group_by("course"):
            day = (own["held_on"][0] - calendar.EPOCH).days - calendar.FIRST_DAY
            seats = np.flatnonzero(team.team < 4)
            went = team.ids(seats, np.full(len(seats), day)).is_in(own["staff_id"].implode())
            skill = team.skill[team.holder(seats, np.full(len(seats), day))]
            gaps[course[0]].append(skill[went].mean() - skill[~went].mean())
    assert np.mean(gaps["products"]) > 0.15
    assert abs(np.mean(gaps["won_cases"])) < 0.1
