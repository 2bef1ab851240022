"""Our own signs in plain ASCII, each of the same width: for terminals and fonts that lack them.

Content stays as it is, but for the few signs that are ours as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rlhf_qa.render.lines import Line
from rlhf_qa.render.sanitize import SafeText

SIGNS: Final = {
    "·": "-",
    "›": ">",
    "…": "~",
    "≈": "~",
    "→": ">",
    "▲": "^",
    "▼": "v",
    "│": "|",
    "─": "-",
    "═": "=",
    "▸": ">",
    "▾": "v",
    "▌": "|",
    "•": "*",
    "✦": "*",
    "⚠": "!",
    "⚑": "!",
    "✎": "~",
    "✗": "x",
    "“": '"',
    "”": '"',
    "↓": "v",
    "↑": "^",
    "←": "<",
}
_TABLE: Final = str.maketrans(SIGNS)


def plain(line: Line) -> Line:
    """A line with our signs in ASCII."""
    return Line(
        tuple(replace(span, text=SafeText(span.text.translate(_TABLE))) for span in line.spans)
    )
