"""What a report is made from: features of the customers, computed once by one engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_insight import features
from customer_insight.data.intake import IntakeReport
from customer_insight.workbook.assumed import Assumed
from customer_insight.workbook.earned import goods_costs, with_costs
from customer_insight.workbook.engine import Engine
from customer_insight.workbook.stages import Stages
from customer_insight.workbook.wording import Wording, iso_day

if TYPE_CHECKING:
    import polars as pl

GROUPS = 5
HORIZON_WEEKS = 13
YEAR_WEEKS = 52
# Gaps after the fifth and later purchases count together: such customers buy regularly.
TOLD_APART = 5
FEWEST_CUSTOMERS = 100
# A quarter held back twice, and as long before it as both together.
SHORTEST_FORECAST_WEEKS = 4 * HORIZON_WEEKS
# A year held back, and one before it.
SHORTEST_YEAR_WEEKS = 2 * YEAR_WEEKS
_MOST_MONTHS = 36
_SHORTEST_STEP, _LONGEST_STEP = 28, 182


@dataclass(frozen=True, eq=False)
class Window:
    """Customers known on a day, with what they then bought in the weeks after it."""

    as_of: int
    weeks: int
    customers: "pl.DataFrame"


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything that sections read.

    Attributes
    ----------
    intake : IntakeReport
        How the file was read.
    as_of, first_day : int
        Days since 1970-01-01: the last that counts and the first with a purchase.
    say : Wording
        Currency and digits.
    customers : polars.DataFrame
        ``features.rfm`` with ``returned`` (whole minor units, zero or less), by customer id; with
        ``cost`` and ``cost_open``, as `earned.with_costs` gives them, where the file has costs.
    groups : polars.DataFrame
        ``features.rfm_groups`` of it.
    step : int
        Days between the two dates whose segments are compared.
    earlier, held : polars.DataFrame
        ``features.rfm`` at the earlier date; and at ``as_of`` by the cut-points of the earlier
        date. Empty where nobody had bought by then.
    months : polars.DataFrame
        ``features.sales_by_period`` by month, with ``returned`` by the month of the return.
    period : {"month", "quarter"}
        Of the cohorts.
    cohorts, gaps : polars.DataFrame
        As the features give them.
    windows : tuple of Window
        The last weeks held back, then those before; none where the history is too short.
    year : Window or None
        The last 52 weeks held back.
    summary : polars.DataFrame
        ``features.purchase_summary`` at ``as_of``, in weeks.
    assumed : Assumed
    """

    intake: IntakeReport
    as_of: int
    first_day: int
    say: Wording
    customers: "pl.DataFrame"
    groups: "pl.DataFrame"
    step: int
    earlier: "pl.DataFrame"
    held: "pl.DataFrame"
    months: "pl.DataFrame"
    period: str
    cohorts: "pl.DataFrame"
    gaps: "pl.DataFrame"
    windows: tuple[Window, ...]
    year: Window | None
    summary: "pl.DataFrame"
    assumed: Assumed

    @property
    def n(self) -> int:
        """Customers who bought up to ``as_of``."""
        return self.customers.height

    @property
    def weeks(self) -> float:
        """Length of the history in weeks."""
        return (self.as_of - self.first_day + 1) / 7

    @property
    def knows_cost(self) -> bool:
        """Whether the file has the cost of the goods of every line."""
        return "cost" in self.customers.columns and self.customers["cost"].sum() > 0

    def date(self, day: int) -> str:
        """Return a day as ISO date."""
        return iso_day(day)


STEPS = (
    "customers", "gaps", "groups", "earlier", "held", "months", "cohorts", "summary", "windows"
)  # fmt: skip


