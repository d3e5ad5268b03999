"""Cases in the back offices, step by step: the table ``process_steps``, with a change to test."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp, power
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.ids import block_ids
from customer_insight.company.service_clock import DAY, HOUR, after_working, day_number, timestamps
from customer_insight.company.service_team import Team
from customer_insight.data.mechanisms import mechanism

PROCESSES = tuple(mechanism("process_steps")["steps"])
SITES = tuple(mechanism("process_steps")["cases"])


@dataclass(frozen=True)
class Cases:
    """Cases by time of their start, arrays of shape (cases,).

    ``process`` and ``site`` are places in `PROCESSES` and `SITES`, ``started`` counts seconds from
    the company's first midnight, ``staff`` is a seat of the back offices.
    """

    process: np.ndarray
    site: np.ndarray
    started: np.ndarray
    staff: np.ndarray


def draw_cases(draws: Draws) -> Cases:
    """Return the cases of all processes and sites.

    Parameters
    ----------
    draws : Draws
        Of the company.

    Returns
    -------
    Cases
    """
    facts = mechanism("process_steps")
    days = day_number(facts["to"]) - day_number(facts["from"])
    rates = np.array([facts["cases"][name] for name in SITES])
    mean = np.broadcast_to(rates[None, :, None], (len(PROCESSES), len(SITES), days))
    count = draws.of("process_steps", "cases").poisson(mean)
    process, site, day = (np.repeat(at.ravel(), count.ravel()) for at in np.indices(count.shape))
    second = draws.of("process_steps", "second").whole(0, DAY, len(day))
    started = (day_number(facts["from"]) + day) * DAY + second
    started = after_working(started, np.zeros_like(started))
    size = np.array([mechanism("service_team")["back_office"][name] for name in SITES])
    own = draws.of("process_steps", "staff").whole(0, size[site], len(site))
    sort = np.lexsort((site, process, started))
    columns = process, site, started, _first_seats()[site] + own
    return Cases(*(column[sort] for column in columns))


def step_table(office: Team, draws: Draws) -> pl.DataFrame:
    """Return the steps of all cases.

    Parameters
    ----------
    office : Team
        The back offices.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a step, sorted by case and step; columns as the catalogue states.
    """
    cases = draw_cases(draws)
    parts = [_process(cases, place, office, draws) for place in range(len(PROCESSES))]
    return pl.concat(parts).sort("case_id", "step_number")


def improvement_table(office: Team) -> pl.DataFrame:
    """Return the register of changes, the table ``improvements``.

    Parameters
    ----------
    office : Team
        The back offices; the first seat of a site owns its changes.

    Returns
    -------
    polars.DataFrame
        One row a change, sorted by opening; columns as the catalogue states.
    """
    facts = mechanism("process_steps")
    register = sorted(facts["improvements"], key=lambda row: row["opened"])
    change = day_number(facts["changed_on"])
    days = {
        f"{key}_on": pl.Series([row[key] for row in register], dtype=pl.Int32) + change
        for key in ("opened", "changed", "reviewed")
    }
    seat = np.array([_first_seats()[SITES.index(row["site"])] for row in register])
    texts = ("process", "step", "site", "direction", "means", "result")
    return pl.DataFrame(
        {
            "improvement_id": block_ids("X", 0, np.arange(len(register))),
            **{name: [row[name] for row in register] for name in texts},
            "owner_id": office.ids(seat, days["opened_on"].to_numpy()),
            **{name: (day + calendar.FIRST_DAY).cast(pl.Date) for name, day in days.items()},
        }
    )


def _first_seats() -> np.ndarray:
    """Return the first seat of each site."""
    size = np.array([mechanism("service_team")["back_office"][name] for name in SITES])
    return np.cumsum(size) - size


def _process(cases: Cases, place: int, office: Team, draws: Draws) -> pl.DataFrame:
    """Return the steps of the cases of one process."""
    name = PROCESSES[place]
    steps = mechanism("process_steps")["steps"][name]
    at = np.flatnonzero(cases.process == place)
    shape = (len(at), len(steps))
    streams = [draws.of("process_steps", f"{name}_{what}") for what in ("hours", "cost")]
    hours, cost = _hours_and_costs(cases, at, name, streams)
    edges = np.empty((len(at), len(steps) + 1), dtype=np.int64)
    edges[:, 0] = cases.started[at]
    for step in range(len(steps)):
        took = np.floor(hours[:, step] * HOUR).astype(np.int64)
        edges[:, step + 1] = after_working(edges[:, step], took)
    case, step = (index.ravel() for index in np.indices(shape))
    return pl.DataFrame(
        {
            "case_id": block_ids("Q", 0, at[case]),
            "process": [name] * len(case),
            "step": pl.Series(list(steps)).gather(step),
            "step_number": step + 1,
            "site": pl.Series(SITES).gather(cases.site[at[case]]),
            "staff_id": office.ids(cases.staff[at[case]], edges[:, :-1].ravel() // DAY),
            "started_at": timestamps(edges[:, :-1].ravel()),
            "ended_at": timestamps(edges[:, 1:].ravel()),
            "cost": cost.ravel(),
        }
    )


def _hours_and_costs(
    cases: Cases, at: np.ndarray, name: str, streams: list[Stream]
) -> tuple[np.ndarray, np.ndarray]:
    """Return working hours and fen of each step, shape (cases, steps)."""
    facts = mechanism("process_steps")
    usual = np.array(list(facts["steps"][name].values()), dtype=float)
    shape = (len(at), len(usual))
    drawn = [stream.normal(shape[0] * shape[1]).reshape(shape) for stream in streams]
    hours = usual[:, 0] * exp(drawn[0] * facts["spread"])
    cost = usual[:, 1] * exp(drawn[1] * facts["cost_spread"])
    years = (cases.started[at] / DAY - day_number(facts["from"])) / 365
    site = np.array([facts["site"][city] for city in SITES])[cases.site[at]]
    hours = hours * (site * power(np.full(len(at), facts["trend"]), years))[:, None]
    effect = facts["effects"][name]
    step = list(facts["steps"][name]).index(effect["step"])
    changed = cases.started[at] >= day_number(facts["changed_on"]) * DAY
    changed &= cases.site[at] == SITES.index(facts["changed_site"])
    hours[changed, step] *= effect["hours"]
    cost[changed, step] *= effect["cost"]
    return hours, np.rint(cost).astype(np.int64)
