"""Run notebooks in worker processes, several at once, and outlive whatever happens to them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from customer_insight.course.results import Failure, LessonRun, plain

# Notebooks are checked with jsonschema, which loads a grammar of web addresses that no notebook
# needs; it would take a second or two of every worker's start.
START = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from customer_insight.course import worker; worker.main()"
)
WORKER = (sys.executable, "-c", START)
CELL_SECONDS = 120
OUTPUT_BYTES = 10_000_000


class LimitError(ValueError):
    """A limit under which nothing can run."""


@dataclass(frozen=True)
class Task:
    """One notebook to run: what it is called, where it lies, and where the executed copy goes.

    Where it ``goes_on`` (its cells bear the tag ``raises-exception``), errors are part of what was
    asked for: the executed copy is kept with them, and the run did not fail.
    """

    name: str
    source: Path
    target: Path
    folder: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    goes_on: bool = False


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """What a run may take: notebooks at once, whole seconds a cell, bytes of output a notebook."""

    jobs: int = field(default_factory=processors)
    cell_seconds: int = CELL_SECONDS
    output_bytes: int = OUTPUT_BYTES

    def __post_init__(self) -> None:
        """Refuse a limit under which nothing can run."""
        for name, number in vars(self).items():
            if number < 1:
                raise LimitError(f"{name} must be 1 or more, and is {number}: nothing would run.")


def execute(
    tasks: Iterable[Task],
    *,
    limits: Limits | None = None,
    report: Callable[[LessonRun], None] | None = None,
) -> list[LessonRun]:
    """Run notebooks, each in a process of its own, and say how each ended.

    A notebook that fails, hangs or dies does not stop the others. A target is replaced only by the
    copy of a notebook that ran to its end. When this process is interrupted, every worker and
    kernel ends and what was half-written is removed.

    Parameters
    ----------
    tasks : iterable of Task
        The notebooks.
    limits : Limits, optional
        How many run at once (default: as many as there are processors), time a cell, output a
        notebook.
    report : callable, optional
        Called with each `LessonRun` as soon as it is known, from another thread.

    Returns
    -------
    list of LessonRun
        In the order of ``tasks``.
    """
    tasks, limits = list(tasks), limits or Limits()
    crew = _Crew(limits)
    with ThreadPoolExecutor(max_workers=limits.jobs) as pool:
        waiting = {pool.submit(crew.run, task): place for place, task in enumerate(tasks)}
        try:
            runs = {}
            for future in as_completed(waiting):
                runs[waiting[future]] = future.result()
                if report is not None:
                    report(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            crew.dismiss()
            raise
    return [runs[place] for place in range(len(tasks))]


class _Crew:
    """The workers of one call."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.lock = threading.Lock()
        self.workers: dict[subprocess.Popen, int] = {}
        self.dismissed = False

    def run(self, task: Task) -> LessonRun:
        """Run one notebook from start to end, cleaning up after its worker whatever happens."""
        began = time.perf_counter()
        scratch = Path(tempfile.mkdtemp(prefix="course-"))
        try:
            end = self._work(task, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            for part in task.target.parent.glob(f".{task.target.name}.*.part"):
                part.unlink(missing_ok=True)
        known = end["failure"]
        return LessonRun(
            lesson=task.name,
            seconds=time.perf_counter() - began,
            peak_bytes=end["peak_bytes"],
            executed=None if known else task.target,
            failure=Failure(**known | {"traceback": tuple(known["traceback"])}) if known else None,
        )

    def dismiss(self) -> None:
        """End every worker and its kernel, and start no more."""
        with self.lock:
            self.dismissed = True
            for worker, kernel in self.workers.items():
                worker.kill()
                _end_group(kernel)

    def _work(self, task: Task, scratch: Path) -> dict[str, Any]:
        """Start a worker, hand it the job, and follow what it says until it ends."""
        noise = scratch / "worker.txt"
        with noise.open("wb") as stderr:
            worker = self._start(scratch, stderr)
        end: dict[str, Any] | None = None
        try:
            with contextlib.suppress(BrokenPipeError):
                worker.stdin.write(json.dumps(self._job(task, scratch)).encode() + b"\n")
                worker.stdin.flush()
            for line in worker.stdout:
                event = json.loads(line)
                if event["event"] == "kernel":
                    with self.lock:
                        self.workers[worker] = event["pid"]
                else:
                    end = event
        finally:
            self._finish(worker)
        return end or _died(worker.returncode, noise)

    def _start(self, scratch: Path, stderr: Any) -> subprocess.Popen:
        from customer_insight.course.kernel import kernel_environment

        with self.lock:
            if self.dismissed:
                raise InterruptedError("The run was stopped.")
            worker = subprocess.Popen(
                WORKER,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=kernel_environment(scratch),
                start_new_session=True,
            )
            self.workers[worker] = 0
        return worker

    def _finish(self, worker: subprocess.Popen) -> None:
        """See to it that neither the worker nor its kernel is left."""
        with contextlib.suppress(BrokenPipeError):
            worker.stdin.close()
        worker.stdout.close()
        worker.wait()
        with self.lock:
            _end_group(self.workers.pop(worker))

    def _job(self, task: Task, scratch: Path) -> dict[str, Any]:
        return {
            "source": str(task.source.absolute()),
            "target": str(task.target.absolute()),
            "cwd": str(task.folder.absolute()),
            "scratch": str(scratch),
            "parameters": dict(task.parameters),
            "goes_on": task.goes_on,
            **vars(self.limits),
        }


def _end_group(leader: int) -> None:
    """Kill a kernel with all that it started; nothing happens where none is left."""
    if leader:
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGKILL)


def _died(code: int, noise: Path) -> dict[str, Any]:
    """Return the end of a worker that could not say how it ended."""
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    last = plain(noise.read_text(errors="replace")[-2_000:]).strip().splitlines()[-6:]
    words = (
        f"The process that ran the notebook was ended {how} before it was done. If the system "
        "stopped it for its memory, run fewer lessons at once: --jobs 1."
    )
    failure = {"kind": "worker died", "error": words, "traceback": last}
    return {"failure": failure, "peak_bytes": 0}
