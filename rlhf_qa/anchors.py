r"""Anchors of headings, as Git hosts make them.

Works on the plain text of headings and knows nothing of documents. Verified against the anchors
that GitHub writes; the usual `\w` of regular expressions keeps and drops the wrong marks.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})
_ENCLOSED = (
    (0x24B6, 0x24E9),
    (0x1F130, 0x1F149),
    (0x1F150, 0x1F169),
    (0x1F170, 0x1F189),
)
"""Circled and squared letters: symbols by category, letters by property."""
_VARIATION = "\ufe0f"


def slug(plain: str) -> str:
    """The anchor of a heading whose plain text is `plain`, its outer blanks trimmed.

    Lower case; letters, marks, digits, letter numbers, connectors, `-` and the plain blank stay,
    each blank becoming `-`. May be empty.
    """
    return "".join(c for c in plain.lower() if c in " -" or _is_kept(c)).replace(" ", "-")


def number_slugs(plain: Iterable[str]) -> list[str]:
    """The anchors of all headings of one document, in order; repeats get `-1`, `-2` and so on.

    A number that an earlier anchor already has is skipped.
    """
    taken: dict[str, int] = {}
    found = []
    for text in plain:
        base = slug(text)
        anchor = base
        while anchor in taken:
            taken[base] += 1
            anchor = f"{base}-{taken[base]}"
        taken[anchor] = 0
        found.append(anchor)
    return found


def loosen(anchor: str) -> str:
    """What stays of an anchor when hyphens, emoji selectors and Unicode forms are forgotten.

    Two anchors equal in this are probably meant to be the same.
    """
    return unicodedata.normalize("NFC", anchor).replace("-", "").replace(_VARIATION, "")


def _is_kept(char: str) -> bool:
    if unicodedata.category(char) in _KEPT:
        return True
    return any(first <= ord(char) <= last for first, last in _ENCLOSED)
