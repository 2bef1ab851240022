"""What today's events say: who was graded, who comes back, and what of the day's limits is used.

Pure, and derived anew from the events, so that a sitting that was broken off goes on where it
stood. Which card comes next is session.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rlhf_qa.events import GRADES, Event
from rlhf_qa.memory import CardId, CardState, Rating

MAX_RETURNS: Final = 3
"""Times a missed card comes back on one day."""

RETURN_AFTER_CARDS: Final = 5
RETURN_AFTER_MS: Final = 5 * 60 * 1000
"""A missed card is ready again after so many other cards, or so much time."""

COUNTED_MS: Final = 5 * 60 * 1000
"""The most that one card adds to the minutes of the day."""


@dataclass(frozen=True, slots=True)
class Today:
    """The live grades of one study day, in order."""

    events: tuple[Event, ...]
    by_card: Mapping[CardId, tuple[Event, ...]]
    order: tuple[CardId, ...]
    """The cards in the order they were graded, each grade once."""

    def is_shown(self, card: CardId) -> bool:
        return card in self.by_card

    def failed(self, card: CardId) -> bool:
        """Whether the card was missed at any time today."""
        return any(e.rating == Rating.AGAIN for e in self.by_card.get(card, ()))

    def returns(self, card: CardId) -> int:
        """Times it has come back today."""
        return len(self.by_card.get(card, ())) - 1

    def comes_back(self, card: CardId) -> bool:
        """Whether the card would return today, if it were missed now."""
        return len(self.by_card.get(card, ())) < MAX_RETURNS

    def pending(self) -> tuple[CardId, ...]:
        """Cards that come back: missed at the last showing, not yet as often as allowed.

        The one that waits longest is first.
        """
        waiting = [
            (grades[-1].order, card)
            for card, grades in self.by_card.items()
            if grades[-1].rating == Rating.AGAIN and len(grades) <= MAX_RETURNS
        ]
        return tuple(card for _, card in sorted(waiting))

    def is_ready(self, card: CardId, now_ms: int) -> bool:
        """Whether a pending card has waited long enough."""
        missed = self.by_card[card][-1]
        since = sum(event.order > missed.order for event in self.events)
        return since >= RETURN_AFTER_CARDS or now_ms - missed.utc >= RETURN_AFTER_MS

    def introduced(self, states: Mapping[CardId, CardState]) -> frozenset[CardId]:
        """Cards whose first grade ever is one of today's."""
        return frozenset(
            card
            for card, grades in self.by_card.items()
            if (state := states.get(card)) is not None and state.reps <= len(grades)
        )

    def seconds(self) -> float:
        """Time from question shown to grade, over all of today's grades."""
        return sum(min(e.duration_ms or 0, COUNTED_MS) for e in self.events) / 1000


def today_of(events: Iterable[Event], aliases: Mapping[CardId, CardId]) -> Today:
    """The day that its live events make; ids that were linked count as one card."""
    grades = [event for event in events if event.kind in GRADES and event.card is not None]
    order = tuple(aliases.get(e.card, e.card) for e in grades if e.card is not None)
    by_card: dict[CardId, list[Event]] = {}
    for card, event in zip(order, grades, strict=True):
        by_card.setdefault(card, []).append(event)
    return Today(tuple(grades), {card: tuple(found) for card, found in by_card.items()}, order)
