import datetime as dt
import re
import shutil

import polars as pl
import pytest

from customer_insight.company.content import CONTENT_FOLDER, FORMS, OTHERS, content
from customer_insight.data.errors import CatalogError

ATTRIBUTES = {
    "herbal_tea_bottle": {"size_ml", "sugar_mg_per_100ml", "herb_base"},
    "herbal_tea_can": {"size_ml", "sugar_mg_per_100ml", "herb_base"},
    "herbal_tea_concentrate": {"size_ml", "sugar_mg_per_100ml", "herb_base"},
    "tea_gift_box": {"size_ml", "sugar_mg_per_100ml", "herb_base", "festival"},
    "refill": {"size_ml", "sugar_mg_per_100ml", "herb_base"},
    "sleeping_bag": {
        "comfort_c",
        "fill",
        "material",
        "shape",
        "trip",
        "user_length_cm",
        "weight_g",
    },
    "tent": {"material", "persons", "trip", "water_column_mm", "weight_g"},
    "backpack": {"material", "trip", "volume_l", "weight_g"},
    "bottle_and_cooking": {"capacity_ml", "material", "weight_g"},
    "clothing_and_light": {"lumens", "material", "water_column_mm", "weight_g"},
}
NOT_IN_ALL = {"festival", "capacity_ml", "lumens"}  # and the water column, of rainwear alone
COMMON = {
    *(
        "product_id",
        "name",
        "name_zh",
        "brand",
        "brand_zh",
        "own_brand",
        "category",
        "family",
        "pack",
    ),
    *("list_price", "unit_cost", "cost_quantity", "launched", "withdrawn", "popularity"),
}
VALUES = {
    ("products", "trip"): {"summer_camping", "car_camping", "hiking", "high_mountain", "travel"},
    ("products", "fill"): {"down", "synthetic"},
    ("products", "shape"): {"mummy", "envelope"},
    ("products", "festival"): {"spring_festival", "dragon_boat", "mid_autumn"},
    ("categories", "family"): {"tea", "gear"},
    ("given_names", "sex"): {"f", "m", "both"},
    ("organisation_kinds", "broad_class"): {"manufacturing", "services", "trade", "internet"},
    ("organisation_names", "part"): {"stem", "ending"},
    ("market", "volume_unit"): {"litre", "box", "piece"},
    ("market_events", "kind"): {"policy", "trend", "shock", "entry", "exit", "price"},
    ("market_events", "direction"): {"up", "down"},
}


@pytest.fixture
def edited(tmp_path):
    """Give a copy of the content, and a way to read one of its files after an edit."""
    folder = tmp_path / "content"
    shutil.copytree(CONTENT_FOLDER, folder)

    def read(name, old, new):
        path = folder / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
        return content(name, folder=folder)

    return read


@pytest.fixture
def products():
    """Give the products with their margin, 0 to 1 of the list price."""
    cost = pl.col("unit_cost") / pl.col("cost_quantity")
    return content("products").with_columns(margin=1 - cost / pl.col("list_price"))


@pytest.fixture
def market():
    """Give the market with each firm's family and share of its category's revenue."""
    total = pl.col("revenue").sum().over("year", "category")
    families = content("categories").select("category", "family")
    return (
        content("market")
        .join(families, on="category")
        .with_columns(share=pl.col("revenue") / total)
    )


def test_every_form_has_a_file_and_what_has_none_belongs_to_surveys_or_texts():
    files = {path.name for path in CONTENT_FOLDER.iterdir()}
    forms = {f"{name}.csv" for name in FORMS}
    assert forms <= files
    assert all(name.startswith(("survey_", "text")) for name in files - forms)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("categories", 10),
        ("products", 96),
        ("cities", 36),
        ("shops", 24),
        ("surnames", 60),
        ("given_names", 160),
        ("occupations", 14),
        ("organisation_kinds", 10),
        ("competitors", 10),
    ],
)
def test_how_much_there_is_of_each(name, rows):
    assert content(name).height == rows


