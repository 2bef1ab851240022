"""The Markdown tree that the parser reads and the renderer draws, as frozen values.

Knows the kinds of blocks and spans and nothing of how they are found (markdown.py) or what
they mean (parser.py). Lines are 1-based, inclusive, and those of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """Kinds of runs of text inside a block."""

    TEXT = "text"
    CODE = "code"
    FORMULA = "formula"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    STRIKE = "strike"
    LINK = "link"
    IMAGE = "image"
    SOFT_BREAK = "soft-break"
    HARD_BREAK = "hard-break"
    HTML = "html"
    """One inline tag or comment, as written."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text inside a block."""

    kind: SpanKind
    text: str = ""
    """TEXT, CODE, FORMULA (source without dollars), HTML: the characters. IMAGE: its alt text."""
    children: tuple[Inline, ...] = ()
    """EMPHASIS, STRONG, STRIKE, LINK."""
    target: str = ""
    """LINK and IMAGE: the address as written, before any decoding."""
    line: int = 0
    """Line of the file on which a LINK or IMAGE begins."""
    display: bool = False
    """FORMULA: written between double dollars."""


class BlockKind(StrEnum):
    """Kinds of blocks, the parts of lists and tables among them."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    FORMULA = "formula"
    HTML = "html"
    DETAILS = "details"
    RULE = "rule"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of Markdown with the lines it stands on, trailing blank lines excluded."""

    kind: BlockKind
    first: int
    last: int
    children: tuple[Block, ...] = ()
    """Lists: ITEMs. ITEM, QUOTE, DETAILS: blocks. TABLE: ROWs, the first is the header.
    ROW: CELLs."""
    inline: tuple[Inline, ...] = ()
    """HEADING, PARAGRAPH, CELL."""
    text: str = ""
    """CODE, FORMULA, HTML: the characters. DETAILS: the summary, plain."""
    info: str = ""
    """CODE: the language word(s) after the fence; of an indented block empty.
    CELL: `left`, `center`, `right` or empty."""
    number: int = 0
    """HEADING: its level, 1 to 6. NUMBERS: the first number. ITEM in NUMBERS: its own number."""
    checked: bool | None = None
    """ITEM: whether the box of a task is ticked; None where there is no box."""
    tight: bool = True
    """Lists: no blank lines between the items."""
    closed: bool = True
    """CODE: the fence ends. HTML comment, DETAILS: the end was found."""

    def walk(self) -> Iterator[Block]:
        """This block and everything below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def plain_text(spans: tuple[Inline, ...]) -> str:
    """What a reader sees: text, code, formula source, link text. No images, no HTML.

    Breaks inside a block become one space.
    """
    return "".join(_plain(span) for span in spans)


def _plain(span: Inline) -> str:
    match span.kind:
        case SpanKind.TEXT | SpanKind.CODE | SpanKind.FORMULA:
            return span.text
        case SpanKind.SOFT_BREAK | SpanKind.HARD_BREAK:
            return " "
        case SpanKind.IMAGE | SpanKind.HTML:
            return ""
        case _:
            return plain_text(span.children)
