"""What is installed: each package at one version, each file by its hash, from wherever pip is told to look."""

import re
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.unit.test_house import PROGRAM, tops

LISTS = {
    "requirements.lock": ("requirements.txt",),
    "requirements-test.lock": ("requirements.txt", "requirements-test.txt"),
    "requirements-tools.lock": ("requirements-tools.txt",),
}


@cache
def entries(file: str) -> tuple[Requirement, ...]:
    """Each entry of a requirements file; hashes and remarks are taken off."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / file).read_text("utf-8"))
    lines = [re.sub(r"\s+(#|--hash=).*", "", line) for line in text.splitlines() if not line.startswith("#")]
    found = tuple(Requirement(line) for line in lines if line.strip())
    names = [canonicalize_name(one.name) for one in found]
    assert len(names) == len(set(names)), f"{file}: a package stands twice"
    return found


def pinned(file: str) -> dict[str, str]:
    """Package -> the exact version that the file names. Anything but name==version fails."""
    found = {}
    for one in entries(file):
        exact = re.fullmatch(r"==([0-9][\w.+!-]*)", str(one.specifier))
        assert exact, f"{file}: {one}: expected name==version and nothing else"
        found[canonicalize_name(one.name)] = exact[1]
    return found


@pytest.mark.parametrize("lock", LISTS)
def test_every_package_is_pinned_and_the_lock_says_the_same(lock: str) -> None:
    for file in LISTS[lock]:
        for package, pin in pinned(file).items():
            assert pinned(lock).get(package) == pin, package


@pytest.mark.parametrize("lock", LISTS)
def test_each_entry_of_a_lock_has_the_hash_of_each_of_its_files(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    for entry in re.split(r"(?m)^(?=\S)", text)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", entry), entry


def test_the_tests_run_on_the_very_files_that_are_shipped() -> None:
    shipped = set(re.split(r"(?m)^(?=\S)", (ROOT / "requirements.lock").read_text("utf-8")))
    tested = set(re.split(r"(?m)^(?=\S)", (ROOT / "requirements-test.lock").read_text("utf-8")))
    assert shipped <= tested


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_the_lock_leaves_out_nothing_that_a_package_needs(lock: str) -> None:
    here = pinned(lock)
    for entry in entries(lock):
        if entry.marker and not entry.marker.evaluate():
            continue
        for need in needs(entry):
            assert need in here, f"{entry.name} needs {need}"


def needs(entry: Requirement) -> set[str]:
    """The packages that an installed one asks for on this computer, with the extras that are asked of it."""
    asked = [Requirement(line) for line in requires(entry.name) or ()]
    extras = entry.extras | {""}
    told = [default_environment() | {"extra": extra} for extra in extras]
    return {canonicalize_name(one.name) for one in asked if not one.marker or any(map(one.marker.evaluate, told))}


def test_what_is_installed_here_is_what_the_lock_says() -> None:
    for package, pin in pinned("requirements.lock").items():
        try:
            assert version(package) == pin, package
        except PackageNotFoundError:
            marker = next(one.marker for one in entries("requirements.lock") if canonicalize_name(one.name) == package)
            assert marker and not marker.evaluate(), package


def test_every_package_the_program_imports_is_named() -> None:
    ours = {"medspa_core", "views", "pages", "gate", "app"}
    named = {package.replace("-", "_") for package in pinned("requirements.txt")}
    foreign = {top for path in PROGRAM for top in tops(path)} - ours - set(sys.stdlib_module_names)
    assert (
        foreign - {"argon2", "google", "_typeshed"} <= named
    )  # of argon2-cffi and protobuf; the last is read by mypy alone


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-test.txt", *LISTS, "Makefile", ".ci/run"])
def test_packages_come_from_wherever_pip_is_told_to_look(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|pythonhosted|://(?!127\.0\.0\.1)", text)


def test_an_install_refuses_a_file_whose_hash_the_lock_does_not_name() -> None:
    installs = re.findall(r"(?m)^.*\binstall (-.*-r .*)$", (ROOT / "Makefile").read_text("utf-8"))
    assert len(installs) == 4
    assert all("--require-hashes" in line and ".lock" in line for line in installs)
