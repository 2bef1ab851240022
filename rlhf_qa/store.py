"""The history on disk: what was done is appended, what follows from it is looked up.

The only module, with database.py, that uses `sqlite3`. Every act is one transaction that holds
the events, what is known of their cards and the states derived from them; when `append` has
returned, it is on the disk. Knows no rule of a sitting and no formula: what events mean is in
history.py, the memory model is passed in.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, TypeVar
from uuid import uuid4

from rlhf_qa import database, derived, history
from rlhf_qa.errors import NotStored, StoreError
from rlhf_qa.events import ACTS, GRADES, Event, EventKind
from rlhf_qa.memory import CardId, CardState, MemoryState, Rating, StudyDay
from rlhf_qa.messages import tr
from rlhf_qa.rows import (
    EVENT,
    REGISTRY,
    STATE,
    event_of,
    event_row,
    marks_for,
    registry_of,
    registry_row,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from rlhf_qa.events import Draft, Order
    from rlhf_qa.memory import Moment, Schedule
    from rlhf_qa.registry import RegistryRow
    from rlhf_qa.rows import Row

_T = TypeVar("_T")

_LEAD_MS: Final = 24 * 60 * 60 * 1000
"""How far ahead of our clock another device's may draw us along."""

_MEMORY_DEVICE: Final = "memory"

_UNDO: Final = frozenset({EventKind.UNDO.value})

# The plus sign keeps the planner from sorting all acts instead of walking back from the newest.
_NEWEST_ACTS: Final = (
    f"SELECT {EVENT} FROM events WHERE +k IN ({', '.join('?' * len(ACTS))})"  # noqa: S608
    " ORDER BY hlc DESC, dev DESC, seq DESC, id DESC"
)

