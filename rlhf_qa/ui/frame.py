"""A whole screen as rows of spans: put together from parts, with the places that can be clicked.

Pure: what a screen looks like is computed here and in the views, and drawn by app.py. So a test
sees every screen without a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rlhf_qa.messages import tr
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import cells, fit, wrap_text


@dataclass(frozen=True, slots=True)
class Region:
    """Cells of a row that do something when clicked, as if `key` were pressed."""

    row: int
    first: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A screen, `height` rows of at most `width` cells."""

    rows: tuple[Line, ...]
    regions: tuple[Region, ...] = ()
    cursor: tuple[int, int] | None = None
    """Column and row of the real cursor: where typed text goes."""

    def text(self) -> str:
        """The grid of characters, as a person sees it."""
        return "\n".join(row.text.rstrip() for row in self.rows)

    def key_at(self, column: int, row: int) -> str | None:
        """What a click there presses."""
        hit = (r for r in self.regions if r.row == row and r.first <= column < r.end)
        return next((region.key for region in hit), None)


@dataclass(frozen=True, slots=True)
class Item:
    """Something a footer offers."""

    key: str
    """What is pressed, as it is shown."""
    full: str
    short: str
    role: Role = Role.TEXT
    spare: bool = False
    """Left out before the others lose their words."""

    @property
    def name(self) -> str:
        """The key as `typed.key_name` names it."""
        return _NAMES.get(self.key, self.key)

    def label(self, size: int) -> str:
        """Full, short or no words."""
        return (self.full, self.short, "")[size]


_NAMES: Final = {"Space": "space", "Enter": "enter", "Tab": "tab", "Esc": "escape"}

LEAST: Final = (30, 8)
"""Columns and rows below which nothing but a word about it is shown."""


def too_small(width: int, height: int) -> Frame | None:
    """The screen of a terminal that is too small; None if it is not."""
    if width >= LEAST[0] and height >= LEAST[1]:
        return None
    text = tr("terminal too small: need {columns}x{rows}", columns=LEAST[0], rows=LEAST[1])
    return Frame(tuple(filled(wrap_text(clean(text), max(width, 1)), max(height, 1))))


def line_of(text: str, role: Role = Role.TEXT, target: int | None = None) -> Line:
    """One row of text that is known to be clean."""
    return Line((Span(SafeText(text), role, target),)) if text else Line()


def width_of(line: Line) -> int:
    """Cells that a line takes."""
    return sum(cells(span.text) for span in line.spans)


def padded(line: Line, width: int) -> Line:
    """The line with blanks up to `width` cells."""
    room = width - width_of(line)
    return Line((*line.spans, Span(SafeText(" " * room)))) if room > 0 else line


def filled(lines: Iterable[Line], height: int) -> list[Line]:
    """Exactly `height` rows."""
    rows = list(lines)[:height]
    return rows + [Line()] * (height - len(rows))


def beside(left: Sequence[Line], right: Sequence[Line], width: int, bar: SafeText) -> list[Line]:
    """Two columns with a bar between them; the left one is `width` cells wide."""
    height = max(len(left), len(right))
    rows = []
    for one, other in zip(filled(left, height), filled(right, height), strict=True):
        between = Span(SafeText(f" {bar} "), Role.BAR)
        rows.append(Line((*padded(one, width).spans, between, *other.spans)))
    return rows


def ends(left: Line, right: Line, width: int) -> Line:
    """One row with something at both ends; the left one gives way, with an ellipsis."""
    room = width - width_of(right) - (1 if right.spans else 0)
    cut = cut_line(left, max(room, 0))
    gap = width - width_of(cut) - width_of(right)
    if gap < 0:
        return cut_line(right, width)
    return Line((*cut.spans, Span(SafeText(" " * gap)), *right.spans))


def cut_line(line: Line, width: int) -> Line:
    """A label on at most `width` cells, with an ellipsis if it had to be cut."""
    if width_of(line) <= width:
        return line
    kept: list[Span] = []
    room = width
    for span in line.spans:
        size = cells(span.text)
        if size >= room:
            text = fit(SafeText(span.text + " "), room) if room > 0 else SafeText("")
            kept.append(Span(text, span.role, span.target))
            break
        kept.append(span)
        room -= size
    return Line(tuple(kept))


def footer(items: Sequence[Item], width: int, row: int) -> tuple[Line, tuple[Region, ...]]:
    """The longest of three lengths that fits; whole items only, the last ones left out first."""
    needed = [item for item in items if not item.spare]
    for size, some in ((0, items), (1, items), (1, needed), (2, items)):
        shown = list(some)
        if _footer_width(shown, size) <= width:
            break
    while shown and _footer_width(shown, size) > width:
        del shown[-2 if len(shown) > 1 else -1]
    spans: list[Span] = []
    regions: list[Region] = []
    at = 1
    for item in shown:
        label = item.label(size)
        regions.append(Region(row, at, at + _item_width(item, size), item.name))
        spans.append(Span(SafeText(" " if len(spans) == 0 else "  "), Role.DIM))
        spans.append(Span(SafeText(item.key), Role.KEY))
        if label:
            spans.append(Span(SafeText(f" {label}"), item.role))
        at += _item_width(item, size) + 2
    return Line(tuple(spans)), tuple(regions)


def _item_width(item: Item, size: int) -> int:
    label = item.label(size)
    return cells(SafeText(item.key)) + (1 + cells(SafeText(label)) if label else 0)


def _footer_width(items: Sequence[Item], size: int) -> int:
    return 1 + sum(_item_width(item, size) + 2 for item in items) - (2 if items else 0)
