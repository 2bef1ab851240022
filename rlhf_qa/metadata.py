"""What front matter, info comments and card comments say: YAML in, checked fields out.

Reads the syntax tree of YAML only and builds no objects from it, so nothing in a note can ask
for more than text. Anything odd is one problem at its line; what is well formed still counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rlhf_qa.limits import METADATA_BYTES
from rlhf_qa.messages import mark
from rlhf_qa.model import CardMetadata, Code, DocumentMetadata, Level, Problem, Style

if TYPE_CHECKING:
    from yaml import Node

Fields: TypeAlias = Mapping[str, Any]
"""Fields of `DocumentMetadata` or `CardMetadata` that were given, by name."""

_TAG: Final = "tag:yaml.org,2002:"
_TRUE = frozenset({"true", "yes", "on"})
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,5})")
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_CARD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DECK_ID_LENGTH = 256
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_LEVELS: Final = {
    **{level.value: level for level in Level},
    **{level.value[0]: level for level in Level},
}


class _WrongValueError(Exception):
    """A value of the wrong type or range; the message says of `{name}` what to write."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.values = message, values


def read_document(text: str, first_line: int) -> tuple[Fields, list[Problem]]:
    """The document fields in the YAML `text`, which begins on line `first_line` of the file."""
    return _Reader(first_line).read(text, _DOCUMENT)


def merge(front: Fields, info: Fields) -> DocumentMetadata:
    """The metadata of a document; front matter wins where both give a field."""
    return replace(DocumentMetadata(), **{**info, **front})


def read_card(
    text: str, first_line: int, defaults: DocumentMetadata
) -> tuple[CardMetadata, list[Problem]]:
    """The card fields in the YAML `text`; tags and level default to the document's."""
    fields, problems = _Reader(first_line).read(text, _CARD, only_these=True)
    card = CardMetadata(tags=defaults.tags, level=defaults.level)
    return replace(card, **fields), problems


