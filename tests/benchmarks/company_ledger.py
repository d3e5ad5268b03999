"""A drawn company, its books and its whole ledger; run by itself, it says what it took."""

import datetime as dt
import json
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from customer_insight import clv, features
from customer_insight.clv import BGNBD, GammaGamma, GammaPoisson

EPOCH, STOP = dt.date(1970, 1, 1), dt.date(2024, 12, 31)
AS_OF = (STOP - EPOCH).days
YEARS = {year: (dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in (2023, 2024)}
PURCHASES = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
SPEND = GammaGamma.from_parameters(p=6.25, q=3.74, v=15_440.0)
TERMS = {"horizon": "52 weeks", "discount_per_year": 0.1}

# What the books say of a year, summed by hand from the tables.
ACCOUNTS = """
SELECT sum(quantity * unit_price) AS gross_sales, -sum(discount) AS discount,
    -sum(quantity * unit_cost) AS cost_of_goods, -640 * count(*) AS fulfilment,
    (SELECT -sum(refund) FROM '{folder}/returns.parquet' WHERE year = {year}) AS refunds,
    (SELECT sum(quantity * unit_cost * resaleable) FROM '{folder}/returns.parquet'
        WHERE year = {year}) AS returned_goods,
    (SELECT -243 * sum(minutes) FROM '{folder}/calls.parquet' WHERE year = {year}) AS service,
    (SELECT -sum(spend) FROM '{folder}/spend.parquet' WHERE year = {year}) AS acquisition,
    -5000000 AS shared, 0 AS loyalty
FROM '{folder}/lines.parquet' WHERE year = {year}
"""


def write_company(folder, n):
    """Draw two years of orders, returns, calls and advertising of n customers."""
    rng = np.random.default_rng(n)
    observed = rng.integers(84, 729, n)
    drawn = PURCHASES.simulate(observed / 7, seed=rng)
    x = drawn["repeat_purchases"]
    last = np.minimum(np.ceil(7 * drawn["weeks_first_to_last"]).astype(int), observed)
    who = np.repeat(np.arange(n), x + 1)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(x + 1) - x - 1, x + 1)
    between = np.ceil(rng.random(len(who)) * last[who]).astype(int)
    later = np.where(nth == 0, 0, np.where(nth == x[who], last[who], between))
    rate = rng.gamma(SPEND.q_, 1 / SPEND.v_, n)
    price = np.maximum(rng.gamma(SPEND.p_, size=len(who)) / rate[who] / 2, 1).astype(int)
    quantity = rng.integers(1, 4, len(who))
    ids = pl.Series(range(n)).cast(pl.String).str.zfill(8)
    lines = pl.DataFrame(
        {
            "customer_id": ids[who],
            "order_id": pl.Series(range(len(who))).cast(pl.String),
            "day": AS_OF - observed[who] + later,
            "quantity": quantity,
            "unit_price": price,
            "discount": np.where(rng.random(len(who)) < 0.2, quantity * price // 10, 0),
            "unit_cost": price * 11 // 20 + 1,
            "cost_quantity": np.ones(len(who), dtype=int),
            "minutes": rng.poisson(4 * rng.gamma(0.5, 0.4, n)[who]),
            "resaleable": rng.integers(0, 2, len(who)),
        }
    ).with_columns(
        amount=pl.col("quantity") * pl.col("unit_price") - pl.col("discount"),
        year=_date("day").dt.year(),
    )
    customers = pl.DataFrame({"customer_id": ids, "day": AS_OF - observed}).with_columns(
        key=_date("day").dt.strftime("%Y-%m"), city=pl.Series(rng.integers(0, 3, n))
    )
    months = [(year, f"{year}-{month:02d}") for year in YEARS for month in range(1, 13)]
    tables = {
        "lines": lines.drop("minutes", "resaleable"),
        "returns": lines.filter(rng.random(len(who)) < rng.gamma(0.8, 0.1, n)[who]).rename(
            {"amount": "refund"}
        ),
        "calls": lines.filter(pl.col("minutes") > 0).select("customer_id", "year", "minutes"),
        "customers": customers,
        "spend": pl.DataFrame(months, schema=["year", "key"], orient="row").with_columns(
            spend=pl.lit(40 * n)
        ),
    }
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")


def _date(column):
    return pl.col(column).cast(pl.Int32).cast(pl.Date)


def profit_of(company, year):
    """Return the profit and loss of a year, customer by customer."""
    lines, returns, calls, spend = (
        company[name].filter(year=year) for name in ("lines", "returns", "calls", "spend")
    )
    work = [("packing", lines, pl.lit(1)), ("phone", calls, pl.col("minutes"))]
    used = pl.concat(
        rows.select(
            "customer_id",
            activity=pl.lit(activity),
            period=pl.lit(str(year)),
            volume=volume.cast(pl.Int64),
        )
        for activity, rows, volume in work
    )
    rates = pl.DataFrame(
        {"activity": ["packing", "phone"], "line": ["fulfilment", "service"], "rate": [640, 243]}
    ).with_columns(period=pl.lit(str(year)), units=1)
    pools, keys = map(pl.from_pandas, clv.activity_pools(rates, used))
    won = spend.select(pool="key", line=pl.lit("acquisition"), amount=-pl.col("spend"), key="key")
    rent = pl.DataFrame({"pool": ["rent"], "line": ["shared"], "amount": [-5_000_000]})
    made = [clv.sales_postings(lines), clv.return_postings(returns)]
    joined = company["customers"].select("key", "customer_id", weight=pl.lit(1, pl.Int64))
    first, last = YEARS[year]
    return clv.customer_profit(
        pl.concat(map(pl.from_pandas, made)),
        pl.concat([pools, won, rent], how="diagonal_relaxed"),
        pl.concat([keys, joined]),
        currency="CNY",
        first_day=first,
        as_of=last,
    )


def beside(ids, table, column):
    """Return a column of a table in the order of the ids, 0 where a customer is not in it."""
    joined = ids.to_frame().join(table, on="customer_id", how="left", maintain_order="left")
    return joined[column].fill_null(0).cast(pl.Int64)


def models_of(company, lap):
    """Return the summary, the models fitted to it, and the events that orders bring."""
    summary = features.purchase_summary(company["lines"], as_of=STOP, unit="week")
    summary = summary.sort("customer_id")
    lap("summary")
    models = BGNBD().fit(summary), GammaGamma().fit(summary)
    made, events = summary["repeat_purchases"] + 1, []
    for name in ("returns", "calls"):
        counts = company[name].group_by("customer_id").len("count")
        seen = beside(summary["customer_id"], counts, "count")
        events.append(clv.OrderEvent(name, GammaPoisson().fit(seen, made), seen, cost=900.0))
    lap("models")
    return summary, models, events


def whole_ledger(company, lap):
    """Return the profit and loss of each year, the forecast and the ledger of all customers."""
    profits = {year: profit_of(company, year) for year in YEARS}
    lap("profit")
    summary, models, events = models_of(company, lap)
    economics = clv.OrderEconomics(margin=0.4, order_cost=640)
    forecast = clv.event_forecast(
        models, summary, events, economics=economics, as_of=STOP, currency="CNY", **TERMS
    )
    lap("events")
    soon, long = (
        models[0].discounted_purchases(summary, **TERMS | {"horizon": horizon})
        for horizon in ("52 weeks", "156 weeks")
    )
    beyond = (long - soon) * clv.unit_money(models[1], summary, events, economics).net
    ids, near = summary["customer_id"], AS_OF + 364
    pieces = [
        (str(year), *YEARS[year], beside(ids, pl.from_pandas(profits[year].statement), "profit"))
        for year in YEARS
    ]
    pieces += [
        ("next", AS_OF + 1, near, forecast.customers["profit"]),
        ("beyond", near + 1, AS_OF + 3 * 364, beyond),
    ]
    ledger = clv.value_ledger(
        ids.to_list(),
        [clv.ValueLine(name, "own", "explicit", *piece) for name, *piece in pieces],
        as_of=STOP,
        current_from=YEARS[2024][0],
        near="52 weeks",
        discount_per_year=0.1,
        currency="CNY",
    )
    lap("ledger")
    return profits, forecast, ledger


def ledger_facts(company, folder, lap):
    """Return what must hold of a ledger: its distance from the books, and its interval."""
    profits, forecast, ledger = whole_ledger(company, lap)
    books = {
        year: duckdb.sql(ACCOUNTS.format(folder=folder, year=year)).pl().row(0, named=True)
        for year in YEARS
    }
    tables = [profits[year].reconciliation(books[year]) for year in YEARS]
    tables.append(
        ledger.reconciliation(
            {str(year): sum(books[year].values()) for year in YEARS},
            {str(year): sum(profits[year].unallocated.values()) for year in YEARS},
        )
    )
    total = forecast.statement.iloc[-1]
    return {
        "customers": len(ledger.table),
        "differences": [each for table in tables for each in table["difference"].tolist()],
        "booked": int(sum(books[2024].values())),
        "interval": total[["profit_low", "profit", "profit_high"]].tolist(),
    }


def group_facts(company, folder, lap):
    """Return the interval of the value of three cities, by drawing customers again."""
    periods = clv.purchase_periods(company["lines"], as_of=STOP, period="quarter")
    periods = periods.join(company["customers"].select("customer_id", "city"), on="customer_id")
    lap("periods")
    terms = {"behaviour": "always a share", "longest": 4, "periods": 4}
    terms |= {"discount_per_period": 0.025, "resamples": 200}
    found = clv.values_by_group(periods, group="city", **terms)
    lap("groups")
    return {"interval": [found.low, found.value, found.high]}


def measure(what, folder):
    """Work in this process alone, and print what was found, its times and its peak of memory."""
    laps = {}

    def lap(name):
        now = time.perf_counter(), time.process_time()
        laps[name] = now[0] - began[0], now[1] - began[1]
        began[:] = now

    began = [time.perf_counter(), time.process_time()]
    company = {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}
    lap("read")
    facts = {"ledger": ledger_facts, "groups": group_facts}[what](company, folder, lap)
    # the high-water mark of the process itself: ru_maxrss would begin at what its parent held
    with open("/proc/self/status") as status:
        peak = 1024 * int(next(line.split()[1] for line in status if line.startswith("VmHWM")))
    print(json.dumps(facts | {"laps": laps, "peak": peak}))


if __name__ == "__main__":
    measure(sys.argv[1], Path(sys.argv[2]))
