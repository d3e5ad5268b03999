"""What only the company's maker knows: segments, hidden numbers, and the expected future."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.choices import mean_line
from customer_insight.company.future_orders import expected_daily_orders, expected_steady_orders
from customer_insight.company.habits import NEVER, SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import TRUTH_DAYS, PeopleBlock
from customer_insight.data.mechanisms import mechanism

MILLIONTHS = 1_000_000


def people_truth(block: PeopleBlock) -> pl.DataFrame:
    """Return the hidden numbers of each person, the table ``truth_people``.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.

    Returns
    -------
    polars.DataFrame
        Columns as the catalogue states; fractions to six decimals.
    """
    habits = block.habits
    steady = habits.steady
    left = np.where((block.left >= 0) & (block.left < NEVER), block.left, -1)
    frame = pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, np.arange(len(block))),
            "segment": np.array(SEGMENTS)[habits.segment],
            "season": np.array(calendar.season_types())[habits.season],
            "orders_a_year": rounded(habits.rate),
            "stages": habits.stages,
            "leaves_after_repeat": rounded(np.where(steady, habits.leaves_after, 0.0)),
            "leaves_a_day": rounded(habits.leaving),
            "mean_amount": rounded(np.where(steady, habits.spend, 0.0)),
            "basket_size": rounded(np.where(steady, 0.0, habits.spend)),
            "web_share": rounded(habits.web_share),
            "left_on": pl.Series(left + calendar.FIRST_DAY).cast(pl.Int32).cast(pl.Date),
        }
    )
    return frame.with_columns(pl.when(pl.Series(left >= 0)).then("left_on").alias("left_on"))


def future_truth(block: PeopleBlock, goods: Goods) -> pl.DataFrame:
    """Return what each customer will buy on average, the table ``truth_future``.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    goods : Goods
        Articles and prices, those of the year after included.

    Returns
    -------
    polars.DataFrame
        One row a person and date of those who had signed up by then, with what was expected and,
        where the data reach so far, what came.
    """
    fixed, more = mean_line(goods.choices, goods.products, goods.prices)
    return pl.concat(_future(block, fixed, more, end) for end in TRUTH_DAYS)


def rounded(values: np.ndarray) -> np.ndarray:
    """Return numbers to six decimals, the same on every machine."""
    return np.rint(values * MILLIONTHS) / MILLIONTHS


def _future(block: PeopleBlock, fixed: np.ndarray, more: np.ndarray, end: int) -> pl.DataFrame:
    habits = block.habits
    start, stop = end + 1, _end_of_year(end + 1)
    who = np.flatnonzero(habits.first <= end)
    habits, days = habits.of(who), slice(start, stop)
    state = block.states[end].of(who)
    segment = habits.segment
    lines = 1 + np.array([mechanism("basket")["more_lines"].get(name, 0) for name in SEGMENTS])
    spend = habits.spend[:, None] * more[segment, days] + fixed[segment, days]
    orders, amount = expected_daily_orders(habits, state, days, spend * lines[segment, None])
    alive = np.where(habits.steady, block.left[who] > end, state.alive)
    steady = expected_steady_orders(habits, alive, stop - start)
    came, paid = _came(block, start, stop)
    known = stop <= calendar.DAYS
    frame = pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, who),
            "as_of": pl.Series(np.full(len(who), end + calendar.FIRST_DAY))
            .cast(pl.Int32)
            .cast(pl.Date),
            "days": np.full(len(who), stop - start),
            "alive": alive,
            "expected_orders": rounded(orders + steady),
            "expected_amount": np.rint(
                amount + steady * np.where(habits.steady, habits.spend, 0)
            ).astype(np.int64),
            "actual_orders": pl.Series(came[who]).cast(pl.Float64),
            "actual_amount": pl.Series(paid[who]).cast(pl.Float64),
        }
    )
    if not known:
        nothing = pl.lit(None, dtype=pl.Float64)
        frame = frame.with_columns(actual_orders=nothing, actual_amount=nothing)
    return frame


def _came(block: PeopleBlock, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return everybody's orders and amount in these days."""
    bought = block.purchases
    within = (bought.day >= start) & (bought.day < stop)
    orders = np.bincount(bought.person[within], minlength=len(block))
    line = within[block.lines.order]
    payer = bought.person[block.lines.order[line]]
    paid = np.bincount(payer, block.lines.amount[line], minlength=len(block))
    return orders, paid


def _end_of_year(day: int) -> int:
    """Return the first day of the year after, counted from the company's first day."""
    return calendar.year_bounds(calendar.dates()[day].year)[1]