_PREDICTIONS: Final = (
    "SELECT s.event, s.card, s.day, s.elapsed, s.rating, s.stability_before, s.difficulty_before"
    " FROM event_state s JOIN events e ON e.id = s.event WHERE s.is_recall"
    " ORDER BY e.hlc, e.dev, e.seq, e.id"
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was known of a card of an earlier day when it was graded, and the grade."""

    event_id: str
    card: CardId
    day: StudyDay
    memory: MemoryState
    """Before the grade."""
    elapsed: int
    """Study days since the grade before, 1 or more."""
    rating: Rating


class Store:
    """A history. Open it with `open` or `in_memory`, close it when done."""

    def __init__(self, opened: database.Opened, device: str | None) -> None:
        self._opened = opened
        self._db = opened.connection
        self._device = device

    @classmethod
    def open(cls, directory: Path, *, create: bool) -> Self:
        """The history in `directory`.

        With `create` the folder and its files are made where they are missing. Without, nothing
        is ever made: where there is no history, an empty one that cannot be written stands in.

        Raises:
            StoreNewer: a newer version wrote it; nothing was touched.
            StoreError: it is damaged, foreign, another user's, or cannot be written.
        """
        opened = database.open_history(directory, create=create)
        if opened is None:
            return cls(database.in_memory(), None)
        store = cls(opened, None)
        if create:
            try:
                with database.writing(store._db):
                    store._name_device()
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def in_memory(cls) -> Self:
        """An empty history that can be written and ends with the process."""
        return cls(database.in_memory(), _MEMORY_DEVICE)

    def close(self) -> None:
        """Give the files back. Nothing is lost without it."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Writing.

    def append(
        self,
        drafts: Sequence[Draft],
        moment: Moment,
        schedule: Schedule,
        rows: Sequence[RegistryRow] = (),
    ) -> tuple[Event, ...]:
        """Store `drafts` as events of `moment`, with what is known of their cards.

        Raises:
            NotStored: nothing of it was stored; everything before is, and it may be tried again.
        """
        with database.writing(self._db):
            newest = self._newest()
            events = self._placed(drafts, moment, schedule.model, newest)
            self._insert("INSERT INTO events", EVENT, map(event_row, events))
            self._insert("INSERT OR REPLACE INTO registry", REGISTRY, map(registry_row, rows))
            derived.follow(self._db, events, schedule, newest_before=newest)
        return events

    def remember(self, rows: Sequence[RegistryRow]) -> None:
        """Store what is known of cards without anything having been done with them.

        Raises:
            NotStored: nothing of it was stored.
        """
        with database.writing(self._db):
            self._insert("INSERT OR REPLACE INTO registry", REGISTRY, map(registry_row, rows))

    def rebuild(self, schedule: Schedule) -> None:
        """Compute everything that is derived anew from the events.

        Raises:
            NotStored: what was derived before is still there.
        """
        with database.writing(self._db):
            derived.rebuild(self._db, schedule)

    # The events.

    def events(
        self,
        *,
        card: CardId | None = None,
        day: StudyDay | None = None,
        kinds: frozenset[str] | None = None,
    ) -> tuple[Event, ...]:
        """The events as stored, in order, those that were undone included.

        `card`: of this card under any of its ids. `day`: stored under this study day.

        Raises:
            StoreError: here as in all that reads: the database is damaged or not to be had.
        """
        where, values = ["TRUE"], list[object]()
        if card is not None:
            where.append("card IN (SELECT card FROM alias WHERE canonical = ? UNION SELECT ?)")
            values += [self.resolve(card)] * 2
        if day is not None:
            where.append("day = ?")
            values.append(day)
        if kinds is not None:
            where.append(f"k IN ({', '.join('?' * len(kinds))})")
            values += sorted(kinds)
        return tuple(self._read(lambda: derived.select(self._db, " AND ".join(where), values)))

    def live(self, day: StudyDay) -> tuple[Event, ...]:
        """The events of a study day that count, in order; undos themselves left out."""
        return self._read(lambda: self._live(day))

    def live_events(self) -> tuple[Event, ...]:
        """All events that count, in order, each under the study day it belongs to."""
        return history.live(self.events())

    def undoable(self) -> Event | None:
        """What undo would take back: the learner's last act, of any day, that is in force."""
        voided = history.voids(self.events(kinds=_UNDO))
        return self._read(lambda: self._newest_act(voided))

    def redoable(self) -> Event | None:
        """The undo that redo would undo; None if something else was done after it."""
        undos = self.events(kinds=_UNDO)
        named = [of for undo in undos if isinstance(of := undo.payload.get("of"), str)]
        targets = self._read(lambda: derived.select_in(self._db, "id", named))
        newest = self._read(lambda: self._newest_act({}))
        return history.redoable(undos, {event.id: event for event in targets}, newest)

    def settings(self) -> Mapping[str, object]:
        """Each setting as it was last made."""
        kinds = frozenset({EventKind.SETTINGS, EventKind.UNDO})
        return history.settings(history.live(self.events(kinds=kinds)))

    # What follows from them.

    def states(self) -> Mapping[CardId, CardState]:
        """The state of every card with a past, under the id its history is kept under."""
        query = f"SELECT {STATE} FROM card_state"  # noqa: S608
        return self._read(
            lambda: {row[0]: state_of(row) for row in self._db.execute(query).fetchall()}
        )

    def state(self, card: CardId) -> CardState:
        """The state of one card, given any of its ids."""
        return self._read(lambda: derived.state_of(self._db, derived.resolve(self._db, card)))

    def resolve(self, card: CardId) -> CardId:
        """The id that the history of `card` is kept under."""
        return self._read(lambda: derived.resolve(self._db, card))

    def aliases(self) -> Mapping[CardId, CardId]:
        """Linked ids, each with the id its history is kept under."""
        return self._read(lambda: derived.aliases(self._db))

    def predictions(self) -> tuple[Prediction, ...]:
        """Every grade that counts of a card of an earlier day, in order."""
        return self._read(
            lambda: tuple(
                Prediction(event, card, day, MemoryState(*memory), elapsed, Rating(rating))
                for event, card, day, elapsed, rating, *memory in self._db.execute(_PREDICTIONS)
            )
        )

    # What is known of the cards.

    def registry(self) -> Mapping[CardId, RegistryRow]:
        """Every card ever met in a note, as it was last seen."""
        query = f"SELECT {REGISTRY} FROM registry"  # noqa: S608
        return self._read(
            lambda: {row[0]: registry_of(row) for row in self._db.execute(query).fetchall()}
        )

    def cards_with_history(self) -> frozenset[CardId]:
        """Cards that something was done with, undone or not."""
        query = "SELECT DISTINCT card FROM events WHERE card IS NOT NULL AND k <> ?"
        linked = self.aliases()
        found = self._read(lambda: self._db.execute(query, (EventKind.LINK,)).fetchall())
        return frozenset(linked.get(card, card) for (card,) in found)

    # Inside.

    def _name_device(self) -> str:
        if self._device is None:
            if self._opened.directory is None:
                raise NotStored(tr("not stored: this history is open for reading only"))
            self._device = database.device_id(self._opened.directory)
        return self._device

    def _newest(self) -> int:
        found: int = self._db.execute("SELECT coalesce(max(hlc), 0) FROM events").fetchone()[0]
        return found

    def _placed(
        self, drafts: Sequence[Draft], moment: Moment, model: str, newest: int
    ) -> tuple[Event, ...]:
        """The drafts as events, after everything that is known."""
        device = self._name_device()
        own = self._db.execute(
            "SELECT seq, hlc FROM events WHERE dev = ? ORDER BY seq DESC LIMIT 1", (device,)
        ).fetchone()
        seq, last = own or (0, 0)
        last = max(last, min(newest, moment.utc_ms + _LEAD_MS))
        first = max(moment.utc_ms, last + 1)
        return tuple(
            Event(
                id=str(uuid4()),
                dev=device,
                seq=seq + 1 + n,
                hlc=first + n,
                utc=moment.utc_ms,
                tz=moment.tz_minutes,
                day=moment.day,
                kind=draft.kind,
                card=draft.card,
                rating=draft.rating,
                duration_ms=draft.duration_ms,
                model=model if draft.kind in GRADES else None,
                payload=dict(draft.payload),
            )
            for n, draft in enumerate(drafts)
        )

    def _insert(self, what: str, columns: str, found: Iterable[Row]) -> None:
        self._db.executemany(f"{what} ({columns}) VALUES ({marks_for(columns)})", found)

    def _live(self, day: StudyDay) -> tuple[Event, ...]:
        """A redate may bring an event of another day here, so that is loaded as well."""
        amending = (EventKind.UNDO, EventKind.REDATE)
        found = derived.select(self._db, "day = ? OR k IN (?, ?)", (day, *amending))
        moved = [
            of
            for event in found
            if event.kind == EventKind.REDATE and isinstance(of := event.payload.get("of"), str)
        ]
        found += derived.select_in(self._db, "id", moved)
        events = {event.id: event for event in found}
        return tuple(event for event in history.live(events.values()) if event.day == day)

    def _newest_act(self, voided: Mapping[str, Order]) -> Event | None:
        with closing(self._db.execute(_NEWEST_ACTS, sorted(ACTS))) as found:
            return history.undoable(map(event_of, found), voided)

    def _read(self, look: Callable[[], _T]) -> _T:
        """Look something up.

        Raises:
            StoreError: the database is damaged, or another process does not let go of it.
        """
        try:
            return look()
        except (sqlite3.Error, ValueError) as error:
            raise StoreError(tr("the history cannot be read: {problem}", problem=error)) from error
