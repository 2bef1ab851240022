"""Text as identity sees it: what an author may change without asking something else.

Works on the plain text of headings and answers (text, code, formulas; no images, no HTML).
Every rule holds for one text alone, so that no other line of a note can change an id. Knows
nothing of cards or of the registry (identity.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

SEPARATOR: Final = "\x1f"
"""Joins the headings of a path key. White space to Python, hence never inside one of them."""

_DIGEST_BYTES = 8

_SELECTORS = frozenset(
    (*range(0x180B, 0x180E), 0x180F, 0x20E3, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)
_HASH_ALONE = re.compile(r"(?<![^\W\d_])#")
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")

_CHINESE_NUMBER = "[〇零一二三四五六七八九十百]{1,5}"
_MEASURES = (
    r"倍|[百千]?万|亿|小时|分钟|毫秒|秒|个?百分点|版|美元|[%×]"
    r"|(?:[xkmbt]|times|thousand|million|billion|trillion|percent|[mu]?s|seconds?"
    r"|minutes?|hours?|days?|[kmgt]i?b)(?![a-z0-9-])"
)
_NUMBERING = re.compile(
    rf"""
      (?:q(?:uestion)?|问题|题目)\s*[0-9]{{1,4}}(?:\s*(?:[:、)]|\.(?![0-9]))|(?=\s)|$)
    | [0-9]{{1,4}}(?:\.[0-9]{{1,4}})*(?:\.(?![0-9])|[)、])
    | \((?:[0-9]{{1,4}}|{_CHINESE_NUMBER})\)
    | {_CHINESE_NUMBER}[、.]
    | [1-9][0-9]?(?:\.[1-9][0-9]?)+(?=\s)(?!\s+(?:{_MEASURES}))
    """,
    re.VERBOSE,
)


class _Kept(dict[int, str | None]):
    """What `str.translate` makes of each character, found out once: itself or nothing."""

    def __missing__(self, code: int) -> str | None:
        kept = None if _is_dropped(code) else chr(code)
        self[code] = kept
        return kept


def _is_dropped(code: int) -> bool:
    char = chr(code)
    category = unicodedata.category(char)
    punctuation = category.startswith("P") and char != "#"
    return punctuation or category in {"So", "Sk", "Cf"} or code in _SELECTORS or char.isspace()


_KEPT = _Kept()


def normalise_heading(plain: str) -> str:
    """A heading without what may change freely: marker, number, width, case, spacing, marks.

    NFKC, case folded; leading symbols and numbering off, in either order and repeatedly; then
    punctuation, symbols and format characters dropped, but mathematical and currency signs
    kept, and a `#` after a letter (C++, C# and C are three things); then white space removed.
    If nothing is left, the NFKC text without white space.

    Numbering is `1.`, `1.2.`, `3)`, `3、`, `(3)`, `Q4:`, `一、`, `（二）`, `问题 5：`, `题目001:`,
    and a bare `1.2` before white space if it can number a section: parts from 1 to 99 without a
    leading zero, and no measure after it. So `0.5 as a rate`, `2.0 的变化` and `3.5 倍` keep
    theirs, as does every single bare number (`3 stages`). A measure wrongly taken for a section
    number costs little: two headings that differ in nothing else are told apart by their
    answers. A section number wrongly kept costs more: it changes all paths below it on each
    renumbering. Whether other headings of the note are numbered is not asked, for then adding
    one would change the ids of the others.
    """
    text = unicodedata.normalize("NFKC", plain)
    folded = text.casefold()
    return _essence(folded[_lead(folded) :]) or _without_space(text)


def path_key(trail: Sequence[str]) -> str:
    """The normalised headings of `trail`, outermost first, joined by `SEPARATOR`."""
    return SEPARATOR.join(normalise_heading(plain) for plain in trail)


def normalise_answer(plain: str) -> str:
    """An answer as `normalise_heading` makes it, but numbers at its beginning are content."""
    text = unicodedata.normalize("NFKC", plain)
    return _essence(text.casefold()) or _without_space(text)


def answer_digest(plain: str) -> str:
    """Hexadecimal BLAKE2b of 8 bytes of the whole normalised answer."""
    data = normalise_answer(plain).encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()


def _essence(folded: str) -> str:
    return _HASH_ALONE.sub("", folded).translate(_KEPT)


def _without_space(text: str) -> str:
    return "".join(text.split())


def _lead(folded: str) -> int:
    """Length of the symbols and numbering that `folded` opens with."""
    at = 0
    while True:
        symbols = _symbols_end(folded, at)
        number = _NUMBERING.match(folded, symbols)
        if number is None:
            return symbols
        at = number.end()


def _symbols_end(text: str, at: int) -> int:
    while at < len(text):
        keycap = _KEYCAP.match(text, at)
        if keycap:
            at = keycap.end()
        elif text[at] == "\N{LEFT RIGHT ARROW}" or _is_lead(text[at]):
            at += 1
        else:
            break
    return at


def _is_lead(char: str) -> bool:
    return not unicodedata.category(char).startswith("P") and _KEPT[ord(char)] is None
