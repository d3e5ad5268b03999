"""Set up the course's own environment; run by any Python before anything is installed.

    python3 lib/customer_insight/course/environment.py [--spark] [--folder .venv]

Only the standard library is used here. The first run takes some minutes; a later run does nothing
while the locks are unchanged, and mends a set-up that was interrupted.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SUPPORTED = ((3, 11), (3, 13))
DISK_BYTES = 3_000_000_000
STAMP = "customer-insight-installed"
LOCK, SPARK_LOCK = "requirements.lock", "requirements-spark.lock"


def missing(root: Path, *, version: tuple[int, int] | None = None) -> list[str]:
    """Say in plain words what this machine lacks for the set-up; an empty list is good news.

    Parameters
    ----------
    root : Path
        The project's folder.
    version : tuple of int, optional
        Version of Python to judge, for tests; the running one if not given.

    Returns
    -------
    list of str
        One sentence a problem, each with what to do.
    """
    found = version or sys.version_info[:2]
    problems = []
    if not SUPPORTED[0] <= found <= SUPPORTED[1]:
        problems.append(
            f"This is Python {found[0]}.{found[1]}; the course needs 3.11, 3.12 or 3.13. Install "
            "one and name it: make course PYTHON=python3.12"
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            problems.append(
                f"This Python has no module {module!r}, so it cannot make an environment. On "
                "Debian and Ubuntu it comes with: apt-get install python3-venv"
            )
    free = shutil.disk_usage(root).free
    if free < DISK_BYTES:
        problems.append(
            f"The disk has {free / 1e9:.1f} GB free, and the packages need "
            f"{DISK_BYTES / 1e9:.0f} GB. Make room, or move the folder to another disk."
        )
    try:
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        problems.append(
            f"This folder cannot be written to ({error.strerror}). Copy the project to a folder of "
            "your own and run the command there."
        )
    return problems


def fingerprint(root: Path, locks: Sequence[str]) -> str:
    """Return what the installed environment depends on, as one digest.

    Parameters
    ----------
    root : Path
        The project's folder.
    locks : sequence of str
        Names of the lock files in it.

    Returns
    -------
    str
        A SHA-256 over the running Python, the project's place, its metadata and the locks.
    """
    digest = hashlib.sha256(f"{sys.version}\n{root}\n".encode())
    for name in ("pyproject.toml", *locks):
        digest.update(name.encode() + b"\n" + (root / name).read_bytes())
    return digest.hexdigest()


def python_of(folder: Path) -> Path:
    """Return the interpreter inside an environment's folder."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _works(folder: Path) -> bool:
    """Whether the environment has this very version of Python, and pip in it."""
    wanted = f"import pip, sys; sys.exit(sys.version_info[:3] != {tuple(sys.version_info[:3])})"
    try:
        call = subprocess.run([python_of(folder), "-c", wanted], capture_output=True, check=False)
    except OSError:
        return False
    return call.returncode == 0


def set_up(root: Path, folder: Path, *, spark: bool = False) -> bool:
    """Install the locked packages and the project into an environment, unless they are there.

    The stamp that says "installed" is removed before anything changes and written last, so that an
    interrupted set-up is seen as unfinished and done again.

    Parameters
    ----------
    root : Path
        The project's folder.
    folder : Path
        The environment's folder, made if it is not there.
    spark : bool, default False
        Also install PySpark, which has a lock of its own and needs Java 17.

    Returns
    -------
    bool
        Whether anything was installed.

    Raises
    ------
    subprocess.CalledProcessError
        If pip fails; its own message stands above.
    """
    locks, stamp = [LOCK, SPARK_LOCK] if spark else [LOCK], folder / STAMP
    good_enough = {fingerprint(root, locks), fingerprint(root, [LOCK, SPARK_LOCK])}
    if stamp.is_file() and stamp.read_text() in good_enough and _works(folder):
        return False
    stamp.unlink(missing_ok=True)
    if not _works(folder):
        _tell(f"Making the environment in {folder.name} ...")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = [python_of(folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _tell("Installing the locked packages (a few minutes the first time) ...")
    arguments = [word for name in locks for word in ("-r", root / name)]
    subprocess.run([*pip, "--require-hashes", *arguments], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", root], check=True)
    stamp.write_text(fingerprint(root, locks))
    _tell("The environment is ready.")
    return True


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the machine, then set the environment up; return the exit code."""
    root = Path(__file__).resolve().parents[3]
    parser = argparse.ArgumentParser(description="Set up the course's own environment.")
    parser.add_argument("--spark", action="store_true", help="also install PySpark (needs Java 17)")
    parser.add_argument("--folder", default=".venv", help="where the environment is made")
    options = parser.parse_args(arguments)
    problems = missing(root)
    if problems:
        _tell("The course cannot be set up yet:\n" + "\n".join(f"  - {line}" for line in problems))
        return 1
    try:
        set_up(root, root / options.folder, spark=options.spark)
    except subprocess.CalledProcessError:
        _tell(
            "The set-up stopped; the reason stands above. If it is the network, run the same "
            "command again: it goes on where it stopped."
        )
        return 1
    except KeyboardInterrupt:
        _tell("Interrupted. Run the same command again: it goes on where it stopped.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
