"""Notes as they were read last time, kept so that an unchanged file is not parsed again.

One JSON file per note in the program's cache folder: data only, safe to delete at any moment.
A cache that cannot be read or written is no cache, never an error. Knows nothing of Markdown:
what cannot be found here is read by the function that is passed in.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache as remember
from pathlib import Path
from typing import Any, Final, cast

from rlhf_qa.files import Stamp, look, read
from rlhf_qa.model import READING, Document, Style

_FORMAT: Final = 1
_FRESH_NS: Final = 2_000_000_000
"""A file changed within this time before it was read may change again without a new time."""

Reading = tuple[Style | None, str]
"""What else decides how a text is read: a style that was asked for, and its origin."""


_T = typing.TypeVar("_T")


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    stamp: Stamp
    saved_ns: int
    """When the entry was written, by the clock that also stamps the notes."""
    digest: str
    document: Any
    """Still encoded."""


class Cache:
    """Documents by real path. `directory` None: nothing is kept, everything is parsed."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self.parsed = 0
        """Texts that had to be parsed since this object was made."""

    def document(
        self, path: Path, asked: Reading, parse: Callable[[bytes], Document]
    ) -> tuple[Document, Stamp | None]:
        """The document at the real path `path`, and the stamp it was read under.

        Raises:
            UnreadableError: as `files.read`, and whatever `parse` raises.
        """
        place = self._place(path, asked)
        known = self._load(place) if place else None
        now = look(path)
        if known and now == known.stamp and now.mtime_ns + _FRESH_NS < known.saved_ns:
            found = _decoded(known.document)
            if found is not None:
                return found, now
        data, stamp = read(path)
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        found = _decoded(known.document) if known and known.digest == digest else None
        if found is None:
            found = parse(data)
            self.parsed += 1
        if place:
            self._save(place, stamp, digest, found)
        return found, stamp

    def _place(self, path: Path, asked: Reading) -> Path | None:
        if self._directory is None:
            return None
        style, origin = asked
        key = "\x1f".join((os.fspath(path), style or "", origin if style else ""))
        name = hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        return self._directory / name[:2] / f"{name}.json"

    def _load(self, place: Path) -> _Entry | None:
        try:
            raw = json.loads(place.read_text("utf-8"))
            saved = place.stat().st_mtime_ns
            if raw["versions"] != [_FORMAT, READING]:
                return None
            size, mtime = raw["stamp"]
            return _Entry(Stamp(int(size), int(mtime)), saved, raw["digest"], raw["document"])
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None

    def _save(self, place: Path, stamp: Stamp, digest: str, document: Document) -> None:
        body = {
            "versions": [_FORMAT, READING],
            "stamp": [stamp.size, stamp.mtime_ns],
            "digest": digest,
            "document": encode(document),
        }
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=place.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump(body, stream, ensure_ascii=True, separators=(",", ":"))
                Path(temporary).replace(place)
            except BaseException:
                Path(temporary).unlink()
                raise
        except OSError:
            return


def _decoded(raw: object) -> Document | None:
    """The document, or None if the entry does not have the shape this version writes."""
    try:
        return decode(Document, raw)
    except (ValueError, TypeError, LookupError):
        return None


# Values to JSON and back, by their type hints. A dataclass is the list of its fields.


def encode(value: Any) -> Any:
    """`value` in what JSON can hold."""
    if dataclasses.is_dataclass(value):
        kind: Any = type(value)
        return [encode(getattr(value, name)) for name in _names(kind)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(kind: type[_T], raw: object) -> _T:
    """The value of type `kind` that was encoded as `raw`.

    Raises:
        ValueError, TypeError, LookupError: `raw` is something else.
    """
    return cast("_T", _decoder(cast("Any", kind))(raw))


@remember
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


_Decoder = Callable[[Any], Any]


def _same(raw: Any) -> Any:
    return raw


@remember
def _decoder(hint: Any) -> _Decoder:
    """A function that rebuilds values of the type `hint`; made once for each type."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _optional(_decoder(next(a for a in arguments if a is not types.NoneType)))
    if origin is tuple:
        return _tuple(arguments)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_decoder(arguments[1]))
    if dataclasses.is_dataclass(hint):
        return _dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _same


def _optional(inner: _Decoder) -> _Decoder:
    return lambda raw: None if raw is None else inner(raw)


def _mapping(inner: _Decoder) -> _Decoder:
    return lambda raw: {key: inner(item) for key, item in raw.items()}


def _tuple(arguments: tuple[Any, ...]) -> _Decoder:
    if len(arguments) == 2 and arguments[1] is ...:  # noqa: PLR2004 -- tuple[X, ...]
        inner = _decoder(arguments[0])
        return tuple if inner is _same else lambda raw: tuple(map(inner, raw))
    inners = [_decoder(a) for a in arguments]
    return lambda raw: tuple(inner(item) for inner, item in zip(inners, raw, strict=True))


def _dataclass(kind: Any) -> _Decoder:
    hints = typing.get_type_hints(kind)
    inners = [_decoder(hints[name]) for name in _names(kind)]

    def build(raw: Any) -> Any:
        if len(raw) != len(inners):
            raise ValueError(kind)
        return kind(*[inner(item) for inner, item in zip(inners, raw, strict=True)])

    return build
