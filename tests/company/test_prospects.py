"""Prospects: chances kept, effects recovered, a funnel in the order of time."""

import itertools

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.prospects import (
    ANSWERS,
    NO_OBJECTION,
    OBJECTIONS,
    draw_prospects,
)
from customer_insight.company.prospects_cells import GROUPS, SOURCES, Cells
from customer_insight.company.prospects_stages import STAGES, draw_way, stage_table
from customer_insight.company.sales_team import course_day, draw_sales_team
from customer_insight.data.mechanisms import mechanism

CELLS = 4000


@pytest.fixture(scope="module")
def cells():
    """Return many successes of both sides, so that effects are seen plainly."""
    draws = Draws(3)
    organisation = draws.of("cells", "side").chance(0.5, size=CELLS)
    group = draws.of("cells", "group").whole(0, len(GROUPS), CELLS)
    return Cells(
        organisation=organisation,
        customer=np.arange(CELLS),
        won=draws.of("cells", "won").whole(100, calendar.DAYS, CELLS),
        group=group,
        source=draws.of("cells", "source").whole(0, len(SOURCES), CELLS),
    )


@pytest.fixture(scope="module")
def team():
    return draw_sales_team(0, Draws(3))


@pytest.fixture(scope="module")
def prospects(cells, team):
    return draw_prospects(cells, team, Draws(3))


def fitted(columns, outcome):
    """Return the coefficients of a logistic regression and their standard errors."""
    x = np.column_stack([np.ones(len(outcome)), *columns]).astype(float)
    model = LogisticRegression(C=np.inf, fit_intercept=False, max_iter=1000, tol=1e-8)
    chance = model.fit(x, outcome).predict_proba(x)[:, 1]
    error = np.sqrt(np.diag(np.linalg.inv((x * (chance * (1 - chance))[:, None]).T @ x)))
    return model.coef_[0][1:], error[1:]


def test_as_many_are_won_as_the_chances_say(prospects):
    chance = prospects.to_qualify * prospects.to_close
    error = np.sqrt((chance * (1 - chance)).sum())
    assert abs(prospects.won.sum() - chance.sum()) < 4 * error
    tenth = np.argsort(chance, kind="stable").reshape(-1)[-len(chance) // 10 :]
    assert abs(prospects.won[tenth].mean() - chance[tenth].mean()) < 0.03


def test_effects_on_closing_are_recovered(cells, prospects):
    facts, at = mechanism("prospects"), prospects.qualified
    firm = cells.organisation[prospects.cell]
    stands = (prospects.objection != NO_OBJECTION) & ~prospects.overcome
    columns = {
        "intent": prospects.intent,
        "skill": prospects.skill,
        "side": firm,
        "trained": prospects.trained,
        "rival": prospects.rival,
        "decider": prospects.decider,
        "own_scene": prospects.shown & prospects.own_scene,
        "other_scene": prospects.shown & ~prospects.own_scene,
        "objection": stands,
    }
    found, error = fitted([values[at] for values in columns.values()], prospects.won[at])
    true = {
        "intent": facts["intent"]["closed"],
        "skill": 1.0,
        "side": facts["closed"]["organisation"] - facts["closed"]["person"],
        "trained": mechanism("staff_training")["effect"]["won_cases"],
        "rival": facts["rival"],
        "decider": facts["decider"],
        "own_scene": mechanism("demonstrations")["effect"],
        "other_scene": 0.0,
        "objection": mechanism("objections")["effect"],
    }
    assert (np.abs(found - list(true.values())) < 3.5 * error).all()
    assert error.max() < 0.2


def test_effects_on_qualifying_are_recovered(cells, prospects):
    facts = mechanism("prospects")
    own = [facts["groups"].get(name, 0.0) for name in GROUPS]
    source = np.array([facts["sources"][name] for name in SOURCES])[cells.source[prospects.cell]]
    columns = [
        cells.organisation[prospects.cell],
        np.array(own)[cells.group[prospects.cell]],
        source,
        prospects.intent,
        prospects.mixed,
    ]
    found, error = fitted(columns, prospects.qualified)
    side = facts["qualified"]["organisation"] - facts["qualified"]["person"]
    true = [side, 1.0, 1.0, facts["intent"]["qualified"], facts["mixed"]]
    assert (np.abs(found - true) < 3.5 * error).all()


def test_the_trial_shows_by_lot_and_salespeople_by_intent(prospects):
    trial = prospects.by_lot
    lot = mechanism("demonstrations")["lot"]
    assert abs(prospects.shown[trial].mean() - lot) < 4 * np.sqrt(0.25 / trial.sum())
    shown, intent = prospects.shown, prospects.intent
    gap = [intent[at & shown].mean() - intent[at & ~shown].mean() for at in (trial, ~trial)]
    assert abs(gap[0]) < 0.1
    assert gap[1] > 0.2


def test_the_best_answer_overcomes_more_often(prospects):
    facts = mechanism("objections")
    raised = prospects.objection != NO_OBJECTION
    best = np.array([ANSWERS.index(facts["best"].get(name, ANSWERS[0])) for name in OBJECTIONS])
    right = prospects.answer == best[prospects.objection]
    for chance, at in zip(facts["overcome"], (raised & ~right, raised & right), strict=True):
        assert abs(prospects.overcome[at].mean() - chance) < 4 * np.sqrt(0.25 / at.sum())
    assert not prospects.overcome[~raised].any()


def test_half_of_each_team_is_trained_by_lot_and_newcomers_are_not(team):
    selling = team.team < 4
    for number in range(4):
        assert team.drawn[team.team == number].sum() == 3
    assert not team.drawn[~selling].any()
    seats = np.flatnonzero(team.drawn)
    last = np.full(len(seats), calendar.DAYS - 1)
    new = team.joined[seats] > course_day()
    assert (team.trained(seats, last) == ~new).all()
    assert not team.trained(seats, np.full(len(seats), course_day() - 1)).any()
    assert len(set(team.team[team.rewarded])) == 2


def test_stages_come_in_the_order_of_time(prospects):
    way = draw_way(prospects, Draws(3))
    ids = pl.Series([f"PR{at:010d}" for at in range(len(prospects))])
    table = stage_table(prospects, way, ids, Draws(3))
    assert table["entered_on"].max() == calendar.dates()[calendar.DAYS - 1]
    wide = table.pivot("stage", index="prospect_id", values="entered_on")
    for before, after in itertools.pairwise(STAGES[:-1]):
        there = wide.filter(pl.col(before).is_not_null() & pl.col(after).is_not_null())
        assert (there[before] <= there[after]).all(), (before, after)
        assert wide.filter(pl.col(after).is_not_null())[before].null_count() == 0
    assert wide.filter(pl.col("won").is_not_null() & pl.col("lost").is_not_null()).is_empty()
    lost = table.filter(stage="lost").join(
        table.filter(stage="qualified"), on="prospect_id", how="left", suffix="_qualified"
    )
    noted = lost.group_by(pl.col("stage_qualified").is_null()).agg(
        pl.col("lost_because").is_null().mean()
    )
    silent = dict(noted.iter_rows())
    assert silent[True] > silent[False] + 0.1
