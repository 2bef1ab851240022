"""From the text of one note to a `Document`: its headings, style and tree of questions.

Pure: no files, no clock. Any text parses; what an author should know becomes a `Problem`.
What lies under one question is parts.py, oddities of the text itself are doubts.py.
The format is docs/format.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rlhf_qa import anchors, doubts, headings, parts
from rlhf_qa.limits import METADATA_BYTES
from rlhf_qa.markdown import References, parse_document
from rlhf_qa.metadata import merge, read_card, read_document
from rlhf_qa.model import (
    CardMetadata,
    Code,
    Document,
    DocumentMetadata,
    Heading,
    Link,
    LinkPlace,
    Problem,
    Question,
    Style,
    StyleFrom,
    TocEntry,
)
from rlhf_qa.syntax import Block, BlockKind, plain_text

VERSION = 1
"""Of what this module makes of a text; a cached document of another version is parsed again."""

_SECTION = re.compile(r"<!--\s*(START|END)_SECTION:\s*([^\s>]+?)\s*-->")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NAMED = re.compile(r"""<[a-z][^<>]*?\s(?:id|name)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_CHINESE_SHARE = 0.1  # of all letters: notes in Chinese are full of English terms

_QUOTE_SHARE = 0.4
_QUOTES_ENOUGH = 3
_ASKING_SHARE = 0.5


@dataclass(slots=True)
class _Node:
    """A heading of the tree while its document is being read."""

    block: Block
    plain: str
    bare: headings.Bare
    parent: int | None
    end_line: int = 0
    own: list[Block] = field(default_factory=list)
    comment: Block | None = None
    excluded: bool = False
    has_children: bool = False

    @property
    def asks(self) -> bool:
        return headings.asks(self.bare)

    @property
    def has_content(self) -> bool:
        return any(not parts.is_inert(b) for b in self.own)


