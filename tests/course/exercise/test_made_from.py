import pytest

from customer_insight.course.exercise.made_from import as_run, codes_run, makers


def hashes(*codes, name="t1"):
    return makers(codes, [name])[name]


def test_only_codes_that_give_the_name_count():
    assert hashes("x = t1", "print(t1)", "t11 = 1", "# t1 = 1", "'t1 = 1'") == []
    for code in ("t1 = 1", "t1: int = 1", "a, t1 = 1, 2", "def t1(x):\n    return x", "t1 += 1"):
        assert len(hashes(code)) == 1


def test_white_space_around_a_cell_is_no_change():
    assert hashes("t1 = 1\n") == hashes("t1 = 1") != hashes("t1 = 2")


def test_magics_do_not_hide_a_name_and_broken_code_gives_none():
    assert len(hashes("%time t1 = 1\nt1 = 2")) == 1
    assert hashes("t1 = (") == []


def test_the_order_is_that_of_the_last_runs():
    first, second = hashes("t1 = 1", "t1 = 2")
    assert hashes("t1 = 1", "t1 = 2", "t1 = 1") == [second, first]


@pytest.mark.parametrize(
    ("saved", "run", "same"),
    [
        ({"t1": ["a"]}, {"t1": ["b", "a"]}, True),
        ({"t1": ["a", "b"]}, {"t1": ["b", "a"]}, False),
        ({"t1": ["a"]}, {}, False),
        ({"t1": []}, {}, True),
        ({"t1": []}, {"t1": ["a"]}, False),
        ({"t1": ["a"], "t2": ["c"]}, {"t1": ["a"], "t2": ["b"]}, False),
    ],
)
def test_a_notebook_is_as_run_where_its_cells_gave_the_names_last(saved, run, same):
    assert as_run(saved, run) == same


def test_outside_of_a_kernel_nothing_was_run():
    assert codes_run() == []
