"""Services and privileges, what they cost and who takes them up."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.ids import customer_ids
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.organisations import dates, organisation_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

FREE_DELIVERY = "V01"
_MENU_COLUMNS = (
    *("service_id", "name", "name_zh", "kind", "level", "channel", "minutes", "cost", "price"),
    *("team", "partner_id"),
)
_SHORTEST = 1


def service_menu() -> pl.DataFrame:
    """Return the table ``service_menu``.

    Returns
    -------
    polars.DataFrame
        One row a service: ``service_id``, ``name``, ``name_zh``, ``kind``, ``level`` (from which
        it is open), ``channel``, ``minutes`` (of staff, usual), ``cost`` and ``price`` (fen a
        use), ``team``, ``partner_id`` (missing: the company's own).
    """
    menu = mechanism("services")["menu"]
    return pl.DataFrame(menu, schema_overrides={"partner_id": pl.String}).select(_MENU_COLUMNS)


def service_uses(block: PeopleBlock, feelings: Feelings, draws: Draws) -> pl.DataFrame:
    """Return which services people took up, part of the table ``service_uses``.

    Parameters
    ----------
    block : PeopleBlock
        People, their levels and web orders.
    feelings : Feelings
        Of the block.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a use, sorted by service, day and customer: ``service_id``, ``customer_id``,
        ``used_on``, ``minutes``, ``cost`` and ``paid`` (fen).
    """
    facts, own = mechanism("services"), draws.within(block.number)
    low, step = facts["by_care"]
    eager = low + step * feelings.care
    ids = customer_ids(block.number, np.arange(len(block)))
    parts = [_free_deliveries(block, ids)]
    for service in _menu_of("person"):
        for year in calendar.YEARS[:-1]:
            start, end = calendar.year_bounds(year)
            starts = np.maximum(block.habits.first, start)
            ends = np.minimum(block.left + 1, end)
            open_ = _levels(block, year) >= _level_number(service["level"])
            days = np.where(open_, np.maximum(ends - starts, 0), 0)
            parts.append(_uses(service, days, starts, eager, draws=own.within(year), ids=ids))
    return pl.concat(parts).sort("service_id", "used_on", "customer_id")


def organisation_service_uses(block: OrganisationBlock, draws: Draws) -> pl.DataFrame:
    """Return which services organisations took up, part of the table ``service_uses``.

    Parameters
    ----------
    block : OrganisationBlock
        Organisations; the larger ones take up more.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        Columns as `service_uses` gives them.
    """
    own = draws.within(block.number)
    organisations = block.organisations
    starts = organisations.since
    days = np.maximum(np.minimum(block.demand.left + 1, calendar.DAYS) - starts, 0)
    size = np.array(mechanism("services")["by_band"])[organisations.band]
    ids = organisation_ids(block.number, np.arange(len(block)))
    parts = [
        _uses(service, days, starts, size, draws=own, ids=ids)
        for service in _menu_of("organisation")
    ]
    return pl.concat(parts).sort("service_id", "used_on", "customer_id")


def _menu_of(side: str) -> list[dict]:
    return [service for service in mechanism("services")["menu"] if service["side"] == side]


def _level_number(level: str) -> int:
    return company_mechanism("levels")["names"].index(level)


def _levels(block: PeopleBlock, year: int) -> np.ndarray:
    return block.levels[:, calendar.YEARS.index(year)]


def _free_deliveries(block: PeopleBlock, ids: pl.Series) -> pl.DataFrame:
    """Return a use for every web order from the level on that has free delivery."""
    service = next(s for s in _menu_of("person") if s["service_id"] == FREE_DELIVERY)
    bought = block.purchases
    bounds = np.array([calendar.year_bounds(year)[0] for year in calendar.YEARS])
    year = np.searchsorted(bounds, bought.day, side="right") - 1
    free = block.levels[bought.person, year] >= _level_number(service["level"])
    at = np.flatnonzero(free & bought.outcomes.web)
    return _frame(
        service,
        ids.gather(bought.person[at]),
        bought.day[at],
        np.zeros(len(at), dtype=np.int64),
    )


def _uses(
    service: dict,
    days: np.ndarray,
    starts: np.ndarray,
    times: np.ndarray,
    *,
    draws: Draws,
    ids: pl.Series,
) -> pl.DataFrame:
    """Return uses at a yearly rate on so many days from a start, shape (customers,) each."""
    own = draws.of("service_uses", service["service_id"])
    count = own.poisson(service["a_year"] * days / 365 * times)
    who = np.repeat(np.arange(len(days)), count)
    used = starts[who] + np.floor(own.uniform(len(who)) * days[who]).astype(np.int64)
    usual = np.full(len(who), float(service["minutes"]))
    minutes = np.maximum(own.poisson(usual), _SHORTEST) * (service["minutes"] > 0)
    return _frame(service, ids.gather(who), used, minutes)


def _frame(
    service: dict, customer_id: pl.Series, used: np.ndarray, minutes: np.ndarray
) -> pl.DataFrame:
    more = (minutes - service["minutes"]) * mechanism("services")["cost_minute"]
    return pl.DataFrame(
        {
            "service_id": [service["service_id"]] * len(used),
            "customer_id": customer_id.rename("customer_id"),
            "used_on": dates(used),
            "minutes": minutes,
            "cost": np.maximum(service["cost"] + more, 0),
            "paid": np.full(len(used), service["price"]),
        },
        schema_overrides={"service_id": pl.String},
    )
