"""The tables of section 9: what segments earned, what a customer of each did, what is to come."""

import polars as pl

from customer_insight import stats
from customer_insight.features import SEGMENTS
from customer_insight.stats.resampling import FEWEST_ROWS
from customer_insight.workbook.earned import MARGIN, NET_SALES, Measure
from customer_insight.workbook.facts import Facts
from customer_insight.workbook.forecast import RULE, Trial
from customer_insight.workbook.section import (
    CUSTOMERS,
    HIDDEN,
    MONEY,
    NUMBER,
    SHARE,
    TEXT,
    Column,
    Table,
)
from customer_insight.workbook.suppression import hide_small, hide_small_table
from customer_insight.workbook.value_ahead import Value
from customer_insight.workbook.value_words import value_name, value_rule
from customer_insight.workbook.wording import iso_day

NAMES = {rule.segment: rule.name for rule in SEGMENTS}
_SEGMENT = Column("segment", "Segment", TEXT, "As in section 4.")
_CUSTOMERS = Column("customers", "Customers", CUSTOMERS, "How many.")


def mean_of(values: pl.Series) -> tuple[float, float | None, float | None]:
    """Return a mean with its 95 % interval, which few or equal values do not have."""
    if values.len() < FEWEST_ROWS or values.min() == values.max():
        return float(values.mean()), None, None
    found = stats.mean_interval(values.to_numpy())
    return found.estimate, found.low, found.high


def without_top(values: pl.Series) -> float:
    """Return the mean without the customer who brought most."""
    return (values.sum() - values.max()) / max(1, values.len() - 1)


def by_segment(customers: pl.DataFrame, value: Value | None) -> pl.DataFrame:
    """Return what is told of each segment, most earned first.

    Parameters
    ----------
    customers : polars.DataFrame
        As `earned.earned` gives them.
    value : Value or None

    Returns
    -------
    polars.DataFrame
        ``segment``, ``customers``, ``net``, ``earned``, ``mean``, ``mean_low``, ``mean_high``,
        ``median``, ``without_top``, ``below`` (customers under zero), ``shown`` (False where the
        count is hidden); with a value ``to_come``, ``low`` and ``high``. Minor units.
    """
    rows = []
    for (segment,), part in customers.sort("segment", "customer_id").group_by(
        "segment", maintain_order=True
    ):
        values = part["earned"]
        mean, low, high = mean_of(values)
        rows.append(
            {
                "segment": segment,
                "customers": part.height,
                "net": int(part["net"].sum()),
                "earned": round(values.sum()),
                "mean": mean,
                "mean_low": low,
                "mean_high": high,
                "median": float(values.median()),
                "without_top": without_top(values),
                "below": int((values < 0).sum()),
            }
        )
    kinds = {"mean_low": pl.Float64, "mean_high": pl.Float64}
    table = pl.DataFrame(rows, schema_overrides=kinds)
    if value:
        table = table.join(value.segments, on="segment", validate="1:1")
    table = table.sort("earned", "segment", descending=[True, False])
    hidden = hide_small(table["customers"].to_list())
    return table.with_columns(shown=pl.Series([count is not HIDDEN for count in hidden]))


def _rows(segments: pl.DataFrame, keys: list[str]) -> tuple[tuple, ...]:
    """Return segment, count and further columns; nothing of a hidden segment but its name."""
    return tuple(
        (NAMES[row["segment"]], row["customers"], *(row[key] for key in keys))
        if row["shown"]
        else (NAMES[row["segment"]], HIDDEN, *([None] * len(keys)))
        for row in segments.to_dicts()
    )


def earned_table(what: Measure, segments: pl.DataFrame) -> Table:
    """Return what each segment has earned."""
    columns = [_SEGMENT, _CUSTOMERS, Column("net", "Net sales", MONEY, "Sales less returns.")]
    if what.code != NET_SALES:
        columns += [
            Column("earned", what.name, MONEY, what.rule),
            Column("share", "of net sales", SHARE, f"{what.name} over net sales."),
        ]
    columns.append(Column("part", "of all", SHARE, f"{what.name} over that of all customers."))
    total, net = segments["earned"].sum(), pl.col("net")
    table = segments.with_columns(
        share=pl.when(net > 0).then(pl.col("earned") / net),
        part=pl.col("earned") / total if total > 0 else pl.lit(None, pl.Float64),
    )
    return Table(
        "earned",
        f"{what.name} by segment, most first",
        tuple(columns),
        _rows(table, [column.key for column in columns[2:]]),
    )


