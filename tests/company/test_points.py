"""The ledger of points, followed by hand beside it."""

import collections
import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids, order_ids
from customer_insight.company.levels import level_table
from customer_insight.company.points import point_table
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def born_on(block):
    days = pl.date_range(dt.date(1980, 1, 1), dt.date(1983, 12, 31), eager=True)
    return days.gather(np.arange(len(block)) % days.len())


@pytest.fixture(scope="module")
def table(block, born_on, draws):
    return point_table(block, born_on, draws)


@pytest.fixture(scope="module")
def orders(block):
    """Return each order with its amount and the level of its day."""
    bought, lines = block.purchases, block.lines
    levels = level_table(block).select("customer_id", "year", "level")
    return pl.DataFrame(
        {
            "order_id": order_ids(0, np.arange(len(bought.person))),
            "customer_id": customer_ids(0, bought.person),
            "segment": pl.Series(SEGMENTS).gather(block.habits.segment[bought.person]),
            "year": [calendar.dates()[day].year for day in bought.day],
            "amount": np.bincount(lines.order, lines.amount).astype(np.int64),
        }
    ).join(levels, on=["customer_id", "year"], how="left", maintain_order="left")


def test_the_same_draw_gives_the_same_ledger(block, born_on, draws, table):
    assert point_table(block, born_on, draws).equals(table)
    assert not point_table(block, born_on, Draws(8)).equals(table)


def test_balances_are_running_sums_and_never_below_zero(table):
    running = table.select(pl.col("points").cum_sum().over("customer_id")).to_series()
    assert (running == table["balance"]).all()
    assert table["balance"].min() == 0
    assert table["day"].is_sorted()
    assert table["day"].max() == dt.date(2024, 12, 31)


def test_every_yuan_earns_by_level_and_steady_buyers_earn_too(table, orders):
    earned = table.filter(kind="earn").join(orders, on="order_id", how="full", coalesce=True)
    factor = earned["level"].replace_strict(mechanism("points")["per_yuan"])
    assert (earned["points"].fill_null(0) == earned["amount"] * factor // 100_000).all()
    assert earned.filter(segment="steady")["points"].sum() > 0
    assert set(earned.filter(pl.col("points") > 0)["level"]) == set(mechanism("points")["per_yuan"])


def test_the_oldest_points_go_first_and_the_rest_expires_after_a_year(table):
    for (_,), own in table.group_by("customer_id"):
        lots = collections.Counter()
        for day, kind, points in own.select("day", "kind", "points").rows():
            if kind in ("earn", "gift"):
                lots[day.year] += points
            elif kind == "redeem":
                old = min(-points, lots[day.year - 1])
                lots[day.year - 1] -= old
                lots[day.year] -= -points - old
            else:
                assert (day.month, day.day) == (12, 31)
                assert lots[day.year - 1] == -points
                lots[day.year - 1] = 0
            assert min(lots.values()) >= 0
        assert lots[2022] == lots[2023] == 0


def test_redeemed_are_whole_yuan_up_to_half_the_order_and_before_it_earns(table, orders):
    facts = mechanism("points")
    redeemed = table.filter(kind="redeem").join(orders, on="order_id")
    assert (redeemed["points"] % facts["step"] == 0).all()
    assert (2 * -redeemed["points"] <= redeemed["amount"]).all()
    assert (redeemed["balance"] - redeemed["points"]).min() >= facts["least"]
    both = table.filter(pl.col("order_id").is_not_null()).group_by("order_id", maintain_order=True)
    kinds = both.agg("kind").filter(pl.col("kind").list.len() == 2)["kind"]
    assert set(map(tuple, kinds.to_list())) == {("redeem", "earn")}


def test_breakage_differs_by_segment(block, table):
    people = pl.DataFrame(
        {
            "customer_id": customer_ids(0, np.arange(len(block))),
            "segment": pl.Series(SEGMENTS).gather(block.habits.segment),
        }
    )
    by_kind = (
        table.join(people, on="customer_id")
        .group_by("segment")
        .agg(
            pl.col("points").filter(pl.col("kind") == kind).sum().abs().alias(kind)
            for kind in ("earn", "redeem", "expire")
        )
    )
    rate = dict(by_kind.select("segment", pl.col("redeem") / pl.col("earn")).iter_rows())
    assert rate["bargain"] > rate["family"] > rate["gift"] > 0
    assert by_kind["expire"].sum() > 0.1 * by_kind["earn"].sum()
    many = (
        table.filter(kind="earn").group_by("customer_id").len().filter(pl.col("len") >= 20)
    ).join(people, on="customer_id")
    redeems = table.filter(kind="redeem")["customer_id"].unique().to_list()
    never = ~many["customer_id"].is_in(redeems)
    expected = many["segment"].replace_strict(mechanism("points")["never_redeems"]).mean()
    assert abs(never.mean() - expected) < 0.05


def test_gifts_come_at_sign_up_and_on_birthdays_by_level(block, table, born_on):
    gifts = table.filter(kind="gift")
    first = gifts.group_by("customer_id", maintain_order=True).first().sort("customer_id")
    assert (first["day"].cast(pl.Int32) - calendar.FIRST_DAY == block.habits.first).all()
    assert set(first["points"]) == {mechanism("points")["welcome"]}
    later = (
        gifts.join(
            pl.DataFrame({"customer_id": customer_ids(0, np.arange(len(block))), "born": born_on}),
            on="customer_id",
        )
        .filter(pl.col("day") != pl.col("day").min().over("customer_id"))
        .with_columns(year=pl.col("day").dt.year().cast(pl.Int64))
        .join(level_table(block), on=["customer_id", "year"])
    )
    assert (later["points"] == later["level"].replace_strict(mechanism("points")["birthday"])).all()
    leap = (pl.col("born").dt.month() == 2) & (pl.col("born").dt.day() == 29)
    same = later.filter(~leap)
    assert (same["day"].dt.strftime("%m-%d") == same["born"].dt.strftime("%m-%d")).all()
    assert set(later.filter(leap)["day"].dt.strftime("%Y-%m-%d")) <= {
        "2022-03-01",
        "2023-03-01",
        "2024-02-29",
    }
    assert later.filter(leap).height > 0


def test_birthdays_must_be_as_many_as_people(block, born_on, draws):
    with pytest.raises(ValueError, match=r"3,999 birthdays for 4,000 people.*order of their ids"):
        point_table(block, born_on[1:], draws)
