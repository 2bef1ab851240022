"""Blocks of Markdown as lines of a given width: the one renderer of every face.

Knows the look of each block. Where lines break is wrap.py, what a span looks like the face's own
table, and how a formula reads is formula.py.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rlhf_qa.messages import trn
from rlhf_qa.render import inline
from rlhf_qa.render.code import code
from rlhf_qa.render.lines import ASCII, UNICODE, Line, Rendered, Role, Span, Symbols
from rlhf_qa.render.sanitize import SafeText, clean, clean_block
from rlhf_qa.render.tables import Cell, Table, grid, records
from rlhf_qa.render.wrap import cells, wrap
from rlhf_qa.syntax import Block, BlockKind

_RULED = {1: "double_rule", 2: "rule"}
"""Levels of headings with a line below."""
_LOW = 4
"""Headings from this level on have a sign before them."""
_INDENT_SHARE = 3
"""Indents take at most one part in so many of the width."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAGS = re.compile(r"<[/!?A-Za-z][^<>]*>")


class Formulas(StrEnum):
    """How formulas are shown."""

    AUTO = "auto"
    """Those that stand alone as boxes, others on the line."""
    LINE = "line"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Options:
    """How blocks are drawn."""

    ascii: bool = False
    """No sign of ours outside ASCII, and tables as records."""
    folded: bool = False
    """`<details>` show their summary only, but for those in `unfolded`."""
    unfolded: frozenset[int] = frozenset()
    """Folds that are open all the same, by their number: the first is -1, the next -2 …"""
    highlight: bool = True
    """Words of code get roles of their own."""
    first_number: int = 1
    """Number of the first link."""
    first_fold: int = -1
    """Number of the first fold, counted down."""
    formulas: Formulas = Formulas.AUTO
    """With `ascii` none is a box: its lines are drawn."""


@dataclass(frozen=True, slots=True)
class _Room:
    """The place a block is drawn in."""

    width: int
    indents: int
    """Columns that may still be spent on indents."""
    role: Role = Role.TEXT
    """Of plain text."""

    def inside(self, taken: int) -> _Room:
        return _Room(self.width - taken, self.indents - taken, self.role)


