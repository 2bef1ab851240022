"""A part of the screen that shows more lines than it has rows: scrolling, focus, folds.

Works on rendered lines; knows no keys and no terminal. The place in the text is kept in ink, not
in lines, so that it survives another width: the same words stay at the top.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rlhf_qa.render.lines import Line, Role

Place = tuple[int, int]
"""Ink above a row, and blank rows between that ink and the row."""

START: Final[Place] = (0, 0)


class Pane:
    """A view of lines through a window of some rows."""

    def __init__(self) -> None:
        self._lines: tuple[Line, ...] = ()
        self._ink: list[int] = [0]
        self._height = 1
        self._anchor = START
        """The place of the top row, as the reader last left it."""
        self._top = 0
        self.focus: int | None = None
        """The target in focus: the number of a link, or of a fold below zero."""

    def lay_out(self, lines: Sequence[Line], height: int) -> None:
        """Show these lines in so many rows, at the place where the reader was."""
        if self._lines != tuple(lines):
            self._lines = tuple(lines)
            self._ink = [0]
            for line in self._lines:
                self._ink.append(self._ink[-1] + _ink_of(line))
        self._height = max(height, 1)
        self._top = self._line_at(self._anchor)
        if self.focus is not None and self.focus not in self._targets():
            self.focus = None

    @property
    def visible(self) -> tuple[Line, ...]:
        """The lines in the window, the one in focus marked."""
        return (
            tuple(_focused(line, self.focus) for line in self.plain) if self.focus else self.plain
        )

    @property
    def plain(self) -> tuple[Line, ...]:
        """The lines in the window, none marked."""
        return self._lines[self._top : self._top + self._height]

    @property
    def above(self) -> int:
        """Lines out of sight above."""
        return self._top

    @property
    def below(self) -> int:
        """Lines out of sight below."""
        return max(0, len(self._lines) - self._top - self._height)

    @property
    def percent(self) -> int:
        """How far down the end of the window is."""
        lines = len(self._lines)
        return 100 * (lines - self.below) // lines if lines else 100

    @property
    def place(self) -> Place:
        """Where the reader is, to come back to."""
        return self._anchor

    def go_to(self, place: Place) -> None:
        """Back to a place."""
        self._anchor = place
        self._top = self._line_at(place)

    def scroll(self, rows: int) -> None:
        """Down by so many rows, or up."""
        self._move(self._top + rows)

    def page(self, pages: int) -> None:
        """Down by so many windows, one row kept in sight."""
        self._move(self._top + pages * max(1, self._height - 1))

    def home(self) -> None:
        self._move(0)

    def end(self) -> None:
        self._move(len(self._lines))

    def focus_next(self, step: int, *, around: bool = True) -> bool:
        """To the next or previous target, scrolled into sight; whether there is one.

        After the last comes the first, if `around`; else none.
        """
        targets = self._targets()
        if self.focus in targets:
            at = targets.index(self.focus) + step
        else:
            at = 0 if step > 0 else len(targets) - 1
        if not targets or not (around or 0 <= at < len(targets)):
            self.focus = None
            return False
        self.focus = targets[at % len(targets)]
        row = next(n for n, line in enumerate(self._lines) if _holds(line, self.focus))
        if not self._top <= row < self._top + self._height:
            self._move(row - self._height // 2)
        return True

    def target_at(self, row: int, column: int, width: int) -> int | None:
        """The target drawn at this place of the window."""
        from rlhf_qa.render.wrap import cells  # noqa: PLC0415 -- only for the mouse

        shown = self.visible
        if not 0 <= row < len(shown) or column >= width:
            return None
        at = 0
        for span in shown[row].spans:
            at += cells(span.text)
            if column < at:
                return span.target
        return None

    def _move(self, top: int) -> None:
        self._top = min(max(top, 0), self._last_top())
        ink = self._ink[self._top]
        self._anchor = (ink, self._top - bisect_left(self._ink, ink))

    def _last_top(self) -> int:
        return max(0, len(self._lines) - self._height)

    def _line_at(self, place: Place) -> int:
        """The line of a place: the one that holds its ink, if none begins there."""
        ink, blanks = place
        first, end = bisect_left(self._ink, ink), bisect_right(self._ink, ink)
        return min(first + blanks if first < end else first, end - 1, self._last_top())

    def _targets(self) -> list[int]:
        found = (s.target for line in self._lines for s in line.spans if s.target is not None)
        return list(dict.fromkeys(found))


def _ink_of(line: Line) -> int:
    """Bars and rules are left out: how many there are depends on the width."""
    spans = (span for span in line.spans if span.role is not Role.BAR)
    return sum(not char.isspace() for span in spans for char in span.text)


def _holds(line: Line, target: int | None) -> bool:
    return any(span.target == target for span in line.spans)


def _focused(line: Line, target: int | None) -> Line:
    if not _holds(line, target):
        return line
    return Line(tuple(replace(s, role=Role.FOCUS) if s.target == target else s for s in line.spans))
