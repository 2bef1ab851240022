"""The database file of the history: making it, opening it, and refusing what is not ours.

Knows SQLite, its settings and the few files of the data folder; no events and no cards. Files
are only ever created where nothing was: what is damaged, foreign or newer stays as it is.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import stat
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rlhf_qa.errors import NotStored, StoreError, StoreNewer
from rlhf_qa.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

Connection = sqlite3.Connection

DATABASE: Final = "history.db"
DEVICE: Final = "device"
SCHEMA: Final = 1
"""The newest migration; kept in the file as SQLite's `user_version`."""

APPLICATION_ID: Final = 0x524C4846
"""`RLHF`: says that a database is ours."""

_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_VERSION_AT: Final = slice(60, 64)  # https://www.sqlite.org/fileformat2.html#the_database_header
_APPLICATION_AT: Final = slice(68, 72)
_DEVICE_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_DEVICE_LENGTH: Final = 12  # letters of five bits: no two devices of anyone's share an id
_COPIES: Final = 5  # tries to copy a history that another process is writing
_SETTINGS: Final = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    # For the moments without a write-ahead log: FULL would not make the end of a commit durable.
    "PRAGMA synchronous = EXTRA",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A database ready for use."""

    connection: Connection
    directory: Path | None
    """Where it lies for good; None: in memory, or a private copy."""
    scratch: tempfile.TemporaryDirectory[str] | None = None
    """The folder of the private copy."""

    def close(self) -> None:
        self.connection.close()
        if self.scratch is not None:
            self.scratch.cleanup()


def in_memory() -> Opened:
    """An empty database that ends with the process."""
    return Opened(_connect(Path(":memory:")), None)


def open_history(directory: Path, *, create: bool) -> Opened | None:
    """The history in `directory`; None if there is none and `create` is false.

    A folder that cannot be written is read through a private copy: SQLite cannot read a database
    with a write-ahead log where it may not write.

    Raises:
        StoreNewer: a newer version wrote it.
        StoreError: it is damaged, foreign, another user's, or cannot be written.
    """
    try:
        if create:
            _make_directory(directory)
        exists = _examine(directory)
        if not exists and not create:
            return None
        if _is_writable(directory):
            return _opened(directory)
        if not create:
            return _opened_copy(directory)
    except OSError as error:
        raise StoreError(
            tr(
                "the history cannot be opened: {path}: {problem}. "
                "Mend this, or choose another folder with --data-dir",
                path=error.filename or directory,
                problem=error.strerror,
            )
        ) from error
    except sqlite3.Error as error:
        raise _unopened(directory / DATABASE, error) from error
    raise StoreError(
        tr(
            "{folder} cannot be written, so no grade could be kept: "
            "make the folder writable, or choose another with --data-dir",
            folder=directory,
        )
    )


def device_id(directory: Path) -> str:
    """The random name of this device, made when it is first needed.

    Call it while holding the database's write lock, so that two processes agree.

    Raises:
        StoreError: the file that holds it is damaged.
        OSError: it cannot be read or written.
    """
    place = directory / DEVICE
    if not place.exists():
        _make_device(place)
    try:
        found = json.loads(place.read_text("utf-8"))
        name = found["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = None
    if not isinstance(name, str) or not name:
        raise StoreError(
            tr("{path} is damaged: move it away; a new one is made at the next start", path=place)
        )
    return name


@contextmanager
def writing(db: Connection) -> Iterator[None]:
    """One transaction: all that is done inside is stored when it ends, or nothing is.

    Raises:
        NotStored: it could not be stored; the database is as it was.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        _roll_back(db)
        raise NotStored(
            tr(
                "not stored: {problem}. Everything before is kept; it may be tried again",
                problem=_reason(error),
            )
        ) from error
    except BaseException:
        _roll_back(db)
        raise


def _make_directory(directory: Path) -> None:
    """Create the folder and those above it, for the user alone whatever the umask."""
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)


def _examine(directory: Path) -> bool:
    """Whether there is a history, told without SQLite, which would take over an empty file."""
    place, device = directory / DATABASE, directory / DEVICE
    # In this order: another process that makes both writes the database first.
    mark, found = _look(device), _look(place)
    if found is None or found.st_size == 0:
        if mark is None:
            return False
        names = {"path": place, "device": device, "database": DATABASE, "mark": DEVICE}
        raise StoreError(
            tr(
                "{path} is missing, but {device} says that there was a history: restore "
                "{database} from a copy, or move {mark} away to begin with an empty history",
                **names,
            )
            if found is None
            else tr(
                "{path} is empty, but {device} says that there was a history: restore "
                "{database} from a copy, or move {mark} away to begin with an empty history",
                **names,
            )
        )
    _check_header(place)
    return True


def _look(place: Path) -> os.stat_result | None:
    """What is at `place`, which must be a file of this user; None if nothing is."""
    try:
        found = place.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(
            tr("{path} is not a file: move it away, or use another --data-dir", path=place)
        )
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise StoreError(
            tr(
                "{path} belongs to another user (an earlier sudo?): "
                "change its owner back, or use another --data-dir",
                path=place,
            )
        )
    return found


