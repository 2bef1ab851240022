"""Lines of a given width, measured in terminal cells.

The only module that asks how wide a character is. Where a line may break is breaking.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.cells import cell_len, split_graphemes

from rlhf_qa.render.breaking import (
    BREAKS_LONG_UNITS,
    Kind,
    Unit,
    is_bad_edge,
    may_break,
    units,
)
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText

_ELLIPSIS = SafeText("…")


def cells(text: SafeText) -> int:
    """Columns that `text` takes on a terminal."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: SafeText, width: int, ellipsis: SafeText = _ELLIPSIS) -> SafeText:
    """`text` on at most `width` columns, with an ellipsis if it had to be cut. For labels only."""
    if cells(text) <= width:
        return text
    room, end = width - cells(ellipsis), 0
    for _, stop, size in _graphemes(text):
        room -= size
        if room < 0:
            break
        end = stop
    return SafeText(text[:end].rstrip() + ellipsis)


def wrap_text(
    text: SafeText | Sequence[Span], width: int, role: Role = Role.TEXT
) -> tuple[Line, ...]:
    """`text` as lines; a string takes the role."""
    return wrap((Span(text, role),) if isinstance(text, str) else text, width)


def wrap(spans: Sequence[Span], width: int) -> tuple[Line, ...]:
    """The text of `spans` as lines of at most `width` columns; a line feed ends a line.

    Nothing is lost and nothing added but blanks at the ends of lines. A character wider than
    `width` stands alone on its line.
    """
    return tuple(line for row in _rows(spans) for line in _wrap_row(row, max(width, 1)))


def chop(row: tuple[Span, ...], width: int, width_after: int) -> Iterator[Line]:
    """One row cut wherever it is full: the first line after `width` columns, others `width_after`.

    Every blank stays: this is for code.
    """
    text = "".join(span.text for span in row)
    cut = _Cutter(row)
    start = end = 0
    room = width
    for _, stop, size in _graphemes(text):
        if size > room and end > start:
            yield Line(cut.take(start, end))
            start, room = end, width_after
        room -= size
        end = stop
    yield Line(cut.take(start, end))


def widest_unit(spans: Sequence[Span]) -> int:
    """Columns of the widest piece of `spans` that wrapping does not break."""
    widest = 0
    for row in _rows(spans):
        filler = _Filler(row, 1)
        start = 0
        for at in range(1, len(filler.units) + 1):
            if at == len(filler.units) or filler.may_break_before(at):
                widest = max(widest, filler.measure(start, at))
                start = at
    return widest


