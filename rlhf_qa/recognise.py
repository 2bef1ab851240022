"""Which question of a scan takes which known card.

A question takes the card of the first of these that fits, one to one:

1. the same id written by the author;
2. the same deck and path (or the id that deck and path give, if it is a known card's): in the
   same file before another, with the same answer before another, then in document order;
3. another deck, the same path and answer;
4. the same answer, long enough and found once: in the same file, then anywhere;
5. the same question, long enough and asked once: in the same file, then anywhere.

A card can be taken only if its file was read, or is no longer on disk, or it was gone or never
located. So a look at one file changes nothing about the cards of another. What follows from the
choice (new ids, links, rows) is identity.py.
"""

from __future__ import annotations

from base64 import b32encode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import PurePath
from typing import Final, TypeAlias

from rlhf_qa.memory import CardId
from rlhf_qa.normalise import SEPARATOR
from rlhf_qa.registry import RegistryRow, Status

TELLING_ANSWER: Final = 24
"""Normalised characters that make an answer recognisable by itself."""
TELLING_QUESTION: Final = 8
"""Normalised characters that make a question recognisable by itself."""

_ID_BYTES = 16
_RANKS = {Status.LIVE: 0, Status.GONE: 1, Status.UNLOCATED: 2}


@dataclass(frozen=True, slots=True)
class Found:
    """One question met in a scan."""

    deck: str
    path: str
    """Real path of its file."""
    path_key: str
    trail: tuple[str, ...]
    question: str
    digest: str
    answer_text: str
    """Normalised answer, its first `ANSWER_TEXT_LENGTH` characters."""
    order: int
    """Place of the question within its document."""
    explicit: CardId | None
    """The id its author wrote, as `explicit_id` makes it."""
    lang: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What was looked at, and what was met."""

    found: tuple[Found, ...]
    read: frozenset[str]
    """Real paths of the files that were read."""
    failed: frozenset[str] = frozenset()
    """Files and folders that could not be looked at. Nothing in them is gone."""
    gone_files: frozenset[str] = frozenset()
    """Paths of the registry known to be no longer on disk; none below a missing root."""


Place: TypeAlias = Found | RegistryRow
_Key: TypeAlias = Callable[[Place], tuple[str, ...]]


def derived_id(deck: str, path_key: str, salt: int = 0) -> CardId:
    """The id that deck and path give: base32 of BLAKE2b of 16 bytes, 26 characters."""
    text = SEPARATOR.join(("card/1", deck, path_key, str(salt)))
    # A deck named after a file whose name is not UTF-8 holds surrogates.
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES).digest()
    return CardId(b32encode(digest).decode("ascii").rstrip("=").lower())


def explicit_id(name: str) -> CardId:
    """The id of a card whose author named it; never equal to a derived one."""
    return CardId(f"={name}")


def last_heading(place: Place) -> str:
    """The normalised question."""
    return place.path_key.rpartition(SEPARATOR)[2]


def ends_of(aliases: Mapping[CardId, CardId]) -> dict[CardId, CardId]:
    """Each alias with the card at the end of its chain."""
    ends: dict[CardId, CardId] = {}
    for start in sorted(aliases):
        chain: dict[CardId, None] = {}
        here = start
        while here in aliases and here not in ends and here not in chain:
            chain[here] = None
            here = aliases[here]
        ends |= dict.fromkeys(chain, ends.get(here, here))
    return ends


def known_cards(
    registry: Mapping[CardId, RegistryRow], ends: Mapping[CardId, CardId]
) -> dict[CardId, RegistryRow]:
    """One row for each card: of all rows that lead to it, the one located last."""
    best: dict[CardId, tuple[tuple[bool, int, bool, CardId], RegistryRow]] = {}
    for row in registry.values():
        card = ends.get(row.card, row.card)
        located = row.status is not Status.UNLOCATED
        rank = (located, row.last_seen, row.card == card, row.card)
        if card not in best or best[card][0] < rank:
            best[card] = (rank, row)
    return {
        card: row if row.card == card else replace(row, card=card)
        for card, (_, row) in best.items()
    }


def _spot(place: Place) -> tuple[str, str, str, int]:
    return (place.path, place.path_key, place.digest, place.order)


class Seen:
    """The questions of a scan, in file and document order whatever order they came in.

    A *unit* is what gets one id: one question, or one explicit id in several languages. It is
    named by the index of its first question.
    """

    def __init__(
        self,
        found: Sequence[Found],
        known: Mapping[CardId, RegistryRow],
        ends: Mapping[CardId, CardId],
    ) -> None:
        self.found = found
        self.ends = ends
        self.order = sorted(range(len(found)), key=lambda index: _sorting(found[index]))
        self._names: dict[int, CardId] = {}
        self.duplicates = tuple(sorted(self._name(known)))
        """One explicit id twice in a language: who keeps it, and the other."""
        self.unit = list(range(len(found)))
        self.members: dict[int, list[int]] = {}
        first: dict[CardId, int] = {}
        for index in self.order:
            if index in self._names:
                self.unit[index] = first.setdefault(self._names[index], index)
            self.members.setdefault(self.unit[index], []).append(index)
        self._salts = self._count()

    def _name(self, known: Mapping[CardId, RegistryRow]) -> Iterator[tuple[int, int]]:
        """Find out which question of each language an explicit id counts for."""
        uses: defaultdict[tuple[CardId, str], list[int]] = defaultdict(list)
        for index in self.order:
            explicit = self.found[index].explicit
            if explicit:
                uses[explicit, self.found[index].lang].append(index)
        others = {_spot(row): row.card for row in known.values() if row.status is Status.LIVE}
        for (explicit, _), indexes in uses.items():
            row = known.get(self.ends.get(explicit, explicit))
            keeper = indexes[0]
            if row is not None:
                keeper = min(indexes, key=lambda i: _strangeness(self.found[i], row, others))
            self._names[keeper] = explicit
            yield from ((keeper, index) for index in indexes if index != keeper)

    def _count(self) -> dict[int, int]:
        """The salt of each unit without explicit id: its number among those of equal path."""
        counts: Counter[tuple[str, str]] = Counter()
        salts: dict[int, int] = {}
        for unit in self.members:
            if unit not in self._names:
                place = (self.found[unit].deck, self.found[unit].path_key)
                salts[unit] = counts[place]
                counts[place] += 1
        return salts

    def name(self, unit: int) -> CardId | None:
        """The explicit id of a unit, if it counts."""
        return self._names.get(unit)

    def text_id(self, unit: int) -> CardId:
        """The id that the text gives now."""
        found = self.found[unit]
        return self.name(unit) or derived_id(found.deck, found.path_key, self._salts[unit])


def _sorting(found: Found) -> tuple[object, ...]:
    place = (found.path, found.order, found.deck, found.path_key, found.digest)
    rest = (found.explicit or "", found.lang, found.question, found.trail, found.answer_text)
    return (*place, *rest)


def _strangeness(
    found: Found, row: RegistryRow, others: Mapping[tuple[str, str, str, int], CardId]
) -> tuple[bool, bool, bool, bool]:
    """How little the registry knows `found` as the card of `row`: least if it knows it well."""
    return (
        (found.path, found.path_key, found.digest) != (row.path, row.path_key, row.digest),
        (found.path, found.path_key) != (row.path, row.path_key),
        others.get(_spot(found), row.card) != row.card,
        found.path_key != row.path_key,
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """The card a unit took."""

    card: CardId
    step: int
    index: int
    """The question that was recognised."""
    row: RegistryRow | None
    """The card as it was; None if its row belongs to a file that was not read, and stays."""


class Recognition:
    """Takes cards for questions, step by step, until no step fits any more."""

    def __init__(self, seen: Seen, known: Mapping[CardId, RegistryRow], scan: Scan) -> None:
        self.seen = seen
        self.known = known
        self.taken: dict[int, Taken] = {}
        """By unit."""
        self.used: set[CardId] = set()
        self.open = {row.card: row for row in _claimable(known, scan)}
        """Cards that nobody took yet, live ones first, in document order."""
        self._take_named(aliased=False)
        self._take_named(aliased=True)
        self._pair(2, lambda p: (p.deck, p.path_key, p.path, p.digest))
        self._pair(2, lambda p: (p.deck, p.path_key, p.path))
        self._pair(2, lambda p: (p.deck, p.path_key, p.digest))
        self._pair(2, lambda p: (p.deck, p.path_key))
        self._take_derived()
        self._pair(3, lambda p: (p.path_key, p.digest))
        self._pair_answers(lambda p: (p.path, p.digest))
        self._pair_answers(lambda p: (p.digest,))
        self._pair_questions(lambda p: (p.path, last_heading(p)))
        self._pair_questions(lambda p: (last_heading(p),))

    def units_left(self) -> list[int]:
        return [unit for unit in self.seen.members if unit not in self.taken]

    def _take(self, index: int, row: RegistryRow, step: int) -> None:
        del self.open[row.card]
        self.used.add(row.card)
        self.taken[self.seen.unit[index]] = Taken(row.card, step, index, row)

    def _take_named(self, *, aliased: bool) -> None:
        for unit in self.units_left():
            name = self.seen.name(unit)
            if name is None or (name in self.seen.ends) is not aliased:
                continue
            card = self.seen.ends.get(name, name)
            if card in self.open:
                self._take(unit, self.open[card], 1)
            elif card in self.known and card not in self.used:
                # Its row names another language, or a file that this scan did not read: it is
                # the same card by its author's word, but the row is not ours to change.
                self.used.add(card)
                self.taken[unit] = Taken(card, 1, unit, None)

    def _take_derived(self) -> None:
        for unit in self.units_left():
            if self.seen.name(unit) is None:
                text_id = self.seen.text_id(unit)
                card = self.seen.ends.get(text_id, text_id)
                if card in self.open:
                    self._take(unit, self.open[card], 2)

    def _pair_answers(self, key: _Key) -> None:
        self._pair(4, key, alone=True, fits=lambda f: len(f.answer_text) >= TELLING_ANSWER)

    def _pair_questions(self, key: _Key) -> None:
        # A question asked in several places says nothing of its place, even if all the others
        # are taken: one follow-up deleted here and the same written there are two cards.
        asked = Counter(key(found) for found in self.seen.found) if self.open else Counter()
        self._pair(
            5,
            key,
            alone=True,
            fits=lambda f: len(last_heading(f)) >= TELLING_QUESTION and asked[key(f)] == 1,
        )

    def _pair(
        self,
        step: int,
        key: _Key,
        *,
        alone: bool = False,
        fits: Callable[[Found], bool] = lambda _: True,
    ) -> None:
        """Bring together questions and cards of equal key; `alone`: only one and one."""
        rows: defaultdict[tuple[str, ...], list[RegistryRow]] = defaultdict(list)
        for row in self.open.values():
            rows[key(row)].append(row)
        groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for unit in self.units_left():
            for index in self.seen.members[unit]:
                found = self.seen.found[index]
                if fits(found) and key(found) in rows:
                    groups[key(found)].append(index)
        for group, indexes in groups.items():
            if alone and (len(indexes), len(rows[group])) != (1, 1):
                continue
            for index, row in zip(indexes, rows[group], strict=False):
                if self.seen.unit[index] not in self.taken:
                    self._take(index, row, step)


def _claimable(known: Mapping[CardId, RegistryRow], scan: Scan) -> list[RegistryRow]:
    paths = {path for path in scan.read | scan.gone_files if not _lies_in(path, scan.failed)}
    rows = [row for row in known.values() if row.status is not Status.LIVE or row.path in paths]
    return sorted(rows, key=lambda row: (_RANKS[row.status], row.path, row.order, row.card))


def _lies_in(path: str, places: frozenset[str]) -> bool:
    """Whether `path` is one of `places` or below one."""
    if not places:
        return False
    return path in places or any(str(above) in places for above in PurePath(path).parents)
