import nbformat
import pytest

from customer_insight.course.house import HouseError
from customer_insight.course.parameters import ParameterError
from customer_insight.course.run import run_lessons

from . import lessons

SETTINGS = '# %% [markdown]\n# # A\n\n# %% tags=["parameters"]\nweeks = 39\nnames = ["a"]\n\n# %%\n'


@pytest.fixture
def house(tmp_path):
    return lessons.unrun(
        lessons.house_with(
            tmp_path,
            **{
                "5_clv__1_a": f"{SETTINGS}import os\nprint(weeks, names, os.getcwd())",
                "5_clv__2_b": lessons.lesson("1"),
            },
        )
    )


def test_settings_reach_the_lesson_which_runs_in_its_own_folder(house):
    settings = [("weeks", "26"), ("names", "['\"清', '\\\\禾']")]
    (run,) = run_lessons(house, ["5_clv/1_a"], settings=settings)
    (output,) = nbformat.read(run.executed, 4).cells[-1].outputs
    assert output.text == f"26 ['\"清', '\\\\禾'] {house.notebooks / '5_clv'}\n"


def test_a_copy_that_ran_with_other_settings_says_so_under_its_title(house):
    for value, note in (("26", "`weeks = 26, stored 39`"), ("39", "")):
        (run,) = run_lessons(house, ["5_clv/1_a"], settings=[("weeks", value)])
        title = nbformat.read(run.executed, 4).cells[0].source
        assert title.startswith("# A")
        assert ("Settings differ from the stored ones" in title) == bool(note)
        assert note in title


def test_environment_gives_one_thread_and_own_tools(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    code = """
import os, pathlib, shutil, sys
print(os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"])
print(pathlib.Path(shutil.which("python")).parent == pathlib.Path(sys.executable).parent)
print(os.environ["MPLBACKEND"], os.environ["JUPYTER_PREFER_ENV_PATH"])
"""
    house = lessons.unrun(lessons.house_with(tmp_path, one=lessons.lesson(code)))
    (run,) = run_lessons(house)
    said = nbformat.read(run.executed, 4).cells[-1].outputs[0].text.splitlines()
    assert said[0] == "1 1"
    assert said[1] == "True"
    assert said[2] == "module://matplotlib_inline.backend_inline 1"


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (("5_clv", [("weeks", "26")]), ParameterError, "5_clv/2_b has no settings"),
        (("5_clv/1_a", [("week", "26")]), ParameterError, "Did you mean weeks?"),
        (("5_clv/1_a", [("weeks", "soon")]), ParameterError, "a whole number"),
        (("5_clv/3_c", []), HouseError, "No lesson is called '5_clv/3_c'"),
    ],
)
def test_nothing_starts_and_nothing_is_removed_before_all_is_checked(
    house, monkeypatch, call, error, words
):
    monkeypatch.setattr("customer_insight.course.run.execute", lambda *_, **__: pytest.fail("ran"))
    old = house.executed / "5_clv" / "1_a.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    with pytest.raises(error) as caught:
        run_lessons(house, [call[0]], settings=call[1])
    assert words in str(caught.value)
    assert old.read_text() == "old"


def test_settings_of_what_is_no_notebook_are_refused(house):
    (house.notebooks / "5_clv" / "1_a.ipynb").write_text("{}")
    with pytest.raises(ParameterError, match="The settings of 5_clv/1_a cannot be read"):
        run_lessons(house, ["5_clv/1_a"], settings=[("weeks", "1")])


def test_a_lesson_that_fails_leaves_the_copy_of_an_earlier_run_as_it_was(house):
    old = house.executed / "5_clv" / "1_a.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    (house.notebooks / "5_clv" / "1_a.ipynb").write_text("{}")
    (run,) = run_lessons(house, ["5_clv/1_a"])
    assert not run.ran
    assert run.executed is None
    assert old.read_text() == "old"
