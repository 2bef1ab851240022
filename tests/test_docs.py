"""README and docs agree with the program: commands, options, keys, links, the transcript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from rlhf_qa.cli.app import app
from rlhf_qa.config import KEYS
from rlhf_qa.links import read_target
from rlhf_qa.model import Code, LinkKind, Style
from rlhf_qa.ui import help as keys_help

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def commands() -> set[str]:
    """Every command as it is typed, `export json` for one in a group."""
    root = typer.main.get_command(app)
    found = set()
    for name, command in getattr(root, "commands", {}).items():
        below = getattr(command, "commands", None)
        found |= {f"{name} {inner}" for inner in below} if below else {name}
    return found


def test_the_readme_names_every_command_and_no_other() -> None:
    rows = re.findall(
        r"^\| `rlhf-qa ?([a-z ]*?)(?: [\[A-Z][^`]*)?` \|", text("README.md"), re.MULTILINE
    )
    assert set(rows) == {"", *commands()}


def test_pages_name_options_that_exist() -> None:
    root = typer.main.get_command(app)
    groups = [root, *getattr(root, "commands", {}).values()]
    groups += [inner for g in groups for inner in getattr(g, "commands", {}).values()]
    known = {option for g in groups for p in g.params for option in p.opts}
    named = {
        option
        for page in ("README.md", "docs/format.md", "docs/machine.md", "docs/keys.md")
        for option in re.findall(r"(?<![\w!-])--[a-z][a-z-]+", text(page))
    }
    elsewhere = {"--install-completion"}
    assert named - known - elsewhere == set()


def test_links_of_the_pages_lead_somewhere() -> None:
    """Those in code are examples, and name notes of the reader's own."""
    broken = []
    for page in PAGES:
        prose = re.sub(
            r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            read = read_target(target, page.relative_to(ROOT).as_posix())
            if read.kind is not LinkKind.EXTERNAL and not (ROOT / str(read.path)).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_the_format_page_explains_every_problem_and_style() -> None:
    page = text("docs/format.md")
    assert [code.value for code in Code if f"`{code.value}`" not in page] == []
    assert [style.value for style in Style if f"| `{style.value}` |" not in page] == []


def test_the_page_of_keys_is_made_from_the_tables_of_the_program() -> None:
    """python -c "from rlhf_qa.ui.help import page; print(page(), end='')" > docs/keys.md"""
    assert text("docs/keys.md") == keys_help.page()


def test_the_settings_are_explained_where_they_are_shown() -> None:
    assert [key.name for key in KEYS if not key.help or not key.permitted] == []


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_help_of_a_command_has_examples_that_begin_with_it(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "-h"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    _, _, examples = shown.stdout.partition("Examples:")
    assert f"rlhf-qa {command}" in examples


def test_the_sample_of_the_readme_reads_as_it_claims() -> None:
    """What the README shows of a note is a deck of three questions, one of them unanswered."""
    from rlhf_qa.parser import parse

    (sample,) = re.findall(r"```markdown\n(.*?)```", text("README.md"), re.DOTALL)
    questions = parse(sample, "sample").questions
    assert [(q.depth, q.answered, len(q.key_points), len(q.deeper)) for q in questions] == [
        (0, True, 2, 1),
        (1, True, 0, 0),
        (1, False, 0, 0),
    ]
