"""Data that the lifetime-value tests share: CDNOW, and customers drawn from known parameters."""

import datetime as dt
import importlib.util
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from customer_insight import features
from customer_insight.clv import BGNBD, MBGNBD, ParetoNBD

TRUTHS = {
    BGNBD: {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
    MBGNBD: {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614},
    ParetoNBD: {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669},
}


def _dataset(name):
    return Path(importlib.util.find_spec("lifetimes").origin).parent / "datasets" / name


@pytest.fixture(scope="session")
def cdnow_orders():
    """Return the CDNOW sample as transactions, amounts in cents."""
    rows = [line.split() for line in _dataset("CDNOW_sample.txt").read_text().splitlines() if line]
    epoch = dt.date(1970, 1, 1)
    return pl.DataFrame(
        {
            "customer_id": [row[0] for row in rows],
            "order_id": [str(i) for i in range(len(rows))],
            "day": [(dt.datetime.strptime(row[2], "%Y%m%d").date() - epoch).days for row in rows],
            "amount": [round(100 * float(row[4])) for row in rows],
        }
    )


@pytest.fixture(scope="session")
def cdnow_weeks(cdnow_orders):
    summary = features.purchase_summary(cdnow_orders, as_of=dt.date(1997, 9, 30), unit="week")
    return summary.sort("customer_id")


@pytest.fixture(scope="session")
def cdnow_days(cdnow_orders):
    summary = features.purchase_summary(cdnow_orders, as_of=dt.date(1997, 9, 30), unit="day")
    return summary.sort("customer_id")


@pytest.fixture(scope="session")
def cdnow_published():
    """Return the summary published with lifetimes, its times rounded to hundredths of a week."""
    table = pl.read_csv(_dataset("cdnow_customers_summary_with_transactions.csv"))
    return table.select(
        repeat_purchases="x",
        weeks_first_to_last=pl.col("t_x").cast(pl.Float64),
        weeks_observed=pl.col("T").cast(pl.Float64),
        repeat_amount=pl.col("x") * pl.col("zbar"),
        zbar="zbar",
    )


@pytest.fixture(scope="session")
def truth():
    """Return a function that makes a model of a kind with its known parameters, in weeks."""
    return lambda kind: kind.from_parameters(unit="week", **TRUTHS[kind])


@pytest.fixture(scope="session")
def drawn(truth):
    """Return a function that draws a summary of n customers, observed one to two years."""

    def draw(kind, n, seed, days=(365, 730)):
        rng = np.random.default_rng(seed)
        return pl.DataFrame(truth(kind).simulate(rng.integers(*days, n) / 7, seed=rng))

    return draw


@pytest.fixture(scope="session")
def one():
    """Return a function that makes a summary of single histories, in weeks."""

    def make(*histories):
        x, t_x, T = zip(*histories, strict=True)
        return pl.DataFrame(
            {
                "repeat_purchases": list(x) if float not in map(type, x) else [float(n) for n in x],
                "weeks_first_to_last": [float(t) for t in t_x],
                "weeks_observed": [float(t) for t in T],
            }
        )

    return make
