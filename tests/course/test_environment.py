import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from customer_insight.course import environment

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def root(tmp_path):
    for name in ("pyproject.toml", environment.LOCK, environment.SPARK_LOCK):
        (tmp_path / name).write_text(name)
    return tmp_path


class Machine:
    """Stands for the programs that a set-up calls, and can stop at a call."""

    def __init__(self):
        self.calls, self.stop_at = [], None

    def run(self, command, **options):
        words = " ".join(map(str, command))
        if "import pip, sys" in words:
            python = Path(command[0])
            return subprocess.CompletedProcess(command, 0 if python.exists() else 1)
        self.calls.append(words)
        if "-m venv" in words:
            python = environment.python_of(Path(command[-1]))
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        if self.stop_at and self.stop_at in words:
            raise KeyboardInterrupt
        return subprocess.CompletedProcess(command, 0)


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(environment.subprocess, "run", machine.run)
    return machine


def test_a_good_machine_lacks_nothing(tmp_path):
    assert environment.missing(tmp_path) == []


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (2, 7)])
def test_another_python_is_named_with_what_to_do(tmp_path, version):
    (problem,) = environment.missing(tmp_path, version=version)
    assert f"Python {version[0]}.{version[1]}" in problem
    assert "make course PYTHON=" in problem


def test_a_python_without_venv_and_pip_is_told_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    problems = environment.missing(tmp_path)
    assert ["'venv'" in problems[0], "'ensurepip'" in problems[1]] == [True, True]
    assert all("apt-get install python3-venv" in problem for problem in problems)


def test_a_full_disk_is_told_in_gigabytes(tmp_path, monkeypatch):
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda path: Usage(0, 0, 1_200_000_000))
    (problem,) = environment.missing(tmp_path)
    assert "1.2 GB free" in problem
    assert "3 GB" in problem


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path, monkeypatch):
    def refuse(**options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(environment.tempfile, "TemporaryFile", refuse)
    (problem,) = environment.missing(tmp_path)
    assert "cannot be written to (Permission denied)" in problem


def test_the_second_run_installs_nothing(root, machine):
    assert environment.set_up(root, root / ".venv")
    before = list(machine.calls)
    assert not environment.set_up(root, root / ".venv")
    assert machine.calls == before
    assert [
        ("venv" in call, "--require-hashes" in call, "--no-deps" in call) for call in before
    ] == [
        (True, False, False),
        (True, True, False),
        (True, False, True),
    ]


@pytest.mark.parametrize("name", [environment.LOCK, "pyproject.toml"])
def test_a_changed_lock_is_installed_without_making_the_environment_anew(root, machine, name):
    environment.set_up(root, root / ".venv")
    (root / name).write_text("changed")
    machine.calls.clear()
    assert environment.set_up(root, root / ".venv")
    assert len(machine.calls) == 2


@pytest.mark.parametrize("stop_at", ["-m venv", "--require-hashes", "--no-deps"])
def test_an_interrupted_set_up_mends_itself(root, machine, stop_at):
    machine.stop_at = stop_at
    with pytest.raises(KeyboardInterrupt):
        environment.set_up(root, root / ".venv")
    machine.stop_at = None
    assert environment.set_up(root, root / ".venv")
    assert not environment.set_up(root, root / ".venv")


def test_an_interrupted_update_is_not_taken_for_the_old_state(root, machine):
    environment.set_up(root, root / ".venv")
    (root / environment.LOCK).write_text("changed")
    machine.stop_at = "--require-hashes"
    with pytest.raises(KeyboardInterrupt):
        environment.set_up(root, root / ".venv")
    (root / environment.LOCK).write_text(environment.LOCK)
    machine.stop_at = None
    assert environment.set_up(root, root / ".venv")


def test_spark_is_added_and_kept_by_a_later_plain_run(root, machine):
    environment.set_up(root, root / ".venv")
    assert environment.set_up(root, root / ".venv", spark=True)
    assert environment.SPARK_LOCK in machine.calls[-2]
    assert not environment.set_up(root, root / ".venv")


def test_a_broken_interpreter_is_replaced(root, machine):
    environment.set_up(root, root / ".venv")
    environment.python_of(root / ".venv").unlink()
    assert environment.set_up(root, root / ".venv")
    assert sum("-m venv" in call for call in machine.calls) == 2


def test_the_script_says_what_is_missing_and_ends_with_1(monkeypatch, capsys):
    monkeypatch.setattr(environment, "missing", lambda root: ["This is Python 2."])
    assert environment.main([]) == 1
    assert "cannot be set up yet:\n  - This is Python 2." in capsys.readouterr().err


def test_the_script_needs_only_the_standard_library():
    script = Path(environment.__file__)
    call = subprocess.run(
        [sys.executable, "-I", "-S", str(script), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Set up the course's own environment" in call.stdout
