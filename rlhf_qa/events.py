"""The immutable events that are the history, and the one order they are read in.

Knows their fields and kinds; not what they do to a card (history.py) or where they lie (store.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rlhf_qa.memory import CardId, Rating, StudyDay


class EventKind(StrEnum):
    """Kinds this version knows. Others are kept and carried, and fold to nothing."""

    REVIEW = "review"
    """A grade. Payload: sitting, digest (of the answer graded), suggested, hint, points…"""
    RETRY = "retry"
    """A grade of a card that came back within its study day. Never a lapse."""
    MOCK = "mock"
    """A confirmed grade of a mock interview."""
    CRAM = "cram"
    """Practice outside the schedule: counted, memory untouched."""
    FORGET = "forget"
    """The memory of the card starts anew."""
    UNDO = "undo"
    """Payload: of. That event counts as absent. An undo can be undone."""
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    BURY = "bury"
    """Payload: until (study day)."""
    MARK = "mark"
    """Payload: name, on."""
    LINK = "link"
    """`card` is the id the text gives now. Payload: to (the id the card has), step, score,
    fingerprint."""
    REDATE = "redate"
    """Payload: of, day. The study day of an event written under a wrong clock."""
    SETTINGS = "settings"
    """Payload: name, value. The last one of a name wins."""


GRADES: frozenset[str] = frozenset({EventKind.REVIEW, EventKind.RETRY, EventKind.MOCK})
"""Kinds that move the memory."""

ACTS: frozenset[str] = GRADES | {
    EventKind.CRAM,
    EventKind.BURY,
    EventKind.SUSPEND,
    EventKind.UNSUSPEND,
    EventKind.MARK,
    EventKind.FORGET,
}
"""What a learner does to a card, and may take back with one key."""

Order = tuple[int, str, int, str]
"""A place in the total order of events."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as the program means it, before the store gives it a place and a time."""

    kind: EventKind
    card: CardId | None = None
    rating: Rating | None = None
    duration_ms: int | None = None
    """From question shown to grade."""
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history, as stored. Never changed, never deleted."""

    id: str
    """Random UUID."""
    dev: str
    """Device that wrote it."""
    seq: int
    """Counter within the device."""
    hlc: int
    """Hybrid logical clock, ms: the wall clock, but never behind any event known before."""
    utc: int
    """Raw wall clock, ms since 1970 UTC."""
    tz: int
    """Offset of local time in minutes."""
    day: StudyDay
    """Study day, fixed when written."""
    kind: str
    """An `EventKind`, or a word of a newer version."""
    card: CardId | None
    rating: int | None
    """1 to 4 as stored; anything else is kept and not folded."""
    duration_ms: int | None
    model: str | None
    """Name and parameter hash of the model that predicted. Evidence only."""
    payload: Mapping[str, object]

    @property
    def order(self) -> Order:
        """The total order, the same on every machine."""
        return (self.hlc, self.dev, self.seq, self.id)