def split_lines(text: str) -> list[str]:
    """The lines of a note: they end at LF, CRLF and CR, and at nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parse(
    text: str, name: str, *, style: Style | None = None, style_from: StyleFrom = StyleFrom.OPTION
) -> Document:
    """The document a text makes. `name` is its title if it has none; `style` overrides its own."""
    return _Parser(text, name, style, style_from).document()


class _Parser:
    """One pass over one text; each step adds to what the next one needs."""

    def __init__(self, text: str, name: str, style: Style | None, style_from: StyleFrom) -> None:
        self._rows = split_lines(text)
        self._name = name
        self._asked = (style, style_from)
        self._problems: list[Problem] = []
        self._toc: list[TocEntry] = []
        self._generated_toc = False
        self._nodes: list[_Node] = []
        self._title: _Node | None = None

    def document(self) -> Document:
        front = self._front_matter()
        blocks, references = parse_document("\n".join(self._rows))
        self._problems += doubts.of_text(self._rows)
        self._problems += doubts.of_blocks(blocks, self._rows)
        visible = list(self._visible(blocks))
        metadata = merge(front, self._info(blocks))
        slugs = self._number_anchors(blocks)
        self._grow(visible)
        style, style_from = self._style(metadata)
        questions = self._questions(metadata, references) if style is Style.TREE else {}
        title = metadata.title or (self._title.plain if self._title else "") or self._name
        return Document(
            title=title,
            short_title=metadata.toc_title or title,
            lang=metadata.lang or _language("\n".join(self._rows)),
            style=style,
            style_from=style_from,
            metadata=metadata,
            headings=self._headings(slugs, list(questions)),
            other_anchors=self._other_anchors(blocks, slugs),
            questions=tuple(questions.values()),
            toc=tuple(self._toc),
            has_generated_toc=self._generated_toc,
            references=references,
            problems=tuple(sorted(self._problems, key=lambda p: p.line)),
            line_count=len(self._rows) - (not self._rows[-1]),
        )

    # Metadata.

    def _front_matter(self) -> DocumentMetadata:
        rows = self._rows
        if len(rows) < 2 or rows[0].rstrip() != "---" or not rows[1].strip():  # noqa: PLR2004
            return DocumentMetadata()
        ends = (n for n in range(1, len(rows)) if rows[n].rstrip() in ("---", "..."))
        end = next(ends, None)
        if end is None:
            message = "front matter is never closed: end it with a line of three dashes"
            self._problems.append(Problem(Code.BAD_METADATA, 1, message))
            return DocumentMetadata()
        source = "\n".join(rows[1:end])
        rows[: end + 1] = [""] * (end + 1)
        return self._read_metadata(source, 2)

    def _info(self, blocks: Sequence[Block]) -> DocumentMetadata:
        found = DocumentMetadata()
        for block in blocks:
            body = _comment_body(block, "info")
            if body is not None:
                found = merge(found, self._read_metadata(body, block.first))
        return found

    def _read_metadata(self, source: str, line: int) -> DocumentMetadata:
        if len(source.encode("utf-8", "surrogatepass")) > METADATA_BYTES:
            message = f"metadata over {METADATA_BYTES // 1024} KiB is not read: shorten it"
            self._problems.append(Problem(Code.BAD_METADATA, line, message))
            return DocumentMetadata()
        metadata, problems = read_document(source, line)
        self._problems += problems
        return metadata

    def _card(self, node: _Node, defaults: DocumentMetadata) -> CardMetadata:
        body = _comment_body(node.comment, "card") if node.comment else None
        line = node.comment.first if node.comment else 0
        metadata, problems = read_card(body or "", line, defaults)
        self._problems += problems
        return metadata

    # Blocks that are seen, and the tree of headings they make.

    def _visible(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """The root's blocks without generated sections, comments and thematic breaks."""
        hidden = self._generated(blocks)
        for block in blocks:
            name = next((n for first, last, n in hidden if first <= block.first <= last), None)
            if name is not None:
                if name.casefold() == "toc":
                    self._generated_toc = True
                    self._add_contents(block)
            elif block.kind is BlockKind.HTML and "<!--" in block.text:
                if _COMMENT.sub("", block.text).strip() or _comment_body(block, "card") is not None:
                    yield block
            elif block.kind is not BlockKind.RULE:
                yield block

    def _generated(self, blocks: Sequence[Block]) -> list[tuple[int, int, str]]:
        """Lines between the marks of generated sections, with the section's name."""
        ranges: list[tuple[int, int, str]] = []
        started: dict[str, int] = {}
        for block in blocks:
            if block.kind is not BlockKind.HTML or "_SECTION:" not in block.text:
                continue
            for mark in _SECTION.finditer(block.text):
                line = block.first + block.text.count("\n", 0, mark.start())
                word, name = mark.groups()
                if word == "START":
                    started.setdefault(name, line)
                elif name in started:
                    ranges.append((started.pop(name), line, name))
        for name, line in started.items():
            message = f"generated section {name} has no END_SECTION mark: nothing of it is hidden"
            self._problems.append(Problem(Code.UNCLOSED_SECTION, line, message))
        return ranges

    def _add_contents(self, block: Block) -> None:
        for link in parts.links_in([block], LinkPlace.DETAILS):
            if link.target.startswith("#"):
                self._toc.append(TocEntry(link.target[1:], link.line))

    def _grow(self, blocks: Sequence[Block]) -> None:
        """Hang headings and the blocks below them on a tree."""
        plain = {id(b): plain_text(b.inline).strip() for b in _heads(blocks)}
        decimals = sum(headings.begins_with_bare_decimal(p) for p in plain.values()) > 1
        path: list[int] = []
        for block in blocks:
            if block.kind is BlockKind.HEADING:
                bare = headings.bare(plain[id(block)], bare_decimals=decimals)
                node = _Node(block, plain[id(block)], bare, None)
                if self._title is None and block.number == 1:
                    self._title = node
                path = [i for i in path if self._nodes[i].block.number < block.number]
                node.parent = next((i for i in reversed(path)), None)
                if node.parent is not None and self._nodes[node.parent] is self._title:
                    node.parent = None
                node.excluded = self._is_excluded(node)
                path.append(len(self._nodes))
                self._nodes.append(node)
                if node.parent is not None and not node.excluded:
                    self._nodes[node.parent].has_children = True
            elif self._nodes:
                self._add_block(self._nodes[-1], block)
            else:
                self._add_loose_contents(block)
        self._close_sections()

    def _is_excluded(self, node: _Node) -> bool:
        """References and tables of contents, with everything below them."""
        label = headings.is_reference_label(node.plain) or headings.is_contents_label(node.plain)
        above = node.parent is not None and self._nodes[node.parent].excluded
        return node is not self._title and (label or above)

    def _add_block(self, node: _Node, block: Block) -> None:
        if _comment_body(block, "card") is not None:
            if not node.own and node.comment is None:
                node.comment = block
            return
        if block.kind is BlockKind.DETAILS and headings.is_reference_label(block.text):
            return
        self._add_loose_contents(block)
        node.own.append(block)

    def _add_loose_contents(self, block: Block) -> None:
        if block.kind in (BlockKind.BULLETS, BlockKind.NUMBERS) and parts.is_inert(block):
            self._add_contents(block)

    def _close_sections(self) -> None:
        last = len(self._rows)
        while last > 1 and not self._rows[last - 1].strip():
            last -= 1
        open_nodes: list[_Node] = []
        for node in self._nodes:
            while open_nodes and open_nodes[-1].block.number >= node.block.number:
                open_nodes.pop().end_line = node.block.first - 1
            open_nodes.append(node)
        for node in open_nodes:
            node.end_line = max(last, node.block.last)

    # Style and questions.

    def _style(self, metadata: DocumentMetadata) -> tuple[Style, StyleFrom]:
        style, style_from = self._asked
        if style is not None and style_from is StyleFrom.OPTION:
            return style, style_from
        if metadata.questions is not None:
            return metadata.questions, StyleFrom.METADATA
        if style is not None:
            return style, style_from
        return (Style.TREE if self._is_tree() else Style.NONE), StyleFrom.RECOGNISED

    def _is_tree(self) -> bool:
        filled = [n for n in self._candidates() if n.has_content]
        quoted = [n for n in filled if parts.begins_with_quote(n.own)]
        asking = sum(n.asks for n in quoted)
        enough = len(quoted) >= _QUOTES_ENOUGH or len(quoted) == len(filled)
        return (
            bool(quoted)
            and enough
            and len(quoted) >= _QUOTE_SHARE * len(filled)
            and asking >= _ASKING_SHARE * len(quoted)
        )

    def _candidates(self) -> Iterator[_Node]:
        return (n for n in self._nodes if n is not self._title and not n.excluded)

    def _is_question(self, node: _Node) -> bool:
        if node is self._title or node.excluded or not node.bare.text:
            return False
        if node.asks:
            return True
        category = headings.is_category(node.bare.marker)
        return not category and (node.has_content or not node.has_children)

    def _questions(
        self, metadata: DocumentMetadata, references: References
    ) -> dict[int, Question]:
        """Every question, by the index of its heading."""
        found: dict[int, Question] = {}
        places: dict[int, int] = {}
        for index, node in enumerate(self._nodes):
            if not self._is_question(node):
                continue
            above = list(self._ancestors(index))
            asking = [i for i in above if i in places]
            places[index] = len(places)
            found[index] = self._question(
                node,
                parent=places[asking[0]] if asking else None,
                depth=len(asking),
                section=tuple(
                    self._nodes[i].bare.text for i in reversed(above) if i not in places
                ),
                trail=(
                    *(self._nodes[i].bare.text for i in reversed(above)),
                    node.bare.text,
                ),
                metadata=self._card(node, metadata),
                references=references,
            )
        return found

    def _question(
        self,
        node: _Node,
        *,
        parent: int | None,
        depth: int,
        section: tuple[str, ...],
        trail: tuple[str, ...],
        metadata: CardMetadata,
        references: References,
    ) -> Question:
        inside = parts.take_apart(node.own, self._rows, references)
        heading = node.block
        own_links = tuple(parts.links_in([heading], LinkPlace.QUESTION))
        links: tuple[Link, ...] = (*own_links, *inside.links)
        return Question(
            line=heading.first,
            end_line=max([heading.last, *(b.last for b in node.own)]),
            depth=depth,
            parent=parent,
            section=section,
            trail=trail,
            marker=node.bare.marker,
            kind=inside.kind,
            text=node.bare.text,
            markdown=self._heading_source(heading),
            prompt=inside.prompt,
            answer=inside.answer,
            key_points=inside.key_points,
            deeper=inside.deeper,
            details=inside.details,
            links=links,
            plain_answer=inside.plain_answer,
            metadata=metadata,
        )

    def _ancestors(self, index: int) -> Iterator[int]:
        above = self._nodes[index].parent
        while above is not None:
            yield above
            above = self._nodes[above].parent

    def _heading_source(self, heading: Block) -> str:
        """The heading as written, without `#` marks or underline."""
        row = self._rows[heading.first - 1].strip()
        if not row.startswith("#"):
            return "\n".join(r.strip() for r in self._rows[heading.first - 1 : heading.last - 1])
        row = row.lstrip("#").strip()
        return re.sub(r"(?:^|[ \t]+)#+$", "", row)

    # Anchors.

    def _number_anchors(self, blocks: Sequence[Block]) -> dict[int, str]:
        """The slug of every heading block, at any depth, as a Git host makes it."""
        heads = list(_heads(b for top in blocks for b in top.walk()))
        slugs = anchors.number_slugs([plain_text(h.inline).strip() for h in heads])
        return {id(h): slug for h, slug in zip(heads, slugs, strict=True)}

    def _headings(self, slugs: dict[int, str], asked: list[int]) -> tuple[Heading, ...]:
        place = {index: n for n, index in enumerate(asked)}
        return tuple(
            Heading(
                level=node.block.number,
                text=node.bare.text,
                slug=slugs[id(node.block)],
                line=node.block.first,
                end_line=node.end_line,
                parent=node.parent,
                question=place.get(index),
                marker=node.bare.marker,
            )
            for index, node in enumerate(self._nodes)
        )

    def _other_anchors(self, blocks: Sequence[Block], slugs: dict[int, str]) -> dict[str, int]:
        found: dict[str, int] = {}
        tree = {id(node.block) for node in self._nodes}
        for block in (b for top in blocks for b in top.walk()):
            if block.kind is BlockKind.HEADING and id(block) not in tree:
                found.setdefault(slugs[id(block)], block.first)
            texts = [block.text] if block.kind is BlockKind.HTML else []
            texts += [s.text for s in block.inline if s.kind == "html"]
            for text in texts:
                for named in _NAMED.finditer(text):
                    line = block.first + text.count("\n", 0, named.start())
                    found.setdefault(named.group(1), line)
        return found


def _heads(blocks: Iterator[Block] | Sequence[Block]) -> Iterator[Block]:
    return (b for b in blocks if b.kind is BlockKind.HEADING)


def _comment_body(block: Block | None, word: str) -> str | None:
    """What stands in `<!--word … -->`, if the block is such a comment."""
    if block is None or block.kind is not BlockKind.HTML or not block.closed:
        return None
    opened = re.match(rf"\s*<!--\s*{word}(?=[\s-])", block.text)
    if opened is None:
        return None
    # Blank lines keep the place of what stands before, so that problems name the right line.
    lead = "\n" * block.text.count("\n", 0, opened.end())
    return lead + block.text[opened.end() : block.text.index("-->")]


def _language(text: str) -> str:
    han = len(_HAN.findall(text))
    if not han:
        return "en"
    return "zh" if han >= _CHINESE_SHARE * len(_LETTER.findall(text)) else "en"


def restyled(document: Document, style: Style) -> bool:
    """Whether a style remembered from graded cards would change how the document is read."""
    return document.style_from is StyleFrom.RECOGNISED and document.style is not style


