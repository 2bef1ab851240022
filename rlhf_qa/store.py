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
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar
from uuid import uuid4

from rlhf_qa import database, derived, history, rows
from rlhf_qa.errors import NotStored, StoreError
from rlhf_qa.events import ACTS, GRADES, Event, EventKind
from rlhf_qa.memory import CardId, CardState, MemoryState, Rating, StudyDay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from rlhf_qa.events import Draft
    from rlhf_qa.memory import Moment, Schedule
    from rlhf_qa.registry import RegistryRow

_T = TypeVar("_T")

_LEAD_MS: Final = 24 * 60 * 60 * 1000
"""How far ahead of our clock another device's may draw us along."""

_MEMORY_DEVICE: Final = "memory"


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
            self._insert("events", _EVENT, map(_event_row, events))
            self._insert("registry", _REGISTRY, map(_registry_row, rows))
            derived.follow(self._db, events, schedule, newest_before=newest)
        return events

    def rebuild(self, schedule: Schedule) -> None:
        """Compute everything that is derived anew from the events.

        Raises:
            NotStored: what was derived before is still there.
        """
        with database.writing(self._db):
            derived.rebuild(self._db, schedule)
