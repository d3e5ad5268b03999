"""nbval over small lessons: what it must notice, what it must pass over, and that it is steady."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from customer_insight.course.build import build_lessons
from customer_insight.course.house import House, find_house

SANITIZE = Path(__file__).with_name("sanitize.cfg")
LESSON = """
# %% [markdown]
# # Sums and a picture

# %%
import numpy as np

rng = np.random.default_rng(7)
table = rng.normal(size=(400, 300))
spread = np.linalg.eigvalsh(table.T @ table)
print(f"largest {spread[-1]:.6f}, sum {spread.sum():.6f}")

# %%
import base64, io
import matplotlib.pyplot as plt
from IPython.display import HTML

figure, axes = plt.subplots()
axes.plot(spread)
file = io.BytesIO()
figure.savefig(file, metadata={"Software": None})
plt.close(figure)
picture = base64.b64encode(file.getvalue()).decode()
HTML(f'<img alt="The spread rises" src="data:image/png;base64,{picture}"><p>{spread[0]:.6f}</p>')
"""


def nbval(folder, *options, python=sys.executable):
    """Run nbval over a folder as `make test` does; nothing of it may stay behind."""
    command = [python, "-m", "pytest", "-p", "customer_insight.course.validate", "--nbval"]
    command += ["--nbval-sanitize-with", str(SANITIZE), "-c", os.devnull, "-W", "error", "-q"]
    command += ["-o", "addopts=--doctest-modules --import-mode=importlib"]
    command += ["--rootdir", str(folder), "-p", "no:cacheprovider", *options, str(folder)]
    with tempfile.TemporaryDirectory(prefix="nbval-") as scratch:
        env = os.environ | {"TMPDIR": scratch}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=folder, env=env
        )
        assert [name for name in os.listdir(scratch) if name.startswith("course-")] == []
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the small lesson, built once."""
    house = House(tmp_path_factory.mktemp("course"))
    house.notebooks.mkdir()
    (house.notebooks / "1_sums.py").write_text(LESSON)
    (one,) = build_lessons(house)
    assert one.fine
    return one.notebook


@pytest.fixture
def copy(built, tmp_path):
    """Return a copy of the lesson to spoil."""
    for path in (built, built.with_suffix(".py")):
        shutil.copy(path, tmp_path)
    return tmp_path / built.name


def spoil(path, old, new):
    """Change what is stored in the outputs and nowhere else."""
    content = json.loads(path.read_text())
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            stored = json.dumps(cell["outputs"])
            cell["outputs"] = json.loads(stored.replace(old, new))
    assert new in json.dumps(content)
    path.write_text(json.dumps(content))


def test_a_lesson_passes_and_its_text_is_not_imported(copy):
    copy.with_suffix(".py").write_text("raise SystemError")
    done = nbval(copy.parent)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_a_wrong_stored_number_fails_and_is_shown(copy):
    spoil(copy, "largest ", "largest 1")
    done = nbval(copy.parent)
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "mismatch 'stdout'" in done.stdout


def test_a_wrong_number_beside_a_picture_fails(copy):
    spoil(copy, "<p>", "<p>9")
    done = nbval(copy.parent)
    assert done.returncode == 1
    assert "mismatch 'text/html'" in done.stdout


def test_an_output_that_is_not_stored_fails(copy):
    spoil(copy, '"name": "stdout"', '"name": "stderr"')
    done = nbval(copy.parent)
    assert done.returncode == 1
    assert "Missing output fields from running code: {'stderr'}" in done.stdout


def test_what_was_printed_and_is_not_stored_is_shown(copy):
    content = json.loads(copy.read_text())
    content["cells"][1]["outputs"] = []
    copy.write_text(json.dumps(content))
    done = nbval(copy.parent)
    assert done.returncode == 1
    assert "Unexpected output fields from running code: {'stdout'}" in done.stdout
    assert "stdout was: largest " in done.stdout


def test_another_picture_passes(copy):
    spoil(copy, "base64,iVBOR", "base64,AAAA")
    done = nbval(copy.parent)
    assert done.returncode == 0, done.stdout


def test_another_kernels_name_passes(copy):
    content = json.loads(copy.read_text())
    content["metadata"]["kernelspec"]["name"] = "julia-0.3"
    copy.write_text(json.dumps(content))
    done = nbval(copy.parent)
    assert done.returncode == 0, done.stdout


@pytest.mark.evidence
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("python", ["this", "other"])
def test_twenty_repeats_never_fail(built, tmp_path, python, threads):
    interpreter = sys.executable
    if python == "other":
        interpreter = os.environ.get("CUSTOMER_INSIGHT_OTHER_PYTHON", "")
        if not interpreter:
            pytest.skip("CUSTOMER_INSIGHT_OTHER_PYTHON names no environment of another Python")
    lesson = find_house().notebooks / "05_clv" / "3_buy_till_you_die.ipynb"
    for repeat in range(20):
        folder = tmp_path / f"{repeat:02}"
        folder.mkdir()
        shutil.copy(built, folder)
        if repeat % 10 == 0:  # a whole lesson, too: two in each of the four cases
            shutil.copy(lesson, folder)
    options = ["-n", "2", "--dist", "loadfile", "--nbval-threads", str(threads)]
    done = nbval(tmp_path, *options, python=interpreter)
    assert done.returncode == 0, done.stdout[-5000:]
    assert done.stdout.count("passed") == 1
