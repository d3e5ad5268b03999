import shutil

import pytest

from customer_insight.course.exercise.gates import GateError
from customer_insight.course.exercise.handout import hand_out
from customer_insight.course.house import HouseError, find_house

from . import small


@pytest.fixture
def course(built, tmp_path):
    """Return a house with a lesson, a library, and the built exercise."""
    house = small.house_with(tmp_path / "course")
    for folder in ("solutions", "exercises"):
        shutil.copytree(getattr(built.house, folder), house.root / folder, dirs_exist_ok=True)
    for path, text in {
        "notebooks/1_small.py": "# %%\ntotal_days = sum(sum(days) for days in orders.values())\n",
        "lib/customer_insight/own.py": "def score(answer, expected):\n    ...\n",
        "datasets/catalog.yml": "{}\n",
        "datasets/fetched/orders.csv": "1\n",
        "tests/test_own.py": "",
        ".git/config": "",
        "notebooks/.ipynb_checkpoints/1_small.py": "",
        "exercises/.answers/1_small/t1.json": "{}",
        "README.md": "Read me.\n",
    }.items():
        (house.root / path).parent.mkdir(parents=True, exist_ok=True)
        (house.root / path).write_text(text)
    return house


def test_a_copy_has_what_a_student_needs_and_nothing_else(course, tmp_path):
    made = hand_out(course, tmp_path / "out" / "students")
    found = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*.*")}
    assert found == {
        "pyproject.toml",
        "README.md",
        "notebooks/1_small.py",
        "lib/customer_insight/own.py",
        "datasets/catalog.yml",
        "exercises/1_small.ipynb",
    }
    assert (made.exercises, made.files) == ((small.NAME,), 6)
    assert find_house(made.folder).root == made.folder
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["students"]


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("notebooks/notes.md", "- 4 points: names the reason in plain words.", "the rubric of t4"),
        ("notebooks/1_small.py", "# t1 = (total_days + 3317.5) / 7", "the solution of t1"),
        ("lib/customer_insight/own.py", "    t2 = pd.DataFrame({'customer': list(orders)})", None),
        (
            "datasets/catalog.yml",
            "Because a model answer stands here for the reader to compare with.",
            "the solution of t4",
        ),
    ],
)
def test_a_line_of_a_solution_in_any_file_stops_it(course, tmp_path, path, text, said):
    (course.root / path).write_text(f"x\n{text}\n")
    folder = tmp_path / "out" / "students"
    if said is None:
        assert hand_out(course, folder).files
        return
    with pytest.raises(GateError, match=f"{path} holds a line of {said} in {small.NAME}"):
        hand_out(course, folder)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_solutions_file_under_another_name_stops_it(course, tmp_path):
    answers = course.solutions / f"{small.NAME}.answers.json"
    shutil.copy(answers, course.notebooks / "numbers.bin")
    with pytest.raises(GateError, match=r"notebooks/numbers\.bin is a copy of solutions/1_small"):
        hand_out(course, tmp_path / "students")


def test_an_exercise_in_which_somebody_worked_is_not_handed_out(built, course, tmp_path):
    path = course.exercises / f"{small.NAME}.ipynb"
    path.write_bytes(path.read_bytes().replace(b"say why", b"say how"))
    with pytest.raises(HouseError, match=r"exercises/1_small\.ipynb differs from its text"):
        hand_out(course, tmp_path / "students")
    assert not (tmp_path / "students").exists()


def test_a_folder_with_something_in_it_or_inside_the_course_is_refused(course, tmp_path):
    (tmp_path / "students").mkdir()
    (tmp_path / "students" / "mine.txt").touch()
    with pytest.raises(HouseError, match="is there already"):
        hand_out(course, tmp_path / "students")
    with pytest.raises(HouseError, match="lies inside the course"):
        hand_out(course, course.root / "students")
    with pytest.raises(HouseError, match="No exercise is called 'nosuch'"):
        hand_out(course, tmp_path / "new", ["nosuch"])
