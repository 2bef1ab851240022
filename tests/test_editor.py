"""The user's editor: which command opens which line, and what is said when it does not work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rlhf_qa.ui.editor import command, edit, start

NOTE = Path("/notes/a deck.md")


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vim", ["vim", "+7", "/notes/a deck.md"]),
        ("/usr/bin/nano -w", ["/usr/bin/nano", "-w", "+7", "/notes/a deck.md"]),
        ("emacsclient -t", ["emacsclient", "-t", "+7", "/notes/a deck.md"]),
        ("hx", ["hx", "/notes/a deck.md:7"]),
        ("subl -w", ["subl", "-w", "/notes/a deck.md:7"]),
        ("code", ["code", "--wait", "--goto", "/notes/a deck.md:7"]),
        ("code -w", ["code", "-w", "--goto", "/notes/a deck.md:7"]),
        ("codium --wait -n", ["codium", "--wait", "-n", "--goto", "/notes/a deck.md:7"]),
        ("my-editor --flag", ["my-editor", "--flag", "/notes/a deck.md"]),
        ("'/opt/my editor/vim' -n", ["/opt/my editor/vim", "-n", "+7", "/notes/a deck.md"]),
    ],
)
def test_the_line_is_given_in_the_form_the_editor_takes(editor: str, words: list[str]) -> None:
    assert command({"EDITOR": editor}, NOTE, 7) == words


@pytest.mark.parametrize(
    ("environ", "first"),
    [
        ({"VISUAL": "nano", "EDITOR": "vim"}, "nano"),
        ({"VISUAL": "  ", "EDITOR": "vim"}, "vim"),
        ({"EDITOR": ""}, "vi"),
        ({}, "vi"),
    ],
)
def test_visual_goes_before_editor_and_vi_is_tried_without_either(
    environ: dict[str, str], first: str
) -> None:
    assert command(environ, NOTE, 7)[0] == first


def test_the_file_is_absolute_so_that_it_is_never_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command({"EDITOR": "true"}, Path("-rf.md"), 7) == ["true", f"{tmp_path}/-rf.md"]


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    words = command({"EDITOR": "vim; touch $HOME/x | `y`"}, Path("/n/$(touch z).md"), 1)
    assert words == ["vim;", "touch", "$HOME/x", "|", "`y`", "/n/$(touch z).md"]
    script = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(' '.join(sys.argv[2:]))"
    wanted = [sys.executable, "-c", script, str(tmp_path / "seen"), "$HOME", ";", "*"]
    assert start(wanted, {}) is None
    assert (tmp_path / "seen").read_text() == "$HOME ; *"


def test_the_editor_runs_in_the_environment_that_is_given(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = f"import os; open({str(seen)!r}, 'w').write(os.environ['WORD'])"
    editor = f'"{sys.executable}" -c "{code}"'
    assert edit({"EDITOR": editor, "WORD": "kettle"}, NOTE, 1) is None
    assert seen.read_text() == "kettle"


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ("vim 'unfinished", "EDITOR cannot be read as a command: No closing quotation"),
        ("''", "EDITOR cannot be read as a command: No command"),
        ("no-such-editor", "no-such-editor cannot be started (No such file or directory): "),
        (f"{sys.executable} -c 'raise SystemExit(3)'", " ended with code 3"),
    ],
)
def test_what_went_wrong_is_said_in_a_sentence(editor: str, said: str) -> None:
    problem = edit({"EDITOR": editor}, NOTE, 1)
    assert problem is not None
    assert said in problem
