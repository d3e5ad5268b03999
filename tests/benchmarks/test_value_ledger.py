"""The whole ledger of a company, ten thousand to a million customers: time, memory and growth."""

import json
import subprocess
import sys
import time

import numpy as np
import polars as pl
import pytest
from lifetimes import BetaGeoFitter, GammaGammaFitter

from customer_insight import features
from customer_insight.clv import BGNBD, GammaGamma

from . import company_ledger

# Two engines of two threads each, and time that is to grow with the customers alone.
pytestmark = [pytest.mark.evidence, pytest.mark.alone]

SIZES = (10_000, 100_000, 1_000_000)
HUNDRED_THOUSAND, MILLION = SIZES[1:]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return the facts of the ledger and of the groups, by number of customers."""
    facts = {}
    for n in SIZES:
        folder = tmp_path_factory.mktemp(f"company-{n}")
        company_ledger.write_company(folder, n)
        for what in ("ledger", "groups"):
            command = [sys.executable, company_ledger.__file__, what, str(folder)]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            facts[what, n] = json.loads(done.stdout)
            facts[what, n]["processor"] = sum(lap[1] for lap in facts[what, n]["laps"].values())
        for path in folder.iterdir():
            path.unlink()
    return facts


def test_the_lines_add_up_to_the_books_at_every_size(found):
    for n in SIZES:
        assert found["ledger", n]["customers"] == n
        # eleven lines of each of two years, and the two booked lines of the ledger
        assert found["ledger", n]["differences"] == [0] * 24
        assert found["ledger", n]["booked"] > 0


def test_the_intervals_close_in_as_customers_are_more(found):
    for what in ("ledger", "groups"):
        width = []
        for n in SIZES:
            low, middle, high = found[what, n]["interval"]
            assert low < middle < high
            width.append((high - low) / middle)
        assert width[2] < 0.5 * width[1] < 0.25 * width[0]


def test_time_grows_with_the_customers_and_memory_keeps_its_budget(found):
    for (what, n), one in found.items():
        wall = sum(lap[0] for lap in one["laps"].values())
        print(
            f"{what} of {n:>9,}: {wall:6.1f} s, processor {one['processor']:5.1f} s, "
            f"{one['peak'] / 1e9:.2f} GB; processor by step: "
            + ", ".join(f"{name} {lap[1]:.1f}" for name, lap in one["laps"].items())
        )
    for what in ("ledger", "groups"):
        small, large = found[what, HUNDRED_THOUSAND], found[what, MILLION]
        assert large["processor"] < 1.5 * 10 * small["processor"]
        assert large["peak"] < 2e9


def test_models_and_money_of_a_year_beside_lifetimes(tmp_path):
    company_ledger.write_company(tmp_path, SIZES[0])
    lines = pl.read_parquet(tmp_path / "lines.parquet")
    summary = features.purchase_summary(lines, as_of=company_ledger.STOP, unit="week").to_pandas()
    x, t_x, T = (
        summary["repeat_purchases"],
        summary["weeks_first_to_last"],
        summary["weeks_observed"],
    )
    mean, back = summary["repeat_amount"] / x.where(x > 0, 1), x > 0

    def ours():
        purchases, spend = BGNBD().fit(summary), GammaGamma().fit(summary)
        return purchases.expected_purchases(summary, horizon="52 weeks") * spend.expected_spend(
            summary
        )

    def theirs():
        purchases = BetaGeoFitter().fit(x, t_x, T)
        spend = GammaGammaFitter().fit(x[back], mean[back])
        number = purchases.conditional_expected_number_of_purchases_up_to_time(52, x, t_x, T)
        return number * spend.conditional_expected_average_profit(x, mean)

    seconds, values = [], []
    for work in (ours, theirs):
        took = []
        for _ in range(3):
            start = time.process_time()
            value = work()
            took.append(time.process_time() - start)
        seconds.append(np.median(took))
        values.append(value)
    ours_took, theirs_took = seconds
    print(f"models and money of {SIZES[0]:,}: {ours_took:.2f} s, lifetimes {theirs_took:.2f} s")
    np.testing.assert_allclose(values[0], values[1], rtol=1e-3)
    assert theirs_took > 3 * ours_took
