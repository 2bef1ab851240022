"""Content can be wrong, never harmful: attacks in every place of a note, through every command.

What the commands print goes through the stream guard in tests/cli.py; here it is asserted that
the words around an attack stay, and that nothing from outside the root is shown.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli import on_terminal, run
from tests.notes import write

ATTACKS = {
    "colour": "\x1b[31m",
    "screen": "\x1b[2J\x1b[H",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;http://x.example\x1b\\here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;aGk=\x07",
    "device": "\x1bP+q544e\x1b\\\x1b[c\x1b[6n",
    "bell": "\x07\x08\x7f\x0b\x0c",
    "return": "hidden&#13;shown",
    "c1": "\x9b31m\x90x\x9c\x85",
    "bidi": "\u202eabc\u202c\u2066def\u2069\u200f",
    "tags": "\U000e0041\U000e0042\U000e007f",
    "invisible": "\u200b\u2060\ufeff\u00ad",
    "separators": "a\u2028b\u2029c",
    "selector": "⬆\ufe0f",
    "marks": "e" + "\u0301" * 40,
    "entities": "&#27;[31m&#x9b;31m&#7;&#8238;&#x200f;&#xE0041;",
    "markup": "[/] [bold]x[/bold] [link=file:///x]y[/link] :smile:",
    "formats": "%s %d {0} {x.y} $HOME $(id) `id`",
}
"""A new attack is one line here."""

COMMANDS = (
    "list n",
    "list n --json",
    "list n --tag nothing",
    "show n",
    "show n --json",
    "check n",
    "check n --json",
    "stats n",
    "stats n --json",
    "quiz n",
    "export json n",
    "export anki n --dry-run",
    "export anki n",
)
"""A new command is one line here."""

WORDS = {
    "list n": "askedLeft askedRight",
    "show n": (
        "sectionLeft askedLeft askedRight answerLeft answerRight codeLeft codeRight headLeft headRight"
        " cellLeft cellRight textLeft textRight altLeft altRight pointLeft pointRight deepLeft deepRight restLeft restRight"
        " spanLeft spanRight htmlLeft htmlRight"
    ),
    "stats n": "sectionLeft",
    "check n": "nameLeft nameRight",
}
"""The harmless words on both sides of the attack that each command shows."""
WORDS["quiz n"] = WORDS["show n"].replace("htmlLeft htmlRight", "").strip()


def note(attack: str) -> str:
    """A note with the attack in every place that is shown."""
    # What would end a table, a quoted value or the line is an attack on Markdown, not on us.
    cell = attack.replace("|", "")
    value = json.dumps(f"tagLeft {attack} tagRight")
    return f"""\
<!--info
title: {json.dumps(f"titleLeft {attack} titleRight")}
tags: [{value}]
-->

# TopLeft {attack} topRight

## SectionLeft sectionLeft {attack} sectionRight

