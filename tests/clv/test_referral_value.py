import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight import data
from customer_insight.clv.referral_value import check_claims, referral_value

VALUES = pl.DataFrame({"customer_id": ["a", "b", "c", "d"], "value": [100, 200, 401, 50]})
CAME = pl.DataFrame({"referred_id": ["b", "c"], "referrer_id": ["a", "b"], "chance": [0.5, 1.0]})


def credited(**rule):
    return referral_value(VALUES, CAME, **rule)["with_referrals"].to_list()


def test_a_chain_by_hand():
    assert credited(share=1.0, depth=0, caused=1.0) == [100, 200, 401, 50]
    assert credited(share=1.0, depth=1, caused=1.0) == [300, 401, 0, 50]
    assert credited(share=1.0, depth=2, caused=1.0) == [701, 0, 0, 50]
    assert credited(share=0.5, depth=1, caused=1.0) == [200, 300, 201, 50]
    # c passes on 401, of which b passes on a half: 200; of b's own 200 a half goes to a
    assert credited(share=1.0, depth=2, caused="chance") == [400, 301, 0, 50]
    assert credited(share=1.0, depth=2, caused=0.0) == [100, 200, 401, 50]


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_the_kind_of_frame_and_its_order_stay(kind):
    values, came = (kind(table.to_dict(as_series=False)) for table in (VALUES, CAME))
    found = referral_value(values, came, share=0.5, depth=1, caused=1.0)
    assert type(found) is type(values)
    assert list(found.columns) == ["customer_id", "value", "given", "received", "with_referrals"]
    assert found["given"].to_list() == [0, 100, 200, 0]
    assert found["received"].to_list() == [100, 200, 0, 0]


@st.composite
def forests(draw):
    n = draw(st.integers(1, 30))
    value = draw(st.lists(st.integers(-(10**9), 10**12), min_size=n, max_size=n))
    above = [draw(st.integers(-1, i - 1)) for i in range(n)]
    chance = draw(st.lists(st.floats(0, 1), min_size=n, max_size=n))
    return value, above, chance


def tables(value, above, chance, order):
    ids = np.array([f"c{i}" for i in range(len(value))])
    some = [i for i in range(len(value)) if above[i] >= 0]
    values = pl.DataFrame({"customer_id": ids[order], "value": np.array(value)[order]})
    came = {
        "referred_id": [f"c{i}" for i in some],
        "referrer_id": [f"c{above[i]}" for i in some],
        "chance": [chance[i] for i in some],
    }
    types = {"referred_id": pl.String, "referrer_id": pl.String, "chance": pl.Float64}
    return values, pl.DataFrame(came, schema=types)


@settings(max_examples=50, deadline=None)
@given(forests(), st.floats(0, 1), st.integers(0, 40), st.randoms(use_true_random=False))
def test_every_rule_adds_up_to_the_base_value_in_any_order_of_rows(forest, share, depth, random):
    order = list(range(len(forest[0])))
    rule = {"share": share, "depth": depth, "caused": "chance"}
    straight = referral_value(*tables(*forest, order), **rule)
    assert straight["with_referrals"].sum() == sum(forest[0])
    assert straight["given"].sum() == straight["received"].sum()
    random.shuffle(order)
    shuffled = referral_value(*tables(*forest, order), **rule)
    assert shuffled.sort("customer_id").equals(straight.sort("customer_id"))


def test_a_long_chain_hands_all_to_its_first_customer():
    n = 5000
    ids = [f"c{i}" for i in range(n)]
    values = pl.DataFrame({"customer_id": ids, "value": [7] * n})
    came = pl.DataFrame({"referred_id": ids[1:], "referrer_id": ids[:-1]})
    found = referral_value(values, came, share=1.0, depth=n, caused=1.0)["with_referrals"]
    assert found[0] == 7 * n
    assert found[1:].sum() == 0


