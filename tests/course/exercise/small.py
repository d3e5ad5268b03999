"""A small exercise, and ways to spoil it, for the tests of building, checking and grading."""

import copy
from pathlib import Path

import nbformat

from customer_insight.course.exercise.tasks import read_exercise
from customer_insight.course.house import House

NAME = "1_small"

TEXT = """\
# %% [markdown]
# # Exercise: a small one
#
# Three customers and their orders.

# %%
orders = {"ann": [1, 1, 9], "bob": [2], "eve": [3, 8]}

# %% [markdown]
# ## Task 1: how many weeks?
#
# Add up every day number and give it in weeks.

# %% task="t1" points=2
### BEGIN SOLUTION
total_days = sum(sum(days) for days in orders.values())
t1 = (total_days + 3317.5) / 7
### END SOLUTION

# %% check="t1"
check.number("t1", t1, unit="weeks", low=100, high=2000, slips={"days, not weeks": 7})

# %% wrong="t1" called="days, not weeks"
# hint: seven days make a week.
t1 = total_days + 3317.5

# %% wrong="t1" called="each day counted once"
# hint: two orders on one day are two day numbers here.
t1 = (sum(sum(set(days)) for days in orders.values()) + 3317.5 - 100) / 7

# %% scorer="all"
from customer_insight.course.exercise.judging import close, overlap, share_close

# %% scorer="t1"
def score(answer, expected):
    return close(answer, expected, within=0.001), "compared within a thousandth"

# %% [markdown]
# ## Task 2: who came back?

# %% task="t2" points=3
import pandas as pd

### BEGIN SOLUTION
back = [name for name, days in orders.items() if len(set(days)) > 1]
t2 = pd.DataFrame({"customer": back})
### END SOLUTION

# %% check="t2"
check.table("t2", t2, columns={"customer": "text"}, key="customer")

# %% wrong="t2" called="everybody"
# hint: one customer came once.
t2 = pd.DataFrame({"customer": list(orders)})

# %% scorer="t2"
def score(answer, expected):
    return overlap(answer["customer"], expected["customer"])

# %% [markdown]
# ## Task 3: a rule

# %% task="t3" points=2
def t3(spend, cost):
    ### BEGIN SOLUTION
    return spend > cost
    ### END SOLUTION

# %% check="t3"
check.function(
    "t3",
    t3,
    parameters=["spend", "cost"],
    probes=[{"spend": 5, "cost": 6}, {"spend": 6, "cost": 6}, {"spend": 7, "cost": 6}],
    returns="yes or no",
)

# %% probes="t3"
[{"spend": 2.5, "cost": 2.5}, {"spend": 2.5, "cost": 0.5}]

# %% wrong="t3" called="the line itself counted"
# hint: what brings back its cost alone has gained nothing.
def t3(spend, cost):
    return spend >= cost

# %% scorer="t3"
def score(answer, expected):
    same = [a == b for a, b in zip(answer["output"], expected["output"])]
    return sum(same) / len(same)

# %% [markdown]
# ## Task 4: say why

# %% [markdown] task="t4" points=4
# ### BEGIN SOLUTION
# Because a model answer stands here for the reader to compare with.
# ### END SOLUTION

# %% [markdown] rubric="t4"
# - 4 points: names the reason in plain words.
"""


def house_with(root: Path, text: str = TEXT, name: str = NAME) -> House:
    """Make a course with one lesson's folder and one solution."""
    (root / "notebooks").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    house = House(root)
    write_solution(house, text, name)
    return house


def write_solution(house: House, text: str, name: str = NAME) -> Path:
    """Write a solution's text."""
    path = house.solutions / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def exercise_of(tmp_path: Path, text: str = TEXT):
    """Read an exercise from a text."""
    path = tmp_path / "text.py"
    path.write_text(text, encoding="utf-8")
    return read_exercise(path, NAME)


def changed(*pairs: tuple[str, str]) -> str:
    """Return the text with pieces replaced; each must be there."""
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def answered(student, exercise, **answers: str):
    """Return a student's notebook with answers put in; "solution" stands for the solution's."""
    notebook = copy.deepcopy(student)
    for task in exercise.tasks:
        if task.name in answers:
            source = answers[task.name]
            cell(notebook, task.name).source = (
                task.answer.source if source == "solution" else source
            )
    return notebook


def cell(notebook, name: str):
    """Return a cell by its id."""
    return next(one for one in notebook.cells if one.id == name)


def submit(folder: Path, student: str, notebook) -> Path:
    """Write a student's submission."""
    path = folder / student / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    return path
