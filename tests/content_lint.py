"""What the rules for the question bank stand on: its files read, its text counted.

A rule is a function from texts to findings, `path:line: what is wrong, with the limit`. Rules of
cards are in content_lint_cards.py, rules of pages and files in content_lint_pages.py.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rich.cells import cell_len

from rlhf_qa.markdown import parse
from rlhf_qa.model import Document, Extract, Question
from rlhf_qa.parser import parse as read_document
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text

LANGUAGES = ("zh", "en")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
MARK = "\x01"
"""Stands for a formula or a code span where text is counted: each counts 1."""

_ZH_UNIT = re.compile(rf"[{HAN}]|[A-Za-z\u00c0-\u024f0-9]+|{MARK}")
_EN_WORD = re.compile(rf"[-'’]*[^\W_](?:[^\W_]|[-'’])*|{MARK}")
_LISTS = (BlockKind.BULLETS, BlockKind.NUMBERS)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """One file of the bank, read by the project's own parser."""

    path: str
    """Under the content folder, with `/`."""
    source: str
    document: Document
    blocks: tuple[Block, ...]

    @property
    def lang(self) -> str:
        return self.document.lang

    @property
    def name(self) -> str:
        """The id in its head: equal in both languages."""
        return self.document.metadata.id or ""

    @property
    def lines(self) -> list[str]:
        return self.source.split("\n")

    def at(self, line: int) -> str:
        return f"{self.path}:{line}"


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One question of a deck, with its answer as blocks."""

    text: Text
    question: Question
    answer: tuple[Block, ...]
    deeper: tuple[Block, ...]

    @property
    def id(self) -> str:
        return self.question.metadata.id or ""

    @property
    def at(self) -> str:
        return self.text.at(self.question.line)

    @property
    def is_main(self) -> bool:
        return self.question.depth == 0

    @property
    def bullets(self) -> tuple[Block, ...]:
        """The key points: items of the lists of the answer."""
        return tuple(
            item for block in self.answer if block.kind in _LISTS for item in block.children
        )

    @property
    def links(self) -> list[Inline]:
        return [s for s in spans((*self.answer, *self.deeper)) if s.kind is SpanKind.LINK]


def read(path: str, source: str) -> Text:
    return Text(path, source, read_document(source, path), parse(source))


def read_bank(folder: Path) -> tuple[Text, ...]:
    """Every document below the language folders of `folder`, in order of path."""
    return tuple(
        read(f"{lang}/{file.name}", file.read_bytes().decode("utf-8"))
        for lang in LANGUAGES
        for file in sorted((folder / lang).glob("*.md"))
    )


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated table with a header."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def decks(texts: Sequence[Text]) -> list[Text]:
    return [t for t in texts if t.path.endswith("_QA.md")]


def pages(texts: Sequence[Text]) -> list[Text]:
    return [t for t in texts if not t.path.endswith("_QA.md")]


def cards(texts: Sequence[Text]) -> list[Card]:
    return [card for text in decks(texts) for card in _cards_of(text)]


@cache
def _cards_of(text: Text) -> tuple[Card, ...]:
    return tuple(_card(text, question) for question in text.document.questions)


def _card(text: Text, question: Question) -> Card:
    answer = blocks_of(question.answer) if question.answer else ()
    deeper = tuple(b for note in question.deeper for b in blocks_of(note))
    return Card(text, question, answer, deeper)


def blocks_of(extract: Extract) -> tuple[Block, ...]:
    """The blocks of a part of a note, with the line numbers of its file."""
    numbers = [n for first, last in extract.lines for n in range(first, last + 1)]
    return parse(extract.markdown, numbers)


def spans(blocks: Sequence[Block]) -> Iterator[Inline]:
    """Every span of text, nested ones too, in order."""
    for top in blocks:
        for block in top.walk():
            for span in block.inline:
                yield from _walk(span)


def _walk(span: Inline) -> Iterator[Inline]:
    yield span
    for child in span.children:
        yield from _walk(child)


def pairs(texts: Sequence[Text]) -> list[tuple[Text, Text]]:
    """Texts of both languages with the same id, zh first."""
    english = {t.name: t for t in texts if t.lang == "en"}
    return [(t, english[t.name]) for t in texts if t.lang == "zh" and t.name in english]


def card_pairs(texts: Sequence[Text]) -> list[tuple[Card, Card]]:
    english = {c.id: c for c in cards(texts) if c.text.lang == "en"}
    chinese = (c for c in cards(texts) if c.text.lang == "zh")
    return [(c, english[c.id]) for c in chinese if c.id in english]


# Counting.


def units(text: str, lang: str) -> int:
    """Length as the style counts it: Chinese characters and Latin runs, or English words."""
    return len((_ZH_UNIT if lang == "zh" else _EN_WORD).findall(text))


def readable(inline: Sequence[Inline]) -> str:
    """Text as read, each formula and code span one mark."""
    return "".join(_readable(span) for span in inline)


def _readable(span: Inline) -> str:
    if span.kind in (SpanKind.FORMULA, SpanKind.CODE):
        return f" {MARK} "
    if span.children:
        return readable(span.children)
    return plain_text((span,))


def prose(blocks: Sequence[Block]) -> str:
    """The readable text of blocks, one line each."""
    return "\n".join(readable(b.inline) for top in blocks for b in top.walk() if b.inline)


def cells(inline: Sequence[Inline]) -> int:
    """Terminal cells of the text as read, a formula or a code span counted as 1."""
    return sum(_cells(span) for span in inline)


def _cells(span: Inline) -> int:
    if span.kind in (SpanKind.FORMULA, SpanKind.CODE):
        return 1
    return cells(span.children) if span.children else cell_len(plain_text((span,)))


_NAMED = re.compile(r"\\(?:mathrm|mathbb|text|operatorname|hat)(?=\{)")
_WORDS = re.compile(r"\\(log|exp|min|max)\b")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")


def formula_cells(source: str) -> int:
    """Cells of a formula drawn on one line: commands become one sign or their word."""
    flat = _WORDS.sub(r"\1", _NAMED.sub("", source))
    flat = _FRACTION.sub(r"(\1)/(\2)", flat)
    flat = re.sub(r"\\[A-Za-z]+|\\.", "x", flat)
    return cell_len(re.sub(r"[{}]", "", flat))


_ARXIV = re.compile(r"arXiv:(\S*?\d)(?!\d)(?=[\s,;)]|$)")
_OTHER_KEY = re.compile(r"\b((?:book|journal|workshop|blog|code):[^\s,;)]+)")


def citations(text: str) -> set[str]:
    """The source keys that a text of a page cites."""
    return {f"arxiv:{found}" for found in _ARXIV.findall(text)} | set(_OTHER_KEY.findall(text))


_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)*")


def numbers(text: str) -> set[str]:
    """Every number of a text, thousands separators off."""
    return {found.replace(",", "") for found in _NUMBER.findall(text)}


def is_displayed(block: Block) -> bool:
    """Whether a block is a formula on a line of its own."""
    if block.kind is BlockKind.FORMULA:
        return True
    return len(block.inline) == 1 and block.inline[0].display
