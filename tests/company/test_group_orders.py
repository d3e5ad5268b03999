"""When organisations order, and when they leave."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.contacts import draw_contacts
from customer_insight.company.credit import draw_credit
from customer_insight.company.group_orders import (
    OCCASIONS,
    REASONS,
    daily_chance,
    draw_demand,
    draw_group_orders,
    occasions,
)
from customer_insight.company.habits import NEVER
from customer_insight.company.organisations import KINDS, draw_organisations


def drawn(world, draws, number=0):
    draws = draws.within(number)
    organisations = draw_organisations(400, world[1], draws)
    contacts = draw_contacts(organisations, draws)
    credit = draw_credit(organisations, draws)
    demand = draw_demand(organisations, contacts, credit, draws)
    tier = world[1].tier[organisations.city]
    orders = draw_group_orders(organisations, contacts, demand, draws, tier=tier)
    return organisations, contacts, credit, demand, orders


@pytest.fixture(scope="module")
def many(world, draws):
    return [drawn(world, draws, number) for number in range(5)]


def test_the_occasions_of_some_days():
    at = {
        str(date): OCCASIONS[place]
        for date, place in zip(calendar.dates(), occasions(), strict=True)
    }
    assert at["2022-07-15"] == "heat"
    assert at["2023-04-20"] == "trip"
    assert at["2024-01-20"] == "festival"
    assert at["2024-02-10"] == "closed"
    assert at["2022-11-20"] == "usual"


def test_orders_come_as_often_as_their_chances_say(many):
    for organisations, _, _, demand, orders in many:
        chance = daily_chance(organisations, demand, slice(0, calendar.DAYS))
        day = np.arange(calendar.DAYS)
        customer = (day >= organisations.since[:, None]) & (day <= demand.left[:, None])
        expected, spread = (chance * customer).sum(), (chance * (1 - chance) * customer).sum()
        assert abs(len(orders.day) - expected) < 4 * np.sqrt(spread)


def test_about_twenty_orders_each_very_unequal(many):
    count = np.concatenate([np.bincount(orders.organisation, minlength=400) for *_, orders in many])
    assert 15 < count.mean() < 25
    assert np.median(count) < 0.6 * count.mean()
    assert 0.05 < (count == 0).mean() < 0.2


def test_no_order_before_the_account_or_after_leaving_and_one_a_day(many):
    for organisations, _, credit, demand, orders in many:
        who = orders.organisation
        assert (orders.day >= organisations.since[who]).all()
        assert (orders.day <= demand.left[who]).all()
        assert (orders.day <= credit.failed[who]).all()
        assert len(np.unique(who * calendar.DAYS + orders.day)) == len(who)


def test_orders_are_sorted_in_time(many):
    for *_, orders in many:
        moment = orders.day * 1440 + orders.minute
        assert (np.diff(moment) >= 0).all()
        hour = orders.minute // 60
        assert hour.min() >= 8
        assert hour.max() <= 18


def share_of(many, kind, occasion):
    """Return orders a customer day, on an occasion, relative to all days."""
    days, orders_on, customer_days = 0, 0, 0
    orders_all = 0
    on = occasions()[: calendar.DAYS] == OCCASIONS.index(occasion)
    for organisations, _, _, demand, orders in many:
        own = organisations.kind == KINDS.index(kind)
        day = np.arange(calendar.DAYS)
        customer = (day >= organisations.since[:, None]) & (day <= demand.left[:, None])
        days += customer[own][:, on].sum()
        customer_days += customer[own].sum()
        mine = own[orders.organisation]
        orders_on += (mine & on[orders.day]).sum()
        orders_all += mine.sum()
    return (orders_on / days) / (orders_all / customer_days)


@pytest.mark.parametrize(
    ("kind", "occasion", "low", "high"),
    [
        ("school", "trip", 2.0, 5.0),
        ("factory", "heat", 1.4, 2.5),
        ("office", "festival", 2.0, 4.0),
        ("outdoor_club", "trip", 1.7, 3.5),
        ("factory", "closed", 0.0, 0.1),
        ("wholesaler", "trip", 0.7, 1.3),
    ],
)
def test_each_kind_orders_on_its_occasions(many, kind, occasion, low, high):
    assert low < share_of(many, kind, occasion) < high


def test_organisations_order_on_working_days(many):
    weekday = np.concatenate(
        [[calendar.dates()[day].weekday() for day in orders.day] for *_, orders in many]
    )
    assert (weekday >= 5).mean() < 0.06


def test_a_change_of_the_decider_makes_some_leave_on_that_day(many):
    left, changes = 0, 0
    for _, contacts, _, demand, _ in many:
        moved = contacts.starts[:, 0, 1:]
        by_change = demand.reason == REASONS.index("decider_changed")
        gone = (demand.left < NEVER) & by_change
        assert (moved[gone] == demand.left[gone][:, None]).any(axis=1).all()
        reached = (moved < NEVER) & (moved <= demand.left[:, None])
        changes += reached.sum()
        left += gone.sum()
    assert 0.25 < left / changes < 0.45


def test_who_failed_left_then_at_the_latest(many):
    for _, _, credit, demand, _ in many:
        gone = demand.left < NEVER
        failed = gone & (demand.reason == REASONS.index("failed"))
        assert (demand.left[failed] == credit.failed[failed]).all()
        assert (demand.left[credit.failed < NEVER] <= credit.failed[credit.failed < NEVER]).all()


def test_large_organisations_order_through_salespeople(many):
    rows = pl.concat(
        pl.DataFrame({"band": organisations.band[orders.organisation], "sales": orders.sales})
        for organisations, *_, orders in many
    )
    share = rows.group_by("band").agg(pl.col("sales").mean()).sort("band")["sales"].to_list()
    assert share[0] < 0.4
    assert share[-1] > 0.6


def test_deliveries_are_promised_and_sometimes_late(many):
    for *_, orders in many:
        late = orders.delivered - orders.promised
        assert (orders.promised > orders.day).all()
        assert late.min() == 0
        crowded = calendar.crowded()[orders.day]
        assert 0.05 < (late[~crowded] > 0).mean() < 0.13
        assert (late[crowded] > 0).mean() > (late[~crowded] > 0).mean()


def test_a_block_is_the_same_again_and_another_one_is_another(world, draws, many):
    again = drawn(world, draws, 3)[-1]
    assert all((vars(again)[name] == values).all() for name, values in vars(many[3][-1]).items())
    assert len(many[4][-1].day) != len(again.day)
