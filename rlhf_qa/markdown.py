"""From Markdown text to the tree of syntax.py. The only module that knows the Markdown library.

CommonMark with tables, strikethrough, task boxes, `<details>` and formulas between dollars.
Knows nothing of questions, and gives every block the lines of the file it came from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.token import Token
from markdown_it.utils import EnvType

from rlhf_qa.details import DETAILS_TAG, pair_details
from rlhf_qa.formulas import formula_at
from rlhf_qa.limits import NESTING, NESTING_DOUBT
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text

References = Mapping[str, str]
"""Link reference definitions of a document: label as the library normalises it → target."""

_CONTAINERS = {
    "bullet_list_open": BlockKind.BULLETS,
    "ordered_list_open": BlockKind.NUMBERS,
    "list_item_open": BlockKind.ITEM,
    "blockquote_open": BlockKind.QUOTE,
    "heading_open": BlockKind.HEADING,
    "paragraph_open": BlockKind.PARAGRAPH,
    "table_open": BlockKind.TABLE,
    "tr_open": BlockKind.ROW,
    "th_open": BlockKind.CELL,
    "td_open": BlockKind.CELL,
}
_SPANS = {
    "em_open": SpanKind.EMPHASIS,
    "strong_open": SpanKind.STRONG,
    "s_open": SpanKind.STRIKE,
    "link_open": SpanKind.LINK,
}
_LEAVES = {
    "fence": BlockKind.CODE,
    "code_block": BlockKind.CODE,
    "html_block": BlockKind.HTML,
    "math_block": BlockKind.FORMULA,
    "hr": BlockKind.RULE,
}
_BOX = re.compile(r"\[([ xX])\](?:\s|$)")


def parse(
    text: str, numbers: Sequence[int] | None = None, references: References | None = None
) -> tuple[Block, ...]:
    """The blocks of `text`, whose lines end in LF.

    `numbers` gives the file's line number of each line of `text` (ascending; 1, 2, 3 … if
    absent); `references` the link definitions of the whole document, for a part of it.
    """
    return _blocks(text, numbers, _Definitions(references or {}))


def parse_document(text: str) -> tuple[tuple[Block, ...], References]:
    """The blocks of a whole document and the link definitions in it."""
    definitions = _Definitions({})
    return _blocks(text, None, definitions), definitions.found


def _blocks(
    text: str, numbers: Sequence[int] | None, definitions: _Definitions
) -> tuple[Block, ...]:
    tokens = _library().parse(text, {"references": definitions})
    return _Builder(text.split("\n"), numbers).build(tokens)


class _Definitions:
    """Link definitions as the library looks them up: those known before, and those met."""

    def __init__(self, known: References) -> None:
        self._known = known
        self.found: dict[str, str] = {}

    def __contains__(self, label: str) -> bool:
        return label in self._known or label in self.found

    def __setitem__(self, label: str, entry: Mapping[str, str]) -> None:
        self.found[label] = entry["href"]

    def get(self, label: str, default: None = None) -> Mapping[str, str] | None:
        if label not in self:
            return default
        return {"href": self._known.get(label) or self.found.get(label, ""), "title": ""}


@cache
def _library() -> MarkdownIt:
    md = _commonmark(NESTING)
    md.enable("table")
    md.block.ruler.before("fence", "math_block", _dollar_block)
    # Brackets nest less than blocks do, and each level costs more.
    inner = _commonmark(NESTING_DOUBT)
    inner.enable("strikethrough")
    inner.inline.ruler.before("escape", "math_inline", _dollars)
    inner.inline.ruler.at("backticks", _code)

    def parse_inline(
        src: str,
        md: MarkdownIt,  # noqa: ARG001 -- the library's signature
        env: EnvType,
        tokens: list[Token],
    ) -> list[Token]:
        return inner.inline.parse(src, inner, env, tokens)

    md.inline.parse = parse_inline  # type: ignore[method-assign]
    return md


def _commonmark(nesting: int) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": nesting})
    # Targets stay as written; what may be followed is decided in links.py, not here.
    md.normalizeLink = _as_written  # type: ignore[method-assign]
    md.validateLink = _any_link  # type: ignore[method-assign]
    return md


def _as_written(url: str) -> str:
    return url


def _any_link(url: str) -> bool:  # noqa: ARG001 -- the library's signature
    return True


def _dollars(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the library's signature
    found = formula_at(state.src, state.pos)
    if found is None:
        return False
    mark, end = found
    if not silent:
        token = state.push("math_inline_double" if mark == "$$" else "math_inline", "math", 0)
        token.content = state.src[state.pos + len(mark) : end - len(mark)]
    state.pos = end
    return True


def _code(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the library's signature
    """Code between backticks, with a note of the line ends in it: its text has none."""
    start, before = state.pos, len(state.tokens)
    found = backtick(state, silent)
    if found and not silent and len(state.tokens) > before:
        state.tokens[-1].meta["line_ends"] = state.src.count("\n", start, state.pos)
    return found


def _dollar_block(state: StateBlock, first: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """`$$` at the start of a line up to `$$` at the end of one, without a blank line between."""
    opened = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith("$$", opened):
        return False
    last = first
    row = state.src[opened + 2 : state.eMarks[first]].rstrip()
    body = [row]
    while "$$" not in row:
        last += 1
        if last >= end or state.isEmpty(last) or state.sCount[last] < state.blkIndent:
            return False
        row = state.getLines(last, last + 1, state.blkIndent, False).rstrip()  # noqa: FBT003
        body.append(row)
    if row.index("$$") != len(row) - 2 or (last == first and not row[:-2].strip()):
        return False
    if not silent:
        body[-1] = row[:-2]
        token = state.push("math_block", "math", 0)
        token.content = "\n".join(body)
        token.map = [first, last + 1]
        state.line = last + 1
    return True


@dataclass(slots=True)
class _Open:
    """A container whose end has not been met yet."""

    token: Token
    kind: BlockKind
    children: list[Block] = field(default_factory=list)
    inline: tuple[Inline, ...] = ()


class _Builder:
    """Turns the library's flat token stream into nested blocks, without recursion."""

    def __init__(self, rows: list[str], numbers: Sequence[int] | None) -> None:
        self._rows = rows
        self._numbers = numbers
        self._quotes = 0
        self._has_details = False

    def build(self, tokens: list[Token]) -> tuple[Block, ...]:
        root: list[Block] = []
        stack: list[_Open] = []
        for token in tokens:
            into = stack[-1].children if stack else root
            if token.type in _CONTAINERS:
                token.map = token.map or (stack[-1].token.map if stack else None)
                self._quotes += token.type == "blockquote_open"
                stack.append(_Open(token, _CONTAINERS[token.type]))
            elif token.type == "inline":
                stack[-1].inline = _inline(token, self._line(_start(token)))
            elif token.type in _LEAVES:
                into.append(self._leaf(token))
            elif token.nesting == -1 and token.type.replace("_close", "_open") in _CONTAINERS:
                done = stack.pop()
                (stack[-1].children if stack else root).append(self._close(done))
                self._quotes -= token.type == "blockquote_close"
        return pair_details(root) if self._has_details else tuple(root)

    def _line(self, row: int) -> int:
        return self._numbers[row] if self._numbers is not None else row + 1

    def _span(self, token: Token, *, code: bool = False) -> tuple[int, int]:
        first, end = token.map or (0, 1)
        last = min(end, len(self._rows)) - 1
        blank = " \t>" if self._quotes and not code else " \t"
        while last > first and not self._rows[last].strip(blank):
            last -= 1
        return first, last

    def _leaf(self, token: Token) -> Block:
        code = token.type in ("fence", "code_block")
        first, last = self._span(token, code=code)
        closed = True
        if token.type == "fence":
            closing = self._rows[last].strip(" \t>") if last > first else ""
            closed = closing.startswith(token.markup) and not closing.strip(token.markup[0])
        elif token.type == "html_block" and token.content.lstrip().startswith("<!--"):
            closed = "-->" in token.content
        elif token.type == "html_block":
            self._has_details = self._has_details or DETAILS_TAG.search(token.content) is not None
        return Block(
            _LEAVES[token.type],
            self._line(first),
            self._line(last),
            text=token.content,
            info=token.info.strip() if token.type == "fence" else "",
            closed=closed,
        )

    def _close(self, done: _Open) -> Block:
        token, kind = done.token, done.kind
        first, last = self._span(token)
        inner = done.children[-1].last if done.children else 0
        block = Block(
            kind,
            self._line(first),
            max(self._line(last), inner),
            children=tuple(done.children),
            inline=done.inline,
        )
        match kind:
            case BlockKind.HEADING:
                return replace(block, number=int(token.tag[1]))
            case BlockKind.CELL:
                style = str(token.attrs.get("style", ""))
                return replace(block, info=style.removeprefix("text-align:"))
            case BlockKind.ITEM:
                return self._item(block, token)
            case BlockKind.BULLETS | BlockKind.NUMBERS:
                start = int(token.attrs.get("start", 1)) if kind is BlockKind.NUMBERS else 0
                return replace(block, number=start, tight=_is_tight(block))
            case BlockKind.QUOTE:
                return self._with_cut_text(block, token, first, last)
            case _:
                return block

    def _item(self, block: Block, token: Token) -> Block:
        number = int(token.info) if token.info.isdigit() else 0
        checked, children = _task(block.children)
        block = replace(block, children=children, checked=checked, number=number)
        first, last = self._span(token)
        return self._with_cut_text(block, token, first, last)

    def _with_cut_text(self, block: Block, token: Token, first: int, last: int) -> Block:
        """Show as source what the library cuts off at its depth limit."""
        if block.children or token.level < NESTING - 2:
            return block
        source = "\n".join(self._rows[first : last + 1]).strip(" \t>")
        if not source:
            return block
        span = Inline(SpanKind.TEXT, source)
        cut = Block(BlockKind.PARAGRAPH, block.first, block.last, inline=(span,))
        return replace(block, children=(cut,))


