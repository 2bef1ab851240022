"""One question's own content, taken apart: prompt, answer, deeper notes, details, key points.

Knows what a quote, a `>>` and a `<details>` mean below a question. Works on blocks and source
lines; every part it gives out is the source text with the marks of its container taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from rlhf_qa import headings
from rlhf_qa.keypoints import key_points
from rlhf_qa.lines import as_ranges, without_quote_marks
from rlhf_qa.markdown import References, parse
from rlhf_qa.model import Extract, KeyPoint, Link, LinkPlace, QuestionKind
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text

_TICK = re.compile(r"\[[xX]\]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_BETWEEN_LINKS = re.compile(r"[\s,;:.、，；。：|/&+·()\[\]-]*")
_LISTS = (BlockKind.BULLETS, BlockKind.NUMBERS)
_NOTE: Final = 2
"""Quote marks of a deeper note."""


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

    @property
    def is_blank(self) -> bool:
        return not any(row.strip() for _, row in self.text)

    @property
    def says_nothing(self) -> bool:
        """Whether it holds no words: images, comments, link definitions alone."""
        return all(is_inert(b) or _is_silent(b) for b in self.blocks)


_NOTHING: Final = _Piece()


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
    """Whether own content opens with a quote, what answers nothing aside."""
    first = next((b for b in own if not is_inert(b)), None)
    return first is not None and first.kind is BlockKind.QUOTE


def links_in(blocks: Iterable[Block], place: LinkPlace) -> Iterator[Link]:
    """Every link in the blocks and below them, as one that stands in `place`."""
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
        if all(is_inert(b) for b in own):
            return Parts()
        folded = self._folded_answer(own)
        if folded is not None:
            return folded
        at = next((n for n, b in enumerate(own) if _is_choice(b)), None)
        if at is not None and not any(b.kind is BlockKind.QUOTE for b in own[:at]):
            return self._choice(own, at)
        return self._assemble(QuestionKind.ANSWER, _Piece(), *self._answer(own))

    def _folded_answer(self, own: Sequence[Block]) -> Parts | None:
        """The parts, where the answer is folded away in a `<details>`."""
        for at, block in enumerate(own):
            if block.kind is not BlockKind.DETAILS or not block.closed:
                continue
            if headings.is_answer_label(block.text) or len(own) == 1:
                answer, deeper, rest = self._answer(block.children)
                after = _joined((rest, self._whole(own[at + 1 :])))
                before = self._whole(own[:at])
                return self._assemble(QuestionKind.ANSWER, before, answer, deeper, after)
        return None

    def _choice(self, own: Sequence[Block], at: int) -> Parts:
        options = own[at]
        checked = tuple(item for item in options.children if item.checked)
        ticked = {item.first for item in checked}
        prompt = self._whole(own[: at + 1])
        unticked = tuple(
            (line, _TICK.sub("[ ]", row, count=1) if line in ticked else row)
            for line, row in prompt.text
        )
        chosen = _Piece(
            tuple(self._source(checked)),
            (Block(options.kind, options.first, options.last, checked),),
        )
        after, deeper, rest = self._answer(own[at + 1 :])
        return self._assemble(
            QuestionKind.CHOICE,
            _Piece(unticked, prompt.blocks),
            _joined((chosen, after)),
            deeper,
            rest,
        )

    def _answer(self, own: Sequence[Block]) -> tuple[_Piece, tuple[_Piece, ...], _Piece]:
        """Answer, deeper notes and details."""
        split = [self._split_quote(b) for b in own if b.kind is BlockKind.QUOTE]
        deeper = tuple(note for _, notes in split for note in notes)
        if begins_with_quote(own):
            said = _joined(piece for piece, _ in split)
            others = self._whole([b for b in own if b.kind is not BlockKind.QUOTE])
            if not said.says_nothing:
                return said, deeper, others
            if others.says_nothing:
                return _joined(deeper), (), _joined((said, others))
        return self._whole(own, less=deeper), deeper, _Piece()

    # Source lines of blocks, and of quotes.

    def _source(self, blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
        """The lines of blocks, each once: blocks of raw HTML may share one."""
        done = 0
        for block in blocks:
            for line in range(max(block.first, done + 1), block.last + 1):
                yield line, self._rows[line - 1]
            done = max(done, block.last)

    def _whole(self, blocks: Sequence[Block], less: Sequence[_Piece] = ()) -> _Piece:
        """Blocks as they stand, without the lines of the deeper notes `less`."""
        gone = {line for note in less for line, _ in note.text}
        text = tuple((line, row) for line, row in self._source(blocks) if line not in gone)
        return self._reread(text) if gone else _Piece(text, tuple(blocks))

    def _reread(self, text: tuple[tuple[int, str], ...]) -> _Piece:
        """A piece whose blocks changed when lines were taken out of it."""
        source = "\n".join(row for _, row in text)
        blocks = parse(source, [line for line, _ in text], self._references) if text else ()
        return _Piece(text, blocks)

    def _split_quote(self, quote: Block) -> tuple[_Piece, list[_Piece]]:
        """What a quote says itself, and the deeper notes in it.

        Markdown takes the line `> c` after `>> b` for a continuation of the inner quote. Its
        author did not: a line belongs as deep as its own marks say. A line without a mark
        continues what stands before it.
        """
        nested = [b for b in quote.children if b.kind is BlockKind.QUOTE]
        starts = {b.first for b in nested}
        inner = {n for b in nested for n in range(b.first, b.last + 1)}
        said: list[tuple[int, str]] = []
        notes: list[list[tuple[int, str]]] = []
        swallowed = False
        for line in range(quote.first, quote.last + 1):
            most = _NOTE if line in inner else 1
            depth, row = without_quote_marks(self._rows[line - 1], most)
            goes_on = bool(notes) and notes[-1][-1][0] == line - 1
            if line in inner and (depth == _NOTE or (depth == 0 and goes_on)):
                if not goes_on or line in starts:
                    notes.append([])
                notes[-1].append((line, row))
            else:
                swallowed = swallowed or line in inner
                said.append((line, row))
        if swallowed:
            return self._reread(_trimmed(said)), [self._reread(_trimmed(note)) for note in notes]
        pieces = [
            _Piece(_trimmed(note), block.children)
            for note, block in zip(notes, nested, strict=True)
        ]
        own = tuple(b for b in quote.children if b.kind is not BlockKind.QUOTE)
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
        if answer.says_nothing:
            kind, answer, details = QuestionKind.UNANSWERED, _NOTHING, _joined((answer, details))
        elif kind is QuestionKind.ANSWER and _is_links_only(answer.blocks):
            kind = QuestionKind.LINK_ONLY
        return Parts(
            kind=kind,
            prompt=self._extract(prompt),
            answer=self._extract(answer),
            key_points=tuple(key_points(answer.blocks, dict(answer.text))),
            deeper=tuple(e for note in deeper if (e := self._extract(note)) is not None),
            details=self._extract(details),
            links=_links_of(prompt, answer, deeper, details),
            plain_answer=_plain((*answer.blocks, *details.blocks)),
        )

    def _extract(self, piece: _Piece) -> Extract | None:
        """The piece with the blank lines between its parts, so that joining keeps them apart."""
        if piece.is_blank:
            return None
        text = dict(sorted(piece.text))
        for before, after in pairwise(list(text)):
            blank = [n for n in range(before + 1, after) if not self._rows[n - 1].strip()]
            between = blank if len(blank) == after - before - 1 else blank[:1]
            text.update(dict.fromkeys(between, ""))
        ordered = sorted(text.items())
        return Extract("\n".join(row for _, row in ordered), as_ranges(text))


def _joined(pieces: Iterable[_Piece]) -> _Piece:
    kept = list(pieces)
    return _Piece(
        tuple(chain.from_iterable(piece.text for piece in kept)),
        tuple(chain.from_iterable(piece.blocks for piece in kept)),
    )


def _trimmed(text: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Without blank lines at either end."""
    solid = [n for n, (_, row) in enumerate(text) if row.strip()]
    return tuple(text[solid[0] : solid[-1] + 1]) if solid else ()


