"""Formulas as Anki's MathJax reads them.

Knows delimiters and the commands that do more than draw. Whether a formula is one was decided
when the note was read (formulas.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rlhf_qa.export.escape import verbatim

DOING: Final = frozenset(
    [
        "href",
        "url",
        "require",
        "class",
        "cssId",
        "style",
        "data",
        "includegraphics",
        "input",
        "unicode",
        "csname",
        "mmlToken",
        "bbox",  # takes any style, and a style may name a file
    ]
)
"""Commands that make links, attributes or files, or put a command together from letters."""

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|[\s\S]|$)|[{}]")
_DELIMITERS = frozenset({r"\(", r"\)", r"\[", r"\]", "\\"})


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as HTML."""

    html: str
    dropped: tuple[str, ...] = ()
    """Commands that were left out; their arguments stay."""


def formula(source: str, *, display: bool) -> Formula:
    """The formula between delimiters; as code, if its braces do not match.

    A formula whose braces are open would go on into the text behind it.
    """
    dropped: list[str] = []
    depth = lowest = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal depth, lowest
        sign = found.group()
        depth += (sign == "{") - (sign == "}")
        lowest = min(lowest, depth)
        if sign[1:] in DOING:
            dropped.append(sign)
            return ""
        return "" if sign in _DELIMITERS else sign

    body = verbatim(_TOKEN.sub(kept, source))
    if depth or lowest:
        return Formula(f"<code>{verbatim(source)}</code>")
    opened, closed = (r"\[", r"\]") if display else (r"\(", r"\)")
    return Formula(f"{opened}{body}{closed}", tuple(dropped))
