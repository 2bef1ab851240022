"""What a link target says, before any file is looked at.

Pure: schemes, percent signs, `..` and anchors. Which file a path means, and whether it may be
opened, is library.py and files.py.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from rlhf_qa.messages import tr
from rlhf_qa.model import LinkKind

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+):")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
PAGES = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class Target:
    """A link target, taken apart."""

    kind: LinkKind
    path: str | None = None
    """Under the root, with `/`; None for a heading of the same document and for the web."""
    anchor: str | None = None
    """Percent-decoded once; None if there is none."""
    raw_anchor: str | None = None
    """As written."""
    reason: str = ""
    """REFUSED: why."""


def read_target(target: str, document: str) -> Target:
    """Where `target`, standing in the document at path `document` under the root, points."""
    scheme = _SCHEME.match(_INVISIBLE.sub("", target))
    if scheme:
        if scheme.group(1).casefold() in ("http", "https"):
            return Target(LinkKind.EXTERNAL)
        reason = tr("refused: scheme {scheme}", scheme=scheme.group(1))
        return Target(LinkKind.REFUSED, reason=reason)
    address, mark, fragment = target.partition("#")
    raw = fragment if mark else None
    anchor = unquote(fragment) if fragment else None
    path = unquote(address.partition("?")[0])
    if _CONTROL.search(path + (anchor or "")):
        return Target(LinkKind.REFUSED, reason=tr("refused: control character"))
    if not path:
        return Target(LinkKind.ANCHOR, None, anchor, raw)
    folder = "" if path.startswith("/") else posixpath.dirname(document)
    joined = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    if joined == ".." or joined.startswith("../"):
        return Target(LinkKind.REFUSED, reason=tr("refused: outside the content root"))
    suffix = posixpath.splitext(joined)[1].casefold()
    kind = LinkKind.ASSET if suffix and suffix not in PAGES else LinkKind.INTERNAL
    return Target(kind, joined, anchor, raw)


def host(address: str) -> str:
    """The host of a web address, for showing; empty if it has none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
