"""The outline of one note: its headings as a tree, each with the blocks that stand under it.

Knows what is no content at all (generated sections, comments, rules, references) and where
anchors are. Knows nothing of questions and answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rlhf_qa import anchors, headings, parts
from rlhf_qa.messages import mark
from rlhf_qa.model import Code, LinkPlace, Problem, TocEntry
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text

_SECTION = re.compile(r"<!--\s*(START|END)_SECTION:\s*([^\s<>]+?)\s*-->")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NAMED = re.compile(r"""<[a-z][^<>]*?\s(?:id|name)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_LISTS = (BlockKind.BULLETS, BlockKind.NUMBERS)


@dataclass(slots=True)
class Node:
    """A heading of the tree."""

    block: Block
    plain: str
    bare: headings.Bare
    slug: str
    parent: int | None = None
    """Index of the enclosing heading; the title is nobody's parent."""
    end_line: int = 0
    own: list[Block] = field(default_factory=list)
    """Blocks up to the next heading of the tree, comments and references left out."""
    comment: Block | None = None
    """The card comment directly under it."""
    excluded: bool = False
    """References, a table of contents, or below such a heading."""
    has_children: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings of a note and what belongs to none of them."""

    nodes: tuple[Node, ...]
    title: Node | None
    """The first heading of level 1."""
    other_anchors: Mapping[str, int]
    """Anchors that are no heading of the tree, with their lines."""
    toc: tuple[TocEntry, ...]
    has_generated_toc: bool
    stray_comments: tuple[Block, ...]
    """Card comments that stand directly under no heading."""
    problems: tuple[Problem, ...]

    def above(self, index: int) -> Iterator[int]:
        """The headings that enclose one, from the inside outwards."""
        at = self.nodes[index].parent
        while at is not None:
            yield at
            at = self.nodes[at].parent


def read_outline(blocks: Sequence[Block], rows: Sequence[str]) -> Outline:
    """The outline of the note with these blocks at its root and these lines."""
    return _Grower(blocks, rows).outline()


def comment_body(block: Block, word: str) -> str | None:
    """What stands in `<!--word … -->`, if the block begins with such a comment.

    Line ends before it are kept, so that its lines can be counted from the block's first.
    """
    if block.kind is not BlockKind.HTML or not block.closed:
        return None
    opened = re.match(rf"\s*<!--\s*{word}(?=[\s-])", block.text)
    if opened is None:
        return None
    end = block.text.find("-->", opened.end())
    if end < 0:
        return None
    lead = "\n" * block.text.count("\n", 0, opened.end())
    # On the line of the mark, the first field must not look deeper than those below it.
    return lead + block.text[opened.end() : end].lstrip(" \t")


class _Grower:
    """One pass over the blocks of one note."""

    def __init__(self, blocks: Sequence[Block], rows: Sequence[str]) -> None:
        self._blocks = blocks
        self._rows = rows
        self._nodes: list[Node] = []
        self._title: Node | None = None
        self._toc: list[TocEntry] = []
        self._generated_toc = False
        self._stray: list[Block] = []
        self._problems: list[Problem] = []

    def outline(self) -> Outline:
        heads = [b for top in self._blocks for b in top.walk() if b.kind is BlockKind.HEADING]
        plain = [plain_text(head.inline).strip() for head in heads]
        slugs = {
            id(head): slug for head, slug in zip(heads, anchors.number_slugs(plain), strict=True)
        }
        self._grow(list(self._visible()), slugs)
        self._close_sections()
        return Outline(
            nodes=tuple(self._nodes),
            title=self._title,
            other_anchors=self._other_anchors(slugs),
            toc=tuple(self._toc),
            has_generated_toc=self._generated_toc,
            stray_comments=tuple(self._stray),
            problems=tuple(self._problems),
        )

    # What is seen.

    def _visible(self) -> Iterator[Block]:
        """The root's blocks without generated sections, comments and thematic breaks."""
        hidden = self._generated()
        at = hidden_to = toc_to = 0
        for block in self._blocks:
            while at < len(hidden) and hidden[at][0] <= block.first:
                _, last, name = hidden[at]
                hidden_to = max(hidden_to, last)
                toc_to = max(toc_to, last if name.casefold() == "toc" else 0)
                at += 1
            if block.first <= toc_to:
                self._generated_toc = True
                self._add_contents(block)
            elif block.first > hidden_to and self._is_visible(block):
                yield block

    def _is_visible(self, block: Block) -> bool:
        if block.kind is BlockKind.HTML and "<!--" in block.text:
            return _has_text(block) or comment_body(block, "card") is not None
        return block.kind is not BlockKind.RULE

    def _generated(self) -> list[tuple[int, int, str]]:
        """First and last line and name of every generated section, in order."""
        ranges: list[tuple[int, int, str]] = []
        started: dict[str, int] = {}
        for block in self._blocks:
            if block.kind is not BlockKind.HTML or "_SECTION:" not in block.text:
                continue
            for found, line in _with_lines(_SECTION, block.text, block.first):
                word, name = found.groups()
                begun = started.pop(name, None)
                if word == "END":
                    ranges += [(begun, line, name)] if begun is not None else []
                    continue
                if begun is not None:
                    self._unclosed(name, begun)
                started[name] = line
        for name, line in started.items():
            self._unclosed(name, line)
        return sorted(ranges)

    def _unclosed(self, name: str, line: int) -> None:
        message = mark("generated section {name} has no END_SECTION mark: nothing of it is hidden")
        problem = Problem(Code.UNCLOSED_SECTION, line, message, values={"name": name})
        self._problems.append(problem)

    def _add_contents(self, block: Block) -> None:
        for link in parts.links_in([block], LinkPlace.DETAILS):
            if link.target.startswith("#"):
                self._toc.append(TocEntry(link.target[1:], link.line))

    # The tree.

    def _grow(self, blocks: Sequence[Block], slugs: Mapping[int, str]) -> None:
        """Hang the headings, and the blocks below each, on a tree."""
        plain = {id(b): plain_text(b.inline).strip() for b in blocks if b.kind is BlockKind.HEADING}
        decimals = sum(headings.begins_with_bare_decimal(text) for text in plain.values()) > 1
        path: list[int] = []
        for block in blocks:
            if block.kind is BlockKind.HEADING:
                bare = headings.bare(plain[id(block)], bare_decimals=decimals)
                path = [i for i in path if self._nodes[i].block.number < block.number]
                self._add_node(Node(block, plain[id(block)], bare, slugs[id(block)]), path)
                path.append(len(self._nodes) - 1)
            else:
                self._add_block(block)

    def _add_node(self, node: Node, path: Sequence[int]) -> None:
        self._nodes.append(node)
        if self._title is None and node.block.number == 1:
            self._title = node
            return
        above = path[-1] if path else None
        if above is not None and self._nodes[above] is not self._title:
            node.parent = above
        label = headings.is_reference_label(node.plain) or headings.is_contents_label(node.plain)
        below = node.parent is not None and self._nodes[node.parent].excluded
        node.excluded = label or below
        if node.parent is not None and not node.excluded:
            self._nodes[node.parent].has_children = True
        if not node.bare.text:
            self._problems.append(Problem(Code.EMPTY_HEADING, node.block.first, _EMPTY))

    def _add_block(self, block: Block) -> None:
        node = self._nodes[-1] if self._nodes else None
        if comment_body(block, "card") is not None:
            if node is None or node.own or node.comment is not None:
                self._stray.append(block)
            else:
                node.comment = block
            if not _has_text(block):
                return
        if block.kind is BlockKind.DETAILS and headings.is_reference_label(block.text):
            return
        if block.kind in _LISTS and parts.is_inert(block):
            self._add_contents(block)
        if node is not None:
            node.own.append(block)

    def _close_sections(self) -> None:
        last = len(self._rows)
        while last > 1 and not self._rows[last - 1].strip():
            last -= 1
        path: list[Node] = []
        for node in self._nodes:
            while path and path[-1].block.number >= node.block.number:
                path.pop().end_line = node.block.first - 1
            path.append(node)
        for node in path:
            node.end_line = max(last, node.block.last)

    def _other_anchors(self, slugs: Mapping[int, str]) -> dict[str, int]:
        found: dict[str, int] = {}
        tree = {id(node.block) for node in self._nodes}
        for block in (b for top in self._blocks for b in top.walk()):
            if block.kind is BlockKind.HEADING and id(block) not in tree:
                found.setdefault(slugs[id(block)], block.first)
            texts = [block.text] if block.kind is BlockKind.HTML else _tags(block.inline)
            for text in texts:
                for named, line in _with_lines(_NAMED, text, block.first):
                    found.setdefault(named.group(1), line)
        return found


_EMPTY = mark("a heading without text: write one, or take the # signs off")


def _has_text(block: Block) -> bool:
    """Whether raw HTML says anything outside its comments."""
    return bool(_COMMENT.sub("", block.text).strip())


def _tags(spans: Iterable[Inline]) -> Iterator[str]:
    for span in spans:
        if span.kind is SpanKind.HTML:
            yield span.text
        yield from _tags(span.children)


def _with_lines(
    pattern: re.Pattern[str], text: str, first: int
) -> Iterator[tuple[re.Match[str], int]]:
    """Every match with the line it begins on, where `text` begins on line `first`."""
    at, line = 0, first
    for match in pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield match, line
