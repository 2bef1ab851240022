"""Which files are notes, and reading one without being led astray.

Walks folders, confines paths to their root, opens regular files only, decodes UTF-8 strictly.
Never writes, never follows a symbolic link, never blocks on a pipe.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rlhf_qa.limits import FILE_BYTES, FILES_PER_ROOT, MIB
from rlhf_qa.messages import tr, trn
from rlhf_qa.model import Code

SUFFIXES = (".md", ".markdown")
_SKIPPED = ("node_modules", "__pycache__")
_MARKS_OF_A_ROOT = (".git", ".obsidian")
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file does."""

    size: int
    mtime_ns: int


class UnreadableError(Exception):
    """A file that is not loaded. `line` is 1 where no better is known."""

    def __init__(self, code: Code, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.code, self.message, self.line = code, message, line


@dataclass(frozen=True, slots=True)
class Walk:
    """The notes below a folder, in path order, and what was passed over."""

    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def content_root(path: Path, configured: Sequence[Path] = ()) -> Path:
    """The root that `path` belongs to: its ids and links are relative to it.

    The configured root that holds it, else the nearest folder with `.git` or `.obsidian` (as a
    name; nothing in it is opened), else the folder itself or that of the file.
    """
    real = path.resolve()
    folder = real if real.is_dir() else real.parent
    for root in sorted((r.resolve() for r in configured), key=lambda r: -len(r.parts)):
        if folder.is_relative_to(root):
            return root
    for above in (folder, *folder.parents):
        if any((above / mark).exists() for mark in _MARKS_OF_A_ROOT):
            return above
    return folder


def walk(folder: Path) -> Walk:
    """Every note below `folder`. Hidden names and installed packages are not entered."""
    found: list[Path] = []
    remarks: list[str] = []
    linked = 0

    def failed(error: OSError) -> None:
        remarks.append(
            tr("{path}: {problem}: skipped", path=error.filename, problem=error.strerror)
        )

    for place, folders, names in os.walk(folder, onerror=failed, followlinks=False):
        linked += sum(Path(place, name).is_symlink() for name in folders)
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in _SKIPPED)
        for name in sorted(names):
            if name.startswith(".") or not name.casefold().endswith(SUFFIXES):
                continue
            path = Path(place, name)
            if path.is_symlink():
                linked += 1
            elif len(found) == FILES_PER_ROOT:
                remarks.append(
                    tr(
                        "{folder}: more than {limit} notes: the rest is not read",
                        folder=folder,
                        limit=f"{FILES_PER_ROOT:,}",
                    )
                )
                return Walk(tuple(found), tuple(remarks))
            else:
                found.append(path)
    if linked:
        remarks.append(
            trn(
                "{folder}: {n} symbolic link is not followed",
                "{folder}: {n} symbolic links are not followed",
                linked,
                folder=folder,
            )
        )
    return Walk(tuple(found), tuple(remarks))


def read(path: Path, limit: int = FILE_BYTES) -> tuple[bytes, Stamp]:
    """The bytes of a regular file within the size limit, and its stamp.

    Raises:
        UnreadableError: it is anything else, or cannot be read.
    """
    try:
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise UnreadableError(Code.UNREADABLE, _why(error)) from error
    try:
        info = os.fstat(handle)
        _check(info, limit)
        with os.fdopen(os.dup(handle), "rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise UnreadableError(Code.UNREADABLE, _why(error)) from error
    finally:
        os.close(handle)
    if len(data) > limit:
        raise UnreadableError(Code.TOO_LARGE, _too_large(len(data), limit))
    return data, Stamp(info.st_size, info.st_mtime_ns)


def look(path: Path) -> Stamp | None:
    """The stamp of a regular file, None if there is none. Opens nothing."""
    try:
        info = path.lstat()
    except (OSError, ValueError):
        return None
    return Stamp(info.st_size, info.st_mtime_ns) if stat.S_ISREG(info.st_mode) else None


def decode(data: bytes) -> str:
    """The text of a note, without a byte order mark.

    Raises:
        UnreadableError: it is not UTF-8, or holds NUL; the message guesses what it is.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _wrong_encoding(data, 0, "UTF-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong_encoding(data, error.start, _guess(data)) from error
    at = text.find("\0")
    if at >= 0:
        offset = len(text[:at].encode())
        raise _wrong_encoding(data, offset, "UTF-16" if data[1:2] == b"\0" else "binary data")
    return text


def confined(root: Path, path: str) -> Path | None:
    """The file that `path` names under `root`, links resolved; None if that leads outside."""
    base = root.resolve()
    try:
        real = (base / path).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return real if real.is_relative_to(base) else None


def names(folder: Path) -> dict[str, str]:
    """The names in a folder as it has them, by their composed form; empty if it cannot be read."""
    try:
        entries = sorted((entry.name for entry in folder.iterdir()), reverse=True)
    except OSError:
        return {}
    return {unicodedata.normalize("NFC", name): name for name in entries}


def _check(info: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(info.st_mode):
        raise UnreadableError(Code.UNREADABLE, tr("not a regular file: skipped"))
    if info.st_size > limit:
        raise UnreadableError(Code.TOO_LARGE, _too_large(info.st_size, limit))


def _too_large(size: int, limit: int) -> str:
    return tr(
        "{size} MiB is over the limit of {limit} MiB: split the file",
        size=f"{size / MIB:.1f}",
        limit=limit // MIB,
    )


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        if error.errno == errno.ELOOP:
            return tr("a symbolic link is not followed: name the file it points to")
        return tr("cannot be read: {problem}", problem=error.strerror)
    return tr("cannot be read: no file can have this name")


def _wrong_encoding(data: bytes, offset: int, guess: str) -> UnreadableError:
    line = data.count(b"\n", 0, offset) + 1
    known = {"GB18030": "GB18030", "UTF-16": "UTF-16", "Latin-1": "ISO-8859-1"}
    if guess == "UTF-8":
        message = tr(
            "a broken character at byte {offset}; the rest is UTF-8: mend this line", offset=offset
        )
    elif guess in known:
        message = tr(
            "not UTF-8 at byte {offset}, looks like {guess}: convert it: iconv -f {name} -t UTF-8",
            offset=offset,
            guess=guess,
            name=known[guess],
        )
    else:
        message = tr(
            "not UTF-8 at byte {offset}, looks like binary data: not a note", offset=offset
        )
    return UnreadableError(Code.ENCODING, message, line)


def _guess(data: bytes) -> str:
    """The likeliest of the encodings that Chinese and Western notes come in."""
    if b"\0" in data:
        return "UTF-16" if data.count(b"\0") > len(data) // 4 else "binary data"
    read = data.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in read)
    # Chinese takes three bytes: chance alone does not make many of them.
    if sum(c >= "\u0800" for c in read) - broken > broken:
        return "UTF-8"
    high = re.findall(rb"[\x80-\xff]+", data)
    if sum(len(run) == 1 for run in high) * 2 >= len(high):
        return "Latin-1"  # accents stand alone; a Chinese character is two bytes
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return "Latin-1"
    han = sum("\u4e00" <= c <= "\u9fff" for c in text)
    odd = sum(ord(c) > 0x7F for c in text)  # noqa: PLR2004 -- beyond ASCII
    return "GB18030" if han * 2 >= odd else "Latin-1"
