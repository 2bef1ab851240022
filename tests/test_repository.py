"""The repository as such: nothing of one machine in it, and its pages agree with each other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import rlhf_qa

ROOT = Path(__file__).parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FOLDERS = ("home", "root", "work", "farm", "Users")
PATH_OF_A_MACHINE = re.compile(rf"(?<![\w.~/$}}-])/({'|'.join(FOLDERS)})/")


def files() -> Iterator[Path]:
    """The files of the repository, without what is made in it."""
    made = {
        row.rstrip("/") for row in (ROOT / ".gitignore").read_text(encoding="utf-8").split("\n")
    }
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in made | {".git"}]
        yield from (Path(folder, name) for name in names)


def test_no_path_of_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {row.strip()}"
        for path in files()
        for number, row in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n"), 1)
        if PATH_OF_A_MACHINE.search(row)
    ]
    assert found == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_such_a_path_would_be_found(folder: str) -> None:
    for before in ("", " ", '"', "(", "=", ":"):
        assert PATH_OF_A_MACHINE.search(f"see{before}" * bool(before) + f"/{folder}/ann/notes")
    for before in ("$HOME", "~", ".", "docs", "https://example.org", "../.."):
        assert PATH_OF_A_MACHINE.search(f"{before}/{folder}/x") is None


def test_the_readme_names_the_two_commands() -> None:
    rows = {row.strip() for row in (ROOT / "README.md").read_text(encoding="utf-8").split("\n")}
    assert {"make quiz", "make test"} <= rows


def test_the_changelog_knows_the_version() -> None:
    version = rlhf_qa.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[?{re.escape(version)}\b", changelog, re.MULTILINE)


def test_each_dependency_has_its_reason() -> None:
    project = tomllib.loads(PYPROJECT)["project"]
    dependencies = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    rows = PYPROJECT.split("\n")
    for dependency in dependencies:
        (row,) = [row for row in rows if row.startswith(f'    "{dependency}",')]
        assert re.search(r",\s+# \S.{3,}$", row), row


class TestMake:
    @pytest.mark.parametrize("target", ["help", "quiz", "test", "content", "bench"])
    def test_has_the_target(self, target: str) -> None:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)

    def test_help_comes_first_and_names_the_others(self) -> None:
        assert ".DEFAULT_GOAL := help" in MAKEFILE
        for target in ("quiz", "test", "content", "bench"):
            assert f"'make {target} " in MAKEFILE

    def test_continuous_integration_runs_what_people_run(self) -> None:
        run = ROOT / ".ci" / "run"
        assert os.access(run, os.X_OK)
        assert run.read_text().split("\n")[-2] == "exec make test"


def shim(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


class TestEnvironment:
    """`.ci/environment` with other Pythons on PATH; what would install only says so."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        folder = tmp_path / "bin"
        for name in ("dirname", "uniq", "rm", "touch", "mkdir", "cat"):
            shim(folder, name, f'exec {shutil.which(name)} "$@"')
        return folder

    def run(self, tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        place = tmp_path / "project" / ".ci" / "environment"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / ".ci" / "environment", place)
        return subprocess.run(
            ["/bin/sh", place, *arguments],
            env={"PATH": str(tmp_path / "bin"), **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def python(self, folder: Path, name: str, log: Path) -> None:
        """A Python that is this one, but for the modules `venv` and `pip`, which it notes down."""
        text = f"""
case "$1 $2" in
    "-m venv") echo "{name} $*" >>{log}; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    "-m pip") echo "pip $*" >>{log} ;;
    *) exec {sys.executable} "$@" ;;
esac"""
        shim(folder, name, text)

    def test_takes_the_first_that_runs_and_is_new_enough(self, tmp_path: Path, path: Path) -> None:
        log = tmp_path / "log"
        shim(path, "cp", f'exec {shutil.which("cp")} "$@"')
        shim(path, "python3.13", "echo no such version >&2; exit 127")
        shim(path, "python3.12", "echo is 3.9")
        self.python(path, "python3.11", log)
        shim(path, "python3", "echo must not be asked; exit 1")
        done = self.run(tmp_path)
        assert (done.returncode, done.stdout) == (0, "")
        install = "pip -m pip install -qq --disable-pip-version-check --editable"
        assert log.read_text().split("\n") == [
            "python3.11 -m venv .venv",
            f"{install} .",
            "",
        ]
        place = tmp_path / "project" / ".venv" / "place"
        assert place.read_text() == f"{tmp_path / 'project'}\n"

        assert self.run(tmp_path, "dev").returncode == 0
        assert log.read_text().split("\n")[2:] == [
            "pip -m pip --version",
            f"{install} .[dev]",
            "",
        ]

    def test_says_what_each_one_is_where_none_will_do(self, tmp_path: Path, path: Path) -> None:
        shim(path, "python3.13", "exit 127")
        shim(path, "python3", "echo is 3.9")
        shim(path, "python", "echo is 3.11 without ensurepip")
        done = self.run(tmp_path)
        assert done.returncode == 1
        assert done.stderr.split("\n") == [
            "Setting up .venv: once, about a minute ...",
            "rlhf-qa needs Python 3.11 or newer. Of the names looked for on PATH:",
            "  python3.13 does not run",
            "  python3 is 3.9",
            "  python is 3.11 without ensurepip",
            "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name yours:",
            "  make quiz PYTHON=/path/to/python3",
            "",
        ]

    def test_no_python_at_all(self, tmp_path: Path, path: Path) -> None:
        assert path.exists()
        done = self.run(tmp_path)
        assert done.returncode == 1
        assert "\n  none is there\n" in done.stderr

    def test_a_named_python_is_the_only_one(self, tmp_path: Path, path: Path) -> None:
        self.python(path, "python3", tmp_path / "log")
        shim(path, "mine", "echo is 3.10")
        done = self.run(tmp_path, PYTHON="mine")
        assert done.returncode == 1
        assert "\n  mine is 3.10\n" in done.stderr

    def test_uv_goes_first_and_pip_steps_in(self, tmp_path: Path, path: Path) -> None:
        log = tmp_path / "log"
        shim(path, "cp", f'exec {shutil.which("cp")} "$@"')
        shim(path, "uv", f'echo "uv $*" >>{log}; [ "$1" = venv ] && mkdir -p .venv')
        self.python(path, "python3", log)
        done = self.run(tmp_path)
        assert done.returncode == 0, done.stderr
        assert log.read_text().split("\n") == [
            f"uv venv --quiet --python {path / 'python3'} .venv",
            "uv pip install --quiet --python .venv/bin/python --editable .",
            "python3 -m venv .venv",
            "pip -m pip install -qq --disable-pip-version-check --editable .",
            "",
        ]
