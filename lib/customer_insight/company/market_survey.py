"""People who are no customers, asked in the street: the table ``market_survey``."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import exp, ln
from customer_insight.company.brand_ratings import Minds, brand_tables, draw_minds
from customer_insight.company.content import content
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.needs import NEED_CLASSES, Needs, draw_needs
from customer_insight.company.people import INCOME_BANDS
from customer_insight.company.survey_content import need_ids
from customer_insight.company.survey_invitations import CHANNELS, dates
from customer_insight.company.survey_needs import importance_answers
from customer_insight.company.survey_scales import long_table, on_scale, planted, thousandths
from customer_insight.company.survey_waves import SEXES, STRATA, age_band, stratum, waves_of
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

_TABLE = "market_survey"


@dataclass(frozen=True)
class Passers:
    """People in the streets of three cities, arrays of shape (people,).

    ``city`` is a place among the survey's cities, ``band`` among `INCOME_BANDS`; ``drinks`` are the
    bottles a week behind the number that they tell.
    """

    segment: np.ndarray
    city: np.ndarray
    tier: np.ndarray
    man: np.ndarray
    age: np.ndarray
    band: np.ndarray
    drinks: np.ndarray
    needs: Needs
    minds: Minds

    def __len__(self) -> int:
        return len(self.segment)


def market_tables(ids_from: pl.Series, size: int, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return the market survey that comes with a block of customers.

    Parameters
    ----------
    ids_from : polars.Series
        Ids of invitations, as many as `asked_outside` says.
    size : int
        Customers in the block.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``survey_invitations`` and ``truth_invitations`` of those asked; ``market_survey``,
        ``survey_needs``, ``brand_choices`` and ``brand_ratings`` of those who answered;
        ``truth_errors``.
    """
    people = _passers(asked_outside(size), draws)
    chance = _answer_chance(people)
    answered = np.flatnonzero(draws.of(_TABLE, "answers").chance(chance))
    invitations, truth = _invitations(ids_from, people, chance, answered, draws)
    survey, errors = _answers(ids_from, people, answered, draws)
    ids = ids_from.gather(answered)
    importance = importance_answers(people.needs.importance[answered], draws, _TABLE)
    needs = long_table(ids, {"need_id": pl.Series(need_ids())}, importance=importance)
    minds = Minds(**{name: values[answered] for name, values in vars(people.minds).items()})
    return {
        "survey_invitations": invitations,
        "truth_invitations": truth,
        "market_survey": survey,
        "survey_needs": needs.with_columns(satisfaction=pl.lit(None, dtype=pl.Int64)),
        **brand_tables(ids, minds),
        "truth_errors": errors,
    }


