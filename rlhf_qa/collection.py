"""All questions of the notes that were asked for, each with the id its history is kept under.

Brings a library and the registry together. Pure but for one look at whether a file is still
there. What the past says of a card is in the store; which card comes next is session.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rlhf_qa.identity import (
    Found,
    Reconciliation,
    Scan,
    answer_digest,
    explicit_id,
    normalise_answer,
    path_key,
    reconcile,
)
from rlhf_qa.library import Library, Note, exists
from rlhf_qa.memory import CardId, StudyDay
from rlhf_qa.messages import tr, trn
from rlhf_qa.model import Question
from rlhf_qa.registry import ANSWER_TEXT_LENGTH, RegistryRow


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands."""

    note: Note
    index: int
    """In `note.document.questions`."""

    @property
    def question(self) -> Question:
        return self.note.document.questions[self.index]

    @property
    def source(self) -> str:
        return f"{self.note.path}:{self.question.line}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, with or without answer, under its id. With an answer it is a card."""

    id: CardId
    place: Place
    parent: CardId | None
    order: int
    """In document order over the whole collection."""
    digest: str
    """Answer digest."""
    siblings: tuple[Place, ...] = ()
    """The same question in other languages."""

    @property
    def question(self) -> Question:
        return self.place.question

    @property
    def note(self) -> Note:
        return self.place.note

    @property
    def topic(self) -> str:
        """The outermost section, or the deck where there is none."""
        section = self.question.section
        return section[0] if section else self.note.document.short_title


@dataclass(frozen=True, slots=True)
class Collection:
    """The questions of a library in document order, siblings joined."""

    library: Library
    entries: tuple[Entry, ...]
    reconciliation: Reconciliation
    places: tuple[tuple[Place, CardId], ...]
    """Every question of every note, siblings included."""

    def by_id(self) -> dict[CardId, Entry]:
        return {entry.id: entry for entry in self.entries}

    def rows(self) -> Mapping[CardId, RegistryRow]:
        """What the registry should say of the cards that changed."""
        return {row.card: row for row in self.reconciliation.rows}


def collect(
    library: Library,
    *,
    registry: Mapping[CardId, RegistryRow],
    with_history: frozenset[CardId],
    aliases: Mapping[CardId, CardId],
    today: StudyDay,
    lang: str,
) -> Collection:
    """Give each question of `library` its id. `lang` is preferred among siblings."""
    places = [
        Place(note, index)
        for note in library.notes
        for index in range(len(note.document.questions))
    ]
    scan = _scan(library, places, registry)
    result = reconcile(scan, registry, with_history, aliases, today)
    identified = tuple(zip(places, result.ids, strict=True))
    digests = {_key(place): f.digest for place, f in zip(places, scan.found, strict=True)}
    return Collection(library, _entries(identified, digests, lang), result, identified)


def report(result: Reconciliation) -> str | None:
    """One line on what was recognised; None if nothing but new questions was met."""
    edited = sum(match.kind == "edited" for match in result.matches)
    moved = sum(match.kind == "moved" for match in result.matches)
    gone = len(result.gone)
    if not edited + moved + gone:
        return None
    counts = (
        (edited, trn("{n} edited", "{n} edited", edited)),
        (moved, trn("{n} moved", "{n} moved", moved)),
        (len(result.new), trn("{n} new", "{n} new", len(result.new))),
        (gone, trn("{n} gone, history kept", "{n} gone, history kept", gone)),
    )
    return tr("notes changed: {counts}", counts=" · ".join(said for n, said in counts if n))


def _scan(library: Library, places: list[Place], registry: Mapping[CardId, RegistryRow]) -> Scan:
    read = frozenset(os.fspath(note.file) for note in library.notes)
    failed = frozenset(os.fspath(f.root / f.path) for f in library.failures)
    elsewhere = {row.path for row in registry.values()} - read - failed
    return Scan(
        found=tuple(_found(place) for place in places),
        read=read,
        failed=failed,
        gone_files=frozenset(path for path in elsewhere if _is_gone(path, library.roots)),
    )


def _is_gone(path: str, roots: tuple[Path, ...]) -> bool:
    """Whether a note is no longer there.

    A missing folder (a disk that is not mounted) proves nothing, unless the root above it is there.
    """
    if not path or exists(path):
        return False
    return any(Path(path).is_relative_to(root) for root in roots) or exists(
        os.fspath(Path(path).parent)
    )


def _found(place: Place) -> Found:
    question = place.question
    explicit = question.metadata.id
    return Found(
        deck=place.note.deck,
        path=os.fspath(place.note.file),
        path_key=path_key(question.trail),
        trail=question.trail,
        question=question.text,
        digest=answer_digest(question.plain_answer),
        answer_text=normalise_answer(question.plain_answer)[:ANSWER_TEXT_LENGTH],
        order=place.index,
        explicit=explicit_id(explicit) if explicit else None,
        lang=place.note.document.lang,
    )


def _entries(
    identified: tuple[tuple[Place, CardId], ...], digests: Mapping[tuple[int, int], str], lang: str
) -> tuple[Entry, ...]:
    ids = {_key(place): card for place, card in identified}
    families: dict[CardId, list[Place]] = {}
    for place, card in identified:
        families.setdefault(card, []).append(place)
    shown = {card: _preferred(places, lang) for card, places in families.items()}
    entries: list[Entry] = []
    for place, card in identified:
        if shown[card] is not place:
            continue
        parent = place.question.parent
        entries.append(
            Entry(
                id=card,
                place=place,
                parent=None if parent is None else ids[id(place.note), parent],
                order=len(entries),
                digest=digests[_key(place)],
                siblings=tuple(p for p in families[card] if p is not place),
            )
        )
    return tuple(entries)


def _key(place: Place) -> tuple[int, int]:
    return id(place.note), place.index


def _preferred(places: list[Place], lang: str) -> Place:
    return next((p for p in places if p.note.document.lang.startswith(lang)), places[0])
