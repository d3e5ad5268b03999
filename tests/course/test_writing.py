import json
import shutil

import pytest
from typer.testing import CliRunner

from customer_insight import cli
from customer_insight.course import writing
from customer_insight.course.house import House, HouseError, find_house

from . import good_lesson


def test_a_good_lesson_passes_every_rule(tmp_path):
    said = writing.of_lesson(good_lesson.lesson(tmp_path))
    assert not said, "\n".join(map(str, said))


def test_every_rule_of_the_modules_is_in_one_of_the_lists():
    listed = {rule.__name__ for rule in (*writing.FORM, *writing.CRAFT, *writing.BETWEEN)}
    written = {
        name
        for module in ("cells", "numbers", "shown", "structure", "terms", "words")
        for name, value in vars(_module(module)).items()
        if callable(value)
        and getattr(value, "__module__", "") == _module(module).__name__
        and (value.__doc__ or "").startswith("Check that")
    }
    assert listed == written
    assert len(listed) == 21


def _module(name):
    return __import__(f"customer_insight.course.writing_{name}", fromlist=["writing"])


def test_a_problem_says_lesson_section_cell_and_line(tmp_path):
    spoiled = good_lesson.lesson(tmp_path, ("Count before", "Simply count before"))
    (problem,) = writing.of_lesson(spoiled)
    line = good_lesson.line_of(spoiled, tmp_path, "Simply count")
    assert str(problem).startswith(
        f"05_clv/1_visits, section 'Key points', cell 18, line {line}: leave out 'Simply'"
    )


def test_a_page_before_the_first_chapter_is_built_as_it_likes_but_written_well(tmp_path):
    page = ("## Break it: days read as weeks", "## Words such as obviously")
    said = writing.of_lesson(good_lesson.lesson(tmp_path, page, name="00_start_here"))
    assert [problem.what.split(":")[0] for problem in said] == ["leave out 'obviously'"]


@pytest.fixture
def house(tmp_path):
    course = House(tmp_path)
    course.notebooks.mkdir()
    shutil.copy(find_house().notebooks / "curriculum.yml", course.notebooks)
    return course


def test_the_gate_reads_a_house_and_compares_the_chosen_lesson_with_all(house):
    good_lesson.lesson(house.notebooks)
    good_lesson.lesson(house.notebooks, name="05_clv/2_again")
    both = writing.check(house)
    names = [problem.lesson for problem in both]
    assert names == sorted(names)
    assert set(names) == {"05_clv/1_visits", "05_clv/2_again"}
    chosen = writing.check(house, ["05_clv/2_again"])
    assert chosen == [problem for problem in both if problem.lesson == "05_clv/2_again"]
    assert any("stands in 05_clv/1_visits, line" in problem.what for problem in chosen)
    assert json.loads(json.dumps(writing.as_json(chosen)))[0]["lesson"] == "05_clv/2_again"


def test_the_curriculum_gives_each_lesson_its_terms(house):
    good_lesson.lesson(house.notebooks, name="05_clv/3_buy_till_you_die")
    (lesson,) = writing.read_lessons(house)
    assert lesson.topics == ("客户购买频率", "消费潜力挖掘")
    (missing,) = [p for p in writing.check(house) if "curriculum's term" in p.what]
    assert "消费潜力挖掘 does not appear" in missing.what


def test_a_lesson_that_is_not_there_is_refused(house):
    good_lesson.lesson(house.notebooks)
    with pytest.raises(HouseError, match="No lesson is called 'nosuch'"):
        writing.check(house, ["nosuch"])


def test_the_command_ends_with_1_where_something_is_missing(house, monkeypatch):
    monkeypatch.setattr("customer_insight.course.house.find_house", lambda: house)
    good_lesson.lesson(house.notebooks)
    done = CliRunner().invoke(cli.app, ["writing"])
    assert (done.exit_code, done.stdout) == (0, "Nothing is missing.\n")
    good_lesson.lesson(house.notebooks, ("Count before", "Just count before"))
    done = CliRunner().invoke(cli.app, ["writing", "05_clv"])
    assert done.exit_code == 1
    assert done.stdout.startswith("05_clv/1_visits, section 'Key points', cell 18, line ")
    (problem,) = json.loads(CliRunner().invoke(cli.app, ["writing", "--json"]).stdout)
    assert problem["what"].startswith("leave out 'Just'")
