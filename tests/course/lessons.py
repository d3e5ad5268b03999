"""Small courses in a temporary folder, for the tests of build, run and command line."""

from pathlib import Path

from customer_insight.course import notebook as notebooks
from customer_insight.course.house import House
from customer_insight.course.run import run_lessons
from customer_insight.course.supervise import Limits


def house_with(root: Path, **lessons: str) -> House:
    """Make a course whose lessons are texts; `__` in a name stands for a folder."""
    root.mkdir(exist_ok=True)
    (root / "pyproject.toml").touch()
    for name, text in lessons.items():
        write_lesson(House(root), name.replace("__", "/"), text)
    return House(root)


def write_lesson(house: House, name: str, text: str) -> Path:
    """Write one lesson's text."""
    path = house.notebooks / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def unrun(house: House) -> House:
    """Make each lesson's notebook without running it."""
    for text in sorted(house.notebooks.rglob("*.py")):
        bare = notebooks.join(notebooks.read_text(text), None)
        text.with_suffix(".ipynb").write_bytes(notebooks.to_bytes(bare))
    return house


def lesson(*code: str, title: str = "A lesson") -> str:
    """Write a lesson with a heading for each cell."""
    cells = [f"# %% [markdown]\n# # {title}\n"]
    for number, source in enumerate(code, 1):
        cells.append(f"# %% [markdown]\n# ## Section {number}\n")
        cells.append(f"# %%\n{source}\n")
    return "\n".join(cells)


def run_one(root: Path, *code: str, beside: dict[str, str] | None = None, **limits: int):
    """Run a lesson of these cells as `1_bad`, with others beside it; return house and runs."""
    house = unrun(house_with(root, **{"1_bad": lesson(*code)}, **(beside or {})))
    return house, run_lessons(house, limits=Limits(**{"jobs": 1} | limits))
