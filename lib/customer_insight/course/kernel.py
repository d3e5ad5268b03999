"""The kernel that every notebook runs in: this interpreter's, whatever the notebook names."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

import ipykernel.kernelspec
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from traitlets import default

THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
LONGEST_SOCKET = 90  # systems allow 104 to 108 bytes, and Jupyter appends a few
_NUMBERS = itertools.count(1)


def kernel_environment(scratch: Path, *, threads: int = 1) -> dict[str, str]:
    """Return the environment variables under which a lesson runs.

    Sums are taken in one thread, so that they do not depend on the machine (``threads`` is for the
    tests that compare); the person's own
    start-up files and settings of IPython and matplotlib's back end are left aside; what Jupyter
    and IPython write for themselves goes to ``scratch``.
    """
    own = {name: value for name, value in os.environ.items() if name not in {"MPLBACKEND"}}
    tools = str(Path(sys.executable).parent)
    return (
        own
        | dict.fromkeys(THREADS, str(threads))
        | {
            "JUPYTER_PREFER_ENV_PATH": "1",
            "JUPYTER_PLATFORM_DIRS": "1",
            "JUPYTER_RUNTIME_DIR": str(scratch),
            "IPYTHONDIR": str(scratch / "ipython"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PATH": os.pathsep.join([tools, own.get("PATH", os.defpath)]),
        }
    )


class OwnKernelSpecs(KernelSpecManager):
    """Answers any kernel's name with the kernel of the running interpreter."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the running interpreter's kernel, which keeps no history, whatever the name."""
        known = ipykernel.kernelspec.get_kernel_dict()
        known["argv"] = [*known["argv"], "--HistoryManager.hist_file=:memory:"]
        return KernelSpec(resource_dir=ipykernel.kernelspec.RESOURCES, **known)


class OwnKernelManager(KernelManager):
    """Starts the running interpreter's kernel and talks to it through files, not ports.

    Two kernels that start at once can pick the same port; files in a folder of one's own cannot
    clash, and no other user can connect to them.
    """

    @default("transport")
    def _own_transport(self) -> str:
        return "ipc" if len(self.connection_file) < LONGEST_SOCKET else "tcp"

    @default("kernel_spec_manager")
    def _own_specs(self) -> OwnKernelSpecs:
        return OwnKernelSpecs()

    @default("connection_file")
    def _own_connection_file(self) -> str:
        return str(Path(os.environ["JUPYTER_RUNTIME_DIR"]) / f"{next(_NUMBERS)}.json")


class OwnAsyncKernelManager(OwnKernelManager, AsyncKernelManager):
    """The same for clients that wait in an event loop, as nbclient does."""