def each_table(what: Measure, segments: pl.DataFrame) -> Table:
    """Return what a customer of each segment has earned; with costs, how many are below zero."""
    columns = [
        _SEGMENT,
        _CUSTOMERS,
        Column("mean", "Mean", MONEY, f"{what.name} over customers."),
        Column("mean_low", "from", MONEY, "Lower end of its 95 % interval (Student)."),
        Column("mean_high", "to", MONEY, "Upper end."),
        Column("median", "Median", MONEY, "Half of the customers brought less."),
        Column(
            "without_top", "Mean without the top one", MONEY, "Without who brought most of them."
        ),
    ]
    rows = _rows(_whole(segments), [column.key for column in columns[2:]])
    if what.code == MARGIN:
        columns.append(
            Column("below", "Cost money", CUSTOMERS, "Customers whose margin is below zero.")
        )
        below = _below(segments)
        rows = tuple((*row, count) for row, count in zip(rows, below, strict=True))
    caption = f"{what.name} a customer, by segment"
    return Table("earned_each", caption, tuple(columns), rows)


def _whole(segments: pl.DataFrame) -> pl.DataFrame:
    money = pl.col("mean", "mean_low", "mean_high", "median", "without_top")
    return segments.with_columns(money.round().cast(pl.Int64))


def _below(segments: pl.DataFrame) -> list:
    """Return counts below zero; those hidden that their segment's size would give away."""
    pairs = [
        [below, customers - below]
        for below, customers in segments.select("below", "customers").rows()
    ]
    hidden = hide_small_table(pairs)
    return [
        row[0] if shown else HIDDEN for row, shown in zip(hidden, segments["shown"], strict=True)
    ]


def to_come_table(facts: Facts, what: Measure, segments: pl.DataFrame, value: Value) -> Table:
    """Return what each segment is expected to bring, beside what it brought so far."""
    sort = "95 % and misses" if value.judged else "misses"
    columns = (
        _SEGMENT,
        _CUSTOMERS,
        Column("to_come", "To come", MONEY, value_rule(facts, what, value)),
        Column("low", "from", MONEY, f"Lower end of its interval ({sort})."),
        Column("high", "to", MONEY, "Upper end."),
        Column("earned", "So far", MONEY, f"{what.name} up to as_of."),
        Column(
            "ratio", "Ratio", NUMBER, f"To come over so far, which took {facts.weeks:,.0f} weeks."
        ),
    )
    got = pl.col("earned")
    table = segments.with_columns(
        pl.col("low", "high").round().cast(pl.Int64),
        ratio=pl.when(got > 0).then(pl.col("to_come") / got),
    )
    caption = f"{value_name(what, value)}, by segment, as of today's money"
    return Table("to_come", caption, columns, _rows(table, [column.key for column in columns[2:]]))


def of_one_table(facts: Facts, what: Measure, segments: pl.DataFrame, value: Value) -> Table:
    """Return what one customer of each segment is expected to bring: no effort is worth more."""
    columns = (
        _SEGMENT,
        _CUSTOMERS,
        Column("to_come", "To come of one", MONEY, value_rule(facts, what, value)),
        Column("low", "from", MONEY, "Lower end of its interval: of the segment, over customers."),
        Column("high", "to", MONEY, "Upper end."),
    )
    each = pl.col("to_come", "low", "high") / pl.col("customers")
    table = segments.with_columns(each.round().cast(pl.Int64))
    caption = f"{value_name(what, value)}, of one customer: no effort for one is worth more"
    return Table(
        "to_come_of_one", caption, columns, _rows(table, [column.key for column in columns[2:]])
    )


def year_table(year: Trial) -> Table:
    """Return how model and rule foretold the year held back."""
    columns = (
        Column("by", "By", TEXT, "What foretold it."),
        Column("sales", "Sales foretold, of what came", SHARE, "In total, before returns."),
        Column("purchases", "Purchases foretold, of what came", SHARE, "In total."),
        Column("rmse", "RMSE", NUMBER, "Error of a customer's purchases; less is better."),
    )
    measures = year.report.measures.set_index(["prediction", "measure"])["estimate"]
    rows = tuple(
        (
            "same rate as before" if name == RULE else "BG/NBD model",
            year.predicted_sales[name],
            year.predicted[name],
            float(measures[name, "RMSE"]),
        )
        for name in year.predicted
    )
    window = year.window
    caption = f"Foretold for the {window.weeks} weeks held back after {iso_day(window.as_of)}"
    return Table("year_held_back", caption, columns, rows)
