"""The card in hand, from its question to its grade: what both faces do alike with it.

Decides nothing about cards (session.py) and shows nothing (plain.py, quiz.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rlhf_qa.clock import Clock
from rlhf_qa.memory import Rating
from rlhf_qa.session import Pick, Session
from rlhf_qa.ui.card import Way
from rlhf_qa.ui.pane import START, Place

_RECALLED: Final = (Rating.GOOD, Rating.EASY)


@dataclass(frozen=True, slots=True)
class Graded:
    """What a grade did."""

    rating: Rating
    lapses: int
    is_leech: bool
    """This lapse is to be spoken of."""
    follow_ups: int
    """Follow-ups that come next because they were asked for."""


class Hand:
    """One card in hand. The clock runs from the moment it is made."""

    def __init__(self, session: Session, clock: Clock, pick: Pick) -> None:
        self._session = session
        self._clock = clock
        self._started = clock.monotonic()
        self.pick = pick
        self.revealed = False
        self.hint = False
        """A deep-dive was opened, or asked for, before the answer."""
        self.drill = False
        """Its follow-ups were asked for, in case it is recalled."""

    def may_look(self) -> bool:
        """Whether a page may be opened now. Before the answer it is a hint: asked for twice."""
        if self.revealed or self.hint:
            return True
        self.hint = True
        return False

    def grade(self, rating: Rating) -> Graded:
        """Record the grade.

        Raises:
            NotStored: nothing was recorded; the card stays in hand.
        """
        card = self.pick.entry.id
        spent = round((self._clock.monotonic() - self._started) * 1000)
        state = self._session.grade(self.pick, rating, spent, hint=self.hint)
        leech = state.lapses > self.pick.state.lapses and state.is_leech_to_be_named
        follow = self.drill and rating in _RECALLED
        found = self._session.drill(card) if follow else 0
        return Graded(rating, state.lapses, leech, found)


@dataclass(slots=True)
class Visit:
    """A page looked at."""

    way: Way
    place: Place = START
    """Where in it the reader was."""


class Trail:
    """Pages visited one after the other, with the way back."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._at = -1

    @property
    def here(self) -> Visit | None:
        """The page that is open."""
        return self._visits[self._at] if self._at >= 0 else None

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    def open(self, visit: Visit) -> None:
        """Go on to a page; what was ahead is given up."""
        del self._visits[self._at + 1 :]
        self._visits.append(visit)
        self._at += 1

    def move(self, step: int) -> bool:
        """Back or forward; whether there was a page."""
        if not 0 <= self._at + step < len(self._visits):
            return False
        self._at += step
        return True

    def close(self) -> None:
        self._visits.clear()
        self._at = -1
