"""The full screen end to end in a real terminal: what is drawn, and how the terminal is left."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.cli import run
from tests.notes import KETTLES_ZH, PAGE, PAGE_ZH, TREE, write
from tests.tmux import NEEDED, Terminal

pytestmark = NEEDED

ALTERNATE = b"\x1b[?1049h"
"""What switches a terminal to its other screen."""

GRADES = ("1 Again today", "2 Hard 1 d", "3 Good 2 d", "4 Easy 8 d")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    write(tmp_path / "notes", {"deck.md": TREE, "page.md": PAGE})
    return tmp_path


def grades(folder: Path) -> int:
    """How many grades are on the disk."""
    graded = json.loads(run("stats", "--json", str(folder / "notes")).out)["graded_today"]
    assert isinstance(graded, int)
    return graded


def test_a_question_hides_its_answer_and_a_digit_does_not_grade_it(notes: Path) -> None:
    with Terminal(notes, "quiz", "notes") as terminal:
        rows = terminal.see("What does a kettle do?", "Space show answer")
        shown = "\n".join(rows)
        for text in ("Kettles", " Basics", "new: 4 unseen"):
            assert text in shown
        for text in ("boils", "**", "$", "<!--", "\\", "> "):
            assert text not in shown
        terminal.press("3")
        hinted = terminal.see("first Space, to see the answer")
        assert hinted[:-2] == rows[:-2]
        terminal.press("Space")
        terminal.see("What does a kettle do?", "it boils water", *GRADES)
        terminal.press("q")
        terminal.ended()
    assert grades(notes) == 0


def test_another_size_lays_out_anew_and_the_first_one_as_before(notes: Path) -> None:
    with Terminal(notes, "quiz", "notes") as terminal:
        terminal.see("Space show answer")
        terminal.press("Space", "d")
        first = terminal.see("page.md › Heat ──")
        terminal.resize(120, 40)
        wide = terminal.see("│ page.md › Heat")
        assert wide[3].startswith(" What does a kettle do?")
        terminal.resize(40, 12)
        terminal.see(" page.md › Heat", gone=("What does", "│"))
        terminal.resize(20, 5)
        terminal.see("terminal too small:", gone=("page.md",))
        terminal.resize(80, 24)
        assert terminal.see("page.md › Heat ──") == first


def test_the_border_stands_in_one_column_beside_pictures_and_chinese(tmp_path: Path) -> None:
    write(tmp_path / "notes", {"deck.md": KETTLES_ZH, "深入.md": PAGE_ZH})
    with Terminal(tmp_path, "quiz", "notes", size=(120, 30)) as terminal:
        terminal.see("Space show answer")
        terminal.press("Space", "d")
        rows = terminal.see("│ 深入.md › 热量")
        body = [row for row in rows if "│" in row]
        assert len(body) == 25
        assert {terminal.width(row.partition("│")[0]) for row in body} == {60}


def test_a_link_leads_to_its_section_and_back(notes: Path) -> None:
    with Terminal(notes, "quiz", "notes") as terminal:
        terminal.see("Space show answer")
        terminal.press("Space", "d", "Tab")
        before = terminal.see("Enter open link")
        terminal.press("Enter")
        terminal.see("page.md › Lime and you ──", gone=("Water boils",))
        terminal.press("[")
        assert terminal.see("Water boils", "Tab links")[:-1] == before[:-1]
        terminal.press("]")
        terminal.see("page.md › Lime and you ──")


def left(terminal: Terminal) -> tuple[bool, bool, bool]:
    """Whether the other screen is shown, the cursor is, and the mouse is taken."""
    flags = ("alternate_on", "cursor_flag", "mouse_any_flag")
    alternate, cursor, mouse = map(terminal.flag, flags)
    return alternate, cursor, mouse


@pytest.mark.parametrize(("way", "code"), [("q", 0), ("C-c", 130), ("TERM", 143)])
def test_leaving_gives_the_terminal_back_and_keeps_the_grades(
    notes: Path, way: str, code: int
) -> None:
    with Terminal(notes, "quiz", "notes") as terminal:
        terminal.see("What does a kettle do?", "Space show answer")
        assert left(terminal) == (True, False, True)
        terminal.press("Space", "3")
        terminal.see("How is lime removed?", "Good: 2 d")
        if way == "TERM":
            terminal.kill(signal.SIGTERM)
        else:
            terminal.press(way)
        assert terminal.ended() == f"{code}, echo"
        assert left(terminal) == (False, True, False)
        if way != "TERM":
            terminal.see("1 grade in ", "recalled at the first try: 1 of 1")
    assert grades(notes) == 1


def test_the_editor_gets_the_terminal_and_the_card_stays(notes: Path) -> None:
    script = write(notes, {"editor.py": EDITOR}) / "editor.py"
    env = {"EDITOR": f"{sys.executable} {script}"}
    with Terminal(notes, "quiz", "notes", env=env) as terminal:
        terminal.see("Space show answer")
        terminal.press("Space")
        terminal.see("it boils water")
        terminal.press("e")
        terminal.see("an editor")
        assert left(terminal)[0] is False
        terminal.press("Enter")
        terminal.see("What does a kettle do?", "it makes tea possible", *GRADES)
        terminal.press("q")
        assert terminal.ended() == "0, echo"


EDITOR = """\
import pathlib, sys
note = pathlib.Path(sys.argv[1])
input("an editor")
note.write_text(note.read_text().replace("it boils water", "it makes tea possible"))
"""


def test_browse_draws_its_tree_and_finds_words(notes: Path) -> None:
    with Terminal(notes, "browse", "notes") as terminal:
        terminal.see("▾ Kettles", "│ Kettles")
        terminal.press("/", "v", "i", "n")
        terminal.see("/vin", "1/1", "│ How is lime removed?")
        terminal.press("Escape")
        terminal.see("/ search", gone=("/vin",))
        terminal.press("q")
        assert terminal.ended() == "0, echo"
        assert left(terminal) == (False, True, False)


@pytest.mark.parametrize(
    ("arguments", "env"),
    [((), {"TERM": "dumb"}), (("--plain",), {}), ((), {"RLHF_QA_PLAIN": "1"})],
    ids=["dumb", "option", "variable"],
)
def test_line_mode_never_switches_the_screen(
    notes: Path, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    with Terminal(notes, "quiz", *arguments, "notes", env=env) as terminal:
        terminal.see("[Enter: answer  ?: help] >")
        terminal.press("Enter")
        terminal.see("it boils water", "4 Easy 8 d  ?: help] >")
        terminal.press("q", "Enter")
        assert terminal.ended() == "0, echo"
        assert b"boils" in terminal.recorded()
        assert ALTERNATE not in terminal.recorded()