class _Reader:
    """One YAML text and the problems found in it."""

    def __init__(self, first_line: int) -> None:
        self._first_line = first_line
        self._last_line = first_line
        self._problems: list[Problem] = []

    def read(
        self, text: str, known: Mapping[str, _Field], *, only_these: bool = False
    ) -> tuple[Fields, list[Problem]]:
        self._last_line = self._first_line + text.count("\n")
        if not text.strip():
            return {}, []
        if len(text.encode("utf-8", "surrogatepass")) > METADATA_BYTES:
            message = mark("metadata over {size} KiB is not read: shorten it")
            self._warn(0, message, size=str(METADATA_BYTES // 1024))
            return {}, self._problems
        node = self._compose(text)
        if node is None:
            return {}, self._problems
        if node.tag != _TAG + "map":
            message = mark("not metadata: write lines of `field: value`")
            self._warn(node.start_mark.line, message)
            return {}, self._problems
        return self._fields(node, known, only_these=only_these), self._problems

    def _compose(self, text: str) -> Node | None:
        """The root of the syntax tree; None if there is none, or it is broken."""
        import yaml  # noqa: PLC0415 -- most notes have no metadata

        try:
            # Aliases make a short text into a huge tree, so they are met before it is built.
            for event in yaml.parse(text, yaml.SafeLoader) if "&" in text or "*" in text else ():
                if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                    line = event.start_mark.line if event.start_mark else 0
                    self._warn(line, mark("anchors and aliases are not read: write values out"))
                    return None
            return yaml.compose(text, yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            place = error.problem_mark or error.context_mark
            line = place.line if place else 0
            what = error.problem or error.context
            if what:
                self._warn(line, mark("metadata is not YAML: {problem}"), problem=what)
            else:
                self._warn(line, mark("metadata is not YAML: cannot be read"))
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position)
            self._warn(line, mark("metadata holds a character that YAML forbids: remove it"))
        except (yaml.YAMLError, ValueError, OverflowError):
            self._warn(0, mark("metadata is not YAML: check quotes, colons and blanks"))
        except RecursionError:
            self._warn(0, mark("metadata is nested too deep: write it flat"))
        return None

    def _fields(
        self, node: Node, known: Mapping[str, _Field], *, only_these: bool
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        met: set[str] = set()
        for key, value in node.value:
            name, line = _text_of(key), key.start_mark.line
            if key.tag == _TAG + "merge":
                self._warn(line, mark("merge keys are not read: write the fields out"))
            elif name in met:
                self._warn(line, mark("{name} is given twice: the first counts"), name=name)
            elif name in known:
                met.add(name)
                found.update(self._value(name, value, known[name]))
            elif only_these:
                self._unknown(line, name, known)
        return found

    def _value(self, name: str, node: Node, read: _Field) -> Fields:
        if node.tag == _TAG + "null":
            return {}
        try:
            return read(name, node)
        except _WrongValueError as error:
            self._warn(node.start_mark.line, error.message, name=name, **error.values)
            return {}

    def _unknown(self, line: int, name: str, known: Mapping[str, _Field]) -> None:
        near = get_close_matches(name.casefold(), known, n=1, cutoff=0.5)
        if near:
            message, hint = mark("unknown field {name}: is {near} meant?"), {"near": near[0]}
        else:
            message, hint = mark("unknown field {name}: known are {known}"), {}
            hint["known"] = ", ".join(known)
        self._add(Code.UNKNOWN_KEY, line, message, {"name": repr(name), **hint})

    def _warn(self, line: int, message: str, **values: str) -> None:
        self._add(Code.BAD_METADATA, line, message, values)

    def _add(self, code: Code, line: int, message: str, values: Mapping[str, str]) -> None:
        # YAML ends lines at more characters than a note does.
        place = min(self._first_line + line, self._last_line)
        self._problems.append(Problem(code, place, message, values=values))


_Field: TypeAlias = Callable[[str, "Node"], Fields]
"""Reads the value of one key into fields; raises `_WrongValueError`."""


def _text_of(node: Node) -> str:
    return node.value if isinstance(node.value, str) else "?"


def _string(node: Node) -> str:
    """The text of a scalar that YAML takes for text."""
    if not isinstance(node.value, str):
        raise _WrongValueError(mark("{name} is not read: write one text"))
    if node.tag != _TAG + "str":
        message = mark(
            '{name} is not read: YAML reads {value} as something else: quote it, "{value}"'
        )
        raise _WrongValueError(message, value=node.value)
    return node.value.strip()


def _text(name: str, node: Node) -> Fields:
    value = _string(node)
    return {name: value} if value else {}


def _any_scalar(name: str, node: Node) -> Fields:
    """A date in whatever form; anything else is left out in silence."""
    return {name: node.value.strip()} if isinstance(node.value, str) else {}


def _flag(name: str, node: Node) -> Fields:
    if node.tag != _TAG + "bool":
        raise _WrongValueError(mark("{name} is not read: write true or false"))
    return {name: node.value.lower() in _TRUE}


def _matching(pattern: re.Pattern[str], otherwise: str) -> _Field:
    def read(name: str, node: Node) -> Fields:
        value = _string(node)
        if pattern.fullmatch(value) is None:
            raise _WrongValueError(otherwise)
        return {name: value}

    return read


def _deck_id(name: str, node: Node) -> Fields:
    value = _string(node)
    if not value or len(value) > _DECK_ID_LENGTH or not value.isprintable():
        message = mark("{name} is not read: write 1 to {most} printable characters")
        raise _WrongValueError(message, most=str(_DECK_ID_LENGTH))
    return {name: value}


def _tags(name: str, node: Node) -> Fields:
    parts = _string(node).split(",") if isinstance(node.value, str) else _list(node)
    return {name: tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))}


def _texts(name: str, node: Node) -> Fields:
    return {name: tuple(filter(None, _list(node)))}


def _list(node: Node) -> list[str]:
    if node.tag != _TAG + "seq":
        raise _WrongValueError(mark("{name} is not read: write a list of texts"))
    return [_string(item) for item in node.value if item.tag != _TAG + "null"]


def _level(name: str, node: Node) -> Fields:
    level = _LEVELS.get(_text_of(node).casefold())
    if level is None:
        raise _WrongValueError(
            mark("{name} is not read: write J, M, S, R or junior, mid, senior, research")
        )
    return {name: level}


def _order_or_level(name: str, node: Node) -> Fields:
    if node.tag == _TAG + "int":
        if _WHOLE.fullmatch(node.value) is None:
            raise _WrongValueError(
                mark("{name} is not read: write a whole number of at most six digits")
            )
        return {"order": int(node.value)}
    return _level(name, node)


def _questions(name: str, node: Node) -> Fields:
    try:
        return {name: Style(_string(node))}
    except ValueError as error:
        message = mark("{name} is not read: known styles are {styles}")
        raise _WrongValueError(message, styles=", ".join(Style)) from error


_DOCUMENT: Final[Mapping[str, _Field]] = {
    "title": _text,
    "toc_title": _text,
    "tags": _tags,
    "date": _any_scalar,
    "draft": _flag,
    "hidden": _flag,
    "level": _order_or_level,
    "lang": _matching(_LANG, mark("{name} is not read: write a language like zh or en")),
    "id": _deck_id,
    "questions": _questions,
}
_CARD: Final[Mapping[str, _Field]] = {
    "id": _matching(
        _CARD_ID,
        mark("{name} is not read: write 1 to 64 letters, digits, dots, hyphens or low lines"),
    ),
    "level": _level,
    "tags": _tags,
    "as_of": _matching(_MONTH, mark("{name} is not read: write a month as YYYY-MM")),
    "sources": _texts,
}
