"""What each command may load: start-up is a feature, and the set of modules can be counted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import MODULE, SCRIPT, environment, run, spawn
from tests.notes import PAGE, TREE, write

HEAVY = {
    "fsrs",
    "markdown_it",
    "numpy",
    "platformdirs",
    "pydantic",
    "pygments",
    "rich",
    "rich.cells",
    "rich.console",
    "sqlite3",
    "textual",
    "tomllib",
    "yaml",
}
CODE = "## What is it?\n> ```python\n> print(1)\n> ```\n"
FRONT = "---\ntitle: T\n---\n\n## What is it?\n> It.\n"
LONG_AGO_NS = 1_700_000_000 * 10**9
PROBE = (
    "import sys; from rlhf_qa.cli.main import run; code = run(sys.argv[1:])\n"
    "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Notes that were read before, and not changed since."""
    folder = write(tmp_path / "notes", {"kettles.md": TREE, "page.md": PAGE})
    for path in folder.iterdir():
        os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    assert run("list", str(folder)).code == 0
    return folder


def loaded(*arguments: str, typed: str = "") -> set[str]:
    """Those of `HEAVY` that a command loads into a pipe."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        input=typed,
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    modules = set(done.stderr.split("\n"))
    assert "rlhf_qa.cli.main" in modules
    return HEAVY & modules


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        ("--version", set()),
        ("paths", set()),
        ("list {}", {"rich", "rich.cells", "sqlite3"}),
        ("list {} --json", {"sqlite3"}),
        ("check {}", {"rich", "rich.cells", "sqlite3"}),
        ("check {} --json", {"sqlite3"}),
        ("stats {}", {"rich", "rich.cells", "sqlite3", "fsrs"}),
        ("stats {} --json", {"sqlite3", "fsrs"}),
        ("export json {}", {"sqlite3"}),
        ("export anki {} -o /dev/null", {"rich", "rich.cells", "sqlite3", "markdown_it"}),
        ("show {}", {"rich", "rich.cells", "sqlite3", "markdown_it"}),
        ("quiz {} --plain", {"rich", "rich.cells", "sqlite3", "markdown_it", "fsrs"}),
        ("config", {"sqlite3"}),
    ],
)
def test_each_command_loads_what_it_needs(notes: Path, typed: str, allowed: set[str]) -> None:
    found = loaded(*typed.format(notes).split(), typed="\n3\nq\n")
    assert found - allowed == set()


def test_the_probe_sees_what_is_loaded(notes: Path) -> None:
    assert loaded("--color", "always", "show", str(notes)) >= {"rich.console", "markdown_it"}
    assert "fsrs" in loaded("stats", str(notes))


def test_a_changed_note_needs_the_markdown_library_and_its_neighbours_metadata(
    notes: Path,
) -> None:
    write(notes, {"new.md": "## What is new?\n> This.\n"})
    assert loaded("list", str(notes)) == {"rich", "rich.cells", "sqlite3", "markdown_it"}


def test_yaml_is_loaded_for_metadata_and_highlighting_for_code_only(tmp_path: Path) -> None:
    write(tmp_path, {"front.md": FRONT, "code.md": CODE})
    assert "yaml" in loaded("list", str(tmp_path / "front.md"))
    assert "pygments" not in loaded("list", str(tmp_path / "code.md"))


class TestCurrentFolder:
    """Nothing is imported from the folder one stands in."""

    NAMES = ("yaml", "typing", "json", "sqlite3", "rich", "typer", "fsrs", "markdown_it", "re")

    @pytest.mark.parametrize("program", [MODULE, SCRIPT], ids=["module", "script"])
    @pytest.mark.parametrize("command", ["list", "show", "quiz"])
    def test_modules_in_it_are_never_run(
        self, tmp_path: Path, program: tuple[str, ...], command: str
    ) -> None:
        write(tmp_path, {"a.md": FRONT, "b.md": CODE})
        for name in self.NAMES:
            trap = f"open({str(tmp_path / 'sprung')!r}, 'a').write({name!r})\n"
            write(tmp_path, {f"{name}.py": trap, f"rlhf_qa/{name}.py": trap})
        done = spawn(command, ".", program=program, cwd=tmp_path, typed="\n3\nq\n")
        assert (done.code, done.err) == (0, "")
        assert "What is it?" in done.out
        assert not (tmp_path / "sprung").exists()

    def test_the_trap_would_spring(self, tmp_path: Path) -> None:
        write(tmp_path, {"yaml.py": f"open({str(tmp_path / 'sprung')!r}, 'a').write('yaml')\n"})
        subprocess.run([sys.executable, "-c", "import yaml"], cwd=tmp_path, check=True, timeout=60)
        assert (tmp_path / "sprung").exists()
