"""A living JupyterLab of this machine."""

import contextlib
import os
import re
import subprocess
import sys

import pytest

from customer_insight.course.house import find_house

SETTINGS = find_house().root / "lib/customer_insight/course/lab"


@contextlib.contextmanager
def jupyterlab(folder):
    """Start JupyterLab on ``folder/notebooks``; give what turns a file's name into its address."""
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    environment |= {name: str(folder / name.lower()) for name in own}
    environment["JUPYTER_CONFIG_PATH"] = str(SETTINGS)  # as `make lab` does
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += [
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=t",
        "--ServerApp.port_retries=0",
    ]
    command += [f"--notebook-dir={folder / 'notebooks'}"]
    with subprocess.Popen(
        command, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True
    ) as server:
        for line in server.stderr:
            found = re.search(r"(http://127\.0\.0\.1:\d+)/lab", line)
            if found:
                yield f"{found[1]}/lab/tree/{{}}?token=t&reset".format
                break
        else:
            pytest.fail("JupyterLab did not start")
        server.terminate()
        server.communicate(timeout=60)