def asked_outside(size: int) -> int:
    """Return how many others are asked on so many customers.

    Examples
    --------
    >>> asked_outside(6000)
    2100
    """
    return sum(wave.share * size // 1000 for wave in waves_of("market"))


def _passers(size: int, draws: Draws) -> Passers:
    facts = mechanism(_TABLE)
    segment = draws.of(_TABLE, "segment").pick(list(facts["segments"].values()), size)
    city = np.arange(size) % len(facts["cities"])
    means = company_mechanism("people")["age"]
    age = np.array([means[name] for name in SEGMENTS])[segment]
    spread = company_mechanism("people")["age_spread"]
    age = on_scale(age + spread * draws.of(_TABLE, "age").normal(size), 18, 84)
    income = np.array([facts["income"][name] for name in facts["cities"]])[city]
    income = income + draws.of(_TABLE, "income").normal(size)
    shape = np.full(size, facts["drinks_shape"])
    drinks = np.array([facts["drinks"][name] for name in SEGMENTS])[segment]
    gear = np.zeros(size, dtype=bool)
    return Passers(
        segment=segment,
        city=city,
        tier=_city_tiers()[city],
        man=draws.of(_TABLE, "sex").chance(0.5, size=size),
        age=age,
        band=np.searchsorted(company_mechanism("people")["income_steps"], income, side="right"),
        drinks=drinks * draws.of(_TABLE, "drinks").gamma(shape) / shape,
        needs=draw_needs(segment, _TABLE, draws),
        minds=draw_minds(segment, gear, None, _TABLE, draws),
    )


def _answer_chance(people: Passers) -> np.ndarray:
    base, thirst, woman = mechanism(_TABLE)["answers"]
    means = mechanism(_TABLE)["drinks"]
    relative = np.maximum(people.drinks / means["steady"], 0.1)
    odds = exp(base + thirst * ln(relative) + woman * ~people.man)
    return odds / (1 + odds)


def _invitations(
    ids: pl.Series, people: Passers, chance: np.ndarray, answered: np.ndarray, draws: Draws
) -> tuple[pl.DataFrame, pl.DataFrame]:
    (wave,) = waves_of("market")
    size = len(people)
    day = wave.opened + draws.of(_TABLE, "day").whole(0, wave.closed - wave.opened + 1, size)
    came = np.full(size, -1)
    came[answered] = day[answered]
    strata = stratum(people.tier, people.age, people.man)
    nothing = pl.lit(None, dtype=pl.Float64)
    frame = pl.DataFrame({"invitation_id": ids, "answer_chance": thousandths(chance)})
    return pl.DataFrame(
        {
            "invitation_id": ids,
            "survey_id": [wave.survey_id] * size,
            "customer_id": pl.Series([None] * size, dtype=pl.String),
            "stratum": pl.Series(STRATA).gather(strata),
            "channel": [CHANNELS[-1]] * size,
            "invited_on": dates(day),
            "reminders": np.zeros(size, dtype=np.int64),
            "answered_on": dates(came),
        }
    ), frame.with_columns(satisfaction=nothing, recommend=nothing)


def _answers(
    ids: pl.Series, people: Passers, at: np.ndarray, draws: Draws
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what was said in the street, and ages with a zero too many."""
    facts = mechanism(_TABLE)
    drinks = _Drinks(people, draws)
    will = _will(people, drinks.category, draws)
    means = _means(people, draws)
    age = people.age[at]
    wrong = draws.of(_TABLE, "age_typed").chance(facts["age_typed_wrong"], size=len(people))[at]
    agreed, more = facts["agreed"]
    yes = draws.of(_TABLE, "agreed").chance(agreed + more * (will - 1))
    untold = np.array(company_mechanism("people")["income_untold"])[people.band]
    told = ~draws.of(_TABLE, "untold").chance(untold)
    frame = pl.DataFrame(
        {
            "city_id": pl.Series(facts["cities"]).gather(people.city),
            "sex": pl.Series(SEXES).gather(people.man.astype(np.int64)),
            "occupation": _occupations(people, draws),
            "income_band": pl.Series(INCOME_BANDS).gather(people.band),
            "drinks_a_week": np.rint(people.drinks).astype(np.int64),
            **drinks.columns(),
            "will": will,
            "means": means,
            "kind_of_need": _kinds_of_need(people.needs, draws),
            "agreed_to_contact": yes,
            "bought_since": _bought(people, will, means, draws),
            "told": told,
        }
    ).with_columns(income_band=pl.when("told").then("income_band"))
    answers = frame.drop("told")[at].with_columns(
        invitation_id=ids.gather(at), age=pl.Series(np.where(wrong, 10 * age, age))
    )
    keys = answers["invitation_id"].filter(pl.Series(wrong))
    return answers, planted(_TABLE, keys, "age", "a zero too many", list(age[wrong]))


class _Drinks:
    """What people drink where, for which trait and price, and whose advert they saw."""

    def __init__(self, people: Passers, draws: Draws):
        self._facts, self._people, self._draws = mechanism(_TABLE), people, draws
        self.category = self._categories()

    def columns(self) -> dict[str, pl.Series]:
        facts, people, draws = self._facts, self._people, self._draws
        middle, spread = facts["price"]
        city = np.array([facts["price_by_city"][name] for name in facts["cities"]])[people.city]
        noise = draws.of(_TABLE, "price").normal(len(people))
        price = np.rint(middle * exp(city + spread * noise) / 50).astype(np.int64) * 50
        traits = row_edges(np.array(list(facts["traits"].values())).T)
        trait = draws.of(_TABLE, "trait").pick_by_row(traits, age_band(people.age))
        return {
            "favourite_category": pl.Series(list(facts["categories"])).gather(self.category),
            "drinking_place": self._pick("places"),
            "wanted_trait": pl.Series(list(facts["traits"])).gather(trait),
            "price_paid": pl.Series(np.maximum(price, 100)),
            "advert_seen": self._pick("adverts"),
        }

    def _pick(self, name: str) -> pl.Series:
        weights = self._facts[name]
        drawn = self._draws.of(_TABLE, name).pick(list(weights.values()), len(self._people))
        return pl.Series(list(weights)).gather(drawn)

    def _categories(self) -> np.ndarray:
        facts = self._facts
        weights = [
            [
                weight * (facts["herbal"][city] if name == "herbal_tea" else 1)
                for name, weight in facts["categories"].items()
            ]
            for city in facts["cities"]
        ]
        lot = self._draws.of(_TABLE, "category")
        return lot.pick_by_row(row_edges(weights), self._people.city)


def _will(people: Passers, category: np.ndarray, draws: Draws) -> np.ndarray:
    """Return the will to buy Qinghe's tea, 1 to 5; who does not know it has little."""
    facts = mechanism(_TABLE)
    middle, liking, favourite, spread = facts["will"]
    likes = np.where(people.minds.aware[:, 0], people.minds.liking[:, 0] - 5, -1.0)
    herbal = category == list(facts["categories"]).index("herbal_tea")
    noise = draws.of(_TABLE, "will").normal(len(people))
    return on_scale(middle + liking * likes + favourite * herbal + spread * noise, 1, 5)


def _means(people: Passers, draws: Draws) -> np.ndarray:
    """Return what people can spend on drinks in a month, fen."""
    middle, band, spread = mechanism(_TABLE)["means"]
    noise = draws.of(_TABLE, "means").normal(len(people))
    exact = middle * exp(band * (people.band - 2) + spread * noise)
    return np.maximum(np.rint(exact / 500).astype(np.int64), 1) * 500


def _kinds_of_need(needs: Needs, draws: Draws) -> pl.Series:
    facts, size = mechanism(_TABLE), len(needs.need_class)
    any_ = draws.of(_TABLE, "any_need").whole(0, len(NEED_CLASSES), size)
    keeps = draws.of(_TABLE, "need_named").chance(facts["need_named"], size=size)
    kinds = [facts["need_kinds"][name] for name in NEED_CLASSES]
    return pl.Series(kinds).gather(np.where(keeps, needs.need_class, any_))


def _bought(people: Passers, will: np.ndarray, means: np.ndarray, draws: Draws) -> np.ndarray:
    """Return who bought from Qinghe since: will, means and need decide together."""
    base, wills, purse, need = mechanism(_TABLE)["bought"]
    served_best = [NEED_CLASSES.index(name) for name in mechanism(_TABLE)["served_best"]]
    served = np.isin(people.needs.need_class, served_best)
    relative = ln(means / mechanism(_TABLE)["means"][0])
    odds = exp(base + wills * will + purse * relative + need * served)
    return draws.of(_TABLE, "bought").chance(odds / (1 + odds))


def _occupations(people: Passers, draws: Draws) -> pl.Series:
    """Return an occupation that goes with the age: students are young, the retired old."""
    table = content("occupations")
    weights = table["weight"].to_numpy()
    name = table["occupation"].to_numpy()
    factors = mechanism(_TABLE)["occupations"]
    rows = [
        weights * np.array([factors.get(job, (1, 1, 1))[band] for job in name]) for band in range(3)
    ]
    drawn = draws.of(_TABLE, "occupation").pick_by_row(row_edges(rows), age_band(people.age))
    return table["occupation"].gather(drawn)


def _city_tiers() -> np.ndarray:
    tiers = dict(content("cities").select("city_id", "tier").iter_rows())
    return np.array([tiers[name] for name in mechanism(_TABLE)["cities"]]) - 1