@pytest.mark.parametrize("name", FORMS)
def test_a_file_is_written_plainly(name):
    data = (CONTENT_FOLDER / f"{name}.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert "\ufffd" not in data.decode("utf-8")


@pytest.mark.parametrize("name", FORMS)
def test_chinese_is_chinese_and_the_rest_is_not(name):
    frame = content(name)
    for column in (c for c, kind in FORMS[name].types.items() if kind == "text"):
        chinese = frame[column].drop_nulls().str.contains(r"\p{Han}")
        assert chinese.all() if column.endswith("_zh") else not chinese.any(), column


@pytest.mark.parametrize(("place", "values"), VALUES.items())
def test_a_column_of_choices_uses_each_of_them_and_no_other(place, values):
    name, column = place
    assert set(content(name)[column].drop_nulls()) == values


@pytest.mark.parametrize(
    ("name", "column", "form"),
    [
        ("categories", "category_id", "{:02d}"),
        ("cities", "city_id", "C{:02d}"),
        ("shops", "shop_id", "S{:02d}"),
        ("organisation_names", "word_id", "W{:02d}"),
    ],
)
def test_ids_count_without_a_gap(name, column, form):
    ids = content(name)[column].to_list()
    assert ids == [form.format(number) for number in range(1, len(ids) + 1)]


def test_a_product_id_is_its_category_and_its_place_in_it(products):
    numbers = dict(content("categories").select("category", "category_id").iter_rows())
    wanted = [
        f"P{numbers[category]}{place:02d}"
        for category in numbers
        for place in range(1, products.filter(category=category).height + 1)
    ]
    assert products["product_id"].to_list() == wanted


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("products", ["name"]),
        ("products", ["name_zh"]),
        ("cities", ["name"]),
        ("cities", ["name_zh"]),
        ("shops", ["name"]),
        ("shops", ["name_zh"]),
        ("organisation_names", ["name_zh"]),
        ("occupations", ["name_zh"]),
    ],
)
def test_names_differ(name, columns):
    assert not content(name).select(columns).is_duplicated().any()


def test_a_product_has_the_family_of_its_category(products):
    families = dict(content("categories").select("category", "family").iter_rows())
    assert [families[category] for category in products["category"]] == products["family"].to_list()


def test_each_family_has_an_own_brand_and_six_brands_share_the_shelf(products):
    brands = products.select("brand", "brand_zh", "own_brand", "family").unique()
    assert brands.height == brands["brand"].n_unique() == brands["brand_zh"].n_unique() == 6
    own = dict(brands.filter("own_brand").select("brand", "family").iter_rows())
    assert own == {"Qinghe": "tea", "Hengling": "gear"}


@pytest.mark.parametrize("category", ATTRIBUTES)
def test_a_category_has_its_own_attributes_and_no_other(category, products):
    rows = products.filter(category=category).drop("margin")
    present = {column for column in rows.columns if rows[column].is_not_null().any()}
    assert present - COMMON == ATTRIBUTES[category]
    required = ATTRIBUTES[category] - NOT_IN_ALL
    if category == "clothing_and_light":
        required -= {"water_column_mm"}
    assert rows.select(sorted(required)).null_count().sum_horizontal().item() == 0


def test_own_goods_earn_more_than_partners_and_three_lead_at_a_loss(products):
    leaders = products.filter(pl.col("margin") < 0.18)
    assert leaders["product_id"].to_list() == ["P0203", "P0601", "P0901"]
    assert leaders["margin"].is_between(-0.08, 0).all()
    usual = products.filter(~pl.col("product_id").is_in(leaders["product_id"].to_list()))
    assert usual["margin"].is_between(0.18, 0.60).all()
    for family in ("tea", "gear"):
        own, partners = (usual.filter(family=family, own_brand=is_own) for is_own in (True, False))
        assert partners["margin"].max() < own["margin"].min()
    means = usual.group_by("category").agg(pl.col("margin").mean())["margin"]
    assert means.max() - means.min() > 0.15


def test_tea_on_tap_is_sold_by_the_millilitre(products):
    taps = products.filter(category="refill")
    facts = taps.select("pack", "size_ml", "list_price", "cost_quantity").unique()
    assert facts.rows() == [(1, 1, 1, 1000)]
    assert taps.height == 2
    assert (products.filter(pl.col("category") != "refill")["cost_quantity"] == 1).all()


def test_prices_are_those_of_chinese_shops(products):
    yuan = pl.col("list_price") / 100

    def span(category):
        return (
            products.filter(category=category).select(yuan.min(), yuan.max().alias("high")).row(0)
        )

    assert span("sleeping_bag") == (129, 1899)
    assert span("tent") == (299, 2999)
    bottle = products.filter(category="herbal_tea_bottle", pack=1, size_ml=500)
    assert bottle.select(yuan.is_between(5, 6).all()).item()
    assert set(products.filter(category="herbal_tea_bottle")["pack"]) == {1, 12, 15, 24}
    sold_in_packs = products.filter(pl.col("category") != "refill")
    assert (sold_in_packs["list_price"] % 10 == 0).all()


