"""Credit risk by grade: how often customers pay late and default, and what is lost then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.customer_ratio import ratio_over_customers
from customer_insight.clv.discounting import DAYS_PER_YEAR
from customer_insight.clv.receivables import DEFAULT_AFTER, NEVER, Receivables
from customer_insight.clv.table_columns import check_ids, table_with
from customer_insight.data.time_units import horizon_days
from customer_insight.stats.resampling import FEWEST_ROWS, Interval

Array = NDArray[np.float64]

UNGRADED = "ungraded"
# With three defaults the upper end of a 95 % interval is fourteen times the lower one.
FEWEST_DEFAULTS = 3
# Without a default in a hundred years, the rate is under 3.7 % a year at 95 % confidence.
ENOUGH_YEARS = 100.0


@dataclass(frozen=True)
class GradeRisk:
    """How customers of one grade, or of a few pooled ones, paid and defaulted.

    Attributes
    ----------
    grades : tuple of str
        Best first; more than one where thin grades were pooled.
    customers, defaults : int
        With an invoice; of these in default at least once.
    years_at_risk : float
        Years in which a default would have been seen.
    rate, low, high : float
        Defaults a year at risk, with the exact Poisson interval (Garwood 1936).
    late : Interval
        Share of invoices paid late, of those come due; resampled by customer. Its ``confidence``
        is that of both intervals.
    """

    grades: tuple[str, ...]
    customers: int
    defaults: int
    years_at_risk: float
    rate: float
    low: float
    high: float
    late: Interval

    def probability_of_default(self, horizon: str) -> Array:
        """Return the chance to default within a horizon: estimate, low and high end.

        Examples
        --------
        >>> late = Interval(0.1, 0.05, 0.2, 0.95, 40)
        >>> grade = GradeRisk(("A",), 40, 1, 50.0, 0.02, 0.001, 0.111, late)
        >>> grade.probability_of_default("52 weeks").round(3)
        array([0.02 , 0.001, 0.105])
        """
        years = horizon_days(horizon) / DAYS_PER_YEAR
        return -np.expm1(-years * np.array([self.rate, self.low, self.high]))


def grade_risks(
    receivables: Receivables,
    customers: Any,
    *,
    order: Sequence[str],
    thin: Literal["refuse", "pool"] = "refuse",
    days_past_due: int = DEFAULT_AFTER,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int,
) -> tuple[GradeRisk, ...]:
    """Return default rate and lateness by credit grade, thin grades refused or pooled.

    A grade is thin with fewer than 10 customers, or with fewer than 3 defaults in fewer than 100
    years at risk. Pooling goes from the worst grade up: a thin one takes the next better one in;
    what is thin at the good end joins the group below. The ungraded have no neighbour.

    Parameters
    ----------
    receivables : Receivables
        Invoices as they stood.
    customers : pandas or Polars frame
        One row a customer: ``customer_id`` and ``grade``, missing for the ungraded.
    order : sequence of str
        The grades, best first.
    thin : {"refuse", "pool"}, default "refuse"
        What to do with thin grades.
    days_past_due : int, default 90
        From when on an invoice is in default.
    confidence : float, default 0.95
    resamples, seed : int
        Of the interval of lateness.

    Returns
    -------
    tuple of GradeRisk
        Best first, the ungraded last.

    Raises
    ------
    ValueError
        If a customer with invoices is missing, a grade is not in ``order``, or a grade is thin and
        not to be pooled, or is that of the ungraded.

    Notes
    -----
    Only the first default counts. A customer who pays after all is in default here, too, and shows
    in a lower `loss_given_default`: use both with the same ``days_past_due``. A rate over years of
    which one was a downturn is that of no single year.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    Basel Committee on Banking Supervision (2006). International Convergence of Capital Measurement
    and Capital Standards, paragraph 452.

    Examples
    --------
    >>> from customer_insight import data
    >>> invoices = data.load("company_invoices", engine="polars")
    >>> grades = data.load("company_organisations", engine="polars").rename(
    ...     {"agency_grade": "grade"}
    ... )
    >>> book = Receivables.read(invoices, as_of=20_088)
    >>> for risk in grade_risks(book, grades, order="ABCD", thin="pool", seed=1):
    ...     ends = f"{risk.rate:.2f}, {risk.low:.2f} to {risk.high:.2f}"
    ...     print(*risk.grades, risk.defaults, ends)
    A B 1 0.01, 0.00 to 0.05
    C 3 0.10, 0.02 to 0.29
    D 8 1.29, 0.56 to 2.54
    ungraded 5 0.15, 0.05 to 0.34
    """
    options = {"confidence": confidence, "resamples": resamples, "seed": seed}
    table = table_with(customers, "customers", ["customer_id", "grade"])
    grade = grades_of(table)[place_customers(receivables, table)]
    if unknown := sorted(set(grade) - {*order, UNGRADED}):
        raise ValueError(
            f"customers: the grades {', '.join(unknown)} are not among {', '.join(order)}. Give "
            "`order` all grades, best first, so that neighbours are known."
        )
    default = receivables.first_default(days_past_due=days_past_due)
    years = receivables.years_at_risk(default, days_past_due=days_past_due)
    groups = _groups(grade, default < NEVER, years, order, thin)
    late, due = receivables.late()
    risks = []
    for names in groups:
        rows = np.isin(grade, names)
        lateness = ratio_over_customers(late[rows], due[rows], "lateness", **options)
        defaults = int(np.count_nonzero(default[rows] < NEVER))
        risks.append(_risk(names, lateness.n, defaults, float(years[rows].sum()), lateness))
    return tuple(risks)


def place_customers(receivables: Receivables, table: Any) -> NDArray[np.int64]:
    """Return the row of each customer with invoices in a table of customers.

    Parameters
    ----------
    receivables : Receivables
    table : narwhals.DataFrame
        With ``customer_id``.

    Returns
    -------
    ndarray of int, shape (c,)
        In the order of ``receivables.customers``.

    Raises
    ------
    ValueError
        If somebody stands twice, or a customer with invoices is missing.
    """
    check_ids(table, "customer_id", "customers")
    ids = table["customer_id"].to_numpy()
    order = np.argsort(ids, kind="stable")
    found = np.minimum(np.searchsorted(ids, receivables.customers, sorter=order), len(ids) - 1)
    place = order[found]
    if missing := int(np.count_nonzero(ids[place] != receivables.customers)):
        raise ValueError(
            f"customers: {missing:,} of {len(place):,} customers with invoices are not there, so "
            "that what they owe would be lost. Give every one a row, with a missing grade if none."
        )
    return place


def grades_of(table: Any) -> NDArray[np.object_]:
    """Return the column ``grade``, with `UNGRADED` where it is missing.

    Examples
    --------
    >>> import polars
    >>> table = table_with(polars.DataFrame({"grade": ["A", None]}), "customers", ["grade"])
    >>> grades_of(table).tolist()
    ['A', 'ungraded']
    """
    return table["grade"].fill_null(UNGRADED).to_numpy()


def _risk(
    names: tuple[str, ...], customers: int, defaults: int, years: float, late: Interval
) -> GradeRisk:
    """Return the risk of one group; Garwood's limits are quantiles of chi-squared, halved."""
    from scipy.special import chdtri

    tail = (1.0 - late.confidence) / 2.0
    low = chdtri(2 * defaults, 1.0 - tail) / 2.0 if defaults else 0.0
    high = chdtri(2 * defaults + 2, tail) / 2.0
    rate, low, high = (float(count) / years for count in (defaults, low, high))
    return GradeRisk(names, customers, defaults, years, rate, low, high, late)


