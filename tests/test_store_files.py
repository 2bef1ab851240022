"""The files of the history: made privately, opened with care, refused untouched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rlhf_qa import database
from rlhf_qa.errors import NotStored, StoreError, StoreNewer
from rlhf_qa.events import Draft, EventKind
from rlhf_qa.memory import Rating
from rlhf_qa.store import Store
from tests.histories import A, Simple, moment

GRADE = Draft(EventKind.REVIEW, A, Rating.GOOD, 900)
NOBODY = 65_534


def graded(directory: Path) -> Path:
    """A folder with a history of one grade."""
    with Store.open(directory, create=True) as store:
        store.append([GRADE], moment(), Simple())
    return directory


def digests(directory: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.iterdir()
        if path.is_file()
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def patch(path: Path, at: int, value: int) -> None:
    """Overwrite four bytes of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(value.to_bytes(4, "big"))


@pytest.fixture(params=[0, 0o022, 0o777])
def _any_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def as_user() -> Iterator[Path]:
    """A folder of an ordinary user, whom permissions hold back; root is none."""
    folder = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o700)
    shutil.rmtree(folder)


# Making and opening.


def test_settings_are_in_force(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:

        def read(name: str) -> object:
            return store._db.execute(f"PRAGMA {name}").fetchone()[0]

        assert read("journal_mode") == "wal"
        assert read("synchronous") == 2  # FULL
        assert read("busy_timeout") == 5_000
        assert read("foreign_keys") == 1
        assert read("trusted_schema") == 0
        assert read("cell_size_check") == 1
        assert read("application_id") == 0x524C4846
        assert read("user_version") == database.SCHEMA
        assert store._db.isolation_level is None


def test_every_table_is_strict_and_the_schema_is_the_newest(tmp_path: Path) -> None:
    folder = Path(database.__file__).parent / "migrations"
    names = sorted(path.name for path in folder.glob("*.sql"))
    assert names == [f"{number:04}.sql" for number in range(1, database.SCHEMA + 1)]
    with Store.open(tmp_path, create=True) as store:
        tables = store._db.execute("SELECT name, strict FROM pragma_table_list")
        ours = {name: strict for name, strict in tables if not name.startswith("sqlite_")}
        assert set(ours) == {"events", "registry", "card_state", "event_state", "alias"}
        assert set(ours.values()) == {1}


@pytest.mark.usefixtures("_any_umask")
def test_folders_and_files_are_the_users_alone_whatever_the_umask(tmp_path: Path) -> None:
    directory = tmp_path / "one" / "two"
    with Store.open(directory, create=True) as store:
        store.append([GRADE], moment(), Simple())
        found = {path.name: mode(path) for path in directory.iterdir()}
        private = 0o600
        names = ("device", "history.db", "history.db-shm", "history.db-wal")
        assert found == dict.fromkeys(names, private)
    assert (mode(directory), mode(directory.parent)) == (0o700, 0o700)


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    graded(tmp_path)
    assert mode(tmp_path) == 0o755


def test_the_device_keeps_its_name(tmp_path: Path) -> None:
    graded(tmp_path)
    name = json.loads((tmp_path / "device").read_text("utf-8"))["id"]
    graded(tmp_path)
    with Store.open(tmp_path, create=True) as store:
        assert [(event.dev, event.seq) for event in store.events()] == [(name, 1), (name, 2)]


def test_devices_differ(tmp_path: Path) -> None:
    names = {(graded(tmp_path / str(n)) / "device").read_text("utf-8") for n in range(5)}
    assert len(names) == 5


def test_reading_makes_nothing(tmp_path: Path) -> None:
    Store.open(tmp_path / "none", create=False).close()
    Store.open(tmp_path, create=False).close()
    assert list(tmp_path.iterdir()) == []


def test_a_history_opened_for_reading_may_be_written_where_there_is_one(tmp_path: Path) -> None:
    graded(tmp_path)
    with Store.open(tmp_path, create=False) as store:
        store.append([GRADE], moment(), Simple())
        assert [event.seq for event in store.events()] == [1, 2]


def test_a_lost_device_file_gives_a_new_device_with_its_first_grade(tmp_path: Path) -> None:
    graded(tmp_path)
    (tmp_path / "device").unlink()
    with Store.open(tmp_path, create=False) as store:
        assert not (tmp_path / "device").exists()
        (event,) = store.append([GRADE], moment(), Simple())
        assert event.seq == 1
        assert len({event.dev for event in store.events()}) == 2


def test_a_start_that_was_broken_off_is_taken_up(tmp_path: Path) -> None:
    """Killed after the empty file was made, before anything was in it."""
    (tmp_path / "history.db").touch()
    Store.open(tmp_path, create=False).close()
    assert (tmp_path / "history.db").stat().st_size == 0
    graded(tmp_path)
    with Store.open(tmp_path, create=False) as store:
        assert len(store.events()) == 1


def test_without_a_write_ahead_log_commits_are_made_safe_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network file systems cannot share memory; SQLite then stays as it was."""

    class NoLog(sqlite3.Connection):
        def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
            if sql == "PRAGMA journal_mode = WAL":
                sql = "PRAGMA journal_mode"
            return super().execute(sql, values)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, factory=NoLog, **k))
    with Store.open(tmp_path, create=True) as store:
        assert store._db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert store._db.execute("PRAGMA synchronous").fetchone() == (3,)  # EXTRA
        store.append([GRADE], moment(), Simple())
        assert len(store.events()) == 1


# What is refused.


def newer(place: Path) -> None:
    patch(place, 60, database.SCHEMA + 1)


def foreign(place: Path) -> None:
    patch(place, 68, 0x0F055112)


def anonymous(place: Path) -> None:
    """A database of a program that does not sign its files."""
    place.unlink()
    with sqlite3.connect(place) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()


def garbage(place: Path) -> None:
    place.write_bytes(b"\x89PNG not a database at all" * 400)


def short(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:50])


def truncated(place: Path) -> None:
    place.write_bytes(place.read_bytes()[: 4096 * 3 + 7])


def wiped(place: Path) -> None:
    data = place.read_bytes()
    place.write_bytes(data[:100] + bytes(len(data) - 100))


def empty(place: Path) -> None:
    place.write_bytes(b"")


def missing(place: Path) -> None:
    place.unlink()


def a_folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


def a_pipe(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (newer, ("has format 2", "knows 1", "install a newer one")),
        (foreign, ("another program", "move it away")),
        (anonymous, ("another program", "move it away")),
        (garbage, ("not a database", "restore it from a copy")),
        (short, ("not a database", "restore it from a copy")),
        (truncated, ("cannot be read", "restore it from a copy")),
        (wiped, ("cannot be read", "restore it from a copy")),
        (empty, ("is empty", "restore history.db from a copy", "move device away")),
        (missing, ("is missing", "restore history.db from a copy", "move device away")),
        (a_folder, ("is not a file", "move it away")),
        (a_pipe, ("is not a file", "move it away")),
    ],
)
def test_what_is_not_our_history_is_refused_and_left_as_it_is(
    tmp_path: Path, damage: Callable[[Path], None], said: tuple[str, ...], *, create: bool
) -> None:
    damage(graded(tmp_path) / "history.db")
    before = digests(tmp_path)
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path, create=create)
    assert all(words in str(caught.value) for words in (str(tmp_path), *said))
    assert isinstance(caught.value, StoreNewer) is (damage is newer)
    assert digests(tmp_path) == before


@pytest.mark.parametrize("create", [True, False])
def test_a_newer_format_in_the_log_alone_is_refused(tmp_path: Path, *, create: bool) -> None:
    """The newer program was killed: its format stands in the write-ahead log only."""
    source, target = graded(tmp_path / "source"), tmp_path / "target"
    target.mkdir()
    db = sqlite3.connect(source / "history.db", isolation_level=None)
    db.execute(f"PRAGMA user_version = {database.SCHEMA + 1}")
    for path in source.iterdir():
        if not path.name.endswith("-shm"):
            shutil.copy(path, target)
    db.close()
    before = digests(target)
    with pytest.raises(StoreNewer):
        Store.open(target, create=create)
    after = digests(target)
    assert {name: after[name] for name in before} == before


def test_a_message_says_how_to_begin_anew_and_this_works(tmp_path: Path) -> None:
    empty(graded(tmp_path) / "history.db")
    (tmp_path / "device").rename(tmp_path / "device.old")
    graded(tmp_path)
    with Store.open(tmp_path, create=False) as store:
        assert len(store.events()) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"id": 7}', '{"id": ""}', "null"])
def test_a_damaged_device_file_is_said(tmp_path: Path, text: str) -> None:
    graded(tmp_path)
    (tmp_path / "device").write_text(text)
    with pytest.raises(StoreError, match="device is damaged: move it away"):
        Store.open(tmp_path, create=True)
    with Store.open(tmp_path, create=False) as store:
        assert len(store.events()) == 1
        with pytest.raises(StoreError, match="device is damaged"):
            store.append([GRADE], moment(), Simple())
        assert len(store.events()) == 1


@pytest.mark.parametrize("name", ["history.db", "device"])
def test_files_of_another_user_are_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    graded(tmp_path)
    other = "device" if name == "history.db" else "history.db"
    before = digests(tmp_path)
    real = Path.stat

    def stat_(path: Path, **options: bool) -> os.stat_result:
        found = real(path, **options)
        if path.name != name:
            return found
        return os.stat_result([*found[:4], found.st_uid + 1, *found[5:10]])

    monkeypatch.setattr(Path, "stat", stat_)
    for create in (True, False):
        with pytest.raises(StoreError) as caught:
            Store.open(tmp_path, create=create)
        assert f"{tmp_path / name} belongs to another user" in str(caught.value)
        assert "change its owner back" in str(caught.value)
    monkeypatch.undo()
    assert digests(tmp_path) == before
    assert other in before


@pytest.mark.parametrize("create", [True, False])
def test_a_file_in_the_place_of_the_folder(tmp_path: Path, *, create: bool) -> None:
    place = tmp_path / "data"
    place.write_text("a file")
    with pytest.raises(StoreError, match=r"data.*: Not a directory.*--data-dir"):
        Store.open(place, create=create)
    assert place.read_text() == "a file"


# Where nothing may be written.


def test_a_read_only_folder_is_read_through_a_private_copy(
    as_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = Path(tempfile.mkdtemp(dir=as_user))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    data = as_user / "data"
    graded(data)
    data.chmod(0o500)
    before = digests(data)
    with Store.open(data, create=False) as store:
        (copy,) = scratch.iterdir()
        assert mode(copy) == 0o700
        assert len(store.events()) == 1
        assert store.state(A).reps == 1
        with pytest.raises(NotStored, match="reading only"):
            store.append([GRADE], moment(), Simple())
    assert list(scratch.iterdir()) == []
    with pytest.raises(StoreError) as caught:
        Store.open(data, create=True)
    assert "cannot be written, so no grade could be kept" in str(caught.value)
    assert "--data-dir" in str(caught.value)
    assert digests(data) == before


def test_what_stands_in_the_log_only_is_read_as_well(
    as_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is writing, or was killed: the newest grades are not yet in the file."""
    monkeypatch.setattr(tempfile, "tempdir", str(as_user))
    live, data = as_user / "live", as_user / "data"
    data.mkdir()
    with Store.open(live, create=True) as writer:
        for _ in range(3):
            writer.append([GRADE], moment(), Simple())
        for name in ("device", "history.db", "history.db-wal"):
            shutil.copy(live / name, data)
    data.chmod(0o500)
    with Store.open(data, create=False) as store:
        assert len(store.events()) == 3


def test_a_read_only_file_in_a_folder_of_ones_own(
    as_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(as_user))
    data = graded(as_user / "data")
    (data / "history.db").chmod(0o400)
    with Store.open(data, create=False) as store:
        assert len(store.events()) == 1
    with pytest.raises(StoreError, match="cannot be written"):
        Store.open(data, create=True)
    (data / "history.db").chmod(0o600)


def test_a_read_only_folder_without_history(as_user: Path) -> None:
    as_user.chmod(0o500)
    with Store.open(as_user, create=False) as store:
        assert store.states() == {}
    for directory in (as_user, as_user / "below"):
        with pytest.raises(StoreError, match="--data-dir"):
            Store.open(directory, create=True)
    as_user.chmod(0o700)
    assert list(as_user.iterdir()) == []


def test_a_folder_that_cannot_be_entered(as_user: Path) -> None:
    data = graded(as_user / "data")
    data.chmod(0)
    for create in (True, False):
        with pytest.raises(StoreError, match=r"Permission denied.*--data-dir"):
            Store.open(data, create=create)
    data.chmod(0o700)


def test_a_history_that_changes_all_the_time_is_not_read_half(
    as_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(as_user))
    data = graded(as_user / "data")
    data.chmod(0o500)
    real = shutil.copyfile
    times: list[int] = []

    def copyfile(source: Path, target: Path) -> None:
        real(source, target)
        times.append(1)
        os.utime(source, ns=(0, len(times)))

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    with pytest.raises(StoreError, match="being written all the time: try again"):
        Store.open(data, create=False)
    assert 1 < len(times) < 20
    assert [path.name for path in as_user.iterdir()] == ["data"]
