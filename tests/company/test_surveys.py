"""All tables of the surveys: what the catalogue says of them, whom they name, what is wrong."""

import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.people import people_tables
from customer_insight.company.survey_frame import count_frame, frame_tables
from customer_insight.company.surveys import survey_fixed_tables, survey_tables

SHARED = {"truth_errors", "truth_effects"}
ANSWERS = {
    "survey_satisfaction": ("satisfaction",),
    "survey_answers": ("motives", "sus"),
    "survey_servqual": ("servqual",),
    "survey_needs": ("needs", "market"),
    "survey_kano": ("kano",),
    "survey_best_worst": ("kano",),
    "survey_price_limits": ("price",),
    "survey_price_offers": ("price",),
    "brand_choices": ("brand", "market"),
    "brand_ratings": ("brand", "market"),
    "market_survey": ("market",),
}


@pytest.fixture(scope="module")
def given(block, world, draws):
    """Return what the surveys start from: feelings and customers."""
    channel = pl.Series(["search"] * len(block))
    customers = people_tables(block, world[1], channel, draws)["customers"]
    return draw_feelings(block, draws), customers


@pytest.fixture(scope="module")
def tables(block, given, world, draws):
    drawn = survey_tables(block, *given, world[0], draws)
    counts = count_frame(block, given[1], drawn["survey_invitations"])
    staff = pl.Series(["T0000000000", "T0000000001"])
    return drawn | survey_fixed_tables(staff, draws) | frame_tables(counts)


@pytest.fixture(scope="module")
def answered(tables):
    """Return invitations that were answered, with the kind of survey."""
    kinds = tables["surveys"].select("survey_id", "kind")
    invitations = tables["survey_invitations"].filter(pl.col("answered_on").is_not_null())
    return invitations.join(kinds, on="survey_id", validate="m:1")


def test_the_same_draw_gives_the_same_tables(block, given, world, draws, tables):
    again = survey_tables(block, *given, world[0], draws)
    assert all(table.equals(tables[name]) for name, table in again.items())
    other = survey_tables(block, *given, world[0], Draws(8))
    assert not other["survey_kano"].equals(tables["survey_kano"])


@pytest.mark.parametrize("name", list(ANSWERS))
def test_answers_are_those_of_all_who_answered(name, tables, answered):
    who = answered.filter(pl.col("kind").is_in(ANSWERS[name]))["invitation_id"]
    assert set(tables[name]["invitation_id"]) == set(who)


def test_rivals_are_rated_by_who_answered_on_needs(tables, answered):
    who = answered.filter(kind="needs")["invitation_id"]
    rated = tables["survey_rivals"]
    assert set(rated["invitation_id"]) == set(who)
    assert rated.group_by("invitation_id").agg(pl.col("firm_id").n_unique())["firm_id"].eq(2).all()


def test_truth_is_that_of_everybody_asked(tables):
    asked = tables["survey_invitations"]
    assert tables["truth_invitations"]["invitation_id"].equals(asked["invitation_id"])
    outside = asked["customer_id"].is_null()
    assert tables["truth_invitations"]["satisfaction"].is_null().equals(outside)
    kinds = asked.join(tables["surveys"], on="survey_id")
    price = kinds.filter(kind="price")["invitation_id"]
    assert set(tables["truth_willingness"]["invitation_id"]) == set(price)


def test_only_recent_customers_are_asked(block, tables):
    ids = tables["truth_need_classes"]["customer_id"]
    place = dict(zip(ids, range(len(block)), strict=True))
    waves = dict(tables["surveys"].select("survey_id", "opened_on").iter_rows())
    asked = tables["survey_invitations"].drop_nulls("customer_id")
    bought = block.purchases
    person = pl.Series([place[name] for name in asked["customer_id"]])
    opened = pl.Series([waves[name] for name in asked["survey_id"]])
    day = opened.cast(pl.Int32) - calendar.FIRST_DAY
    orders = pl.DataFrame({"person": bought.person, "day": bought.day.astype("int32")})
    last = (
        pl.DataFrame({"row": range(len(person)), "person": person, "opened": day})
        .join(orders, on="person")
        .filter(pl.col("day").is_between(pl.col("opened") - 365, pl.col("opened") - 1))
    )
    assert last["row"].n_unique() == len(asked)


