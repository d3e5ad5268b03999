import json

import pytest
import typer

from customer_insight.course.commands import calls, join_pairs, pairs, show


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        (["-p", "a", "1", "x"], ["-p", "a=1", "x"]),
        (["--parameter", "a", "-1"], ["--parameter", "a=-1"]),
        (["-p", "a=1", "x"], ["-p", "a=1", "x"]),
        (["-p", "a"], ["-p", "a"]),
        (["-p"], ["-p"]),
        (["x", "-p", "a", "-p"], ["x", "-p", "a=-p"]),
    ],
)
def test_a_name_takes_its_value_along(words, joined):
    assert join_pairs(words) == joined


def test_pairs_are_split_at_the_first_sign_and_need_a_value():
    assert pairs(["a=1", "b=", "c=x=y"]) == [("a", "1"), ("b", ""), ("c", "x=y")]
    with pytest.raises(typer.BadParameter, match=r"'a' has no value\. Write: -p NAME VALUE"):
        pairs(["a"])


def test_help_opens_with_the_examples():
    made = calls("Does it.", "course it", "course it --now")
    assert made["help"].splitlines()[1:3] == ["  course it", "  course it --now"]
    assert made["help"].endswith("\n\nDoes it.")
    assert made["short_help"] == "Does it."


def test_a_result_is_shown_as_json_or_for_people(capsys):
    show(True, ["清禾"], lambda: pytest.fail("both"))
    assert json.loads(capsys.readouterr().out) == ["清禾"]
    show(False, ["x"], lambda: print("table"))
    assert capsys.readouterr().out == "table\n"
