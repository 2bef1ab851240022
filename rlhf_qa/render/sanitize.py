"""The one boundary between text from outside and a terminal.

Only this module makes the type SafeText out of text nobody has checked. Knows code points, not
widths and not Markdown. What it leaves in: every visible character, LF in blocks, the two joiners
that emoji, Persian and Indic scripts need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, NewType
from unicodedata import category, east_asian_width

SafeText = NewType("SafeText", str)
"""Text that may go to a terminal: no control, bidi, tag or invisible character but LF, ZWJ, ZWNJ."""

MARKS_MOST: Final = 8
"""Combining marks kept on one base."""
RUN_MOST: Final = 4
"""A longer run of one control character becomes one sign and a count."""
TAB: Final = 4
"""Tab stops in blocks, in cells."""

_PLANE_ENDS = "".join(chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_C1 = "\x80-\x84\x86-\x9f"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_SURROGATES = "\ud800-\udfff"
_NONCHARACTERS = f"\ufdd0-\ufdef{_PLANE_ENDS}"
_SHOWN_AS_SIGN = f"{_C1}{_BIDI}{_SURROGATES}{_NONCHARACTERS}"
_INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_SELECTORS = "\ufe0e\ufe0f"
_BREAKS = "\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"

_DROPPED = re.compile(f"[{_INVISIBLE}{_SELECTORS}]+")
_SIGNED = re.compile(rf"([\x00-\x08\x0b-\x1f\x7f{_SHOWN_AS_SIGN}])\1*")
_TO_ESCAPE = re.compile(f"[\x7f{_SHOWN_AS_SIGN}{_INVISIBLE}{_BREAKS}]")
_ONE_LINE = dict.fromkeys(map(ord, f"\t\n{_BREAKS}"), " ")
_MANY_LINES = dict.fromkeys(map(ord, _BREAKS), " ")

_NO_MARKS = (
    "\x00-\u02ff\u0370-\u0482\u1e00-\u200b\u200e-\u20cf\u2100-\u2c5f\u2e80-\u3029\u3030-\u3098"
    "\u309b-\ua48f\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
    "\U0001f000-\U0001faff\U00020000-\U0003ffff"
)
"""Ranges without a combining mark: nearly all text is in them, and needs no look at each letter."""
_PERHAPS_PILED = re.compile(f"[^{_NO_MARKS}]{{{MARKS_MOST + 1}}}")


def clean(text: str) -> SafeText:
    """`text` on one line: LF and tab become a space each. Idempotent, at most 6 times as long."""
    return _clean(text.translate(_ONE_LINE))


def clean_block(text: str) -> SafeText:
    """`text` with its line feeds; tabs become spaces to the next stop. Idempotent."""
    cleaned = _clean(text.translate(_MANY_LINES))
    if "\t" not in cleaned:
        return cleaned
    return SafeText("\n".join(map(_without_tabs, cleaned.split("\n"))))


def escape_json(serialised: str) -> str:
    r"""JSON text that is harmless when a terminal shows it, and equal after parsing.

    What `clean` does not keep is written as `\uXXXX`; variation selectors stay as they are.
    """
    escaped = _TO_ESCAPE.sub(lambda found: _escape(found.group()), serialised)
    return _limit_marks(escaped, _escape)


def dump_json(value: Any) -> str:
    """`value` as JSON on one line, harmless when a terminal shows it.

    Raises:
        ValueError: a number that JSON has not: NaN or infinite.
    """
    return escape_json(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _clean(text: str) -> SafeText:
    if text.isascii() and text.isprintable():
        return SafeText(text)
    visible = _SIGNED.sub(_as_sign, _DROPPED.sub("", text))
    return SafeText(_limit_marks(visible, lambda _: ""))


def _as_sign(found: re.Match[str]) -> str:
    char, count = found.group(1), len(found.group())
    sign = _sign(ord(char))
    return sign * count if count <= RUN_MOST else f"{sign}×{count}"


def _sign(point: int) -> str:
    """What stands for a character that must not reach a terminal."""
    if point < 0x20:  # noqa: PLR2004 -- C0
        return chr(0x2400 + point)
    if point == 0x7F:  # noqa: PLR2004 -- DEL
        return "\u2421"
    if 0x202A <= point <= 0x2069:  # noqa: PLR2004 -- of the bidi controls
        return f"‹{point:04X}›"
    if 0xDC80 <= point <= 0xDCFF:  # noqa: PLR2004 -- a byte of a name that is not UTF-8
        return rf"\x{point - 0xDC00:02x}"
    return "\ufffd"


def _limit_marks(text: str, excess: Callable[[str], str]) -> str:
    if not _PERHAPS_PILED.search(text):
        return text
    out: list[str] = []
    marks = 0
    for char in text:
        if category(char)[0] == "M":
            marks += 1
        elif char not in _JOINERS:
            marks = 0
        out.append(char if marks <= MARKS_MOST or char in _JOINERS else excess(char))
    return "".join(out)


def _escape(char: str) -> str:
    return json.dumps(char)[1:-1]


def _without_tabs(row: str) -> str:
    """The row with blanks up to the next tab stop, wide characters counted as two."""
    head, *rest = row.split("\t")
    out, column = head, _columns(head)
    for piece in rest:
        blanks = TAB - column % TAB
        out += " " * blanks + piece
        column += blanks + _columns(piece)
    return out


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        2 if east_asian_width(c) in "WF" else category(c) not in ("Mn", "Me", "Mc", "Cf")
        for c in text
    )