def _check_header(place: Path) -> None:
    with place.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise _damaged(place, tr("it is not a database"))
    if int.from_bytes(header[_APPLICATION_AT], "big") != APPLICATION_ID:
        raise StoreError(
            tr(
                "{path} belongs to another program: move it away, or use another --data-dir",
                path=place,
            )
        )
    _refuse_newer(place, int.from_bytes(header[_VERSION_AT], "big"))


def _refuse_newer(place: Path, version: int) -> None:
    if version > SCHEMA:
        raise StoreNewer(
            tr(
                "{path} has format {version}, and this version of rlhf-qa knows {known}: "
                "install a newer one. The file was not changed",
                path=place,
                version=version,
                known=SCHEMA,
            )
        )


def _damaged(place: Path, why: str) -> StoreError:
    return StoreError(
        tr(
            "{path} cannot be read ({problem}): restore it from a copy, or move it and "
            "{mark} away to begin with an empty history. The file was not changed",
            path=place,
            problem=why,
            mark=DEVICE,
        )
    )


def _unopened(place: Path, error: sqlite3.Error) -> StoreError:
    if getattr(error, "sqlite_errorcode", None) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return _damaged(place, str(error))
    return StoreError(
        tr(
            "{path} cannot be opened: {problem}. Nothing was lost; try again",
            path=place,
            problem=_reason(error),
        )
    )


def _is_writable(directory: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    place = directory / DATABASE
    return os.access(directory, os.W_OK | os.X_OK, effective_ids=effective) and (
        not place.exists() or os.access(place, os.W_OK, effective_ids=effective)
    )


def _opened(directory: Path) -> Opened:
    place = directory / DATABASE
    with suppress(FileExistsError):
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        place.chmod(0o600)
    if _has_log(place):
        _check_log(place)
    db = _connect(place)
    try:
        mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode == "wal":
            db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    return Opened(db, directory)


def _opened_copy(directory: Path) -> Opened:
    scratch = tempfile.TemporaryDirectory(prefix="rlhf-qa-")
    try:
        copy = _copied(directory / DATABASE, Path(scratch.name))
        return Opened(_connect(copy), None, scratch)
    except BaseException:
        scratch.cleanup()
        raise


def _copied(place: Path, target: Path) -> Path:
    """A copy of the database and its write-ahead log, both of one moment."""
    files = [place, place.with_name(f"{place.name}-wal")]
    for _ in range(_COPIES):
        before = [_look(file) for file in files]
        for file, found in zip(files, before, strict=True):
            if found is not None:
                shutil.copyfile(file, target / file.name)
        if [_stamp(file) for file in map(_look, files)] == [_stamp(file) for file in before]:
            return target / place.name
    raise StoreError(tr("{path} is being written all the time: try again", path=place))


def _stamp(found: os.stat_result | None) -> tuple[int, int] | None:
    return None if found is None else (found.st_size, found.st_mtime_ns)


def _has_log(place: Path) -> bool:
    found = _look(place.with_name(f"{place.name}-wal"))
    return found is not None and found.st_size > 0


def _check_log(place: Path) -> None:
    """Refuse a newer format that only the write-ahead log knows of yet.

    Read-only, since closing an ordinary connection would move the log into the file.
    """
    db = sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        _refuse_newer(place, _version(db))
    finally:
        db.close()


def _connect(place: Path) -> Connection:
    db = sqlite3.connect(place, isolation_level=None, timeout=5)
    try:
        for setting in _SETTINGS:
            db.execute(setting)
        _refuse_newer(place, _version(db))
        _migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: Connection) -> None:
    """Bring the schema up to date, in one transaction."""
    if _version(db) == SCHEMA:
        return
    db.execute("BEGIN EXCLUSIVE")
    try:
        for number in range(_version(db) + 1, SCHEMA + 1):
            for statement in _statements(number):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _check_references(db)
        db.execute("COMMIT")
    except BaseException:
        _roll_back(db)
        raise


def _check_references(db: Connection) -> None:
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise sqlite3.IntegrityError("rows refer to rows that are not there")


def _version(db: Connection) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def _statements(number: int) -> Iterator[str]:
    """The statements of a migration. `executescript` would commit between them."""
    text = (Path(__file__).parent / "migrations" / f"{number:04}.sql").read_text("utf-8")
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _make_device(place: Path) -> None:
    """Write a new device id, whole or not at all."""
    name = "".join(secrets.choice(_DEVICE_LETTERS) for _ in range(_DEVICE_LENGTH))
    descriptor, temporary = tempfile.mkstemp(prefix=f"{DEVICE}-", dir=place.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"id": name}, file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o600)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _roll_back(db: Connection) -> None:
    if db.in_transaction:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")


def _reason(error: sqlite3.Error | OSError) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return tr("the disk is full")
    if name.startswith("SQLITE_BUSY"):
        return tr("another rlhf-qa is writing")
    return str(error)
