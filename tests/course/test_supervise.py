"""Workers that die, and a starter that is ended; nothing here waits for a clock."""

import contextlib
import os
import select
import signal
import subprocess
import sys

import pytest

from customer_insight.course import supervise
from customer_insight.course.run import run_lessons
from customer_insight.course.supervise import LimitError, Limits, Task, execute

from . import lessons

FINE = lessons.lesson("print(1 + 1)")


def wait_until_gone(pid):
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        ended = select.select([handle], [], [], 60)[0]
        os.close(handle)
        assert ended, f"process {pid} is still there after a minute"


def test_a_worker_that_is_killed_while_running_takes_its_kernel_along(tmp_path):
    kill = "import os, pathlib, signal\npathlib.Path('pid').write_text(str(os.getpid()))\n"
    kill += "os.kill(os.getppid(), signal.SIGKILL)\nimport time; time.sleep(600)"
    house, (run, other) = lessons.run_one(tmp_path, kill, beside={"2_fine": FINE})
    assert run.failure.kind == "worker died"
    assert "by signal 9" in run.failure.error
    assert other.ran
    wait_until_gone(int((house.notebooks / "pid").read_text()))


def test_a_worker_that_is_killed_while_writing_leaves_the_old_copy_whole(tmp_path, monkeypatch):
    script = tmp_path / "dying.py"
    script.write_text(
        "import os, pathlib, signal\n"
        "from customer_insight.course import worker\n"
        "seen = pathlib.Path(__file__).with_name('seen')\n"
        "def die(self, target):\n"
        "    seen.write_text(f'{self.name} {self.stat().st_size}')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "pathlib.Path.replace = die\n"
        "worker.main()\n"
    )
    house = lessons.unrun(lessons.house_with(tmp_path / "house", one=FINE))
    target = house.executed / "one.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text("old")
    task = Task("one", house.notebooks / "one.ipynb", target, house.notebooks)
    monkeypatch.setattr(supervise, "WORKER", (sys.executable, str(script)))
    (run,) = execute([task])
    part, size = (tmp_path / "seen").read_text().split()
    assert part.startswith(".one.ipynb.")
    assert part.endswith(".part")
    assert int(size) > 500
    assert run.failure.kind == "worker died"
    assert target.read_text() == "old"
    assert [path.name for path in target.parent.iterdir()] == ["one.ipynb"]


def test_a_worker_that_fails_by_our_fault_is_reported_with_its_last_words(tmp_path, monkeypatch):
    broken = (sys.executable, "-c", "raise SystemError('broken worker')")
    monkeypatch.setattr(supervise, "WORKER", broken)
    _, (run,) = lessons.run_one(tmp_path, "1")
    assert run.failure.kind == "worker died"
    assert "with code 1" in run.failure.error
    assert "SystemError: broken worker" in run.failure.traceback[-1]


INTERRUPTED = """
import pathlib, sys
from customer_insight.course import house, run, supervise
try:
    run.run_lessons(house.House(pathlib.Path(sys.argv[1])), limits=supervise.Limits(jobs=2))
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill"])
def test_when_the_starter_ends_all_ends_and_nothing_is_left(tmp_path, ending):
    wait = "import os, time\nopen('{}.fifo', 'w').write(str(os.getpid()))\ntime.sleep(600)"
    texts = {f"{n}_wait": lessons.lesson(wait.format(n)) for n in (1, 2)}
    house = lessons.unrun(lessons.house_with(tmp_path / "house", **texts))
    for n in (1, 2):
        os.mkfifo(house.notebooks / f"{n}.fifo")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    starter = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(house.root)],
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        text=True,
    )
    kernels = [int((house.notebooks / f"{n}.fifo").read_text()) for n in (1, 2)]
    for kernel in kernels:
        os.kill(kernel, 0)
    starter.send_signal(ending)
    said = starter.communicate()[0]
    if ending == signal.SIGINT:
        assert said == "stopped\n"
        assert list(scratch.iterdir()) == []
    for kernel in kernels:
        wait_until_gone(kernel)
    assert not house.executed.exists() or list(house.executed.iterdir()) == []


def test_runs_are_told_as_they_end_and_returned_in_reading_order(tmp_path):
    house = lessons.unrun(lessons.house_with(tmp_path, **{"1_a": FINE, "2_b": FINE, "10_c": FINE}))
    told = []
    runs = run_lessons(house, report=told.append)
    assert [run.lesson for run in runs] == ["1_a", "2_b", "10_c"]
    assert sorted(run.lesson for run in told) == ["10_c", "1_a", "2_b"]


@pytest.mark.parametrize("name", ["jobs", "cell_seconds", "output_bytes"])
def test_a_limit_under_which_nothing_runs_is_refused(name):
    with pytest.raises(LimitError, match=f"{name} must be 1 or more, and is 0"):
        Limits(**{name: 0})
