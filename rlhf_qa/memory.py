"""What is remembered of a card: ratings, memory states and study moments, as frozen values.

Knows no formula (scheduler.py), no file (store.py) and no clock (clock.py).
All days are *study days*: proleptic Gregorian ordinals (`date.toordinal`) of the local
date after the rollover hour has been taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final, NewType, Protocol

CardId = NewType("CardId", str)
"""`=name` for an id its author wrote, else 26 lower-case base32 characters."""

StudyDay = NewType("StudyDay", int)
"""Ordinal of a study day."""

FIRST_DAY: Final = StudyDay(date(2000, 1, 1).toordinal())
LAST_DAY: Final = StudyDay(date(2199, 12, 31).toordinal())
"""Study days that are believed. A clock or an event outside them is wrong."""

LEECH_LAPSES: Final = 4
"""Lapses that make a leech. Anki's default is 8; a preparation of some weeks is shorter."""

LEECH_AGAIN: Final = 2
"""Lapses after which a leech is named again."""


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

    @property
    def is_leech_to_be_named(self) -> bool:
        """Whether the lapse just counted calls for a word: the first of a leech, then every other."""
        return self.is_leech and (self.lapses - LEECH_LAPSES) % LEECH_AGAIN == 0

    def is_due(self, today: StudyDay) -> bool:
        """Whether it is to be asked again. One last seen in the future, under a wrong clock, is."""
        if self.due_day is None or self.last_day is None:
            return False
        return self.due_day <= today or self.last_day > today

    def is_buried(self, today: StudyDay) -> bool:
        return self.buried_until is not None and today < self.buried_until


class Schedule(Protocol):
    """A memory model: what a grade does to a memory, and how much is left of it.

    `elapsed` is in whole study days since the last grade, 0 or more. Pure: the same arguments
    give the same numbers, to the last bit, as long as `model` is the same.
    """

    @property
    def model(self) -> str:
        """Name of the model and hash of all that its numbers depend on."""

    def next_state(self, memory: MemoryState | None, rating: Rating, elapsed: int) -> NextState:
        """What `rating` makes of `memory`; None is a card never graded."""

    def preview(self, memory: MemoryState | None, elapsed: int) -> Choices:
        """`next_state` of all four ratings."""

    def retrievability(self, memory: MemoryState | None, elapsed: int) -> float:
        """Predicted chance of recall, 0 to 1; 0 for None."""
