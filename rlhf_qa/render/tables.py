"""Tables: a grid where it fits, else one record a row. Nothing is ever cut.

Gets cells that are spans already; knows no Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rlhf_qa.render.lines import Line, Role, Span, Symbols
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.render.wrap import cells, widest_unit, wrap

NARROWEST = 8
"""Columns that a column of a grid keeps."""

Cell = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by rows, the first row is the header; how each column is aligned."""

    rows: tuple[tuple[Cell, ...], ...]
    alignments: tuple[str, ...]


def grid(table: Table, width: int, symbols: Symbols) -> list[Line] | None:
    """The table as a grid of at most `width` columns, or None if it does not fit."""
    widths = _column_widths(table, width - 3 * (len(table.alignments) - 1))
    if widths is None:
        return None
    bar = Span(SafeText(f" {symbols.column} "), Role.BAR)
    lines: list[Line] = []
    for number, row in enumerate(table.rows):
        lines += _grid_row(row, widths, table.alignments, bar)
        if number == 0:
            joint = f"{symbols.rule}{symbols.crossing}{symbols.rule}"
            rule = SafeText(joint.join(symbols.rule * w for w in widths))
            lines.append(Line((Span(rule, Role.BAR),)))
    return lines


def records(table: Table, width: int, symbols: Symbols) -> Iterator[Line]:
    """One record a row, `Header: cell` a line."""
    header, *rows = table.rows
    rule = Line((Span(SafeText(symbols.rule * min(NARROWEST, width)), Role.BAR),))
    if not rows:
        rows = [()]
    for number, row in enumerate(rows):
        if number:
            yield rule
        for name, cell in zip_longest(header, row, fillvalue=()):
            label = (*name, Span(SafeText(": "), Role.TEXT)) if _text(name) else ()
            if _text(name) or _text(cell):
                yield from wrap((*label, *cell), width)


def _grid_row(
    row: Sequence[Cell], widths: Sequence[int], alignments: Sequence[str], bar: Span
) -> Iterator[Line]:
    columns = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    for pieces in zip_longest(*columns, fillvalue=Line()):
        spans: list[Span] = []
        for at, piece in enumerate(pieces):
            last = at == len(widths) - 1
            spans += _aligned(piece, widths[at], alignments[at], last=last)
            if not last:
                spans.append(bar)
        yield Line(tuple(spans))


def _aligned(line: Line, width: int, alignment: str, *, last: bool) -> Iterator[Span]:
    left = blanks = width - cells(line.text)
    if alignment != "right":
        left = blanks // 2 if alignment == "center" else 0
    if left:
        yield Span(SafeText(" " * left))
    yield from line.spans
    if blanks > left and not last:
        yield Span(SafeText(" " * (blanks - left)))


def _column_widths(table: Table, room: int) -> list[int] | None:
    """Columns each gets out of `room`: what it needs at least, the rest by what it would like."""
    columns = list(zip(*table.rows, strict=True))
    wanted = [max(_natural(cell) for cell in column) for column in columns]
    if sum(wanted) <= room:
        return [max(width, 1) for width in wanted]
    least = [
        min(want, max(NARROWEST, *(widest_unit(cell) for cell in column)))
        for want, column in zip(wanted, columns, strict=True)
    ]
    spare = room - sum(least)
    if spare < 0:
        return None
    wishes = [want - low for want, low in zip(wanted, least, strict=True)]
    widths = [low + spare * wish // sum(wishes) for low, wish in zip(least, wishes, strict=True)]
    return [max(width, 1) for width in widths]


def _natural(cell: Cell) -> int:
    """Columns of the longest line of a cell that is not filled."""
    return max(cells(SafeText(row)) for row in _text(cell).split("\n"))


def _text(cell: Cell) -> str:
    return "".join(span.text for span in cell)
