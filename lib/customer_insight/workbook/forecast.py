"""What customers will buy: a model beside a rule, judged twice on weeks held back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from customer_insight import clv, stats
from customer_insight.clv.parameter_uncertainty import parameter_variances
from customer_insight.stats import HoldoutReport
from customer_insight.workbook.facts import HORIZON_WEEKS, SHORTEST_FORECAST_WEEKS, Facts, Window

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

MODEL, RULE = "model", "same rate"
HORIZON = f"{HORIZON_WEEKS} weeks"
RESAMPLES = 200
# A forecast whose total was off by more, in weeks that are known by now, is no plan.
WORST_TOTAL = 0.33
_GROUPS = 10


@dataclass(frozen=True, eq=False)
class Trial:
    """How the model and the rule did in one window.

    Attributes
    ----------
    window : Window
    report : HoldoutReport
        With tenths of the customers as groups, by the model (by the rule without one); 1 the best.
    predicted : dict of str to float
        Purchases over those that came, in total, by RULE and, unless it was refused, MODEL.
    predicted_sales : dict of str to float
        Sales over those that came, likewise.
    refused : str
        Why there is no model.
    """

    window: Window
    report: HoldoutReport
    predicted: dict[str, float]
    predicted_sales: dict[str, float]
    refused: str

    def verdict(self, measure: str) -> str:
        """Return how the model did by a measure: as the report says, or "refused"."""
        if self.refused:
            return "refused"
        row = self.report.differences.set_index("measure").loc[measure]
        return str(row["verdict"])


@dataclass(frozen=True, eq=False)
class Forecast:
    """What is expected of each customer in the weeks to come.

    Attributes
    ----------
    by : str
        MODEL or RULE, whichever did better in the weeks held back.
    customers : ndarray of str
        Ids, as in ``Facts.summary``.
    purchases, value : ndarray of float
        Expected purchase days and sales (minor units) of each.
    total, total_low, total_high : float
        Purchases of all.
    money, money_low, money_high : float
        Sales of all, minor units.
    """

    by: str
    customers: "pl.Series"
    purchases: Array
    value: Array
    total: float
    total_low: float
    total_high: float
    money: float
    money_low: float
    money_high: float


@dataclass(frozen=True, eq=False)
class Outlook:
    """Both windows and, if they bear it, the forecast; otherwise why not."""

    trials: tuple[Trial, ...]
    forecast: Forecast | None
    refusal: str


def look_ahead(facts: Facts) -> Outlook:
    """Judge the model and the rule on the weeks held back, and forecast by the better one.

    Parameters
    ----------
    facts : Facts

    Returns
    -------
    Outlook
    """
    if not facts.windows:
        return Outlook(
            (),
            None,
            f"No forecast: it needs {SHORTEST_FORECAST_WEEKS} weeks, and the file has "
            f"{facts.weeks:.0f}. Two times {HORIZON_WEEKS} weeks are held back to judge it.",
        )
    try:
        trials = tuple(map(judge, facts.windows))
    except ValueError as error:
        return Outlook((), None, f"No forecast: {error}")
    by = better(trials)
    worst = max(abs(trial.predicted[by] - 1) for trial in trials)
    if worst > WORST_TOTAL:
        return Outlook(
            trials,
            None,
            f"No forecast in numbers: the {called(by)} missed the purchases of weeks held back by "
            f"up to {100 * worst:.0f} %. Use it to rank customers, not to plan totals."
            + "".join(f" {trial.refused}" for trial in trials[:1]),
        )
    try:
        return Outlook(trials, _forecast(facts, by, trials), "")
    except clv.FitRefusedError as error:
        return Outlook(trials, None, f"No forecast: {error}")


def better(trials: tuple[Trial, ...]) -> str:
    """Return MODEL if it is better in one window by RMSE and not worse in any, otherwise RULE."""
    verdicts = {trial.verdict("RMSE") for trial in trials}
    return MODEL if "better" in verdicts and not verdicts & {"worse", "refused"} else RULE


def same_rate(summary: "pl.DataFrame", weeks: int) -> Array:
    """Return the purchases to expect if everybody goes on as before.

    Repeat purchases over the weeks observed, at least one, times the weeks to come.

    Examples
    --------
    >>> import polars
    >>> known = {"repeat_purchases": [2, 0], "weeks_observed": [26.0, 0.0]}
    >>> same_rate(polars.DataFrame(known), 13)
    array([1., 0.])
    """
    observed = np.maximum(summary["weeks_observed"].to_numpy(), 1.0)
    return summary["repeat_purchases"].to_numpy() / observed * weeks


def judge(window: Window) -> Trial:
    """Return how model and rule did on the weeks held back.

    Raises
    ------
    ValueError
        If they cannot be judged, such as where nothing was bought in these weeks.
    """
    known, refused = window.customers, ""
    predictions = {RULE: same_rate(known, window.weeks)}
    try:
        model = clv.BGNBD().fit(known)
        predictions[MODEL] = model.expected_purchases(known, horizon=f"{window.weeks} weeks")
    except clv.FitRefusedError as error:
        refused = str(error)
    actual = known["later_purchases"].to_numpy().astype(float)
    report = stats.holdout_report(
        actual,
        predictions,
        against=None if refused else RULE,
        groups=_tenths(predictions[RULE if refused else MODEL]),
        resamples=RESAMPLES,
    )
    spend, _ = expected_spend(known)
    sales = {name: each * spend for name, each in predictions.items()}
    later = known["later_amount"].to_numpy().astype(float)
    return Trial(window, report, _over(predictions, actual), _over(sales, later), refused)


def _over(predictions: dict[str, Array], actual: Array) -> dict[str, float]:
    came = float(actual.sum())
    totals = {name: float(np.sort(each).sum()) for name, each in predictions.items()}
    return {name: total / came if came else np.inf for name, total in totals.items()}


def _tenths(predicted: Array) -> NDArray[np.int64]:
    """Return the tenth of each customer, 1 the highest; equal customers stay together."""
    rank = stats.min_rank(-predicted)
    return (rank - 1) * _GROUPS // predicted.size + 1


def _forecast(facts: Facts, by: str, trials: tuple[Trial, ...]) -> Forecast:
    summary = facts.summary
    spend, _ = expected_spend(summary)
    # a miss of the past is a miss that the next one may have, too
    misses = [1.0, *(1 / trial.predicted[by] for trial in trials)]
    if by == MODEL:
        model = clv.BGNBD().fit(summary)
        purchases = model.expected_purchases(summary, horizon=HORIZON)
        spread = _spreads(model, summary, spend)
    else:
        purchases, spread = same_rate(summary, HORIZON_WEEKS), [0.0, 0.0]
    value = purchases * spend
    total, money = float(np.sort(purchases).sum()), float(np.sort(value).sum())
    return Forecast(
        by,
        summary["customer_id"],
        purchases,
        value,
        total,
        (total - spread[0]) * min(misses),
        (total + spread[0]) * max(misses),
        money,
        (money - spread[1]) * min(misses),
        (money + spread[1]) * max(misses),
    )


def expected_spend(summary: "pl.DataFrame") -> tuple[Array, clv.GammaGamma | None]:
    """Return the money to expect of a purchase of each customer, and the model that says so.

    Parameters
    ----------
    summary : polars.DataFrame
        ``features.purchase_summary``.

    Returns
    -------
    money : ndarray of float
        Minor units.
    model : GammaGamma or None
        None where it was refused: the money is then the mean of all purchases.
    """
    try:
        model = clv.GammaGamma().fit(summary)
        return model.expected_spend(summary), model
    except ValueError:  # too few came back, or somebody's repeat purchases were free
        amounts = summary["first_amount"].sum() + summary["repeat_amount"].sum()
        purchases = summary["repeat_purchases"].sum() + summary.height
        return np.full(summary.height, amounts / purchases), None


def _spreads(model: Any, summary: "pl.DataFrame", spend: Array) -> list[float]:
    """Return half the 95 % intervals of purchases and money that are due to the parameters."""

    def totals(moved: Any) -> Array:
        purchases = moved.expected_purchases(summary, horizon=HORIZON)
        return np.array([purchases.sum(), (purchases * spend).sum()])

    errors = np.sqrt(parameter_variances(totals, [model]))
    found = (stats.normal_interval(0.0, error, n=summary.height) for error in errors)
    return [interval.high for interval in found]


def called(by: str) -> str:
    """Return what MODEL or RULE is called in a sentence."""
    return "model" if by == MODEL else "rule that everybody goes on as before"
