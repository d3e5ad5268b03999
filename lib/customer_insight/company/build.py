"""Build the company: all tables, block by block, into one folder."""

import functools
import json
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from customer_insight.company.acquisition import (
    CHANNELS,
    MONTHS,
    acquisition_channels,
    acquisition_spend,
    count_sign_ups,
)
from customer_insight.company.baskets import Goods
from customer_insight.company.choices import set_choices
from customer_insight.company.communities import community_truth, make_communities
from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.fixed_tables import fixed_tables
from customer_insight.company.levels import level_table
from customer_insight.company.order_tables import order_tables
from customer_insight.company.organisation_block import (
    draw_organisation_block,
    organisation_tables,
)
from customer_insight.company.people import people_tables
from customer_insight.company.people_block import PEOPLE, draw_people_block
from customer_insight.company.places import Places
from customer_insight.company.points import point_table
from customer_insight.company.prices import set_prices
from customer_insight.company.referrals import draw_referrals, referral_table, referral_truth
from customer_insight.company.returns import return_table
from customer_insight.company.service import (
    demandingness_truth,
    draw_demandingness,
    service_contacts,
)
from customer_insight.company.table_writer import TableWriter
from customer_insight.company.truth_tables import future_truth, people_truth
from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.company_catalog import CATALOG_NAME, MANIFEST_NAME, table_facts

SHIPPED_PEOPLE, SHIPPED_SEED = 6_000, 20_220_101
PEOPLE_PER_ORGANISATION = 25
MOST_PEOPLE = 10_000_000
THREADS = 2


@dataclass(frozen=True)
class Built:
    """A company that was built: where, from what, and its tables with rows and content hashes."""

    folder: Path
    people: int
    organisations: int
    seed: int
    tables: dict[str, dict]


def build_company(
    folder: Path,
    *,
    people: int = SHIPPED_PEOPLE,
    seed: int = SHIPPED_SEED,
    report: Callable[[int, int], None] | None = None,
) -> Built:
    """Draw a company and write all its tables.

    The tables go to a new folder beside the target, which takes the target's place when all is
    written; if anything fails, the target is as it was.

    Parameters
    ----------
    folder : pathlib.Path
        Where the parquet files, ``truth/`` and ``manifest.json`` shall lie.
    people : int, default 6000
        Customers who are people, 1 to 10 million; an organisation comes on every 25 of them.
    seed : int, default 20220101
        Not negative. The same seed and number give the same tables everywhere.
    report : callable, optional
        Called with the blocks done and the blocks in all.

    Returns
    -------
    Built

    Raises
    ------
    ValueError
        If `people` or `seed` is out of range. Nothing is written then.
    """
    if not 1 <= people <= MOST_PEOPLE or seed < 0:
        raise ValueError(
            f"people is {people:,} and must be 1 to {MOST_PEOPLE:,}; seed is {seed} and must not "
            "be negative."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        built = _write(part, folder, people, seed, report or (lambda done, all_: None))
        _take_place(part, folder, built)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return built


def goods_and_places(draws: Draws) -> tuple[Goods, Places]:
    """Return what can be bought and where, the same for every block of customers."""
    products = content("products")
    prices = set_prices(products, draws)
    goods = Goods(products, prices, set_choices(products, prices))
    return goods, Places(content("cities"), content("shops"))


def block_tables(
    number: int, people: int, goods: Goods, places: Places, draws: Draws
) -> tuple[dict[str, list[pl.DataFrame]], np.ndarray]:
    """Return all tables about one block of people and its organisations, and the sign-ups.

    Parameters
    ----------
    number : int
        Of the block.
    people : int
        People in it.
    goods, places, draws
        As for the whole company.

    Returns
    -------
    tables : dict of str to list of polars.DataFrame
        Parts of each table, by the names of the catalogue.
    sign_ups : numpy.ndarray of int, shape (months, channels)
        As `acquisition_spend` takes their sum over all blocks.
    """
    block = draw_people_block(number, people, places, goods, draws)
    communities = make_communities(block, draws)
    referrals = draw_referrals(block, communities, draws)
    channels = acquisition_channels(block, referrals, draws)
    demanding = draw_demandingness(block, draws)
    group = draw_organisation_block(number, organisations_of(people), places, goods, draws)
    who = people_tables(block, places, pl.Series(CHANNELS).gather(channels), draws)
    parts = (
        who,
        order_tables(block, goods, places),
        {
            "returns": return_table(block, goods, draws),
            "levels": level_table(block),
            "points": point_table(block, who["customers"]["born_on"], draws),
            "referrals": referral_table(block, referrals),
            "service_contacts": service_contacts(block, demanding, draws),
            "truth_people": people_truth(block),
            "truth_future": future_truth(block, goods),
            "truth_communities": community_truth(block, communities),
            "truth_referrals": referral_truth(block, referrals),
            "truth_demandingness": demandingness_truth(block, demanding),
        },
        organisation_tables(group, places, goods, draws),
    )
    tables: dict[str, list[pl.DataFrame]] = {}
    for name, table in (item for part in parts for item in part.items()):
        tables.setdefault(name, []).append(table)
    return tables, count_sign_ups(block, channels)


def organisations_of(people: int) -> int:
    """Return how many organisations come on so many people: one on 25, the last begun."""
    return -(-people // PEOPLE_PER_ORGANISATION)


def _write(
    part: Path, folder: Path, people: int, seed: int, report: Callable[[int, int], None]
) -> Built:
    draws = Draws(seed)
    goods, places = goods_and_places(draws)
    blocks = list(_blocks(people, PEOPLE))
    with TableWriter(part, table_facts(COMPANY_FOLDER / CATALOG_NAME)) as writer:
        for name, table in fixed_tables(goods, places).items():
            writer.write(name, table)

        draw = functools.partial(block_tables, goods=goods, places=places, draws=draws)
        total = np.zeros((MONTHS, len(CHANNELS)), dtype=np.int64)
        for done, (tables, sign_ups) in enumerate(_ahead(draw, blocks), 1):
            for name, table in ((name, part) for name, parts in tables.items() for part in parts):
                writer.write(name, table)
            total += sign_ups
            report(done, len(blocks))
        writer.write("acquisition_spend", acquisition_spend(total, draws))
        tables = writer.summary()
    return Built(folder, people, sum(map(organisations_of, blocks)), seed, tables)


def _ahead(draw: Callable[[int, int], Any], sizes: list[int]) -> Iterator[Any]:
    """Yield what is drawn for each block, in order, while the next ones are being drawn."""
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        waiting: deque = deque()
        for number, size in enumerate(sizes):
            waiting.append(pool.submit(draw, number, size))
            if len(waiting) > THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _blocks(total: int, most: int) -> Iterator[int]:
    """Return the sizes of blocks of at most so many that make up the total."""
    for start in range(0, total, most):
        yield min(most, total - start)


def _take_place(part: Path, folder: Path, built: Built) -> None:
    """Move the new tables over the old ones; what else lies in the folder stays."""
    facts = {
        "people": built.people,
        "organisations": built.organisations,
        "seed": built.seed,
        "tables": built.tables,
    }
    shutil.copyfile(COMPANY_FOLDER / CATALOG_NAME, part / CATALOG_NAME)
    (part / MANIFEST_NAME).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    for file in sorted(part.rglob("*")):
        if file.is_file() and file.name != MANIFEST_NAME:
            file.replace(folder / file.relative_to(part))
    (part / MANIFEST_NAME).replace(folder / MANIFEST_NAME)
