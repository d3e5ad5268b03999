"""Section 8: what will they buy and spend? A model beside a rule, in every window."""

import numpy as np

from customer_insight import show
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, HORIZON_WEEKS, Facts
from customer_insight.workbook.forecast import MODEL, RULE, Forecast, Outlook, Trial
from customer_insight.workbook.section import (
    CUSTOMERS,
    FORECAST,
    HIDDEN,
    MONEY,
    NUMBER,
    PURCHASES,
    SHARE,
    TEXT,
    Chart,
    Column,
    Decision,
    Quantity,
    Section,
    Table,
)
from customer_insight.workbook.suppression import hide_small
from customer_insight.workbook.wording import iso_day

_SHOWN = ("RMSE", "MAE", "Spearman", "normalised Gini", "top-decile capture")
_INTERVALS = {
    MODEL: (
        "95 % and misses",
        "95 % for the model's parameters, widened by its misses in both windows held back.",
    ),
    RULE: ("misses", "From the rule's misses in both windows held back; no 95 % is claimed."),
}
_NAMES = {MODEL: "BG/NBD model", RULE: "same rate as before"}


def make(facts: Facts, outlook: Outlook) -> Section:
    """Return the section."""
    base = {"number": 8, "code": "spending", "question": "What will they spend?"}
    if facts.n < FEWEST_CUSTOMERS:
        return Section(
            **base,
            answer="",
            refusal=(
                f"No forecast: it needs {FEWEST_CUSTOMERS} customers, and the file has {facts.n:,}."
            ),
        )
    if not outlook.trials:
        return Section(**base, answer="", refusal=outlook.refusal)
    forecast = outlook.forecast
    return Section(
        **base,
        answer=_answer(facts, outlook),
        quantities=_quantities(forecast) if forecast else (),
        tables=(_judgement(outlook), *(_deciles(facts, trial) for trial in outlook.trials)),
        charts=(_chart(facts, outlook.trials[0]),),
        decisions=_decisions(facts, forecast) if forecast else (),
        limits=(
            "Both windows are of the recent past: a season that they do not hold is not in the "
            "forecast, and customers who have not bought yet are not in it either. The model knows "
            "when people bought, not why."
        ),
        refusal=outlook.refusal,
    )


def _answer(facts: Facts, outlook: Outlook) -> str:
    said = [_told(facts, trial) for trial in outlook.trials]
    forecast = outlook.forecast
    if forecast:
        said.append(
            f"By the {_NAMES[forecast.by]}, the {facts.summary.height:,} customers known by now "
            f"make {forecast.total:,.0f} purchases in the next {HORIZON_WEEKS} weeks, worth "
            f"{facts.say.with_unit(round(forecast.money), MONEY)}."
        )
    return " ".join(said)


def _told(facts: Facts, trial: Trial) -> str:
    share = {name: facts.say.value(each, SHARE) for name, each in trial.predicted.items()}
    day = facts.date(trial.window.as_of)
    if trial.refused:
        return (
            f"Held back after {day}, the rule that everybody goes on at the same rate said "
            f"{share[RULE]} of what came; a model could not be fitted."
        )
    verdict = {
        "better": "came nearer to each customer than",
        "worse": "was further off than",
    }.get(trial.verdict("RMSE"), "could not be told from")
    return (
        f"Held back after {day}, the model {verdict} the rule that everybody goes on at the same "
        f"rate; its total was {share[MODEL]} of what came, the rule's {share[RULE]}."
    )


def _quantities(forecast: Forecast) -> tuple[Quantity, ...]:
    how = (
        f"Expected in the {HORIZON_WEEKS} weeks after as_of of all customers known by then, by the "
        f"{_NAMES[forecast.by]}; new customers are not in it."
    )
    interval, note = _INTERVALS[forecast.by]
    return (
        Quantity(
            "expected_purchases",
            f"Purchases, next {HORIZON_WEEKS} weeks",
            round(forecast.total),
            PURCHASES,
            how,
            low=round(forecast.total_low),
            high=round(forecast.total_high),
            interval=interval,
            kind=FORECAST,
            note=note,
        ),
        Quantity(
            "expected_sales",
            f"Sales, next {HORIZON_WEEKS} weeks",
            round(forecast.money),
            MONEY,
            f"{how} Before returns and costs: it is not profit.",
            low=round(forecast.money_low),
            high=round(forecast.money_high),
            interval=interval,
            kind=FORECAST,
            note=note,
        ),
    )


