"""What the company's work costs: the tables ``cost_rates`` and ``shop_costs``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.places import Places
from customer_insight.data.mechanisms import mechanism

_YEARS = calendar.YEARS[:-1]


def cost_rates() -> pl.DataFrame:
    """Return the allocation keys: what each activity costs by its driver, in each year.

    Returns
    -------
    polars.DataFrame
        ``activity``, ``driver``, ``applies_to``, ``year``, ``rate`` (fen for a unit of the driver).

    Examples
    --------
    >>> cost_rates().row(0)
    ('picking', 'line', 'web', 2022, 70)
    """
    rows = [
        (activity, facts["driver"], facts["applies_to"], year, rate)
        for activity, facts in mechanism("cost_rates")["activities"].items()
        for year, rate in zip(_YEARS, facts["rates"], strict=True)
    ]
    columns = ["activity", "driver", "applies_to", "year", "rate"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def shop_costs(places: Places) -> pl.DataFrame:
    """Return what each shop's rent and wages charge to the members' business, by month.

    Parameters
    ----------
    places : Places
        Cities and shops.

    Returns
    -------
    polars.DataFrame
        One row a shop and month in which it was open from the first day, sorted by both:
        ``shop_id``, ``month`` (its first day), ``rent``, ``wages`` (fen).
    """
    facts, shops = mechanism("shop_costs"), places.shops
    month = 12 * (_YEARS[0] - 1970) + np.arange(12 * len(_YEARS))
    starts = month.astype("datetime64[M]").astype("datetime64[D]")
    shop, at = np.nonzero(shops["opened"].to_numpy()[:, None] <= starts[None, :])
    area = shops["area_m2"].to_numpy()
    tier = _tiers(places)
    clerks = np.maximum(area // facts["area_a_clerk"], facts["least_clerks"])
    rent = area * np.array(facts["rent"])[tier]
    wages = clerks * np.array(facts["wage"])[tier]
    return pl.DataFrame(
        {
            "shop_id": shops["shop_id"].gather(shop),
            "month": starts[at],
            "rent": _charged(rent[shop], at // 12, facts["rent_rise"]),
            "wages": _charged(wages[shop], at // 12, facts["wage_rise"]),
        }
    )


def _charged(amount: np.ndarray, years: np.ndarray, rise: int) -> np.ndarray:
    """Return the share of an amount that is charged to members, after so many yearly rises."""
    charged = mechanism("shop_costs")["charged"]
    return amount * (1000 + rise * years) // 1000 * charged // 1000


def _tiers(places: Places) -> np.ndarray:
    """Return the tier of each shop's city, 0 to 3."""
    at = {city: place for place, city in enumerate(places.cities["city_id"])}
    return places.tier[[at[city] for city in places.shops["city_id"]]]
