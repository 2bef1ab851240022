"""What may use what: the layers, a room for each third party, and calls made in one place only."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "rlhf_qa"

ROOMS = {
    "typer": ("rlhf_qa.cli",),
    "textual": ("rlhf_qa.ui.app",),
    "rich": ("rlhf_qa.cli", "rlhf_qa.ui", "rlhf_qa.render.wrap"),
    "markdown_it": ("rlhf_qa.markdown",),
    "yaml": ("rlhf_qa.metadata",),
    "fsrs": ("rlhf_qa.scheduler",),
    "platformdirs": ("rlhf_qa.places",),
    "pygments": ("rlhf_qa.render",),
    "sqlite3": ("rlhf_qa.store", "rlhf_qa.database", "rlhf_qa.export.apkg"),
}
"""Where each of them may be imported: these modules and those below them."""

LATE = ("yaml", "platformdirs", "pygments")
"""Imported inside functions only: most commands do without."""

FACES = ("rlhf_qa.__main__", "rlhf_qa.cli", "rlhf_qa.ui")


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module


@dataclass(frozen=True)
class Use:
    """A name used in a module, and where."""

    module: str
    line: int
    what: str
    inner: bool = False
    """Within a function."""


def modules(root: Path = PACKAGE) -> Iterator[Module]:
    for path in sorted(root.rglob("*.py")):
        parts = (root.name, *path.relative_to(root).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name, path, ast.parse(path.read_bytes()))


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def imports(module: Module) -> Iterator[Use]:
    """Every import in any place of the module, as the dotted name it begins with."""
    inner = {
        id(node)
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module=str() as source, level=0):
                found = [source]
            case ast.ImportFrom():
                found = ["(relative)"]
            case _:
                continue
        yield from (Use(module.name, node.lineno, name, id(node) in inner) for name in found)


def named_calls(module: Module) -> Iterator[Use]:
    """Every `a.b` and every call of a bare `a`, by those names."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                yield Use(module.name, node.lineno, f"{owner}.{attribute}")
            case ast.Attribute(attr=attribute):
                yield Use(module.name, node.lineno, f"(…).{attribute}")
            case ast.Call(func=ast.Name(id=function)):
                yield Use(module.name, node.lineno, function)


ALL = tuple(modules())
IMPORTS = tuple(use for module in ALL for use in imports(module))
CALLS = tuple(use for module in ALL for use in named_calls(module))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.path.insert(0, '.'); sys.exit(lint_imports(no_cache=True, no_logo=True))"
    )
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


class TestLayers:
    def test_hold(self) -> None:
        done = lint_imports(ROOT)
        assert done.returncode == 0, done.stdout

    @pytest.mark.parametrize(
        ("file", "line", "broken"),
        [
            ("limits.py", "from rlhf_qa import cache", "rlhf_qa.limits -> rlhf_qa.cache"),
            ("links.py", "from rlhf_qa import parser", "No module needs itself BROKEN"),
            ("stray.py", "", "stray"),
        ],
    )
    def test_are_watched(self, tmp_path: Path, file: str, line: str, broken: str) -> None:
        """An import upwards, one that closes a circle, a module that has no layer."""
        copy = tmp_path / "rlhf_qa"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "bank"))
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        with (copy / file).open("a", encoding="utf-8") as stream:
            stream.write(f"\n{line}\n")
        if file == "links.py":
            with (copy / "parser.py").open("a", encoding="utf-8") as stream:
                stream.write("\nfrom rlhf_qa import links\n")
        done = lint_imports(tmp_path)
        assert done.returncode == 1, done.stdout
        assert broken in done.stdout


