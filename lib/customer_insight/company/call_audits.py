"""What auditors heard on the phone: the table ``call_audits``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.phone_calls import CallLog
from customer_insight.company.service_clock import DAY
from customer_insight.company.service_team import Team
from customer_insight.data.mechanisms import mechanism

ITEMS = tuple(mechanism("call_audits")["kept"])


def audit_table(log: CallLog, desk: Team, draws: Draws) -> pl.DataFrame:
    """Return which items of the checklist agents kept in the calls that were audited.

    An apology is due after a wait, an announcement in a transferred call, the rest always.

    Parameters
    ----------
    log : CallLog
        Of the desk.
    desk : Team
        Of a block.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row an item of a call, sorted by call: ``call_id``, ``audited_on``, ``auditor_id``,
        ``item``, ``kept``.
    """
    at = _audited(log, desk, draws)
    auditors = desk.of("audit")
    auditor = draws.of("call_audits", "auditor").whole(0, len(auditors), len(at))
    wait = draws.of("call_audits", "days").whole(1, mechanism("call_audits")["within"] + 1, len(at))
    day = log.calls.called[at] // DAY + wait
    chance = _chances(log, desk, at, auditor)
    kept = draws.of("call_audits", "kept").chance(chance)
    call, item = np.nonzero(_due(log, at) & (day < calendar.DAYS)[:, None])
    return pl.DataFrame(
        {
            "call_id": log.ids(desk, at[call]),
            "audited_on": (day[call] + calendar.FIRST_DAY).astype("datetime64[D]"),
            "auditor_id": desk.ids(auditors[auditor[call]], day[call]),
            "item": pl.Series(ITEMS).gather(item),
            "kept": kept[call, item],
        }
    )


def _new(log: CallLog, desk: Team) -> np.ndarray:
    """Return whether the agent of each call joined lately."""
    since = log.calls.called // DAY - desk.joined[log.calls.staff]
    return since < mechanism("call_audits")["new"]


def _audited(log: CallLog, desk: Team, draws: Draws) -> np.ndarray:
    usual, new = mechanism("call_audits")["share"]
    chance = np.where(_new(log, desk), new, usual)
    return np.flatnonzero(draws.of("call_audits", "share").chance(chance) & log.calls.answered)


def _due(log: CallLog, at: np.ndarray) -> np.ndarray:
    """Return which items arise in each call, shape (calls, items)."""
    due = np.ones((len(at), len(ITEMS)), dtype=bool)
    waited = log.calls.waited[at]
    due[:, ITEMS.index("apology")] = waited >= mechanism("call_audits")["apology_after"]
    due[:, ITEMS.index("transfer_announced")] = log.transferred[at]
    return due


def _chances(log: CallLog, desk: Team, at: np.ndarray, auditor: np.ndarray) -> np.ndarray:
    facts = mechanism("call_audits")
    own = desk.skill[log.calls.staff[at]] - facts["newcomer"] * _new(log, desk)[at]
    own = own - facts["hurried"] * (log.calls.waited[at] >= facts["hurried_after"])
    own = own + facts["mild"] * (auditor == 1)
    kept = np.array([facts["kept"][name] for name in ITEMS])
    return np.clip(kept[None, :] + own[:, None], 0.02, 0.99)
