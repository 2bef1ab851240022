"""A part of the screen that shows more lines than it has rows: scrolling, focus, folds.

Works on rendered lines; knows no keys and no terminal. The place in the text is kept in ink, not
in lines, so that it survives another width: the same words stay at the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rlhf_qa.render.lines import Line, Role


class Pane:
    """A view of lines through a window of some rows."""

    def __init__(self) -> None:
        self._lines: tuple[Line, ...] = ()
        self._ink: list[int] = [0]
        self._height = 1
        self._anchor = 0
        """Ink above the top row, as the reader last left it."""
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
        shown = self._lines[self._top : self._top + self._height]
        return tuple(_focused(line, self.focus) for line in shown) if self.focus else shown

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
        return 100 * (len(self._lines) - self.below) // max(len(self._lines), 1)

    @property
    def place(self) -> int:
        """Where the reader is, to come back to."""
        return self._anchor

    def go_to(self, place: int) -> None:
        """Back to a place; the top if it is 0."""
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

    def focus_next(self, step: int) -> bool:
        """To the next or previous target, scrolled into sight; whether there is any."""
        targets = self._targets()
        if not targets:
            return False
        if self.focus in targets:
            at = (targets.index(self.focus) + step) % len(targets)
        else:
            at = 0 if step > 0 else len(targets) - 1
        self.focus = targets[at]
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
        self._anchor = self._ink[self._top]

    def _last_top(self) -> int:
        return max(0, len(self._lines) - self._height)

    def _line_at(self, ink: int) -> int:
        """The last line that begins with so much ink above it or less."""
        if ink == 0:
            return 0
        low, high = 0, len(self._lines)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._ink[middle] <= ink else (low, middle - 1)
        return min(low, self._last_top())

    def _targets(self) -> list[int]:
        found = (s.target for line in self._lines for s in line.spans if s.target is not None)
        return list(dict.fromkeys(found))


def _ink_of(line: Line) -> int:
    return sum(not char.isspace() for span in line.spans for char in span.text)


def _holds(line: Line, target: int | None) -> bool:
    return any(span.target == target for span in line.spans)


def _focused(line: Line, target: int | None) -> Line:
    if not _holds(line, target):
        return line
    return Line(tuple(replace(s, role=Role.FOCUS) if s.target == target else s for s in line.spans))
