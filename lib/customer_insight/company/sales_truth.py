"""What moves sales: rows of the truth's effects."""

import polars as pl

from customer_insight.company.advice import ROLES
from customer_insight.data.mechanisms import Mechanism, mechanism

_LOG_ODDS = "log odds"


def effect_table() -> pl.DataFrame:
    """Return the effects of training, rewards, answers, demonstrations and advice.

    Returns
    -------
    polars.DataFrame
        One row a cause, outcome and group: ``cause``, ``outcome``, ``group_name``, ``effect``,
        ``unit``, ``why``; rows of ``truth_effects``.
    """
    rows = [*_closing(), *_qualifying(), *_rewards(), *_advice(), *_nothing()]
    schema = ["cause", "outcome", "group_name", "effect", "unit", "why"]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.col("effect").cast(pl.Float64)
    )


def _closing() -> list[tuple]:
    prospects, training = mechanism("prospects"), mechanism("staff_training")
    shown, objections = mechanism("demonstrations"), mechanism("objections")
    usual, best = objections["overcome"]
    why = training.parameters["effect"].reason
    return [
        *(
            (f"course: {name}", "won once qualified", "prospects", effect, _LOG_ODDS, why)
            for name, effect in training["effect"].items()
        ),
        _of(prospects, "rival", "rival_firm_id", "won once qualified", "prospects"),
        _of(prospects, "decider", "decider_known", "won once qualified", "organisations"),
        _of(shown, "effect", "demonstration", "won once qualified", "own scene"),
        ("demonstration", "won once qualified", "another scene", 0.0, _LOG_ODDS,
         "What is not needed convinces nobody."),
        _of(objections, "effect", "objection not overcome", "won once qualified", "prospects"),
        ("best answer", "overcome", "objections", best - usual, "added chance",
         objections.parameters["overcome"].reason),
        ("intent", "won once qualified", "prospects", prospects["intent"]["closed"], _LOG_ODDS,
         prospects.parameters["intent"].reason),
    ]  # fmt: skip


def _qualifying() -> list[tuple]:
    facts = mechanism("prospects")
    why = facts.parameters["sources"].reason
    return [
        *(
            (f"lead_source: {name}", "qualified", "prospects", effect, _LOG_ODDS, why)
            for name, effect in facts["sources"].items()
            if name != "market_survey"
        ),
        _of(facts, "mixed", "contacts by two means", "qualified", "prospects"),
        ("intent", "qualified", "prospects", facts["intent"]["qualified"], _LOG_ODDS,
         facts.parameters["intent"].reason),
    ]  # fmt: skip


def _rewards() -> list[tuple]:
    facts = mechanism("staff_targets")
    why, gaming = facts.parameters["effect"].reason, facts.parameters["pulled"].reason
    _, chance = facts["pulled"]
    return [
        ("staged rewards", "deals", "rewarded teams", facts["effect"], "share of deals", why),
        ("staged rewards", "deals of the first days of a month brought forward",
         "rewarded teams", chance, "share of these deals", gaming),
    ]  # fmt: skip


def _advice() -> list[tuple]:
    facts = mechanism("advice")
    expert, adviser = (facts[name] for name in ROLES)
    why = facts.parameters["adviser"].reason
    returned = facts["returned"]
    return [
        ("role: adviser", "bag fits", "advice_queries", adviser["fits"] - expert["fits"],
         "added chance", why),
        ("role: adviser", "order", "advice_queries", adviser["buys"] - expert["buys"],
         "added chance", why),
        ("bag does not fit", "return", "advice_queries", returned[1] - returned[0],
         "added chance", facts.parameters["returned"].reason),
    ]  # fmt: skip


def _nothing() -> list[tuple]:
    why = "Orders follow the pains of earlier orders; who is called was chosen after them."
    return [(cause, "orders", "customers", 0.0, "orders", why) for cause in ("follow_up", "action")]


def _of(facts: Mechanism, parameter: str, cause: str, outcome: str, group: str) -> tuple:
    reason = facts.parameters[parameter].reason
    return (cause, outcome, group, facts[parameter], _LOG_ODDS, reason)
