"""Raw HTML of a note, cut down to a short list of tags that do nothing.

Works on strings; every tag that is opened is closed again in the same piece.
"""

from __future__ import annotations

import html
import re
from typing import Final

from rlhf_qa.export.escape import prose

INERT: Final = frozenset(
    [
        "details",
        "summary",
        "sub",
        "sup",
        "kbd",
        "b",
        "i",
        "em",
        "strong",
        "u",
        "s",
        "mark",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
_ALONE: Final = frozenset({"br"})
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>(?:[\s/][^<>]*)?)>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OPEN = re.compile(r"\sopen(?=[\s=/]|$)", re.IGNORECASE)
_COUNT = re.compile(r"\s(start|colspan|rowspan)\s*=\s*[\"']?([0-9]{1,4})\b", re.IGNORECASE)


class Tags:
    """The tags that are open in one piece of a field."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def read(self, source: str) -> str:
        """Raw HTML, text and tags; comments vanish, tags that are not on the list are text."""
        source = _COMMENT.sub("", source)
        out, at = [], 0
        for tag in _TAG.finditer(source):
            out += [_text(source[at : tag.start()]), self._tag(tag)]
            at = tag.end()
        return "".join(out) + _text(source[at:])

    def close(self) -> str:
        """The ends of all that is open."""
        closed = "".join(f"</{name}>" for name in reversed(self._open))
        self._open.clear()
        return closed

    def _tag(self, tag: re.Match[str]) -> str:
        name = tag["name"].lower()
        if name in _ALONE:
            return "<br>"
        if name not in INERT:
            return prose(tag.group())
        if not tag["end"]:
            self._open.append(name)
            return f"<{name}{_attributes(name, tag['rest'])}>"
        if name not in self._open:
            return ""
        closed = ""
        while self._open:
            last = self._open.pop()
            closed += f"</{last}>"
            if last == name:
                break
        return closed


def _text(source: str) -> str:
    return prose(html.unescape(source))


def _attributes(name: str, rest: str) -> str:
    opened = " open" if name == "details" and _OPEN.search(rest) else ""
    counts = {found[1].lower(): found[2] for found in _COUNT.finditer(rest)}
    return opened + "".join(f' {key}="{value}"' for key, value in sorted(counts.items()))
