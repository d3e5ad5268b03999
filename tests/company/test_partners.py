"""Partners: overlap by keyed code, and what they cost and bring."""

import hashlib

import numpy as np
import polars as pl
import pytest

from customer_insight.company.habits import SEGMENTS
from customer_insight.company.partners import (
    member_keys,
    partner_members,
    partner_months,
    partner_table,
)
from customer_insight.company.people import people_tables
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def phones(block, world, draws):
    customers = people_tables(block, world[1], pl.Series(["search"] * 4000), draws)["customers"]
    return customers["phone"]


@pytest.fixture(scope="module")
def members(block, phones, world, draws):
    return partner_members(block, phones, world[1], draws)


def test_codes_need_the_key(phones):
    codes = member_keys(phones.head(3))
    plain = [hashlib.blake2b(phone.encode(), digest_size=8).hexdigest() for phone in phones[:3]]
    assert codes.str.len_chars().to_list() == [16] * 3
    assert not set(codes) & set(plain)
    assert codes.equals(member_keys(phones.head(3)))


def test_comparing_codes_finds_the_stated_overlap(block, phones, members, world):
    codes, segment = member_keys(phones), np.array(SEGMENTS)[block.habits.segment]
    for firm in mechanism("partners")["firms"]:
        own = members.filter(partner_id=firm["partner_id"])["member_key"]
        both = codes.is_in(own.implode()).to_numpy()
        near = np.ones(len(block), dtype=bool)
        if firm["city_id"] is not None:
            near = block.city == int(world[1].cities["city_id"].index_of(firm["city_id"]))
        suits = np.isin(segment, firm["suits"]) & near
        chance = firm["overlap"]
        bound = 4 * np.sqrt(chance * (1 - chance) / suits.sum())
        assert abs(both[suits].mean() - chance) < bound, firm["partner_id"]
        assert not both[~near].any()
        others = near & ~np.isin(segment, firm["suits"])
        assert both[others].mean() < 0.6 * both[suits].mean()
        assert len(own) == both.sum() + round(int(both.sum()) * firm["others"])


def test_months_go_from_the_start_to_the_end_of_2024(draws):
    months, firms = partner_months(6000, draws), mechanism("partners")["firms"]
    for firm in firms:
        own = months.filter(partner_id=firm["partner_id"])
        assert own["month"].min() == firm["starts_on"]
        assert (own["month"].max().year, own["month"].max().month) == (2024, 12)
        visits = own["visits"].sum() / own["reach"].sum()
        assert visits == pytest.approx(firm["visits"], rel=0.35)


def test_the_dearest_brings_neither_most_sign_ups_for_its_cost_nor_the_best(draws):
    cost = pl.col("cost").sum() / pl.col("sign_ups").sum()
    ranked = partner_months(6000, draws).group_by("partner_id").agg(cost).sort("cost")
    total = partner_months(6000, draws).group_by("partner_id").agg(pl.col("cost").sum())
    dearest = total.sort("cost")["partner_id"][-1]
    assert ranked["partner_id"][0] != dearest
    assert ranked.filter(partner_id=dearest)["cost"][0] > 4 * ranked["cost"][0]


def test_partners_stand_once_with_both_names():
    table = partner_table()
    assert table["partner_id"].is_unique().all()
    assert table["name_zh"].str.contains(r"^\p{Han}+$").all()