def test_all_that_answers_name_exists(tables, world):
    products = set(world[0].products["product_id"])
    firms = set(content("competitors")["firm_id"])
    for name, column, known in (
        ("survey_invitations", "survey_id", set(tables["surveys"]["survey_id"])),
        ("survey_needs", "need_id", set(tables["needs"]["need_id"])),
        ("need_comparisons", "first", set(tables["needs"]["need_id"])),
        ("survey_kano", "need_id", set(tables["needs"]["need_id"])),
        ("survey_answers", "statement_id", set(tables["survey_statements"]["statement_id"])),
        ("survey_servqual", "statement_id", set(tables["survey_statements"]["statement_id"])),
        ("brand_ratings", "attribute_id", set(tables["brand_attributes"]["attribute_id"])),
        ("brand_ratings", "firm_id", firms),
        ("survey_rivals", "firm_id", firms),
        ("satisfaction_benchmarks", "firm_id", firms | {"industry"}),
        ("survey_price_limits", "product_id", products),
        ("market_survey", "city_id", set(content("cities")["city_id"])),
    ):
        assert set(tables[name][column]) <= known, (name, column)
    frame = tables["survey_frame"].select("survey_id", "stratum")
    assert (
        tables["survey_invitations"].join(frame, on=["survey_id", "stratum"], how="anti").is_empty()
    )


def test_a_wave_costs_its_set_up_and_its_contacts(tables):
    wave = tables["surveys"].filter(survey_id="V01")
    asked = tables["survey_invitations"].filter(survey_id="V01")["channel"].value_counts()
    each = {"app": 5, "email": 8, "phone": 600}
    contacts = sum(each[channel] * count for channel, count in asked.iter_rows())
    assert wave["cost"].item() == 120_000 + contacts
    people = tables["survey_frame"].filter(survey_id="V01")["people"].sum()
    assert wave["population"].item() == people


def planted(tables, name, column):
    found = tables["truth_errors"].filter(table_name=name, column_name=column)
    return dict(found.select("row_key", "true_value").iter_rows())


def test_swapped_limits_are_in_the_truth(tables):
    limits = tables["survey_price_limits"]
    key = pl.col("invitation_id") + "/" + pl.col("product_id")
    wrong = limits.with_columns(key=key).filter(pl.col("cheap") > pl.col("dear"))
    for column, other in (("cheap", "dear"), ("dear", "cheap")):
        true = dict(wrong.select("key", pl.col(other).cast(pl.String)).iter_rows())
        assert planted(tables, "survey_price_limits", column) == true
    assert 0.005 < wrong.height / limits.height < 0.04


def test_ages_with_a_zero_too_many_are_in_the_truth(tables):
    wrong = tables["market_survey"].filter(pl.col("age") > 120)
    true = dict(wrong.select("invitation_id", (pl.col("age") // 10).cast(pl.String)).iter_rows())
    assert planted(tables, "market_survey", "age") == true
    assert true


def test_reversed_recommendations_are_in_the_truth(tables):
    wrong = planted(tables, "survey_satisfaction", "recommend")
    said = tables["survey_satisfaction"].filter(pl.col("invitation_id").is_in(list(wrong)))
    stands = dict(said.select("invitation_id", "recommend").iter_rows())
    assert {key: str(10 - value) for key, value in stands.items()} == wrong
    where = tables["survey_invitations"].filter(pl.col("invitation_id").is_in(list(wrong)))
    assert where["channel"].unique().to_list() == ["phone"]
    (wave,) = where["survey_id"].unique()
    assert tables["surveys"].filter(survey_id=wave)["wave"].item() == "2023Q3"


@pytest.mark.parametrize(
    ("name", "column"), [("survey_answers", "answer"), ("survey_servqual", "perception")]
)
def test_who_ticked_one_box_is_in_the_truth(name, column, tables):
    flat = tables[name].group_by("invitation_id").agg(pl.col(column).n_unique())
    flat = set(flat.filter(pl.col(column) == 1)["invitation_id"])
    assert flat == set(planted(tables, name, column))
    assert flat
