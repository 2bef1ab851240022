"""Which card each question is, and what that changes: its history stays when a note is edited.

Pure, independent of the order of its input, linear in it, and idempotent: once its rows and links
are stored, the same scan changes nothing. An id once given stays; text decides only which known
card a question is. How it is recognised is recognise.py, how texts are made comparable is
normalise.py. Knows no file and no event.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from rlhf_qa.memory import CardId, StudyDay
from rlhf_qa.normalise import answer_digest, normalise_answer, normalise_heading, path_key
from rlhf_qa.recognise import (
    Found,
    Recognition,
    Scan,
    Seen,
    derived_id,
    ends_of,
    explicit_id,
    known_cards,
    last_heading,
)
from rlhf_qa.registry import RegistryRow, Status

__all__ = [
    "Change",
    "Found",
    "LinkTo",
    "Match",
    "Reconciliation",
    "Scan",
    "answer_digest",
    "derived_id",
    "explicit_id",
    "normalise_answer",
    "normalise_heading",
    "path_key",
    "reconcile",
]

_OWN_SALTS = 64
"""Of one deck and path. Their cards are repeats of one question, never links to each other."""
_EQUAL_TEXT = 3
"""The step under which cards of equal path and answer are linked."""


class Change(StrEnum):
    """What happened to the question of a known card."""

    EDITED = "edited"
    """Its question or its answer reads differently."""
    MOVED = "moved"
    """It stands under other headings or in another deck."""


@dataclass(frozen=True, slots=True)
class Match:
    """A known card recognised in a question that changed."""

    card: CardId
    step: int
    """Which of the steps of recognise.py did it."""
    kind: Change
    found: int
    """Index in `Scan.found`."""
    row: RegistryRow
    """The card as it was."""


@dataclass(frozen=True, slots=True)
class LinkTo:
    """What other devices must learn: the history of `card` belongs to the card `to`."""

    card: CardId
    """The id the text gives now."""
    to: CardId
    """The id the card has."""
    step: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Which card each question is, and what that changes."""

    ids: tuple[CardId, ...]
    """Parallel to `Scan.found`. Equal only for one explicit id in several languages."""
    matches: tuple[Match, ...]
    """Edited and moved cards, in the order of files and lines."""
    new: frozenset[CardId]
    """Cards that nothing was known of."""
    gone: frozenset[CardId]
    """Cards that were there until now."""
    links: tuple[LinkTo, ...]
    """Only to cards with history, and only what the history does not say yet."""
    rows: tuple[RegistryRow, ...]
    """Registry rows to write. `last_seen` alone is no reason to write one."""
    duplicates: tuple[tuple[int, int], ...]
    """One explicit id twice in a language: index of the question that keeps it, of the other."""


def reconcile(
    scan: Scan,
    registry: Mapping[CardId, RegistryRow],
    with_history: frozenset[CardId],
    aliases: Mapping[CardId, CardId],
    today: StudyDay,
) -> Reconciliation:
    """Give each question of `scan` its card.

    Args:
        scan: What was looked at, and what was met.
        registry: Every card known on this machine, by its id.
        with_history: Ids that events carry.
        aliases: Links between ids as the history folds them, without cycles.
        today: Study day to note in rows that change.
    """
    ends = ends_of(aliases)
    known = known_cards(registry, ends)
    recognition = Recognition(Seen(scan.found, known, ends), known, scan)
    histories = {ends.get(card, card) for card in with_history}
    joining = _joining(recognition, registry, histories)
    cards = {unit: taken.card for unit, taken in recognition.taken.items()}
    histories |= {cards[unit] for unit in joining.values() if unit in cards}
    links = _links_of_texts(recognition, registry, histories)
    new = _new_ids(recognition, frozenset(links))
    cards |= new
    for card, unit in joining.items():
        links.setdefault(card, LinkTo(card, cards[unit], _EQUAL_TEXT))
    rows = (*_rows(recognition, registry, today), *_new_rows(recognition, new, today))
    gone = [row for row in recognition.open.values() if row.status is Status.LIVE]
    rows += tuple(replace(row, status=Status.GONE) for row in gone)
    return Reconciliation(
        ids=tuple(cards[unit] for unit in recognition.seen.unit),
        matches=tuple(_matches(recognition)),
        new=frozenset(new.values()) - histories,
        gone=frozenset(row.card for row in gone),
        links=tuple(links[card] for card in sorted(links)),
        rows=tuple(sorted(rows, key=lambda row: row.card)),
        duplicates=recognition.seen.duplicates,
    )


