"""The two-dimensional form of a formula: only what gains by it is tall, scripts stay on the line.

What is not tall looks as on one line, blanks included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, zip_longest
from typing import Final

from rlhf_qa.render.latex.alphabets import RAISED, small
from rlhf_qa.render.latex.grid import (
    EMPTY,
    Box,
    above,
    beside,
    bracketed,
    padded,
    text_box,
)
from rlhf_qa.render.latex.line import Place, Writer, aligned_pair
from rlhf_qa.render.latex.pieces import joined
from rlhf_qa.render.latex.spacing import Item, Manner, gap, items, touches
from rlhf_qa.render.latex.tree import (
    Accent,
    Brace,
    Bracket,
    Fraction,
    Group,
    Kind,
    Layout,
    Node,
    Root,
    Row,
    Scripted,
    Space,
    Symbol,
    Table,
    Word,
    inner_rows,
    nucleus,
)

BAR: Final = "─"
_BETWEEN_COLUMNS = 2
_STRETCHED = {"→": ("─", "→"), "←": ("←", "─"), "⇒": ("═", "⇒"), "⇐": ("⇐", "═")}
"""Arrows that grow with what stands on them, and by what."""
_INTEGRALS = frozenset("∫∬∭⨌∮∯∰")
_BRACES = {False: ("╰", "─", "┬", "╯"), True: ("╭", "─", "┴", "╮")}


def is_tall(node: Node) -> bool:
    """Whether a part takes more than one row."""
    match node:
        case Fraction() | Brace():
            return True
        case Table():
            return len(node.rows) > 1 or _any_tall(cell for cell in node.rows[0])
        case Scripted():
            return _has_limits(node) or is_tall(node.base)
        case _:
            return _any_tall(inner_rows(node))


def _has_limits(node: Scripted) -> bool:
    """Whether scripts stand below and above; those of an integral stand beside it."""
    if isinstance(node.base, Symbol) and node.base.text in _INTEGRALS:
        return False
    return node.limits and bool(node.below or node.above)


class Drawer:
    """Draws the parts of one formula."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def row(self, row: Row) -> Box:
        """A row of parts, their baselines on one line."""
        return self._parts(items(row), 0)

    def segments(self, row: Row) -> list[Box]:
        """The same, cut before each outermost relation."""
        parts = items(row)
        cuts = [at for at in range(1, len(parts)) if parts[at].manner is Manner.RELATION]
        ends = zip([0, *cuts], [*cuts, len(parts)], strict=True)
        return [self._parts(parts[start:end], 0) for start, end in ends]

    def _parts(self, parts: Sequence[Item], start: int) -> Box:
        """The parts from `start` on, with the blanks before each but the first of all."""
        boxes: list[Box] = []
        before = self._edge(parts, start - 1) if start else ""
        for at in range(start, len(parts)):
            item = parts[at]
            after = self._edge(parts, at)
            box = self._tall(item.node) if is_tall(item.node) else text_box(after)
            blanks = _gap(parts[at - 1], before, item, after) if at else 0
            boxes += [text_box(" " * blanks), box]
            before = after
        return beside(boxes) if boxes else EMPTY

    def _edge(self, parts: Sequence[Item], at: int) -> str:
        """A part as text, or as much of a tall one as its neighbours need to know."""
        node = parts[at].node
        if not is_tall(node):
            return self._text(parts, at)
        inner = nucleus(node)
        scripts = self._writer.scripts(node) if isinstance(node, Scripted) else ""
        match inner:
            case Bracket(opening, closing):
                return f"{opening}{closing}{scripts}"
            case Symbol(text) | Word(text):
                return text + scripts
            case Accent(name=name):
                return f"{name}()"
            case Root() | Group():
                return "√()"
        return BAR

    def _text(self, parts: Sequence[Item], at: int) -> str:
        """A part that is not tall."""
        node = parts[at].node
        followed = (
            isinstance(node, Root) and at + 1 < len(parts) and touches(parts[at], parts[at + 1])
        )
        return joined(self._writer.item(node, Place(followed=followed)))

    def _tall(self, node: Node) -> Box:
        match node:
            case Fraction():
                found = self._fraction(node)
            case Scripted():
                found = self._scripted(node)
            case Root(body):
                found = self._root(node, self.row(body))
            case Accent(name=name, body=body):
                found = beside([text_box(name), bracketed(self.row(body), "(", ")")])
            case Brace():
                found = self._brace(node)
            case Bracket(opening, closing, body):
                found = bracketed(self._divided(body), opening, closing)
            case Table():
                found = self._table(node)
            case Group(body):
                found = bracketed(self.row(body), "(", ")")
            case _:
                found = text_box(self._writer.text((node,)))
        return found

    def _divided(self, body: Row) -> Box:
        """What stands in brackets, a bar in the middle of it as tall as the rest."""
        at = next((n for n, node in enumerate(body) if node in MIDDLE_BARS), None)
        if at is None:
            return self.row(body)
        left, right = self.row(body[:at]), self._divided(body[at + 1 :])
        height = beside([left, right])
        bar = bracketed(Box(("",) * len(height.rows), height.base, 0), "|", "")
        before, after = text_box(_space(body[at - 1 : at])), text_box(_space(body[at + 1 : at + 2]))
        return beside([left, before, bar, after, right])

    def _fraction(self, node: Fraction) -> Box:
        upper, lower = self.row(node.above), self.row(node.below)
        bar = text_box(BAR * max(upper.width, lower.width, 1))
        return above([upper, bar, lower], 1)

    def _scripted(self, node: Scripted) -> Box:
        if _has_limits(node):
            return self._limits(node)
        base = self._tall(node.base)
        if isinstance(node.base, Fraction | Root | Brace | Table | Scripted):
            base = bracketed(base, "(", ")")
        return beside([base, text_box(self._writer.scripts(node))])

    def _limits(self, node: Scripted) -> Box:
        upper, lower = self._script(node.above), self._script(node.below)
        primes = "′" * node.primes
        core = text_box(self._writer.text((node.base,)) + primes)
        if is_tall(node.base):
            core = self._tall(node.base)
        if isinstance(node.base, Symbol) and node.base.text in _STRETCHED:
            core = text_box(_stretched(node.base.text, [*upper, *lower]))
        return above([*upper, core, *lower], len(upper))

    def _script(self, row: Row | None) -> list[Box]:
        match row:
            case None | ():
                return []
            case (Table(layout=Layout.ALIGNED, rows=rows),):  # a substack
                return [
                    text_box("".join(self._writer.text(cell, tight=True) for cell in cells))
                    for cells in rows
                ]
        return [text_box(self._writer.text(row, tight=True))]

    def _root(self, node: Root, body: Box) -> Box:
        index = self._writer.text(node.index, tight=True) if node.index else ""
        raised = small(index, RAISED) or (f"[{index}]" if index else "")
        sign = f"{raised}√" if not raised.startswith("[") else f"√{raised}"
        if len(body.rows) == 1:
            return beside([text_box(sign), body])
        return beside([text_box(sign), bracketed(body, "(", ")")])

    def _brace(self, node: Brace) -> Box:
        body = self.row(node.body)
        label = [text_box(self._writer.text(node.label))] if node.label else []
        sign = text_box(_brace(max(body.width, 1), over=node.over))
        if node.over:
            return above([*label, sign, body], len(label) + 1)
        return above([body, sign, *label], 0)

    def _table(self, node: Table) -> Box:
        rows = [self._cells(node.layout, row) for row in node.rows]
        widths = [
            max(box.width for box in column) for column in zip_longest(*rows, fillvalue=EMPTY)
        ]
        between = text_box("" if node.layout is Layout.ALIGNED else " " * _BETWEEN_COLUMNS)
        lines: list[Box] = []
        for row in rows:
            sides = _sides(node, len(widths))
            cells = [
                padded(row[at] if at < len(row) else EMPTY, width, sides[at])
                for at, width in enumerate(widths)
            ]
            lines.append(beside(_parted(cells, between)))
        whole = _stacked(lines)
        if node.layout is Layout.CASES:
            return bracketed(beside([text_box(" "), whole]), "{", "")
        return whole

    def _cells(self, layout: Layout, row: tuple[Row, ...]) -> list[Box]:
        if layout is not Layout.ALIGNED:
            return [self.row(cell) for cell in row]
        found: list[Box] = []
        for at in range(0, len(row), 2):
            left, *right = row[at : at + 2]
            before = text_box(" " * _BETWEEN_COLUMNS if at else "")
            found.append(beside([before, self.row(left)]))
            found += [self._aligned(left, cell) for cell in right]
        return found

    def _aligned(self, left: Row, right: Row) -> Box:
        """The second cell of a pair, with the blanks that part it from the first."""
        return self._parts(items(aligned_pair((left, right))), len(items(left)) or 1)


