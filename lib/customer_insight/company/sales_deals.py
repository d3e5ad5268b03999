"""What salespeople sell, their targets and their rewards: ``staff_sales``, ``staff_targets``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.acquisition import MONTHS
from customer_insight.company.arithmetic import exp
from customer_insight.company.draws import Draws
from customer_insight.company.organisations import dates
from customer_insight.company.sales_team import SELLING, SalesTeam, day_of
from customer_insight.data.mechanisms import mechanism

_WEEKEND = 5


def target_table(team: SalesTeam) -> pl.DataFrame:
    """Return the staged targets of the rewarded teams.

    Parameters
    ----------
    team : SalesTeam
        Of a block.

    Returns
    -------
    polars.DataFrame
        One row a member of staff, month and stage: ``staff_id``, ``month`` (its first day),
        ``stage``, ``target`` (fen of deals in the month), ``reward_kind``, ``reward`` (fen that it
        costs if reached). Who holds the seat on the first of the month has them.
    """
    facts = mechanism("staff_targets")
    seats = team.seats(*SELLING)
    seats = seats[team.rewarded[seats]]
    ends, step = facts["promotion"]
    parts = []
    for month in range(MONTHS):
        first = day_of_month(month)
        if first < day_of(facts["since"]):
            continue
        kinds, costs = list(facts["rewards"]), list(facts["cost"])
        if month % 12 + 1 in ends:
            kinds[-1], costs[-1] = "promotion", step
        stages = len(kinds)
        who = team.ids(seats, np.full(len(seats), first))
        parts.append(
            pl.DataFrame(
                {
                    "staff_id": who.gather(np.repeat(np.arange(len(seats)), stages)),
                    "month": dates(np.full(len(seats) * stages, first)),
                    "stage": np.tile(np.arange(1, stages + 1), len(seats)),
                    "target": np.tile(facts["stages"], len(seats)),
                    "reward_kind": kinds * len(seats),
                    "reward": np.tile(costs, len(seats)),
                }
            )
        )
    return pl.concat(parts)


def sales_table(team: SalesTeam, draws: Draws) -> pl.DataFrame:
    """Return the deals of each salesperson by day.

    Parameters
    ----------
    team : SalesTeam
        Of a block.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a member of staff and day with a deal, sorted so: ``staff_id``, ``day``, ``deals``,
        ``amount`` (fen).
    """
    facts, seats = mechanism("staff_sales"), team.seats(*SELLING)
    deals = draws.of("staff_sales", "deals").poisson(_rates(team, seats))
    seat, day = np.nonzero(deals)
    again = np.repeat(np.arange(len(seat)), deals[seat, day])
    seat, day = seat[again], _signed(team.rewarded[seats][seat[again]], day[again], draws)
    median, spread = facts["amount"]
    lot = draws.of("staff_sales", "amount").normal(len(seat))
    amount = 100 * np.rint(median * exp(spread * lot) / 100).astype(np.int64)
    table = pl.DataFrame(
        {"staff_id": team.ids(seats[seat], day), "day": dates(day), "amount": amount}
    )
    of_day = table.group_by("staff_id", "day").agg(deals=pl.len().cast(pl.Int64), amount="amount")
    return (
        of_day.with_columns(pl.col("amount").list.sum())
        .select("staff_id", "day", "deals", "amount")
        .sort("staff_id", "day")
    )


def day_of_month(month: int) -> int:
    """Return the first day of a month counted from the company's first, as a day so counted.

    Examples
    --------
    >>> [day_of_month(month) for month in (0, 1, 12)]
    [0, 31, 365]
    """
    return int(np.searchsorted(calendar.months(), month))


def _rates(team: SalesTeam, seats: np.ndarray) -> np.ndarray:
    """Return the mean of deals of each seat on each day, shape (seats, days)."""
    facts, targets = mechanism("staff_sales"), mechanism("staff_targets")
    days = np.arange(calendar.DAYS)
    works = np.array([date.weekday() < _WEEKEND for date in calendar.dates()[: calendar.DAYS]])
    growth = np.array(facts["growth"])[calendar.months()[days] // 12]
    holder = team.holder(seats[:, None], days[None, :])
    more = targets["effect"] * (team.rewarded[seats][:, None] & (days >= day_of(targets["since"])))
    return facts["rate"] * works * growth * exp(team.skill[holder]) * (1 + more)


def _signed(rewarded: np.ndarray, day: np.ndarray, draws: Draws) -> np.ndarray:
    """Return when deals are signed: in rewarded teams some before the month that they belong to."""
    facts = mechanism("staff_targets")
    first_days, chance = facts["pulled"]
    since = day_of(facts["since"])
    firsts = np.array([day_of_month(month) for month in range(MONTHS)])
    start = firsts[calendar.months()[day]]
    lot = draws.of("staff_sales", "pulled").chance(chance, size=len(day))
    back = 1 + draws.of("staff_sales", "pulled_to").whole(0, facts["last_days"], len(day))
    pulled = rewarded & lot & (day - start < first_days) & (start > since)
    return np.where(pulled, start - back, day)