def _judgement(outlook: Outlook) -> Table:
    columns = (
        Column("window", "Held back after", TEXT, "Last day that both knew."),
        Column("measure", "Measure", TEXT, "How predictions and purchases are compared."),
        Column("model", _NAMES[MODEL], NUMBER, "The model's."),
        Column("rule", _NAMES[RULE], NUMBER, "The rule's."),
        Column("low", "Difference, from", NUMBER, "Model less rule: lower end, 95 %."),
        Column("high", "to", NUMBER, "Upper end."),
        Column("verdict", "The model is", TEXT, "Read from that interval."),
    )
    rows = []
    for trial in outlook.trials:
        measures = trial.report.measures.set_index(["prediction", "measure"])["estimate"]
        differences = trial.report.differences.set_index("measure")
        for name in _SHOWN:
            model: tuple = (None, None, None, "refused")
            if not trial.refused:
                line = differences.loc[name]
                model = (
                    float(measures[MODEL, name]),
                    _number(line["low"]),
                    _number(line["high"]),
                    str(line["verdict"]),
                )
            rule = float(measures[RULE, name])
            rows.append((iso_day(trial.window.as_of), name, model[0], rule, *model[1:]))
    caption = f"Model and rule on {HORIZON_WEEKS} weeks held back; RMSE and MAE in purchases"
    return Table("judgement", caption, columns, tuple(rows))


def _deciles(facts: Facts, trial: Trial) -> Table:
    columns = (
        Column("tenth", "Tenth", NUMBER, "Customers by what is forecast; 1 is the highest."),
        Column("customers", "Customers", CUSTOMERS, "Equal customers stay in one tenth."),
        Column("actual", "Came", NUMBER, "Mean purchases in the weeks held back."),
        Column("low", "from", NUMBER, "Lower end of its 95 % interval."),
        Column("high", "to", NUMBER, "Upper end."),
        Column("model", _NAMES[MODEL], NUMBER, "Mean forecast of the model."),
        Column("rule", _NAMES[RULE], NUMBER, "Mean forecast of the rule."),
    )
    wide = _wide(trial)
    hidden = hide_small([int(n) for n in wide["n"]])
    rows = []
    for shown, (tenth, row) in zip(hidden, wide.iterrows(), strict=True):
        values = (
            float(row["mean_actual"]),
            _number(row["low"]),
            _number(row["high"]),
            None if trial.refused else float(row[MODEL]),
            float(row[RULE]),
        )
        rows.append((int(tenth), shown, *([None] * 5 if shown is HIDDEN else values)))
    number = 1 + [window.as_of for window in facts.windows].index(trial.window.as_of)
    caption = f"Purchases in {HORIZON_WEEKS} weeks after {iso_day(trial.window.as_of)}, by tenths"
    return Table(f"tenths_{number}", caption, columns, tuple(rows))


def _wide(trial: Trial):
    table = trial.report.calibration
    known = table.drop_duplicates("group").set_index("group")[["n", "mean_actual", "low", "high"]]
    means = table.pivot_table(
        index="group", columns="prediction", values="mean_predicted", observed=True
    )
    return known.join(means)


def _chart(facts: Facts, trial: Trial) -> Chart:
    wide = _wide(trial)
    tenths = np.asarray(wide.index, dtype=int)
    fig, axes = show.canvas(height=3.6)
    low = wide["low"].astype(float).fillna(wide["mean_actual"])
    high = wide["high"].astype(float).fillna(wide["mean_actual"])
    axes.fill_between(tenths, low, high, alpha=0.25, color=show.PALETTE[2], label="came, 95 %")
    axes.plot(tenths, wide["mean_actual"], marker="o", color=show.PALETTE[2], label="came")
    if not trial.refused:
        axes.plot(tenths, wide[MODEL], marker="s", color=show.PALETTE[0], label=_NAMES[MODEL])
    axes.plot(
        tenths, wide[RULE], marker="^", color=show.PALETTE[1], linestyle=":", label=_NAMES[RULE]
    )
    best = wide.iloc[0]
    said = {name: f"{best[name]:.1f}" for name in trial.predicted}
    forecasts = ", ".join(f"{name} {value}" for name, value in said.items())
    axes.set_xticks(tenths)
    axes.set(
        title=f"The best tenth made {best['mean_actual']:.1f} purchases; forecast: {forecasts}",
        xlabel="tenths of the customers by forecast (1: highest)",
        ylabel=f"mean purchases in {HORIZON_WEEKS} weeks",
        ylim=(0, None),
    )
    axes.legend()
    alt = (
        f"Lines of mean purchases after {iso_day(trial.window.as_of)} by tenth of customers: what "
        f"came with its interval, and what was forecast. Best tenth {best['mean_actual']:.1f}; "
        f"forecast: {forecasts}."
    )
    return Chart("tenths", alt, show.vector(fig, alt=alt))


def _decisions(facts: Facts, forecast: Forecast) -> tuple[Decision, ...]:
    order = np.sort(forecast.value)[::-1]
    tenth = max(1, order.size // 10)
    share = float(order[:tenth].sum() / max(order.sum(), 1e-9))
    return (
        Decision(
            do=f"Plan stock and service for {forecast.total_low:,.0f} to "
            f"{forecast.total_high:,.0f} purchases of known customers in {HORIZON_WEEKS} weeks.",
            why=f"{facts.say.value(share, SHARE)} of the money is expected of a tenth of them.",
            customers=facts.summary.height,
            money=round(forecast.money),
            confidence="medium",
            because="Judged twice on weeks held back; a season outside them is not in it.",
        ),
    )


def _number(value) -> float | None:
    import pandas as pd

    return None if pd.isna(value) else float(value)
