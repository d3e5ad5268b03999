"""Cities and shops: where customers live, and where they can go."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER


@dataclass(frozen=True)
class Places:
    """Cities and shops, as ``content`` gives them, and what is asked of them."""

    cities: pl.DataFrame
    shops: pl.DataFrame

    @property
    def tier(self) -> np.ndarray:
        """The tier of each city, 0 to 3, shape (cities,)."""
        return self.cities["tier"].to_numpy() - 1

    @property
    def weight(self) -> np.ndarray:
        """How many of the customers live in each city, in proportion, shape (cities,)."""
        return self.cities["weight"].to_numpy()

    @property
    def shop_from(self) -> np.ndarray:
        """The day from which each city has a shop, counted from the company's first; NEVER if none.

        Of shape (cities,); negative where it opened before.
        """
        return self._shops_by_city[1][:, 0]

    def shop_at(self, city: np.ndarray, day: np.ndarray, draws: Draws) -> np.ndarray:
        """Return the shop where an order was placed: one of those open in the city that day.

        Parameters
        ----------
        city, day : numpy.ndarray of int, shape (orders,)
            Place among the cities, and day counted from the company's first.
        draws : Draws
            Of the block.

        Returns
        -------
        numpy.ndarray of int, shape (orders,)
            Place among the shops, -1 where the city has none.
        """
        shop, opened = self._shops_by_city
        open_ = (opened[city] <= day[:, None]).sum(axis=1)
        drawn = draws.of("orders", "shop").whole(0, np.maximum(open_, 1), len(city))
        return np.where(open_ > 0, shop[city, drawn], -1)

    @property
    def _shops_by_city(self) -> tuple[np.ndarray, np.ndarray]:
        """Return each city's shops by day of opening, and that day; padded with -1 and never."""
        opened = self.shops["opened"].cast(pl.Int64).to_numpy() - calendar.FIRST_DAY
        at = self.shops["city_id"].to_numpy()
        groups = [np.flatnonzero(at == city) for city in self.cities["city_id"].to_numpy()]
        groups = [group[np.argsort(opened[group], kind="stable")] for group in groups]
        width = max(1, *map(len, groups))
        shop = np.full((len(groups), width), -1)
        day = np.full((len(groups), width), NEVER)
        for row, group in enumerate(groups):
            shop[row, : len(group)] = group
            day[row, : len(group)] = opened[group]
        return shop, day
