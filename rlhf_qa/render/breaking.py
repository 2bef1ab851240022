"""Where a line of prose may break: in Chinese nearly anywhere, in Latin at blanks.

Works on characters and offsets; knows no widths. `wrap` fills lines with what this finds.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import pairwise
from typing import Final, NamedTuple
from unicodedata import category

from rlhf_qa.render.lines import Role, Span

BREAKS_LONG_UNITS: Final = frozenset("/?&=#_-.")
"""After these an address or an identifier that is too long for a line is broken first."""

NO_START: Final = frozenset(
    "，。、；：？！…—～·）］｝」』】〕》〉〗”’々ー％ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
    ",.;:?!)]}/%‰°℃"
)
"""Never at the start of a line."""
NO_END: Final = frozenset("（［｛「『【〔《〈〖“‘([{")
"""Never at the end of a line."""
_CURRENCY = frozenset("$€£¥￥")
_QUOTES = frozenset("\"'")
_JOINERS = frozenset("\u200c\u200d")

_WIDE = (
    "\u2e80-\u2fff\u3001-\u312f\u3190-\u4dbf\u4e00-\ua4cf\uf900-\ufaff\ufe30-\ufe4f"
    "\uff01-\uff60\uffe0-\uffe6\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
_BLANK = " \u3000"
_LONGEST = 256
"""Characters of a unit, at most."""

_UNITS = re.compile(
    rf"(?P<space>[{_BLANK}]+)|(?P<sign>…+|—+)|(?P<wide>[{_WIDE}])|(?P<word>[^{_BLANK}…—{_WIDE}]+)"
)
_INNER = re.compile(r"(?<=[^\W\d_])[-/](?=[^\W\d_])")
_CHINESE = re.compile(f"[{_WIDE}]")


class Kind(Enum):
    """What a unit is made of."""

    SPACE = auto()
    WORD = auto()
    WIDE = auto()
    """One Chinese or Japanese character, or a full-width sign."""
    SIGN = auto()
    """A run of dashes or dots."""


class Unit(NamedTuple):
    """A piece of text that is not broken unless it is wider than a line: `text[start:end]`."""

    kind: Kind
    start: int
    end: int
    splits: bool = False
    """A line may break before it although nothing in the characters says so."""


_KINDS = {"space": Kind.SPACE, "word": Kind.WORD, "wide": Kind.WIDE, "sign": Kind.SIGN}


def units(spans: tuple[Span, ...]) -> list[Unit]:
    """The units of the text of `spans`, in order and without gaps.

    A formula is one unit; one that may be broken comes as several spans.
    """
    found: list[Unit] = []
    for text, start, whole in _runs(spans):
        if whole and text.strip():
            found.extend(_pieces(start, start + len(text)))
            continue
        for match in _UNITS.finditer(text):
            kind = _KINDS[match.lastgroup or "word"]
            begin, end = start + match.start(), start + match.end()
            if kind is Kind.WORD:
                found.extend(_split_word(match.group(), begin))
            else:
                found.append(Unit(kind, begin, end))
    return found


def _runs(spans: tuple[Span, ...]) -> list[tuple[str, int, bool]]:
    """Text that is cut into units together, where it begins, and whether it is one unit."""
    runs: list[tuple[str, int, bool]] = []
    at = 0
    pieces: list[str] = []
    for span in spans:
        if span.whole or span.role is Role.FORMULA:
            if pieces:
                text = "".join(pieces)
                runs.append((text, at - len(text), False))
                pieces = []
            runs.append((span.text, at, True))
        else:
            pieces.append(span.text)
        at += len(span.text)
    if pieces:
        text = "".join(pieces)
        runs.append((text, at - len(text), False))
    return runs


def _split_word(word: str, start: int) -> list[Unit]:
    """A word, cut after hyphens and slashes between letters; an address stays whole."""
    if word.isalnum() or "://" in word or len(word) > _LONGEST:
        return _pieces(start, start + len(word))
    cuts = [0, *(match.end() for match in _INNER.finditer(word)), len(word)]
    return [Unit(Kind.WORD, start + a, start + b, splits=a > 0) for a, b in pairwise(cuts)]


def _pieces(start: int, end: int) -> list[Unit]:
    """One unit, or a chain of them that holds together: what is measured stays short."""
    return [Unit(Kind.WORD, at, min(at + _LONGEST, end)) for at in range(start, end, _LONGEST)]


def may_break(text: str, before: Unit, after: Unit, *, spaced: bool, glued: bool) -> bool:
    """Whether a line may end with `before` and the next start with `after`.

    `spaced`: blanks stand between them. `glued`: `after` must stay with what is before it.
    """
    if glued or is_bad_edge(text, before.end, after.start):
        return False
    wide = Kind.WIDE in (before.kind, after.kind)
    return spaced or after.splits or wide or before.kind is Kind.SIGN


def is_bad_edge(text: str, end: int, start: int) -> bool:
    """Whether a line that ends before `end` or a next one that begins at `start` looks wrong."""
    last, first = text[end - 1], text[start]
    if first in NO_START or last in NO_END:
        return True
    if first in _QUOTES and not _opens(text, start):
        return True
    if last in _QUOTES and _opens(text, end - 1):
        return True
    if last in _CURRENCY and first.isdigit():
        return True
    return not first.isascii() and (category(first)[0] == "M" or first in _JOINERS)


def _opens(text: str, at: int) -> bool:
    """Whether the ASCII quotation mark at `at` opens rather than closes."""
    return at == 0 or text[at - 1] in NO_END or text[at - 1] in _BLANK


def is_chinese(char: str) -> bool:
    """Whether lines break beside this character without a blank."""
    return _CHINESE.match(char) is not None