def _joining(
    recognition: Recognition,
    registry: Mapping[CardId, RegistryRow],
    histories: AbstractSet[CardId],
) -> dict[CardId, int]:
    """Cards graded elsewhere under another id, with the unit they are: only one and one."""
    rows = [row for row in recognition.open.values() if row.status is Status.UNLOCATED]
    if not rows:
        return {}
    seen = recognition.seen
    units: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for found, unit in zip(seen.found, seen.unit, strict=True):
        units[found.path_key, found.digest].add(unit)
    unlocated = Counter(
        (row.path_key, row.digest)
        for row in registry.values()
        if row.status is Status.UNLOCATED and row.card not in recognition.used
    )
    joining: dict[CardId, int] = {}
    for row in rows:
        equal = units.get((row.path_key, row.digest), set())
        if row.card in histories and len(equal) == 1 and unlocated[row.path_key, row.digest] == 1:
            (joining[row.card],) = equal
    return joining


def _links_of_texts(
    recognition: Recognition,
    registry: Mapping[CardId, RegistryRow],
    histories: AbstractSet[CardId],
) -> dict[CardId, LinkTo]:
    """Links for cards whose text gives another id than they have, by that id.

    An id that was located here as a card of its own, or leads elsewhere already, is never
    linked: two histories would become one, or part, unasked.
    """
    seen = recognition.seen
    links: dict[CardId, LinkTo] = {}
    for unit, taken in recognition.taken.items():
        if taken.row is None or taken.card not in histories:
            continue
        text_id = seen.text_id(unit)
        row = registry.get(text_id)
        located = row is not None and row.status is not Status.UNLOCATED
        if text_id in seen.ends or text_id in recognition.used or located:
            continue
        if seen.name(unit) is not None or not _is_repeat(taken.card, seen.found[unit]):
            links[text_id] = LinkTo(text_id, taken.card, taken.step)
    return links


def _is_repeat(card: CardId, found: Found) -> bool:
    """Whether `card` is one of the ids that deck and path of `found` give to repeats of it."""
    own = (derived_id(found.deck, found.path_key, salt) for salt in range(_OWN_SALTS))
    return card in own


def _new_ids(recognition: Recognition, reserved: frozenset[CardId]) -> dict[int, CardId]:
    """Ids for the units nobody was recognised in; `reserved` ones lead to other cards."""
    seen = recognition.seen
    ids: dict[int, CardId] = {}
    used = recognition.used | reserved
    salts: Counter[tuple[str, str]] = Counter()

    def candidates(unit: int) -> Iterator[CardId]:
        name = seen.name(unit)
        if name is not None:
            yield name
        place = (seen.found[unit].deck, seen.found[unit].path_key)
        while True:
            yield derived_id(*place, salts[place])
            salts[place] += 1

    for unit in sorted(recognition.units_left(), key=lambda unit: seen.name(unit) is None):
        for candidate in candidates(unit):
            card = seen.ends.get(candidate, candidate)
            if card not in recognition.known and card not in used:
                ids[unit] = card
                used.add(card)
                break
    return ids


def _matches(recognition: Recognition) -> Iterator[Match]:
    seen = recognition.seen
    for unit, members in seen.members.items():
        taken = recognition.taken.get(unit)
        if taken is None or taken.row is None:
            continue
        row = taken.row
        # Of several languages, the one the card was seen in: another beside it is no change.
        at_home = [
            i
            for i in members
            if (seen.found[i].path, seen.found[i].path_key) == (row.path, row.path_key)
        ]
        index = (*at_home, taken.index)[0]
        kind = _change(seen.found[index], row)
        if kind is not None:
            yield Match(taken.card, taken.step, kind, index, row)


def _change(found: Found, row: RegistryRow) -> Change | None:
    if found.deck != row.deck:
        return Change.MOVED
    if found.path_key == row.path_key:
        return None if found.digest == row.digest else Change.EDITED
    return Change.MOVED if last_heading(found) == last_heading(row) else Change.EDITED


def _rows(
    recognition: Recognition, registry: Mapping[CardId, RegistryRow], today: StudyDay
) -> Iterator[RegistryRow]:
    for unit, taken in recognition.taken.items():
        if taken.row is None:
            continue
        last = taken.row.last_seen
        row = _row(taken.card, recognition.seen.found[unit], taken.row.first_seen, last)
        before = registry.get(taken.card)
        if before is None or (before != row and replace(before, last_seen=last) != row):
            # Never back: of two rows that lead to one card the later seen counts.
            yield replace(row, last_seen=StudyDay(max(today, last)))


def _new_rows(
    recognition: Recognition, new: Mapping[int, CardId], today: StudyDay
) -> Iterator[RegistryRow]:
    for unit, card in new.items():
        yield _row(card, recognition.seen.found[unit], today, today)


def _row(card: CardId, found: Found, first: StudyDay, last: StudyDay) -> RegistryRow:
    return RegistryRow(
        card=card,
        deck=found.deck,
        path=found.path,
        path_key=found.path_key,
        trail=found.trail,
        question=found.question,
        digest=found.digest,
        answer_text=found.answer_text,
        order=found.order,
        first_seen=first,
        last_seen=last,
    )
