"""Which organisations there are."""

import numpy as np
import pytest

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.organisations import (
    KINDS,
    SIZE_BANDS,
    check_block,
    draw_organisations,
    organisation_ids,
    organisation_table,
)
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def many(world, draws):
    return [draw_organisations(400, world[1], draws.within(number)) for number in range(10)]


def test_kinds_and_cities_come_by_their_weights(many, world):
    weight = content("organisation_kinds")["weight"].to_numpy()
    drawn = np.bincount(np.concatenate([block.kind for block in many]), minlength=len(KINDS))
    assert np.abs(drawn / 4000 - weight / weight.sum()).max() < 0.02
    city = np.bincount(np.concatenate([block.city for block in many]), minlength=36)
    assert np.abs(city / 4000 - world[1].weight / world[1].weight.sum()).max() < 0.02


def test_half_of_a_kind_is_larger_than_its_median(many):
    larger = np.concatenate([block.relative_size for block in many]) > 1
    assert 0.46 < larger.mean() < 0.54


def test_size_bands_follow_from_the_employees(many):
    edges = list(mechanism("organisations")["size_bands"].values())
    for block in many:
        assert block.employees.min() >= edges[0]
        assert (np.searchsorted(edges, block.employees, side="right") - 1 == block.band).all()
    assert set(np.concatenate([block.band for block in many])) == set(range(len(SIZE_BANDS)))


def test_accounts_are_opened_in_order_and_seldom_on_weekends(many):
    for block in many:
        assert (np.diff(block.since) >= 0).all()
        assert block.since[0] >= 0
        assert block.since[-1] < calendar.DAYS
    weekday = [calendar.dates()[day].weekday() for block in many for day in block.since]
    assert np.mean(np.array(weekday) >= 5) < 0.06


def test_lead_source_and_beneficiary_are_those_of_the_kind(many):
    for block in many:
        for what, facts in (("lead_source", "lead_sources"), ("beneficiary", "beneficiaries")):
            allowed = mechanism("organisations")[facts]
            drawn = zip(block.kind, getattr(block, what), strict=True)
            assert all(name in allowed[KINDS[kind]] for kind, name in drawn)


def test_the_table_names_each_after_its_city_and_trade(many, world):
    table = organisation_table(many[1], 1, world[1]).join(
        content("cities").select("city_id", city="name", city_zh="name_zh"), on="city_id"
    )
    endings = content("organisation_names").filter(part="ending")
    for row in table.sample(50, seed=1).iter_rows(named=True):
        own = endings.filter(kind=row["kind"])
        assert row["name"].startswith(row["city"] + " ")
        assert any(row["name"].endswith(" " + ending) for ending in own["name"])
        assert row["name_zh"].startswith(row["city_zh"])
        assert any(row["name_zh"].endswith(ending) for ending in own["name_zh"])
    assert table["customer_id"].min() == "G000400"
    assert table["customer_id"].n_unique() == 400


def test_sections_are_those_of_the_kind(many, world):
    table = organisation_table(many[0], 0, world[1])
    kinds = content("organisation_kinds").select("kind", expected="section")
    joined = table.join(kinds, on="kind", validate="m:1")
    assert joined.height == 400
    assert (joined["section"] == joined["expected"]).all()


def test_ids_go_on_from_block_to_block():
    assert organisation_ids(0, np.array([399])).item() < organisation_ids(1, np.array([0])).item()


@pytest.mark.parametrize(
    ("number", "size", "told"),
    [(0, 401, "0 to 400"), (0, -1, "more blocks"), (2500, 10, "0 to 2,499"), (-1, 10, "no ids")],
)
def test_an_impossible_block_is_refused(number, size, told):
    with pytest.raises(ValueError, match=told):
        check_block(number, size)
