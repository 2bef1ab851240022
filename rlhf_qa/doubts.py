"""Oddities of a note's text that its author would want to know: swallowed or hidden text.

Knows how Markdown surprises people; knows nothing of questions or of other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rlhf_qa.limits import NESTING_DOUBT
from rlhf_qa.messages import mark, markn
from rlhf_qa.model import Code, Problem
from rlhf_qa.syntax import Block, BlockKind

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+\S")
_ALMOST_HEADING = re.compile(r" {0,3}(?:#{2,6}[^#\s]|#{1,6}[\u00a0\u3000]|\uff03)")
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def of_text(rows: Sequence[str]) -> Iterator[Problem]:
    """Characters that change what is seen without being seen."""
    for number, row in enumerate(rows, 1):
        found = _HIDDEN.search(row) if not row.isascii() else None
        if found:
            message = mark("hidden character {code}: remove it if it is not meant")
            code = {"code": f"U+{ord(found.group()):04X}"}
            yield Problem(Code.HIDDEN_TEXT, number, message, values=code)


def of_blocks(blocks: Sequence[Block], rows: Sequence[str]) -> Iterator[Problem]:
    """Blocks that are something else than their author meant."""
    for block in blocks:
        yield from _unclosed(block, rows)
        yield from _swallowed(block)
        yield from _misread(block, rows)
        yield from _deep(block)


def _unclosed(block: Block, rows: Sequence[str]) -> Iterator[Problem]:
    if block.closed:
        return
    if block.kind is BlockKind.DETAILS:
        message = mark("<details> is never closed: add </details> after a blank line")
        yield Problem(Code.UNCLOSED_DETAILS, block.first, message)
        return
    hidden = {"n": str(sum(bool(_HEADING.match(r)) for r in rows[block.first : block.last]))}
    if block.kind is BlockKind.CODE:
        one, many = markn(
            "code fence is never closed: it hides {n} heading below",
            "code fence is never closed: it hides {n} headings below",
        )
        yield Problem(Code.UNCLOSED_FENCE, block.first, one, values=hidden, many=many)
    else:
        one, many = markn(
            "comment is never closed: it hides {n} heading below",
            "comment is never closed: it hides {n} headings below",
        )
        yield Problem(Code.UNCLOSED_COMMENT, block.first, one, values=hidden, many=many)


def _swallowed(block: Block) -> Iterator[Problem]:
    """Headings in raw HTML: it lasts to the next blank line."""
    inside = block.walk() if block.kind is BlockKind.DETAILS else iter([block])
    for html in inside:
        if html.kind is not BlockKind.HTML or html.text.lstrip().startswith("<!--"):
            continue
        for offset, row in enumerate(html.text.strip().split("\n")):
            if _HEADING.match(row):
                message = mark("this heading is taken for HTML: put a blank line before it")
                yield Problem(Code.SWALLOWED_HEADING, html.first + offset, message)


def _misread(block: Block, rows: Sequence[str]) -> Iterator[Problem]:
    if block.kind is BlockKind.CODE and not block.info and block.text.lstrip().startswith(">"):
        if not rows[block.first - 1].lstrip().startswith(("```", "~~~")):
            message = mark("four blanks make this a code block: take them off to make it a quote")
            yield Problem(Code.NOT_A_QUOTE, block.first, message)
    elif block.kind is BlockKind.PARAGRAPH:
        for number in range(block.first, block.last + 1):
            if _ALMOST_HEADING.match(rows[number - 1]):
                message = mark("not read as a heading: it needs # signs, then a plain blank")
                yield Problem(Code.NOT_A_HEADING, number, message)


def _deep(block: Block) -> Iterator[Problem]:
    """One problem for each block of the root that is nested beyond what is usually meant."""
    stack = [(block, 0)]
    while stack:
        inner, depth = stack.pop()
        if depth > NESTING_DOUBT:
            message = mark("nested more than {levels} levels deep: is that meant?")
            levels = {"levels": str(NESTING_DOUBT)}
            yield Problem(Code.DEEP_NESTING, inner.first, message, values=levels)
            return
        stack += [(child, depth + 1) for child in reversed(inner.children)]
