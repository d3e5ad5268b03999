"""Raw extracts: who is behind each row, what went wrong, and that the truth knows all of it."""

import datetime as dt
from functools import reduce

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.customer_changes import draw_changes
from customer_insight.company.extract_entries import EXTRACTS, table_of
from customer_insight.company.extract_people import draw_people_behind
from customer_insight.company.extracts import extract_tables
from customer_insight.company.order_tables import order_tables
from customer_insight.company.people import people_tables
from customer_insight.company.web_interests import draw_interests
from customer_insight.data.mechanisms import mechanism

FACTS = mechanism("extracts")
PHONES = {"business": "mobile", "survey": "phone", "web": "phone_number"}
PLACES = {"business": "city", "survey": "region", "web": "place"}
NAMES = {"business": "name", "survey": "full_name", "web": "real_name"}
BIRTHS = {"business": "birth_date", "web": "born"}


@pytest.fixture(scope="module")
def who(block, world, draws):
    return people_tables(block, world[1], pl.Series(["search"] * 4000), draws)


@pytest.fixture(scope="module")
def taste_and_changes(block, who, world, draws):
    return (
        draw_interests(block, who["profiles"], draws),
        draw_changes(block, who["customers"], world[1], draws),
    )


@pytest.fixture(scope="module")
def tables(block, who, taste_and_changes, world, draws):
    interests, changes = taste_and_changes
    return extract_tables(block, who["customers"], changes, interests, places=world[1], draws=draws)


@pytest.fixture(scope="module")
def people(block, who, taste_and_changes, world, draws):
    """Return everybody behind the extracts, with the names and the city of the customers."""
    everybody = draw_people_behind(block, who["customers"], taste_and_changes[0], world[1], draws)
    cities = world[1].cities.select("province", "province_zh", city_name="name", city_zh="name_zh")
    return everybody.with_columns(*cities.select(pl.all().gather(everybody["city"])))


@pytest.fixture(scope="module")
def undone(tables):
    """Return the extracts with the truth in the place of each error."""
    errors = tables["truth_errors"].filter(pl.col("column_name") != "row_id")
    clean = {}
    for extract in EXTRACTS:
        table = tables[table_of(extract)]
        for (column,), rows in errors.filter(table_name=table_of(extract)).group_by("column_name"):
            right = rows.select(row_id="row_key", right="true_value").unique()
            assert right["row_id"].is_unique().all()
            table = table.join(right, on="row_id", how="left", maintain_order="left").with_columns(
                pl.coalesce(pl.col("right").cast(table.schema[column]), column).alias(column)
            )
            table = table.drop("right")
        clean[extract] = table
    return clean


def behind(tables, people, extract):
    """Return the person behind each row of an extract."""
    truth = tables["truth_extracts"].filter(extract=table_of(extract))
    assert truth["row_id"].equals(tables[table_of(extract)]["row_id"])
    return people.select(pl.all().gather(truth["person_id"].str.slice(-6).cast(pl.Int64)))


def digits(phone):
    return phone.str.replace("+86 ", "", literal=True).str.replace_all("[^0-9]", "")


def dates(text):
    forms = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d")
    read = [text.str.to_date(form, strict=False) for form in forms]
    return reduce(lambda one, other: one.zip_with(one.is_not_null(), other), read)


def test_each_file_has_its_share_of_customers_and_of_others(tables, people):
    for extract in EXTRACTS:
        found = behind(tables, people, extract)
        persons = tables["truth_extracts"].filter(extract=table_of(extract)).unique("person_id")
        for share, size, count in zip(
            FACTS["in_extract"][extract],
            ((people["customer"] >= 0).sum(), (people["customer"] < 0).sum()),
            (persons["customer_id"].count(), persons["customer_id"].null_count()),
            strict=True,
        ):
            assert abs(count - share * size) <= 4 * np.sqrt(share * size)
        assert len(found) > persons.height
    both = tables["truth_extracts"].group_by("person_id").agg(pl.col("extract").n_unique())
    assert both.filter(pl.col("extract") == 3).height > 20
    assert both.filter(pl.col("extract") == 2).height > 300


