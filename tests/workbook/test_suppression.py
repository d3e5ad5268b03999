from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.workbook.section import HIDDEN
from customer_insight.workbook.suppression import hide_small, hide_small_table

counts = st.lists(st.one_of(st.none(), st.integers(0, 30)), max_size=8)


def tables(most_rows):
    return st.tuples(st.integers(1, most_rows), st.integers(1, 3)).flatmap(
        lambda shape: st.lists(
            st.lists(st.integers(0, 14), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )


quick = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def hidden_places(shown):
    return {(r, c) for r, row in enumerate(shown) for c, n in enumerate(row) if n is HIDDEN}


def lines(table):
    return [
        *([(r, c) for c in range(len(row))] for r, row in enumerate(table)),
        *([(r, c) for r in range(len(table))] for c in range(len(table[0]))),
    ]


def shifts(table, hidden):
    """Yield each change by at most 1 a hidden count that no total and no sign of life shows."""
    places = sorted(hidden)
    for change in product((-1, 0, 1), repeat=len(places)):
        moved = dict(zip(places, change, strict=True))
        if all(sum(moved.get(place, 0) for place in line) == 0 for line in lines(table)) and all(
            table[r][c] + step > 0 for (r, c), step in moved.items()
        ):
            yield moved


def on_a_closed_path(hidden, place):
    """Say whether a row and its column hang together without the count where they meet."""
    reached, others = {("row", place[0])}, hidden - {place}
    for _ in range(2 * len(others)):
        for r, c in others:
            if {("row", r), ("column", c)} & reached:
                reached |= {("row", r), ("column", c)}
    return ("column", place[1]) in reached


def can_be_closed(table, place):
    """Say whether hiding every count would leave this one open."""
    everything = {(r, c) for r, row in enumerate(table) for c, n in enumerate(row) if n}
    return any(moved[place] for moved in shifts(table, everything))


def test_counts_from_one_to_nine_are_hidden_and_zero_and_ten_are_not():
    assert hide_small([0, 1, 9, 10, None]) == [0, HIDDEN, HIDDEN, 10, None]


def test_a_single_hidden_count_takes_the_next_smallest_along_the_first_of_equals():
    assert hide_small([50, 4, 20, 20, 0]) == [50, HIDDEN, HIDDEN, 20, 0]


def test_a_single_hidden_count_stays_alone_where_nobody_knows_the_total():
    assert hide_small([50, 4, 20], total_known=False) == [50, HIDDEN, 20]


def test_hidden_ones_take_another_along_since_their_sum_gives_them_away():
    assert hide_small([1, 1, 30, 40]) == [HIDDEN, HIDDEN, HIDDEN, 40]
    assert hide_small([1, 2, 30, 40]) == [HIDDEN, HIDDEN, 30, 40]


def test_where_nothing_else_is_above_zero_only_the_small_count_is_hidden():
    assert hide_small([4, 0, None]) == [HIDDEN, 0, None]
    assert hide_small([]) == []


@quick
@given(counts)
def test_every_small_count_and_no_zero_is_hidden_and_none_can_be_worked_out(given_counts):
    shown = hide_small(given_counts)
    hidden = [n for n, as_shown in zip(given_counts, shown, strict=True) if as_shown is HIDDEN]
    assert [n for n in given_counts if n and n < 10] == [n for n in hidden if n < 10]
    assert 0 not in hidden
    assert None not in hidden
    kept = zip(given_counts, shown, strict=True)
    assert all(n == as_shown for n, as_shown in kept if as_shown is not HIDDEN)
    if hidden and len(hidden) < sum(bool(n) for n in given_counts):
        # two positive numbers with one sum: another pair fits, unless both are 1
        assert len(hidden) > 1
        assert sum(hidden) > len(hidden)


def test_a_table_hides_the_cheapest_rectangle_round_a_small_count():
    table = [[4, 50, 60], [70, 30, 90], [80, 40, 99]]
    shown = [[HIDDEN, HIDDEN, 60], [HIDDEN, HIDDEN, 90], [80, 40, 99]]
    assert hide_small_table(table) == shown


def test_a_small_count_between_two_hidden_blocks_is_not_the_only_bridge():
    table = [
        [5, 6, 100, 200],
        [7, 5, 3, 300],
        [100, 200, 6, 7],
        [100, 300, 8, 5],
    ]
    # with two in each line, the 3 in row 1 would still be its row's total less what is known
    shown = hide_small_table(table)
    assert hidden_places(shown) > {
        (r, c) for r, row in enumerate(table) for c, n in enumerate(row) if n < 10
    }
    assert on_a_closed_path(hidden_places(shown), (1, 2))


def test_unfinished_cells_stay_empty_and_zeros_stay_zero():
    shown = hide_small_table([[40, 3, 0], [50, 20, None], [60, None, None]])
    assert shown == [[HIDDEN, HIDDEN, 0], [HIDDEN, HIDDEN, None], [60, None, None]]


def test_totals_that_go_in_as_a_last_row_and_column_are_hidden_like_the_rest():
    with_totals = [[5, 0, 5], [20, 30, 50], [25, 30, 55]]
    shown = hide_small_table(with_totals)
    assert shown[0] == [HIDDEN, 0, HIDDEN]
    assert shown[1:] == [[HIDDEN, 30, HIDDEN], [25, 30, 55]]


def test_a_lonely_count_takes_another_of_its_line_along():
    assert hide_small_table([[5, 20], [0, 30]]) == [[HIDDEN, HIDDEN], [0, HIDDEN]]


def check_a_table(table):
    shown = hide_small_table(table)
    hidden = hidden_places(shown)
    small = {(r, c) for r, row in enumerate(table) for c, n in enumerate(row) if 0 < n < 10}
    assert small <= hidden
    assert all(table[r][c] > 0 for r, c in hidden)
    for line in lines(table):
        above = [(r, c) for r, c in line if table[r][c]]
        assert len(hidden & set(line)) != 1 or len(above) == 1
    open_ = {place for moved in shifts(table, hidden) for place, step in moved.items() if step}
    assert {place for place in small if can_be_closed(table, place)} <= open_


@quick
@given(tables(2))
def test_no_small_count_of_a_table_can_be_worked_out_where_that_can_be_helped(table):
    check_a_table(table)


@pytest.mark.evidence
@quick
@given(tables(3))
def test_nor_of_a_larger_table(table):
    check_a_table(table)


@pytest.mark.parametrize("wrong", [[3, -1], [3, 2.0], [True, 3], ["12", 3]])
def test_what_is_no_count_is_refused_without_being_shown(wrong):
    with pytest.raises(ValueError, match=r"1 of the counts are not whole numbers of 0 or more"):
        hide_small(wrong)


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match="not of one length"):
        hide_small_table([[1, 2], [3]])
