import pytest

from customer_insight.course.exercise.judging import close, overlap, rows_close, share_close


@pytest.mark.parametrize("answer", ["1", None, True, [1.0], {"a": 1}, float("nan")])
def test_what_is_no_number_is_not_close(answer):
    assert not close(answer, 1.0, within=0.5)


def test_closeness_is_a_share_of_what_is_expected():
    assert close(-99.0, -100.0, within=0.01)
    assert not close(-98.9, -100.0, within=0.01)
    assert close(0, 0, within=0.01)


def test_lists_of_another_length_have_nothing_in_common():
    assert share_close([1.0], [1.0, 2.0], within=0.1) == 0
    assert share_close([], [], within=0.1) == 0
    assert overlap([], []) == 1
    assert overlap(["a"], []) == 0


def test_rows_are_compared_by_their_key_and_other_columns_left_out():
    right = {"rule": ["a", "b"], "off": [1.0, 2.0]}

    def share(**answer):
        return rows_close(answer, right, key="rule", within=0.01)

    assert share(rule=["b", "a"], off=[2.0, 1.0], more=[0, 0]) == 1
    assert share(rule=["c", "b"], off=[1.0, 2.0]) == 0.5
    assert share(rule=["a", "b"]) == 0
