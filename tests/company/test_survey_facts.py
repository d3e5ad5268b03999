"""The effects stated for the surveys come out again of a plain analysis told the mechanism."""

import math

import numpy as np
import polars as pl
import pytest

from customer_insight.company.feelings import draw_feelings
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.needs import draw_needs
from customer_insight.company.pains import KINDS
from customer_insight.company.people import people_tables
from customer_insight.company.survey_content import need_ids, statements_of, survey_content
from customer_insight.company.survey_invitations import CHANNELS, ask_customers
from customer_insight.company.survey_kano import best_worst_sets
from customer_insight.company.survey_truth import effect_table
from customer_insight.company.survey_waves import waves
from customer_insight.company.surveys import survey_fixed_tables, survey_tables
from customer_insight.data.mechanisms import mechanism

SPLITS = (1.5, 2.5, 3.5, 4.5)  # between the answers 1 to 5
PHONE = CHANNELS.index("phone")
KANO_TABLE = {  # Kano et al. (1984): rows functional, columns dysfunctional
    "like": "QAAAO",
    "expect": "RIIIM",
    "neutral": "RIIIM",
    "tolerate": "RIIIM",
    "dislike": "RRRRQ",
}
LETTERS = {"must_be": "M", "one_dimensional": "O", "attractive": "A", "indifferent": "I"}


@pytest.fixture(scope="module")
def world_of_surveys(block, world, draws):
    goods, places = world
    feelings = draw_feelings(block, draws)
    channel = pl.Series(["search"] * len(block))
    customers = people_tables(block, places, channel, draws)["customers"]
    tables = survey_tables(block, feelings, customers, goods, draws)
    asked = ask_customers(block, feelings, customers, goods, draws)
    return tables | survey_fixed_tables(pl.Series(["T1"]), draws), asked


@pytest.fixture(scope="module")
def tables(world_of_surveys):
    return world_of_surveys[0]


@pytest.fixture(scope="module")
def asked(world_of_surveys):
    return world_of_surveys[1]


def matrix(table, column, at, asked, width):
    """Return answers as a matrix, a row for each of the places among those asked."""
    assert table["invitation_id"][::width].equals(asked.ids.gather(at))
    return table[column].to_numpy().reshape(len(at), width)


def least_squares(columns, y):
    """Return slopes and standard errors, the intercept first."""
    x = np.column_stack([np.ones(len(y)), *columns])
    slopes, *_ = np.linalg.lstsq(x, y, rcond=None)
    spread = ((y - x @ slopes) ** 2).sum() / (len(y) - x.shape[1])
    return slopes, np.sqrt(spread * np.diag(np.linalg.inv(x.T @ x)))


def segment_of(at, asked, block):
    return block.habits.segment[asked.person[at]]


def effect(outcome):
    return effect_table().filter(outcome=outcome)["effect"].item()


def test_satisfaction_follows_mood_and_is_kinder_on_the_phone(tables, asked):
    at, facts = asked.who("satisfaction"), mechanism("survey_satisfaction")
    said = tables["survey_satisfaction"]["satisfaction"].to_numpy()
    inner = np.abs(asked.mood[at]) < 1  # away from the ends of the scale
    slopes, error = least_squares(
        [asked.mood[at][inner], (asked.channel[at] == PHONE)[inner]], said[inner]
    )
    true = (*facts["satisfaction"], effect("satisfaction"))
    assert (np.abs(slopes - true) < 4 * error).all()


def test_effort_rises_where_an_order_went_wrong(tables, asked):
    at, facts = asked.who("satisfaction"), mechanism("survey_satisfaction")
    trouble = asked.hurt[at][:, [KINDS.index("process"), KINDS.index("service")]].any(axis=1)
    effort = tables["survey_satisfaction"]["effort"].to_numpy()
    tone = asked.tone[at]
    slopes, error = least_squares([tone, trouble], effort)
    assert abs(slopes[2] - facts["effort"][2]) < 4 * error[2]
    assert 0.05 < trouble.mean() < 0.6


def test_the_reversed_scale_shows_in_the_score_of_its_wave(tables, asked):
    at = asked.who("satisfaction")
    said = tables["survey_satisfaction"]["recommend"].to_numpy()
    names = np.array([wave.name for wave in waves()])[asked.wave[at]]
    score = {
        name: 100 * ((said[names == name] >= 9).mean() - (said[names == name] <= 6).mean())
        for name in ("2023Q2", "2023Q3", "2023Q4", "2024Q4")
    }
    assert score.pop("2023Q3") < min(score.values()) - 3
    assert all(5 < value < 40 for value in score.values())


