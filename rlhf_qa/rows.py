"""How values of the history become rows of the database, and rows values again.

Knows the columns of migrations/0001.sql and no SQL connection.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from rlhf_qa.events import Event
from rlhf_qa.memory import CardId, CardState, MemoryState, StudyDay
from rlhf_qa.registry import RegistryRow, Status

if TYPE_CHECKING:
    from rlhf_qa.history import Step

Row = tuple[Any, ...]
"""As the database gives it; STRICT tables vouch for the types of its columns."""

EVENT: Final = "id, dev, seq, hlc, utc, tz, day, k, card, r, ms, m, p"
STATE: Final = (
    "card, stability, difficulty, last_day, due_day, reps, lapses, suspended, buried_until,"
    " marks, model"
)
STEP: Final = (
    "event, card, day, rating, stability_before, difficulty_before, elapsed, stability,"
    " difficulty, is_recall"
)
REGISTRY: Final = (
    "card, deck, path, path_key, trail, question, digest, answer_text, place, first_seen,"
    " last_seen, status"
)


def marks_for(columns: str) -> str:
    """One placeholder for each column."""
    return ", ".join("?" * (columns.count(",") + 1))


def event_row(event: Event) -> Row:
    """A row of `events`.

    Raises:
        ValueError: the payload is no JSON.
    """
    return (
        event.id,
        event.dev,
        event.seq,
        event.hlc,
        event.utc,
        event.tz,
        event.day,
        event.kind,
        event.card,
        event.rating,
        event.duration_ms,
        event.model,
        _json(event.payload),
    )


def event_of(row: Row) -> Event:
    """The event of a row. A payload that is damaged reads as an empty one."""
    name, dev, seq, hlc, utc, tz, day, kind, card, rating, duration, model, payload = row
    return Event(
        name, dev, seq, hlc, utc, tz, day, kind, card, rating, duration, model, _payload(payload)
    )


def state_row(state: CardState, model: str) -> Row:
    """A row of `card_state`, folded with `model`."""
    memory = state.memory
    return (
        state.card,
        memory.stability if memory else None,
        memory.difficulty if memory else None,
        state.last_day,
        state.due_day,
        state.reps,
        state.lapses,
        state.suspended,
        state.buried_until,
        _json(sorted(state.marks)),
        model,
    )


def state_of(row: Row) -> CardState:
    """The state of a row.

    Raises:
        ValueError: the row is damaged.
    """
    card, stability, difficulty, last, due, reps, lapses, suspended, buried, marks, _ = row
    memory = None if stability is None else MemoryState(stability, difficulty)
    flags = frozenset(json.loads(marks)) if marks != "[]" else frozenset()
    return CardState(card, memory, last, due, reps, lapses, bool(suspended), buried, flags)


def step_row(step: Step, card: CardId) -> Row:
    """A row of `event_state`, under the id that the history of the card is kept under."""
    before, after = step.before, step.after
    return (
        step.event.id,
        card,
        step.event.day,
        step.event.rating,
        before.stability if before else None,
        before.difficulty if before else None,
        step.elapsed,
        after.stability,
        after.difficulty,
        step.is_recall,
    )


def registry_row(row: RegistryRow) -> Row:
    """A row of `registry`. The path is kept as bytes: a file may have any name."""
    return (
        row.card,
        row.deck,
        os.fsencode(row.path),
        row.path_key,
        _json(row.trail),
        row.question,
        row.digest,
        row.answer_text,
        row.order,
        row.first_seen,
        row.last_seen,
        row.status.value,
    )


def registry_of(row: Row) -> RegistryRow:
    """The registry's value of a row.

    Raises:
        ValueError: the row is damaged.
    """
    card, deck, path, path_key, trail, question, digest, answer, place, first, last, status = row
    return RegistryRow(
        card=CardId(card),
        deck=deck,
        path=os.fsdecode(path),
        path_key=path_key,
        trail=tuple(json.loads(trail)),
        question=question,
        digest=digest,
        answer_text=answer,
        order=place,
        first_seen=StudyDay(first),
        last_seen=StudyDay(last),
        status=Status(status),
    )


def _json(value: object) -> str:
    return json.dumps(
        value if not isinstance(value, tuple) else list(value),
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _payload(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
