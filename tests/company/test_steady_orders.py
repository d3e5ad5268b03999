"""Steady buyers are drawn from BG/NBD with Gamma-Gamma, and the models find them again."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight import features
from customer_insight.clv import BGNBD, GammaGamma
from customer_insight.company import calendar
from customer_insight.company.baskets import draw_steady_baskets
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER, SEGMENTS, draw_habits
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.steady_orders import draw_steady_orders
from customer_insight.company.world import goods_and_places
from customer_insight.data.mechanisms import mechanism

SAMPLES = 200
# Binomial limits of a true coverage of 95 % in 200 samples, one in ten thousand beyond each.
COVERED = (173, 200)


def steady_transactions(world, seed, people=10_000):
    """Return the transactions of one draw's steady buyers, about 1,500 of them."""
    goods, places = world
    draws = Draws(seed, (0,))
    city = draws.of("people", "city").pick(places.weight, people)
    habits = draw_habits(places.tier[city], places.shop_from[city], draws)
    person, day, _ = draw_steady_orders(habits, draws)
    lines = draw_steady_baskets(habits, person, day, goods, draws)
    paid = np.bincount(lines.order, lines.amount, minlength=len(person)).astype(np.int64)
    return habits, pl.DataFrame(
        {
            "customer_id": pl.Series(person).cast(pl.String),
            "order_id": pl.Series(np.arange(len(person))).cast(pl.String),
            "day": day + calendar.FIRST_DAY,
            "amount": paid,
        }
    )


def test_first_order_on_the_day_of_sign_up_and_one_order_a_day(world):
    habits, orders = steady_transactions(world, 3)
    firsts = orders.group_by("customer_id").agg(pl.col("day").min())
    own = np.flatnonzero(habits.steady)
    assert firsts.height == len(own)
    signed_up = dict(zip(own.astype(str).tolist(), habits.first[own].tolist(), strict=True))
    assert all(signed_up[who] + calendar.FIRST_DAY == day for who, day in firsts.iter_rows())
    assert not orders.select("customer_id", "day").is_duplicated().any()


def test_nobody_buys_after_leaving(block):
    bought = block.purchases
    last = np.full(len(block), -1)
    np.maximum.at(last, bought.person, bought.day)
    gone = block.left < NEVER
    assert gone.sum() > 500
    assert (last[gone] <= block.left[gone]).all()
    steady = gone & block.habits.steady
    assert (last[steady] == block.left[steady]).all()


def test_amounts_are_the_draws_to_the_fen(world):
    """The mean of an order is the buyer's own mean, whatever articles fill the basket."""
    habits, orders = steady_transactions(world, 4)
    own = habits.spend[orders["customer_id"].cast(pl.Int64).to_numpy()]
    ratio = orders["amount"].to_numpy() / own
    shape = mechanism("steady")["p"]
    assert abs(ratio.mean() - 1) < 4 / np.sqrt(shape * len(ratio))
    assert abs(ratio.var() - 1 / shape) < 0.02


@pytest.mark.evidence
def test_over_two_hundred_draws_the_models_hold_the_truth_at_the_nominal_rate(world):
    facts = mechanism("steady")
    truths = {
        BGNBD: [facts["r"], facts["alpha"], facts["a"], facts["b"]],
        GammaGamma: [facts["p"], facts["q"], facts["v"]],
    }
    inside, errors = {kind: [] for kind in truths}, {kind: [] for kind in truths}
    for seed in range(SAMPLES):
        _, orders = steady_transactions(world, 1000 + seed)
        summary = features.purchase_summary(orders, as_of=dt.date(2024, 12, 31), unit="week")
        for kind, truth in truths.items():
            model = kind().fit(summary)
            error = np.log(model.parameters / np.array(truth))
            spread = np.sqrt(np.diag(model.log_covariance_))
            inside[kind].append(np.abs(error) <= 1.959964 * spread)
            errors[kind].append(error)
    for kind in truths:
        held = np.sum(inside[kind], axis=0)
        print(f"{kind.__name__}: held in {held} of {SAMPLES}, bias {np.mean(errors[kind], axis=0)}")
        assert (held >= COVERED[0]).all()
        assert (held <= COVERED[1]).all()


@pytest.mark.evidence
def test_the_model_is_calibrated_on_steady_and_visibly_wrong_on_rhythm():
    """A regular buyer who missed two usual days is gone; BG/NBD still gives them a fair chance."""
    doubtful = {name: doubtful_customers(name) for name in ("steady", "rhythm")}
    for name, (promised, true, customers) in doubtful.items():
        print(
            f"{name}: {customers} doubtful customers, "
            f"alive by the model {promised:.2f}, in truth {true:.2f}"
        )
    promised, true, customers = doubtful["steady"]
    assert customers > 400
    assert abs(promised - true) < 0.08
    promised, true, customers = doubtful["rhythm"]
    assert customers > 60
    assert promised - true > 0.25


def doubtful_customers(segment):
    """Return mean P(alive) and share alive of those whom BG/NBD gives a chance of .2 to .8."""
    draws = Draws(5)
    goods, places = goods_and_places(draws)
    block = draw_people_block(0, 10_000, places, goods, draws)
    bought = block.purchases
    keep = block.habits.segment[bought.person] == SEGMENTS.index(segment)
    paid = np.bincount(block.lines.order, block.lines.amount, minlength=len(keep))
    orders = pl.DataFrame(
        {
            "customer_id": pl.Series(bought.person[keep]).cast(pl.String),
            "order_id": pl.Series(np.flatnonzero(keep)).cast(pl.String),
            "day": bought.day[keep] + calendar.FIRST_DAY,
            "amount": paid[keep].astype(np.int64),
        }
    )
    promised, true = [], []
    for as_of in (dt.date(2023, 6, 30), dt.date(2023, 12, 31)):
        summary = features.purchase_summary(orders, as_of=as_of, unit="week")
        person = summary["customer_id"].cast(pl.Int64).to_numpy()
        alive = BGNBD().fit(summary).probability_alive(summary)
        middle = (alive >= 0.2) & (alive < 0.8)
        end = (as_of - calendar.EPOCH).days - calendar.FIRST_DAY
        promised.append(alive[middle])
        true.append(block.left[person][middle] > end)
    promised, true = np.concatenate(promised), np.concatenate(true)
    return promised.mean(), true.mean(), len(true)