def _rows(spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """The spans of each line between line feeds."""
    row: list[Span] = []
    for span in spans:
        first, *rest = span.text.split("\n")
        row.append(replace(span, text=SafeText(first)))
        for piece in rest:
            yield tuple(row)
            row = [replace(span, text=SafeText(piece))]
    yield tuple(row)


def _wrap_row(row: tuple[Span, ...], width: int) -> Iterator[Line]:
    cut = _Cutter(row)
    empty = True
    for start, end in _Filler(row, width).lines():
        empty = False
        yield Line(cut.take(start, end))
    if empty:
        yield Line()


class _Filler:
    """Fills the lines of one row of text."""

    def __init__(self, row: tuple[Span, ...], width: int) -> None:
        self._text = SafeText("".join(span.text for span in row))
        self._width = width
        self.units = units(row)
        self._glued = _references(row)

    def lines(self) -> Iterator[tuple[int, int]]:
        """Where each line begins and ends in the text, blanks around it left out."""
        at = 0
        while at < len(self.units):
            if self.units[at].kind is Kind.SPACE:
                at += 1
                continue
            start = self.units[at].start
            at = self._next_line(at)
            last = at - 1
            while self.units[last].kind is Kind.SPACE:
                last -= 1
            yield start, self.units[last].end

    def may_break_before(self, at: int) -> bool:
        """Whether a line may begin with unit `at`."""
        unit, before = self.units[at], at - 1
        if unit.kind is Kind.SPACE:
            return False
        while before >= 0 and self.units[before].kind is Kind.SPACE:
            before -= 1
        if before < 0:
            return False
        return may_break(
            self._text,
            self.units[before],
            unit,
            spaced=before < at - 1,
            glued=unit.start in self._glued,
        )

    def measure(self, first: int, end: int) -> int:
        """Columns of the units from `first` up to `end`, without the blanks at their end."""
        used = pending = 0
        for unit in self.units[first:end]:
            size = self._size(unit)
            if unit.kind is Kind.SPACE:
                pending += size
            else:
                used, pending = used + pending + size, 0
        return used

    def _next_line(self, first: int) -> int:
        """The unit after the line that begins with unit `first`; may cut one in two."""
        used = pending = 0
        best = first
        best_used = 0
        for at in range(first, len(self.units)):
            unit = self.units[at]
            size = self._size(unit)
            if unit.kind is Kind.SPACE:
                pending += size
                continue
            if at > first and self.may_break_before(at):
                best, best_used = at, used + pending
            if used + pending + size > self._width:
                return self._overflow(first, best, best_used)
            used, pending = used + pending + size, 0
        return len(self.units)

    def _overflow(self, first: int, best: int, used: int) -> int:
        """Where the next line begins when the units from `best` on do not fit any more."""
        if best == first:
            return self._cut(best, self._width, anywhere=True)
        if self._is_too_long(best):
            return self._cut(best, self._width - used, anywhere=False)
        return best

    def _is_too_long(self, first: int) -> bool:
        """Whether what cannot be broken from unit `first` on is wider than a line."""
        used = 0
        for at in range(first, len(self.units)):
            if at > first and self.may_break_before(at):
                return False
            used += self._size(self.units[at])
            if used > self._width and self.units[at].kind is not Kind.SPACE:
                return True
        return False

    def _cut(self, first: int, room: int, *, anywhere: bool) -> int:
        """Cut what begins with unit `first` so that its head takes at most `room` columns.

        After one of the signs of addresses if there is one; else, `anywhere`: at the last place
        that does not look wrong, or at the very edge; else not at all.
        """
        text = self._text
        separator = decent = edge = 0
        for begin, end, size in _graphemes(text, self.units[first].start):
            room -= size
            if room < 0 and (edge or not anywhere):
                break
            edge = end
            if end < len(text) and not is_bad_edge(text, end, end):
                decent = end
                if text[begin] in BREAKS_LONG_UNITS:
                    separator = end
        if not separator and not anywhere:
            return first
        return self._cut_at(first, separator or decent or edge)

    def _cut_at(self, first: int, offset: int) -> int:
        """The unit that begins at `offset`, made if there is none."""
        at = first
        while at < len(self.units) and self.units[at].end <= offset:
            at += 1
        if at < len(self.units) and self.units[at].start < offset:
            kind, start, end, splits = self.units[at]
            self.units[at : at + 1] = [
                Unit(kind, start, offset, splits),
                Unit(kind, offset, end, splits=True),
            ]
            at += 1
        return at

    def _size(self, unit: Unit) -> int:
        return cells(SafeText(self._text[unit.start : unit.end]))


class _Cutter:
    """Cuts the spans of a row into those of its lines, from left to right."""

    def __init__(self, row: tuple[Span, ...]) -> None:
        self._row = row
        self._at = 0
        self._begin = 0

    def take(self, start: int, end: int) -> tuple[Span, ...]:
        taken: list[Span] = []
        while self._at < len(self._row):
            span = self._row[self._at]
            stop = self._begin + len(span.text)
            piece = span.text[max(start - self._begin, 0) : max(end - self._begin, 0)]
            if piece:
                taken.append(Span(SafeText(piece), span.role, span.target))
            if stop > end:
                break
            self._begin = stop
            self._at += 1
        return tuple(taken)


def _references(row: tuple[Span, ...]) -> frozenset[int]:
    """Where the numbers of links begin: these stay with the word before them."""
    found: list[int] = []
    at = 0
    for span in row:
        if span.role is Role.REFERENCE:
            found.append(at)
        at += len(span.text)
    return frozenset(found)


def _graphemes(text: str, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Begin, end and columns of each character with its marks, from `start` on."""
    # In pieces: a line needs only the beginning of what may be a very long text.
    piece = 256
    while start < len(text):
        spans, _ = split_graphemes(text[start : start + piece])
        last = start + piece >= len(text)
        for begin, end, size in spans if last or len(spans) == 1 else spans[:-1]:
            yield start + begin, start + end, size
            stop = start + end
        start = stop
