import base64
import copy

import pytest

from customer_insight.course.exercise.leaks import leaks, not_looked_for, writings

from . import small


def found(built, notebook):
    return leaks(notebook, built.exercise, built.known.answers, built.known.wrong)


def with_words(built, words):
    notebook = copy.deepcopy(built.student)
    notebook.cells[0].source += f"\n{words}"
    return notebook


def test_the_real_notebook_gives_nothing_away(built):
    assert found(built, built.student) == []


@pytest.mark.parametrize(
    "words",
    [
        "477.357143",
        "about 477.36 weeks",
        "477.4",
        "it is 477",
        "4.774e+02",
        "(477.357)",
        "47735.71",
    ],
)
def test_an_answer_is_found_however_it_is_written(built, words):
    said = found(built, with_words(built, words))
    assert said
    assert said[0].startswith("It holds the answer of t1, written as '4")


@pytest.mark.parametrize("words", ["14773572", "1,477.36", "477.9", "$47$", "1477", "4771"])
def test_other_numbers_are_none(built, words):
    assert found(built, with_words(built, words)) == []


def test_wrong_answers_lists_and_base64_are_found(built):
    assert (
        "wrong answer 'each day counted once' of t1" in found(built, with_words(built, "462.93"))[0]
    )
    hidden = base64.b64encode(b"the answer to task one is 477.357 weeks").decode()
    assert "answer of t1" in found(built, with_words(built, hidden))[0]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("total_days = sum(sum(days) for days in orders.values())", "the solution of t1"),
        ("    return close(answer, expected, within=0.001), 'x'", None),
        ('return overlap(answer["customer"], expected["customer"])', "the scorer of t2"),
        ("- 4 points: names the reason in plain words.", "the rubric of t4"),
        ("return spend >= cost", "the wrong answer 'the line itself counted' of t3"),
        (
            "what brings back its cost alone has gained nothing.",
            "the wrong answer 'the line itself",
        ),
        (
            "Because a model answer stands here for the reader to compare with.",
            "the solution of t4",
        ),
    ],
)
def test_a_secret_line_is_found(built, line, what):
    said = found(built, with_words(built, line))
    if what is None:
        assert said == []
    else:
        assert said[0].startswith(f"It holds a line of {what}")


@pytest.mark.parametrize(
    "line",
    [
        "weeks = (total_days + 3317.5) / 7",
        "print( (total_days+3317.5)/7 )",
        "customers = pd.DataFrame({'customer': back})",
        "everybody = pd.DataFrame({'customer': list(orders)})",
    ],
)
def test_what_an_answer_is_set_to_is_found_under_another_name(built, line):
    said = found(built, with_words(built, line))
    assert said
    assert all(one.startswith("It holds what the ") for one in said)
    assert "assigns or returns" in said[0]


def test_a_step_to_an_answer_is_looked_for_as_a_line_alone(built):
    assert (
        found(built, with_words(built, "days = sum(sum(days) for days in orders.values())")) == []
    )


def test_each_find_says_where_it_stands(built):
    notebook = copy.deepcopy(built.student)
    index = next(n for n, cell in enumerate(notebook.cells) if "Task 2" in cell.source)
    notebook.cells[index].source += "\n\nIt is 477.36.\nreturn spend >= cost"
    said = found(built, notebook)
    assert any(
        one.endswith(", under 'Task 2: who came back?', line 4 of its cell.") for one in said
    )
    assert any(one.endswith("written as '477.36', under 'Task 2: who came back?', "
                            "line 3 of its cell.") for one in said)  # fmt: skip
    notebook = copy.deepcopy(built.student)
    notebook.metadata["course"]["tasks"]["t1"]["about"] = "477.36"
    assert found(built, notebook)[0].endswith("written as '477.36', in the notebook's metadata.")


def test_what_is_too_short_to_be_looked_for_is_told():
    assert not_looked_for({"t1": 47, "t2": 477.36, "t3": "yes", "t4": {"a": [12, 345]}}) == [
        "t1: 2 digits",
        "t3: no long text",
        "t4: 1 of 2 values",
    ]


def test_marks_outputs_and_metadata_are_found(built):
    notebook = copy.deepcopy(built.student)
    code = small.cell(notebook, "t1")
    code.source += "\n### BEGIN SOLUTION"
    code.execution_count = 3
    code.metadata["scorer"] = "t1"
    notebook.metadata["answers"] = {}
    said = "\n".join(found(built, notebook))
    for words in (
        "Cell t1 holds 'BEGIN SOLUTION'",
        "Cell t1 has a stored output or number",
        "Cell t1 has metadata that tells: scorer",
        "The notebook has metadata that tells: answers",
    ):
        assert words in said


def test_an_answer_in_metadata_is_found(built):
    notebook = copy.deepcopy(built.student)
    notebook.metadata["course"]["tasks"]["t1"]["about"] = "477.36"
    assert "It holds the answer of t1" in found(built, notebook)[0]


def test_short_numbers_have_no_writings():
    assert writings(3) == set()
    assert writings(0.5) == set()
    assert {"-0.145", "-14.5"} <= writings(-0.144750133)
