"""Which card is asked next on a study day, and how many are left: the rules, none of the acts.

Works on states and on today's events that are handed in; knows neither store nor clock.
"""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rlhf_qa.collection import Entry
from rlhf_qa.memory import CardId, CardState, Schedule, StudyDay
from rlhf_qa.today import Today

DEFAULT_NEW: Final = 10
DEFAULT_REVIEWS: Final = 100
FEW_UNSEEN: Final = 20
"""Up to so many unseen cards, the default limit on new ones does not apply."""

APART: Final = 2
"""Cards between two of one family, as far as others are left."""


class Why(StrEnum):
    """Why a card is asked now."""

    RETURN = "return"
    """Missed before today, and comes back."""
    DUE = "due"
    NEW = "new"
    DRILL = "drill"
    """A follow-up of the card just graded, asked for."""
    SKIPPED = "skipped"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a day may hold. None: no limit."""

    new: int | None = DEFAULT_NEW
    reviews: int | None = DEFAULT_REVIEWS
    minutes: float | None = None
    new_is_default: bool = True
    """Nobody asked for `new`; then it spares small decks."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is left of the day, as far as limits let it."""

    new: int
    returns: int
    reviews: int
    done: int
    """Grades given today on cards of the selection."""
    minutes: float
    limit_minutes: float | None = None
    """None: no limit."""
    held_new: int = 0
    """Unseen cards that the limit on new ones keeps for another day."""
    held_reviews: int = 0
    held_back: int = 0
    """Unseen follow-ups whose parent was missed or buried today."""
    out_of_time: bool = False

    @property
    def left(self) -> int:
        return self.new + self.returns + self.reviews


