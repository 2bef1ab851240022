"""What a full-screen face is to the program that runs it: keys in, screens and effects out.

Knows no terminal library; app.py knows it, and nothing of any face.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rlhf_qa.library import Note
from rlhf_qa.ui.frame import Frame


@dataclass(frozen=True, slots=True)
class Leave:
    """This face is done; the one below it goes on."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A note is to be opened in the user's editor."""

    note: Note
    line: int


@dataclass(frozen=True, slots=True)
class OpenWeb:
    """An address is to be opened in the browser."""

    address: str


@dataclass(frozen=True, slots=True)
class Enter:
    """Another face comes on top."""

    face: Face


Effect = Leave | Edit | OpenWeb | Enter


class Face(Protocol):
    """A full-screen part of the program."""

    def press(self, key: str) -> Effect | None:
        """Follow a key, as `typed.key_name` names it."""

    def paste(self, text: str) -> None:
        """Take pasted text where text is typed; nowhere else, so that no paste grades."""

    def click(self, column: int, row: int) -> Effect | None:
        """Follow a click on a cell of the screen drawn last."""

    def wheel(self, column: int, row: int, rows: int) -> None:
        """Scroll what is drawn there."""

    def settle(self) -> None:
        """Do what could wait until the first screen was drawn."""

    def frame(self, width: int, height: int) -> Frame:
        """The screen as it is now."""

    def edited(self, problem: str | None) -> None:
        """The editor was left, or could not be started because of `problem`."""

    def back(self) -> None:
        """A face on top of this one was left."""
