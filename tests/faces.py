"""Full-screen faces without a terminal: made over notes, pressed, and looked at as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from rlhf_qa.collection import Entry
from rlhf_qa.memory import CardId
from rlhf_qa.planner import Limits
from rlhf_qa.render.lines import Role
from rlhf_qa.session import Session
from rlhf_qa.ui.browse import Browse
from rlhf_qa.ui.face import Effect
from rlhf_qa.ui.frame import Frame, width_of
from rlhf_qa.ui.quiz import Quiz
from tests.guard import harmful
from tests.learner import Learner
from tests.notes import TREE, write

PAUSE = 1.0
"""Seconds before each key: no repeat of a held one."""


class Seat(Learner):
    """A learner before the full screen."""

    def __init__(
        self, folder: Path, text: str = TREE, files: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(folder, text)
        write(folder, files or {})
        self.size = (80, 24)
        """Columns and rows while keys are pressed."""

    def quiz(self, *, title: str = "", limits: Limits | None = None) -> Quiz:
        """A sitting of its own over all notes."""
        found = self.notes()
        self.session = self.sitting(found, found.entries, limits)
        return Quiz(self.reading(found), self.session, lambda every: every, title)

    def browse(self, *, title: str = "", only: Iterable[str] = ()) -> Browse:
        """All notes, or only the cards of these ids, to look through."""
        wanted = frozenset(map(CardId, only))
        notes = self.reading(self.notes())

        def select(every: Sequence[Entry]) -> Sequence[Entry]:
            return [entry for entry in every if not wanted or entry.id in wanted]

        def sitting(entries: Sequence[Entry]) -> Session:
            return self.sitting(notes.collection, entries)

        today = self.clock.now().day
        return Browse(notes, select, sitting, states=self.store.states, today=today, title=title)

    def press(self, face: Quiz | Browse, keys: str, *, pause: float = PAUSE) -> Effect | None:
        """Press keys, named as the program names them and parted by blanks; each is drawn."""
        effect = None
        face.frame(*self.size)
        for key in keys.split():
            self.clock.wait(pause)
            effect = face.press(key)
            face.frame(*self.size)
        return effect


def grid(face: Quiz | Browse, width: int = 80, height: int = 24) -> str:
    """The screen as text; of more than two equal rows the first, and how many more there are."""
    shown: list[str] = []
    for row, equal in groupby(rows(face, width, height)):
        more = len(list(equal)) - 1
        shown += [row, f"⋮ {more} more"] if more > 1 else [row] * (more + 1)
    return "\n".join(shown)


def checked(frame: Frame, width: int, height: int) -> Frame:
    """The frame, if it fits its terminal and holds nothing that a terminal must not get."""
    assert len(frame.rows) == height
    assert [row.text for row in frame.rows if width_of(row) > width] == []
    assert [found for row in frame.rows for found in harmful(row.text)] == []
    assert all(0 <= r.first < r.end <= width and 0 <= r.row < height for r in frame.regions)
    return frame


def rows(face: Quiz | Browse, width: int = 80, height: int = 24) -> list[str]:
    """The rows of the screen."""
    return checked(face.frame(width, height), width, height).text().split("\n")


def message(face: Quiz | Browse) -> str:
    """What the row above the footer says."""
    return rows(face, 200, 24)[-2].strip()


def spoken(face: Quiz | Browse, role: Role, width: int = 80, height: int = 24) -> list[str]:
    """The texts of one role on the screen."""
    frame = face.frame(width, height)
    return [str(s.text) for row in frame.rows for s in row.spans if s.role is role]


def find(face: Quiz | Browse, text: str, width: int = 80, height: int = 24) -> tuple[int, int]:
    """Column and row where a text stands first; each character before it one cell wide."""
    for number, row in enumerate(rows(face, width, height)):
        if text in row:
            return row.index(text), number
    raise AssertionError(f"{text!r} is not on the screen")
