"""Formulas for a terminal: one line, pieces of it, or rows of a given width.

The one door to latex/. What is not understood as a whole is not converted at all. Results are
kept, since a card is drawn anew at every key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rlhf_qa.render.latex.box import Drawer, is_tall
from rlhf_qa.render.latex.breaking import broken, broken_boxes, for_prose
from rlhf_qa.render.latex.grid import Box, width_of
from rlhf_qa.render.latex.line import Writer
from rlhf_qa.render.latex.pieces import Piece, joined
from rlhf_qa.render.latex.reader import read
from rlhf_qa.render.latex.tree import Row
from rlhf_qa.render.lines import Role, Span
from rlhf_qa.render.sanitize import SafeText, clean, clean_block
from rlhf_qa.render.wrap import wrap

KEPT: Final = 2048
"""Formulas that are kept, and as many drawings of them."""
SHORT: Final = 30
"""Columns of a bracket that prose does not break: what is wider will hardly fit beside other text."""


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula that was understood."""

    row: Row
    writer: Writer
    pieces: tuple[Piece, ...]
    line: SafeText


def one_line(source: str) -> SafeText | None:
    """The formula on one line; None if it has to be shown as its source."""
    found = _understood(source)
    return None if found is None else found.line


def pieces(source: str) -> tuple[SafeText, ...] | None:
    """The same, cut where prose may break it; a blank at a cut ends the piece before it."""
    found = _understood(source)
    if found is None:
        return None
    parts = for_prose(found.pieces, SHORT)
    gaps = [after[0].gap for _, after in pairwise(parts)]
    return tuple(
        SafeText(joined(part) + " " * gap) for part, gap in zip(parts, [*gaps, 0], strict=True)
    )


def display(source: str, width: int, *, tall: bool) -> tuple[SafeText, ...]:
    """The formula as rows of at most `width` columns: a box if `tall` and it fits, else one line.

    One that is not understood is its source.
    """
    found = _understood(source)
    if found is None:
        return source_rows(source, width)
    try:
        return _display(source, width, tall=tall)
    except RecursionError:
        return tuple(SafeText(row) for row in broken(found.pieces, width))


def source_rows(source: str, width: int) -> tuple[SafeText, ...]:
    """The source as rows of at most `width` columns, broken at its blanks."""
    rows = clean_block(source).strip("\n").split("\n")
    return tuple(
        line.text
        for row in rows
        for line in wrap([Span(word, Role.FORMULA) for word in _words(row)], width)
    )


def _words(row: str) -> list[SafeText]:
    """A row cut at its blanks, the blanks between included."""
    return [SafeText(word) for word in re.split("( +)", row.strip(" ")) if word]


def _understood(source: str) -> _Formula | None:
    """The formula, unless it is none or there is no room left on the stack to see to it."""
    try:
        return _read(source)
    except RecursionError:
        # Not kept: the same formula may be read where less is on the stack.
        return None


@lru_cache(maxsize=KEPT)
def _read(source: str) -> _Formula | None:
    row = read(source)
    if row is None:
        return None
    writer = Writer(row)
    found = tuple(writer.row(row))
    line = clean(joined(found))
    if not line or "\\" in line or line != joined(found):
        return None
    return _Formula(row, writer, found, line)


@lru_cache(maxsize=KEPT)
def _display(source: str, width: int, *, tall: bool) -> tuple[SafeText, ...]:
    formula = _read(source)
    if formula is None:
        return ()
    rows = _boxed(formula, width) if tall and any(map(is_tall, formula.row)) else None
    return tuple(SafeText(row.rstrip()) for row in rows or broken(formula.pieces, width))


def _boxed(formula: _Formula, width: int) -> list[str] | None:
    """The rows of the box, or of the boxes between its relations, if they fit."""
    drawer = Drawer(formula.writer)
    whole = drawer.row(formula.row)
    if not _is_even(whole):
        return None
    if whole.width <= width:
        return list(whole.rows)
    segments = drawer.segments(formula.row)
    return broken_boxes(segments, width, 1) if all(map(_is_even, segments)) else None


def _is_even(box: Box) -> bool:
    """Whether the rows measure the same: signs that join their neighbours change widths."""
    return all(width_of(row) == box.width for row in box.rows)
