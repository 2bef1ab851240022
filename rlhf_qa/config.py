"""The configuration file: what may stand in it, reading it, and changing one line of it.

`KEYS` says what there is; loading, setting and listing follow from it. Knows nothing of flags
and variables that go before the file (cli), nor of what a setting does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal

from rlhf_qa.errors import ConfigError, UsageError
from rlhf_qa.learned import LEARNED
from rlhf_qa.messages import mark, tr
from rlhf_qa.toml_rows import edited, line_of


@dataclass(frozen=True, slots=True)
class Config:
    """What the user prefers. The fields are the keys of the file."""

    content_roots: tuple[Path, ...] = ()
    """Folders of notes: what is asked when no path is given, and the roots of their ids."""
    lang: Literal["auto", "zh", "en"] = "auto"
    """Language of the interface."""
    content_lang: Literal["auto", "zh", "en"] = "auto"
    new_per_day: int | None = 10
    """None: no limit. Of this and the next two, see `chosen`."""
    reviews_per_day: int | None = 100
    minutes_per_day: int | None = None
    color: Literal["auto", "always", "never"] = "auto"
    theme: Literal["auto", "dark", "light"] = "auto"
    symbols: Literal["unicode", "ascii"] = "unicode"
    plain: bool = False
    """Line mode even on a terminal."""
    chosen: frozenset[str] = frozenset()
    """Names of the keys that the file sets: a limit the learner chose counts where the default
    one would give way."""


class Kind(StrEnum):
    """The types of values."""

    CHOICE = "choice"
    LIMIT = "limit"
    FLAG = "flag"
    FOLDERS = "folders"


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its name, what it may be, and what it is for."""

    name: str
    kind: Kind
    help: str
    """A message."""
    choices: tuple[str, ...] = ()
    """Of a `CHOICE`."""
    maximum: int = 0
    """Of a `LIMIT`."""

    @property
    def permitted(self) -> str:
        """The permitted range, in words."""
        match self.kind:
            case Kind.CHOICE:
                return ", ".join(f'"{choice}"' for choice in self.choices)
            case Kind.LIMIT:
                return tr('0 to {maximum}, or "none"', maximum=f"{self.maximum:,}")
            case Kind.FLAG:
                return "true, false"
            case Kind.FOLDERS:
                return tr('full paths or "~/…"')


@dataclass(frozen=True, slots=True)
class Setting:
    """A key with its present value, as a line of a listing."""

    key: Key
    value: str
    """As it stands in the file."""
    chosen: bool
    """The file sets it; else it is the default."""


KEYS: Final = (
    Key("content_roots", Kind.FOLDERS, mark("folders of notes, asked when no path is given")),
    Key("lang", Kind.CHOICE, mark("language of the interface"), ("auto", "zh", "en")),
    Key("content_lang", Kind.CHOICE, mark("language of bilingual notes"), ("auto", "zh", "en")),
    Key("new_per_day", Kind.LIMIT, mark("new cards a day"), maximum=9_999),
    Key("reviews_per_day", Kind.LIMIT, mark("reviews a day"), maximum=9_999),
    Key("minutes_per_day", Kind.LIMIT, mark("minutes a day"), maximum=1_440),
    Key("color", Kind.CHOICE, mark("colour in the output"), ("auto", "always", "never")),
    Key("theme", Kind.CHOICE, mark("colours of the full screen"), ("auto", "dark", "light")),
    Key("symbols", Kind.CHOICE, mark("signs and lines"), ("unicode", "ascii")),
    Key("plain", Kind.FLAG, mark("line mode, also on a terminal")),
)
_BY_NAME: Final = {key.name: key for key in KEYS}
_NO_LIMIT: Final = "none"
_BOM: Final = "\ufeff"
_SHOWN: Final = 60
"""Characters of a wrong value that a message repeats."""


def known(name: str) -> Key:
    """The key of this name.

    Raises:
        UsageError: there is none; the message names the nearest.
    """
    if name not in _BY_NAME:
        raise UsageError(_stranger(name, (*_BY_NAME, *LEARNED)))
    return _BY_NAME[name]


def load(path: Path) -> Config:
    """The configuration in `path`; the defaults if there is no such file.

    Raises:
        ConfigError: it cannot be read, or says what it may not: `path:line: what, permitted`.
    """
    return _parse(path, _read(path).removeprefix(_BOM))


def set_value(path: Path, key: str, text: str) -> Config:
    """Let `key` say `text` and leave the rest of the file as it is; the configuration then.

    Folders are separated as in PATH. The file and its folder are made where they are missing.

    Raises:
        UsageError: no such key, or a value it may not have.
        ConfigError: the file is wrong elsewhere, or cannot be read or written.
    """
    setting = known(key)
    value = _typed(setting, text)
    try:
        _converted(setting, value)
    except ValueError as error:
        raise UsageError(_refusal(setting, error)) from error
    return _change(path, key, _toml(value))


