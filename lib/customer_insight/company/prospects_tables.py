"""The tables ``prospects`` and ``truth_prospects``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp, power
from customer_insight.company.content import content
from customer_insight.company.draws import Draws, Stream, row_edges
from customer_insight.company.ids import customer_ids
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.organisations import (
    KINDS,
    by_kind,
    dates,
    organisation_ids,
)
from customer_insight.company.places import Places
from customer_insight.company.prospects import NEEDS, SCENES, Prospects
from customer_insight.company.prospects_cells import GROUPS, SOURCES, Cells
from customer_insight.company.sales_team import SalesTeam
from customer_insight.company.truth_tables import rounded
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

GRADES = ("low", "medium", "high")
FIRMS = ("T1", "T2", "T3", "T4", "G1", "G2", "G3", "G4")
_FIRM_FACTS = ("name", "name_zh", "kind", "employees", "city_id", "agency_grade")
_PERSON_FACTS = ("name", "name_zh", "city_id", "age", "occupation")


def prospect_tables(
    prospects: Prospects,
    cells: Cells,
    team: SalesTeam,
    *,
    group: OrganisationBlock,
    organisations: pl.DataFrame,
    customers: pl.DataFrame,
    places: Places,
    ids: pl.Series,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return who the prospects are.

    Parameters
    ----------
    prospects, cells, team : Prospects, Cells, SalesTeam
        Of the block.
    group : OrganisationBlock
        Organisations.
    organisations, customers : polars.DataFrame
        The block's part of these tables.
    places : Places
        Cities.
    ids : polars.Series
        Of the prospects.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``prospects`` without lawful basis and list entry, ``truth_prospects``; one row a prospect.
        Amounts are fen a year.
    """
    firm = cells.organisation[prospects.cell]
    who = cells.customer[prospects.cell]
    facts = pl.concat(
        [
            _firms(
                np.flatnonzero(firm), prospects, cells, organisations, places=places, draws=draws
            ),
            _people(np.flatnonzero(~firm), prospects, cells, customers, draws),
        ],
        how="diagonal",
    ).sort("place")
    yearly, estimate = _amounts(firm, facts, cells.group[prospects.cell], draws)
    known = pl.Series(prospects.won & (prospects.ends < calendar.DAYS))
    customer = pl.select(
        pl.when(pl.Series(firm))
        .then(organisation_ids(group.number, np.where(firm, who, 0)))
        .otherwise(customer_ids(team.number, np.where(firm, 0, who)))
    ).to_series()
    table = pl.DataFrame(
        {
            "prospect_id": ids,
            "side": np.where(firm, "organisation", "person"),
            **facts.drop("place").to_dict(),
            "need_id": pl.Series(NEEDS).gather(prospects.need),
            "scene": pl.Series(SCENES).gather(prospects.scene),
            "found_on": dates(prospects.found),
            "lead_source": pl.Series(SOURCES).gather(cells.source[prospects.cell]),
            "intent": pl.Series(GRADES).gather(prospects.grade),
            "expected_amount": pl.Series(estimate),
            "rival_firm_id": _rivals(prospects, draws),
            "decider_known": prospects.decider | ~firm,
            "staff_id": team.ids(prospects.seat, prospects.found),
            "customer_id": customer,
        }
    ).with_columns(pl.when(known).then("customer_id").alias("customer_id"))
    truth = pl.DataFrame(
        {
            "prospect_id": ids,
            "intent": rounded(prospects.intent),
            "qualify_chance": rounded(prospects.to_qualify),
            "win_chance": rounded(prospects.to_qualify * prospects.to_close),
            "expected_amount": pl.Series(yearly),
        }
    )
    return {"prospects": table, "truth_prospects": truth}


def _firms(
    at: np.ndarray,
    prospects: Prospects,
    cells: Cells,
    organisations: pl.DataFrame,
    *,
    places: Places,
    draws: Draws,
) -> pl.DataFrame:
    """Return organisations: those won as they are, others like them with names of their own."""
    size, cell, facts = len(at), prospects.cell[at], company_mechanism("organisations")
    own = organisations[cells.customer[cell]]
    kind = cells.group[cell]
    spread = facts["employees_spread"] * draws.of("prospects", "employees").normal(size)
    employees = np.rint(by_kind(facts["employees"])[kind] * exp(spread)).astype(np.int64)
    least, most = min(facts["size_bands"].values()), facts["most_employees"]
    city = draws.of("prospects", "city").pick(places.weight, size)
    others = pl.DataFrame(
        {
            **_firm_names(kind, city, places, draws),
            "kind": own["kind"],
            "employees": np.clip(employees, least, most),
            "city_id": places.cities["city_id"].gather(city),
            "agency_grade": own["agency_grade"],
        }
    )
    return _chosen(at, prospects.won[at], own.select(_FIRM_FACTS), others)