def test_comments_come_from_strong_feelings_and_name_what_hurt(tables, asked):
    at = asked.who("satisfaction")
    comment = tables["survey_satisfaction"]["comment"]
    left = comment.is_not_null().to_numpy()
    strong = np.abs(asked.tone[at]) > 1
    assert left[strong].mean() > left[~strong].mean() + 0.05
    assert 0.2 < left.mean() < 0.5
    texts = survey_content("comments").filter(theme="process")
    late = comment.is_in([*texts["comment"], *texts["comment_zh"]]).fill_null(value=False)
    assert late.any()
    assert asked.hurt[at][late.to_numpy(), KINDS.index("process")].all()


def expected_answers(middle, spread):
    """Return the mean of answers 1 to 5 of people who are spread normally around a middle."""
    above = [0.5 * (1 - math.erf((edge - middle) / spread / math.sqrt(2))) for edge in SPLITS]
    return 1 + sum(above)


def test_importance_is_that_of_the_segments_classes(tables, asked, block):
    at, facts = asked.who("needs"), mechanism("needs")
    said = matrix(tables["survey_needs"][: 13 * len(at)], "importance", at, asked, 13)
    spread = math.sqrt(facts["spread"] ** 2 + facts["style"] ** 2 + facts["chance"] ** 2)
    by_class = np.array(
        [[expected_answers(m, spread) for m in row] for row in facts["classes"].values()]
    )
    segment = segment_of(at, asked, block)
    for place, name in enumerate(SEGMENTS):
        weights = np.array(facts["weights"][name])
        expected = weights @ by_class / weights.sum()
        own = said[segment == place]
        people = len(set(asked.person[at][segment == place]))  # some answered in both waves
        error = own.std(axis=0) / np.sqrt(people)
        assert (np.abs(own.mean(axis=0) - expected) < 4.5 * error).all()


def test_satisfaction_with_needs_falls_where_it_hurt(tables, asked):
    at, facts = asked.who("needs"), mechanism("needs")
    table = tables["survey_needs"][: 13 * len(at)].with_columns(pl.col("satisfaction").fill_null(0))
    said = matrix(table, "satisfaction", at, asked, 13)
    hurt, change = asked.hurt[at], []
    for kind, place in (("process", need_ids().index("N10")), ("value", need_ids().index("N13"))):
        slopes, error = least_squares([asked.tone[at], hurt[:, KINDS.index(kind)]], said[:, place])
        assert abs(slopes[2] + facts["loss"]) < 4 * error[2]
        change.append(slopes[1])
    assert np.abs(np.array(change) - facts["mood"]).max() < 0.12
    never = ~asked.bought[at, 1]
    assert (said[never][:, need_ids().index("N07")] == 0).all()


def test_the_class_named_most_is_that_of_the_segment(tables, asked, block):
    at = asked.who("kano")
    answers, names = tables["survey_kano"], list(KANO_TABLE)
    pairs = zip(answers["functional"], answers["dysfunctional"], strict=True)
    letters = np.array([KANO_TABLE[first][names.index(second)] for first, second in pairs])
    letters = letters.reshape(len(at), 13)
    truth = tables["truth_needs"]["kano_class"].to_numpy().reshape(len(SEGMENTS), 13)
    true = np.array([[LETTERS.get(name, "R") for name in row] for row in truth])
    segment = segment_of(at, asked, block)
    right = []
    for place in np.flatnonzero(np.bincount(segment, minlength=len(SEGMENTS)) >= 25):
        for need in range(13):
            found, count = np.unique(letters[segment == place, need], return_counts=True)
            right.append(found[np.argmax(count)] == true[place, need])
    assert len(right) >= 5 * 13
    assert np.mean(right) > 0.95
    assert 0.01 < (letters == "Q").mean() < 0.025
    assert 0.65 < (letters == true[segment]).mean() < 0.78


def test_the_scale_of_best_choices_is_found_by_likelihood(tables, asked, block, draws):
    at, sets = asked.who("kano"), best_worst_sets()
    needs = draw_needs(block.habits.segment, "needs", draws.within(block.number))
    importance = needs.importance[asked.person[at]][:, sets]
    choice = matrix(tables["survey_best_worst"], "choice", at, asked, 52).reshape(-1, 13, 4)
    best = importance[choice == "best"].reshape(-1, 13)
    scales = np.arange(1.0, 1.81, 0.05)
    likelihood = [
        (scale * best - np.log(np.exp(scale * importance).sum(axis=2))).sum() for scale in scales
    ]
    assert abs(scales[np.argmax(likelihood)] - mechanism("kano")["best_worst"]) < 0.11
    right = np.argmax(importance, axis=2) == np.argmax(choice == "best", axis=2)
    assert 0.5 < right.mean() < 0.7


