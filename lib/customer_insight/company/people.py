"""Who the people are: the tables ``customers`` and ``profiles``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.draws import Draws, Stream, row_edges
from customer_insight.company.habits import SEGMENTS, Habits
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.data.mechanisms import mechanism

SEXES = ("f", "m")
HOMES = ("rented", "owned", "dormitory", "with_parents")
EDUCATION = ("primary", "secondary", "bachelor", "master")
INCOME_BANDS = ("under 3000", "3000-5999", "6000-9999", "10000-19999", "20000 and more")
BLOOD_TYPES, BLOOD_WEIGHTS = ("A", "B", "AB", "O"), (28, 25, 9, 38)
COLOURS = ("red", "yellow", "green", "blue", "purple", "white", "black")
YOUNGEST, OLDEST, LAST_YEAR = 18, 84, 2024


def people_tables(
    block: PeopleBlock, places: Places, channels: pl.Series, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the tables ``customers`` (everybody) and ``profiles`` (who answered the profile).

    Parameters
    ----------
    block : PeopleBlock
        The people; what they are leans on their hidden numbers.
    places : Places
        Cities.
    channels : polars.Series, shape (people,)
        Where everybody came from, as the company sees it.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        Columns as the catalogue states.
    """
    lots = _Lots(draws.within(block.number), len(block))
    age = _ages(block.habits, lots)
    customers = _customers(block, age, places, lots).with_columns(acquisition_channel=channels)
    return {"customers": customers, "profiles": _profiles(block, customers, lots)}


class _Lots:
    """The streams of one block's people, by what they are for."""

    def __init__(self, draws: Draws, size: int):
        self._draws, self.size = draws, size

    def __getitem__(self, what: str) -> Stream:
        return self._draws.of("customers", what)

    def pick(self, what: str, names: tuple[str, ...], weights: tuple[int, ...]) -> pl.Series:
        """Return one of the names for everybody."""
        return pl.Series(names).gather(self[what].pick(weights, self.size))

    def pick_by_row(self, what: str, names: tuple, weights: list, rows: np.ndarray) -> pl.Series:
        """Return one of the names for everybody, by the weights of their row."""
        return pl.Series(names).gather(self[what].pick_by_row(row_edges(weights), rows))


def _customers(block: PeopleBlock, age: np.ndarray, places: Places, lots: _Lots) -> pl.DataFrame:
    habits, size = block.habits, len(block)
    facts = mechanism("people")
    ids = customer_ids(block.number, np.arange(size))
    woman = lots["sex"].chance(_by_segment(facts["women"])[habits.segment])
    names = _names(woman, lots)
    occupation, scene = _occupations(habits, age, lots)
    household = 1 + lots["household"].pick_by_row(
        row_edges(list(facts["household"].values())), _thirds(habits)
    )
    bands = np.searchsorted((30, 55), age, side="right")
    scenes = tuple(facts["education"])
    return pl.DataFrame(
        {
            "customer_id": ids,
            "name": names["name"],
            "name_zh": names["name_zh"],
            "sex": pl.Series(SEXES).gather((~woman).astype(np.int64)),
            "born_on": _birthdays(age, lots),
            "city_id": places.cities["city_id"].gather(block.city),
            "phone": _phones(block.number, size, lots),
            "email": names["email"],
            "signed_up_on": pl.Series(habits.first + calendar.FIRST_DAY)
            .cast(pl.Int32)
            .cast(pl.Date),
            "occupation": occupation,
            "education": lots.pick_by_row(
                "education",
                EDUCATION,
                list(facts["education"].values()),
                np.array([scenes.index(name) for name in scene]),
            ),
            "income_band": _incomes(habits, scene, lots),
            "household_size": household,
            "children": _children(habits, household, age, lots),
            "home": lots.pick_by_row("home", HOMES, list(facts["home"].values()), bands),
            "app_user": lots["app"].chance(np.array(facts["app"])[_activity(habits)]),
            "newsletter": lots["newsletter"].chance(facts["newsletter"], size=size),
        }
    )


def _profiles(block: PeopleBlock, customers: pl.DataFrame, lots: _Lots) -> pl.DataFrame:
    facts, habits = mechanism("people"), block.habits
    answers = {}
    for name, means in facts["attitudes"].items():
        drawn = lots[f"attitude_{name}"].normal(len(block)) * facts["attitude_spread"]
        exact = _by_segment(means)[habits.segment] + drawn
        answers[name] = np.clip(np.rint(exact), 1, 5).astype(np.int64)
    wait = lots["profile_day"].geometric(np.full(len(block), 0.2))
    answered = np.minimum(habits.first + wait, calendar.DAYS - 1) + calendar.FIRST_DAY
    frame = pl.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "answered_on": pl.Series(answered).cast(pl.Int32).cast(pl.Date),
            **answers,
            "blood_type": lots.pick("blood_type", BLOOD_TYPES, BLOOD_WEIGHTS),
            "lucky_colour": lots.pick("lucky_colour", COLOURS, (1,) * len(COLOURS)),
        }
    )
    told = lots["profile"].chance(np.array(facts["profile_answered"])[_activity(habits)])
    return frame.filter(pl.Series(told))


