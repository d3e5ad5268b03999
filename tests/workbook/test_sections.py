"""What the sections say, held to a count of the same orders by other means."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from tests.workbook.conftest import gather_facts
from tests.workbook.orders import (
    few_orders,
    qinghe_costed_orders,
    qinghe_orders,
    write_orders,
)

from customer_insight import stats
from customer_insight.workbook.assumed import Assumed
from customer_insight.workbook.forecast import MODEL, RULE, Outlook, look_ahead, same_rate
from customer_insight.workbook.section import HIDDEN, Decision, Section
from customer_insight.workbook.sections import (
    business,
    concentration,
    definitions,
    returning,
    segments,
    silence,
    spending,
    stability,
    trust,
    verdict,
    what_if,
)


def quantity(section, code):
    return next(one for one in section.quantities if one.code == code)


def table(section, code):
    found = next(one for one in section.tables if one.code == code)
    return pl.DataFrame(
        [[None if value is HIDDEN else value for value in row] for row in found.rows],
        schema=[column.key for column in found.columns],
        orient="row",
        strict=False,
    )


@pytest.fixture(scope="module")
def bought():
    """Return the purchases, with real dates."""
    lines = qinghe_orders().filter(pl.col("amount") > 0)
    return lines.with_columns(day=pl.col("date").str.to_date())


@pytest.fixture(scope="module")
def outlook(qinghe_facts):
    return look_ahead(qinghe_facts)


def test_the_ledger_adds_up_in_lines_and_money(qinghe_facts):
    ledger = table(trust.make(qinghe_facts), "ledger")
    read, parts = ledger.row(0), ledger[1:]
    assert read[1] == parts["rows"].sum() == qinghe_orders().height
    assert read[2] == parts["amount"].sum() == qinghe_orders()["amount"].sum()


def test_a_file_that_loses_lines_is_to_be_mended_first(qinghe_facts):
    lines = list(qinghe_facts.intake.ledger)
    lines[0] = dataclasses.replace(lines[0], rows=lines[0].rows + 9_000)
    lines.insert(1, dataclasses.replace(lines[0], what="rows without a customer", rows=9_000))
    lost = dataclasses.replace(qinghe_facts.intake, ledger=tuple(lines))
    section = trust.make(dataclasses.replace(qinghe_facts, intake=lost))
    assert section.decisions[0].do.startswith("Settle what the 9,000 lines")
    assert trust.make(qinghe_facts).decisions == ()


def test_the_year_is_compared_month_by_month(qinghe_facts, bought):
    section = business.make(qinghe_facts)
    by_year = bought.group_by(year=pl.col("day").dt.year()).agg(pl.col("amount").sum())
    now, then = (by_year.filter(year=year)["amount"].item() for year in (2024, 2023))
    assert quantity(section, "change_on_year").value == pytest.approx(now / then - 1)
    months = table(section, "months")
    assert months["amount"].sum() == bought["amount"].sum()
    back = qinghe_orders().filter(pl.col("amount") < 0)["amount"].sum()
    assert months["returned"].sum() == back
    assert months["complete"].to_list() == ["yes"] * 36


def test_a_month_that_is_not_over_is_compared_with_none(tmp_path):
    cut = qinghe_orders().filter(pl.col("date") <= "2024-12-15")
    facts = gather_facts(write_orders(tmp_path / "orders.csv", cut), tmp_path)
    section = business.make(facts)
    assert table(section, "months")["complete"].to_list()[-1] == "no"
    sales = cut.filter(pl.col("amount") > 0).with_columns(month=pl.col("date").str.head(7))
    months = sales.group_by("month").agg(pl.col("amount").sum()).sort("month")["amount"]
    change = months[-13:-1].sum() / months[-25:-13].sum() - 1
    assert quantity(section, "change_on_year").value == pytest.approx(change)


def test_one_intake_of_customers_is_not_called_a_falling_business(tmp_path):
    first = (
        qinghe_orders()
        .filter(pl.col("amount") > 0)
        .group_by("customer")
        .agg(began=pl.col("date").min())
        .filter(pl.col("began") < "2022-04-01")
    )
    cohort = qinghe_orders().join(first.select("customer"), on="customer")
    facts = gather_facts(write_orders(tmp_path / "orders.csv", cohort), tmp_path)
    section = business.make(facts)
    assert "one intake of customers" in section.refusal
    assert not [one for one in section.quantities if one.code == "change_on_year"]
    assert "No triangle" in returning.make(facts).refusal


def test_the_shares_of_the_best_are_those_of_stats(qinghe_facts, bought):
    amounts = bought.group_by("customer").agg(pl.col("amount").sum())["amount"].to_numpy()
    section = concentration.make(qinghe_facts)
    for top in (0.01, 0.05, 0.10, 0.20):
        found = quantity(section, f"top_{round(100 * top)}_share")
        assert found.value == pytest.approx(stats.top_share(amounts, top=top))
        assert found.low < found.value < found.high
    few = section.decisions[0].customers
    best = np.sort(amounts)[::-1]
    assert best[:few].sum() >= amounts.sum() / 2 > best[: few - 1].sum()


def test_every_customer_is_in_exactly_one_segment(qinghe_facts):
    section = segments.make(qinghe_facts)
    sizes = table(section, "segments")
    assert sizes["customers"].sum() == qinghe_facts.n
    assert sizes["sales"].sum() == qinghe_facts.customers["amount"].sum()
    assert sizes["returned"].sum() == qinghe_orders().filter(pl.col("amount") < 0)["amount"].sum()
    for measure in ("recency", "frequency", "money"):
        assert table(section, f"cuts_{measure}")["customers"].sum() == qinghe_facts.n


def test_cut_points_are_numbers_in_the_unit_of_their_measure(qinghe_facts, bought):
    section = segments.make(qinghe_facts)
    money = table(section, "cuts_money")
    assert money.schema["lowest"] == money.schema["highest"] == pl.Int64
    amounts = bought.group_by("customer").agg(pl.col("amount").sum())["amount"]
    assert money["highest"].max() == amounts.max()
    units = {one.code: one.columns[1].unit for one in section.tables if "cuts" in one.code}
    assert units == {
        "cuts_recency": "days", "cuts_frequency": "purchases", "cuts_money": "money"
    }  # fmt: skip


def test_small_segments_are_hidden_with_all_that_is_known_of_them(qinghe_facts):
    customers = qinghe_facts.customers.sort("customer_id")
    champions = customers.filter(pl.col("segment") == "champions")["customer_id"][4:]
    few = customers.filter(~pl.col("customer_id").is_in(champions.implode()))
    section = segments.make(dataclasses.replace(qinghe_facts, customers=few))
    found = next(one for one in section.tables if one.code == "segments")
    row = next(row for row in found.rows if row[0] == "Champions")
    assert row[2] is HIDDEN
    assert row[3:] == (None,) * len(row[3:])
    assert sum(line[2] is HIDDEN for line in found.rows) == 2


def test_a_hidden_segment_is_hidden_in_every_table(qinghe_facts):
    customers = qinghe_facts.customers.sort("customer_id")
    few = customers.filter(pl.col("segment") == "cannot_lose")["customer_id"][4:]
    facts = dataclasses.replace(
        qinghe_facts, customers=customers.filter(~pl.col("customer_id").is_in(few.implode()))
    )
    hidden = segments.hidden_segments(facts)
    assert "cannot_lose" in hidden
    assert len(hidden) > 1
    assert segments.make(facts).decisions == ()
    moves = next(one for one in stability.make(facts).tables if one.code == "moves")
    for at, column in enumerate(moves.columns):
        if column.key in hidden:
            assert {row[at] for row in moves.rows} <= {HIDDEN, 0}


def test_money_of_a_hidden_count_is_not_shown(tmp_path):
    facts = gather_facts(write_orders(tmp_path / "orders.csv", few_orders(40)), tmp_path)
    months = next(one for one in business.make(facts).tables if one.code == "months")
    hidden = [row for row in months.rows if row[2] is HIDDEN]
    assert hidden
    assert all(row[4:] == (None,) * 4 for row in hidden)
    assert all(row[5] is None for row in months.rows if row[3] is HIDDEN)


def test_tenths_of_few_customers_are_hidden_too(qinghe_facts, outlook):
    for found in spending.make(qinghe_facts, outlook).tables:
        at = [column.key for column in found.columns]
        if "customers" in at:
            sizes = [row[at.index("customers")] for row in found.rows]
            assert all(size is HIDDEN or size >= 10 for size in sizes)


def test_moves_are_counted_between_the_two_dates(qinghe_facts):
    section = stability.make(qinghe_facts)
    both = qinghe_facts.earlier.select("customer_id", then="segment").join(
        qinghe_facts.customers.select("customer_id", now="segment"), on="customer_id"
    )
    same = both.filter(pl.col("then") == pl.col("now")).height
    found = quantity(section, "same_segment_share")
    assert found.value == pytest.approx(same / both.height)
    assert both.height == qinghe_facts.earlier.height


def test_who_did_nothing_keeps_frequency_and_money_by_the_earlier_cuts(qinghe_facts):
    both = qinghe_facts.earlier.join(qinghe_facts.held, on="customer_id", suffix="_now")
    idle = both.filter(pl.col("purchase_days") == pl.col("purchase_days_now"))
    assert idle.height > 1_000
    assert (idle["f"] == idle["f_now"]).all()
    assert (idle["m"] == idle["m_now"]).all()


def test_cells_of_the_triangle_are_those_of_a_count_by_hand(qinghe_facts, bought):
    section = returning.make(qinghe_facts)
    shares = table(section, "cohorts")
    months = bought.select("customer", month=pl.col("date").str.head(7)).unique()
    first = months.group_by("customer").agg(began=pl.col("month").min())
    cohort = first.filter(began="2023-01")["customer"]
    active = months.filter(
        pl.col("customer").is_in(cohort.implode()) & (pl.col("month") == "2023-05")
    ).height
    row = shares.filter(cohort="2023-01")
    assert row["customers"].item() == cohort.len()
    assert row["age_4"].item() == pytest.approx(active / cohort.len())
    assert shares.filter(cohort="2024-12")["age_1"].item() is None


def test_silence_counts_those_who_are_still_away(qinghe_facts, bought):
    section = silence.make(qinghe_facts)
    days = bought.select("customer", "day").unique().sort("customer", "day")
    gaps = days.with_columns(
        gap=(pl.col("day").shift(-1).over("customer") - pl.col("day")).dt.total_days(),
        after=pl.int_range(1, pl.len() + 1).over("customer"),
    )
    rows = table(section, "gaps")
    for group, after in (("first", [1]), ("second to fourth", [2, 3, 4])):
        ended = gaps.filter(pl.col("after").is_in(after))["gap"].drop_nulls()
        row = rows.filter(group=group)
        assert row["returned"].item() == ended.len()
        # those still away wait longer than those who came back
        assert row["day"].item() > np.quantile(ended.to_numpy(), 0.9, method="inverted_cdf")
        assert row["low"].item() <= row["day"].item() <= row["high"].item()
    assert rows["now"].sum() == qinghe_facts.n
    assert rows["day"].to_list() == sorted(rows["day"].to_list(), reverse=True)


def test_the_model_is_judged_in_both_windows(qinghe_facts, outlook, bought):
    assert [trial.window.weeks for trial in outlook.trials] == [13, 13]
    section = spending.make(qinghe_facts, outlook)
    judged = table(section, "judgement")
    assert judged["window"].unique().len() == 2
    later = bought.filter(pl.col("day").dt.to_string("%Y-%m-%d") > judged["window"][0])
    known = outlook.trials[0].window.customers
    came = (
        later.select("customer", "day")
        .unique()
        .join(known.select(customer="customer_id"), on="customer")
    )
    assert known["later_purchases"].sum() == came.height
    rule = same_rate(known, 13)
    assert outlook.trials[0].predicted[RULE] == pytest.approx(rule.sum() / came.height)


def test_a_total_that_was_missed_by_a_third_is_not_forecast(qinghe_facts, outlook):
    worst = max(abs(trial.predicted[MODEL] - 1) for trial in outlook.trials)
    section = spending.make(qinghe_facts, outlook)
    assert (outlook.forecast is None) == (worst > 0.33)
    assert bool(section.refusal) == (outlook.forecast is None)


def test_a_history_under_a_year_gets_no_forecast(tmp_path):
    facts = gather_facts(write_orders(tmp_path / "orders.csv", few_orders(150)), tmp_path)
    found = look_ahead(facts)
    assert found.trials == ()
    assert "52 weeks" in spending.make(facts, found).refusal


def test_the_break_even_is_cost_over_margin(qinghe_facts):
    section = what_if.make(qinghe_facts, None)
    champions = table(section, "break_even").filter(segment="Champions")
    rows = qinghe_facts.customers.filter(pl.col("segment") == "champions")
    spend = rows["amount"].sum() / rows["purchase_days"].sum()
    assert champions["needed"].item() == pytest.approx(100 * 100 / (0.3 * spend))
    assert champions["cost"].item() == 100 * rows.height
    assert all(one.kind == "assumed" for one in section.quantities)
    assert all("placeholder" in one.note for one in section.quantities)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ("The margin is a placeholder", "contact is a placeholder")),
        ({"margin": 0.4}, ("The margin was stated", "contact is a placeholder")),
        ({"contact_cost": 2.0}, ("The margin is a placeholder", "contact was stated")),
        ({"margin": 0.4, "contact_cost": 2.0}, ("The margin was stated", "contact was stated")),
    ],
)
def test_margin_and_contact_cost_are_stated_each_for_itself(qinghe_facts, given, said):
    assumed = Assumed.of(**given, decimals=2)
    section = what_if.make(dataclasses.replace(qinghe_facts, assumed=assumed), None)
    assert all(words in section.answer for words in said)


def test_the_break_even_takes_the_margin_of_the_files_costs(costed_facts):
    margin = quantity(what_if.make(costed_facts, None), "margin")
    lines = qinghe_costed_orders()
    sold = lines.filter(pl.col("amount") > 0)
    kept = lines["amount"].sum() - sold["cost"].sum()
    assert margin.value == pytest.approx(kept / sold["amount"].sum())
    assert margin.kind == "observed"
    stated = dataclasses.replace(costed_facts, assumed=Assumed.of(margin=0.2, decimals=2))
    assert quantity(what_if.make(stated, None), "margin").value == 0.2


def test_the_verdict_takes_five_decisions_surest_first(qinghe_facts):
    sure = ("low", "high", "medium", "high", "low", "medium", "high")
    sections = [
        Section(
            number=at,
            code=f"s{at}",
            question="?",
            answer="",
            decisions=(Decision(f"do {at}", "", None, None, each, ""),),
        )
        for at, each in enumerate(sure)
    ]
    found = verdict.make(qinghe_facts, sections)
    assert [one.do for one in found.decisions] == ["do 1", "do 3", "do 6", "do 2", "do 5"]


def test_refusals_are_listed_at_the_end_and_in_the_verdict(qinghe_facts):
    refused = [
        Section(number=8, code="spending", question="What?", answer="", refusal="Too short.")
    ]
    section = definitions.make(qinghe_facts, {"file": "orders.csv"}, refused)
    assert table(section, "refusals").rows() == [("8. What?", "Too short.")]
    assert "What? (section 8)" in verdict.make(qinghe_facts, refused).refusal


def test_without_a_forecast_what_customers_do_anyway_is_left_open(qinghe_facts):
    found = table(what_if.make(qinghe_facts, Outlook((), None, "no").forecast), "break_even")
    assert found["expected"].null_count() == found.height


@pytest.mark.parametrize(
    "make",
    [trust.make, business.make, concentration.make, segments.make, stability.make, silence.make],
)
def test_figures_carry_their_message_and_stay_small(qinghe_facts, make):
    for chart in make(qinghe_facts).charts:
        assert len(chart.alt.split()) >= 6
        assert len(chart.svg) < 120_000


@pytest.mark.spark
@pytest.mark.evidence
@pytest.mark.usefixtures("spark")
def test_spark_gathers_the_same_facts(tmp_path):
    file = write_orders(
        tmp_path / "orders.csv", few_orders(200).with_columns(cost=pl.col("amount") // 2)
    )
    found = {}
    for engine in ("duckdb", "spark"):
        folder = tmp_path / engine
        folder.mkdir()
        found[engine] = gather_facts(file, folder, engine=engine)
    assert all(facts.knows_cost for facts in found.values())
    for name in ("customers", "groups", "earlier", "held", "months", "cohorts", "gaps", "summary"):
        ours, theirs = (getattr(facts, name) for facts in found.values())
        assert ours.height > 0
        assert ours.sort(ours.columns).equals(theirs.select(ours.columns).sort(ours.columns)), name