def _start(token: Token) -> int:
    return token.map[0] if token.map else 0


def _is_tight(block: Block) -> bool:
    """Whether no blank line stands between the items or between the blocks of one item."""
    runs = [block.children, *(item.children for item in block.children)]
    return all(b.first == a.last + 1 for run in runs for a, b in pairwise(run))


def _task(children: tuple[Block, ...]) -> tuple[bool | None, tuple[Block, ...]]:
    """The state of an item's box, and its blocks without the box."""
    if not children or children[0].kind is not BlockKind.PARAGRAPH or not children[0].inline:
        return None, children
    head, *rest = children[0].inline
    box = _BOX.match(head.text) if head.kind is SpanKind.TEXT else None
    if box is None:
        return None, children
    text = replace(head, text=head.text[box.end() :])
    paragraph = replace(children[0], inline=(text, *rest))
    return box.group(1) != " ", (paragraph, *children[1:])


def _inline(token: Token, line: int) -> tuple[Inline, ...]:
    """The spans of an inline token. `line` is the line it begins on.

    Emphasis nested deeper than the block limit is flattened: its text stays.
    """
    stack: list[tuple[Inline | None, list[Inline]]] = [(None, [])]
    skipped = 0
    for child in token.children or []:
        into = stack[-1][1]
        if child.type in _SPANS:
            if len(stack) > NESTING:
                skipped += 1
                continue
            target = str(child.attrs.get("href", ""))
            stack.append((Inline(_SPANS[child.type], target=target, line=line), []))
        elif child.nesting == -1:
            if skipped:
                skipped -= 1
                continue
            span, inner = stack.pop()
            if span is not None:
                stack[-1][1].append(replace(span, children=tuple(inner)))
        else:
            into.append(_leaf_span(child, line))
            ends = child.type in ("softbreak", "hardbreak") or child.content.count("\n")
            line += child.meta.get("line_ends", ends)
    return tuple(stack[0][1])


_TEXT_SPANS = {
    "code_inline": SpanKind.CODE,
    "math_inline": SpanKind.FORMULA,
    "math_inline_double": SpanKind.FORMULA,
    "softbreak": SpanKind.SOFT_BREAK,
    "hardbreak": SpanKind.HARD_BREAK,
    "html_inline": SpanKind.HTML,
}


def _leaf_span(child: Token, line: int) -> Inline:
    if child.type == "image":
        alt = plain_text(_inline(child, line)) or child.content
        return Inline(SpanKind.IMAGE, alt, target=str(child.attrs.get("src", "")), line=line)
    kind = _TEXT_SPANS.get(child.type, SpanKind.TEXT)
    return Inline(kind, child.content, display=child.type == "math_inline_double")
