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

from customer_insight.company.draws import Draws
from customer_insight.company.fixed_tables import fixed_tables
from customer_insight.company.one_block import counted_tables, draw_block, organisations_of
from customer_insight.company.people_block import PEOPLE
from customer_insight.company.table_writer import TableWriter
from customer_insight.company.world import goods_and_places
from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.company_catalog import CATALOG_NAME, MANIFEST_NAME, table_facts

SHIPPED_PEOPLE, SHIPPED_SEED = 6_000, 20_220_101
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
    business_only: bool = False,
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
    business_only : bool, default False
        Draw people, organisations, goods, orders, points and costs alone, without what customers
        say and staff do: the same bytes in a third of the time.
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
        built = _write(
            part,
            folder,
            people,
            seed,
            business_only=business_only,
            report=report or (lambda done, all_: None),
        )
        _take_place(part, folder, built)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return built


def _write(
    part: Path,
    folder: Path,
    people: int,
    seed: int,
    *,
    business_only: bool,
    report: Callable[[int, int], None],
) -> Built:
    draws = Draws(seed)
    goods, places = goods_and_places(draws)
    blocks = list(_blocks(people, PEOPLE))
    with TableWriter(part, table_facts(COMPANY_FOLDER / CATALOG_NAME)) as writer:
        for name, table in fixed_tables(goods, places, people, draws, business_only=business_only):
            writer.write(name, table)
        draw = functools.partial(
            draw_block, goods=goods, places=places, draws=draws, business_only=business_only
        )
        counts = []
        for done, block in enumerate(_ahead(draw, blocks), 1):
            for name, table in block.tables:
                writer.write(name, table)
            counts.append(block.counts)
            report(done, len(blocks))
        for name, table in counted_tables(counts, draws):
            writer.write(name, table)
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
    shutil.copytree(COMPANY_FOLDER / CATALOG_NAME, part / CATALOG_NAME)
    (part / MANIFEST_NAME).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    for file in sorted(part.rglob("*")):
        if file.is_file() and file.name != MANIFEST_NAME:
            place = folder / file.relative_to(part)
            place.parent.mkdir(exist_ok=True)
            file.replace(place)
    (part / MANIFEST_NAME).replace(folder / MANIFEST_NAME)
