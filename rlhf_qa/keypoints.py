"""What a full answer says, point by point: the top-level items of its lists.

Knows items and their labels; which blocks are an answer is parts.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rlhf_qa.lines import as_ranges
from rlhf_qa.model import KeyPoint
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text

_MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])")
_TAB = 4
_CODE_INDENT = 5
"""Blanks after a bullet from which on all but one belong to the text: it is a code block."""


def key_points(blocks: Iterable[Block], rows: Mapping[int, str]) -> Iterator[KeyPoint]:
    """The key points of an answer of these blocks; `rows` are its lines, container marks off."""
    for block in blocks:
        if block.kind not in (BlockKind.BULLETS, BlockKind.NUMBERS):
            continue
        for item in block.children:
            lines = [n for n in range(item.first, item.last + 1) if n in rows]
            markdown = _without_bullet([rows[n] for n in lines])
            if markdown.strip():
                label = _label(item) or markdown.strip().split("\n")[0]
                yield KeyPoint(label, markdown, as_ranges(lines))


def _label(item: Block) -> str:
    """The bold run that opens the item, else all its bold runs, else its first paragraph."""
    paragraph = next((b for b in item.children if b.kind is BlockKind.PARAGRAPH), None)
    if paragraph is None:
        return ""
    bold = [plain_text(span.children).strip() for span in _strong(paragraph.inline)]
    opening = next((span for span in paragraph.inline if plain_text((span,)).strip()), None)
    if opening is not None and opening.kind is SpanKind.STRONG:
        return plain_text(opening.children).strip()
    return " · ".join(filter(None, bold)) or plain_text(paragraph.inline).strip()


def _strong(spans: Iterable[Inline]) -> Iterator[Inline]:
    for span in spans:
        if span.kind is SpanKind.STRONG:
            yield span
        else:
            yield from _strong(span.children)


def _without_bullet(rows: list[str]) -> str:
    mark = _MARK.match(rows[0]) if rows else None
    if mark is None:
        return "\n".join(rows)
    width = len(mark.group().expandtabs(_TAB))
    first = _expanded(rows[0][mark.end() :], width)
    blanks = len(first) - len(first.lstrip(" "))
    indent = 1 if blanks == len(first) or blanks >= _CODE_INDENT else blanks
    rest = (_dedented(_expanded(row, 0), width + indent) for row in rows[1:])
    return "\n".join([first[indent:], *rest])


def _expanded(row: str, column: int) -> str:
    """A row that begins at `column`, the tabs it opens with as blanks."""
    body = row.lstrip(" \t")
    lead = " " * column + row[: len(row) - len(body)]
    return lead.expandtabs(_TAB)[column:] + body if "\t" in lead else row


def _dedented(row: str, width: int) -> str:
    return row[min(len(row) - len(row.lstrip(" ")), width) :]