def test_a_bottle_costs_less_in_a_carton(products):
    stem = pl.col("name").str.split(",").list.first()
    packed = products.filter("own_brand", family="tea").filter(pl.col("category") != "tea_gift_box")
    each = packed.with_columns(each=pl.col("list_price") / pl.col("pack"))
    groups = [group for _, group in each.group_by("category", "size_ml", stem) if group.height > 1]
    assert len(groups) == 7
    for group in groups:
        assert group.sort("pack")["each"].is_sorted(descending=True)


def test_most_goods_are_older_than_the_company_s_first_day_and_some_come_and_go(products):
    launched, withdrawn = products["launched"], products["withdrawn"]
    new = (launched >= dt.date(2022, 1, 1)).sum()
    assert 10 <= new <= 24
    assert launched.max() <= dt.date(2024, 12, 31)
    gone = products.filter(withdrawn.is_not_null())
    assert 5 <= gone.height <= 12
    assert (gone["withdrawn"] > gone["launched"]).all()
    assert gone["withdrawn"].is_between(dt.date(2022, 1, 1), dt.date(2024, 12, 31)).all()


def test_a_limited_gift_box_is_sold_in_the_whole_month_before_its_festival(products):
    limited = products.filter(category="tea_gift_box").filter(pl.col("withdrawn").is_not_null())
    spring_festival = [dt.date(2023, 1, 22), dt.date(2024, 2, 10)]
    for row, festival in zip(limited.iter_rows(named=True), spring_festival, strict=True):
        assert row["launched"] <= festival - dt.timedelta(days=30)
        assert festival < row["withdrawn"]


def test_sleeping_bags_answer_every_need(products):
    bags = products.filter(category="sleeping_bag")
    assert bags["comfort_c"].min() <= -15
    assert bags["comfort_c"].max() >= 15
    assert bags["user_length_cm"].min() <= 140
    assert bags["user_length_cm"].max() >= 200
    assert set(bags["trip"]) == VALUES["products", "trip"]
    adults = bags.filter(pl.col("user_length_cm").is_between(180, 190), shape="mummy")
    warm, cold = adults.filter(fill="down"), adults.filter(fill="synthetic")
    assert warm["list_price"].min() > cold["list_price"].max()
    assert warm.sort("comfort_c")["weight_g"].is_sorted(descending=True)


def test_cities_lie_in_four_tiers_and_many_provinces():
    cities = content("cities")
    assert cities["tier"].is_sorted()
    assert cities.group_by("tier").len().sort("tier")["len"].to_list() == [4, 11, 11, 10]
    assert cities["province"].n_unique() == cities["province_zh"].n_unique() >= 12
    assert cities["population_10k"].is_between(100, 3300).all()
    weights = cities.group_by("tier").agg(pl.col("weight").mean()).sort("tier")["weight"]
    assert weights.is_sorted(descending=True)


def test_shops_are_numbered_as_they_opened_in_all_tiers():
    shops = content("shops").join(content("cities").select("city_id", "tier"), on="city_id")
    assert content("shops")["opened"].is_sorted()
    assert shops["refill_tap"].sum() == 12
    assert set(shops["tier"]) == {1, 2, 3, 4}
    assert (shops["opened"] >= dt.date(2022, 1, 1)).sum() == 6
    assert not shops["name"].str.contains(r"(?i)\b(street|road|avenue)\b").any()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("products", "popularity"),
        ("cities", "weight"),
        ("surnames", "weight"),
        ("occupations", "weight"),
        ("organisation_kinds", "weight"),
        ("organisation_names", "weight"),
    ],
)
def test_weights_are_above_zero(name, column):
    assert content(name)[column].min() > 0


def test_names_are_written_in_letters_that_every_keyboard_has():
    for name, column in (("surnames", "surname"), ("given_names", "given_name")):
        assert all(re.fullmatch(r"[A-Z][a-z]+('[a-z]+)?", text) for text in content(name)[column])
    assert content("surnames")["surname_zh"].str.len_chars().eq(1).all()
    assert content("given_names")["given_name_zh"].str.len_chars().is_between(1, 2).all()


