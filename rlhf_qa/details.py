"""`<details>` blocks: Markdown sees two unrelated pieces of raw HTML, a reader one that unfolds.

Works on blocks that are already read; knows what a summary is, not what it means.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rlhf_qa.syntax import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DETAILS_TAG = re.compile(r"<details\b[^<>]*>|</details\s*>", re.IGNORECASE)
_DEPTH: Final = 20
"""`<details>` in `<details>` beyond this stay raw HTML."""
_SUMMARY = re.compile(r"<summary\b[^<>]*>", re.IGNORECASE)
_SUMMARY_END = re.compile(r"</summary\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def pair_details(blocks: Sequence[Block], depth: int = 0) -> tuple[Block, ...]:
    """The same blocks with each `<details>` and its `</details>` made into one, at every level.

    `depth` counts the `<details>` around them.
    """
    out: list[Block] = []
    stack: list[tuple[Block, list[Block]]] = []
    too_deep = 0
    for piece in _pieces(blocks):
        tag = DETAILS_TAG.fullmatch(piece.text) if piece.kind is BlockKind.HTML else None
        into = stack[-1][1] if stack else out
        if tag is None:
            inner = pair_details(piece.children, depth + len(stack)) if piece.children else ()
            into.append(replace(piece, children=inner) if inner else piece)
        elif not piece.text.startswith("</"):
            if depth + len(stack) < _DEPTH:
                stack.append((replace(piece, kind=BlockKind.DETAILS, text=""), []))
            else:
                too_deep += 1
                into.append(piece)
        elif too_deep:
            too_deep -= 1
            into.append(piece)
        elif stack:
            opened, inside = stack.pop()
            (stack[-1][1] if stack else out).append(_details(opened, inside, piece.last))
    while stack:  # never closed: it hides nothing, its blocks stay where they are
        opened, inside = stack.pop()
        kept = [replace(opened, closed=False), *inside]
        (stack[-1][1] if stack else out).extend(kept)
    return tuple(out)


def _details(opened: Block, inner: list[Block], last: int) -> Block:
    """A `<details>` with its summary taken out of what is inside."""
    head = inner[0] if inner and inner[0].kind is BlockKind.HTML else None
    begun = _SUMMARY.search(head.text) if head else None
    ended = _SUMMARY_END.search(head.text, begun.end()) if head and begun else None
    if head is None or begun is None or ended is None:
        return replace(opened, last=last, children=tuple(inner))
    summary = _TAG.sub("", head.text[begun.end() : ended.start()]).strip()
    before, after = head.text[: begun.start()], head.text[ended.end() :]
    line = head.first + head.text.count("\n", 0, ended.end())
    body = (*_html(before, head.first), *_html(after, line), *inner[1:])
    return replace(opened, text=summary, last=last, children=body)


def _pieces(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, raw HTML cut so that each details tag stands alone."""
    for block in blocks:
        if block.kind is not BlockKind.HTML or block.text.lstrip().startswith("<!--"):
            yield block
            continue
        at, line = 0, block.first
        for tag in DETAILS_TAG.finditer(block.text):
            yield from _html(block.text[at : tag.start()], line)
            line += block.text.count("\n", at, tag.start())
            yield Block(BlockKind.HTML, line, line, text=tag.group())
            line += tag.group().count("\n")
            at = tag.end()
        yield from _html(block.text[at:], line)


def _html(text: str, line: int) -> Iterator[Block]:
    solid = text.strip()
    if solid:
        first = line + text.count("\n", 0, len(text) - len(text.lstrip()))
        closed = not solid.startswith("<!--") or "-->" in solid
        last = first + solid.count("\n")
        yield Block(BlockKind.HTML, first, last, text=solid, closed=closed)