def unset(path: Path, key: str) -> Config:
    """Take `key` out of the file and leave the rest as it is; the configuration then.

    Raises:
        UsageError: no such key.
        ConfigError: the file is wrong elsewhere, or cannot be read or written.
    """
    return _change(path, known(key).name, None)


def describe(config: Config) -> tuple[Setting, ...]:
    """Every key with its value."""
    return tuple(
        Setting(key, _toml(getattr(config, key.name)), key.name in config.chosen) for key in KEYS
    )


def _stranger(name: str, names: Collection[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- only for a mistake

    near = get_close_matches(name.lower(), names, n=1, cutoff=0.7)
    if near:
        return tr('unknown key "{name}": did you mean "{near}"?', name=name, near=near[0])
    return tr('unknown key "{name}": known are {known}', name=name, known=", ".join(names))


def _refusal(key: Key, error: ValueError) -> str:
    return tr(
        "{key} is {value}; permitted: {permitted}",
        key=key.name,
        value=error,
        permitted=key.permitted,
    )


def _parse(path: Path, text: str) -> Config:
    """The configuration that `text` is, every value checked. `path` is for messages."""
    if not text:
        return Config()
    import tomllib  # noqa: PLC0415 -- most have no such file

    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        what, _, place = str(error).partition(" (at ")
        number = re.match(r"line (\d+)", place)
        line = int(number[1]) if number else text.count("\n") + 1
        raise ConfigError(
            tr(
                "{path}:{line}: not TOML: {problem}; text stands in quotation marks, "
                'as in color = "never"',
                path=path,
                line=line,
                problem=what,
            )
        ) from error
    values: dict[str, Any] = {}
    for name, value in said.items():
        if name not in _BY_NAME:
            raise ConfigError(f"{path}:{line_of(text, name)}: {_stranger(name, _BY_NAME)}")
        try:
            values[name] = _converted(_BY_NAME[name], value)
        except ValueError as error:
            problem = _refusal(_BY_NAME[name], error)
            raise ConfigError(f"{path}:{line_of(text, name)}: {problem}") from error
    return Config(**values, chosen=frozenset(values))


def _converted(key: Key, value: object) -> object:
    """The value of a field from that of the file. ValueError: what it is instead."""
    match key.kind, value:
        case Kind.CHOICE, str() if value in key.choices:
            return value
        case Kind.FLAG, bool():
            return value
        case Kind.LIMIT, str() if value == _NO_LIMIT:
            return None
        case Kind.LIMIT, int() if not isinstance(value, bool) and 0 <= value <= key.maximum:
            return value
        case Kind.FOLDERS, list():
            return tuple(_folder(entry) for entry in value)
    raise ValueError(_shown(value))


def _folder(entry: object) -> Path:
    if isinstance(entry, str) and "\0" not in entry:
        # No home folder for `~`; a name that UTF-8 cannot spell.
        with suppress(RuntimeError, UnicodeEncodeError):
            entry.encode()
            path = Path(entry).expanduser()
            if path.is_absolute():
                return path
    raise ValueError(_shown(entry))


def _typed(key: Key, text: str) -> object:
    """What someone who types `text` means it to be in the file."""
    if key.kind is Kind.FOLDERS:
        return [part for part in text.split(os.pathsep) if part]
    if key.kind is Kind.FLAG:
        return {"true": True, "false": False}.get(text, text)
    if key.kind is Kind.LIMIT and re.fullmatch("[0-9]{1,9}", text):
        return int(text)
    return text


def _toml(value: object) -> str:
    """The value as it stands in a file."""
    import json  # noqa: PLC0415 -- only where a value is shown or written

    match value:
        case bool():
            return str(value).lower()
        case None:
            return f'"{_NO_LIMIT}"'
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case str() | Path():
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            return str(value)


def _shown(value: object) -> str:
    text = _toml(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _read(path: Path) -> str:
    """The text of the file, "" if there is none."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            tr("{path}:{line}: not UTF-8: save it as UTF-8", path=path, line=line)
        ) from error
    except OSError as error:
        raise ConfigError(
            tr("{path}: cannot be read: {problem}", path=path, problem=error.strerror)
        ) from error


def _change(path: Path, key: str, value: str | None) -> Config:
    old = _read(path)
    text = old.removeprefix(_BOM)
    try:
        new = edited(text, key, value)
    except ValueError as error:
        raise ConfigError(f"{path}:{line_of(text, key)}: {key}: {error}") from error
    config = _parse(path, new)
    if new != text:
        _write(path, old[: len(old) - len(text)] + new)
    return config


def _write(path: Path, text: str) -> None:
    """The whole file or, if that fails, the old one. A link stays one; it is what it leads to."""
    from tempfile import mkstemp  # noqa: PLC0415 -- only to write

    try:
        target = path.resolve()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            tr("{path}: cannot be written: {problem}", path=path, problem=error.strerror)
        ) from error
