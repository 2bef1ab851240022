"""Histories for tests: events made by hand or by chance, and a memory that can be reckoned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from rlhf_qa.events import Event, EventKind
from rlhf_qa.memory import CardId, Choices, MemoryState, Moment, NextState, Rating, StudyDay

DAY = StudyDay(date(2026, 3, 10).toordinal())
A, B, C, D = map(CardId, ("a", "b", "c", "d"))
NOON = 1_773_144_000_000  # 2026-03-10 12:00 UTC
DAY_MS = 24 * 60 * 60 * 1000


class Simple:
    """A memory in round numbers.

    Stability grows by ten times the rating and by the days that have passed, and falls to 1 with
    Again; difficulty is the last rating. The wait is the rating in days.
    """

    def __init__(self, model: str = "simple:1") -> None:
        self._model = model

    @property
    def model(self) -> str:
        return self._model

    def next_state(self, memory: MemoryState | None, rating: Rating, elapsed: int) -> NextState:
        stability = (memory.stability if memory else 0.0) + 10.0 * rating + elapsed
        if rating is Rating.AGAIN:
            stability = 1.0
        return NextState(MemoryState(stability, float(rating)), int(rating))

    def preview(self, memory: MemoryState | None, elapsed: int) -> Choices:
        return Choices(*(self.next_state(memory, rating, elapsed) for rating in Rating))

    def retrievability(self, memory: MemoryState | None, elapsed: int) -> float:
        return 0.0 if memory is None else memory.stability / (memory.stability + elapsed)


def moment(days: int = 0, ms: int = 0) -> Moment:
    """Noon of a day after `DAY`, and some milliseconds."""
    return Moment(NOON + days * DAY_MS + ms, 0, StudyDay(DAY + days))


def event(
    place: int,
    kind: str,
    card: CardId | None = A,
    rating: int | None = None,
    *,
    days: int = 0,
    **payload: object,
) -> Event:
    """The event at `place` in the order, named `e<place>`, on the study day `DAY + days`."""
    return Event(
        id=f"e{place}",
        dev="laptop",
        seq=place,
        hlc=place,
        utc=NOON + days * DAY_MS,
        tz=0,
        day=StudyDay(DAY + days),
        kind=kind,
        card=card,
        rating=rating,
        duration_ms=None,
        model=None,
        payload=payload,
    )


def review(place: int, rating: int, *, days: int = 0, card: CardId = A) -> Event:
    return event(place, EventKind.REVIEW, card, rating, days=days)


def undo(place: int, of: int | str, *, days: int = 0, card: CardId | None = A) -> Event:
    name = of if isinstance(of, str) else f"e{of}"
    return event(place, EventKind.UNDO, card, days=days, of=name)


def link(place: int, card: CardId, to: object) -> Event:
    return event(place, EventKind.LINK, card, to=to)


@st.composite
def _an_event(draw: st.DrawFn, place: int, count: int) -> Event:
    """Mostly sensible, now and then nonsense, and often about another event."""
    kind = draw(st.sampled_from([*EventKind, EventKind.REVIEW, EventKind.UNDO, "later-version"]))
    days = draw(st.integers(0, 40) | st.sampled_from([-(10**6), 10**6]))
    card = draw(st.sampled_from([A, B, C, D]))
    rating = draw(st.integers(0, 5))
    named = st.builds("e{}".format, st.integers(0, count))
    payload: dict[str, object] = {}
    match kind:
        case EventKind.UNDO | EventKind.REDATE:
            payload["of"] = draw(named | st.none())
            payload["day"] = draw(st.integers(DAY, DAY + 40) | st.just("monday"))
        case EventKind.LINK:
            payload["to"] = draw(st.sampled_from([A, B, C, D, "", 7]))
        case EventKind.BURY:
            payload["until"] = draw(st.integers(DAY, DAY + 40) | st.just(10**9))
        case EventKind.MARK:
            payload |= {"name": "star", "on": draw(st.booleans() | st.none())}
        case EventKind.SETTINGS:
            payload |= {"name": draw(st.sampled_from(["x", "y"])), "value": place}
    made = event(place, kind, card, rating, days=days, **payload)
    duration = draw(st.sampled_from([None, 0, 900, -1]))
    dev = draw(st.sampled_from(["laptop", "phone"]))
    # Several events share a clock reading; the rest of the order then decides.
    return replace(made, duration_ms=duration, dev=dev, hlc=place // 2)


@st.composite
def histories(draw: st.DrawFn, longest: int = 24) -> list[Event]:
    """Events in no particular order."""
    count = draw(st.integers(0, longest))
    return draw(st.permutations([draw(_an_event(place, count)) for place in range(count)]))
