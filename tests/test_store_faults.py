"""What happens when the disk, the database or another process gets in the way."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from rlhf_qa import database
from rlhf_qa.errors import NotStored, StoreError
from rlhf_qa.events import Draft, EventKind
from rlhf_qa.memory import CardId, Rating
from rlhf_qa.registry import RegistryRow
from rlhf_qa.store import Store
from tests.histories import DAY, A, B, Simple, moment
from tests.test_store_derived import tables

ROOT = Path(__file__).parents[1]
GRADE = Draft(EventKind.REVIEW, A, Rating.GOOD, 900, {"sitting": "s"})

ACTS: list[list[Draft]] = [
    [GRADE, Draft(EventKind.SETTINGS, payload={"name": "style:a", "value": "heading"})],
    [Draft(EventKind.LINK, B, payload={"to": A}), Draft(EventKind.REVIEW, B, Rating.AGAIN, 1)],
    [GRADE],
]
ROW = RegistryRow(A, "a", "/a.md", "a", ("A",), "A?", "00", "a", 0, DAY, DAY)

GRADER = """
import sys
from pathlib import Path
from rlhf_qa.events import Draft, EventKind
from rlhf_qa.memory import CardId, Rating
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.store import Store
from tests.histories import moment

directory, count, card = Path(sys.argv[1]), int(sys.argv[2]), CardId(sys.argv[3])
schedule = Scheduler()
print("ready", flush=True)
sys.stdin.readline()
with Store.open(directory, create=True) as store:
    for n in range(count):
        draft = Draft(EventKind.REVIEW, card, Rating.GOOD, n)
        (event,) = store.append([draft], moment(ms=n), schedule)
        print(event.id, flush=True)
"""


class Failing(sqlite3.Connection):
    """Fails at the statement whose turn it is."""

    left = -1
    error: Exception = sqlite3.OperationalError("disk I/O error")

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        self._count()
        return super().execute(sql, values)

    def executemany(self, sql: str, values: Any) -> sqlite3.Cursor:
        self._count()
        return super().executemany(sql, values)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, factory=Failing, **k))


def contents(store: Store) -> object:
    return store.events(), store.registry(), tables(store)


def connection(store: Store) -> Failing:
    assert isinstance(store._db, Failing)
    return store._db


def attempt(store: Store, drafts: list[Draft], at: int = -1) -> NotStored | None:
    """Append, while statement number `at` from now fails; what was said, if it was not stored."""
    connection(store).left = at
    try:
        store.append(drafts, moment(days=1), Simple(), [ROW])
    except NotStored as error:
        return error
    finally:
        connection(store).left = -1
    return None


@pytest.mark.usefixtures("failing")
def test_whichever_statement_fails_an_act_is_wholly_there_or_not_at_all(tmp_path: Path) -> None:
    failed = 0
    with Store.open(tmp_path, create=True) as store:
        for n, drafts in enumerate(ACTS, 1):
            before = contents(store)
            at = 1
            while (said := attempt(store, drafts, at)) is not None:
                assert "not stored: disk I/O error" in str(said)
                assert contents(store) == before
                at += 1
            failed += at - 1
            assert len(store.events()) == sum(map(len, ACTS[:n]))
            assert store.registry() == {A: ROW}
            found = tables(store)
            store.rebuild(Simple())
            assert tables(store) == found
    # At least: begin, look at the clock, insert, derive and commit, in each act.
    assert failed > 10 * len(ACTS)


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError()])
def test_whatever_else_happens_inside_is_rolled_back_and_goes_on_its_way(
    tmp_path: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Failing, "error", error)
    with Store.open(tmp_path, create=True) as store:
        before = contents(store)
        connection(store).left = 8
        with pytest.raises(type(error)):
            store.append([GRADE], moment(), Simple())
        assert contents(store) == before
        store.append([GRADE], moment(), Simple())
        assert len(store.events()) == 1


@pytest.mark.usefixtures("failing")
def test_a_full_disk_loses_the_grade_in_hand_and_no_other(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages + 3}")
        said = None
        while said is None:
            said = attempt(store, [GRADE])
        stored = len(store.events())
        assert "the disk is full" in str(said)
        assert stored > 0
        store._db.execute("PRAGMA max_page_count = 1000000")
        assert store.state(A).reps == stored
        store.append([GRADE], moment(), Simple())
    with Store.open(tmp_path, create=False) as store:
        assert len(store.events()) == store.state(A).reps == stored + 1


def test_another_process_that_does_not_let_go(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        other = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        store._db.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(NotStored, match="another rlhf-qa is writing"):
            store.append([GRADE], moment(), Simple())
        assert store.events() == ()
        other.execute("ROLLBACK")
        other.close()
        store.append([GRADE], moment(), Simple())
        assert len(store.events()) == 1


@pytest.mark.usefixtures("failing")
def test_a_database_in_use_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(tmp_path, create=True).close()
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorname = "SQLITE_BUSY"
    monkeypatch.setattr(Failing, "error", busy)
    monkeypatch.setattr(Failing, "left", 3)
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path, create=False)
    assert "cannot be opened: another rlhf-qa is writing" in str(caught.value)
    assert "copy" not in str(caught.value)


@pytest.mark.usefixtures("failing")
def test_a_first_start_that_fails_anywhere_can_be_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement of creating the database fails once; nothing stands in the way after."""
    for at in range(1, 1_000):
        directory = tmp_path / str(at)
        monkeypatch.setattr(Failing, "left", at)
        opened = None
        with suppress(StoreError):
            opened = Store.open(directory, create=True)
        monkeypatch.setattr(Failing, "left", -1)
        if opened is not None:
            opened.close()
            break
        with Store.open(directory, create=True) as store:
            store.append([GRADE], moment(), Simple())
            assert len(store.events()) == 1
    assert at > 20


