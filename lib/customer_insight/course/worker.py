"""Run one notebook in a process of its own; started by `supervise`, never by hand.

The job arrives as one line of JSON on standard input, which then stays open: when it closes, the
starter is gone, and the worker ends with its kernel. What happens goes back as lines of JSON.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TextIO

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from customer_insight.course import notebook as notebooks
from customer_insight.course import parameters
from customer_insight.course.kernel import OwnAsyncKernelManager
from customer_insight.course.notebook import first_line
from customer_insight.course.results import Failure, cell_line, plain, short_traceback
from customer_insight.course.settings_note import changes, with_note
from customer_insight.data.files import write_whole

LONGEST_ERROR = 1_000
_COUNTED = {"stream", "display_data", "execute_result", "update_display_data", "error"}


class Reporter:
    """Sends events to the starter and remembers the kernel and the cell that is running."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.kernel = 0
        self.index = -1
        self.cells: list[Any] = []
        self.flooded = False

    def send(self, event: str, **content: Any) -> None:
        """Send one event as one line."""
        print(json.dumps({"event": event, **content}), file=self.stream, flush=True)

    def started(self, pid: int) -> None:
        """Remember and report the kernel's process."""
        self.kernel = pid
        self.send("kernel", pid=pid)

    def cell(self, cell: Any, cell_index: int) -> None:
        """Remember which cell is running."""
        self.index = cell_index

    def end_kernel(self) -> None:
        """Kill the kernel and what it started."""
        if self.kernel:
            with suppress(OSError):
                os.killpg(self.kernel, signal.SIGKILL)


class Client(PapermillNotebookClient):
    """Papermill's client with a limit to what a notebook may put out."""

    def __init__(self, *args: Any, reporter: Reporter, output_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reporter = reporter
        self.left = output_bytes

    def process_message(self, msg: dict, cell: Any, cell_index: int) -> Any:
        """Take a message in while there is room; beyond it, drop it and end the kernel."""
        if msg["msg_type"] in _COUNTED:
            self.left -= _size(msg["content"])
            if self.left < 0:
                if not self.reporter.flooded:
                    self.reporter.flooded = True
                    self.reporter.end_kernel()
                return None
        return super().process_message(msg, cell, cell_index)

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel and report its process at once."""
        super().start_new_kernel(**kwargs)
        self.reporter.started(self.km.provisioner.pid)


class Engine(NBClientEngine):
    """Papermill's engine with our client and our kernel."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, execution_timeout: int, **kwargs: Any
    ) -> Any:
        """Run the notebook's cells in order."""
        reporter = kwargs["reporter"]
        # Papermill adds cells of its own to a notebook that failed.
        reporter.cells = list(nb_man.nb.cells)
        return Client(
            nb_man,
            reporter=reporter,
            output_bytes=kwargs["output_bytes"],
            kernel_manager_class=OwnAsyncKernelManager,
            kernel_name=kernel_name,
            timeout=execution_timeout,
            startup_timeout=kwargs["start_timeout"],
            iopub_timeout=30,
            record_timing=False,
            ipython_hist_file="",
            store_widget_state=False,
            on_cell_start=reporter.cell,
        ).execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(job: dict[str, Any], reporter: Reporter) -> None:
    """Run the job's notebook and write the executed copy; say what failed, if something did."""
    papermill_engines.register("course", Engine)
    try:
        executed = papermill.execute_notebook(
            notebooks.tidy(notebooks.read_notebook(Path(job["source"]))),
            None,
            job["parameters"],
            engine_name="course",
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=job["cwd"],
            execution_timeout=job["cell_seconds"],
            output_bytes=job["output_bytes"],
            reporter=reporter,
        )
    except notebooks.NotebookError as error:
        failure = Failure("unreadable", str(error))
    except (PapermillExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        raised = isinstance(error, PapermillExecutionError) and not reporter.flooded
        if job["goes_on"] and raised:
            executed, failure = NotebookNode(cells=reporter.cells), None
        else:
            failure = _placed(_failure(error, job, reporter), reporter)
    else:
        failure = None
    if failure is None:
        changed = changes(job["parameters"], parameters.defaults(executed))
        marked = with_note(notebooks.tidy(executed), changed)
        write_whole(Path(job["target"]), notebooks.to_bytes(marked))
    reporter.send("end", failure=asdict(failure) if failure else None, peak_bytes=_peak_bytes())


def _failure(error: Exception, job: dict[str, Any], reporter: Reporter) -> Failure:
    """Say in words what stopped the notebook."""
    if reporter.flooded:
        most = job["output_bytes"] / 1e6
        return Failure(
            "flooded",
            f"The notebook put out more than {most:g} MB and was stopped. Print less: the first "
            "rows of a table, every hundredth step of a loop.",
        )
    if isinstance(error, CellTimeoutError):
        return Failure(
            "timed out",
            f"The cell was still running after {job['cell_seconds']} s and was stopped. Look for a "
            "loop that does not end, or give it less data.",
        )
    if isinstance(error, PapermillExecutionError):
        words = plain(f"{error.ename}: {error.evalue}"[:LONGEST_ERROR], LONGEST_ERROR)
        lines = short_traceback(error.traceback)
        return Failure("raised", words, line=cell_line(error.traceback), traceback=lines)
    if isinstance(error, DeadKernelError):
        return Failure(
            "kernel died",
            "The Python that ran the notebook ended in the middle of it: the cell ended it "
            "(os._exit), a compiled library failed, or the system stopped it for its memory.",
        )
    return Failure(
        "kernel died", f"The Python that runs the notebook did not start: {first_line(error)}"
    )


def _placed(failure: Failure, reporter: Reporter) -> Failure:
    """Add to a failure the section, the cell and its first line."""
    cells, index = reporter.cells, reporter.index
    if not cells or index < 0:
        return failure
    own = [
        cell
        for cell in cells[: index + 1]
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    return replace(
        failure,
        section=plain(notebooks.heading_above({"cells": cells}, index)),
        cell=len(own),
        code=plain(first_line(cells[index].source)),
    )


def _size(content: Any) -> int:
    """Count the characters in a message."""
    if isinstance(content, dict):
        return sum(_size(value) for value in content.values())
    if isinstance(content, list | tuple):
        return sum(_size(value) for value in content)
    return len(content) if isinstance(content, str | bytes) else 8


def _peak_bytes() -> int:
    """Return the largest memory of a process that this one started and waited for: the kernel."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _end_with_starter(job: dict[str, Any], reporter: Reporter) -> None:
    """Wait until the starter is gone, then end the kernel, the files and this process."""
    while sys.stdin.buffer.read(1):
        pass
    reporter.end_kernel()
    shutil.rmtree(job["scratch"], ignore_errors=True)
    os._exit(1)


def main() -> None:
    """Read the job, run it, and keep everything else away from the starter's pipe."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    job = json.loads(sys.stdin.buffer.readline())
    reporter = Reporter(stream)
    watch = threading.Thread(target=_end_with_starter, args=(job, reporter), daemon=True)
    watch.start()
    run(job, reporter)
    stream.flush()
    os._exit(0)
