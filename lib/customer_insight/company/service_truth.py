"""What moves the service, and what happened to it: rows of the truth's effects and outbreaks."""

import polars as pl

from customer_insight.company.process_steps import PROCESSES
from customer_insight.data.mechanisms import mechanism

_STARS = "stars"


def effect_table() -> pl.DataFrame:
    """Return the effects of service and of process changes, rows of ``truth_effects``.

    Returns
    -------
    polars.DataFrame
        One row a cause, outcome and group: ``cause``, ``outcome``, ``group_name``, ``effect``,
        ``unit``, ``why``.
    """
    return pl.DataFrame(
        [*_satisfaction(), *_care(), *_audits(), *_processes(), *_nothing()],
        schema=["cause", "outcome", "group_name", "effect", "unit", "why"],
        orient="row",
    ).with_columns(pl.col("effect").cast(pl.Float64))


def outbreak_table() -> pl.DataFrame:
    """Return the planted outbreaks and anomalies of the service, rows of ``truth_outbreaks``.

    Returns
    -------
    polars.DataFrame
        One row each: ``outbreak_id``, ``table_name``, ``kind``, ``begins_on``, ``ends_on``,
        ``place``, ``size`` (what it means stands in ``why``), ``why``.
    """
    facts = mechanism("service_outbreaks")
    batch = facts["bad_batch"]
    rows = [
        ("bad_batch", "tickets", "bad_batch", batch["product_id"], batch["chance"],
         "Share of the orders with the article in these days that led to a request."),
        ("late_chat", "tickets", "late_answers", "chat", facts["late_chat"]["size"],
         "Times the usual wait for an answer in the chat."),
        ("empty_desk", "phone_calls", "agents_missing", "service", facts["empty_desk"]["size"],
         "Agents missing on the service line."),
        ("wrong_message", "phone_calls", "call_peak", "all", facts["wrong_message"]["size"],
         "Times the usual calls."),
    ]  # fmt: skip
    return pl.DataFrame(
        [
            (f"service_{name}", table, kind, facts[name]["begins"], facts[name]["ends"], *rest)
            for name, table, kind, *rest in rows
        ],
        schema=[
            "outbreak_id",
            "table_name",
            "kind",
            "begins_on",
            "ends_on",
            "place",
            "size",
            "why",
        ],
        orient="row",
    ).with_columns(pl.col("size").cast(pl.Float64))


def _satisfaction() -> list[tuple]:
    facts = mechanism("service_satisfaction")
    causes = {
        "slowness": (-facts["slow"], "slow"),
        "repeated_questions": (-facts["repeated"], "repeated"),
        "transfers": (-facts["transfer"], "transfer"),
        "reopened": (-facts["back"], "back"),
        "personal": (facts["personal"], "personal"),
        "mood": (facts["mood"], "mood"),
    }
    return [
        (cause, "satisfaction", "tickets", effect, _STARS, facts.parameters[name].reason)
        for cause, (effect, name) in causes.items()
    ]


def _care() -> list[tuple]:
    facts = mechanism("service_care")
    less = facts["repeated_if_shared"] - 1
    base, _ = facts["repeated"]
    each, passed = facts["minutes"]
    shared = facts.parameters["repeated_if_shared"].reason
    why = facts.parameters["minutes"].reason
    return [
        ("record_shared", "repeated_questions", "tickets", less, "share of repetitions", shared),
        ("record_shared", "minutes", "no transfers", base * less * each, "minutes", shared),
        ("repeated_questions", "minutes", "tickets", each, "minutes", why),
        ("transfers", "minutes", "tickets", passed, "minutes", why),
    ]


def _audits() -> list[tuple]:
    facts = mechanism("call_audits")
    return [
        (cause, "kept", "call_audits", effect, "chance", facts.parameters[name].reason)
        for cause, effect, name in (
            ("joined within a year", -facts["newcomer"], "newcomer"),
            ("waited three minutes", -facts["hurried"], "hurried"),
            ("second auditor", facts["mild"], "mild"),
        )
    ]


def _processes() -> list[tuple]:
    facts = mechanism("process_steps")
    return [
        (f"change of {facts['effects'][name]['step']}", outcome, name,
         facts["effects"][name][outcome] - 1, f"share of {outcome}",
         facts.parameters["effects"].reason)
        for name in PROCESSES
        for outcome in ("hours", "cost")
    ]  # fmt: skip


def _nothing() -> list[tuple]:
    why = "Orders follow the pains of earlier orders; the service comes after them."
    return [
        (cause, "orders", "people", 0.0, "orders", why)
        for cause in ("satisfaction", "reopened", "short_delivery")
    ]
