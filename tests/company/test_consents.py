"""What people allow, and how it is recorded."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.consents import (
    ERROR_COLUMNS,
    PURPOSES,
    consent_table,
    draw_consents,
    times,
)
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.habits import NEVER
from customer_insight.company.people import people_tables
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def customers(block, world, draws):
    return people_tables(block, world[1], pl.Series(["search"] * 4000), draws)["customers"]


@pytest.fixture(scope="module")
def feelings(block, draws):
    return draw_feelings(block, draws)


@pytest.fixture(scope="module")
def consents(block, feelings, customers, draws):
    return draw_consents(block, feelings, customers["newsletter"].to_numpy(), draws)


@pytest.fixture(scope="module")
def recorded(block, consents, customers, draws):
    return consent_table(block, consents, customers["app_user"].to_numpy(), draws)


def test_the_first_text_asked_for_three_purposes_with_the_tick_of_the_newsletter(
    block, consents, customers
):
    facts = mechanism("consents")
    early = block.habits.first < (facts["second_from"] - calendar.EPOCH).days - calendar.FIRST_DAY
    ticked = customers["newsletter"].to_numpy()
    for row, purpose in enumerate(PURPOSES):
        at_once = consents.asked[row] == block.habits.first
        expected = early & ticked & (purpose in facts["bundled"])
        assert (at_once[early & block.habits.orders] == expected[early & block.habits.orders]).all()


def test_purposes_are_granted_as_often_as_stated(block, feelings, consents):
    facts = mechanism("consents")
    low, step = facts["by_care"]
    after = block.habits.first >= (facts["second_from"] - calendar.EPOCH).days - calendar.FIRST_DAY
    for row, purpose in enumerate(PURPOSES):
        if purpose == "marketing":
            continue
        chance = np.minimum(facts["granted"][purpose] * (low + step * feelings.care[after]), 1)
        error = np.sqrt((chance * (1 - chance)).sum()) / after.sum()
        assert abs(consents.yes[row, after].mean() - chance.mean()) < 4 * error


def test_who_cares_grants_more_and_the_discontented_withdraw_sooner(feelings, consents):
    for row in range(len(PURPOSES)):
        yes = consents.yes[row]
        assert feelings.care[yes].mean() > feelings.care[~yes].mean()
        gone = consents.withdrawn[row] < NEVER
        assert feelings.temper[yes & gone].mean() < feelings.temper[yes & ~gone].mean()


def test_consent_holds_from_the_grant_to_the_recorded_withdrawal(consents):
    row = PURPOSES.index("marketing")
    both = np.flatnonzero((consents.withdrawn[row] < NEVER) & (consents.granted[row] < NEVER))
    person = both[0]
    start, end = consents.granted[row, person], consents.withdrawn[row, person]
    for day, held in ((start - 1, False), (start, True), (end - 1, True), (end, False)):
        assert consents.held("marketing", day)[person] == held


def test_opting_out_brings_a_withdrawal_forward_and_never_back(consents):
    row = PURPOSES.index("care")
    day = np.full(consents.withdrawn.shape[1], 500)
    after = consents.without("care", day)
    assert (after.withdrawn[row] == np.minimum(consents.withdrawn[row], 500)).all()
    assert (after.opted_out[row] == (consents.withdrawn[row] > 500)).all()
    others = np.arange(len(PURPOSES)) != row
    assert (after.withdrawn[others] == consents.withdrawn[others]).all()


def test_the_table_has_what_holds(consents, recorded):
    table = recorded[0].unique()
    for purpose in PURPOSES:
        day = dt.datetime(2024, 6, 30, 23, 59)
        known = table.filter(pl.col("purpose") == purpose, pl.col("changed_at") <= day)
        last = known.sort("changed_at").group_by("customer_id").agg(pl.col("granted").last())
        here = (day.date() - calendar.EPOCH).days - calendar.FIRST_DAY
        assert last["granted"].sum() == consents.held(purpose, here).sum()


def test_every_error_is_in_the_truth(recorded):
    table, errors = recorded
    assert tuple(errors.columns) == ERROR_COLUMNS
    doubled = table.filter(table.is_duplicated()).height // 2
    assert errors.filter(kind="duplicate").height == doubled > 0
    late = errors.filter(kind="recorded_late")
    stamp = late["row_key"].str.split("/").list.last()
    delay = stamp.str.to_datetime("%Y-%m-%d %H:%M:%S") - late["true_value"].str.to_datetime(
        "%Y-%m-%d %H:%M:%S"
    )
    low, high = mechanism("consents")["late_days"]
    assert delay.dt.total_days().is_between(low, high - 1).all()
    withdrawn = table.unique().filter(~pl.col("granted"), pl.col("channel") != "sign_up").height
    assert 0.005 < late.height / withdrawn < 0.05


def test_times_count_from_the_first_midnight():
    assert times(np.array([0, 1441, -1])).to_list() == [
        dt.datetime(2022, 1, 1),
        dt.datetime(2022, 1, 2, 0, 1),
        None,
    ]
