"""A TOML text as rows: where a key stands, and changing its value without touching the rest.

Knows only top-level keys, and nothing of what they mean. The standard library reads TOML and
does not write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rlhf_qa.messages import tr


@dataclass(frozen=True, slots=True)
class _Statement:
    """The rows of a file, counted from 0, that say something together."""

    first: int
    end: int
    """The row after the last."""
    names: frozenset[str]


def _statements(text: str) -> Iterator[_Statement]:
    """The statements of a text: each is the shortest run of rows that is TOML by itself."""
    rows = text.split("\n")
    first = 0
    for end in range(1, len(rows) + 1):
        said = _said("\n".join(rows[first:end]))
        if said is not None:
            yield _Statement(first, end, frozenset(said))
            first = end


def _said(text: str) -> dict[str, Any] | None:
    """What `text` says by itself, None if it is not TOML."""
    import tomllib  # noqa: PLC0415 -- not before there is a text to read

    try:
        return tomllib.loads(text + "\n")
    except (ValueError, RecursionError):
        return None


def line_of(text: str, key: str) -> int:
    """The line, from 1, that `key` begins in; 1 if the text is not clear about it."""
    return next((s.first for s in _statements(text) if key in s.names), 0) + 1


def edited(text: str, key: str, value: str | None) -> str:
    """`text` with `value` for `key`, or for None without the key; all other rows as they are.

    Spelling of the key, blanks and a remark in its last row stay, too. A key that is not there
    is added at the end.

    Raises:
        ValueError: the value has remarks among its rows.
    """
    rows = text.split("\n")
    for statement in _statements(text):
        if key in statement.names:
            where = slice(statement.first, statement.end)
            old = "\n".join(rows[where])
            if _remarks_within(old):
                raise ValueError(
                    tr("remarks among its values would be lost: edit the file by hand")
                )
            rows[where] = [] if value is None else [_head(old) + value + _tail(old)]
            return "\n".join(rows)
    if value is None:
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    gap = end if text and not text.endswith("\n") else ""
    return f"{text}{gap}{key} = {value}{end}"


def _remarks_within(statement: str) -> bool:
    """Is there a comment in a row before the last? Taking one away changes nothing said."""
    body, _, _ = statement.rpartition("\n")
    said = _said(statement)
    return any(
        _said(statement[: mark.start()] + statement[statement.index("\n", mark.start()) :]) == said
        for mark in re.finditer("#", body)
    )


def _head(statement: str) -> str:
    """A statement up to its value: the key as it is spelt, and blanks."""
    name, _, value = statement.partition("=")
    return f"{name}={value[: len(value) - len(value.lstrip())]}"


def _tail(statement: str) -> str:
    """What follows the value on its last row: blanks, a comment, half a line end."""
    last = statement.rfind("\n") + 1
    for mark in re.finditer("#", statement[last:]):
        before = statement[: last + mark.start()]
        if _said(before) is not None:
            return statement[len(before.rstrip()) :]
    return statement[len(statement.rstrip()) :]