def _links_of(
    prompt: _Piece,
    answer: _Piece = _NOTHING,
    deeper: Iterable[_Piece] = (),
    details: _Piece = _NOTHING,
) -> tuple[Link, ...]:
    found = [
        *links_in(prompt.blocks, LinkPlace.PROMPT),
        *links_in(answer.blocks, LinkPlace.ANSWER),
        *(link for note in deeper for link in links_in(note.blocks, LinkPlace.DEEPER)),
        *links_in(details.blocks, LinkPlace.DETAILS),
    ]
    return tuple(sorted(found, key=lambda link: link.line))


def _is_silent(block: Block) -> bool:
    """Whether a block is but a comment, a rule or the start of a `<details>` without end."""
    if block.kind is BlockKind.DETAILS:
        return not block.closed
    if block.kind is BlockKind.HTML:
        return not _COMMENT.sub("", block.text).strip()
    return block.kind is BlockKind.RULE


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


def _plain(blocks: Iterable[Block]) -> str:
    return "\n".join(filter(None, (_plain_block(b) for top in blocks for b in top.walk())))


def _plain_block(block: Block) -> str:
    match block.kind:
        case BlockKind.HTML:
            return _TAG.sub("", _COMMENT.sub("", block.text)).strip()
        case BlockKind.CODE | BlockKind.FORMULA | BlockKind.DETAILS:
            return block.text.strip()
        case _:
            return plain_text(block.inline).strip()
