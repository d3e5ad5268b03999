"""The metadata, the locks and the conda file name the same packages."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]


def wanted(*extras):
    lines = [
        *PROJECT["project"]["dependencies"],
        *(line for name in extras for line in EXTRAS[name]),
    ]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def locked(name):
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    pins = [entry for entry in entries if not entry.startswith("#")]
    return {
        canonicalize_name(match[1]): (match[2], entry)
        for entry in pins
        if (match := re.match(r"([\w.-]+)(?:\[.*?\])?==(\S+)", entry))
    }


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", wanted("dev")),
        ("requirements-spark.lock", {r.name: r for r in map(Requirement, EXTRAS["spark"])}),
    ],
)
def test_a_lock_holds_every_requirement_in_bounds_and_with_hashes(lock, requirements):
    pins = locked(lock)
    outside = [
        f"{name} {pins.get(name, ('missing',))[0]} (wanted {requirement.specifier})"
        for name, requirement in requirements.items()
        if name not in pins or not requirement.specifier.contains(pins[name][0])
    ]
    assert not outside, f"{lock} is not in step with pyproject.toml; run: make lock\n{outside}"
    assert [name for name, (_, entry) in pins.items() if "--hash=sha256:" not in entry] == []


def test_the_lock_holds_the_build_backend_and_no_index_address():
    text = (ROOT / "requirements.lock").read_text()
    backend = PROJECT["build-system"]["requires"]
    assert set(map(canonicalize_name, backend)) <= set(locked("requirements.lock"))
    assert "://" not in text
    assert "index-url" not in text


def test_each_package_has_one_version_on_every_python():
    names = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_conda_file_has_the_same_names_and_bounds():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = {
        canonicalize_name(Requirement(line).name): Requirement(line).specifier
        for line in listed
        if isinstance(line, str) and line != "pip"
    }
    expected = {name: requirement.specifier for name, requirement in wanted("dev").items()}
    expected["python"] = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert conda == expected