class Planner:
    """The cards of one sitting, and what today's rules make of them."""

    cards: tuple[Entry, ...]
    """What may be asked."""
    selected: Mapping[CardId, Entry]
    """The same, by id."""

    def __init__(self, schedule: Schedule, limits: Limits) -> None:
        self._schedule = schedule
        self._asked = self._limits = limits
        self._day = StudyDay(0)

    def take(self, selection: Iterable[Entry], every: Mapping[CardId, Entry]) -> None:
        """Plan over the cards among `selection`; `every` holds their relatives too."""
        self.cards = tuple(entry for entry in selection if entry.question.answered)
        self.selected = {entry.id: entry for entry in self.cards}
        self._every = every
        self._children: dict[CardId, list[Entry]] = {}
        for entry in every.values():
            if entry.parent is not None:
                self._children.setdefault(entry.parent, []).append(entry)

    def load(self, day: StudyDay, states: Mapping[CardId, CardState], today: Today) -> None:
        """Begin with these states, or begin anew after they changed."""
        if day != self._day:
            self._limits = self._asked
        self._day = day
        self._states = dict(states)
        self._today = today
        # The queues of the day. A recall changes only for the card just answered.
        due = sorted(filter(self._is_due, self.cards), key=self._rank)
        self._due = {entry.id: entry for entry in due}
        self._unseen = {entry.id: entry for entry in self.cards if self._is_unseen(entry)}
        self._buried = {e.id for e in self.cards if self.state(e.id).is_buried(day)}
        self.take_in({}, today)

    def take_in(self, states: Mapping[CardId, CardState], today: Today) -> None:
        """The states of cards that were just graded or put aside."""
        self._states.update(states)
        self._today = today
        for card in states:
            self._requeue(card)
        self._introduced = today.introduced(self._states)
        mine = sum(card in self.selected for card in self._introduced)
        self._few = len(self._unseen) + mine <= FEW_UNSEEN

    def _requeue(self, card: CardId) -> None:
        """Put a card that changed into the queues it belongs to now."""
        if self.state(card).is_buried(self._day):
            self._buried.add(card)
        else:
            self._buried.discard(card)
        entry = self.selected.get(card)
        if entry is None:
            return
        for queue, belongs in ((self._due, self._is_due), (self._unseen, self._is_unseen)):
            if not belongs(entry):
                queue.pop(card, None)
            elif card not in queue:  # brought back by an undo
                queue[card] = entry
                ordered = sorted(queue.items(), key=lambda item: self._rank(item[1]))
                queue.clear()
                queue.update(ordered)

    def _rank(self, entry: Entry) -> tuple[float, int]:
        """The place of a card in its queue: lowest recall first, then document order."""
        return self.recall(entry.id), entry.order

    def lift(self, minutes: float) -> None:
        """Put some more minutes in place of the day's limits, until the day is over."""
        self._limits = Limits(new=None, reviews=None, minutes=self._today.seconds() / 60 + minutes)

    def children(self, card: CardId) -> Sequence[Entry]:
        """The follow-ups of a question, in document order."""
        return self._children.get(card, ())

    def state(self, card: CardId) -> CardState:
        """The card's state as it was handed in."""
        return self._states.get(card) or CardState(card)

    def elapsed(self, card: CardId) -> int:
        """Study days since the last grade, 0 or more."""
        last = self.state(card).last_day
        return 0 if last is None else max(0, self._day - last)

    def recall(self, card: CardId) -> float:
        """Predicted recall now; 0 for an unseen card."""
        return self._schedule.retrievability(self.state(card).memory, self.elapsed(card))

    def mean_recall_tomorrow(self) -> float:
        """Predicted recall a day from now, averaged over the selection; unseen cards count 0.

        Of today it would say nothing: what was just answered is recalled for certain.
        """
        recalls = [
            self._schedule.retrievability(state.memory, self.elapsed(state.card) + 1)
            for entry in self.cards
            if not (state := self.state(entry.id)).is_new
        ]
        return sum(recalls) / len(self.cards) if recalls else 0.0

    def unseen(self, put_off: Several[CardId] = ()) -> int:
        """New cards of the selection, limits and gates apart."""
        return _without(self._unseen, put_off)

    def counts(self, put_off: Several[CardId] = ()) -> Counts:
        """What is left for today, cards that are `put_off` left out."""
        due = _without(self._due, put_off)
        held = self._held()
        unseen = _without(self._unseen, held.union(put_off))
        new, reviews = self._room()
        out = self._out_of_time()
        allowed_new = 0 if out else unseen if new is None else min(unseen, new)
        allowed_due = 0 if out else due if reviews is None else min(due, reviews)
        return Counts(
            new=allowed_new,
            returns=0 if out else len(self._returns(put_off)),
            reviews=allowed_due,
            done=sum(len(g) for c, g in self._today.by_card.items() if c in self.selected),
            minutes=self._today.seconds() / 60,
            limit_minutes=self._limits.minutes,
            held_new=unseen - allowed_new,
            held_reviews=due - allowed_due,
            held_back=len(held),
            out_of_time=out,
        )

    def is_open_today(self, card: CardId) -> bool:
        """Whether a card of the selection may still be shown, limits and gates apart."""
        entry = self.selected.get(card)
        return entry is not None and self._is_available(entry) and not self._today.is_shown(card)

    def all_put_aside(self) -> bool:
        """Whether every card is suspended or buried."""
        return not any(self._is_available(entry) for entry in self.cards)

    def next(
        self, utc_ms: int, put_off: Several[CardId] = (), last: Iterable[CardId] = ()
    ) -> tuple[Entry, Why] | None:
        """The next card: a return that is ready, due, new, then a return that waits.

        Cards that are `put_off` are passed over; of these, `last` come when nothing else is left.
        """
        if self._out_of_time():
            return None
        returns = self._returns(put_off)
        ready = [entry for entry in returns if self._today.is_ready(entry.id, utc_ms)]
        new_room, review_room = self._room()
        queues: list[tuple[Iterable[Entry], Why]] = [(ready, Why.RETURN)]
        if review_room != 0:
            queues.append((self._due_now(put_off), Why.DUE))
        if new_room != 0:
            queues.append((self._open_new(put_off), Why.NEW))
        queues.append((returns, Why.RETURN))
        return self._apart(queues) or self._apart([(self._again(last), Why.SKIPPED)])

    def _apart(self, queues: Sequence[tuple[Iterable[Entry], Why]]) -> tuple[Entry, Why] | None:
        """The first card that is no relative of those just shown; if all are, the first."""
        first: tuple[Entry, Why] | None = None
        recent = [self._every[c] for c in self._today.order[-APART:] if c in self._every]
        for queue, why in queues:
            for entry in queue:
                if first is None:
                    first = (entry, why)
                if not any(_related(entry, other) for other in recent):
                    return entry, why
        return first

    def _returns(self, put_off: Several[CardId]) -> list[Entry]:
        waiting = (self.selected.get(card) for card in self._today.pending())
        return [
            entry
            for entry in waiting
            if entry and self._is_available(entry) and entry.id not in put_off
        ]

    def _due_now(self, put_off: Several[CardId]) -> Iterator[Entry]:
        return (entry for card, entry in self._due.items() if card not in put_off)

    def _open_new(self, put_off: Several[CardId]) -> Iterator[Entry]:
        return (
            entry
            for card, entry in self._unseen.items()
            if card not in put_off and self._is_open(entry)
        )

    def _again(self, last: Iterable[CardId]) -> Iterator[Entry]:
        """Cards put off, as far as the rules of the day let them come."""
        pending = self._today.pending()
        new_room, review_room = self._room()
        for card in last:
            entry = self.selected.get(card)
            if entry is None or not self._is_available(entry):
                continue
            if card in self._unseen:
                may_come = new_room != 0 and self._is_open(entry)
            else:
                may_come = card in pending or (card in self._due and review_room != 0)
            if may_come:
                yield entry

    def _held(self) -> set[CardId]:
        """Unseen follow-ups that cannot come today: their parent was missed, or is buried."""
        blocked = [card for card in self._today.by_card if self._today.failed(card)]
        stack = [*blocked, *(card for card in self._buried if self.state(card).is_new)]
        held: set[CardId] = set()
        while stack:
            for child in self._children.get(stack.pop(), ()):
                if child.id in self._unseen:
                    held.add(child.id)
                elif child.id in self.selected and not self.state(child.id).suspended:
                    continue  # it was seen: what is below it waits for nothing else
                stack.append(child.id)
        return held

    def _is_due(self, entry: Entry) -> bool:
        """Whether a card of an earlier day is to be shown today."""
        state = self.state(entry.id)
        return state.is_due(self._day) and self.is_open_today(entry.id)

    def _is_unseen(self, entry: Entry) -> bool:
        """Whether it is a new card that may be introduced one day; limits and gates apart."""
        return self.state(entry.id).is_new and self.is_open_today(entry.id)

    def _is_available(self, entry: Entry) -> bool:
        state = self.state(entry.id)
        return not state.suspended and not state.is_buried(self._day)

    def _is_open(self, entry: Entry) -> bool:
        """Whether the parent of an unseen card was seen, and not missed today."""
        parent = self._gate(entry)
        if parent is None:
            return True
        return not self.state(parent.id).is_new and not self._today.failed(parent.id)

    def _gate(self, entry: Entry) -> Entry | None:
        """The nearest question above that is asked in this sitting."""
        above = self._every.get(entry.parent) if entry.parent else None
        while above is not None:
            if above.id in self.selected and not self.state(above.id).suspended:
                return above
            above = self._every.get(above.parent) if above.parent else None
        return None

    def _room(self) -> tuple[int | None, int | None]:
        """New cards and reviews that the day still has room for. None: no limit."""
        limits = self._limits
        new: int | None = None
        if limits.new is not None and not (limits.new_is_default and self._few):
            new = max(0, limits.new - len(self._introduced))
        reviews: int | None = None
        if limits.reviews is not None:
            used = len(self._today.by_card) - len(self._introduced)
            reviews = max(0, limits.reviews - used)
        return new, reviews

    def _out_of_time(self) -> bool:
        minutes = self._limits.minutes
        return minutes is not None and self._today.seconds() >= minutes * 60


def _without(cards: Mapping[CardId, Entry], put_off: Several[CardId]) -> int:
    """How many of `cards` are not `put_off`."""
    return len(cards) - sum(card in cards for card in set(put_off))


def _related(one: Entry, other: Entry) -> bool:
    """Whether two cards are parent and follow-up, or follow-ups of one parent."""
    if one.id == other.id:
        return True
    if one.parent is not None and one.parent == other.parent:
        return True
    return one.parent == other.id or other.parent == one.id
