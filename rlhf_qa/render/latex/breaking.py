"""What becomes of a formula that is wider than the screen: the best breaks first.

A box may be broken before its outermost relations. A line is broken before relations, then
before plus and minus, then after commas, then the same inside the outermost bracket; what goes on
is indented. Where nothing else helps, the edge wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from rlhf_qa.render.latex.grid import Box, beside, text_box, width_of
from rlhf_qa.render.latex.pieces import Piece, depth_of, is_good, joined
from rlhf_qa.render.lines import Span
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.render.wrap import chop

INDENT: Final = 2
_NARROW: Final = 8
"""From this width on there is room for an indent."""
_START: Final = -1
"""Level of what nothing was broken for."""


def broken_boxes(boxes: Sequence[Box], width: int, joint: int) -> list[str] | None:
    """Boxes one after the other, on as few lines as they need, or None if one is too wide.

    `joint`: the blanks between two on one line.
    """
    lines: list[list[Box]] = []
    used = 0
    for box in boxes:
        if lines and used + joint + box.width <= width:
            lines[-1].append(box)
            used += joint + box.width
            continue
        indent = INDENT if lines else 0
        if indent + box.width > width:
            return None
        lines.append([box])
        used = indent + box.width
    return None if not lines else _rows(lines, joint)


def broken(pieces: Sequence[Piece], width: int) -> list[str]:
    """The pieces of a formula as rows of at most `width` columns."""
    filler = _Filler(width)
    waiting: list[Sequence[Piece]] = [pieces]
    while waiting:
        part = waiting.pop()
        if not filler.add(part):
            waiting += reversed(_cut(part))
    return filler.rows()


def for_prose(pieces: Sequence[Piece], short: int) -> list[Sequence[Piece]]:
    """The pieces gathered to what prose should not break.

    Outside of brackets there is a break wherever a good one is; inside them only if the whole
    bracket is wider than `short`.
    """
    found: list[Sequence[Piece]] = []
    waiting = [(pieces, 0)]
    while waiting:
        part, depth = waiting.pop()
        good = [at for at in range(1, len(part)) if is_good(part[at].level)]
        if not good or (depth and width_of(joined(part)) <= short):
            found.append(part)
            continue
        cuts = [at for at in good if depth_of(part[at].level) <= depth]
        ends = zip([0, *cuts], [*cuts, len(part)], strict=True)
        waiting += reversed([(part[start:end], depth + 1) for start, end in ends])
    return found


class _Filler:
    """Rows being filled."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._indent = INDENT if width > _NARROW else 0
        self._rows = [""]
        self._levels = [_START]
        """The worst break each row has in it or begins with."""

    def rows(self) -> list[str]:
        return [row for row in self._rows if row]

    def add(self, part: Sequence[Piece]) -> bool:
        """Put a part on the last row or on a new one; False if it has to be cut first."""
        first = part[0]
        text = joined(part)
        row = self._rows[-1]
        begun = bool(row.strip())
        if begun and first.level >= self._levels[-1] and self._fits(row, first.gap, text):
            self._rows[-1] = f"{row}{' ' * first.gap}{text}"
            return True
        if begun:
            self._rows.append(" " * self._indent)
            self._levels.append(first.level)
            return self.add(part)
        if self._fits(row, 0, text):
            self._rows[-1] = row + text
            return True
        if len(part) > 1:
            self._levels[-1] = max(self._levels[-1], _best(part))
            return False
        self._split(text)
        return True

    def _fits(self, row: str, gap: int, text: str) -> bool:
        return width_of(row) + gap + width_of(text) <= self._width

    def _split(self, text: str) -> None:
        """A piece that nothing breaks: the edge wins."""
        row = self._rows[-1]
        room = self._width - self._indent
        spans = (Span(SafeText(text)),)
        first, *rest = (line.text for line in chop(spans, self._width - width_of(row), room))
        self._rows[-1] = row + first
        self._rows += [" " * self._indent + line for line in rest]
        self._levels += [self._levels[-1]] * len(rest)


def _best(part: Sequence[Piece]) -> int:
    return min(piece.level for piece in part[1:])


def _cut(part: Sequence[Piece]) -> list[Sequence[Piece]]:
    """The part, cut wherever its best break is."""
    best = _best(part)
    cuts = [0, *(at for at in range(1, len(part)) if part[at].level == best), len(part)]
    return [part[a:b] for a, b in pairwise(cuts)]


def _rows(lines: Sequence[Sequence[Box]], joint: int) -> list[str]:
    found: list[str] = []
    for number, line in enumerate(lines):
        indent = " " * (INDENT if number else 0)
        spread = [box for one in line for box in (text_box(" " * joint), one)][1:]
        found += [indent + row for row in beside(spread).rows]
    return found
