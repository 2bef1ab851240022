"""What the renderer gives out: lines of spans, each with a role instead of a style.

Knows no terminal, no colour and no width. Which style a role has is the face's own table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rlhf_qa.render.sanitize import SafeText


class Role(StrEnum):
    """What a span is. Where several apply, the innermost; inside a link always LINK."""

    TEXT = "text"
    QUESTION = "question"
    HEADING = "heading"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    STRIKE = "strike"
    CODE = "code"
    CODE_KEYWORD = "code-keyword"
    CODE_NAME = "code-name"
    CODE_STRING = "code-string"
    CODE_NUMBER = "code-number"
    CODE_COMMENT = "code-comment"
    FORMULA = "formula"
    LINK = "link"
    REFERENCE = "reference"
    """The number of a link: never on another line than the word before it."""
    DEEPER = "deeper"
    FOLD = "fold"
    """The summary of a `<details>`."""
    DIM = "dim"
    BAR = "bar"
    """The line beside a quote."""
    MARKER = "marker"
    """A bullet, a number, a box."""

    # Of the faces, not of Markdown.
    TITLE = "title"
    KEY = "key"
    """A key that may be pressed."""
    MATCH = "match"
    """Words that were searched for."""
    FOCUS = "focus"
    WARNING = "warning"
    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"
    NEW = "new"
    LEARNING = "learning"
    KNOWN = "known"
    DUE = "due"
    ASIDE = "aside"
    """Suspended, buried or unanswered."""


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one role."""

    text: SafeText
    role: Role = Role.TEXT
    target: int | None = None
    """The number of the link it belongs to, as shown."""
    whole: bool = False
    """It is not broken unless it is wider than a line. Formulas never are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a screen. Empty: a blank row."""

    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> SafeText:
        """All of it, without roles."""
        return SafeText("".join(span.text for span in self.spans))


@dataclass(frozen=True, slots=True)
class Rendered:
    """Lines, and where their numbered links lead."""

    lines: tuple[Line, ...]
    targets: tuple[str, ...] = ()
    """As written, in order of their numbers; the first has the number that was asked for."""
    folds: int = 0
    """How many folds there are, those inside closed ones included."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """The renderer's own signs, one cell each."""

    bullets: tuple[SafeText, ...]
    """By depth; the last for all below."""
    bar: SafeText
    deeper: SafeText
    rule: SafeText
    double_rule: SafeText
    column: SafeText
    crossing: SafeText
    low_heading: SafeText
    folded: SafeText
    unfolded: SafeText
    continued: SafeText
    """Before the rest of a line of code."""


UNICODE: Final = Symbols(
    bullets=(SafeText("•"), SafeText("◦"), SafeText("▪")),
    bar=SafeText("│"),
    deeper=SafeText("▌"),
    rule=SafeText("─"),
    double_rule=SafeText("═"),
    column=SafeText("│"),
    crossing=SafeText("┼"),
    low_heading=SafeText("▸"),
    folded=SafeText("▸"),
    unfolded=SafeText("▾"),
    continued=SafeText("↪"),
)
ASCII: Final = Symbols(
    bullets=(SafeText("*"), SafeText("-"), SafeText("+")),
    bar=SafeText("|"),
    deeper=SafeText("|"),
    rule=SafeText("-"),
    double_rule=SafeText("="),
    column=SafeText("|"),
    crossing=SafeText("+"),
    low_heading=SafeText(">"),
    folded=SafeText("+"),
    unfolded=SafeText("-"),
    continued=SafeText(">"),
)
