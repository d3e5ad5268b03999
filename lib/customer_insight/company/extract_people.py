"""Who stands behind the rows of the raw extracts: customers, and others who live beside them."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.content import content
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people import INCOME_BANDS, LAST_YEAR, OLDEST, SEXES, YOUNGEST
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.company.web_interests import TOPICS
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

NOBODY = -1


def draw_people_behind(
    block: PeopleBlock,
    customers: pl.DataFrame,
    interests: np.ndarray,
    places: Places,
    draws: Draws,
) -> pl.DataFrame:
    """Return everybody whom an extract can hold, with their facts at the end of the data.

    Parameters
    ----------
    block : PeopleBlock
        The customers.
    customers : polars.DataFrame
        The table ``customers`` of the same people.
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.
    places : Places
        Cities.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a person, customers first in their order: ``customer`` (place in the block, -1 for
        others), ``surname``, ``given`` and both in Chinese, ``sex``, ``born_on``, ``phone``,
        ``family_phone`` (of a relative who is a customer, or null), ``email``, ``city`` (place),
        ``job``, ``band`` (place among income bands, or null), ``wants``, ``prefers``, ``topic``,
        ``second_topic``, ``spend`` (yuan a month on drinks), ``wage`` (yuan a month, or null).
    """
    own = draws.within(block.number)
    share = company_mechanism("segments")["share"]
    others = int(len(block) * mechanism("extracts")["others"])
    segment = own.of("extracts", "segment").pick(list(share.values()), others)
    weights = mechanism("interests")["weight"]
    leaning = np.array([[weights[t][s] for t in TOPICS] for s in SEGMENTS], dtype=float)
    leaning = leaning / np.cumsum(leaning, axis=1)[:, -1:]
    everybody = pl.concat([_customers(block, customers), _others(customers, places, others, own)])
    tastes = _tastes(
        np.append(block.habits.segment, segment), np.concatenate([interests, leaning[segment]]), own
    )
    wages = _wages(everybody["band"], own)
    return pl.concat([everybody, tastes, wages.to_frame("wage")], how="horizontal")


def _customers(block: PeopleBlock, customers: pl.DataFrame) -> pl.DataFrame:
    jobs, family = content("occupations"), _surname_length()
    return customers.select(
        customer=pl.Series(np.arange(len(block))),
        surname=pl.col("name").str.split(" ").list.last(),
        given=pl.col("name").str.split(" ").list.first(),
        surname_zh=pl.col("name_zh").str.slice(0, family),
        given_zh=pl.col("name_zh").str.slice(family),
        sex="sex",
        born_on="born_on",
        phone="phone",
        family_phone=pl.lit(None, dtype=pl.String),
        email="email",
        city=pl.Series(block.city),
        job=pl.col("occupation").replace_strict(jobs["occupation"], jobs["name_zh"]),
        band=pl.col("income_band").replace_strict(
            INCOME_BANDS, range(len(INCOME_BANDS)), return_dtype=pl.Int64
        ),
    )


def _surname_length() -> pl.Expr:
    """Return how many characters of the Chinese name are the surname: two, or usually one."""
    surnames = content("surnames")["surname_zh"]
    long = surnames.filter(surnames.str.len_chars() == 2).to_list()
    return pl.when(pl.col("name_zh").str.slice(0, 2).is_in(long)).then(2).otherwise(1)


def _others(customers: pl.DataFrame, places: Places, size: int, own: Draws) -> pl.DataFrame:
    """Return people who are no customers, some of them relatives of customers."""
    facts, jobs, surnames = mechanism("extracts"), content("occupations"), content("surnames")
    given = content("given_names")
    relative = own.of("extracts", "relative").chance(facts["relatives"], size=size)
    of = own.of("extracts", "relative_of").whole(0, len(customers), size)
    shares = relative & own.of("extracts", "phone_kept").chance(facts["family_phone"], size=size)
    keeps = relative & own.of("extracts", "name_kept").chance(facts["surname_kept"], size=size)
    woman = own.of("extracts", "sex").chance(0.5, size=size)
    name = own.of("extracts", "given").uniform(size)
    pools = [np.flatnonzero(given["sex"].is_in([sex, "both"]).to_numpy()) for sex in SEXES]
    first = np.where(woman, *(pool[np.floor(name * len(pool)).astype(np.int64)] for pool in pools))
    last = own.of("extracts", "surname").pick(surnames["weight"].to_numpy(), size)
    mean, spread = facts["others_age"]
    age = np.clip(np.rint(mean + spread * own.of("extracts", "age").normal(size)), YOUNGEST, OLDEST)
    new_year = (LAST_YEAR - age.astype(np.int64) - calendar.EPOCH.year).astype("datetime64[Y]")
    city = own.of("extracts", "city").pick(places.weight, size)
    at = pl.DataFrame({"keeps": keeps, "shares": shares, "relative": relative})
    known = _customers_of(customers, places).select(pl.all().gather(of))
    number = own.of("extracts", "phone").order(size) + own.part[0] * 10_000
    frame = pl.DataFrame(
        {
            "surname": surnames["surname"].gather(last),
            "given": given["given_name"].gather(first),
            "surname_zh": surnames["surname_zh"].gather(last),
            "given_zh": given["given_name_zh"].gather(first),
            "sex": pl.Series(SEXES).gather((~woman).astype(np.int64)),
            "born_on": pl.Series(
                new_year.astype("datetime64[D]")
                + own.of("extracts", "birthday").whole(0, 365, size)
            ).cast(pl.Date),
            "number": number,
            "city": city,
            "job": jobs["name_zh"].gather(_jobs(age, own)),
            "band": own.of("extracts", "income").pick(facts["others_income"], size),
        }
    )
    frame = pl.concat([frame, at, known], how="horizontal").with_columns(
        surname=pl.when("keeps").then("their_surname").otherwise("surname"),
        surname_zh=pl.when("keeps").then("their_surname_zh").otherwise("surname_zh"),
    )
    return frame.select(
        pl.lit(NOBODY, dtype=pl.Int64).alias("customer"),
        "surname",
        "given",
        "surname_zh",
        "given_zh",
        "sex",
        "born_on",
        phone=pl.lit("0007") + pl.col("number").cast(pl.String).str.zfill(7),
        family_phone=pl.when("shares").then("their_phone"),
        email=pl.format(
            "{}.{}{}@example.org",
            pl.col("given").str.to_lowercase(),
            pl.col("surname").str.to_lowercase(),
            pl.col("number") % 9973,
        ),
        city=pl.when("relative").then("their_city").otherwise("city"),
        job="job",
        band="band",
    )


def _jobs(age: np.ndarray, own: Draws) -> np.ndarray:
    """Return an occupation for everybody: the young study, and the old have retired."""
    facts, jobs = mechanism("extracts"), content("occupations")
    times, usual = facts["jobs_by_age"], facts["other_jobs_by_age"]
    weights = [
        [
            weight * times.get(name, usual)[band]
            for name, weight in jobs.select("occupation", "weight").rows()
        ]
        for band in range(len(usual))
    ]
    band = np.searchsorted(facts["job_ages"], age, side="right")
    return own.of("extracts", "job").pick_by_row(row_edges(weights), band)


def _customers_of(customers: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Return what relatives share with each customer."""
    ids = places.cities["city_id"]
    return customers.select(
        their_surname=pl.col("name").str.split(" ").list.last(),
        their_surname_zh=pl.col("name_zh").str.slice(0, _surname_length()),
        their_phone="phone",
        their_city=pl.col("city_id").replace_strict(ids, range(len(ids)), return_dtype=pl.Int64),
    )


