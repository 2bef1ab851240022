"""Rows and cells: matrices, cases, aligned formulas. Knows how tables are written in LaTeX.

What stands in a cell is read by the reader it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from rlhf_qa.render.latex.scanner import Scanner, UnreadableError
from rlhf_qa.render.latex.tree import Bracket, Layout, Row, Table

_MATRICES: Final = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "subarray": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
_ALIGNED_NAMES = """
align aligned alignat alignedat flalign split eqnarray gather gathered multline multlined equation
displaymath math
"""
_ALIGNED: Final = frozenset(_ALIGNED_NAMES.split())
_PAIR: Final = 2
"""Cells that read on from one to the other."""
_CASES: Final = frozenset({"cases", "dcases"})
_WITH_ARGUMENT: Final = frozenset({"array", "subarray", "alignat", "alignedat"})
_NEXT_ROW: Final = (r"\\", r"\cr")


class RowReader(Protocol):
    """What reads the cells."""

    @property
    def scanner(self) -> Scanner: ...

    def row(self) -> Row:
        """The nodes up to the end of a cell."""


def read_rows(reader: RowReader) -> Row:
    """Rows without cells, up to what ends a group; one alone is just itself."""
    rows: list[tuple[Row, ...]] = [(reader.row(),)]
    while _next_row(reader.scanner):
        rows.append((reader.row(),))
    return _aligned(rows)


def read_environment(reader: RowReader) -> Row:
    r"""What stands between the name after `\begin` and its `\end`."""
    name = reader.scanner.group()
    kind = name.removesuffix("*")
    if kind in _ALIGNED or kind in _WITH_ARGUMENT or kind != name:
        reader.scanner.option()
    columns = reader.scanner.group() if kind in _WITH_ARGUMENT else ""
    rows = _cells(reader)
    if not reader.scanner.skip(r"\end") or reader.scanner.group() != name:
        raise UnreadableError
    if not rows:
        return ()
    if kind in _CASES:
        return (Table(Layout.CASES, rows),)
    if kind in _ALIGNED:
        return _aligned(rows)
    if kind not in _MATRICES:
        raise UnreadableError
    table = Table(Layout.MATRIX, rows, "".join(char for char in columns if char in "lcr"))
    opening, closing = _MATRICES[kind]
    return (Bracket(opening, closing, (table,)),) if opening else (table,)


def _aligned(rows: Sequence[tuple[Row, ...]]) -> Row:
    filled = tuple(row for row in rows if any(row))
    if len(filled) == 1 and len(filled[0]) <= _PAIR:
        return tuple(node for cell in filled[0] for node in cell)
    return (Table(Layout.ALIGNED, filled),) if filled else ()


def _cells(reader: RowReader) -> tuple[tuple[Row, ...], ...]:
    rows: list[tuple[Row, ...]] = []
    row = [reader.row()]
    while True:
        if reader.scanner.skip("&"):
            row.append(reader.row())
        elif _next_row(reader.scanner):
            rows.append(tuple(row))
            row = [reader.row()]
        else:
            break
    if any(row):
        rows.append(tuple(row))
    return tuple(rows)


def _next_row(scanner: Scanner) -> bool:
    if not any(scanner.skip(token) for token in _NEXT_ROW):
        return False
    if scanner.follows("*"):
        scanner.take()
    if scanner.follows("["):
        scanner.option()
    return True
