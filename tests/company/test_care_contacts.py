"""Birthday and festival care: the effect, and who is greeted how."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.campaign_plan import day_of
from customer_insight.company.care_contacts import care_contacts, care_effects
from customer_insight.company.consents import draw_consents
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.people import people_tables
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def customers(block, world, draws):
    return people_tables(block, world[1], pl.Series(["search"] * 4000), draws)["customers"]


@pytest.fixture(scope="module")
def consents(block, customers, draws):
    feelings = draw_feelings(block, draws)
    return draw_consents(block, feelings, customers["newsletter"].to_numpy(), draws)


@pytest.fixture(scope="module")
def table(block, customers, consents):
    """Return four draws of the same people: one has too few controls to see an effect."""
    app, born_on = customers["app_user"].to_numpy(), customers["born_on"]
    care = pl.concat(
        care_contacts(block, born_on, app, consents, Draws(seed)) for seed in range(1, 5)
    )
    return care.with_columns(
        person=pl.col("customer_id").str.slice(1).cast(pl.Int64),
        came=pl.col("responded_on").is_not_null(),
        days=pl.Series([day_of(day) for day in care["day"]]),
    )


def test_a_plain_comparison_finds_the_stated_effect_among_those_still_there(block, table):
    facts = mechanism("care")
    there = table.filter(pl.Series(block.left[table["person"]] >= table["days"].to_numpy()))
    for occasion, effect in facts["occasions"].items():
        own = there.filter(occasion=occasion)
        mean = {}
        for group in ("care", "control"):
            came = own.filter(care_group=group)["came"].cast(pl.Float64)
            mean[group] = came.mean(), came.var() / len(came)
        error = np.sqrt(mean["care"][1] + mean["control"][1])
        assert abs(mean["care"][0] - mean["control"][0] - effect) < 3.5 * error
    left = table.filter(pl.Series(block.left[table["person"]] < table["days"].to_numpy()))
    assert left["came"].sum() == 0


def test_each_group_buys_by_its_own_rate_and_the_greeted_more(block, table):
    facts = mechanism("care")
    there = block.left[table["person"]] >= table["days"].to_numpy()
    rate = block.habits.rate[table["person"]] / 365 * facts["share"] * facts["days"]
    unasked = np.where(there, 1 - np.exp(-rate), 0.0)
    for occasion, effect in facts["occasions"].items():
        for group, more in (("care", effect), ("control", 0.0)):
            own = (table["occasion"] == occasion) & (table["care_group"] == group)
            own = own.to_numpy() & there
            stated = unasked[own] + more
            came = table["came"].to_numpy()[own]
            assert abs((came - stated).sum()) < 3 * np.sqrt((stated * (1 - stated)).sum())


def test_the_control_group_is_drawn_by_lot(block, table):
    control = table["care_group"] == "control"
    share = mechanism("care")["control"]
    assert abs(control.mean() - share) < 4 * np.sqrt(share * (1 - share) / table.height)
    rate = block.habits.rate[table["person"]]
    one, other = rate[control.to_numpy()], rate[~control.to_numpy()]
    error = np.sqrt(one.var() / len(one) + other.var() / len(other))
    assert abs(one.mean() - other.mean()) < 4 * error


def test_birthdays_are_greeted_on_the_day(table, customers):
    own = table.filter(occasion="birthday").join(
        customers.select("customer_id", "born_on"), on="customer_id"
    )
    same = (own["day"].dt.month() == own["born_on"].dt.month()) & (
        own["day"].dt.day() == own["born_on"].dt.day()
    )
    leap = (own["born_on"].dt.month() == 2) & (own["born_on"].dt.day() == 29)
    assert (same | leap).all()
    assert (own.filter(leap)["day"].dt.month() == 2).all()


def test_only_who_granted_care_takes_part_while_the_desk_is_open(consents, table):
    days = table["days"].to_numpy()
    held = np.array(
        [
            consents.held("care", day)[person]
            for day, person in zip(days, table["person"], strict=True)
        ]
    )
    assert held.all()
    assert table["day"].min() >= mechanism("care")["from"]
    assert days.max() + mechanism("care")["days"] <= calendar.DAYS


def test_dearer_levels_are_greeted_more_dearly(block, table):
    greeted = table.filter(care_group="care")
    year = (
        np.searchsorted(
            [calendar.year_bounds(y)[0] for y in calendar.YEARS], greeted["days"], "right"
        )
        - 1
    )
    level = block.levels[greeted["person"], year]
    cost = [greeted["cost"].to_numpy()[level == number].mean() for number in range(4)]
    assert cost[0] < cost[1] < cost[3]
    assert cost[3] == mechanism("care")["cost"]["phone"]


def test_the_truth_states_each_occasion_for_those_there_and_those_gone():
    effects = pl.DataFrame(care_effects())
    assert effects.height == 6
    assert effects.filter(pl.col("effect") > 0).rows() == [
        ("care: birthday", "purchase on the gift page within 14 days", "still a customer", 0.05,
         "added chance", "One greeting a year from a shop."),
    ]  # fmt: skip
