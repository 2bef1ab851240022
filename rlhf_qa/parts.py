"""One question's own content, taken apart: prompt, answer, deeper notes, details, key points.

Knows what a quote, a `>>` and a `<details>` mean below a question. Works on blocks and source
lines; every part it gives out is the source text with the marks of its container taken off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rlhf_qa import headings
from rlhf_qa.markdown import References, parse
from rlhf_qa.model import Extract, KeyPoint, Lines, Link, LinkPlace, QuestionKind
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text

_QUOTE_MARK = re.compile(r" {0,3}>( |(\t))?")
_ITEM_MARK = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(\s+|$)")
_TAG = re.compile(r"<[^<>]*>")
_BETWEEN_LINKS = re.compile(r"[\s,;:.、，；。：|/&+·()\[\]-]*")
_LISTS = (BlockKind.BULLETS, BlockKind.NUMBERS)


@dataclass(frozen=True, slots=True)
class Parts:
    """What lies under a heading that asks."""

    kind: QuestionKind = QuestionKind.UNANSWERED
    prompt: Extract | None = None
    answer: Extract | None = None
    key_points: tuple[KeyPoint, ...] = ()
    deeper: tuple[Extract, ...] = ()
    details: Extract | None = None
    links: tuple[Link, ...] = ()
    plain_answer: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part before it is written out: its lines with their marks off, and its blocks."""

    text: tuple[tuple[int, str], ...] = ()
    blocks: tuple[Block, ...] = ()

    def __add__(self, other: _Piece) -> _Piece:
        return _Piece(self.text + other.text, self.blocks + other.blocks)

    @property
    def is_blank(self) -> bool:
        return not any(row.strip() for _, row in self.text)


def take_apart(own: Sequence[Block], rows: Sequence[str], references: References) -> Parts:
    """The parts of the own content `own`; `rows[n - 1]` is line n of the file."""
    return _Reader(rows, references).read(own)


def is_inert(block: Block) -> bool:
    """Whether a block is content that answers nothing: images alone, links to `#…` alone."""
    if block.kind is BlockKind.PARAGRAPH:
        spans = [s for s in block.inline if s.kind is not SpanKind.SOFT_BREAK]
        return bool(spans) and all(
            s.kind is SpanKind.IMAGE or (s.kind is SpanKind.TEXT and not s.text.strip())
            for s in spans
        )
    return block.kind in _LISTS and _is_contents(block)


def begins_with_quote(own: Sequence[Block]) -> bool:
    first = next((b for b in own if not is_inert(b)), None)
    return first is not None and first.kind is BlockKind.QUOTE


def links_in(blocks: Iterable[Block], place: LinkPlace) -> Iterator[Link]:
    for block in blocks:
        for inner in block.walk():
            for span in _links(inner.inline):
                yield Link(plain_text(span.children), span.target, span.line, place)