MIDDLE_BARS: Final = (Symbol("|", Kind.SLASH), Symbol("‖", Kind.SLASH))


def _space(nodes: Row) -> str:
    """The blank that was asked for, where one was."""
    return " " * max((node.size for node in nodes if isinstance(node, Space)), default=0)


def _gap(left: Item, before: str, right: Item, after: str) -> int:
    """The blanks of the line, and one between the bar of a fraction and what is no tall bracket."""
    natural = gap(left, before, right, after, tight=False)
    if isinstance(right.node, Fraction) and not _is_tall_bracket(left.node):
        return max(natural, 1)
    if isinstance(left.node, Fraction) and not _is_tall_bracket(nucleus(right.node)):
        return max(natural, 1)
    return natural


def _is_tall_bracket(node: Node) -> bool:
    return isinstance(node, Bracket) and is_tall(node)


def _any_tall(rows: Iterable[Row]) -> bool:
    return any(is_tall(node) for row in rows for node in row)


def _sides(node: Table, columns: int) -> str:
    """To which side each column of a table is set."""
    if node.layout is Layout.ALIGNED:
        return "rl" * columns if columns > 1 else "c"
    if node.layout is Layout.CASES:
        return "l" * columns
    return node.columns.ljust(columns, "c")


def _parted(cells: Sequence[Box], between: Box) -> list[Box]:
    return [box for cell in cells for box in (between, cell)][1:]


def _stacked(lines: Sequence[Box]) -> Box:
    """Rows of a table, a blank one between what would run into each other; based on the middle."""
    spread = [lines[0]]
    for upper, lower in pairwise(lines):
        if upper.below and lower.base:
            spread.append(text_box(""))
        spread.append(lower)
    whole = above(spread, 0, "l")
    return whole._replace(base=(len(whole.rows) - 1) // 2)


def _stretched(arrow: str, on: Sequence[Box]) -> str:
    """An arrow longer than what stands on it."""
    width = max((box.width for box in on), default=0) + 2
    first, last = _STRETCHED[arrow]
    return first * (width - 1) + last if last == arrow else first + last * (width - 1)


def _brace(width: int, *, over: bool) -> str:
    left, line, tip, right = _BRACES[over]
    if width == 1:
        return tip
    middle = (width - 1) // 2
    signs = (tip if at == middle else line for at in range(1, width - 1))
    return left + "".join(signs) + right
