"""The memory model: FSRS-6 as the library py-fsrs computes it, on whole study days.

The only module that imports `fsrs`; no type of the library leaves it. The library thinks in
timestamps, floors elapsed time to 24 hours and answers a recall of 1 inside them, so that a
review 23 hours 50 minutes after the last one would count for nothing. It is therefore shown a
synthetic calendar: a fixed epoch, plus the study days that have passed.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from fsrs import Card, State
from fsrs import Rating as FsrsRating
from fsrs import Scheduler as Fsrs

from rlhf_qa.memory import Choices, MemoryState, NextState, Rating

DESIRED_RETENTION: Final = 0.90
RETENTION_RANGE: Final = (0.80, 0.97)
MAXIMUM_INTERVAL: Final = 365
"""Days. A longer wait is of no use to a preparation."""

MAXIMUM_ELAPSED: Final = 36_500
"""Days; more is taken as this much, since the library's calendar ends in year 9999."""

_PREVIEWS: Final = 16_384  # kept; a few of them per card of a large collection
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Scheduler:
    """FSRS-6 with its published default parameters, no fuzz and no timed steps.

    Formulas: https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm
    """

    def __init__(
        self,
        desired_retention: float = DESIRED_RETENTION,
        maximum_interval: int = MAXIMUM_INTERVAL,
    ) -> None:
        """A model that lets a card wait until recall has fallen to `desired_retention`.

        Raises:
            ValueError: `desired_retention` outside 0.80 to 0.97, or an interval under a day.
        """
        low, high = RETENTION_RANGE
        if not low <= desired_retention <= high:
            raise ValueError(f"desired retention {desired_retention} is not within {low} to {high}")
        if maximum_interval < 1:
            raise ValueError(f"a maximum interval of {maximum_interval} days is too short")
        self._fsrs = Fsrs(
            desired_retention=desired_retention,
            learning_steps=(),
            relearning_steps=(),
            maximum_interval=maximum_interval,
            enable_fuzzing=False,
        )
        self._model = _model_name(self._fsrs)
        self._preview = lru_cache(maxsize=_PREVIEWS)(self._all_four)

    @property
    def model(self) -> str:
        """`fsrs6:` and a hash of parameters, desired retention and maximum interval."""
        return self._model

    def next_state(self, memory: MemoryState | None, rating: Rating, elapsed: int) -> NextState:
        """What `rating` makes of `memory`, `elapsed` study days after its last grade."""
        when = _after(elapsed)
        card, _ = self._fsrs.review_card(_card(memory), FsrsRating(rating), when)
        if card.stability is None or card.difficulty is None:
            raise AssertionError("a reviewed card has a memory state")
        return NextState(MemoryState(card.stability, card.difficulty), (card.due - when).days)

    def preview(self, memory: MemoryState | None, elapsed: int) -> Choices:
        """The outcome of all four ratings; remembered, since many cards share a state."""
        return self._preview(memory, elapsed)

    def retrievability(self, memory: MemoryState | None, elapsed: int) -> float:
        """Predicted chance of recall after `elapsed` study days, 0 to 1; 0 for None."""
        return self._fsrs.get_card_retrievability(_card(memory), _after(elapsed))

    def _all_four(self, memory: MemoryState | None, elapsed: int) -> Choices:
        again, hard, good, easy = (self.next_state(memory, rating, elapsed) for rating in Rating)
        return Choices(again, hard, good, easy)


def _card(memory: MemoryState | None) -> Card:
    """The library's card. Left to its defaults it would read the clock, and sleep."""
    if memory is None:
        return Card(card_id=0, due=_EPOCH)
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_EPOCH,
        last_review=_EPOCH,
    )


def _after(elapsed: int) -> datetime:
    return _EPOCH + timedelta(days=min(max(0, elapsed), MAXIMUM_ELAPSED))


def _model_name(fsrs: Fsrs) -> str:
    numbers = (*fsrs.parameters, fsrs.desired_retention, float(fsrs.maximum_interval))
    text = " ".join(number.hex() for number in numbers)
    return f"fsrs6:{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"
