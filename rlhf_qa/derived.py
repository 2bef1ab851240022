"""The tables that are computed from the events: card_state, event_state and alias.

Written in the transaction of the events they follow from. An event that comes after all others
moves the state of its card by one step; anything else folds the cards concerned anew. Both ways
give the same bits as folding everything. What an event means is in history.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rlhf_qa import history, rows
from rlhf_qa.events import EventKind
from rlhf_qa.memory import CardId, CardState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rlhf_qa.database import Connection
    from rlhf_qa.events import Event
    from rlhf_qa.memory import Schedule

_CHUNK: Final = 500  # values in one IN (…); SQLite allows 32,766, older ones 999


def follow(db: Connection, new: Sequence[Event], schedule: Schedule, *, newest_before: int) -> None:
    """Bring the derived tables up to `new` events, which are stored already.

    `newest_before` is the greatest hybrid clock of all events before them.
    """
    if _models(db) - {schedule.model}:
        rebuild(db, schedule)
        return
    effects = [_effect(db, event, newest_before) for event in new]
    anew = {card for effect in effects for card in effect.anew}
    if any(effect.relinks for effect in effects):
        before, after = aliases(db), _relink(db)
        parted = {c for c in before.keys() | after.keys() if before.get(c) != after.get(c)}
        anew |= parted | {linked[c] for linked in (before, after) for c in parted & linked.keys()}
    anew |= {resolve(db, card) for card in anew}
    _fold_anew(db, anew, schedule)
    for event in (event for effect in effects for event in effect.next):
        card = resolve(db, event.card) if event.card is not None else None
        if card is not None and card not in anew:
            _advance(db, card, event, schedule)


def rebuild(db: Connection, schedule: Schedule) -> None:
    """Compute all derived tables from the events, as if none had been there."""
    db.execute("DELETE FROM card_state")
    db.execute("DELETE FROM event_state")
    linked = _relink(db)
    events = history.live(select(db))
    for card, its in history.by_card(events, linked).items():
        _insert(db, history.fold(card, its, schedule), schedule.model)


def select(db: Connection, where: str = "TRUE", values: Sequence[object] = ()) -> list[Event]:
    """The events that a condition picks, in order. `where` is never made from content."""
    found = db.execute(
        f"SELECT {rows.EVENT} FROM events WHERE {where} ORDER BY hlc, dev, seq, id",  # noqa: S608
        values,
    )
    return [rows.event_of(row) for row in found]


def select_in(db: Connection, column: str, values: Iterable[str]) -> list[Event]:
    """The events whose `column` is one of `values`, however many these are."""
    wanted = sorted(set(values))
    found: list[Event] = []
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found += select(db, f"{column} IN ({', '.join('?' * len(part))})", part)
    return found


def aliases(db: Connection) -> dict[CardId, CardId]:
    """Linked ids, each with the id its history is kept under."""
    return dict(db.execute("SELECT card, canonical FROM alias").fetchall())


def resolve(db: Connection, card: CardId) -> CardId:
    """The id that the history of `card` is kept under: its own, if it is not linked."""
    row = db.execute("SELECT canonical FROM alias WHERE card = ?", (card,)).fetchone()
    return card if row is None else CardId(row[0])


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a new event does to the derived tables."""

    next: tuple[Event, ...] = ()
    """The event itself, if it moves its card one step on."""
    anew: tuple[CardId, ...] = ()
    """Cards, under any of their ids, whose history has to be folded again."""
    relinks: bool = False


def _effect(db: Connection, event: Event, newest_before: int) -> _Effect:
    subject: Event | None = event
    while subject is not None and subject.kind in {EventKind.UNDO, EventKind.REDATE}:
        subject = _target(db, subject)
    if subject is None or (subject.card is None and subject.kind != EventKind.LINK):
        return _Effect()
    if subject.kind == EventKind.LINK:
        return _Effect(relinks=True)
    if subject is event and event.hlc > newest_before:
        return _Effect(next=(event,))
    return _Effect(anew=(subject.card,) if subject.card is not None else ())


def _target(db: Connection, event: Event) -> Event | None:
    """The event that an undo or a redate is about. Never itself, nor one that leads back."""
    of = event.payload.get("of")
    if not isinstance(of, str):
        return None
    found = select(db, "id = ?", (of,))
    if not found or (event.kind == EventKind.UNDO and not found[0].order < event.order):
        return None
    target = found[0]
    # A redate may name any event, but moves none that has no day of its own.
    names_another = target.kind in {EventKind.UNDO, EventKind.REDATE}
    return None if event.kind == EventKind.REDATE and names_another else target


def _relink(db: Connection) -> dict[CardId, CardId]:
    """Fold the links anew and store them."""
    events = select(db, "k IN (?, ?)", (EventKind.LINK, EventKind.UNDO))
    linked = history.aliases(history.live(events))
    db.execute("DELETE FROM alias")
    db.executemany("INSERT INTO alias (card, canonical) VALUES (?, ?)", sorted(linked.items()))
    return linked


def _fold_anew(db: Connection, cards: set[CardId], schedule: Schedule) -> None:
    if not cards:
        return
    linked = aliases(db)
    members = cards | {card for card, canonical in linked.items() if canonical in cards}
    found = select_in(db, "card", members)
    found += select(db, "k IN (?, ?)", (EventKind.UNDO, EventKind.REDATE))
    its = {event.id: event for event in found}
    folded = history.by_card(history.live(its.values()), linked)
    # All first: an event may have moved from one of these cards to another.
    for table in ("card_state", "event_state"):
        sql = f"DELETE FROM {table} WHERE card = ?"  # noqa: S608
        db.executemany(sql, [(card,) for card in sorted(cards)])
    for card in sorted(cards):
        _insert(db, history.fold(card, folded.get(card, ()), schedule), schedule.model)


def _advance(db: Connection, card: CardId, event: Event, schedule: Schedule) -> None:
    state, step = history.advance(state_of(db, card), event, schedule)
    db.execute("DELETE FROM card_state WHERE card = ?", (card,))
    _insert(db, history.Folded(state, (step,) if step else ()), schedule.model)


def state_of(db: Connection, card: CardId) -> CardState:
    """The stored state of a card, given the id its history is kept under."""
    row = db.execute(
        f"SELECT {rows.STATE} FROM card_state WHERE card = ?",  # noqa: S608
        (card,),
    ).fetchone()
    return CardState(card) if row is None else rows.state_of(row)


def _insert(db: Connection, folded: history.Folded, model: str) -> None:
    """Store what was folded. The state of a card without past is not, however it came about."""
    state = folded.state
    if state != CardState(state.card):
        db.execute(
            f"INSERT INTO card_state ({rows.STATE}) VALUES ({rows.marks_for(rows.STATE)})",  # noqa: S608
            rows.state_row(state, model),
        )
    db.executemany(
        f"INSERT INTO event_state ({rows.STEP}) VALUES ({rows.marks_for(rows.STEP)})",  # noqa: S608
        [rows.step_row(step, state.card) for step in folded.steps],
    )


def _models(db: Connection) -> set[str]:
    """Models that stored states were folded with: the least and the greatest name."""
    found = db.execute(
        "SELECT (SELECT min(model) FROM card_state), (SELECT max(model) FROM card_state)"
    ).fetchone()
    return {model for model in found if model is not None}
