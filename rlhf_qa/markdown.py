"""From Markdown text to the tree of syntax.py. The only module that knows the Markdown library.

CommonMark with tables, strikethrough, task boxes, `<details>` and formulas between dollars.
Knows nothing of questions, and gives every block the lines of the file it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from rlhf_qa.limits import NESTING
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
_DETAILS = re.compile(r"<details\b[^>]*>|</details\s*>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b[^>]*>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def parse(
    text: str, numbers: Sequence[int] | None = None, references: References | None = None
) -> tuple[Block, ...]:
    """The blocks of `text`, whose lines end in `\\n`.

    `numbers` gives the file's line number of each line of `text` (ascending; 1, 2, 3 … if
    absent); `references` the link definitions of the whole document, for a part of it.
    """
    return parse_document(text, numbers, references)[0]


def parse_document(
    text: str, numbers: Sequence[int] | None = None, references: References | None = None
) -> tuple[tuple[Block, ...], References]:
    """The blocks of `text` and the link definitions met in it."""
    known = {
        label: {"href": target, "title": "", "map": [0, 0]}
        for label, target in (references or {}).items()
    }
    env: dict[str, dict[str, dict[str, str]]] = {"references": known} if known else {}
    tokens = _library().parse(text, env)
    blocks = _Builder(text.split("\n"), numbers).build(tokens)
    found = {label: entry["href"] for label, entry in env.get("references", {}).items()}
    return blocks, found


@cache
def _library() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": NESTING})
    md.enable(["table", "strikethrough"])
    # The plugin's block rule, with an inline rule of our own: at the start of a paragraph the
    # plugin (0.7) takes the paragraph's last character for the one before the dollar.
    dollarmath_plugin(md, allow_labels=False, double_inline=True)
    md.inline.ruler.at("math_inline", _dollars)
    # Targets stay as written; what may be followed is decided in links.py, not here.
    md.normalizeLink = _as_written  # type: ignore[method-assign]
    md.validateLink = _any_link  # type: ignore[method-assign]
    return md


def _as_written(url: str) -> str:
    return url


def _any_link(url: str) -> bool:  # noqa: ARG001 -- the library's signature
    return True


def _dollars(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the library's signature
    """`$x$` and `$$x$$`: no blank inside the dollars, no digit after them (`$5-$10` is money)."""
    src, start = state.src, state.pos
    if src[start] != "$":
        return False
    mark = "$$" if src.startswith("$$", start) else "$"
    opened = start + len(mark)
    end = _closing(src, opened, mark)
    if end < 0:
        return False
    body = src[opened:end]
    after = src[end + len(mark) : end + len(mark) + 1]
    blank = mark == "$" and (body[0].isspace() or body[-1].isspace())
    if not body.strip() or blank or after.isdigit():
        return False
    if not silent:
        token = state.push("math_inline_double" if mark == "$$" else "math_inline", "math", 0)
        token.content, token.markup = body, mark
    state.pos = end + len(mark)
    return True


def _closing(src: str, start: int, mark: str) -> int:
    """Where the next unescaped dollar mark stands, -1 if there is none or another comes first."""
    at = src.find("$", start)
    while at > start and _escaped(src, at):
        at = src.find("$", at + 1)
    return at if at > start and src.startswith(mark, at) else -1


def _escaped(src: str, at: int) -> bool:
    slashes = 0
    while at - slashes > 0 and src[at - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1


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

    def build(self, tokens: list[Token]) -> tuple[Block, ...]:
        root: list[Block] = []
        stack: list[_Open] = []
        for token in tokens:
            into = stack[-1].children if stack else root
            if token.type in _CONTAINERS:
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
        return _pair_details(root)

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
        children = _pair_details(done.children) if kind is not BlockKind.TABLE else done.children
        block = Block(
            kind,
            self._line(first),
            self._line(last),
            children=tuple(children),
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
    return all(b.first == a.last + 1 for run in runs for a, b in zip(run, run[1:], strict=False))


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
            line += child.type in ("softbreak", "hardbreak") or child.content.count("\n")
    return tuple(stack[0][1])


def _leaf_span(child: Token, line: int) -> Inline:
    match child.type:
        case "code_inline":
            return Inline(SpanKind.CODE, child.content)
        case "math_inline" | "math_inline_double":
            display = child.type.endswith("double")
            return Inline(SpanKind.FORMULA, child.content, display=display)
        case "softbreak":
            return Inline(SpanKind.SOFT_BREAK)
        case "hardbreak":
            return Inline(SpanKind.HARD_BREAK)
        case "html_inline":
            return Inline(SpanKind.HTML, child.content)
        case "image":
            alt = plain_text(_inline(child, line)) or child.content
            return Inline(SpanKind.IMAGE, alt, target=str(child.attrs.get("src", "")), line=line)
        case _:
            return Inline(SpanKind.TEXT, child.content)


# `<details>`: CommonMark sees two unrelated blocks of raw HTML; a reader sees one that unfolds.


def _pair_details(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks with each `<details>` and its `</details>` made into one."""
    if not any(b.kind is BlockKind.HTML and _DETAILS.search(b.text) for b in blocks):
        return tuple(blocks)
    out: list[Block] = []
    stack: list[tuple[Block, list[Block]]] = []
    for piece in _pieces(blocks):
        tag = _DETAILS.fullmatch(piece.text) if piece.kind is BlockKind.HTML else None
        into = stack[-1][1] if stack else out
        if tag is None:
            into.append(piece)
        elif not piece.text.startswith("</") and len(stack) < NESTING:
            stack.append((replace(piece, kind=BlockKind.DETAILS, text=""), []))
        elif piece.text.startswith("</") and stack:
            opened, inner = stack.pop()
            (stack[-1][1] if stack else out).append(_details(opened, inner, piece.last))
    while stack:  # never closed: it hides nothing, its blocks stay where they are
        opened, inner = stack.pop()
        empty = replace(_details(opened, inner[:1], opened.last), closed=False)
        kept = inner[1:] if inner and _is_summary(inner[0]) else inner
        (stack[-1][1] if stack else out).extend([replace(empty, children=()), *kept])
    return tuple(out)


def _is_summary(block: Block) -> bool:
    return block.kind is BlockKind.HTML and _SUMMARY.search(block.text) is not None


def _details(opened: Block, inner: list[Block], last: int) -> Block:
    summary = ""
    if inner and _is_summary(inner[0]):
        head = inner[0]
        match = _SUMMARY.search(head.text)
        summary = _TAG.sub("", match.group(1)).strip() if match else ""
        rest = head.text[: match.start()] + head.text[match.end() :] if match else ""
        body = inner[1:] if not rest.strip() else [replace(head, text=rest), *inner[1:]]
    else:
        body = inner
    return replace(opened, text=summary, last=last, children=tuple(body))


def _pieces(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, raw HTML cut so that each details tag stands alone."""
    for block in blocks:
        if block.kind is not BlockKind.HTML or block.text.lstrip().startswith("<!--"):
            yield block
            continue
        at, line = 0, block.first
        for tag in _DETAILS.finditer(block.text):
            yield from _html(block.text[at : tag.start()], line)
            line += block.text.count("\n", at, tag.start())
            yield Block(BlockKind.HTML, line, line, text=tag.group())
            line += tag.group().count("\n")
            at = tag.end()
        yield from _html(block.text[at:], line)


def _html(text: str, line: int) -> Iterator[Block]:
    if text.strip():
        first = line + len(text[: len(text) - len(text.lstrip())].split("\n")) - 1
        yield Block(BlockKind.HTML, first, first + text.strip().count("\n"), text=text)
