"""Calls that wait for an agent: arrivals, the queue of each line, and who gives up."""

import itertools
from dataclasses import dataclass, fields

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.phone_calls_rota import ILL, LINES, Rota
from customer_insight.company.service import CHANNELS, REASONS
from customer_insight.company.service_clock import DAY, HOUR, within
from customer_insight.company.service_requests import Requests
from customer_insight.data.mechanisms import mechanism

_HOLDS = 1 << 28  # seconds of patience of who got through
_STEP = 1 << 31  # above every second, so that a time and a tie-break fit in one number


@dataclass(frozen=True)
class Calls:
    """Calls of a block's desk in the order of time, arrays of shape (calls,).

    Attributes
    ----------
    line : int
        Place in `phone_calls_rota.LINES`.
    called : int
        Seconds from the company's first midnight.
    talk, wrap_up, patience : int
        Seconds; the first two of who gave up never came about.
    request : int
        Place among the requests, -1 for people who are not in the data.
    waited : int
        Seconds until an agent answered or the caller gave up.
    staff : int
        Seat of the desk, -1 where nobody answered.
    """

    line: np.ndarray
    called: np.ndarray
    talk: np.ndarray
    wrap_up: np.ndarray
    patience: np.ndarray
    request: np.ndarray
    waited: np.ndarray
    staff: np.ndarray

    @property
    def answered(self) -> np.ndarray:
        """Whether an agent answered."""
        return self.staff >= 0


def draw_calls(requests: Requests, rota: Rota, draws: Draws) -> Calls:
    """Return all calls of a desk in three years, with what became of them.

    Parameters
    ----------
    requests : Requests
        Of the block; those by phone are calls.
    rota : Rota
        Of the desk.
    draws : Draws
        Of the block.

    Returns
    -------
    Calls
    """
    line, called = _arrivals(draws)
    known = np.flatnonzero(requests.channel == CHANNELS.index("phone"))
    advice = requests.subject[known] == REASONS.index("advice")
    line = np.concatenate([line, np.where(advice, LINES.index("advice"), LINES.index("service"))])
    called = np.concatenate([called, requests.opened[known]])
    request = np.concatenate([np.full(len(called) - len(known), -1), known])
    facts, size = mechanism("phone_desk"), len(called)
    wrap_up = _seconds(draws.of("phone_calls", "wrap_up"), np.full(size, facts["wrap_up"]))
    mean = np.array([facts["talk"][name] for name in LINES])[line]
    talk = facts["least_talk"] + _seconds(draws.of("phone_calls", "talk"), mean)
    rest = draws.of("phone_calls", "rest").whole(0, 60, len(known))
    agent = requests.minutes[known] * 60 - rest
    others = size - len(known)
    wrap_up[others:] = np.minimum(wrap_up[others:], agent // 2)
    talk[others:] = np.maximum(agent - wrap_up[others:], facts["least_talk"])
    patience = _seconds(draws.of("phone_calls", "patience"), np.full(size, facts["patience"]))
    patience[others:] = _HOLDS
    sort = np.lexsort((request, line, called))
    columns = {
        "line": line,
        "called": called,
        "talk": talk,
        "wrap_up": wrap_up,
        "patience": patience,
        "request": request,
    }
    columns = {name: values[sort] for name, values in columns.items()}
    waited, staff = _queue(columns, rota)
    return Calls(**columns, waited=waited, staff=staff)


def no_calls() -> Calls:
    """Return the calls of customers who do not ring the desk: none."""
    return Calls(**{field.name: np.empty(0, dtype=np.int64) for field in fields(Calls)})


def _arrivals(draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return line and second of the calls of people who are not in the data."""
    facts = mechanism("phone_desk")
    days = np.arange(calendar.DAYS)
    hours = np.array(mechanism("service_requests")["hours"]["phone"])
    weekday = np.array(facts["weekdays"])[(days + calendar.FIRST_DAY + 3) % 7]
    load = np.where(calendar.crowded()[days], facts["crowded"], 100) * weekday / 10_000
    message = mechanism("service_outbreaks")["wrong_message"]
    load = np.where(within(days, message), load * message["size"], load)
    calls = np.array([facts["calls"][name] for name in LINES])
    mean = calls[:, None, None] * load[None, :, None] * hours[None, None, :] / hours.sum()
    count = draws.of("phone_calls", "arrivals").poisson(mean)
    line, day, hour = (np.repeat(at.ravel(), count.ravel()) for at in np.indices(count.shape))
    second = draws.of("phone_calls", "second").whole(0, HOUR, len(day))
    return line, day * DAY + hour * HOUR + second


def _seconds(stream: Stream, mean: np.ndarray) -> np.ndarray:
    return np.floor(stream.exponential(len(mean)) * mean).astype(np.int64)


def _queue(calls: dict[str, np.ndarray], rota: Rota) -> tuple[np.ndarray, np.ndarray]:
    """Return how long each call waited and who answered it, -1 for nobody.

    All lines and days at once: the first call of each, then the second, and so on. The last shifts
    answer who called in time, however long it takes.
    """
    days, width = rota.start.shape[1:]
    group = calls["line"] * days + calls["called"] // DAY
    sort = np.argsort(group, kind="stable")
    first = np.searchsorted(group[sort], group[sort], side="left")
    turn = np.arange(len(group)) - first
    turns = np.argsort(turn, kind="stable")
    free = rota.start.reshape(-1, width).copy()
    end, staff = rota.end.reshape(-1, width), rota.staff.reshape(-1, width)
    last = np.where(end < ILL, end, -1).max(axis=1, keepdims=True)
    end = np.where(end == last, ILL, end)
    waited, answered_by = np.empty(len(group), dtype=np.int64), np.full(len(group), -1)
    edges = np.searchsorted(turn[turns], np.arange(turn.max(initial=-1) + 2))
    for begin, stop in itertools.pairwise(edges):
        at = sort[turns[begin:stop]]
        row, now = group[at], calls["called"][at] % DAY
        start = np.maximum(free[row], now[:, None])
        start = np.where(start < end[row], start, ILL)
        agent = np.argmin(start * _STEP + free[row], axis=1)
        wait = np.take_along_axis(start, agent[:, None], axis=1)[:, 0] - now
        answered = wait <= calls["patience"][at]
        waited[at] = np.where(answered, wait, calls["patience"][at])
        answered_by[at] = np.where(answered, staff[row, agent], -1)
        busy = now + wait + calls["talk"][at] + calls["wrap_up"][at]
        free[row[answered], agent[answered]] = busy[answered]
    return waited, answered_by
