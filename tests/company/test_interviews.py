"""Interviews, their themes, and what coders find."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.interview_words import codebook, codes, interview_words
from customer_insight.company.interviews import felt, interview_tables, interviewed
from customer_insight.company.pains import KINDS
from customer_insight.company.service_team import draw_desk, staff_table
from customer_insight.company.text_codes import CODERS, code_texts
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def feelings(block, draws):
    return draw_feelings(block, draws)


@pytest.fixture(scope="module")
def tables(block, feelings, draws):
    return interview_tables(block, feelings, draws)


def test_forty_who_care_are_asked_by_auditors_who_were_there(block, feelings, tables, draws):
    who = interviewed(block, feelings, draws)
    assert len(who) == 40
    assert felt(block)[who].any(axis=1).sum() == mechanism("interviews")["hurt"]
    assert feelings.care[who].mean() > feelings.care.mean() + 0.05
    staff = staff_table(draw_desk(block.number, draws), draws)
    asked = tables["interviews"].join(staff, on="staff_id")
    assert asked.height == 40
    assert set(asked["team"]) == {"audit"}
    assert (asked["joined_on"] <= asked["held_on"]).all()
    assert asked["held_on"].min() >= dt.date(2024, 9, 2)


def test_themes_are_pains_that_were_felt_and_needs_of_the_segment(block, feelings, tables, draws):
    who = interviewed(block, feelings, draws)
    pains, needs = felt(block), mechanism("interviews")["needs"]
    passages = tables["interview_passages"].join(
        tables["truth_themes"], left_on="passage_id", right_on="text_id"
    )
    place = passages["interview_id"].str.slice(2).cast(pl.Int64).to_numpy()
    for person, code in zip(who[place], passages["code"], strict=True):
        if code in KINDS:
            assert pains[person, KINDS.index(code)]
        else:
            assert code in needs[SEGMENTS[block.habits.segment[person]]]
    assert set(KINDS) < set(passages["code"])


def test_a_passage_holds_the_words_of_its_themes(tables):
    rows = (
        tables["interview_passages"]
        .join(tables["interviews"], on="interview_id")
        .join(tables["truth_themes"], left_on="passage_id", right_on="text_id")
    )
    for row in rows.iter_rows(named=True):
        said = interview_words(row["language"]).themes[row["code"]]
        assert any(words.lower() in row["text"].lower() for words in said)


def test_nobody_says_the_same_twice(tables):
    texts = tables["interview_passages"]
    assert texts["text"].n_unique() > 0.9 * texts.height


def test_the_codebook_has_a_name_in_both_languages_for_each_theme():
    assert codes()[:4] == KINDS
    assert codebook()["code"].n_unique() == codebook().height == 13
    for language in ("zh", "en"):
        assert set(interview_words(language).themes) == set(codebook()["code"])


@pytest.fixture(scope="module")
def coded():
    """Return 4,000 texts of which every fourth speaks of each pain, and what coders noted."""
    ids = pl.Series([f"X{place:04d}" for place in range(4000)])
    truth = pl.DataFrame({"text_id": ids, "code": pl.Series(KINDS).gather(np.arange(4000) % 4)})
    return truth, code_texts(ids, truth, 4, Draws(7))


def test_coders_find_invent_and_confuse_as_stated(coded):
    truth, noted = coded
    facts = mechanism("coding")
    for coder, name in enumerate(CODERS):
        own = noted.filter(coder_id=name)
        right = truth.join(own, on=["text_id", "code"])
        finds, confuses = facts["finds"][coder], facts["confuses"][coder]
        shares = {kind: right.filter(code=kind).height / 1000 for kind in KINDS}
        assert abs(shares["function"] - finds) < 0.05
        assert abs(shares["service"] - finds * (1 - confuses)) < 0.06
        assert own["text_id"].n_unique() == 4000
        nothing = own.filter(code="none")["text_id"]
        assert not own.filter(pl.col("code") != "none")["text_id"].is_in(nothing.implode()).any()


def test_coders_agree_well_but_not_wholly(coded):
    _, noted = coded
    kappas = {}
    for kind in KINDS:
        one, two = (set(noted.filter(coder_id=coder, code=kind)["text_id"]) for coder in CODERS)
        agree = 1 - len(one ^ two) / 4000
        chance = (len(one) * len(two) + (4000 - len(one)) * (4000 - len(two))) / 4000**2
        kappas[kind] = (agree - chance) / (1 - chance)
    assert all(0.5 < kappa < 0.9 for kappa in kappas.values())
    assert kappas["service"] < kappas["function"]