def test_customers_of_the_truth_are_those_of_the_company(tables, people, who):
    for extract in EXTRACTS:
        truth = tables["truth_extracts"].filter(extract=table_of(extract))
        place = behind(tables, people, extract)["customer"]
        ids = who["customers"]["customer_id"].gather(place.clip(0))
        assert truth["customer_id"].equals(
            ids.zip_with(place >= 0, pl.Series([None], dtype=pl.String)), check_names=False
        )


def test_with_the_errors_undone_everything_agrees_with_the_people(tables, people, undone):
    """No error is in the extracts that the truth does not have."""
    for extract in EXTRACTS:
        found, table = behind(tables, people, extract), undone[extract]
        assert digits(table[PHONES[extract]]).equals(found["phone"], check_names=False)
        if extract != "survey":
            mail = {"business": "email", "web": "mail"}[extract]
            assert table[mail].equals(found["email"], check_names=False)
            assert dates(table[BIRTHS[extract]]).equals(found["born_on"], check_names=False)
        names = found.select(
            zh=pl.col("surname_zh") + pl.col("given_zh"),
            title=pl.col("surname_zh") + pl.col("sex").replace({"f": "女士", "m": "先生"}),
            latin=(pl.col("given") + pl.col("surname")).str.to_lowercase(),
            turned=(pl.col("surname") + pl.col("given")).str.to_lowercase(),
        )
        written = table[NAMES[extract]].str.replace(" ", "").str.to_lowercase()
        assert reduce(lambda a, b: a | b, (written == names[name] for name in names.columns)).all()
        place = table[PLACES[extract]]
        agrees = found.with_columns(place.alias("written"))
        named = pl.any_horizontal(
            pl.col("written").str.contains(pl.col(name), literal=True)
            for name in ("city_zh", "city_name", "province_zh")
        )
        assert agrees.select(named.all()).item()


