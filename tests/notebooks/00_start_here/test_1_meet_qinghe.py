"""What the opening says of the company, by the cells of the opening itself."""

import functools
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from customer_insight import data
from customer_insight.course.house import find_house
from customer_insight.course.notebook import read_text
from customer_insight.data.catalog import catalog

TEXT = find_house().notebooks / "00_start_here" / "1_meet_qinghe.py"
load = functools.cache(lambda name: data.load(f"company_{name}"))


@pytest.fixture(scope="module")
def lesson():
    """Run the lesson's cells one after the other; return all names that they set."""
    names = {}
    for cell in read_text(TEXT).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, TEXT.name, "exec"), names)
    return SimpleNamespace(**names)


@pytest.fixture(scope="module")
def links():
    """Return the arrows of both maps, as the lesson's text has them."""
    found = re.findall(r'^ +\("(\w+)", "(\w+)", "([\w ]+)"\),$', TEXT.read_text("utf-8"), re.M)
    assert len(found) == 22
    return found


@pytest.mark.parametrize("which", ["people_map", "other_map"])
def test_every_key_on_a_map_is_a_column_of_its_table(lesson, which):
    for row in getattr(lesson, which).itertuples():
        keys = re.split(r"[,\n] ?", row.says)
        assert set(keys) <= set(load(row.box).columns), row.box


def test_every_arrow_leads_to_the_table_where_its_key_is_at_home(links):
    everybody = {*load("customers")["customer_id"]}
    everybody |= {*load("organisations")["customer_id"]}
    for start, end, by in links:
        if end == "competitors":
            continue  # the market's rest is no firm; the next test
        table, home = load(start), load(end)
        keys = by.split(" and ") if start != "referrals" else ["customer_id"]
        assert not home.duplicated(keys).any(), (start, end)
        for column in by.split(" and "):
            there = home[column] if column in home and column != "customer_id" else everybody
            assert table[column].dropna().isin(there).all(), (start, end, column)


def test_the_market_knows_the_rivals_and_sums_up_the_rest(lesson):
    assert set(lesson.market["firm_id"]) - set(lesson.rivals["firm_id"]) == {"others"}


def test_the_order_followed_has_three_sums_of_money(lesson):
    parcel = lesson.parcel
    assert len(parcel) >= 3
    on_the_shelf = (parcel["unit_price"] * parcel["quantity"]).sum()
    assert on_the_shelf > parcel["amount"].sum() > (parcel["amount"] - parcel["refund"]).sum()
    assert lesson.earned["points"].sum() > 0
    assert lesson.card["health"].item() in range(1, 6)


def test_revenue_is_what_was_paid_less_what_was_paid_back(lesson):
    kept = lesson.lines["amount"].sum() - lesson.returns["refund"].sum()
    assert lesson.amounts.to_numpy().sum() * 100 == pytest.approx(kept)


def test_revenue_grows_far_faster_than_the_number_of_new_people(lesson):
    new = lesson.arrived.iloc[-1] / lesson.arrived.iloc[0]
    assert (lesson.grown > 1.5 * new).all()
    assert lesson.people["signed_up_on"].min() >= pd.Timestamp("2022-01-01")


def test_few_people_bring_most_and_the_interval_is_narrow(lesson):
    assert lesson.held.estimate > 0.5
    assert lesson.held.high - lesson.held.low < 0.05
    assert (lesson.curve["what they brought"] > lesson.curve["if all were equal"]).all()
    assert lesson.held.n == len(lesson.people)


def test_so_far_falls_from_year_to_year_and_the_fair_rate_does_not(lesson):
    so_far, fair = lesson.rates["so far"], lesson.rates["fair"]
    assert so_far.is_monotonic_decreasing
    assert fair.notna().tolist() == [True, True, False]
    assert abs(fair[0] - fair[1]) < 0.3 * (so_far[0] - so_far[2])


def test_qinghe_is_tiny_and_posts_have_roles(lesson):
    assert lesson.own.max() < 0.01
    assert len(lesson.posts) >= 3
    assert lesson.posts[lesson.roles].any().all()


def test_recent_money_finds_more_than_all_so_far_and_the_truth_most(lesson):
    found = lesson.marks.set_index("rule")["money found"]
    assert lesson.top < found["all so far"] < found["last 365 days"] < found["the truth itself"]
    assert lesson.gap["low"] > 0
    left = lesson.marks.set_index("rule")["have left"]
    assert left["all so far"] > left["last 365 days"] > left["the truth itself"] == 0


def test_no_guess_is_made_with_the_truth():
    cells = [cell.source for cell in read_text(TEXT).cells if cell.cell_type == "code"]
    (opened,) = [at for at, source in enumerate(cells) if 'load("company_truth_' in source]
    (made,) = [at for at, source in enumerate(cells) if "guess = pd.DataFrame(" in source]
    assert opened > made


def test_a_day_that_the_truth_is_not_told_for_is_refused():
    cells = [cell.source for cell in read_text(TEXT).cells if cell.cell_type == "code"]
    (opened,) = [source for source in cells if 'load("company_truth_' in source]
    exec(opened, {"data": data, "as_of": "2024-12-31"})
    with pytest.raises(ValueError, match=r"as_of is 2024-05-01; .* 2023-12-31, 2024-06-30, 2024"):
        exec(opened, {"data": data, "as_of": "2024-05-01"})


def test_the_tap_leads_by_quantity_and_not_by_money(lesson):
    assert lesson.wrong["category"].head(2).tolist() == ["refill", "refill"]
    assert lesson.tap["share of pieces"].sum() > 0.9
    assert lesson.tap["share of money"].sum() < 0.05
    assert "refill" not in set(lesson.right["category"])


def test_the_first_check_most_people_order_far_below_the_mean(lesson):
    mean = lesson.orders["paid"].mean()
    people = lesson.of_people["paid"]
    assert (people < mean).mean() > 0.6
    assert people.median() < 0.7 * mean


def test_the_third_check_new_customers_have_not_come_back_yet(lesson):
    newest = lesson.came[lesson.start >= pd.Timestamp("2024-12-01")]
    assert newest["so far"].mean() < 0.5 * lesson.came["so far"].mean()


def test_a_file_of_ones_own_keeps_its_zeros_and_its_money(lesson):
    assert lesson.mine["customer_id"].tolist() == ["0042", "0042", "0107"]
    assert lesson.mine["amount"].tolist() == [3500, 12850, 990]


def test_every_table_named_beside_the_maps_is_there():
    rows = re.findall(r"^# \| [^|]+ \| (`.+`) \|$", TEXT.read_text("utf-8"), re.M)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(rows) == 7
    assert all(f"company_{name}" in catalog() for name in named)
