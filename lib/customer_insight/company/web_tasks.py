"""The table ``web_tasks``: what visitors tried to do in the web shop, with time and errors."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp, ln, power
from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_events import session_numbers, timestamps
from customer_insight.company.web_pages import ACCOUNT, CART, HELP_PAGE, SEARCH, Pages
from customer_insight.company.web_sessions import DEVICES, PHONE, Sessions
from customer_insight.company.web_visits import DAY_SECONDS, ORDER
from customer_insight.data.mechanisms import mechanism

TASKS = ("find_article", "pay", "follow_parcel", "change_address")
PAY = TASKS.index("pay")
_BEGINS = {
    SEARCH: "find_article",
    CART: "pay",
    HELP_PAGE: "follow_parcel",
    ACCOUNT: "change_address",
}
_USUAL_AGE = 40


@dataclass(frozen=True)
class _Attempts:
    """Attempts at tasks, arrays of shape (attempts,)."""

    session: np.ndarray
    task: np.ndarray
    second: np.ndarray
    ordered: np.ndarray
    device: np.ndarray
    age: np.ndarray

    @property
    def new_checkout(self) -> np.ndarray:
        """Whether it is paying on a phone with the new checkout."""
        day = (mechanism("web_tasks")["new_checkout"] - calendar.dates()[0]).days
        on_phone = (self.task == PAY) & (self.device == PHONE)
        return on_phone & (self.second // DAY_SECONDS >= day)


def web_task_table(
    block: PeopleBlock, customers: pl.DataFrame, sessions: Sessions, pages: Pages, draws: Draws
) -> pl.DataFrame:
    """Return the attempts at tasks.

    Paying begins in the cart and is completed when the session has an order; of other tasks some
    attempts are timed, and fewer are completed the more errors there are.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    customers : polars.DataFrame
        The table ``customers`` of the same people.
    sessions : Sessions
        Of the same block.
    pages : Pages
        Of these sessions.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row an attempt, in the order of time; columns as the catalogue states.
    """
    own, number = draws.within(block.number), block.number
    tried = _attempts(customers, sessions, pages, own)
    errors = _errors(tried, own)
    known = sessions.logged_in[tried.session]
    person = np.where(known, sessions.visits.person[tried.session], -1)
    return pl.DataFrame(
        {
            "web_task_id": block_ids("WT", number, np.arange(len(errors))),
            "session_id": block_ids(
                "WS", number, session_numbers(pages, len(sessions))[tried.session]
            ),
            "customer_id": customer_ids(number, person),
            "task": pl.Series(TASKS).gather(tried.task),
            "started_at": timestamps(tried.second),
            "seconds": _seconds(tried, errors, own),
            "errors": errors,
            "completed": _completed(tried, errors, own),
            "device": pl.Series(DEVICES).gather(tried.device),
        }
    )


def _attempts(customers: pl.DataFrame, sessions: Sessions, pages: Pages, own: Draws) -> _Attempts:
    facts = mechanism("web_tasks")
    task_of = np.full(max(_BEGINS) + 1, -1)
    for kind, name in _BEGINS.items():
        task_of[kind] = TASKS.index(name)
    task = np.where(pages.kind <= max(_BEGINS), task_of[np.minimum(pages.kind, max(_BEGINS))], -1)
    timed = np.array([facts["timed"].get(name, 1.0) for name in TASKS])[task]
    kept = own.of("web_tasks", "timed").chance(timed) & (task >= 0)
    at = np.flatnonzero(kept)
    at = at[np.argsort(pages.second[at], kind="stable")]
    session = pages.session[at]
    person = sessions.visits.person[session]
    age = calendar.YEARS[-2] - customers["born_on"].dt.year().to_numpy()
    return _Attempts(
        session,
        task[at],
        pages.second[at],
        sessions.visits.purpose[session] == ORDER,
        sessions.device[session],
        np.where(person >= 0, age[person], _USUAL_AGE),
    )


def _slower(tried: _Attempts) -> np.ndarray:
    """Return the change of the logarithm of time and errors by age and device."""
    facts = mechanism("web_tasks")
    device = np.array([facts["by_device"][name] for name in DEVICES])[tried.device]
    return device + facts["by_age"] * np.maximum(tried.age - _USUAL_AGE, 0)


def _errors(tried: _Attempts, own: Draws) -> np.ndarray:
    facts = mechanism("web_tasks")
    mean = np.array([facts["errors"][name] for name in TASKS])[tried.task] * exp(_slower(tried))
    mean = mean * np.where(tried.new_checkout, facts["new_checkout_errors"], 1.0)
    given_up = (tried.task == PAY) & ~tried.ordered
    return own.of("web_tasks", "errors").poisson(mean * np.where(given_up, facts["given_up"], 1.0))


def _seconds(tried: _Attempts, errors: np.ndarray, own: Draws) -> np.ndarray:
    """Return how long it took; more with each error."""
    facts = mechanism("web_tasks")
    usual = np.array([facts["seconds"][name] for name in TASKS], dtype=float)[tried.task]
    z = own.of("web_tasks", "seconds").normal(len(errors))
    change = np.where(tried.new_checkout, facts["new_checkout_seconds"], 0.0)
    log = ln(usual) + _slower(tried) + change + facts["seconds_spread"] * z
    longer = 1 + facts["error_time"] * errors
    return np.maximum(np.rint(exp(log) * longer), 1).astype(np.int64)


def _completed(tried: _Attempts, errors: np.ndarray, own: Draws) -> np.ndarray:
    facts = mechanism("web_tasks")
    usual = np.array([facts["completed"].get(name, 1.0) for name in TASKS])[tried.task]
    chance = usual * power(facts["per_error"], errors)
    does = own.of("web_tasks", "completed").chance(chance)
    return np.where(tried.task == PAY, tried.ordered, does)
