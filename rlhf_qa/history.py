"""What events mean: the state of each card as a pure fold over its history.

Knows no file, no clock and no formula; the memory model is passed in. Everything here depends
on the set of events only, never on the order in which they arrived: all reading is in
`Event.order`. What cannot be true (a rating of 7, a day in year 9999) is passed over, never an
error, so that one bad line costs one event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rlhf_qa.events import ACTS, GRADES, EventKind
from rlhf_qa.memory import FIRST_DAY, LAST_DAY, CardId, CardState, Rating, StudyDay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rlhf_qa.events import Event, Order
    from rlhf_qa.memory import MemoryState, Schedule

RECALLS: frozenset[str] = frozenset({EventKind.REVIEW, EventKind.MOCK})
"""Grades that test a memory of an earlier day. A return follows the answer just seen."""

_RATINGS = frozenset(map(int, Rating))


@dataclass(frozen=True, slots=True)
class Step:
    """One grade within the fold of its card."""

    event: Event
    before: MemoryState | None
    """None: the first grade of the card."""
    elapsed: int
    """Study days since the grade before, 0 or more."""
    after: MemoryState
    is_recall: bool
    """The card was seen on an earlier study day: what was predicted can be compared."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A card's past, folded."""

    state: CardState
    steps: tuple[Step, ...]


# Which events count.


def voids(events: Iterable[Event]) -> Mapping[str, Order]:
    """Ids that an undo in force names, each with the place of the last such undo.

    Read from the end: by the time an undo is met, every one that could undo it is known.
    """
    undos = (event for event in events if event.kind == EventKind.UNDO)
    found: dict[str, Order] = {}
    for undo in sorted(undos, key=lambda event: event.order, reverse=True):
        of = undo.payload.get("of")
        if isinstance(of, str) and not is_void(undo, found):
            found.setdefault(of, undo.order)
    return found


def is_void(event: Event, voided: Mapping[str, Order]) -> bool:
    """Whether `event` counts as absent: an undo that is in force came after it."""
    undone = voided.get(event.id)
    return undone is not None and undone > event.order


