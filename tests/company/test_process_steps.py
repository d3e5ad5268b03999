"""Cases in the back offices: steps in order, and the real effect of a change."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.process_steps import (
    PROCESSES,
    SITES,
    draw_cases,
    improvement_table,
    step_table,
)
from customer_insight.company.service_team import draw_back_office
from customer_insight.company.service_truth import effect_table
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def office(draws):
    return draw_back_office(draws)


@pytest.fixture(scope="module")
def steps(office, draws):
    return step_table(office, draws)


def worked_hours(at):
    """Return the desk's hours up to a time."""
    facts = mechanism("service_answers")
    opens, long = facts["opens"], facts["closes"] - facts["opens"]
    hour = at.dt.hour() + at.dt.minute() / 60 + at.dt.second() / 3600
    day = at.dt.date().cast(pl.Int32)
    return (day * long + (hour - opens).clip(0, long)).to_numpy()


def by_case(steps, process, outcome):
    """Return the logarithm of hours or cost of the changed step, the site, and before or after."""
    facts = mechanism("process_steps")
    effect = facts["effects"][process]
    received = steps.filter(step_number=1).select("case_id", opened="started_at")
    own = steps.filter(process=process, step=effect["step"]).join(received, on="case_id")
    hours = worked_hours(own["ended_at"]) - worked_hours(own["started_at"])
    values = np.log(hours + 1e-3) if outcome == "hours" else np.log(own["cost"].to_numpy())
    after = (own["opened"].dt.date() >= facts["changed_on"]).to_numpy()
    return values, (own["site"] == facts["changed_site"]).to_numpy(), after


def change(values, changed, after):
    """Return after less before at the changed site or the other, with its standard error."""
    parts = [values[changed & after], values[changed & ~after]]
    error = np.sqrt(sum(part.var() / len(part) for part in parts))
    return parts[0].mean() - parts[1].mean(), error


def test_steps_follow_each_other_in_every_case(steps):
    stated = mechanism("process_steps")["steps"]
    for process in PROCESSES:
        own = steps.filter(process=process)
        orders = own.group_by("case_id", maintain_order=True).agg("step", "step_number")
        assert set(map(tuple, orders["step"])) == {tuple(stated[process])}
    ordered = steps.sort("case_id", "step_number")
    same = ordered["case_id"][1:] == ordered["case_id"][:-1]
    assert (ordered["started_at"][1:] == ordered["ended_at"][:-1]).filter(same).all()
    cases = steps.group_by("case_id").agg(pl.col("site", "staff_id", "process").n_unique())
    assert (cases["site"] == 1).all()


def test_cases_come_from_both_sites_in_the_stated_time(draws, steps):
    facts = mechanism("process_steps")
    cases = draw_cases(draws)
    days = (facts["to"] - facts["from"]).days
    for place, site in enumerate(SITES):
        expected = facts["cases"][site] * days * len(PROCESSES)
        assert abs((cases.site == place).sum() - expected) < 4 * np.sqrt(expected)
    opened = steps.filter(step_number=1)["started_at"].dt.date()
    assert facts["from"] <= opened.min() <= opened.max() <= facts["to"]


@pytest.mark.parametrize("outcome", ["hours", "cost"])
@pytest.mark.parametrize("process", PROCESSES)
def test_the_control_site_recovers_the_effect_of_the_change(steps, process, outcome):
    values, site, after = by_case(steps, process, outcome)
    here, error = change(values, site, after)
    there, other = change(values, ~site, after)
    step = mechanism("process_steps")["effects"][process]["step"]
    row = effect_table().filter(cause=f"change of {step}", outcome=outcome, group_name=process)
    stated = np.log(1 + row["effect"].item())
    assert abs(here - there - stated) < 3.5 * np.hypot(error, other)
    assert np.hypot(error, other) < 0.12


def test_before_and_after_alone_show_too_much(steps):
    values, site, after = by_case(steps, "parcel_search", "hours")
    alone = [change(values, of, after)[0] for of in (site, ~site)]
    expected = np.log(mechanism("process_steps")["trend"]) / 2
    assert np.mean(alone) < 0.4 * expected


def test_the_register_has_a_success_a_failure_and_one_still_open(office):
    table = improvement_table(office)
    assert set(table["result"]) == {"kept", "given_up", "open"}
    assert table["opened_on"].is_sorted()
    kept = table.filter(result="kept")
    assert kept["changed_on"].unique().to_list() == [mechanism("process_steps")["changed_on"]]
    assert (kept["reviewed_on"] > kept["changed_on"]).all()
    known = mechanism("process_steps")["steps"]
    assert all(step in known[process] for process, step in table.select("process", "step").rows())
