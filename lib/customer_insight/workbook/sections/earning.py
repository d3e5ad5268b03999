"""Section 9: what does it earn? By segment what was earned, what is to come, and what to spend."""

import numpy as np
import polars as pl

from customer_insight import show
from customer_insight.workbook.earned import (
    NET_SALES,
    NOT_PROFIT,
    Measure,
    earned,
    measure,
    why_no_margin,
)
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, HORIZON_WEEKS, Facts
from customer_insight.workbook.forecast import MODEL
from customer_insight.workbook.section import MONEY, SHARE, Chart, Section
from customer_insight.workbook.sections.earning_decisions import ceiling, look_first
from customer_insight.workbook.sections.earning_numbers import so_far, to_come
from customer_insight.workbook.sections.earning_tables import (
    NAMES,
    by_segment,
    each_table,
    earned_table,
    mean_of,
    of_one_table,
    to_come_table,
    without_top,
    year_table,
)
from customer_insight.workbook.value_ahead import Prospect, Value
from customer_insight.workbook.value_words import horizon_words


def make(facts: Facts, prospect: Prospect) -> Section:
    """Return the section."""
    base = {"number": 9, "code": "earning", "question": "What does it earn?"}
    what, customers = measure(facts), earned(facts)
    if facts.n < FEWEST_CUSTOMERS or facts.customers["amount"].sum() <= 0:
        return Section(
            **base,
            answer="",
            refusal=(
                f"Neither earnings by segment nor a value to come: they need {FEWEST_CUSTOMERS} "
                f"customers with sales, and the file has {facts.n:,}."
            ),
        )
    segments = by_segment(customers, prospect.value)
    refusals = (why_no_margin(facts), prospect.refusal)
    return Section(
        **base,
        answer=_answer(facts, what, customers, prospect),
        quantities=(
            *so_far(facts, what, customers),
            *to_come(facts, what, customers, prospect.value),
        ),
        tables=(
            earned_table(what, segments),
            each_table(what, segments),
            *(
                make_table(facts, what, segments, prospect.value)
                for make_table in (to_come_table, of_one_table)
                if prospect.value
            ),
            *([year_table(prospect.year)] if prospect.year else []),
        ),
        charts=tuple(_chart(facts, what, segments, prospect.value)),
        decisions=(
            *look_first(facts, what, customers),
            *ceiling(facts, what, segments, prospect.value),
        ),
        limits=_limits(facts, what, prospect.value),
        refusal=" ".join(refusal for refusal in refusals if refusal),
    )


def _limits(facts: Facts, what: Measure, value: Value | None) -> str:
    words = [
        f"{what.rule if what.code == NET_SALES else NOT_PROFIT} Segments are made of "
        "what customers did: who bought more often has brought more by that alone, and the table "
        "does not say why. Money is skewed, and the interval of the mean of a small segment is a "
        "little too short."
    ]
    if value:
        words.append(
            "What is to come is of customers known by now, and takes prices, costs and returns to "
            f"stay as they were: the {value.weeks} weeks to come need not be like those held back. "
            "A single segment can be missed by more than the total was."
        )
        if value.weeks > HORIZON_WEEKS:
            words.append(
                f"Section 8 looks {HORIZON_WEEKS} weeks ahead and is judged on others: a year "
                "holds each season once, and a quarter may hold one alone, so that either can be "
                "refused where the other is not."
            )
    return " ".join(words)


def _answer(facts: Facts, what: Measure, customers: pl.DataFrame, prospect: Prospect) -> str:
    say, total = facts.say, round(customers["earned"].sum())
    mean, middle = mean_of(customers["earned"]), customers["earned"].median()
    net = customers["net"].sum()
    of_net = (
        f" on net sales of {say.with_unit(net, MONEY)} ({say.value(total / net, SHARE)})"
        if what.code != NET_SALES and net > 0
        else ""
    )
    interval = f" (95 %: {say.value(mean[1], MONEY)} to {say.value(mean[2], MONEY)})"
    words = [
        f"Up to {facts.date(facts.as_of)} {facts.n:,} customers brought {what.amount} "
        f"{say.with_unit(total, MONEY)}{of_net}: {say.with_unit(mean[0], MONEY)} a customer on "
        f"average{interval if mean[1] is not None else ''}, {say.with_unit(middle, MONEY)} in the "
        f"middle. Without the one who brought most the mean is "
        f"{say.with_unit(without_top(customers['earned']), MONEY)}."
    ]
    value = prospect.value
    if value:
        words.append(
            f"In {horizon_words(facts, value)} the same customers are expected to bring "
            f"{say.with_unit(value.total, MONEY)} ({say.value(value.low, MONEY)} to "
            f"{say.value(value.high, MONEY)}), {_ratio_words(facts, value, total)}."
        )
    if prospect.year:
        words.append(_year_words(facts, prospect))
    return " ".join(words)


def _year_words(facts: Facts, prospect: Prospect) -> str:
    year = prospect.year
    shares = " and ".join(
        f"{'the model' if name == MODEL else 'the rule that all go on at the same rate'} "
        f"{facts.say.value(share, SHARE)}"
        for name, share in year.predicted_sales.items()
    )
    return (
        f"Of the sales that came in the {year.window.weeks} weeks held back after "
        f"{facts.date(year.window.as_of)}, these were foretold: by {shares}."
    )


def _ratio_words(facts: Facts, value: Value, total: int) -> str:
    if total <= 0:
        return "where they brought nothing so far"
    return f"{value.total / total:.2f} times what they brought in {facts.weeks:,.0f} weeks so far"


def _chart(facts: Facts, what: Measure, segments: pl.DataFrame, value: Value | None) -> list[Chart]:
    shown = segments.filter("shown")
    if not shown.height:
        return []
    names = [NAMES[name] for name in shown["segment"]]
    fig, axes = show.canvas(height=1.3 + 0.42 * shown.height)
    places = np.arange(shown.height)
    major = 10**facts.say.decimals
    for at, (label, table) in enumerate(_means(shown, value).items()):
        middle, low, high = (table.to_numpy() / major).T
        axes.errorbar(
            middle,
            places + 0.3 * at,
            xerr=[middle - low, high - middle],
            fmt="os"[at],
            color=show.PALETTE[at],
            capsize=2,
            label=label,
        )
    best = shown.sort("mean", "segment", descending=[True, False]).row(0, named=True)
    brought = f"{facts.say.value(round(best['mean']), MONEY)} so far"
    if value:
        each = facts.say.value(round(best["to_come"] / best["customers"]), MONEY)
        brought += f", {each} to come"
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.axvline(0, linewidth=0.8, color="#888888")
    axes.set(
        title=f"{NAMES[best['segment']]}: {brought}",
        xlabel=f"{what.name.lower()} a customer, {facts.say.unit_name(MONEY)}: mean and interval",
        ylabel="segment",
    )
    axes.legend(loc="lower right")
    alt = (
        f"Means of {what.name.lower()} a customer by segment, with intervals; highest is "
        f"{NAMES[best['segment']]} with {brought}."
    )
    return [Chart("earning", alt, show.vector(fig, alt=alt))]


def _means(shown: pl.DataFrame, value: Value | None) -> dict[str, pl.DataFrame]:
    """Return means of a customer with their ends, so far and to come; no ends, no whiskers."""
    mean = pl.col("mean")
    found = {
        "so far": shown.select(
            mean, pl.col("mean_low").fill_null(mean), pl.col("mean_high").fill_null(mean)
        )
    }
    if value:
        each = pl.col("to_come", "low", "high") / pl.col("customers")
        found[f"next {value.weeks} weeks"] = shown.select(each)
    return found
