import nbformat
import pytest
from nbformat import v4

from customer_insight.course.coverage import read_uncovered, report
from customer_insight.course.house import House, find_house
from customer_insight.course.topic_tags import CoverageError

CURRICULUM = """\
- chapter: 01_first
  zh: 一
  lessons:
    - lesson: 1_one
      zh: 课
      title: "Which?"
      topics:
        - {id: "A1.1", zh: "甲", en: "first", runs: "x"}
        - {id: "A1.2", zh: "乙", en: "second", runs: "x"}
        - {id: "A1.3", zh: "丙", en: "third", runs: "x"}
"""
OUTPUT = v4.new_output("execute_result", data={"text/plain": "7"})


@pytest.fixture
def course(tmp_path):
    """Return a house whose lesson runs A1.1, with a list that says so."""
    house = House(tmp_path)
    house.notebooks.mkdir()
    (house.notebooks / "curriculum.yml").write_text(CURRICULUM, encoding="utf-8")
    write(house, "A1.1")
    listed(house, "A1.2", "A1.3")
    return house


def write(house, *tags, outputs=(OUTPUT,)):
    cells = [v4.new_code_cell("7", metadata={"tags": [tag]}, outputs=list(outputs)) for tag in tags]
    path = house.notebooks / "01_first" / "1_one.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# Which?"), *cells]), path)


def listed(house, *topics):
    text = "# a comment\n\n" + "".join(f"{topic}\n" for topic in topics)
    (house.notebooks / "uncovered_topics.txt").write_text(text)


def test_a_list_that_says_what_is_so_has_no_problems(course):
    found = report(course)
    assert found.problems == ()
    assert str(found).splitlines() == [
        "A1.1   甲: 01_first/1_one, section 'Which?', cell 2",
        "1 of 3 topics run in their lesson.",
    ]


def test_a_listed_topic_that_runs_is_named_with_the_command_that_mends_the_list(course):
    write(course, "A1.1", "A1.2")
    (problem,) = report(course).problems
    assert "A1.2 is listed as uncovered, and 01_first/1_one, section 'Which?', cell 3" in problem
    assert "course coverage --update takes it off" in problem


def test_an_update_takes_off_what_runs_and_is_stable(course):
    write(course, "A1.1", "A1.2")
    assert report(course, update=True).problems == ()
    path = course.notebooks / "uncovered_topics.txt"
    first = path.read_bytes()
    assert read_uncovered(path) == ("A1.3",)
    assert b"# 01_first/1_one\nA1.3\n" in first
    report(course, update=True)
    assert path.read_bytes() == first


def test_a_topic_that_got_lost_is_a_problem_and_an_update_does_not_hide_it(course):
    write(course, "A1.2")
    listed(course, "A1.3")
    (problem,) = report(course).problems
    assert problem.startswith("No cell of 01_first/1_one runs topic A1.1, and it is not listed")
    before = (course.notebooks / "uncovered_topics.txt").read_bytes()
    with pytest.raises(CoverageError, match=r"(?s)A1.1.*may only shrink.*Nothing was written"):
        report(course, update=True)
    assert (course.notebooks / "uncovered_topics.txt").read_bytes() == before


def test_a_silent_cell_an_unknown_and_a_double_line_are_problems(course):
    write(course, "A1.1", outputs=())
    listed(course, "A1.1", "A1.2", "A1.2", "A1.3", "A9")
    silent, double, unknown = report(course).problems
    assert "cell 2 carries topic A1.1 and shows no output" in silent
    assert "A1.2 is listed twice" in double
    assert "A9 is listed as uncovered and is no topic" in unknown


def test_a_missing_list_is_an_error_for_it_would_let_topics_get_lost(course):
    (course.notebooks / "uncovered_topics.txt").unlink()
    for update in (False, True):
        with pytest.raises(CoverageError, match=r"no uncovered_topics.txt in .*git checkout"):
            report(course, update=update)


def test_the_courses_own_list_says_what_is_so():
    problems = report(find_house()).problems
    assert not problems, "\n".join(problems)