class TestThirdParties:
    def test_each_is_imported_in_its_room_only(self) -> None:
        ours = {*sys.stdlib_module_names, "rlhf_qa"} - set(ROOMS)
        outside = [
            use
            for use in IMPORTS
            if (top := use.what.partition(".")[0]) not in ours
            and not within(use.module, ROOMS.get(top, ()))
        ]
        assert outside == []

    def test_each_is_a_dependency_and_each_dependency_has_a_room(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        dependencies = {line.partition(">")[0].lower() for line in project["dependencies"]}
        belongs = packages_distributions()
        rooms = {belongs[name][0].lower() for name in ROOMS if name != "sqlite3"}
        assert rooms == dependencies

    def test_each_is_used(self) -> None:
        assert {use.what.partition(".")[0] for use in IMPORTS} >= set(ROOMS)

    def test_the_renderer_takes_the_widths_of_characters_and_nothing_else_of_rich(self) -> None:
        taken = {use.what for use in IMPORTS if use.what.startswith("rich")}
        core = {
            use.what
            for use in IMPORTS
            if use.what.startswith("rich") and not within(use.module, FACES)
        }
        assert core == {"rich.cells"} < taken

    def test_those_that_most_commands_do_without_come_late(self) -> None:
        early = [use for use in IMPORTS if use.what.partition(".")[0] in LATE and not use.inner]
        assert [use for use in early if not only_for_types(use)] == []

    def test_the_core_loads_no_face(self) -> None:
        core = [m.name for m in ALL if not within(m.name, FACES)]
        code = (
            "import importlib, sys\n"
            "for name in sys.argv[1:]: importlib.import_module(name)\n"
            "print(*sorted(sys.modules))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *core],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        loaded = done.stdout.split()
        assert "rlhf_qa.parser" in loaded
        top = {name.partition(".")[0] for name in loaded}
        assert top.isdisjoint({"typer", "click", "textual", "yaml", "pygments", "platformdirs"})
        assert {"rich.console", "rich.text", "rich.table"}.isdisjoint(loaded)


def only_for_types(use: Use) -> bool:
    """Does the import stand under `if TYPE_CHECKING:`, never to be run?"""
    tree = next(module.tree for module in ALL if module.name == use.module)
    return any(
        isinstance(node, ast.If)
        and ast.unparse(node.test) == "TYPE_CHECKING"
        and node.lineno < use.line <= (node.end_lineno or 0)
        for node in ast.walk(tree)
    )


class TestPackage:
    def test_importing_it_loads_nothing(self) -> None:
        (root,) = [module for module in ALL if module.name == "rlhf_qa"]
        assert list(imports(root)) == []

    def test_imports_are_absolute(self) -> None:
        assert [use for use in IMPORTS if use.what == "(relative)"] == []

    def test_every_module_says_what_it_knows(self) -> None:
        assert [module.name for module in ALL if not ast.get_docstring(module.tree)] == []


class TestCalls:
    def test_lines_are_split_at_line_feeds_only(self) -> None:
        """`splitlines` also splits at U+2028, U+0085 and others: line numbers would be wrong."""
        splitting = {use.module for use in CALLS if use.what.endswith(".splitlines")}
        assert splitting <= {"rlhf_qa.database"}  # of its own SQL

    def test_the_time_is_read_in_one_place(self) -> None:
        readers = {
            *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
            "date.today",
            *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime")),
        }
        read = {use.module for use in CALLS if use.what in readers}
        assert read == {"rlhf_qa.clock"}

    def test_chance_comes_from_outside(self) -> None:
        shared = [
            use for use in CALLS if use.what.startswith("random.") and use.what != "random.Random"
        ]
        assert shared == []
        taken = [
            alias.name
            for module in ALL
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ImportFrom) and node.module == "random"
            for alias in node.names
        ]
        assert set(taken) <= {"Random"}

    def test_only_the_faces_print(self) -> None:
        printing = [use for use in CALLS if use.what == "print" and not within(use.module, FACES)]
        assert printing == []

    @pytest.mark.parametrize(
        ("line", "rule"),
        [
            ("eval(input())", "S307"),
            ("exec(input())", "S102"),
            ("import pickle; pickle.loads(b'')", "S301"),
            ("import os; os.system(input())", "S605"),
            ("import subprocess; subprocess.run(input(), shell=True)", "S602"),
            ("import yaml; yaml.load(input())", "S506"),
            ("print(1)", "T201"),
        ],
    )
    def test_lint_forbids_what_runs_text(self, line: str, rule: str) -> None:
        command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
        done = subprocess.run(
            [*command, "--stdin-filename", "rlhf_qa/model.py", "-"],
            input=line,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert f" {rule} " in done.stdout