def render(
    blocks: Sequence[Block], width: int, options: Options, role: Role = Role.TEXT
) -> Rendered:
    """The lines of `blocks`, none wider than `width` columns, and the targets of their links."""
    drawing = _Drawing(options)
    lines = drawing.stack(blocks, _Room(width, width // _INDENT_SHARE, role))
    return drawing.done(lines)


def render_deeper(
    blocks: Sequence[Block], width: int, word: SafeText, options: Options
) -> Rendered:
    """The same for a deeper note: a bar beside every line, `word` before the first."""
    symbols = ASCII if options.ascii else UNICODE
    bar = SafeText(f"{symbols.deeper} ")
    label = Span(SafeText(f"{word}  "), Role.STRONG)
    drawing = _Drawing(options)
    room = _Room(width - cells(bar), width // _INDENT_SHARE, Role.DEEPER)
    lines = _prefixed(drawing.stack(blocks, room, lead=(label,)), Span(bar, Role.BAR))
    return drawing.done(lines)


class _Drawing:
    """One rendering: its options, and the links met so far."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._symbols: Symbols = ASCII if options.ascii else UNICODE
        self.links = inline.Links(options.first_number)
        self._bullets = 0
        self._folds = options.first_fold + 1

    def done(self, lines: Iterable[Line]) -> Rendered:
        """What was drawn, with its links and folds."""
        folds = self._options.first_fold + 1 - self._folds
        return Rendered(tuple(lines), tuple(self.links.targets), folds)

    def stack(
        self,
        blocks: Iterable[Block],
        room: _Room,
        *,
        tight: bool = False,
        lead: tuple[Span, ...] = (),
    ) -> list[Line]:
        """Blocks below each other, with one blank row between unless `tight`.

        `lead` stands before the text of the first block.
        """
        lines: list[Line] = []
        for block in blocks:
            drawn = self._block(block, room, lead)
            if not drawn:
                continue
            if lines and not tight:
                lines.append(Line())
            lines += drawn
            lead = ()
        if lead:
            lines[:0] = wrap(lead, room.width)
        return lines

    def _block(self, block: Block, room: _Room, lead: tuple[Span, ...]) -> list[Line]:
        if block.kind is BlockKind.PARAGRAPH:
            return self._paragraph(block, room, lead)
        drawn = self._other(block, room)
        return [*wrap(lead, room.width), *drawn] if lead and drawn else drawn

    def _other(self, block: Block, room: _Room) -> list[Line]:
        draw = {
            BlockKind.HEADING: self._heading,
            BlockKind.BULLETS: self._list,
            BlockKind.NUMBERS: self._list,
            BlockKind.QUOTE: self._quote,
            BlockKind.CODE: self._code,
            BlockKind.FORMULA: self._formula,
            BlockKind.TABLE: self._table,
            BlockKind.DETAILS: self._details,
            BlockKind.RULE: self._rule,
            BlockKind.HTML: self._html,
        }.get(block.kind)
        return draw(block, room) if draw else self.stack(block.children, room)

    def _rule(self, _: Block, room: _Room) -> list[Line]:
        return [self._line(self._symbols.rule * room.width, Role.BAR)]

    def _formula(self, block: Block, room: _Room) -> list[Line]:
        # Its tables cost start-up time, and most cards are read without them.
        from rlhf_qa.render import formula  # noqa: PLC0415

        form, source = self._options.formulas, block.text
        if form is Formulas.SOURCE or formula.one_line(source) is None:
            role = Role.FORMULA if form is Formulas.SOURCE else Role.DIM
            return [self._line(row, role) for row in formula.source_rows(source, room.width)]
        tall = form is Formulas.AUTO and not self._options.ascii
        rows = formula.display(source, room.width, tall=tall)
        return [self._line(row, Role.FORMULA) if row else Line() for row in rows]

    def _spans(self, block: Block, role: Role) -> tuple[Span, ...]:
        convert = self._options.formulas is not Formulas.SOURCE
        return inline.spans(block.inline, role, self.links, convert=convert)

    def _line(self, text: str, role: Role) -> Line:
        return Line((Span(SafeText(text), role),))

    def _paragraph(self, block: Block, room: _Room, lead: tuple[Span, ...]) -> list[Line]:
        spans = self._spans(block, room.role)
        if not any(span.text.strip() for span in spans) and not lead:
            return []
        return list(wrap((*lead, *spans), room.width))

    def _heading(self, block: Block, room: _Room) -> list[Line]:
        spans = self._spans(block, Role.HEADING)
        if not any(span.text.strip() for span in spans):
            return []
        if block.number >= _LOW:
            sign = Span(SafeText(f"{self._symbols.low_heading} "), Role.HEADING)
            spans = (sign, *spans)
        lines = list(wrap(spans, room.width))
        if block.number in _RULED:
            rule = getattr(self._symbols, _RULED[block.number])
            lines.append(self._line(rule * max(cells(line.text) for line in lines), Role.BAR))
        return lines

    def _list(self, block: Block, room: _Room) -> list[Line]:
        bullets = block.kind is BlockKind.BULLETS
        signs = self._symbols.bullets
        bullet = signs[min(self._bullets, len(signs) - 1)]
        self._bullets += bullets
        texts = [bullet if bullets else SafeText(f"{i.number}.") for i in block.children]
        widest = max((cells(text) for text in texts), default=0)
        lines: list[Line] = []
        for item, text in zip(block.children, texts, strict=True):
            marker = " " * (widest - cells(text)) + text + " "
            drawn = self._item(item, room, SafeText(marker), tight=block.tight)
            if lines and not block.tight:
                lines.append(Line())
            lines += drawn
        self._bullets -= bullets
        return lines

    def _item(self, item: Block, room: _Room, marker: SafeText, *, tight: bool) -> list[Line]:
        box = {True: "[x] ", False: "[ ] ", None: ""}[item.checked]
        task = (Span(SafeText(box), Role.MARKER),) if box else ()
        sign = Span(marker, Role.MARKER)
        indent = cells(marker)
        if indent > room.indents:
            # Too deep for another indent: the sign leads the text instead.
            return self.stack(item.children, room, tight=tight, lead=(sign, *task))
        drawn = self.stack(item.children, room.inside(indent), tight=tight, lead=task)
        if not drawn:
            return [Line((sign,))]
        blank = Span(SafeText(" " * indent))
        return [Line((sign, *drawn[0].spans)), *_prefixed(drawn[1:], blank)]

    def _quote(self, block: Block, room: _Room) -> list[Line]:
        bar = SafeText(f"{self._symbols.bar} ")
        taken = cells(bar)
        if taken > room.indents:
            return self.stack(block.children, room)
        return list(_prefixed(self.stack(block.children, room.inside(taken)), Span(bar, Role.BAR)))

    def _code(self, block: Block, room: _Room) -> list[Line]:
        inner = self._indented(room)
        language = block.info if self._options.highlight else ""
        return self._indent(code(block.text, language, inner.width, self._symbols), room)

    def _table(self, block: Block, room: _Room) -> list[Line]:
        rows = tuple(
            tuple(self._spans(cell, room.role) for cell in row.children) for row in block.children
        )
        strong = tuple(_as_header(cell) for cell in rows[0])
        alignments = tuple(cell.info for cell in block.children[0].children)
        table = Table((strong, *rows[1:]), alignments)
        drawn = None if self._options.ascii else grid(table, room.width, self._symbols)
        return drawn or list(records(table, room.width, self._symbols))

    def _details(self, block: Block, room: _Room) -> list[Line]:
        self._folds -= 1
        number = self._folds
        folded = self._options.folded and number not in self._options.unfolded
        known = len(self.links.targets)
        drawn = self._indent(self.stack(block.children, self._indented(room)), room)
        if folded:
            del self.links.targets[known:]
        sign = self._symbols.folded if folded else self._symbols.unfolded
        size = f" ({trn('{n} line', '{n} lines', len(drawn))})" if folded else ""
        title = (
            Span(SafeText(f"{sign} "), Role.MARKER),
            Span(clean(block.text), Role.FOLD, number),
            Span(SafeText(size), Role.DIM),
        )
        return [*wrap(title, room.width), *(() if folded else drawn)]

    def _html(self, block: Block, room: _Room) -> list[Line]:
        """The text of raw HTML: no tags, no comments."""
        text = html.unescape(_TAGS.sub("", _COMMENT.sub("", block.text)))
        rows = (" ".join(row.split()) for row in clean_block(text).split("\n"))
        return [
            line for row in rows if row for line in wrap((Span(clean(row), room.role),), room.width)
        ]

    def _indented(self, room: _Room) -> _Room:
        return room.inside(_INDENT) if room.indents >= _INDENT else room

    def _indent(self, lines: Iterable[Line], room: _Room) -> list[Line]:
        if room.indents < _INDENT:
            return list(lines)
        return list(_prefixed(lines, Span(SafeText(" " * _INDENT))))


_INDENT = 2
"""Columns before code and what is unfolded."""


def _prefixed(lines: Iterable[Line], prefix: Span) -> Iterable[Line]:
    """Lines with the same span before each; a blank row ends without blanks."""
    bare = SafeText(prefix.text.rstrip())
    blank = Line((Span(bare, prefix.role),)) if bare else Line()
    for line in lines:
        yield Line((prefix, *line.spans)) if line.spans else blank


def _as_header(cell: Cell) -> Cell:
    plain = (Role.TEXT, Role.DEEPER)
    return tuple(
        Span(span.text, Role.STRONG, span.target) if span.role in plain else span for span in cell
    )
