"""What is shipped: the wheel holds the bank and the migrations, and works from anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from rlhf_qa import __version__

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("rlhf_qa-*-py3-none-any.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(unpacked: Path, cwd: Path, *command: str) -> str:
    """The output of a Python that has the wheel, with its dependencies, and not the checkout."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={"PYTHONPATH": str(unpacked), "LC_ALL": "C.UTF-8", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def below(names: list[str], folder: str, suffix: str) -> set[str]:
    """The names of files with this suffix right in this folder."""
    paths = map(PurePosixPath, names)
    return {p.name for p in paths if str(p.parent) == folder and p.suffix == suffix}


def test_holds_the_whole_bank(names: list[str]) -> None:
    for language in ("zh", "en"):
        notes = {path.name for path in (ROOT / "content" / language).glob("*.md")}
        assert len(notes) > 1
        assert below(names, f"rlhf_qa/bank/{language}", ".md") == notes


def test_holds_every_module_the_migrations_and_the_mark_of_types(names: list[str]) -> None:
    modules = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "rlhf_qa").rglob("*.py")
        if "bank" not in path.parts
    }
    assert modules <= set(names)
    migrations = {path.name for path in (ROOT / "rlhf_qa" / "migrations").glob("*.sql")}
    assert "0001.sql" in migrations
    assert below(names, "rlhf_qa/migrations", ".sql") == migrations
    assert "rlhf_qa/py.typed" in names


def test_holds_the_chinese_messages(names: list[str]) -> None:
    assert "rlhf_qa.mo" in below(names, "rlhf_qa/locale/zh/LC_MESSAGES", ".mo")


def test_speaks_chinese(unpacked: Path, tmp_path: Path) -> None:
    assert "用法" in run(unpacked, tmp_path, "-m", "rlhf_qa", "--lang", "zh", "--help")


def test_holds_nothing_else(names: list[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"rlhf_qa", f"rlhf_qa-{__version__}.dist-info"}
    assert [name for name in names if name.startswith("/") or ".." in name.split("/")] == []
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_finds_its_bank_and_reads_it(unpacked: Path, tmp_path: Path) -> None:
    code = (
        "from rlhf_qa import library; from rlhf_qa.cache import Cache\n"
        "bank = library.load([library.BANK], cache=Cache(None))\n"
        "print(library.__file__, *bank.roots, *bank.failures, sep='\\n')\n"
        "print(*sorted(note.path for note in bank.notes), sep='\\n')"
    )
    package = unpacked / "rlhf_qa"
    content = ROOT / "content"
    notes = sorted(p.relative_to(content).as_posix() for p in content.rglob("*.md"))
    assert run(unpacked, tmp_path, "-c", code).split("\n") == [
        str(package / "library.py"),
        str(package / "bank"),
        *notes,
        "",
    ]


def test_lists_its_bank_as_a_command(unpacked: Path, tmp_path: Path) -> None:
    printed = run(unpacked, tmp_path, "-m", "rlhf_qa", "list", "@bank", "--json")
    assert json.loads(printed)
    assert str(ROOT) not in printed
