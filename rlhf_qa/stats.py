"""What the history says in figures: what is due, what was recalled, how long it took.

Pure. Figures only; how they are drawn is ui/tables.py. No forecast of the future and no praise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from rlhf_qa.collection import Entry
from rlhf_qa.events import GRADES, Event, EventKind
from rlhf_qa.memory import CardId, CardState, MemoryState, Rating, Schedule, StudyDay
from rlhf_qa.today import COUNTED_MS

ENOUGH_REVIEWS: Final = 50
"""With fewer reviews a share says little: counts only."""

WINDOWS: Final = (7, 30, None)
"""Days that retention is taken over; None: all."""

AHEAD: Final = 7


class Prediction(Protocol):
    """What was known of a card just before a grade on an earlier day's card."""

    @property
    def card(self) -> CardId: ...
    @property
    def day(self) -> StudyDay: ...
    @property
    def memory(self) -> MemoryState: ...
    @property
    def elapsed(self) -> int: ...
    @property
    def rating(self) -> Rating: ...


@dataclass(frozen=True, slots=True)
class Retention:
    """Recall of cards of an earlier day, over some days."""

    days: int | None
    reviews: int
    recalled: int
    """Graded better than Again."""
    predicted: float | None
    """Mean of what the model had predicted, 0 to 1; None without reviews."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the selection."""

    name: str
    cards: int
    seen: int
    due: int
    recall: float
    """Mean predicted recall today over all its cards; unseen ones count 0."""


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures of a selection on one study day."""

    day: StudyDay
    questions: int
    cards: int
    new: int
    seen: int
    suspended: int
    buried: int
    leeches: int
    due: int
    """Due today or before, and not put aside."""
    due_ahead: tuple[int, ...]
    """Cards falling due on each of the next `AHEAD` days."""
    graded_today: int
    minutes_today: float
    minutes: float
    streak: int
    """Study days in a row with at least one grade; today not yet done does not break it."""
    retention: tuple[Retention, ...]
    topics: tuple[Topic, ...]

    @property
    def unanswered(self) -> int:
        return self.questions - self.cards


def compute(
    entries: Sequence[Entry],
    states: Mapping[CardId, CardState],
    events: Iterable[Event],
    *,
    aliases: Mapping[CardId, CardId],
    predictions: Iterable[Prediction],
    schedule: Schedule,
    day: StudyDay,
) -> Stats:
    """The figures of `entries`. `events` are the live ones, of any cards."""
    cards = [entry for entry in entries if entry.question.answered]
    known = {entry.id: states.get(entry.id) or CardState(entry.id) for entry in cards}
    counted = GRADES | {EventKind.CRAM}
    grades = [
        event
        for event in events
        if event.kind in counted and event.card and aliases.get(event.card, event.card) in known
    ]
    todays = [event for event in grades if event.day == day]
    seen = [state for state in known.values() if not state.is_new]
    active = [state for state in seen if not state.suspended]
    return Stats(
        day=day,
        questions=len(entries),
        cards=len(cards),
        new=len(known) - len(seen),
        seen=len(seen),
        suspended=sum(state.suspended for state in known.values()),
        buried=sum(state.is_buried(day) for state in known.values()),
        leeches=sum(state.is_leech for state in known.values()),
        due=sum(is_due(state, day) for state in active),
        due_ahead=tuple(
            sum(state.due_day == day + n for state in active) for n in range(1, AHEAD + 1)
        ),
        graded_today=len(todays),
        minutes_today=_minutes(todays),
        minutes=_minutes(grades),
        streak=streak({event.day for event in grades}, day),
        retention=_retention([p for p in predictions if p.card in known], schedule, day),
        topics=_topics(cards, known, schedule, day),
    )


def is_due(state: CardState, day: StudyDay) -> bool:
    """Whether a seen card would be asked on `day`."""
    return state.is_due(day) and not state.suspended and not state.is_buried(day)


def streak(days: set[StudyDay], today: StudyDay) -> int:
    """Length of the run of study days that ends today or yesterday."""
    last = today if today in days else today - 1
    count = 0
    while last - count in days:
        count += 1
    return count


def recall(state: CardState, schedule: Schedule, day: StudyDay) -> float:
    """Predicted recall of a card on `day`; 0 for an unseen one."""
    if state.last_day is None:
        return 0.0
    return schedule.retrievability(state.memory, max(0, day - state.last_day))


def _retention(
    predictions: Sequence[Prediction], schedule: Schedule, day: StudyDay
) -> tuple[Retention, ...]:
    found = []
    for days in WINDOWS:
        inside = [p for p in predictions if days is None or day - days < p.day <= day]
        expected = [schedule.retrievability(p.memory, p.elapsed) for p in inside]
        recalled = sum(p.rating > Rating.AGAIN for p in inside)
        mean = sum(expected) / len(expected) if expected else None
        found.append(Retention(days, len(inside), recalled, mean))
    return tuple(found)


def _topics(
    cards: Sequence[Entry],
    known: Mapping[CardId, CardState],
    schedule: Schedule,
    day: StudyDay,
) -> tuple[Topic, ...]:
    groups: dict[str, list[CardState]] = {}
    for entry in cards:
        groups.setdefault(entry.topic, []).append(known[entry.id])
    return tuple(
        Topic(
            name=name,
            cards=len(states),
            seen=sum(not state.is_new for state in states),
            due=sum(is_due(state, day) for state in states),
            recall=sum(recall(state, schedule, day) for state in states) / len(states),
        )
        for name, states in groups.items()
    )


def _minutes(events: Sequence[Event]) -> float:
    return sum(min(event.duration_ms or 0, COUNTED_MS) for event in events) / 60_000