def _groups(
    grade: NDArray, default: NDArray, years: Array, order: Sequence[str], thin: str
) -> list[tuple[str, ...]]:
    if thin not in ("refuse", "pool"):
        raise ValueError(f"thin is {thin!r}, and must be 'refuse' or 'pool'.")

    def is_thin(names: Sequence[str]) -> bool:
        rows = np.isin(grade, names)
        few = default[rows].sum() < FEWEST_DEFAULTS and years[rows].sum() < ENOUGH_YEARS
        return bool(few or np.count_nonzero(rows) < FEWEST_ROWS)

    there = set(grade)
    if UNGRADED in there and is_thin([UNGRADED]):
        raise ValueError(_thin_message([UNGRADED]) + " They have no neighbour to be pooled with.")
    graded = [name for name in order if name in there]
    if thin == "refuse" and (alone := [name for name in graded if is_thin([name])]):
        raise ValueError(_thin_message(alone) + " Pass thin='pool' to take neighbours together.")
    groups: list[tuple[str, ...]] = []
    for name in reversed(graded):
        if groups and is_thin(groups[-1]):
            groups[-1] = (name, *groups[-1])
        else:
            groups.append((name,))
    if len(groups) > 1 and is_thin(groups[-1]):
        best = groups.pop()
        groups[-1] = best + groups[-1]
    if groups and is_thin(groups[-1]):
        raise ValueError(_thin_message(groups[-1]) + " All together they are still too few.")
    return groups[::-1] + ([(UNGRADED,)] if UNGRADED in there else [])


def _thin_message(names: Sequence[str]) -> str:
    return (
        f"the grades {', '.join(names)} are thin: fewer than {FEWEST_ROWS} customers, or fewer "
        f"than {FEWEST_DEFAULTS} defaults in fewer than {ENOUGH_YEARS:g} years at risk, tell no "
        "rate."
    )