@pytest.mark.parametrize(
    ("referred", "referrer", "message"),
    [
        (["b", "b"], ["a", "c"], "referred_id stands more than once in 1 of 2 rows"),
        (["b"], ["z"], "referrer_id of 1 of 1 rows is not among the customers"),
        (["z"], ["a"], "referred_id of 1 of 1 rows is not among the customers"),
        (["a"], ["a"], "1 of 4 customers stand in or below a circle"),
        (["a", "b", "c"], ["b", "a", "b"], "3 of 4 customers stand in or below a circle"),
        ([None], ["a"], "referred_id is missing in 1 of 1 rows"),
    ],
)
def test_links_that_lose_or_double_value_are_refused(referred, referrer, message):
    came = pl.DataFrame({"referred_id": referred, "referrer_id": referrer})
    with pytest.raises(ValueError, match=message):
        referral_value(VALUES, came, share=1.0, depth=1, caused=1.0)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"share": 50}, "share is 50, and must lie between 0 and 1"),
        ({"caused": 1.2}, "caused is 1.2, and must lie between 0 and 1"),
        ({"depth": 1.5}, "depth is 1.5, and must be a whole number of links from 0"),
        ({"depth": -1}, "depth is -1"),
        ({"caused": "value"}, "referrals has no column value"),
    ],
)
def test_a_rule_that_is_none_is_refused(rule, message):
    with pytest.raises(ValueError, match=message):
        referral_value(VALUES, CAME, **{"share": 1.0, "depth": 1, "caused": 1.0} | rule)


def test_chances_outside_0_to_1_are_counted():
    came = CAME.with_columns(chance=pl.lit(60.0))
    with pytest.raises(ValueError, match="chance is outside 0 to 1 in 2 of 2 rows"):
        referral_value(VALUES, came, share=1.0, depth=1, caused="chance")


def test_claims_by_hand():
    claimed = pl.DataFrame({"referred_id": ["b", "c", "d"], "referrer_id": ["a", "b", "a"]})
    caused = pl.DataFrame({"referred_id": ["b", "c"], "referrer_id": ["a", "a"]})
    found = check_claims(VALUES, claimed, caused)
    assert (found.claimed, found.caused, found.confirmed) == (3, 2, 1)
    assert (found.claimed_value, found.caused_value, found.confirmed_value) == (651, 601, 200)
    assert found.overstatement == pytest.approx(3.255)
    assert found.unclaimed_share == 0.5


def test_no_claim_and_no_true_claim():
    with pytest.raises(ValueError, match="claimed has no rows"):
        check_claims(VALUES, CAME.head(0), CAME)
    found = check_claims(VALUES, CAME, CAME.head(0))
    assert (found.confirmed_share, found.overstatement, found.unclaimed_share) == (0, np.inf, 0)


@pytest.fixture(scope="module")
def qinghe():
    """Return what people spent in the data's three years, the codes used, and who caused whom."""
    orders = data.load("company_orders", engine="polars").select("order_id", "customer_id")
    lines = data.load("company_order_lines", engine="polars").select("order_id", "amount")
    spent = lines.join(orders, on="order_id").group_by("customer_id").agg(value=pl.sum("amount"))
    people = data.load("company_customers", engine="polars").select("customer_id")
    values = people.join(spent, on="customer_id", how="left").with_columns(
        pl.col("value").fill_null(0)
    )
    codes = data.load("company_referrals", engine="polars").select("referred_id", "referrer_id")
    truth = data.load("company_truth_referrals", engine="polars").drop_nulls("caused_by")
    return values, codes, truth.select("referred_id", referrer_id="caused_by")


def test_claims_of_qinghe_overstate_what_referrers_caused(qinghe):
    found = check_claims(*qinghe)
    assert (found.claimed, found.caused, found.confirmed) == (894, 868, 576)
    assert found.confirmed_share == pytest.approx(0.644, abs=0.001)
    assert found.unclaimed_share == pytest.approx(0.336, abs=0.001)
    assert 1.2 < found.overstatement < 2.0


def test_crediting_claims_by_their_true_share_comes_close_to_the_truth(qinghe):
    values, codes, caused = qinghe
    rule = {"share": 1.0, "depth": 1}
    believed, weighed, truth = (
        referral_value(values, links, caused=chance, **rule)["received"].sum()
        for links, chance in (
            (codes, 1.0),
            (codes, check_claims(*qinghe).confirmed_share),
            (codes.join(caused, on=["referred_id", "referrer_id"]), 1.0),
        )
    )
    assert abs(weighed / truth - 1) < 0.15 < believed / truth - 1
