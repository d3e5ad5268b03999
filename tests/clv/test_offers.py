import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv.offers import UNITS, offer_effects
from customer_insight.stats.mean_intervals import mean_difference
from customer_insight.stats.share_intervals import share_difference, share_interval

from . import qinghe_books as qinghe


def contacts(**change):
    """Return ten customers without and ten with an offer; half buy in each."""
    columns = {
        "arm": ["control"] * 10 + ["up_sell"] * 10,
        "amount": [0, 900] * 5 + [800, 1000] * 5,
        "offer_amount": [0] * 10 + [800, 600] * 5,
        "margin": [0, 300] * 5 + [240, 330] * 5,
        "cost": [0] * 10 + [5] * 10,
        "later_amount": [100, 300] * 5 + [0, 100] * 5,
    }
    return pl.DataFrame(columns | change)


def by_measure(table):
    assert table["measure"].is_unique
    return table.set_index("measure")


def ends(row):
    return row["estimate"], row["low"], row["high"]


def test_effects_by_hand():
    found = by_measure(offer_effects(contacts()))
    estimates = found["estimate"].to_dict()
    assert estimates == pytest.approx(
        {
            "take_up": 1.0,
            "response_lift": 0.5,
            "added_amount": 450,
            "added_margin": 285 - 5 - 150,
            "cannibalised": 450 - 200,
            "cannibalised_share": 250 / 700,
            "added_later": -150,
        }
    )
    assert found["unit"].to_dict() == UNITS
    assert found[["n", "n_control"]].drop_duplicates().to_numpy().tolist() == [[10, 10]]


def test_intervals_are_those_of_stats():
    found = by_measure(offer_effects(contacts(), confidence=0.9))
    take_up = share_interval(10, 10, confidence=0.9)
    lift = share_difference((10, 10), (5, 10), confidence=0.9)
    margin = mean_difference([235, 325] * 5, [0, 300] * 5, confidence=0.9)
    for measure, known in (("take_up", take_up), ("response_lift", lift), ("added_margin", margin)):
        assert ends(found.loc[measure]) == (known.estimate, known.low, known.high)


def test_what_the_offer_replaced_and_what_it_added_make_what_it_sold():
    found = by_measure(offer_effects(contacts()))["estimate"]
    assert found["added_amount"] + found["cannibalised"] == pytest.approx(700)


def test_without_later_sales_nothing_is_said_of_them():
    found = offer_effects(contacts().drop("later_amount"))
    assert set(found["measure"]) == set(UNITS) - {"added_later"}


def test_groups_and_arms_are_told_apart_and_thin_ones_not_stated():
    table = contacts().with_columns(kind=pl.lit("thrifty"))
    table = pl.concat([table, table.head(12).with_columns(kind=pl.lit("demanding"))])
    found = offer_effects(table, group="kind").set_index(["group", "measure"])
    assert found.index.get_level_values("group").unique().tolist() == ["demanding", "thrifty"]
    thin = found.loc["demanding"]
    assert thin["estimate"].isna().all()
    assert thin["low"].isna().all()
    assert (
        thin["note"] == "not stated: fewer than 10 customers in the arm or in the control"
    ).all()
    assert found.loc[("thrifty", "added_amount"), "estimate"] == 450


def test_row_order_changes_no_byte():
    rng = np.random.default_rng(1)
    columns = {"amount": rng.integers(700, 9000, 20), "margin": rng.integers(0, 700, 20)}
    table = contacts(**columns, offer_amount=[0] * 10 + list(range(1, 11)))
    shuffled = table.sample(fraction=1, shuffle=True, seed=3)
    pd.testing.assert_frame_equal(offer_effects(shuffled), offer_effects(table))


def test_an_offer_that_nobody_took_has_no_share_cannibalised():
    found = by_measure(offer_effects(contacts(offer_amount=[0] * 20)))
    assert found.loc["take_up", "estimate"] == 0
    assert np.isnan(found.loc["cannibalised_share", "estimate"])
    assert "does not differ from 0" in found.loc["cannibalised_share", "note"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arm": ["up_sell"] * 20}, "has the arms up_sell, and must have 'control'.*by lot"),
        ({"arm": ["control"] * 20, "offer_amount": [0] * 20}, "at least one other"),
        ({"offer_amount": [0] * 10 + [801] * 10}, "above amount in 5 of 20 rows"),
        ({"offer_amount": [0, 900] + [0] * 18}, "1 customers of 'control' bought an offer"),
        ({"arm": [None] * 20}, "arm is missing in 20 of 20 rows"),
        ({"margin": [None] * 20}, "margin"),
    ],
)
def test_what_is_no_experiment_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        offer_effects(contacts(**change))


@pytest.mark.evidence
def test_qinghes_offers_are_within_the_truth_of_all_arms():
    """The truth knows what each member would have bought in each arm."""
    costs = qinghe.table("campaign_arms").select("campaign_id", "arm", "cost")
    rows = qinghe.table("campaign_contacts").join(costs, on=["campaign_id", "arm"])
    found = offer_effects(rows.filter(pl.col("campaign_id") == "CA2"))
    found = found.set_index(["arm", "measure"])
    truth = qinghe.table("truth_campaigns").filter(pl.col("campaign_id") == "CA2")
    mean = dict(truth.group_by("arm").agg(pl.col("expected_amount").mean()).iter_rows())
    later = dict(truth.group_by("arm").agg(pl.col("expected_later_amount").mean()).iter_rows())
    responds = dict(truth.group_by("arm").agg(pl.col("response_chance").mean()).iter_rows())
    for measure, known in (
        ("added_amount", mean),
        ("added_later", later),
        ("response_lift", responds),
    ):
        for arm in ("cross_sell", "up_sell", "add_on", "multichannel"):
            row = found.loc[(arm, measure)]
            assert row["low"] < known[arm] - known["control"] < row["high"]


@pytest.mark.evidence
def test_intervals_hold_the_truth_of_drawn_experiments():
    rng = np.random.default_rng(8)
    held = {"added_amount": 0, "cannibalised": 0, "cannibalised_share": 0}
    truth = {"added_amount": 60.0, "cannibalised": 40.0, "cannibalised_share": 0.4}
    for _ in range(400):
        base = np.rint(rng.gamma(2.0, 200.0, 1000))
        took = rng.random(500) < 0.5
        offer = np.where(took, np.rint(rng.gamma(4.0, 50.0, 500)), 0)
        own = np.maximum(base[500:] - np.where(took, 80.0, 0.0), 0)
        table = pl.DataFrame(
            {
                "arm": ["control"] * 500 + ["offer"] * 500,
                "amount": np.append(base[:500], own + offer),
                "offer_amount": np.append(np.zeros(500), offer),
                "margin": np.zeros(1000),
                "cost": np.append(np.zeros(500), rng.random(500)),
            }
        )
        rows = by_measure(offer_effects(table))
        for measure in held:
            low, high = rows.loc[measure, ["low", "high"]]
            held[measure] += low <= truth[measure] <= high
    assert all(0.92 < count / 400 < 0.98 for count in held.values()), held