def test_amounts_and_ages_follow_from_orders_and_birthdays(tables, people, undone, block, world):
    ordered = order_tables(block, *world)
    amount = ordered["order_lines"].group_by("order_id").agg(pl.col("amount").sum())
    orders = ordered["orders"].join(amount, on="order_id")
    truth = tables["truth_extracts"].filter(extract="extract_business")
    entered = undone["business"].with_columns(truth["customer_id"])
    day, ordered_on = pl.col("entered_at").dt.date(), pl.col("ordered_at").dt.date()
    spent = (
        entered.join(orders, on="customer_id")
        .filter((ordered_on <= day) & (ordered_on > day - dt.timedelta(days=365)))
        .group_by("row_id")
        .agg(pl.col("amount").sum() // 100)
    )
    joined = entered.join(spent, on="row_id", how="left").with_columns(
        pl.col("amount").fill_null(0)
    )
    assert (joined["yearly_spend"] == joined["amount"]).all()
    asked = undone["survey"].with_columns(behind(tables, people, "survey")["born_on"])
    years = (pl.col("asked_on") - pl.col("born_on")).dt.total_days() / 365.25
    assert asked.select(((years - pl.col("age")).is_between(-0.01, 1.01)).all()).item()


def test_old_facts_are_those_before_a_change(tables, taste_and_changes):
    changes = taste_and_changes[1]
    old = tables["truth_errors"].filter(kind="outdated")
    truth = tables["truth_extracts"].select("row_id", "customer_id")
    times = pl.concat(
        tables[table_of(extract)].select("row_id", pl.col(time).cast(pl.Date).alias("day"))
        for extract, time in zip(EXTRACTS, ("entered_at", "asked_on", "submitted_at"), strict=True)
    )
    rows = old.join(truth, left_on="row_key", right_on="row_id").join(
        times, left_on="row_key", right_on="row_id"
    )
    person = rows["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
    day = rows["day"].cast(pl.Int32).to_numpy() - calendar.FIRST_DAY
    column = rows["column_name"]
    attribute = np.select(
        [column.is_in(list(PLACES.values())), column.is_in(list(PHONES.values()))], [0, 1], 2
    )
    assert len(rows) > 50
    assert (day < changes.day[person, attribute]).all()


def test_relatives_give_a_phone_of_the_family(tables, who):
    shared = tables["truth_errors"].filter(kind="family_phone")
    owners = dict(zip(who["customers"]["phone"], who["customers"]["city_id"], strict=True))
    seen = pl.concat(
        tables[table_of(extract)].select("row_id", phone=PHONES[extract])
        for extract in ("survey", "web")
    )
    rows = shared.join(seen, left_on="row_key", right_on="row_id")
    typed = tables["truth_errors"].filter(kind="typing")["row_key"]
    exact = rows.filter(~pl.col("row_key").is_in(typed.implode()))
    assert exact.height > 60
    assert set(digits(exact["phone"])) <= set(owners)
    others = tables["truth_extracts"].filter(pl.col("customer_id").is_null())["row_id"]
    assert set(shared["row_key"]) <= set(others)


def test_the_higher_the_wage_the_oftener_it_is_left_out(tables, people):
    found = pl.concat(
        [
            behind(tables, people, extract).with_columns(
                empty=tables[table_of(extract)][column].is_null()
            )
            for extract, column in (("business", "wage"), ("survey", "income"))
        ]
    ).filter(pl.col("band").is_not_null())
    for band, share in enumerate(FACTS["left_out"]["income"]):
        empty = found.filter(band=band)["empty"]
        assert abs(empty.mean() - share) < 4 * np.sqrt(share * (1 - share) / len(empty))


def test_shares_of_errors_are_as_stated(tables):
    errors = tables["truth_errors"].group_by("table_name", "kind", "column_name").len()
    counts = {tuple(row[:3]): row[3] for row in errors.rows()}
    size = {extract: len(tables[table_of(extract)]) for extract in EXTRACTS}
    stated = {
        ("extract_business", "placeholder", "birth_date"): FACTS["placeholder"] * size["business"],
        ("extract_business", "in_fen", "yearly_spend"): FACTS["in_fen"] * size["business"],
        ("extract_business", "left_out", "mobile"): FACTS["left_out"]["phone"] * size["business"],
        ("extract_web", "left_out", "mail"): FACTS["left_out"]["mail"] * size["web"],
        ("extract_web", "sent_twice", "row_id"): FACTS["sent_twice"] * size["web"],
    }
    for key, expected in stated.items():
        assert abs(counts[key] - expected) < 4 * np.sqrt(expected), key
    for extract in EXTRACTS:
        typed = counts[(table_of(extract), "typing", PHONES[extract])]
        assert 0.6 < typed / (FACTS["typing"][extract] * size[extract]) < 1.1


def test_an_amount_in_fen_is_a_hundred_times_too_high(tables):
    wrong = tables["truth_errors"].filter(kind="in_fen")
    seen = wrong.join(tables["extract_business"], left_on="row_key", right_on="row_id")
    assert (seen["yearly_spend"] // 100 == seen["true_value"].cast(pl.Int64)).all()


def test_copies_repeat_the_form_and_later_entries_the_person(tables):
    repeated = tables["truth_errors"].filter(column_name="row_id")
    person = dict(tables["truth_extracts"].select("row_id", "person_id").iter_rows())
    assert all(
        person[row] == person[first] and row > first
        for row, first in repeated.select("row_key", "true_value").rows()
    )
    web = tables["extract_web"].rows_by_key("row_id", named=True, unique=True)
    for row, first in repeated.filter(kind="sent_twice").select("row_key", "true_value").rows():
        assert (web[row] | {"submitted_at": 0}) == (web[first] | {"submitted_at": 0})
        assert 5 <= (web[row]["submitted_at"] - web[first]["submitted_at"]).seconds < 90
    once = {row for row in person if row not in set(repeated["row_key"])}
    keys = [(row[:2], person[row]) for row in once]
    assert len(set(keys)) == len(keys)


def test_phone_alone_links_some_wrong_people_and_misses_others(tables):
    """A plain link of forms and cards by phone has errors of both kinds, as it should."""
    truth = tables["truth_extracts"].select("row_id", "person_id")
    sides = [
        tables[table_of(extract)]
        .select("row_id", phone=digits(tables[table_of(extract)][PHONES[extract]]))
        .join(truth, on="row_id")
        for extract in ("business", "web")
    ]
    linked = sides[0].join(sides[1], on="phone").drop_nulls("phone")
    right = linked.filter(pl.col("person_id") == pl.col("person_id_right"))
    pairs = sides[0].join(sides[1], on="person_id")
    assert 0.75 < len(right) / len(linked) < 0.97
    assert 0.65 < len(right) / len(pairs) < 0.9
