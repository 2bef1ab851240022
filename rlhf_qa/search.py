"""Finding questions by words typed, as fast as they are typed.

Pure. Every word must be found somewhere in a question, its tags, sections or answer; Chinese by
substring. Width, case and emoji selectors never matter. What is done with a hit is the faces'.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from rlhf_qa.collection import Entry

_SELECTORS: Final = frozenset("\ufe0e\ufe0f")


class Rank(IntEnum):
    """Where the words were found; the lowest comes first."""

    PHRASE = 0
    """The words as typed, in the question."""
    QUESTION = 1
    """All words in the question."""
    TOPIC = 2
    """All words in question, tags and sections."""
    KEY_POINT = 3
    """The same, labels of key points included."""
    ANSWER = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A question that was found."""

    entry: Entry
    rank: Rank


@dataclass(frozen=True, slots=True)
class _Page:
    """What can be searched of one question, folded, each field with those before it."""

    entry: Entry
    question: str
    topic: str
    points: str
    everything: str


class Index:
    """The searchable text of some questions."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._pages = [_page(entry) for entry in entries]

    def find(self, typed: str) -> tuple[Hit, ...]:
        """The questions in which every word of `typed` is found, best first, then in order.

        Nothing typed finds nothing.
        """
        words = words_of(typed)
        if not words:
            return ()
        phrase = " ".join(words)
        found: list[list[Hit]] = [[] for _ in Rank]
        for page in self._pages:
            if all(word in page.everything for word in words):
                rank = _rank(page, words, phrase)
                found[rank].append(Hit(page.entry, rank))
        return tuple(hit for hits in found for hit in hits)


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, case folded, without emoji selectors."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c not in _SELECTORS) if "\ufe0f" in folded else folded


def words_of(typed: str) -> tuple[str, ...]:
    """The words that are looked for."""
    return tuple(fold(typed).split())


def matches(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the folded `words` stand in `text`, as ranges of its own characters, ascending."""
    if not words:
        return ()
    folded, origin = _folded_with_origin(text)
    found: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            found.append((origin[at], origin[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    return tuple(_merged(sorted(found)))


def _page(entry: Entry) -> _Page:
    asked = entry.question
    question = fold(asked.text)
    topic = "\n".join([question, *map(fold, (*asked.metadata.tags, *asked.section))])
    points = "\n".join([topic, *(fold(point.label) for point in asked.key_points)])
    rest = [asked.plain_answer, *(deep.markdown for deep in asked.deeper)]
    if asked.prompt:
        rest.append(asked.prompt.markdown)
    everything = "\n".join([points, *map(fold, rest)])
    return _Page(entry, question, topic, points, everything)


def _rank(page: _Page, words: Sequence[str], phrase: str) -> Rank:
    if phrase in page.question:
        return Rank.PHRASE
    fields = (
        (Rank.QUESTION, page.question),
        (Rank.TOPIC, page.topic),
        (Rank.KEY_POINT, page.points),
    )
    return next(
        (rank for rank, field in fields if all(word in field for word in words)), Rank.ANSWER
    )


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the one of `text` it comes from.

    Character by character: what NFKC composes over several is found by its parts at least.
    """
    folded: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        piece = fold(char)
        folded.append("" if char in _SELECTORS else piece)
        origin += [at] * len(folded[-1])
    return "".join(folded), origin


def _merged(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ascending ranges with those that touch made one."""
    first, last = -1, -1
    for start, end in ranges:
        if start > last:
            if last > first:
                yield first, last
            first, last = start, end
        else:
            last = max(last, end)
    if last > first:
        yield first, last
