import pytest

from customer_insight.course.exercise.blame import blamed
from customer_insight.course.exercise.rehearsal import rehearse
from customer_insight.course.exercise.tasks import read_exercise
from customer_insight.course.results import Failure, LessonRun

from . import small


def broken(tmp_path, old, new):
    path = tmp_path / "1_small.py"
    path.write_text(small.changed((old, new)))
    exercise = read_exercise(path, small.NAME)
    run, known = rehearse(exercise)
    assert known is None
    return blamed(run, exercise, path).failure, path.read_text().split("\n")


@pytest.mark.parametrize(
    ("old", "new", "place", "error"),
    [
        (
            "t1 = (total_days + 3317.5) / 7",
            "t1 = (total_day + 3317.5) / 7",
            "Task t1, 1_small.py, line {}: t1 = (total_day + 3317.5) / 7",
            "NameError: name 'total_day' is not defined. Did you mean: 'total_days'?",
        ),
        (
            't2 = pd.DataFrame({"customer": back})',
            't2 = pd.DataFrame({"customer": back})["customers"]',
            'Task t2, 1_small.py, line {}: t2 = pd.DataFrame({{"customer": back}})["customers"]',
            "KeyError: 'customers'",
        ),
        (
            't2 = pd.DataFrame({"customer": list(orders)})',
            "x = 1\nt2 = nobody",
            "Task t2, wrong answer 'everybody', 1_small.py, line {}: t2 = nobody",
            "NameError: name 'nobody' is not defined",
        ),
        (
            'orders = {"ann"',
            'orders = nothing or {"ann"',
            'Given code, 1_small.py, line {}: orders = nothing or {{"ann": [1, 1, 9], '
            '"bob": [2], "eve": [3, 8]}}',
            "NameError: name 'nothing' is not defined",
        ),
    ],
)
def test_a_failure_names_the_task_and_the_authors_line(tmp_path, old, new, place, error):
    failure, lines = broken(tmp_path, old, new)
    said, what = failure.error.split("\n")
    words = place.split("line {}: ")[1].replace("{{", "{").replace("}}", "}")
    number = next(n for n, line in enumerate(lines, 1) if line == words)
    assert said == place.format(number)
    assert what.startswith(error.split(". Did")[0])
    assert failure.traceback == ()


def test_a_failure_outside_the_authors_cells_stays_as_it_is(tmp_path):
    exercise = small.exercise_of(tmp_path)
    for cell in (0, 1, 99):
        run = LessonRun("1_small", 1.0, 0, None, Failure("kernel died", "It ended.", cell=cell))
        assert blamed(run, exercise, tmp_path / "text.py") is run
