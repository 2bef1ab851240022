"""Everything rlhf-qa knows of a set of notes and their history, as one JSON record.

Questions as `list --json` gives them, and every event of theirs as stored: enough for another
program, and for this one to read its history back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rlhf_qa.collection import Collection, Entry
from rlhf_qa.events import Event
from rlhf_qa.memory import CardId, CardState
from rlhf_qa.records import Record, listing


def record(
    collection: Collection,
    entries: Sequence[Entry],
    states: Mapping[CardId, CardState],
    events: Iterable[Event],
    aliases: Mapping[CardId, CardId],
) -> Record:
    """The whole export. `events`: all of them; those of other cards are left out."""
    cards = {entry.id for entry in entries}
    kept = [e for e in events if e.card is None or aliases.get(e.card, e.card) in cards]
    return {**listing(collection, entries, states), "events": [event(e) for e in kept]}


def event(stored: Event) -> Record:
    """One event, field by field as it is stored."""
    return {
        "id": stored.id,
        "dev": stored.dev,
        "seq": stored.seq,
        "hlc": stored.hlc,
        "utc": stored.utc,
        "tz": stored.tz,
        "day": stored.day,
        "k": stored.kind,
        "card": stored.card,
        "r": stored.rating,
        "ms": stored.duration_ms,
        "m": stored.model,
        "p": dict(stored.payload),
    }