### What is askedLeft {attack} askedRight?
<!--card
tags: [{value}]
sources: [{value}]
-->
> answerLeft {attack} answerRight and ``spanLeft {attack} spanRight``.
>
> - pointLeft {attack} pointRight
>
> ```py {attack}
> codeLeft {attack} codeRight
> ```
>
> | headLeft {cell} headRight | b |
> |---|---|
> | cellLeft {cell} cellRight | c |
>
> [textLeft {attack} textRight](<targetLeft {attack} targetRight.md#x> "title") <kbd>htmlLeft {attack} htmlRight</kbd>
> ![altLeft {attack} altRight](image.png)
>> deepLeft {attack} deepRight [web](<http://x.example/{attack}>) [page](page.md)

restLeft {attack} restRight

### Is this askedLeft {attack} askedRight unanswered?
"""


def file_name(attack: str) -> str:
    return f"nameLeft {attack.replace('/', '')[:60]} nameRight.md"


@pytest.fixture(params=ATTACKS)
def attacked(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder that holds the folder `n` with an attack in every place."""
    attack = ATTACKS[request.param]
    page = f"# PageLeft {attack} pageRight\n\ntextLeft {attack} textRight\n"
    write(tmp_path / "n", {file_name(attack): note(attack), "page.md": page})
    return tmp_path


@pytest.mark.parametrize(
    ("command", "columns"),
    [(command, 0) for command in COMMANDS] + [(command, 100) for command in WORDS],
)
def test_nothing_harmful_comes_out_and_the_words_around_it_do(
    attacked: Path, command: str, columns: int
) -> None:
    typed = "\nd\nd 1\nd 3\n[\n]\ni\n*\n3\nu\nq\n"
    done = run(*command.split(), cwd=attacked, typed=typed, columns=columns)
    assert done.code in (0, 1, 2)
    assert [word for word in WORDS.get(command, "").split() if word not in done.out] == []


@pytest.mark.parametrize("attack", ["clipboard", "c1", "bidi", "markup"])
def test_nor_on_a_real_terminal(tmp_path: Path, attack: str) -> None:
    write(tmp_path / "n", {file_name(ATTACKS[attack]): note(ATTACKS[attack])})
    done = on_terminal("show", "n", cwd=tmp_path, columns=100)
    assert done.code == 0
    assert "answerRight" in done.out


@pytest.mark.parametrize("attack", ATTACKS)
def test_data_holds_the_text_as_it_was_written(tmp_path: Path, attack: str) -> None:
    write(tmp_path / "n", {"a.md": note(ATTACKS[attack])})
    record = json.loads(run("list", "n", "--json", cwd=tmp_path).out)
    assert f"answerLeft {ATTACKS[attack]} answerRight" in record["questions"][0]["answer"]


def test_markup_and_formats_are_shown_letter_by_letter(tmp_path: Path) -> None:
    for attack in ("markup", "formats"):
        write(tmp_path / attack, {"a.md": f"## What is it?\n> ``{ATTACKS[attack]}``\n"})
        for columns in (0, 100):
            assert ATTACKS[attack] in run("show", attack, cwd=tmp_path, columns=columns).out


@pytest.mark.parametrize("attack", [a for a in ATTACKS.values() if "/" not in a])
@pytest.mark.parametrize(
    "arguments",
    [
        "list|goneLeft {} goneRight",
        "show|goneLeft {} goneRight",
        "show|goneLeft {} goneRight|.",
        "init|goneLeft {} goneRight",
        "goneLeft {} goneRight",
        "list|--goneLeft {} goneRight",
        "list|--style|goneLeft {} goneRight",
        "list|--level|goneLeft {} goneRight",
        "list|.|--topic|goneLeft {} goneRight",
        "--color|goneLeft {} goneRight|list",
        "config|goneLeft {} goneRight",
        "config|color|goneLeft {} goneRight",
        "config|rollover|goneLeft {} goneRight",
        "quiz|--new|goneLeft {} goneRight",
        "export|json|.|-o|goneLeft {} goneRight/x",
    ],
)
def test_what_was_typed_is_as_little_trusted(tmp_path: Path, arguments: str, attack: str) -> None:
    write(tmp_path, {"a.md": "## What is it?\n> It.\n"})
    done = run(*(part.format(attack) for part in arguments.split("|")), cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    # Of a filter only the nearest topic is said.
    assert "goneLeft" in done.err or "--topic" in arguments


OUTSIDE = (
    "../outside.md",
    "./../outside.md",
    "..%2foutside.md",
    "%2e%2e/outside.md",
    "%252e%252e/outside.md",
    "..\\outside.md",
    "sub/../../outside.md",
    "/../outside.md",
    "../outside",
    "../outside.md#secret",
    "{}/outside.md",
    "file://{}/outside.md",
    "FILE:{}/outside.md",
    "file:../outside.md",
    "link.md",
    "folder/outside.md",
    "folder/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//outside.md",
    "~/outside.md",
    "$HOME/outside.md",
    "-o",
)
"""Targets that lead out of the root or are no pages. A new one is one line here."""


@pytest.mark.parametrize("target", OUTSIDE)
def test_nothing_from_outside_the_root_is_ever_shown(tmp_path: Path, target: str) -> None:
    address = target.format(tmp_path)
    write(
        tmp_path, {"outside.md": "# Secret\n\n## Secret\n\nCANARY\n\n## What is CANARY?\n> It.\n"}
    )
    text = f"## What is it?\n> [there](<{address}>)\n\n## What else?\n> See [there](<{address}>).\n"
    root = write(tmp_path / "root", {"a.md": text})
    (root / "link.md").symlink_to(tmp_path / "outside.md")
    (root / "folder").symlink_to(tmp_path)
    env = {"HOME": str(tmp_path)}
    for command in ("show n", "quiz n", "check n", "export json n", "export anki n"):
        arguments = command.replace(" n", f" {root}").split()
        done = run(*arguments, typed="\nd\nd 1\n3\n\nd\nd 1\n3\nq\n", env=env)
        assert done.code in (0, 1, 2)
        assert "CANARY" not in done.out + done.err
    assert run("check", str(root)).code == 1


def test_the_canary_sings_where_it_may(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.md": "## What is it?\n> [there](inside.md)\n", "inside.md": "# I\n\nCANARY\n"}
    )
    assert "CANARY" in run("show", "a.md", cwd=tmp_path).out
    assert "CANARY" in run("quiz", "a.md", cwd=tmp_path, typed="\nq\n").out


def test_configuration_and_git_in_a_folder_of_notes_are_not_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.md": "## What is it?\n> It.\n",
            "config.toml": "this is not TOML",
            ".rlhf-qa.toml": "nor this",
            ".git/config": "[core]\n\tpager = touch sprung\n\tfsmonitor = touch sprung\n",
            ".hidden/b.md": "## What is CANARY?\n> It.\n",
            "node_modules/c.md": "## What is CANARY?\n> It.\n",
        },
    )
    assert run("list", cwd=tmp_path).lines == ["a.md:1\tnew\tWhat is it?"]
    assert run("check", "--strict", cwd=tmp_path).code == 0
    assert "sprung" not in {path.name for path in tmp_path.iterdir()}
