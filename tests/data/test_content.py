import dataclasses

import pyarrow as pa
import pytest

from customer_insight.data.catalog import Check, catalog, published
from customer_insight.data.content import check_content
from customer_insight.data.errors import CatalogError, DataSetError
from customer_insight.data.load import load
from customer_insight.data.read_text import read_text
from customer_insight.data.settle import settle


@pytest.fixture
def table(tiny, tiny_csv):
    return settle(read_text(tiny_csv, tiny), tiny)


def test_the_published_table_passes(tiny, table):
    check_content(table, tiny, slow=True)


def test_each_difference_is_named_with_what_was_found_and_what_was_published(tiny, table):
    with pytest.raises(DataSetError) as error:
        check_content(table.slice(0, 2), tiny)
    message = str(error.value)
    assert "3 of 4 checks differ" in message
    assert "rows: 2, published 3" in message
    assert "pieces: 3, published 6" in message
    assert "amount: 2.50, published 12.75" in message
    assert "first day" not in message


def test_a_text_difference_is_named(tiny, table):
    with pytest.raises(DataSetError, match="first day: 2024-02-02, published 2024-02-01"):
        check_content(table.slice(1, 2), tiny)


def test_slow_checks_run_only_when_asked_for(tiny, table):
    first = pa.array(["007"] * 3)
    doubled = table.set_column(0, "id", first)
    check_content(doubled, tiny)
    with pytest.raises(DataSetError, match=r"1 of 5 checks differ: ids: 1, published 3"):
        check_content(doubled, tiny, slow=True)


@pytest.mark.parametrize(("price", "good"), [(10.254, True), (10.256, False)])
def test_totals_are_compared_at_the_places_published(tiny, table, price, good):
    changed = table.set_column(4, "price", pa.array([2.5, None, price]))
    if good:
        check_content(changed, tiny)
    else:
        with pytest.raises(DataSetError, match=r"amount: 12.76, published 12.75"):
            check_content(changed, tiny)


@pytest.mark.parametrize("price", [float("inf"), float("nan")])
def test_a_total_that_is_no_number_differs(tiny, table, price):
    changed = table.set_column(4, "price", pa.array([2.5, None, price]))
    with pytest.raises(DataSetError, match=r"amount: (Infinity|NaN), published 12.75"):
        check_content(changed, tiny)


def test_an_empty_table_differs(tiny, table):
    with pytest.raises(DataSetError, match=r"rows: 0, published 3; pieces: None, published 6"):
        check_content(table.slice(0, 0), tiny)


def test_a_check_that_is_no_sql_is_the_catalogues_fault(tiny, table):
    broken = dataclasses.replace(tiny, checks=(Check("x", "sum(nothing)", 1),))
    with pytest.raises(CatalogError, match="tiny: a check of the catalogue fails"):
        check_content(table, broken)


@pytest.mark.parametrize("name", list(published()))
def test_every_check_of_the_catalogue_holds_on_the_real_table(name, real_folder):
    entry = catalog()[name]
    if not (real_folder / f"{name}.parquet").is_file():
        pytest.skip(f"{real_folder} has no {name}.parquet")
    check_content(load(name, "duckdb").to_arrow_table(), entry, slow=True)