def live(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events that count, in order, on the study day they belong to; undos left out."""
    ordered = sorted(events, key=lambda event: event.order)
    voided = voids(ordered)
    kept = [e for e in ordered if e.kind != EventKind.UNDO and not is_void(e, voided)]
    days = _redated(kept)
    return tuple(replace(e, day=days[e.id]) if e.id in days else e for e in kept)


def is_sound(event: Event) -> bool:
    """Whether day, duration and rating can be true. Other events are kept and not folded."""
    return (
        FIRST_DAY <= event.day <= LAST_DAY
        and (event.duration_ms is None or event.duration_ms >= 0)
        and (event.kind not in GRADES or event.rating in _RATINGS)
    )


def undoable(newest_first: Iterable[Event], voided: Mapping[str, Order]) -> Event | None:
    """The last act of the learner that is in force."""
    acts = (e for e in newest_first if e.kind in ACTS and not is_void(e, voided))
    return next(acts, None)


def redoable(
    undos: Iterable[Event], targets: Mapping[str, Event], newest_act: Event | None
) -> Event | None:
    """The undo to undo, so that the act last taken back is done again.

    None if nothing was taken back, or if the learner has done something else since.
    `targets` are the events that `undos` name, by id.
    """
    ordered = sorted(undos, key=lambda event: event.order, reverse=True)
    voided = voids(ordered)
    for undo in ordered:
        of = undo.payload.get("of")
        act = targets.get(of) if isinstance(of, str) else None
        if act is None or act.kind not in ACTS or not act.order < undo.order:
            continue
        if not is_void(undo, voided):
            overtaken = newest_act is not None and newest_act.order > undo.order
            return None if overtaken else undo
    return None


# What the events of all cards say together. These take live events, in order.


def aliases(events: Iterable[Event]) -> dict[CardId, CardId]:
    """For each linked id the card whose history it belongs to, chains followed to their end.

    Of each id the last link counts; in order, one that would close a circle is ignored.
    """
    last = {e.card: e for e in events if e.kind == EventKind.LINK and e.card is not None}
    links: dict[CardId, CardId] = {}
    for card, link in sorted(last.items(), key=lambda item: item[1].order):
        to = link.payload.get("to")
        if isinstance(to, str) and to and _end(CardId(to), links) != card:
            links[card] = CardId(to)
    return {card: _end(card, links) for card in links}


def settings(events: Iterable[Event]) -> dict[str, object]:
    """Each setting as it was last made."""
    return {
        name: event.payload.get("value")
        for event in events
        if event.kind == EventKind.SETTINGS and isinstance(name := event.payload.get("name"), str)
    }


def by_card(events: Iterable[Event], linked: Mapping[CardId, CardId]) -> dict[CardId, list[Event]]:
    """The events of each card under the id its history is kept under."""
    found: dict[CardId, list[Event]] = {}
    for event in events:
        if event.card is not None and event.kind != EventKind.LINK:
            found.setdefault(linked.get(event.card, event.card), []).append(event)
    return found


# What happens to one card.


def fold(card: CardId, events: Sequence[Event], schedule: Schedule) -> Folded:
    """The state of `card` after its live events, given in order."""
    state = CardState(card)
    steps: list[Step] = []
    for event in events:
        state, step = advance(state, event, schedule)
        if step is not None:
            steps.append(step)
    return Folded(state, tuple(steps))


def advance(state: CardState, event: Event, schedule: Schedule) -> tuple[CardState, Step | None]:
    """The state after one more event, and the step it makes if it moves the memory."""
    if not is_sound(event):
        return state, None
    if event.kind in GRADES and event.rating is not None:
        return _graded(state, event, Rating(event.rating), schedule)
    return _acted(state, event), None


def _graded(
    state: CardState, event: Event, rating: Rating, schedule: Schedule
) -> tuple[CardState, Step]:
    last_day = state.last_day
    elapsed = 0 if last_day is None else max(0, event.day - last_day)
    is_recall = event.kind in RECALLS and elapsed > 0
    following = schedule.next_state(state.memory, rating, elapsed)
    moved = replace(
        state,
        memory=following.memory,
        last_day=event.day,
        due_day=StudyDay(event.day + following.interval_days),
        reps=state.reps + 1,
        lapses=state.lapses + (is_recall and rating is Rating.AGAIN),
    )
    return moved, Step(event, state.memory, elapsed, following.memory, is_recall)


def _acted(state: CardState, event: Event) -> CardState:
    payload = event.payload
    match event.kind:
        case EventKind.FORGET:
            return CardState(
                state.card,
                suspended=state.suspended,
                buried_until=state.buried_until,
                marks=state.marks,
            )
        case EventKind.SUSPEND | EventKind.UNSUSPEND:
            return replace(state, suspended=event.kind == EventKind.SUSPEND)
        case EventKind.BURY:
            until = _day(payload.get("until"))
            return state if until is None else replace(state, buried_until=until)
        case EventKind.MARK:
            name, on = payload.get("name"), payload.get("on")
            if not isinstance(name, str) or not isinstance(on, bool):
                return state
            return replace(state, marks=state.marks | {name} if on else state.marks - {name})
        case _:
            return state


def _redated(events: Iterable[Event]) -> dict[str, StudyDay]:
    """Study days that were put right, by event; the last word counts."""
    days: dict[str, StudyDay] = {}
    for event in events:
        of, day = event.payload.get("of"), _day(event.payload.get("day"))
        if event.kind == EventKind.REDATE and isinstance(of, str) and day is not None:
            days[of] = day
    return days


def _day(value: object) -> StudyDay | None:
    """A study day from a payload; None if it can be none."""
    if isinstance(value, int) and FIRST_DAY <= value <= LAST_DAY:
        return StudyDay(value)
    return None


def _end(card: CardId, links: Mapping[CardId, CardId]) -> CardId:
    while card in links:
        card = links[card]
    return card
