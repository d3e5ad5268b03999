"""How each raw extract writes what it was told: names, dates, phones, places and sums in text."""

from itertools import pairwise

import polars as pl

from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.extract_entries import entry_count, lots_of
from customer_insight.company.people import SEXES
from customer_insight.company.places import Places
from customer_insight.data.mechanisms import mechanism

_STYLED = ("name", "date", "phone", "place", "wage")
_MONTHS = 12
_PLACE = {
    "zh": pl.col("city_zh"),
    "zh_city": pl.col("city_zh") + "市",
    "latin": pl.col("city_name"),
    "latin_province": pl.format("{}, {}", "city_name", "province"),
    "province": pl.col("province_zh"),
    "province_city": pl.when(pl.col("province_zh") == pl.col("city_zh"))
    .then("city_zh")
    .otherwise(pl.col("province_zh") + pl.col("city_zh")),
}
_NAME = {
    "zh": pl.col("surname_zh") + pl.col("given_zh"),
    "zh_spaced": pl.format("{} {}", "surname_zh", "given_zh"),
    "zh_title": pl.col("surname_zh")
    + pl.when(pl.col("sex") == "f").then(pl.lit("女士")).otherwise(pl.lit("先生")),
    "given_first": pl.format("{} {}", "given", "surname"),
    "surname_first": pl.format("{} {}", pl.col("surname").str.to_uppercase(), "given"),
}
_DATE = {
    "iso": pl.col("born_on").dt.to_string("%Y-%m-%d"),
    "slashed": pl.col("born_on").dt.to_string("%Y/%-m/%-d"),
    "chinese": pl.col("born_on").dt.to_string("%Y年%-m月%-d日"),
    "digits": pl.col("born_on").dt.to_string("%Y%m%d"),
    "dotted": pl.col("born_on").dt.to_string("%Y.%m.%d"),
}


def _grouped(mark: str) -> pl.Expr:
    phone = pl.col("phone")
    parts = (phone.str.slice(0, 3), phone.str.slice(3, 4), phone.str.slice(7))
    return pl.concat_str(*parts, separator=mark)


_PHONE = {
    "plain": pl.col("phone"),
    "dashed": _grouped("-"),
    "spaced": _grouped(" "),
    "prefixed": pl.lit("+86 ") + pl.col("phone"),
}


def draw_styles(extract: str, entries: pl.DataFrame, own: Draws) -> pl.DataFrame:
    """Return how each entry is written.

    Parameters
    ----------
    extract : str
        One of `EXTRACTS`.
    entries : polars.DataFrame
        As `draw_entries` gives them.
    own : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        The entries with ``style_name``, ``style_date``, ``style_phone``, ``style_place``,
        ``style_wage``, ``style_budget``, ``sex_word``, ``nickname`` and ``link``; a copy has those
        of its original.
    """
    facts, size = mechanism("extracts"), entry_count(entries)

    def picked(what: str, weights: dict[str, int]) -> pl.Series:
        drawn = lots_of(extract, what, own).pick(list(weights.values()), size)
        return pl.Series(list(weights)).gather(drawn).gather(entries["entry"])

    columns = {
        f"style_{what}": picked(what, facts[f"{what}_styles"][extract])
        for what in _STYLED
        if extract in facts[f"{what}_styles"]
    }
    words = facts["sex_words"][extract]
    turn = lots_of(extract, "sex_word", own).whole(0, len(words["f"]), size)
    place = pl.Series(turn).gather(entries["entry"])
    of_sex = [pl.Series(words[sex]).gather(place) for sex in SEXES]
    return entries.with_columns(
        **columns,
        sex_word=pl.when(pl.col("sex") == SEXES[0]).then(of_sex[0]).otherwise(of_sex[1]),
        style_budget=picked("budget", facts["budget_styles"]),
        nickname=_nickname(picked("nickname", {"given": 1, "short": 1, "topic": 1})),
        link=picked("link", facts["form_links"]),
    )


