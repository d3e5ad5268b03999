"""One notebook in one worker, in every way in which a notebook goes wrong."""

import json
import sys

import nbformat
import pytest

from customer_insight.course import supervise
from customer_insight.course.run import run_lessons

from . import lessons

FINE = lessons.lesson("print(1 + 1)")


def test_a_fine_lesson_is_kept_with_its_outputs(tmp_path):
    house, (run,) = lessons.run_one(tmp_path, "print(6 * 7)")
    assert run.ran
    assert run.lesson == "1_bad"
    assert run.executed == house.executed / "1_bad.ipynb"
    assert nbformat.read(run.executed, 4).cells[-1].outputs[0].text == "42\n"
    assert 20e6 < run.peak_bytes < 2e9
    assert run.seconds > 0


def test_an_executed_copy_holds_no_timings_and_no_notes_of_the_tools(tmp_path):
    _, (run,) = lessons.run_one(tmp_path, "print(1)")
    stored = json.loads(run.executed.read_text())
    assert set(stored["metadata"]) == {"kernelspec"}
    assert all(cell["metadata"] == {} for cell in stored["cells"])


def test_peak_memory_is_the_kernels(tmp_path):
    _, (run,) = lessons.run_one(
        tmp_path, "block = bytearray(400_000_000); block[::4096] = b'x' * 97657"
    )
    assert 400e6 < run.peak_bytes < 800e6


def test_a_cell_that_raises_is_named_with_its_section_and_the_rest_goes_on(tmp_path):
    bad = "def share(part, whole):\n    return part / whole\n\nshare(1, 0)"
    house, (run, other) = lessons.run_one(tmp_path, "x = 1", bad, "y = 2", beside={"2_fine": FINE})
    failure = run.failure
    assert failure.kind == "raised"
    assert failure.section == "Section 2"
    assert (failure.cell, failure.code) == (2, "def share(part, whole):")
    assert failure.line == 2
    assert failure.error == "ZeroDivisionError: division by zero"
    assert any("part / whole" in line for line in failure.traceback)
    assert len(failure.traceback) <= 12
    assert "\x1b" not in "".join(failure.traceback)
    assert other.ran
    assert sorted(path.name for path in house.executed.iterdir()) == ["2_fine.ipynb"]


def test_a_cell_that_hangs_is_stopped(tmp_path):
    _, (run,) = lessons.run_one(tmp_path, "while True:\n    pass", cell_seconds=1)
    assert run.failure.kind == "timed out"
    assert "after 1 s" in run.failure.error
    assert run.failure.section == "Section 1"


def test_a_cell_that_ends_the_kernel_is_named(tmp_path):
    _, (run,) = lessons.run_one(tmp_path, "import os", "os._exit(7)")
    assert run.failure.kind == "kernel died"
    assert run.failure.section == "Section 2"
    assert "os._exit" in run.failure.error


@pytest.mark.parametrize(
    "flood",
    [
        "while True:\n    print('x' * 1000)",
        "from IPython.display import display\nwhile True:\n    display('x' * 1000)",
        "print('x' * 50_000_000)",
    ],
    ids=["prints", "displays", "one piece"],
)
def test_a_flood_of_output_is_stopped_early_and_costs_little(tmp_path, flood):
    _, (run,) = lessons.run_one(tmp_path, flood, output_bytes=1_000_000)
    assert run.failure.kind == "flooded"
    assert "more than 1 MB" in run.failure.error
    assert run.failure.section == "Section 1"
    assert run.peak_bytes < 700e6


def test_a_flood_costs_the_worker_little(tmp_path, monkeypatch):
    script = tmp_path / "measuring.py"
    script.write_text(
        "import re\n"
        "from pathlib import Path\n"
        "from customer_insight.course import worker\n"
        # ru_maxrss starts at the size of whoever forked, here pytest with all that it holds.
        "status = lambda: Path('/proc/self/status').read_text()\n"
        "worker._peak_bytes = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', status())[1]) * 1024\n"
        "worker.main()\n"
    )
    monkeypatch.setattr(supervise, "WORKER", (sys.executable, str(script)))
    _, (run,) = lessons.run_one(tmp_path / "house", "while True:\n    print('x' * 1000)")
    assert run.failure.kind == "flooded"
    assert "more than 10 MB" in run.failure.error
    assert 20e6 < run.peak_bytes < 400e6


def test_noise_of_the_kernel_stays_away_from_the_person(tmp_path, capfd):
    noise = "import os\nos.write(1, b'OUTNOISE'); os.write(2, b'ERRNOISE')\nos.system('echo NOISE')"
    _, (run,) = lessons.run_one(tmp_path, noise)
    seen = capfd.readouterr()
    assert run.ran
    assert "NOISE" not in seen.out + seen.err


def test_the_running_interpreter_runs_it_whatever_kernel_is_named(tmp_path):
    house = lessons.unrun(
        lessons.house_with(tmp_path, one=lessons.lesson("import sys; print(sys.executable)"))
    )
    path = house.notebooks / "one.ipynb"
    content = json.loads(path.read_text())
    content["metadata"]["kernelspec"] = {"name": "julia-0.3", "display_name": "Julia 0.3"}
    path.write_text(json.dumps(content))
    (run,) = run_lessons(house)
    assert nbformat.read(run.executed, 4).cells[-1].outputs[0].text == f"{sys.executable}\n"


@pytest.mark.parametrize("content", ["", "no notebook", "{}", '{"cells": 3, "nbformat": 4}'])
def test_what_is_no_notebook_is_refused_and_the_rest_goes_on(tmp_path, content):
    house = lessons.unrun(lessons.house_with(tmp_path, **{"1_bad": FINE, "2_fine": FINE}))
    (house.notebooks / "1_bad.ipynb").write_text(content)
    bad, fine = run_lessons(house)
    assert bad.failure.kind == "unreadable"
    assert "1_bad.ipynb is not a notebook" in bad.failure.error
    assert "course build" in bad.failure.error
    assert fine.ran


def test_a_missing_notebook_is_named_with_the_command_that_makes_it(tmp_path):
    (run,) = run_lessons(lessons.house_with(tmp_path, one=FINE))
    assert run.failure.kind == "unreadable"
    assert "There is no notebook" in run.failure.error
    assert "course build" in run.failure.error


def test_a_notebook_that_goes_on_is_kept_with_its_errors(tmp_path):
    tagged = {"tags": ["raises-exception"]}
    cells = [nbformat.v4.new_code_cell(code, metadata=tagged) for code in ("1 / 0", "print(2)")]
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), source)
    for goes_on in (False, True):
        (run,) = supervise.execute(
            [supervise.Task("one", source, target, tmp_path, goes_on=goes_on)]
        )
        assert run.ran == target.exists() == goes_on
    kept = nbformat.read(target, 4).cells
    assert [cell.outputs[0].output_type for cell in kept] == ["error", "stream"]
    assert [cell.source for cell in kept] == ["1 / 0", "print(2)"]


def test_a_notebook_that_goes_on_and_hangs_has_failed(tmp_path):
    cell = nbformat.v4.new_code_cell("while True: pass", metadata={"tags": ["raises-exception"]})
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), source)
    task = supervise.Task("one", source, target, tmp_path, goes_on=True)
    (run,) = supervise.execute([task], limits=supervise.Limits(jobs=1, cell_seconds=1))
    assert run.failure.kind == "timed out"
    assert not target.exists()
