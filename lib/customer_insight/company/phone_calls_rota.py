"""Who is on duty on the phone lines: the table ``phone_rota`` and the shifts behind it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.service_clock import DAY, timestamps, within
from customer_insight.company.service_team import Team
from customer_insight.data.mechanisms import mechanism

LINES = ("service", "advice")
HALF_HOUR = 1_800
ILL = 1 << 30  # a second of the day that never comes


@dataclass(frozen=True)
class Rota:
    """Shifts by line and day, arrays of shape (lines, days, shifts); unused shifts begin at `ILL`.

    Attributes
    ----------
    start, end : int
        Second of the day from which and to which somebody is on duty.
    staff : int
        Seat of the desk.
    """

    start: np.ndarray
    end: np.ndarray
    staff: np.ndarray


def make_rota(desk: Team) -> Rota:
    """Return the shifts of a desk; who takes which moves on from day to day.

    In the week of the empty desk the first shifts of the service line are not filled.

    Parameters
    ----------
    desk : Team
        Of the block.

    Returns
    -------
    Rota
    """
    shifts = [mechanism("phone_desk")["shifts"][line] for line in LINES]
    width, days = max(map(len, shifts)), np.arange(calendar.DAYS)
    start = np.full((len(LINES), calendar.DAYS, width), ILL)
    end = np.full_like(start, ILL)
    staff = np.zeros_like(start)
    agents, taken = desk.of("phone"), 0
    for line, own in enumerate(shifts):
        count = len(own)
        start[line, :, :count] = np.array(own)[:, 0] * HALF_HOUR
        end[line, :, :count] = np.array(own)[:, 1] * HALF_HOUR
        turn = taken + np.arange(count)[None, :] + 3 * days[:, None]
        staff[line, :, :count] = agents[turn % len(agents)]
        taken += count
    empty = mechanism("service_outbreaks")["empty_desk"]
    for shifts_of_line in (start, end):
        shifts_of_line[LINES.index("service"), within(days, empty), : empty["size"]] = ILL
    return Rota(start, end, staff)


def line_names(desk: Team) -> pl.Series:
    """Return the names of a desk's lines, such as "service 1"; desks count from 1."""
    return pl.Series([f"{line} {desk.number + 1}" for line in LINES])


def rota_table(desk: Team, rota: Rota) -> pl.DataFrame:
    """Return how many agents were on duty, the table ``phone_rota``, for the days of the log.

    Parameters
    ----------
    desk : Team
        Of the block.
    rota : Rota
        Of that desk.

    Returns
    -------
    polars.DataFrame
        One row a line and half-hour of the desk's hours, sorted by line and time: ``queue``,
        ``starts_at``, ``agents``.
    """
    hours = mechanism("service_answers")
    slots = np.arange(2 * hours["opens"], 2 * hours["closes"]) * HALF_HOUR
    days = np.arange(log_from(), calendar.DAYS)
    start, end = (part[:, days, :, None] for part in (rota.start, rota.end))
    agents = ((start <= slots) & (slots < end)).sum(axis=2)
    line, day, slot = np.indices(agents.shape)
    return pl.DataFrame(
        {
            "queue": line_names(desk).gather(line.ravel()),
            "starts_at": timestamps(days[day.ravel()] * DAY + slots[slot.ravel()]),
            "agents": agents.ravel(),
        }
    )


def log_from() -> int:
    """Return the first day of the phone log, counted from the company's first."""
    return calendar.DAYS - mechanism("phone_desk")["kept_days"]
