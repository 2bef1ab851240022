"""Every key of the full-screen faces, with what it does: the one table.

The help on the screen and docs/keys.md are made from it, and a face may bind no other key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rlhf_qa.messages import mark


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the help."""

    names: tuple[str, ...]
    """As `typed.key_name` gives them."""
    shown: str
    """As a reader knows them."""
    does: str
    """A message."""


EVERYWHERE: Final = (
    Key(("?",), "?", mark("all keys")),
    Key(("q",), "q", mark("leave")),
    Key(("ctrl+c",), "Ctrl+C", mark("leave at once")),
    Key(("ctrl+z",), "Ctrl+Z", mark("to the shell; fg comes back")),
    Key(("escape",), "Esc", mark("close what is open")),
    Key(("j", "down"), "j ↓", mark("down a line")),
    Key(("k", "up"), "k ↑", mark("up a line")),
    Key(("pagedown", "ctrl+d"), "PgDn Ctrl+D", mark("down a page")),
    Key(("pageup", "ctrl+u"), "PgUp Ctrl+U", mark("up a page")),
    Key(("g", "home"), "g Home", mark("to the top")),
    Key(("G", "end"), "G End", mark("to the end")),
)

QUIZ: Final = (
    Key(("space",), "Space", mark("show the answer; then: Good")),
    Key(("enter",), "Enter", mark("the same; opens a link in focus")),
    Key(("1", "2", "3", "4"), "1 2 3 4", mark("grade: again, hard, good, easy")),
    Key(("u",), "u", mark("undo, any number of times")),
    Key(("U",), "U", mark("redo")),
    Key(("d",), "d", mark("open or close the deep-dive")),
    Key(("f",), "f", mark("follow-ups next")),
    Key(("tab", "shift+tab"), "Tab Shift+Tab", mark("next or previous link")),
    Key(("[", "alt+left"), "[ Alt+←", mark("page before")),
    Key(("]", "alt+right"), "] Alt+→", mark("page after")),
    Key(("o",), "o", mark("open a web link in the browser")),
    Key(("e",), "e", mark("edit the note")),
    Key(("s",), "s", mark("skip to the end of the sitting")),
    Key(("-",), "-", mark("bury until tomorrow")),
    Key(("@",), "@", mark("suspend")),
    Key(("*",), "*", mark("mark or unmark")),
    Key(("F",), "F", mark("forget: start this card anew")),
    Key(("i",), "i", mark("why this card, its history, its place")),
    Key(("L",), "L", mark("the other language")),
    Key(("m",), "m", mark("formulas: boxes, one line, source")),
    Key(("z",), "z", mark("unfold or fold everything")),
    Key(("+",), "+", mark("five more minutes, at the end")),
    Key(("b",), "b", mark("browse what was missed, at the end")),
)

BROWSE: Final = (
    Key(("l", "right", "enter"), "l → Enter", mark("open; a question over the whole screen")),
    Key(("h", "left"), "h ←", mark("close, or to the one above")),
    Key(("space",), "Space", mark("open or close")),
    Key(("z",), "z", mark("open or close all")),
    Key(("tab", "shift+tab"), "Tab Shift+Tab", mark("to the preview and its links; back")),
    Key(("/",), "/", mark("search")),
    Key(("n",), "n", mark("next hit")),
    Key(("N",), "N", mark("previous hit")),
    Key(("p",), "p", mark("practise what is selected")),
    Key(("[", "alt+left"), "[ Alt+←", mark("page before")),
    Key(("]", "alt+right"), "] Alt+→", mark("page after")),
    Key(("o",), "o", mark("open a web link in the browser")),
    Key(("e",), "e", mark("edit the note")),
    Key(("i",), "i", mark("history and place")),
    Key(("*",), "*", mark("mark or unmark")),
    Key(("@",), "@", mark("suspend or take back")),
    Key(("L",), "L", mark("the other language")),
    Key(("m",), "m", mark("formulas: boxes, one line, source")),
)
