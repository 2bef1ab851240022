"""Rectangles of text: put beside and above each other, centred, in tall brackets.

Knows nothing of formulas. All rows of a box measure the same; one of them is its baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.render.wrap import cells


class Box(NamedTuple):
    """Rows of equal width; what is beside the box stands on the row `base`."""

    rows: tuple[str, ...]
    base: int
    width: int

    @property
    def below(self) -> int:
        """Rows under the baseline."""
        return len(self.rows) - self.base - 1


EMPTY: Final = Box(("",), 0, 0)
_TALL: Final[dict[str, tuple[str, str, str, str]]] = {
    "(": ("⎛", "⎜", "⎜", "⎝"),
    ")": ("⎞", "⎟", "⎟", "⎠"),
    "[": ("⎡", "⎢", "⎢", "⎣"),
    "]": ("⎤", "⎥", "⎥", "⎦"),
    "{": ("⎧", "⎨", "⎪", "⎩"),
    "}": ("⎫", "⎬", "⎪", "⎭"),
    "⌊": ("⎢", "⎢", "⎢", "⎣"),
    "⌋": ("⎥", "⎥", "⎥", "⎦"),
    "⌈": ("⎡", "⎢", "⎢", "⎢"),
    "⌉": ("⎤", "⎥", "⎥", "⎥"),
    "|": ("│", "│", "│", "│"),
    "||": ("‖", "‖", "‖", "‖"),
    "‖": ("‖", "‖", "‖", "‖"),
}
"""Of each bracket the ends and what is between: upper end, middle, the rest, lower end."""
_BRACES = "{}"


def text_box(text: str) -> Box:
    """One row."""
    return Box((text,), 0, width_of(text))


def width_of(text: str) -> int:
    """Columns of a row."""
    return cells(SafeText(text))


def padded(box: Box, width: int, side: str = "c") -> Box:
    """The box on so many columns: left, right, or centred with the odd blank on the right."""
    spare = width - box.width
    if spare <= 0:
        return box
    left = {"l": 0, "r": spare}.get(side, spare // 2)
    rows = tuple(" " * left + row + " " * (spare - left) for row in box.rows)
    return Box(rows, box.base, width)


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes in a row, their baselines on one line."""
    if len(boxes) == 1:
        return boxes[0]
    base = max((box.base for box in boxes), default=0)
    below = max((box.below for box in boxes), default=0)
    columns = [_extended(box, base, below) for box in boxes]
    rows = tuple(map("".join, zip(*columns, strict=True))) or ("",)
    return Box(rows, base, sum(box.width for box in boxes))


def above(boxes: Sequence[Box], base: int, side: str = "c") -> Box:
    """Boxes under each other; the baseline is that of the one with number `base`."""
    width = max(box.width for box in boxes)
    line = sum(len(box.rows) for box in boxes[:base]) + boxes[base].base
    rows = tuple(row for box in boxes for row in padded(box, width, side).rows)
    return Box(rows, line, width)


def bracketed(box: Box, opening: str, closing: str) -> Box:
    """A box of several rows between brackets as tall as it is."""
    if (opening in _BRACES or closing in _BRACES) and len(box.rows) % 2 == 0:
        box = _with_middle(box)
    return beside([_side(opening, box), box, _side(closing, box)])


def _with_middle(box: Box) -> Box:
    """The same with an odd number of rows: a brace has a tip."""
    middle = len(box.rows) // 2
    blank = " " * box.width
    if box.base != middle - 1:
        return Box((*box.rows, blank), box.base, box.width)
    return Box((*box.rows[:middle], blank, *box.rows[middle:]), middle, box.width)


def _side(bracket: str, box: Box) -> Box:
    if not bracket:
        return Box(("",) * len(box.rows), box.base, 0)
    last = len(box.rows) - 1
    if bracket not in _TALL:
        rows = tuple(bracket if at == box.base else " " for at in range(last + 1))
        return Box(rows, box.base, 1)
    upper, middle, rest, lower = _TALL[bracket]
    tip = last // 2 if bracket in _BRACES else -1
    rows = tuple(
        upper if at == 0 else lower if at == last else middle if at == tip else rest
        for at in range(last + 1)
    )
    return Box(rows, box.base, 1)


def _extended(box: Box, base: int, below: int) -> tuple[str, ...]:
    blank = " " * box.width
    return (blank,) * (base - box.base) + box.rows + (blank,) * (below - box.below)