def _people(
    at: np.ndarray, prospects: Prospects, cells: Cells, customers: pl.DataFrame, draws: Draws
) -> pl.DataFrame:
    """Return people: those won as they are, others near their age with names of their own."""
    size, cell = len(at), prospects.cell[at]
    found = dates(prospects.found[at])
    own = customers[cells.customer[cell]].with_columns(
        age=(found - customers["born_on"].gather(cells.customer[cell])).dt.total_days() // 365
    )
    other = draws.of("prospects", "other").whole(0, max(len(customers), 1), size)
    surnames, given = content("surnames"), content("given_names")
    family = surnames[draws.of("prospects", "surname").pick(surnames["weight"].to_numpy(), size)]
    first = given[draws.of("prospects", "given_name").whole(0, given.height, size)]
    years = pl.Series(draws.of("prospects", "age").whole(*mechanism("prospects")["age"], size))
    others = pl.concat([family, first], how="horizontal").select(
        name=pl.concat_str("given_name", "surname", separator=" "),
        name_zh=pl.concat_str("surname_zh", "given_name_zh"),
        city_id=customers["city_id"].gather(other),
        age=(own["age"] + years).clip(18, 85),
        occupation=own["occupation"],
    )
    return _chosen(at, prospects.won[at], own.select(_PERSON_FACTS), others)


def _chosen(
    at: np.ndarray, won: np.ndarray, own: pl.DataFrame, others: pl.DataFrame
) -> pl.DataFrame:
    """Return the own facts of who is won, others' of the rest, with the place of each."""
    lots = pl.Series(won)
    columns = {
        name: pl.select(pl.when(lots).then(own[name]).otherwise(others[name])).to_series()
        for name in own.columns
    }
    return pl.DataFrame({"place": at, **columns})


def _firm_names(
    kind: np.ndarray, city: np.ndarray, places: Places, draws: Draws
) -> dict[str, pl.Series]:
    words = content("organisation_names")
    weight, stems = words["weight"].to_numpy(), (words["part"] == "stem").to_numpy()
    stem = draws.of("prospects", "stem").pick(weight * stems, len(kind))
    fits = np.array([(words["kind"] == name).fill_null(False).to_numpy() for name in KINDS])
    ending = draws.of("prospects", "ending").pick_by_row(row_edges(weight * fits), kind)
    return {
        column: pl.select(
            pl.concat_str(
                places.cities[column].gather(city),
                words[column].gather(stem),
                words[column].gather(ending),
                separator=between,
            )
        ).to_series()
        for column, between in (("name", " "), ("name_zh", ""))
    }


def _amounts(
    firm: np.ndarray, facts: pl.DataFrame, group: np.ndarray, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """Return what each would spend in a year, and what the salesperson thinks, fen."""
    own, size = mechanism("prospects"), len(firm)
    usual = np.array([own["yearly"].get(name, own["yearly"]["person"]) for name in GROUPS])
    median = by_kind(company_mechanism("organisations")["employees"])
    employees = facts["employees"].fill_null(1).to_numpy()
    relative = np.where(firm, employees / median[np.where(firm, group, 0)], 1.0)
    spread = exp(own["yearly_spread"] * draws.of("prospects", "yearly").normal(size))
    yearly = usual[group] * power(relative, own["by_size"]) * spread
    error = exp(own["yearly_error"] * draws.of("prospects", "estimate").normal(size))
    return _hundreds(yearly), _hundreds(yearly * error)


def _hundreds(amount: np.ndarray) -> np.ndarray:
    return 100 * np.rint(amount / 100).astype(np.int64)


def _rivals(prospects: Prospects, draws: Draws) -> pl.Series:
    """Return the rival spoken of: one of tea or of gear, by the scene; null for none."""
    half = len(FIRMS) // 2
    gear = np.isin(prospects.scene, [SCENES.index("camping"), SCENES.index("hiking")])
    lot: Stream = draws.of("prospects", "rival_firm")
    firm = lot.whole(0, half, len(prospects)) + half * gear
    return pl.Series([*FIRMS, None]).gather(np.where(prospects.rival, firm, len(FIRMS)))