def test_either_sex_has_names_enough():
    counts = dict(content("given_names").group_by("sex").len().iter_rows())
    assert min(counts["f"], counts["m"]) >= 60


def test_sections_are_those_of_the_national_classification():
    """GB/T 4754-2017: C manufacturing, F trade, H hotels, I internet, N to S public and social."""
    kinds = content("organisation_kinds")
    section = dict(kinds.select("kind", "section").iter_rows())
    assert section == {
        "school": "P",
        "factory": "C",
        "office": "I",
        "hotel": "H",
        "scenic_spot": "N",
        "outdoor_club": "R",
        "hospital": "Q",
        "retailer": "F",
        "wholesaler": "F",
        "government": "S",
    }
    assert kinds["section_name_zh"].n_unique() == kinds["section"].n_unique() == 9


def test_every_kind_of_organisation_can_be_named():
    words = content("organisation_names")
    stems, endings = words.filter(part="stem"), words.filter(part="ending")
    assert stems["kind"].is_null().all()
    assert endings["kind"].is_not_null().all()
    assert set(endings["kind"]) == set(content("organisation_kinds")["kind"])
    fewest = endings.group_by("kind").len()["len"].min()
    assert stems.height * fewest * content("cities").height >= 2000


def test_own_firm_and_four_rivals_stand_in_each_family():
    firms = content("competitors")
    for family in ("tea", "gear"):
        group = firms.filter(family=family)
        assert group["firm_id"].to_list()[0] == "own"
        assert group.height == 5
        assert group["price_index"][0] == 100
    assert firms.filter(pl.col("firm_id") != "own")["name"].n_unique() == 8
    assert firms["quality_index"].is_between(0, 100).all()


def test_market_rows_are_those_of_the_family_s_firms(market):
    firms = content("competitors").select("family", "firm_id").rows()
    assert set(market.select("family", "firm_id").rows()) == {
        *firms,
        ("tea", OTHERS),
        ("gear", OTHERS),
    }
    assert set(market["year"]) == set(range(2019, 2025))
    cells = market.group_by("year", "category").agg(pl.col("volume_unit").n_unique())
    assert cells.height == 60
    assert (cells["volume_unit"] == 1).all()
    assert (market["volume"] > 0).all()


def test_revenue_is_volume_times_price(market):
    assert (market["revenue"] == market["volume"] * market["average_price"]).all()


def test_dearer_positions_have_dearer_prices(market):
    firms = content("competitors").select("family", "firm_id", "price_index")
    for _, cell in market.join(firms, on=["family", "firm_id"]).group_by("year", "category"):
        assert cell.sort("price_index")["average_price"].is_sorted()


def test_the_own_firm_is_small_grows_and_sells_at_its_list_prices(market, products):
    own = market.filter(firm_id="own")
    assert own["share"].max() < 0.01
    yearly = own.group_by("year").agg(pl.col("revenue").sum()).sort("year")["revenue"]
    assert 2 * yearly[0] < yearly[5] < 10 * 100_000_000
    litres = pl.when(category="refill").then(1).otherwise(pl.col("pack") * pl.col("size_ml")) / 1000
    units = pl.when(pl.col("category").is_in(["tea_gift_box"]) | (pl.col("family") == "gear"))
    weight, unit = pl.col("popularity"), units.then(1.0).otherwise(litres)
    listed = products.filter("own_brand").group_by("category")
    listed = listed.agg(listed=(weight * pl.col("list_price")).sum() / (weight * unit).sum())
    sold = own.filter(year=2022).join(listed, on="category")
    assert (sold["average_price"] / sold["listed"]).is_between(0.85, 1.0).all()


@pytest.mark.parametrize(
    "event",
    content("market_events").rows(named=True),
    ids=lambda event: f"{event['year']}-{event['category']}-{event['measure']}",
)
def test_what_is_told_of_the_market_is_what_the_market_shows(event, market):
    before, after = (
        _measure(market.filter(year=year, category=event["category"]), event)
        for year in (event["year"] - 1, event["year"])
    )
    assert (after - before) * {"up": 1, "down": -1}[event["direction"]] > 0.01 * before


def test_concentration_moves_over_the_years_in_both_directions(market):
    named = market.filter(pl.col("firm_id") != OTHERS)
    hhi = (10_000 * pl.col("share") * pl.col("share")).sum()
    years = named.group_by("category", "year").agg(hhi=hhi).pivot(on="year", values="hhi")
    change = years.select((pl.col("2024") / pl.col("2019") - 1).alias("change"))["change"]
    assert change.min() < -0.15
    assert change.max() > 0.10