def written(extract: str, told: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Return the text and numbers of an extract's columns, without its row and time.

    Parameters
    ----------
    extract : str
        One of `EXTRACTS`.
    told : polars.DataFrame
        Facts with their styles.
    places : Places
        Cities.

    Returns
    -------
    polars.DataFrame
        Columns as the catalogue states; a fact that is missing is null.
    """
    cities = places.cities.select("province", "province_zh", city_zh="name_zh", city_name="name")
    told = told.with_columns(*cities.select(pl.all().gather(told["city"])))
    return told.select(**_COLUMNS[extract]())


def _in_style(what: str, styles: dict[str, pl.Expr], extract: str) -> pl.Expr:
    """Return the text in each row's own style."""
    used = mechanism("extracts")[f"{what}_styles"][extract]
    return pl.coalesce(
        pl.when(pl.col(f"style_{what}") == style).then(styles[style]) for style in used
    )


def _words(fact: str, name: str, extract: str) -> pl.Expr:
    words = mechanism("extracts")[name][extract]
    return pl.col(fact).replace_strict(words, return_dtype=pl.String)


def _business() -> dict[str, pl.Expr]:
    return {
        "name": _in_style("name", _NAME, "business"),
        "sex": pl.col("sex_word"),
        "birth_date": _in_style("date", _DATE, "business"),
        "mobile": _in_style("phone", _PHONE, "business"),
        "email": pl.col("email"),
        "city": _in_style("place", _PLACE, "business"),
        "occupation": pl.col("job"),
        "wage": _in_style("wage", _monthly_wage(), "business"),
        "yearly_spend": pl.col("year_yuan"),
        "wants": _words("wants", "need_words", "business"),
        "prefers": _words("prefers", "prefer_words", "business"),
    }


def _survey() -> dict[str, pl.Expr]:
    jobs = content("occupations")
    return {
        "full_name": _in_style("name", _NAME, "survey"),
        "gender": pl.col("sex_word"),
        "age": pl.col("age"),
        "phone": _in_style("phone", _PHONE, "survey"),
        "region": _in_style("place", _PLACE, "survey"),
        "job": pl.col("job").replace_strict(jobs["name_zh"], jobs["name"]),
        "income": _tenths(pl.col("wage") * _MONTHS, 10_000) + "万",
        "spend": _spend_band(),
        "kind_of_need": _words("wants", "need_words", "survey"),
        "preference": _words("prefers", "prefer_words", "survey"),
    }


def _web() -> dict[str, pl.Expr]:
    facts = mechanism("extracts")
    interest = facts["interest_words"]
    topics = [
        pl.col(name).replace_strict(interest, return_dtype=pl.String)
        for name in ("topic", "second_topic")
    ]
    budget = (pl.max_horizontal(pl.col("spend") // 10, 1) * 10).cast(pl.String)
    return {
        "nickname": pl.col("nickname"),
        "real_name": _in_style("name", _NAME, "web"),
        "sex": pl.col("sex_word"),
        "born": _in_style("date", _DATE, "web"),
        "phone_number": _in_style("phone", _PHONE, "web"),
        "mail": pl.col("email"),
        "place": _in_style("place", _PLACE, "web"),
        "job": pl.col("job"),
        "interests": pl.when(pl.col("topic") == pl.col("second_topic"))
        .then(topics[0])
        .otherwise(pl.concat_str(*topics, separator="、")),
        "budget": budget
        + pl.when(pl.col("style_budget") == "unit").then(pl.lit("元")).otherwise(pl.lit("")),
        "came_from": pl.col("link"),
    }


_COLUMNS = {"business": _business, "survey": _survey, "web": _web}


def _monthly_wage() -> dict[str, pl.Expr]:
    wage = pl.col("wage")
    digits = wage.cast(pl.String)
    thousands = pl.concat_str(
        (wage // 1000).cast(pl.String), pl.lit(","), (wage % 1000).cast(pl.String).str.zfill(3)
    )
    return {"plain": digits, "comma": thousands, "thousands": _tenths(wage, 1000) + "千"}


def _tenths(value: pl.Expr, unit: int) -> pl.Expr:
    """Return a number in a unit to one decimal, by whole numbers, half up."""
    tenths = (value * 10 + unit // 2) // unit
    whole, rest = (tenths // 10).cast(pl.String), tenths % 10
    return whole + pl.when(rest > 0).then(pl.lit(".") + rest.cast(pl.String)).otherwise(pl.lit(""))


def _spend_band() -> pl.Expr:
    steps = mechanism("extracts")["spend_steps"]
    names = [
        f"under {steps[0]}",
        *(f"{low}-{high - 1}" for low, high in pairwise(steps)),
        f"{steps[-1]} and more",
    ]
    place = pl.sum_horizontal((pl.col("spend") >= step).cast(pl.Int64) for step in steps)
    return place.replace_strict(range(len(names)), names, return_dtype=pl.String)


def _nickname(kind: pl.Series) -> pl.Expr:
    """Return the given name with a year, a short form of it, or what somebody likes."""
    by_topic = mechanism("extracts")["nicknames"]
    year = pl.col("born_on").dt.year().cast(pl.String).str.slice(2)
    return (
        pl.when(kind == "given")
        .then(pl.col("given").str.to_lowercase() + year)
        .when(kind == "short")
        .then(pl.lit("小") + pl.col("given_zh").str.slice(-1))
        .otherwise(pl.col("topic").replace_strict(by_topic, return_dtype=pl.String))
    )