def test_statements_load_on_their_motives(tables, asked, block):
    at, facts = asked.who("motives"), mechanism("statements")
    size = 21 * len(at)
    said = matrix(tables["survey_answers"][:size], "answer", at, asked, 21)
    statements = statements_of("motives")
    turned = statements["reversed"].to_numpy()
    keyed = np.where(turned[None, :], 6 - said[:, :15], said[:, :15])
    truth = tables["truth_motives"]
    assert truth["customer_id"].equals(customer_ids(0, np.arange(len(block))))
    for name in facts["motives"]:
        own = (statements["dimension"] == name).to_numpy()
        items, motive = keyed[:, own], truth[name].to_numpy()[asked.person[at]]
        alpha = 5 / 4 * (1 - items.var(axis=0).sum() / items.sum(axis=1).var())
        assert 0.65 < alpha < 0.88
        slopes, error = least_squares([motive], items.mean(axis=1))
        assert abs(slopes[1] - facts["loading"]) < 4 * error[1] + 0.04  # cut off at 1 and 5


def test_the_new_checkout_raises_sus(tables, asked):
    at = asked.who("sus")
    said = matrix(tables["survey_answers"][-10 * len(at) :], "answer", at, asked, 10)
    turned = statements_of("sus")["reversed"].to_numpy()
    score = 2.5 * np.where(turned, 5 - said, said - 1).sum(axis=1)
    after = np.array([wave.name == "after" for wave in waves()])[asked.wave[at]]
    slopes, error = least_squares([after, asked.tone[at]], score)
    assert abs(slopes[1] - effect("sus")) < 4 * error[1]
    assert 57 < score[~after].mean() < 67


@pytest.mark.parametrize(
    ("kind", "dimension"), [("process", "reliability"), ("service", "responsiveness")]
)
def test_pains_lower_the_dimension_that_they_touch(kind, dimension, tables, asked):
    at, facts = asked.who("servqual"), mechanism("servqual")
    said = matrix(tables["survey_servqual"], "perception", at, asked, 22)
    hoped = matrix(tables["survey_servqual"], "expectation", at, asked, 22)
    names = statements_of("servqual")["dimension"].to_numpy()
    columns = [asked.tone[at], *asked.hurt[at].T]
    slopes, error = least_squares(columns, said[:, names == dimension].mean(axis=1))
    place = 2 + KINDS.index(kind)
    assert abs(slopes[place] + facts["hurt"][kind][dimension]) < 4 * error[place]
    untouched, error = least_squares(columns, said[:, names == "tangibles"].mean(axis=1))
    assert abs(untouched[place]) < 4 * error[place]
    gap = {name: (said - hoped)[:, names == name].mean() for name in set(names)}
    assert min(gap, key=gap.get) in {"reliability", "responsiveness"}


def test_limits_and_offers_lie_around_the_willingness_to_pay(tables):
    facts, keys = mechanism("willingness"), ["invitation_id", "product_id"]
    truth = tables["truth_willingness"]
    limits = tables["survey_price_limits"].join(truth, on=keys, validate="1:1")
    for name, times in zip(("too_cheap", "too_dear"), (0.42, 1.06), strict=True):
        ratio = np.log(limits[name].to_numpy() / limits["willing_to_pay"].to_numpy())
        assert abs(ratio.mean() - np.log(times)) < 0.02
    offers = tables["survey_price_offers"].join(truth, on=keys, validate="m:1")
    up_to = offers["willing_to_pay"] * facts["overstated"]
    expected = (up_to >= offers["price"]).to_numpy()
    said = offers["would_buy"].to_numpy()
    assert (said == expected).mean() > 0.88
    assert abs(said.mean() - expected.mean()) < 0.01
    really = (offers["willing_to_pay"] >= offers["price"]).mean()
    assert said.mean() > really + 0.05


def test_bargain_hunters_would_pay_least(tables, asked, block):
    at = np.flatnonzero(asked.wave == next(w.place for w in waves() if w.kind == "price"))
    willing = matrix(tables["truth_willingness"], "willing_to_pay", at, asked, 3)
    segment = segment_of(at, asked, block)
    bargain = segment == SEGMENTS.index("bargain")
    assert (np.median(willing[bargain], axis=0) < np.median(willing[~bargain], axis=0)).all()
