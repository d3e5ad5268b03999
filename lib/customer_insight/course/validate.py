"""A pytest plugin that puts nbval under the conditions in which `course run` runs lessons.

    pytest -p customer_insight.course.validate --nbval --nbval-sanitize-with FILE notebooks

nbval runs each notebook again and compares its outputs with the stored ones. Here it takes this
interpreter's kernel, one thread for sums, files instead of ports (two kernels that start at once
can pick the same port), and nothing from the person's own settings; texts beside the notebooks are
not collected.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from customer_insight.course.supervise import CELL_SECONDS


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the number of threads, for the tests that compare."""
    group = parser.getgroup("nbval")
    group.addoption("--nbval-threads", type=int, default=1, help="Threads for sums; default 1.")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give nbval our kernel and its environment."""
    if not config.option.nbval:
        return
    import nbval.kernel
    import nbval.plugin

    from customer_insight.course.kernel import (
        OwnKernelManager,
        OwnKernelSpecs,
        kernel_environment,
    )

    # A process of pytest-xdist may be ended before it has cleaned up, so its starter does it.
    above = os.environ["JUPYTER_RUNTIME_DIR"] if hasattr(config, "workerinput") else None
    scratch = Path(tempfile.mkdtemp(prefix="course-", dir=above))
    if above is None:
        config.add_cleanup(lambda: shutil.rmtree(scratch, ignore_errors=True))
    os.environ |= kernel_environment(scratch, threads=config.option.nbval_threads)
    os.environ.pop("MPLBACKEND", None)
    nbval.kernel.KernelManager = OwnKernelManager
    nbval.kernel.NbvalKernelspecManager = OwnKernelSpecs
    nbval.plugin.IPyNbCell.compare_outputs = _saying_what_was_printed(
        nbval.plugin.IPyNbCell.compare_outputs
    )
    if config.option.color == "auto" and not sys.stdout.isatty():
        config.option.color = "no"  # nbval colours its words whatever they are written to
    config.option.nbval_cell_timeout = min(config.option.nbval_cell_timeout, CELL_SECONDS)


def _saying_what_was_printed(compare: Callable[..., bool]) -> Callable[..., bool]:
    """Let nbval's comparison also say what a cell printed that differs, not only that it did."""

    def compare_outputs(cell: Any, test: list, ref: list, skip_compare: Any = None) -> bool:
        same = compare(cell, test, ref, skip_compare)
        if not same:
            cell.comparison_traceback += [
                f"{output['name']} was: {output['text'][:2000]}"
                for output in test
                if output["output_type"] == "stream"
            ]
        return same

    return compare_outputs


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a lesson's text, which pytest would import."""
    text = collection_path.suffix == ".py" and collection_path.with_suffix(".ipynb").exists()
    return True if text and config.option.nbval else None
