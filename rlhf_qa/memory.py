"""What is remembered of a card: ratings, memory states and study moments, as frozen values.

Knows no formula (scheduler.py), no file (store.py) and no clock (clock.py).
All days are *study days*: proleptic Gregorian ordinals (`date.toordinal`) of the local
date after the rollover hour has been taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NewType

CardId = NewType("CardId", str)
"""`=name` for an id its author wrote, else 26 lower-case base32 characters."""

StudyDay = NewType("StudyDay", int)
"""Ordinal of a study day."""

LEECH_LAPSES: Final = 4
"""Lapses that make a leech. Anki's default is 8; a preparation of some weeks is shorter."""


class Rating(IntEnum):
    """How well an answer was recalled, as the learner judges it."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as it is stored: what the clock said, and which study day that was."""

    utc_ms: int
    """Milliseconds since 1970-01-01 UTC."""
    tz_minutes: int
    """Offset of local time from UTC."""
    day: StudyDay


@dataclass(frozen=True, slots=True)
class MemoryState:
    """The two numbers FSRS keeps of a memory."""

    stability: float
    """Days until recall falls to 90 %. Greater than 0."""
    difficulty: float
    """1 (easy) to 10 (hard)."""


@dataclass(frozen=True, slots=True)
class NextState:
    """What a rating would make of a memory."""

    memory: MemoryState
    interval_days: int
    """Days to the next review, 1 or more."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The outcome of each of the four grades, known before a key is pressed."""

    again: NextState
    hard: NextState
    good: NextState
    easy: NextState

    def of(self, rating: Rating) -> NextState:
        return (self.again, self.hard, self.good, self.easy)[rating - 1]


@dataclass(frozen=True, slots=True)
class CardState:
    """Everything the past says of one card: the fold of its events."""

    card: CardId
    memory: MemoryState | None = None
    """None until the first grade, and again after `forget`."""
    last_day: StudyDay | None = None
    due_day: StudyDay | None = None
    reps: int = 0
    """Grades that moved the memory (reviews, retries, mocks)."""
    lapses: int = 0
    """Times a card of an earlier study day was failed."""
    suspended: bool = False
    buried_until: StudyDay | None = None
    """Not asked before this study day."""
    marks: frozenset[str] = frozenset()

    @property
    def is_new(self) -> bool:
        return self.memory is None

    @property
    def is_leech(self) -> bool:
        return self.lapses >= LEECH_LAPSES

    def is_buried(self, today: StudyDay) -> bool:
        return self.buried_until is not None and today < self.buried_until