def test_a_database_that_breaks_while_it_is_read(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        store.append([GRADE], moment(), Simple())
        store._db.execute("DROP TABLE card_state")
        for look in (store.states, lambda: store.state(A)):
            with pytest.raises(StoreError, match="the history cannot be read: no such table"):
                look()
        with pytest.raises(NotStored):
            store.append([GRADE], moment(), Simple())
        assert len(store.events()) == 1


def test_rows_that_refer_to_nothing_stop_a_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "migrations").mkdir()
    real = Path(database.__file__).parent / "migrations" / "0001.sql"
    steps = tmp_path / "migrations"
    (steps / "0001.sql").write_text(real.read_text("utf-8"), "utf-8")
    (steps / "0002.sql").write_text(
        "CREATE TABLE extra (event TEXT REFERENCES events (id)) STRICT;\n"
        "PRAGMA defer_foreign_keys = ON;\n"
        "INSERT INTO extra VALUES ('no such event');\n",
        "utf-8",
    )
    data = tmp_path / "data"
    with Store.open(data, create=True) as store:
        store.append([GRADE], moment(), Simple())
    before = (data / "history.db").read_bytes()
    monkeypatch.setattr(database, "SCHEMA", 2)
    monkeypatch.setattr(database, "__file__", str(tmp_path / "database.py"))
    with pytest.raises(StoreError, match="rows refer to rows that are not there"):
        Store.open(data, create=True)
    assert (data / "history.db").read_bytes() == before
    (steps / "0002.sql").write_text(
        "-- One more table; with a trigger.\n"
        "CREATE TABLE extra (x INTEGER) STRICT;\n"
        "CREATE TRIGGER t AFTER INSERT ON extra\nBEGIN\n    SELECT 1;\n    SELECT 2;\nEND;\n",
        "utf-8",
    )
    with Store.open(data, create=True) as store:
        assert store._db.execute("PRAGMA user_version").fetchone() == (2,)
        assert store._db.execute("SELECT count(*) FROM extra").fetchone() == (0,)
        assert len(store.events()) == 1


# Several processes.


@pytest.fixture
def graders() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def start(directory: Path, count: int, card: str) -> subprocess.Popen[str]:
    """A process that is ready to grade, and begins when told."""
    process = subprocess.Popen(
        [sys.executable, "-c", GRADER, str(directory), str(count), card],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def begin(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


def test_two_sittings_at_once_and_a_first_start_of_both(
    tmp_path: Path, graders: list[subprocess.Popen[str]]
) -> None:
    data = tmp_path / "data"
    graders += [start(data, 200, "a"), start(data, 200, "b")]
    begin(graders)
    told = {name for process in graders for name in process.communicate()[0].split()}
    assert [process.returncode for process in graders] == [0, 0]
    with Store.open(data, create=False) as store:
        events = store.events()
        assert {event.id for event in events} == told
        assert len(told) == 400
        assert len({event.dev for event in events}) == 1
        assert sorted(event.seq for event in events) == list(range(1, 401))
        assert len({event.hlc for event in events}) == 400
        assert [store.state(CardId(card)).reps for card in ("a", "b")] == [200, 200]


def test_a_process_that_is_killed_has_lost_nothing_it_reported(
    tmp_path: Path, graders: list[subprocess.Popen[str]]
) -> None:
    told: list[str] = []
    for after in (1, 7, 40):
        process = start(tmp_path, 100_000, "a")
        graders.append(process)
        begin([process])
        assert process.stdout is not None
        told += [process.stdout.readline().strip() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        told += process.communicate()[0].split()
        with Store.open(tmp_path, create=False) as store:
            stored = [event.id for event in store.events()]
            # The last line may have been cut off, and one grade stored that was not reported.
            whole = [name for name in told if len(name) == 36]
            assert set(whole) <= set(stored)
            assert len(stored) <= len(told) + 1 + len(graders)
            assert store.state(A).reps == len(stored)
            found = tables(store)
    assert len(told) >= 48
    assert found["card_state"]
