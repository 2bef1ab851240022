"""Which of the questions a command is about: the filters that `quiz`, `list` and `export` share.

Pure. Values of one filter are alternatives; different filters must all hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rlhf_qa.collection import Entry
from rlhf_qa.memory import CardId, CardState
from rlhf_qa.model import Level
from rlhf_qa.search import fold

LEVEL_LETTERS = {"j": Level.JUNIOR, "m": Level.MID, "s": Level.SENIOR, "r": Level.RESEARCH}


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for; empty means everything."""

    topics: tuple[str, ...] = ()
    """Part of a section's or deck's title, or a deck id."""
    tags: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    markers: tuple[str, ...] = ()
    marked: bool = False
    leech: bool = False
    unanswered: bool = False

    def __bool__(self) -> bool:
        return self != Filters()


def read_level(word: str) -> Level | None:
    """The level a letter or word means."""
    known = {level.value: level for level in Level} | LEVEL_LETTERS
    return known.get(fold(word))


def select(
    entries: Iterable[Entry], filters: Filters, states: Mapping[CardId, CardState]
) -> tuple[Entry, ...]:
    """The entries that pass every filter, in their order."""
    if not filters:
        return tuple(entries)
    topics = tuple(map(fold, filters.topics))
    tags = frozenset(map(fold, filters.tags))
    markers = frozenset(map(fold, filters.markers))

    def passes(entry: Entry) -> bool:
        question, state = entry.question, states.get(entry.id)
        return (
            (not topics or any(t in name for t in topics for name in _topic_names(entry)))
            and (not tags or not tags.isdisjoint(map(fold, question.metadata.tags)))
            and (not filters.levels or question.metadata.level in filters.levels)
            and (not markers or fold(question.marker or "") in markers)
            and (not filters.marked or bool(state and state.marks))
            and (not filters.leech or bool(state and state.is_leech))
            and (not filters.unanswered or not question.answered)
        )

    return tuple(entry for entry in entries if passes(entry))


def nearest(entries: Sequence[Entry], filters: Filters) -> str | None:
    """For a filter that nothing passes: the nearest tag or topic there is."""
    from difflib import get_close_matches  # noqa: PLC0415 -- only for a mistake

    known: dict[str, str] = {}
    for entry in entries:
        known.update((fold(tag), tag) for tag in entry.question.metadata.tags)
        known.update((fold(title), title) for title in entry.question.section)
    for word in (*filters.tags, *filters.topics):
        close = get_close_matches(fold(word), list(known), n=1, cutoff=0.5)
        if close:
            return known[close[0]]
    return None


def _topic_names(entry: Entry) -> tuple[str, ...]:
    document = entry.note.document
    names = (*entry.question.section, document.title, document.short_title, entry.note.deck)
    return tuple(map(fold, names))
