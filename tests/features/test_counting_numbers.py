import narwhals as nw
import pytest

from customer_insight.features.counting_numbers import counting_numbers

from .purchases import contract


@pytest.mark.parametrize("below", [1, 9, 10, 11, 100, 1234])
def test_each_number_is_there_once(engine, below):
    table = nw.from_native(engine.frame(contract([("a", 7, 1), ("b", -3, 1)])))
    numbers = counting_numbers(table, "place", below=below).to_native()
    assert engine.columns(numbers) == {"place": nw.Int64()}
    found = [row["place"] for row in engine.rows(numbers)]
    assert sorted(found) == list(range(below))


def test_a_table_without_rows_gives_none(engine):
    table = nw.from_native(engine.frame(contract([])))
    assert engine.rows(counting_numbers(table, "place", below=25).to_native()) == []