def _tastes(segment: np.ndarray, interests: np.ndarray, own: Draws) -> pl.DataFrame:
    facts, rows = mechanism("extracts"), np.arange(len(segment))
    wants, prefers = facts["needs"], facts["prefers"]
    by_segment = row_edges([[weights[name] for weights in wants.values()] for name in SEGMENTS])
    liked = row_edges(interests[:, [TOPICS.index(topic) for topic in prefers.values()]])
    by_interest = row_edges(interests)
    first = own.of("extracts", "topic").pick_by_row(by_interest, rows)
    second = own.of("extracts", "second_topic").pick_by_row(by_interest, rows)
    z = own.of("extracts", "spend").normal(len(segment))
    want = own.of("extracts", "wants").pick_by_row(by_segment, segment)
    like = own.of("extracts", "prefers").pick_by_row(liked, rows)
    return pl.DataFrame(
        {
            "wants": pl.Series(list(wants)).gather(want),
            "prefers": pl.Series(list(prefers)).gather(like),
            "topic": pl.Series(TOPICS).gather(first),
            "second_topic": pl.Series(TOPICS).gather(second),
            "spend": np.rint(facts["spend"] * exp(facts["spend_spread"] * z)).astype(np.int64),
        }
    )


def _wages(band: pl.Series, own: Draws) -> pl.Series:
    """Return a wage in whole hundreds within each band; none where the band is not known."""
    steps = np.array(mechanism("extracts")["wage_steps"]) // 100
    place = band.fill_null(0).to_numpy()
    wage = 100 * own.of("extracts", "wage").whole(steps[place], steps[place + 1], len(place))
    return pl.select(pl.when(band.is_not_null()).then(pl.Series(wage))).to_series()
