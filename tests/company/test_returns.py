"""What comes back, why, and when."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids, order_ids
from customer_insight.company.pains import KINDS, promised_days
from customer_insight.company.returns import return_table
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def table(block, world, draws):
    return return_table(block, world[0], draws)


@pytest.fixture(scope="module")
def lines(block, world):
    """Return every line with what a return may depend on."""
    bought, lines, outcomes = block.purchases, block.lines, block.purchases.outcomes
    goods = world[0].products
    first = np.searchsorted(lines.order, lines.order, side="left")
    person = bought.person[lines.order]
    delivery = promised_days(block.habits.tier[bought.person]) + outcomes.days_late
    return pl.DataFrame(
        {
            "order_id": order_ids(block.number, lines.order),
            "line": np.arange(len(lines.order)) - first + 1,
            "customer_id": customer_ids(block.number, person),
            "segment": pl.Series(SEGMENTS).gather(block.habits.segment[person]),
            "category": goods["category"].gather(lines.product),
            "web": outcomes.web[lines.order],
            "severity": outcomes.severity[lines.order],
            "defect": outcomes.hurts[lines.order, KINDS.index("function")],
            "value": outcomes.hurts[lines.order, KINDS.index("value")],
            "day": bought.day[lines.order],
            "took": np.where(outcomes.web, delivery, 0)[lines.order],
            "bought": lines.quantity,
            "amount": lines.amount,
        }
    )


@pytest.fixture(scope="module")
def joined(lines, table):
    return lines.join(table, on=["order_id", "line"], how="left", maintain_order="left")


def test_the_same_draw_gives_the_same_returns(block, world, draws, table):
    assert return_table(block, world[0], draws).equals(table)
    assert not return_table(block, world[0], Draws(8)).equals(table)


def test_three_to_six_in_a_hundred_lines_come_back(table, lines, joined):
    assert 0.03 < table.height / lines.height < 0.06
    assert joined["return_id"].drop_nulls().len() == table.height
    assert table["return_id"].is_sorted()
    assert table.n_unique(["order_id", "line"]) == table.height


def test_steady_buyers_and_tea_on_tap_send_nothing_back(joined):
    back = joined.filter(pl.col("return_id").is_not_null())
    assert not back["segment"].is_in(["steady"]).any()
    assert not back["category"].is_in(["refill"]).any()


def test_parcels_come_back_after_delivery_and_within_thirty_days(joined):
    back = joined.filter(pl.col("return_id").is_not_null())
    after = back["returned_on"].cast(pl.Int32) - calendar.FIRST_DAY - back["day"]
    assert (after > back["took"]).all()
    assert after.min() == 1
    assert after.max() == 30
    last = back["returned_on"].cast(pl.Int32).max()
    assert calendar.LAST_DAY - 3 <= last <= calendar.LAST_DAY


def test_a_refund_is_the_share_of_the_pieces(joined):
    back = joined.filter(pl.col("return_id").is_not_null())
    assert (back["quantity"] <= back["bought"]).all()
    assert (back["refund"] == back["amount"] * back["quantity"] // back["bought"]).all()
    several = back.filter(pl.col("bought") > 1)
    assert 0.7 < (several["quantity"] == several["bought"]).mean() < 0.95


def test_categories_channels_and_segments_have_their_chances(joined):
    facts = mechanism("returns")
    usual = joined.filter(~pl.col("defect") & ~pl.col("value"), pl.col("day") < 1060)
    for category in ("clothing_and_light", "bottle_and_cooking", "herbal_tea_bottle"):
        for web, factor in ((True, 1.0), (False, facts["shop"])):
            own = usual.filter(category=category, web=web).filter(pl.col("segment") != "steady")
            by_segment = own["segment"].replace_strict(facts["segment"], return_dtype=pl.Float64)
            expected = facts["chance"][category] * factor * by_segment.sum()
            came = own["return_id"].is_not_null().sum()
            assert abs(came - expected) < 4 * np.sqrt(expected) + 2
    rate = usual.group_by("segment").agg(pl.col("return_id").is_not_null().mean().alias("rate"))
    rates = dict(rate.iter_rows())
    assert rates["bargain"] > 1.5 * rates["family"]


@pytest.mark.parametrize(
    ("pain", "reason", "name"),
    [("defect", "defective", "defect"), ("value", "found_cheaper", "price")],
)
def test_an_order_that_hurt_gives_one_line_back_by_how_much_it_hurt(joined, pain, reason, name):
    facts = mechanism("returns")
    hurt = joined.filter(pl.col(pain), pl.col("day") < 1060)
    one_kind = hurt.filter(~pl.col("value" if pain == "defect" else "defect"))
    orders = (
        one_kind.filter(pl.col("segment") != "steady")
        .group_by("order_id", "severity")
        .agg(
            (pl.col("reason") == reason).sum().alias("lines"),
            (pl.col("category") == "refill").any().alias("tap"),
        )
        .filter(~pl.col("tap"))
    )
    assert orders["lines"].max() == 1
    for severity, chance in enumerate(facts[name], 1):
        came = orders.filter(severity=severity)["lines"]
        assert abs(came.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / came.len())
    calm = joined.filter(~pl.col(pain))
    assert not calm["reason"].is_in([reason]).any()


def test_reasons_fit_the_goods_and_conditions_the_reasons(joined):
    back = joined.filter(pl.col("return_id").is_not_null())
    sized = back.filter(reason="wrong_size")
    assert set(sized["category"]) == {"clothing_and_light"}
    for reason, weights in mechanism("returns")["condition"].items():
        own = back.filter(reason=reason)["condition"]
        for condition, weight in zip(("as_new", "opened", "unusable"), weights, strict=True):
            share = (own == condition).mean()
            assert abs(share - weight / 100) < 0.1
            assert weight > 0 or share == 0