def _measure(cell, event):
    named = cell.filter(pl.col("firm_id") != OTHERS)
    if event["measure"] == "share":
        return named.filter(firm_id=event["firm_id"])["share"].sum()
    assert event["firm_id"] is None
    return {
        "volume": cell["volume"].sum(),
        "average_price": cell["revenue"].sum() / cell["volume"].sum(),
        "cr4": named["share"].top_k(4).sum(),
        "hhi": (named["share"] * named["share"]).sum(),
    }[event["measure"]]


def test_types_are_strict():
    shops = content("shops")
    assert shops.schema["opened"] == pl.Date
    assert shops.schema["area_m2"] == pl.Int64
    assert shops.schema["refill_tap"] == pl.Boolean
    assert shops.schema["name_zh"] == pl.String


def test_a_changed_table_changes_no_other():
    content("shops").drop_in_place("name")
    assert "name" in content("shops").columns


def test_an_unknown_name_gets_a_suggestion_and_the_list():
    with pytest.raises(CatalogError) as error:
        content("product")
    assert "no content 'product'. Did you mean 'products'?" in str(error.value)
    assert all(name in str(error.value) for name in FORMS)


def test_a_missing_file_says_how_to_get_it_back(tmp_path):
    with pytest.raises(CatalogError, match=r"no shops\.csv in .*git checkout -- datasets/company"):
        content("shops", folder=tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "shops",
            "area_m2",
            "area",
            "header must be shop_id, .* area_m2, .* and is shop_id, .* area,",
        ),
        ("shops", ",180,", ",180 ,", r"column 'area_m2' must be a whole number \(line 2\)"),
        ("shops", ",180,", ",0180,", r"column 'area_m2' must be a whole number \(line 2\)"),
        ("shops", ",180,", ",180.5,", r"column 'area_m2' must be a whole number \(line 2\)"),
        ("shops", "2014-09-06", "2014-9-6", r"column 'opened' must be a day .* \(line 3\)"),
        ("shops", "2014-09-06", "2014-02-30", r"column 'opened' must be a day .* \(line 3\)"),
        ("shops", ",true", ",True", r"column 'refill_tap' must be true or false \(line 2\)"),
        ("shops", "古榕店", " 古榕店", r"column 'name_zh' must be a text without blanks .*line 2"),
        ("shops", "古榕店", "", r"column 'name_zh' must not be empty \(line 2\)"),
        ("shops", "古榕店", '""', r"column 'name_zh' must not be empty \(line 2\)"),
        ("shops", "S02", "S01", r"'shop_id' must together differ from line to line \(lines 2, 3\)"),
        ("shops", "S01,C01", "S01,C99", r"column 'city_id' must stand in cities\.csv \(line 2\)"),
        (
            "market",
            "2019,herbal_tea_bottle,own",
            "2019,tea,own",
            r"'category' must stand in categories",
        ),
        (
            "market",
            "bottle,own",
            "bottle,X9",
            r"'firm_id' must stand in competitors\.csv \(line 2\)",
        ),
        ("shops", ",true\n", ",true,x\n", "not readable as CSV in UTF-8"),
    ],
)
def test_an_edit_that_breaks_the_form_is_refused_with_its_place(edited, name, old, new, message):
    with pytest.raises(CatalogError, match=message):
        edited(name, old, new)


def test_an_edit_within_the_form_is_read(edited):
    assert edited("shops", ",180,", ",185,")["area_m2"][0] == 185


def test_all_that_is_wrong_is_told_at_once_and_long_lists_are_cut(edited):
    with pytest.raises(CatalogError) as error:
        edited("cities", "1,1868,150\n", "1,x,\n")
    assert "'population_10k' must be a whole number (line 2); column 'weight'" in str(error.value)
    with pytest.raises(CatalogError, match=r"lines 2, 3, 4, 5, 6, \.\.\.\)"):
        edited("categories", "\n", "\n" + "99,twice,Twice,两次,tea\n" * 7)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    text = (CONTENT_FOLDER / "surnames.csv").read_text(encoding="utf-8")
    (tmp_path / "surnames.csv").write_bytes(text.encode("gb18030"))
    with pytest.raises(CatalogError, match="not readable as CSV in UTF-8"):
        content("surnames", folder=tmp_path)