class _Reader:
    """The source and link definitions that every step below needs."""

    def __init__(self, rows: Sequence[str], references: References) -> None:
        self._rows = rows
        self._references = references

    def read(self, own: Sequence[Block]) -> Parts:
        if not any(not is_inert(b) for b in own):
            return Parts()
        hidden = self._hidden_answer(own)
        if hidden is not None:
            prompt, answer, rest = hidden
            return self._assemble(QuestionKind.ANSWER, prompt, answer, (), rest)
        at = next((n for n, b in enumerate(own) if _is_choice(b)), None)
        if at is not None:
            return self._choice(own, at)
        return self._plain(own)

    def _plain(self, own: Sequence[Block]) -> Parts:
        answer, deeper, rest = self._answer(own)
        return self._assemble(QuestionKind.ANSWER, _Piece(), answer, deeper, rest)

    def _hidden_answer(self, own: Sequence[Block]) -> tuple[_Piece, _Piece, _Piece] | None:
        """Prompt, answer and rest, where the answer is folded away in a `<details>`."""
        for at, block in enumerate(own):
            if block.kind is not BlockKind.DETAILS or not block.closed:
                continue
            if headings.is_answer_label(block.text) or len(own) == 1:
                inside = self._whole(block.children)
                return self._whole(own[:at]), inside, self._whole(own[at + 1 :])
        return None

    def _choice(self, own: Sequence[Block], at: int) -> Parts:
        prompt = self._whole(own[: at + 1])
        blank = _Piece(
            tuple((line, re.sub(r"\[[xX]\]", "[ ]", row, count=1)) for line, row in prompt.text),
            prompt.blocks,
        )
        checked = tuple(item for item in own[at].children if item.checked)
        answer = _Piece(
            tuple(self._source(checked)),
            (Block(own[at].kind, own[at].first, own[at].last, checked),),
        )
        after, deeper, rest = self._answer(own[at + 1 :])
        return self._assemble(QuestionKind.CHOICE, blank, answer + after, deeper, rest)

    def _answer(self, own: Sequence[Block]) -> tuple[_Piece, tuple[_Piece, ...], _Piece]:
        """Answer, deeper notes and details."""
        quotes = [b for b in own if b.kind is BlockKind.QUOTE]
        split = {id(q): self._split_quote(q) for q in quotes}
        deeper = tuple(note for q in quotes for note in split[id(q)][1])
        others = [b for b in own if b.kind is not BlockKind.QUOTE]
        said = _joined(split[id(q)][0] for q in quotes)
        if begins_with_quote(own) and not said.is_blank:
            return said, deeper, self._whole(others)
        if begins_with_quote(own) and not others:
            return _joined(deeper), (), _Piece()
        return self._whole(own, less=deeper), deeper, _Piece()

    # Source lines of blocks, and of quotes.

    def _source(self, blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
        for block in blocks:
            for line in range(block.first, block.last + 1):
                yield line, self._rows[line - 1]

    def _whole(self, blocks: Sequence[Block], less: Sequence[_Piece] = ()) -> _Piece:
        """Blocks as they stand, without the lines of the deeper notes `less`."""
        gone = {line for note in less for line, _ in note.text}
        text = [(line, row) for line, row in self._source(blocks) if line not in gone]
        if not gone:
            return _Piece(tuple(text), tuple(blocks))
        return self._reread(text)

    def _reread(self, text: Sequence[tuple[int, str]]) -> _Piece:
        """A piece whose blocks changed when lines were taken out of it."""
        source = "\n".join(row for _, row in text)
        blocks = parse(source, [line for line, _ in text], self._references) if text else ()
        return _Piece(tuple(text), blocks)

    def _split_quote(self, quote: Block) -> tuple[_Piece, list[_Piece]]:
        """What a quote says itself, and the deeper notes in it.

        Markdown takes the line `> c` after `>> b` for a continuation of the inner quote. Its
        author did not: a line belongs as deep as its own marks say. A line without a mark
        continues what stands before it.
        """
        nested = [b for b in quote.children if b.kind is BlockKind.QUOTE]
        inner = {n for b in nested for n in range(b.first, b.last + 1)}
        said: list[tuple[int, str]] = []
        notes: list[list[tuple[int, str]]] = []
        swallowed = False
        for line in range(quote.first, quote.last + 1):
            depth, row = _unquote(self._rows[line - 1], 2 if line in inner else 1)
            in_note = bool(notes) and bool(notes[-1]) and notes[-1][-1][0] == line - 1
            if line in inner and (depth == 2 or (depth == 0 and in_note)):  # noqa: PLR2004 -- `>>`
                if not in_note or any(b.first == line for b in nested):
                    notes.append([])
                notes[-1].append((line, row))
            else:
                swallowed = swallowed or line in inner
                said.append((line, row))
        own = tuple(b for b in quote.children if b.kind is not BlockKind.QUOTE)
        if swallowed:
            return self._reread(_trimmed(said)), [self._reread(_trimmed(note)) for note in notes]
        pieces = [
            _Piece(_trimmed(note), block.children)
            for note, block in zip(notes, nested, strict=True)
        ]
        return _Piece(_trimmed(said), own), pieces

    # Writing out.

    def _assemble(
        self,
        kind: QuestionKind,
        prompt: _Piece,
        answer: _Piece,
        deeper: tuple[_Piece, ...],
        details: _Piece,
    ) -> Parts:
        if answer.is_blank:
            kind = QuestionKind.UNANSWERED
        elif kind is QuestionKind.ANSWER and _is_links_only(answer.blocks):
            kind = QuestionKind.LINK_ONLY
        links = [
            *links_in(prompt.blocks, LinkPlace.PROMPT),
            *links_in(answer.blocks, LinkPlace.ANSWER),
            *(link for note in deeper for link in links_in(note.blocks, LinkPlace.DEEPER)),
            *links_in(details.blocks, LinkPlace.DETAILS),
        ]
        return Parts(
            kind=kind,
            prompt=self._extract(prompt),
            answer=self._extract(answer),
            key_points=tuple(_key_points(answer)),
            deeper=tuple(e for note in deeper if (e := self._extract(note)) is not None),
            details=self._extract(details),
            links=tuple(sorted(links, key=lambda link: link.line)),
            plain_answer=_plain((*answer.blocks, *details.blocks)),
        )

    def _extract(self, piece: _Piece) -> Extract | None:
        """The piece with blank lines between its blocks, so that they stay apart when joined."""
        if piece.is_blank:
            return None
        text = dict(piece.text)
        lines = sorted(text)
        for before, after in zip(lines, lines[1:], strict=False):
            gap = range(before + 1, after)
            blank = [n for n in gap if not self._rows[n - 1].strip()]
            if gap and gap[0] in blank:
                text.update({n: "" for n in (gap if len(blank) == len(gap) else gap[:1])})
        ordered = sorted(text.items())
        return Extract("\n".join(row for _, row in ordered), _ranges(text))


def _joined(pieces: Iterable[_Piece]) -> _Piece:
    total = _Piece()
    for piece in pieces:
        total += piece
    return total


def _trimmed(text: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Without blank lines at either end."""
    solid = [n for n, (_, row) in enumerate(text) if row.strip()]
    return tuple(text[solid[0] : solid[-1] + 1]) if solid else ()


def _unquote(row: str, most: int) -> tuple[int, str]:
    """How many quote marks a line opens with, up to `most`, and the line without them."""
    depth = 0
    while depth < most and (mark := _QUOTE_MARK.match(row)):
        row = ("  " if mark.group(2) else "") + row[mark.end() :]
        depth += 1
    return depth, row


def _ranges(lines: Iterable[int]) -> Lines:
    ranges: list[tuple[int, int]] = []
    for line in sorted(lines):
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1] = (ranges[-1][0], line)
        else:
            ranges.append((line, line))
    return tuple(ranges)


def _is_choice(block: Block) -> bool:
    boxes = [item.checked for item in block.children if item.checked is not None]
    return block.kind in _LISTS and len(boxes) > 1 and any(boxes)


def _is_contents(block: Block) -> bool:
    """Whether a list is a table of contents: every text in it is a link to `#…`."""
    spans = [s for b in block.walk() for s in b.inline if s.kind is not SpanKind.SOFT_BREAK]
    leaves = all(b.kind in (*_LISTS, BlockKind.ITEM, BlockKind.PARAGRAPH) for b in block.walk())
    return (
        leaves
        and bool(spans)
        and all(
            (s.kind is SpanKind.LINK and s.target.startswith("#")) or not plain_text((s,)).strip()
            for s in spans
        )
    )


def _links(spans: Iterable[Inline]) -> Iterator[Inline]:
    for span in spans:
        if span.kind is SpanKind.LINK:
            yield span
        elif span.children:
            yield from _links(span.children)


def _is_links_only(blocks: Sequence[Block]) -> bool:
    allowed = (*_LISTS, BlockKind.ITEM, BlockKind.PARAGRAPH)
    every = [inner for block in blocks for inner in block.walk()]
    if not all(b.kind in allowed for b in every):
        return False
    spans = [span for b in every for span in b.inline]
    beside = "".join(_beside_links(spans))
    found = any(True for _ in _links(spans))
    return found and _BETWEEN_LINKS.fullmatch(beside) is not None


def _beside_links(spans: Iterable[Inline]) -> Iterator[str]:
    for span in spans:
        if span.kind in (SpanKind.EMPHASIS, SpanKind.STRONG, SpanKind.STRIKE):
            yield from _beside_links(span.children)
        elif span.kind is not SpanKind.LINK:
            yield plain_text((span,))


def _key_points(answer: _Piece) -> Iterator[KeyPoint]:
    rows = dict(answer.text)
    for block in answer.blocks:
        for item in block.children if block.kind in _LISTS else ():
            lines = [n for n in range(item.first, item.last + 1) if n in rows]
            if lines:
                markdown = _without_bullet([rows[n] for n in lines])
                yield KeyPoint(_label(item) or markdown.split("\n")[0], markdown, _ranges(lines))


def _without_bullet(rows: list[str]) -> str:
    mark = _ITEM_MARK.match(rows[0])
    if mark is None:
        return "\n".join(rows)
    blanks = len(mark.group(1).expandtabs())
    most = 4  # more blanks after the bullet begin a code block, and belong to it
    indent = mark.end(1) - (len(mark.group(1)) - 1 if blanks > most else 0)
    width = len(rows[0][:indent].expandtabs(4))
    rest = (_dedent(row, width) for row in rows[1:])
    return "\n".join([rows[0][indent:], *rest])


def _dedent(row: str, width: int) -> str:
    blanks = len(row) - len(row.lstrip(" "))
    return row[min(blanks, width) :]


def _label(item: Block) -> str:
    paragraph = next((b for b in item.children if b.kind is BlockKind.PARAGRAPH), None)
    if paragraph is None:
        return ""
    bold = [plain_text(s.children).strip() for s in _strong(paragraph.inline)]
    spans = [s for s in paragraph.inline if plain_text((s,)).strip()]
    if spans and spans[0].kind is SpanKind.STRONG:
        return bold[0]
    return " · ".join(b for b in bold if b) or plain_text(paragraph.inline).strip()


def _strong(spans: Iterable[Inline]) -> Iterator[Inline]:
    for span in spans:
        if span.kind is SpanKind.STRONG:
            yield span
        elif span.children:
            yield from _strong(span.children)


def _plain(blocks: Iterable[Block]) -> str:
    return "\n".join(filter(None, (_plain_block(b) for top in blocks for b in top.walk())))


_PLAIN: dict[BlockKind, Callable[[Block], str]] = {
    BlockKind.HTML: lambda block: _TAG.sub("", block.text).strip(),
    BlockKind.CODE: lambda block: block.text.strip("\n"),
    BlockKind.FORMULA: lambda block: block.text.strip(),
    BlockKind.DETAILS: lambda block: block.text,
}


def _plain_block(block: Block) -> str:
    return _PLAIN.get(block.kind, lambda b: plain_text(b.inline).strip())(block)