def _ages(habits: Habits, lots: _Lots) -> np.ndarray:
    facts = mechanism("people")
    spread = lots["age"].normal(len(habits)) * facts["age_spread"]
    mean = _by_segment(facts["age"])[habits.segment]
    return np.clip(np.rint(mean + spread), YOUNGEST, OLDEST).astype(np.int64)


def _birthdays(age: np.ndarray, lots: _Lots) -> pl.Series:
    day = lots["birthday"].whole(0, 365, len(age))
    new_year = (LAST_YEAR - age - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return pl.Series(new_year + day).cast(pl.Date)


def _names(woman: np.ndarray, lots: _Lots) -> pl.DataFrame:
    """Return names in Chinese and pinyin, and an address under an example domain."""
    surnames, given = content("surnames"), content("given_names")
    family = lots["surname"].pick(surnames["weight"].to_numpy(), lots.size)
    pools = [np.flatnonzero(given["sex"].is_in([sex, "both"]).to_numpy()) for sex in ("f", "m")]
    drawn = lots["given_name"].uniform(lots.size)
    places = [pool[(drawn * len(pool)).astype(np.int64)] for pool in pools]
    own = np.where(woman, *places)
    number = lots["email"].whole(10, 10_000, lots.size)
    frame = pl.DataFrame(
        {
            "surname": surnames["surname"].gather(family),
            "surname_zh": surnames["surname_zh"].gather(family),
            "given": given["given_name"].gather(own),
            "given_zh": given["given_name_zh"].gather(own),
            "number": number,
        }
    )
    return frame.select(
        name=pl.format("{} {}", "given", "surname"),
        name_zh=pl.concat_str("surname_zh", "given_zh"),
        email=pl.format(
            "{}.{}{}@example.com",
            pl.col("given").str.to_lowercase(),
            pl.col("surname").str.to_lowercase(),
            "number",
        ),
    )


def _phones(block: int, size: int, lots: _Lots) -> pl.Series:
    """Return eleven digits that begin with 000, which no network gives out."""
    number = lots["phone"].order(size) + block * 10_000
    return pl.select(pl.lit("000") + pl.Series(number).cast(pl.String).str.zfill(8)).to_series()


def _occupations(habits: Habits, age: np.ndarray, lots: _Lots) -> tuple[pl.Series, pl.Series]:
    """Return everybody's occupation and its life scene, by segment and age."""
    table = content("occupations")
    ages = np.searchsorted((23, 28, 55, 66), age, side="right")
    factor = {
        "student": (12.0, 1.0, 0.05, 0.0, 0.0),
        "retired": (0.0, 0.0, 0.0, 3.0, 40.0),
    }
    worker = (0.5, 1.0, 1.0, 0.8, 0.1)
    scene_factor = mechanism("people")["scene"]
    weights = [
        [
            weight * scene_factor[segment].get(scene, 1.0) * factor.get(name, worker)[band]
            for name, scene, weight in table.select("occupation", "life_scene", "weight").rows()
        ]
        for segment in SEGMENTS
        for band in range(5)
    ]
    drawn = lots["occupation"].pick_by_row(row_edges(weights), habits.segment * 5 + ages)
    return table["occupation"].gather(drawn), table["life_scene"].gather(drawn)


def _incomes(habits: Habits, scene: pl.Series, lots: _Lots) -> pl.Series:
    facts = mechanism("people")
    score = np.array([facts["income_score"][name] for name in scene])
    score = (
        score + np.array(facts["income_by_tier"])[habits.tier] + lots["income"].normal(lots.size)
    )
    band = np.searchsorted(facts["income_steps"], score, side="right")
    untold = lots["income_untold"].chance(np.array(facts["income_untold"])[band])
    told = pl.DataFrame({"band": pl.Series(INCOME_BANDS).gather(band), "told": ~untold})
    return told.select(pl.when("told").then("band")).to_series()


def _children(habits: Habits, household: np.ndarray, age: np.ndarray, lots: _Lots) -> np.ndarray:
    chance = _by_segment(mechanism("people")["children"])[habits.segment]
    count = np.zeros(len(household), dtype=np.int64)
    for place in range(2, 7):
        share = chance if place > 2 else chance / 2
        count += lots[f"child_{place}"].chance(share) & (household >= place)
    return np.where((age >= 22) & (age <= 60), np.minimum(count, 3), 0)


def _activity(habits: Habits) -> np.ndarray:
    """Return 0 to 3: the rate relative to the segment's mean under 0.5, to 1, to 2, above."""
    steady = mechanism("steady")
    means = mechanism("segments")["orders_per_year"] | {
        "steady": steady["r"] / steady["alpha"] * 365 / 7
    }
    relative = habits.rate / _by_segment(means)[habits.segment]
    return np.searchsorted((0.5, 1.0, 2.0), relative, side="right")


def _thirds(habits: Habits) -> np.ndarray:
    """Return 0 to 2 by basket size; steady buyers, whose baskets have another unit, are usual."""
    third = np.searchsorted((0.65, 1.1), habits.spend, side="right")
    return np.where(habits.steady, 1, third)


def _by_segment(values: dict) -> np.ndarray:
    return np.array([values[name] for name in SEGMENTS], dtype=float)
