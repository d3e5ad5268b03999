"""Credit risk of organisations: how they pay, whether they fail, and what is granted to them."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import ln
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import NEVER
from customer_insight.company.organisations import Organisations, by_band
from customer_insight.data.mechanisms import mechanism

CLASSES = tuple(mechanism("credit")["default_a_year"])
GRADES = tuple(mechanism("credit")["grades"])
UNGRADED = -1
YEARS = calendar.YEARS[:-1]


@dataclass(frozen=True)
class Credit:
    """The credit risk of one block of organisations and their terms.

    Attributes
    ----------
    payment_class : numpy.ndarray of int, shape (organisations,)
        Place in `CLASSES`; hidden.
    late : numpy.ndarray of float, shape (organisations,)
        Share of invoices paid late in usual years; hidden.
    default : numpy.ndarray of float, shape (organisations, years)
        Chance to fail within each year of the data; hidden.
    failed : numpy.ndarray of int, shape (organisations,)
        Day of failing, `NEVER` if not within the data.
    grade : numpy.ndarray of int, shape (organisations,)
        The agency's, a place in `GRADES`, or `UNGRADED`.
    limit : numpy.ndarray of int, shape (organisations,)
        Fen.
    terms : numpy.ndarray of int, shape (organisations,)
        Days from invoice to due day.
    """

    payment_class: np.ndarray
    late: np.ndarray
    default: np.ndarray
    failed: np.ndarray
    grade: np.ndarray
    limit: np.ndarray
    terms: np.ndarray


def draw_credit(organisations: Organisations, draws: Draws) -> Credit:
    """Return how each organisation pays, whether it fails, and the terms that it has.

    Parameters
    ----------
    organisations : Organisations
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    Credit
        Nobody fails before the account is opened.
    """
    facts, band = mechanism("credit"), organisations.band
    payment_class = draws.of("credit", "class").pick_by_row(
        row_edges(by_band(facts["classes"])), band
    )
    late = np.array([facts["late"][name] for name in CLASSES], dtype=float)[payment_class]
    usual = _default_in_a_usual_year(payment_class, draws)
    default = _default_by_year(usual)
    grade = _grades(usual, band, draws)
    days = draws.of("credit", "terms").pick_by_row(row_edges(by_band(facts["terms"])), band)
    return Credit(
        payment_class=payment_class,
        late=draws.of("credit", "late").beta(late[:, 0], late[:, 1]),
        default=default,
        failed=_failures(default, organisations.since, draws),
        grade=grade,
        limit=_limits(band, grade),
        terms=np.array(facts["term_days"])[days],
    )


def downturn(day: np.ndarray) -> np.ndarray:
    """Return whether days, counted from the company's first, are in the downturn year."""
    start, end = calendar.year_bounds(mechanism("credit")["downturn_year"])
    return (day >= start) & (day < end)


def _default_in_a_usual_year(payment_class: np.ndarray, draws: Draws) -> np.ndarray:
    facts = mechanism("credit")
    shape = np.full(len(payment_class), facts["default_shape"])
    own = draws.of("credit", "default").gamma(shape) / shape
    usual = np.array([facts["default_a_year"][name] for name in CLASSES])[payment_class]
    return np.clip(usual * own, 1e-6, facts["most_default"])


def _default_by_year(usual: np.ndarray) -> np.ndarray:
    facts = mechanism("credit")
    factor = [
        facts["downturn_defaults"] if year == facts["downturn_year"] else 1.0 for year in YEARS
    ]
    return np.minimum(usual[:, None] * np.array(factor), facts["most_default"])


def _failures(default: np.ndarray, since: np.ndarray, draws: Draws) -> np.ndarray:
    """Return the day of the first failing: one lot a year, on any day of it."""
    fails = draws.of("credit", "fails").chance(default)
    start, end = np.array([calendar.year_bounds(year) for year in YEARS]).T
    day = start + draws.of("credit", "fails_on").whole(0, end - start, default.shape)
    return np.where(fails & (day > since[:, None]), day, NEVER).min(axis=1)


def _grades(usual: np.ndarray, band: np.ndarray, draws: Draws) -> np.ndarray:
    facts = mechanism("credit")
    seen = ln(usual) + facts["grade_noise"] * draws.of("credit", "grade").normal(len(usual))
    edges = np.array(list(facts["grades"].values()))
    unseen = draws.of("credit", "ungraded").chance(by_band(facts["ungraded"])[band])
    return np.where(unseen, UNGRADED, np.searchsorted(edges[1:], seen, side="right"))


def _limits(band: np.ndarray, grade: np.ndarray) -> np.ndarray:
    facts = mechanism("credit")
    factor = np.array([facts["limit_by_grade"][name] for name in (*GRADES, "none")])[grade]
    exact = by_band(facts["limit"])[band] * factor // 1000
    return exact // facts["limit_step"] * facts["limit_step"]
