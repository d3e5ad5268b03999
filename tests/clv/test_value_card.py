import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.value_card import PARTS, value_card, weight_sensitivity

CUSTOMERS = {
    "customer_id": ["a", "b", "c", "d"],
    "lifetime_value": [900, 500, 100, 500],
    "frequency": [2.0, 12.0, 2.0, 1.0],
    "referral": [0, 300, 0, 0],
    "risk": [50, 10, 10, 90],
}
WEIGHTS = {"lifetime_value": 40, "frequency": 20, "referral": 20, "risk": 20}


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame])
def test_ranks_and_points_by_hand(kind):
    card = value_card(kind(CUSTOMERS), weights=WEIGHTS)
    assert type(card) is type(kind(CUSTOMERS))
    ranks = {part: card[f"rank_{part}"].to_list() for part in PARTS}
    assert ranks == {
        "lifetime_value": [1, 2, 4, 2],
        "frequency": [2, 1, 2, 4],
        "referral": [2, 1, 2, 2],
        "risk": [3, 1, 1, 4],
    }
    # centred ranks: value 3 0 -3 0, frequency 0 3 0 -3, referral -1 3 -1 -1, risk -1 2 2 -3
    assert card["points"].to_list() == [80, 160, -100, -140]
    assert card["rank"].to_list() == [2, 1, 3, 4]


def test_only_the_ratio_of_the_weights_matters():
    card = value_card(pl.DataFrame(CUSTOMERS), weights=WEIGHTS)
    tenth = {part: weight // 10 for part, weight in WEIGHTS.items()}
    assert value_card(pl.DataFrame(CUSTOMERS), weights=tenth)["rank"].equals(card["rank"])


columns = st.lists(st.integers(-5, 5), min_size=12, max_size=12)


@settings(max_examples=50, deadline=None)
@given(st.tuples(columns, columns, columns, columns), st.randoms(use_true_random=False))
def test_points_add_up_to_nothing_and_row_order_does_not_matter(parts, random):
    table = {"customer_id": [f"c{i:02d}" for i in range(12)]} | dict(zip(PARTS, parts, strict=True))
    frame = pl.DataFrame(table)
    card = value_card(frame, weights=WEIGHTS)
    assert card["points"].sum() == 0
    order = list(range(12))
    random.shuffle(order)
    turned = value_card(frame[order], weights=WEIGHTS)
    assert turned.sort("customer_id").equals(card)


def test_one_part_alone_is_its_own_rank():
    only = dict.fromkeys(PARTS, 0) | {"risk": 7}
    card = value_card(pl.DataFrame(CUSTOMERS), weights=only)
    assert card["rank"].equals(card["rank_risk"].rename("rank"))
    found = weight_sensitivity(card, weights=only)
    assert found.scenarios["scenario"].to_list() == ["equal weights"]


def test_sensitivity_by_hand():
    card = value_card(pl.DataFrame(CUSTOMERS), weights=WEIGHTS)
    found = weight_sensitivity(card, weights=WEIGHTS, top=0.25)
    rows = {row["scenario"]: row for row in found.scenarios.rows(named=True)}
    assert len(rows) == 1 + 2 * len(PARTS)
    # without value: a -40, b 160, c 20, d -140; c and a change places
    without = rows["without lifetime_value"]
    assert without["rank_correlation"] == pytest.approx(0.8)
    assert without["top_kept"] == 1.0
    # value doubled: a 200, b 160: another customer is first
    assert rows["lifetime_value doubled"]["top_kept"] == 0.0
    ranges = {row["customer_id"]: row for row in found.ranks.rows(named=True)}
    assert (ranges["a"]["best_rank"], ranges["a"]["rank"], ranges["a"]["worst_rank"]) == (1, 2, 3)
    assert (ranges["d"]["best_rank"], ranges["d"]["worst_rank"]) == (3, 4)


@pytest.mark.parametrize(
    "weights",
    [
        {"lifetime_value": 1},
        WEIGHTS | {"risk": 0.5},
        WEIGHTS | {"risk": -1},
        WEIGHTS | {"luck": 1},
        dict.fromkeys(PARTS, 0),
        WEIGHTS | {"risk": True},
    ],
)
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(
        ValueError, match="lifetime_value, frequency, referral, risk a whole number"
    ):
        value_card(pl.DataFrame(CUSTOMERS), weights=weights)


def test_a_missing_part_and_a_double_customer_are_refused():
    frame = pl.DataFrame(CUSTOMERS)
    with pytest.raises(ValueError, match="customers has no column risk"):
        value_card(frame.drop("risk"), weights=WEIGHTS)
    with pytest.raises(ValueError, match="customer_id stands more than once in 4 of 8 rows"):
        value_card(pl.concat([frame, frame]), weights=WEIGHTS)
    with pytest.raises(ValueError, match="frequency is missing or infinite in 1 of 4 rows"):
        value_card(
            frame.with_columns(frequency=pl.Series([1.0, np.nan, 1.0, 1.0])), weights=WEIGHTS
        )


def test_seven_in_a_hundred_are_seven():
    """The eighth by value is at risk: without that part it would be let in by 0.07 * 100 > 7."""
    n = np.arange(100)
    frame = pl.DataFrame({"customer_id": n, "lifetime_value": n, "frequency": 0, "referral": 0})
    weights = {"lifetime_value": 10, "frequency": 0, "referral": 0, "risk": 1}
    card = value_card(frame.with_columns(risk=pl.Series(1000 * (n == 92))), weights=weights)
    found = weight_sensitivity(card, weights=weights, top=0.07)
    assert found.scenarios.filter(scenario="without risk")["top_kept"].item() == 1.0