def gather(
    engine: Engine,
    stages: Stages,
    intake: IntakeReport,
    assumed: Assumed,
    *,
    currency: str,
    as_of: int,
    step_done: Callable[[str], None] = lambda name: None,
) -> Facts:
    """Compute what sections read; steps that an earlier run finished are taken as they are.

    Parameters
    ----------
    engine : Engine
    stages : Stages
        With the tables ``transactions`` and ``returns`` of the transaction contract.
    intake : IntakeReport
    assumed : Assumed
    currency : str
        ISO code, or "".
    as_of : int
        Last day that counts, days since 1970-01-01.
    step_done : callable, optional
        Called with the name of each step that is done.

    Returns
    -------
    Facts
    """
    bought = engine.read(stages.path("transactions"))
    first = intake.facts["first_day"]

    def kept(name: str, table: Callable[[], Any]) -> "pl.DataFrame":
        return stages.table(name, lambda: engine.collect(table()))

    def computed(name: str, table: Callable[[], Any]) -> "pl.DataFrame":
        frame = kept(name, table)
        step_done(name)
        return frame

    customers = computed("customers", lambda: features.rfm(bought, as_of=as_of, groups=GROUPS))
    gaps = computed(
        "gaps", lambda: features.purchase_gaps(bought, as_of=as_of, told_apart=TOLD_APART)
    )
    groups = stages.table("groups", lambda: features.rfm_groups(customers))
    step_done("groups")
    step = _step(gaps)
    before = as_of - step
    earlier = computed("earlier", lambda: features.rfm(bought, as_of=before, groups=GROUPS))
    held = _held(kept, bought, earlier, as_of)
    step_done("held")
    months = computed(
        "months", lambda: features.sales_by_period(bought, as_of=as_of, period="month")
    )
    period = "month" if months.height <= _MOST_MONTHS else "quarter"
    cohorts = computed("cohorts", lambda: features.cohorts(bought, as_of=as_of, period=period))
    summary = computed(
        "summary", lambda: features.purchase_summary(bought, as_of=as_of, unit="week")
    )
    windows, year = _windows(kept, bought, as_of, first)
    step_done("windows")
    returns = stages.read("returns")
    known = _with_returns(customers, returns)
    if "cost" in returns.columns:
        known = with_costs(known, kept("costs", lambda: goods_costs(bought, as_of=as_of)), returns)
    return Facts(
        intake=intake,
        as_of=as_of,
        first_day=first,
        say=Wording(currency, intake.decimals),
        customers=known,
        groups=groups,
        step=step,
        earlier=earlier,
        held=held,
        months=_with_monthly_returns(months, returns),
        period=period,
        cohorts=cohorts,
        gaps=gaps,
        windows=windows,
        year=year,
        summary=summary,
        assumed=assumed,
    )


def _step(gaps: "pl.DataFrame") -> int:
    """Return the median gap between purchases, within a month and half a year."""
    counted = gaps.group_by("gap_days").sum().sort("gap_days").to_dicts()
    total, below = sum(row["returned"] for row in counted), 0
    for row in counted:
        below += row["returned"]
        if 2 * below >= total > 0:
            return min(max(row["gap_days"], _SHORTEST_STEP), _LONGEST_STEP)
    return _SHORTEST_STEP


def _held(kept: Callable, bought: Any, earlier: "pl.DataFrame", as_of: int) -> "pl.DataFrame":
    if not earlier.height:
        return earlier
    cuts = features.rfm_groups(earlier)
    return kept("held", lambda: features.rfm(bought, as_of=as_of, groups=GROUPS, cut_points=cuts))


def _windows(
    kept: Callable, bought: Any, as_of: int, first: int
) -> tuple[tuple[Window, ...], Window | None]:
    """Return the quarters held back and the year, each where the history bears it."""

    def window(name: str, back: int, weeks: int) -> Window:
        day = as_of - 7 * back
        known = kept(
            f"known-{name}", lambda: features.purchase_summary(bought, as_of=day, unit="week")
        )
        later = kept(
            f"later-{name}",
            lambda: features.holdout_purchases(
                bought, as_of=day, horizon=f"{weeks} weeks", observed_until=as_of
            ),
        )
        joined = known.join(later, on="customer_id", how="inner", validate="1:1")
        return Window(day, weeks, joined.sort("customer_id"))

    days, quarters, year = as_of - first + 1, (), None
    if days >= 7 * SHORTEST_FORECAST_WEEKS:
        quarters = tuple(window(str(back), HORIZON_WEEKS * back, HORIZON_WEEKS) for back in (1, 2))
    if days >= 7 * SHORTEST_YEAR_WEEKS:
        year = window("year", YEAR_WEEKS, YEAR_WEEKS)
    return quarters, year


def _with_returns(customers: "pl.DataFrame", returns: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    sums = returns.group_by("customer_id").agg(returned=pl.col("amount").sum())
    return (
        customers.join(sums, on="customer_id", how="left", maintain_order="left")
        .with_columns(pl.col("returned").fill_null(0).cast(pl.Int64))
        .sort("customer_id")
    )


def _with_monthly_returns(months: "pl.DataFrame", returns: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    day = pl.col("day").cast(pl.Int32).cast(pl.Date)
    sums = returns.group_by(period=day.dt.strftime("%Y-%m")).agg(returned=pl.col("amount").sum())
    return (
        months.join(sums, on="period", how="left", maintain_order="left")
        .with_columns(pl.col("returned").fill_null(0).cast(pl.Int64))
        .sort("first_day")
    )
