"""One sitting: which card comes next, and what happens to it.

Every rule of a sitting is here, and none of how it looks. All that matters is derived from the
store's events, so that leaving, a crash or a second window lose nothing. Time comes from the
clock that is passed in; each act is committed before the next card is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from rlhf_qa.clock import Clock
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.events import Draft, Event, EventKind
from rlhf_qa.memory import CardId, CardState, Choices, Moment, Rating, Schedule, StudyDay
from rlhf_qa.registry import RegistryRow
from rlhf_qa.today import Today, today_of

DEFAULT_NEW: Final = 10
DEFAULT_REVIEWS: Final = 100
FEW_UNSEEN: Final = 20
"""Up to so many unseen cards, the default limit on new ones does not apply."""

APART: Final = 2
"""Cards between two of one family, as far as others are left."""

MARK: Final = "star"
"""The name of the learner's own flag."""

_QUESTION_LENGTH: Final = 300  # of the question kept in a fingerprint


class History(Protocol):
    """What a sitting needs of the store."""

    def append(
        self,
        drafts: Sequence[Draft],
        moment: Moment,
        schedule: Schedule,
        rows: Sequence[RegistryRow] = (),
    ) -> tuple[Event, ...]: ...
    def states(self) -> Mapping[CardId, CardState]: ...
    def state(self, card: CardId) -> CardState: ...
    def aliases(self) -> Mapping[CardId, CardId]: ...
    def resolve(self, card: CardId) -> CardId: ...
    def live(self, day: StudyDay) -> tuple[Event, ...]: ...
    def undoable(self) -> Event | None: ...
    def redoable(self) -> Event | None: ...
    def settings(self) -> Mapping[str, object]: ...


class Why(StrEnum):
    """Why a card is asked now."""

    RETURN = "return"
    """Missed before today, and comes back."""
    DUE = "due"
    NEW = "new"
    SKIPPED = "skipped"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a day may hold. None: no limit."""

    new: int | None = DEFAULT_NEW
    reviews: int | None = DEFAULT_REVIEWS
    minutes: int | None = None
    new_is_default: bool = True
    """Nobody asked for `new`; then it spares small decks."""


@dataclass(frozen=True, slots=True)
class Pick:
    """The card to ask, and what is known of it before the answer."""

    entry: Entry
    why: Why
    state: CardState
    choices: Choices
    recall: float
    """Predicted now, 0 to 1; 0 for a new card."""
    missed_ms: int = 0
    """RETURN: time since it was missed."""
    unseen: int = 0
    """NEW: unseen cards of the selection."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is left of the day, as far as limits let it."""

    new: int
    returns: int
    reviews: int
    done: int
    """Grades given today on cards of the selection."""
    minutes: float
    held_new: int = 0
    """Unseen cards that the limit on new ones keeps for another day."""
    held_reviews: int = 0
    out_of_time: bool = False

    @property
    def left(self) -> int:
        return self.new + self.returns + self.reviews


@dataclass(frozen=True, slots=True)
class Summary:
    """What this sitting did, and what comes next."""

    grades: Mapping[Rating, int]
    seconds: float
    asked: int
    """Cards that were asked, returns not counted again."""
    recalled: int
    """Of these, graded better than Again at the first try."""
    due: tuple[int, ...]
    """Cards of the selection falling due on each of the next days, tomorrow first."""


@dataclass(frozen=True, slots=True)
class Undone:
    """An act that was taken back or done again."""

    card: CardId
    kind: str
    rating: int | None
    earlier_day: bool
    entry: Entry | None
    """None: the card is not among those of this sitting."""


@dataclass(slots=True)
class _Sitting:
    """What is not history: it ends with the sitting."""

    skipped: list[CardId] = field(default_factory=list)
    dropped: set[CardId] = field(default_factory=set)
    """Skipped a second time."""
    recalled: CardId | None = None
    """A card brought back by undo, or edited: it comes next."""
    skip_is_last: bool = False


class Session:
    """The sitting over `selection`, a part of `collection`."""

    def __init__(
        self,
        collection: Collection,
        selection: Sequence[Entry],
        *,
        history: History,
        schedule: Schedule,
        clock: Clock,
        limits: Limits,
        sitting: UUID,
    ) -> None:
        self._every = collection.by_id()
        self._cards = tuple(entry for entry in selection if entry.question.answered)
        self._selected = {entry.id: entry for entry in self._cards}
        self._pending_rows = dict(collection.rows())
        self._pending_links = list(collection.reconciliation.links)
        self._history = history
        self._schedule = schedule
        self._clock = clock
        self._limits = limits
        self._id = sitting
        self._mine = _Sitting()
        self._load(clock.now().day)

    # What there is to do.

    @property
    def cards(self) -> tuple[Entry, ...]:
        return self._cards

    @property
    def today(self) -> StudyDay:
        return self._day

    def state(self, card: CardId) -> CardState:
        """The card's state as stored."""
        return self._states.get(card) or CardState(card)

    def next(self) -> Pick | None:
        """The card to ask now; None when nothing is left for today."""
        now = self._clock.now()
        if now.day != self._day:
            self._load(now.day)
        found = self._recalled() or self._scheduled(now)
        if found is None:
            return None
        entry, why = found
        return self._pick(entry, why, now)

    def counts(self) -> Counts:
        """What is left for today."""
        due = sum(1 for _ in self._due_now())
        unseen = sum(1 for _ in self._unseen())
        new, reviews = self._room()
        out = self._out_of_time()
        allowed_new = 0 if out else unseen if new is None else min(unseen, new)
        allowed_due = 0 if out else due if reviews is None else min(due, reviews)
        return Counts(
            new=allowed_new,
            returns=0 if out else len(self._returns()),
            reviews=allowed_due,
            done=sum(len(g) for c, g in self._today.by_card.items() if c in self._selected),
            minutes=self._today.seconds() / 60,
            held_new=unseen - allowed_new,
            held_reviews=due - allowed_due,
            out_of_time=out,
        )

    def all_put_aside(self) -> bool:
        """Whether every card is suspended or buried."""
        return not any(self._is_available(entry) for entry in self._cards)

    def summary(self, days: int = 7) -> Summary:
        """The sitting so far, and the load of the next `days` days."""
        mine = [e for e in self._today.events if e.payload.get("sitting") == str(self._id)]
        first = [event for event in mine if event.kind == EventKind.REVIEW]
        seen = [self.state(entry.id) for entry in self._cards]
        active = [state for state in seen if not state.suspended and not state.is_new]
        return Summary(
            grades={r: sum(event.rating == r for event in mine) for r in Rating},
            seconds=today_of(mine, {}).seconds(),
            asked=len(first),
            recalled=sum(event.rating != Rating.AGAIN for event in first),
            due=tuple(
                sum(state.due_day == self._day + n for state in active) for n in range(1, days + 1)
            ),
        )

    # What the learner does. Each is committed when the method returns.

    def grade(
        self, pick: Pick, rating: Rating, duration_ms: int, *, hint: bool = False
    ) -> CardState:
        """Record how well the card was recalled; the state it has then.

        Raises:
            NotStored: nothing was recorded; the card stays.
        """
        card = pick.entry.id
        kind = EventKind.RETRY if self._today.is_shown(card) else EventKind.REVIEW
        payload: dict[str, object] = {"sitting": str(self._id), "digest": pick.entry.digest}
        if hint:
            payload["hint"] = True
        self._commit([Draft(kind, card, rating, max(0, duration_ms), payload)], pick.entry)
        return self.state(card)

    def skip(self, pick: Pick) -> None:
        """To the end of this sitting; a second time: out of it. Nothing is recorded."""
        card = pick.entry.id
        mine = self._mine
        if card in mine.skipped:
            mine.dropped.add(card)
        else:
            mine.skipped.append(card)
        mine.recalled = None
        mine.skip_is_last = True

    def bury(self, pick: Pick) -> None:
        """Not before the next study day."""
        until = self._clock.now().day + 1
        self._commit([Draft(EventKind.BURY, pick.entry.id, payload={"until": until})], pick.entry)

    def suspend(self, pick: Pick) -> None:
        """Not until it is unsuspended."""
        self._commit([Draft(EventKind.SUSPEND, pick.entry.id)], pick.entry)

    def mark(self, pick: Pick) -> bool:
        """Set or take off the learner's flag; whether it is set now. The card stays in hand."""
        card = pick.entry.id
        on = MARK not in self.state(card).marks
        draft = Draft(EventKind.MARK, card, payload={"name": MARK, "on": on})
        self._commit([draft], pick.entry)
        return on

    def undo(self) -> Undone | None:
        """Take the last act back, also one of an earlier sitting; its card comes next."""
        mine = self._mine
        if mine.skip_is_last and mine.skipped:
            return self._unskip()
        act = self._history.undoable()
        return None if act is None else self._void(act, act)

    def redo(self) -> Undone | None:
        """Do again what was last taken back."""
        undo = self._history.redoable()
        if undo is None:
            return None
        done = self._void(undo, undo)
        self._mine.recalled = None
        return done

    # Inside.

    def _load(self, day: StudyDay) -> None:
        self._day = day
        self._states = dict(self._history.states())
        self._refresh_today()
        self._order()

    def _refresh_today(self) -> None:
        self._today: Today = today_of(self._history.live(self._day), self._history.aliases())

    def _order(self) -> None:
        """Queues of the day; a recall changes only for the card just answered."""
        seen = [entry for entry in self._cards if not self.state(entry.id).is_new]
        due = [entry for entry in seen if (self.state(entry.id).due_day or 0) <= self._day]
        self._due = sorted(due, key=lambda entry: (self._recall(entry.id), entry.order))
        self._new = [entry for entry in self._cards if self.state(entry.id).is_new]
        introduced = self._today.introduced(self._states)
        self._introduced = introduced
        in_selection = sum(card in self._selected for card in introduced)
        self._few = len(self._new) + in_selection <= FEW_UNSEEN

    def _recall(self, card: CardId) -> float:
        state = self.state(card)
        elapsed = 0 if state.last_day is None else max(0, self._day - state.last_day)
        return self._schedule.retrievability(state.memory, elapsed)

    def _recalled(self) -> tuple[Entry, Why] | None:
        card = self._mine.recalled
        entry = self._selected.get(card) if card else None
        return (entry, Why.UNDONE) if entry else None

    def _scheduled(self, now: Moment) -> tuple[Entry, Why] | None:
        """The next card by the rules: a ready return, due, new, then what waits or was skipped."""
        if self._out_of_time():
            return None
        returns = self._returns()
        ready = [entry for entry in returns if self._today.is_ready(entry.id, now.utc_ms)]
        new_room, review_room = self._room()
        queues: list[tuple[Iterable[Entry], Why]] = [(ready, Why.RETURN)]
        if review_room != 0:
            queues.append((self._due_now(), Why.DUE))
        if new_room != 0:
            queues.append((self._eligible_new(), Why.NEW))
        queues += [(returns, Why.RETURN), (self._skipped(), Why.SKIPPED)]
        return self._apart(queues)

    def _apart(self, queues: Sequence[tuple[Iterable[Entry], Why]]) -> tuple[Entry, Why] | None:
        """The first card that is no relative of those just shown; if all are, the first."""
        first: tuple[Entry, Why] | None = None
        recent = [self._every[card] for card in self._recent() if card in self._every]
        for queue, why in queues:
            for entry in queue:
                if first is None:
                    first = (entry, why)
                if not any(_related(entry, other) for other in recent):
                    return entry, why
        return first

    def _recent(self) -> tuple[CardId, ...]:
        """The cards graded last, also if that was in an earlier sitting of today."""
        last = self._today.events[-APART:]
        return tuple(self._history.resolve(event.card) for event in last if event.card)

    def _returns(self) -> list[Entry]:
        waiting = (self._selected.get(card) for card in self._today.pending())
        return [
            entry
            for entry in waiting
            if entry and self._is_available(entry) and entry.id not in self._mine.skipped
        ]

    def _due_now(self) -> Iterator[Entry]:
        return (
            entry
            for entry in self._due
            if not self._today.is_shown(entry.id)
            and not self.state(entry.id).is_new
            and self._is_available(entry)
            and entry.id not in self._mine.skipped
        )

    def _unseen(self) -> Iterator[Entry]:
        """New cards that may be introduced one day; limits and gates apart."""
        return (
            entry
            for entry in self._new
            if self.state(entry.id).is_new
            and self._is_available(entry)
            and entry.id not in self._mine.skipped
        )

    def _eligible_new(self) -> Iterator[Entry]:
        return (entry for entry in self._unseen() if self._is_open(entry))

    def _skipped(self) -> Iterator[Entry]:
        waiting = (c for c in self._mine.skipped if c not in self._mine.dropped)
        pending = self._today.pending()
        entries = (self._selected[c] for c in waiting if c in self._selected)
        return (
            entry
            for entry in entries
            if self._is_available(entry)
            and (not self._today.is_shown(entry.id) or entry.id in pending)
        )

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
            if above.id in self._selected and not self.state(above.id).suspended:
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

    def _pick(self, entry: Entry, why: Why, now: Moment) -> Pick:
        state = self.state(entry.id)
        elapsed = 0 if state.last_day is None else max(0, self._day - state.last_day)
        missed = self._today.by_card[entry.id][-1].utc if why is Why.RETURN else now.utc_ms
        return Pick(
            entry=entry,
            why=why,
            state=state,
            choices=self._schedule.preview(state.memory, elapsed),
            recall=self._schedule.retrievability(state.memory, elapsed),
            missed_ms=max(0, now.utc_ms - missed),
            unseen=sum(1 for _ in self._unseen()) if why is Why.NEW else 0,
        )

    def _commit(self, drafts: Sequence[Draft], entry: Entry) -> None:
        """Store an act, and with a command's first one what the scan found out."""
        moment = self._clock.now()
        first = self._link_drafts()
        style = self._style_draft(entry)
        acts = [self._with_fingerprint(draft, entry) for draft in drafts]
        rows = tuple(self._pending_rows.values())
        self._history.append([*first, *style, *acts], moment, self._schedule, rows)
        self._pending_rows.clear()
        self._pending_links.clear()
        self._after(moment, {draft.card for draft in drafts if draft.card})

    def _after(self, moment: Moment, touched: set[CardId]) -> None:
        """Take in what the store says now."""
        mine = self._mine
        mine.recalled = None
        mine.skip_is_last = False
        if moment.day != self._day:
            self._load(moment.day)
            return
        for card in touched:
            self._states[card] = self._history.state(card)
            if card in mine.skipped:
                mine.skipped.remove(card)
        self._refresh_today()
        self._introduced = self._today.introduced(self._states)

    def _link_drafts(self) -> list[Draft]:
        return [
            Draft(
                EventKind.LINK,
                link.card,
                payload={"to": link.to, "step": link.step, "fingerprint": self._print(link.to)},
            )
            for link in self._pending_links
        ]

    def _style_draft(self, entry: Entry) -> list[Draft]:
        """The style a deck is read in from its first grade on."""
        name = f"style:{entry.note.deck}"
        if name in self._history.settings():
            return []
        value = entry.note.document.style.value
        return [Draft(EventKind.SETTINGS, payload={"name": name, "value": value})]

    def _with_fingerprint(self, draft: Draft, entry: Entry) -> Draft:
        """The first event of a card on a device says which question it is."""
        if draft.card in self._states:
            return draft
        payload = {**draft.payload, "fingerprint": self._print(entry.id)}
        return Draft(draft.kind, draft.card, draft.rating, draft.duration_ms, payload)

    def _print(self, card: CardId) -> dict[str, object]:
        entry = self._every[card]
        question = entry.question
        return {
            "deck": entry.note.deck,
            "trail": list(question.trail),
            "question": question.text[:_QUESTION_LENGTH],
            "digest": entry.digest,
        }

    def _void(self, event: Event, act: Event) -> Undone:
        """Undo `event`, which may itself be an undo."""
        moment = self._clock.now()
        draft = Draft(EventKind.UNDO, event.card, payload={"of": event.id})
        self._history.append([draft], moment, self._schedule)
        card = self._history.resolve(act.card) if act.card else CardId("")
        self._load(moment.day)
        self._mine.skip_is_last = False
        self._mine.recalled = card
        return Undone(card, act.kind, act.rating, act.day != moment.day, self._selected.get(card))

    def _unskip(self) -> Undone:
        mine = self._mine
        card = mine.skipped[-1]
        if card in mine.dropped:
            mine.dropped.discard(card)
        else:
            mine.skipped.pop()
        mine.skip_is_last = False
        mine.recalled = card
        return Undone(card, "skip", None, earlier_day=False, entry=self._selected.get(card))


def _related(one: Entry, other: Entry) -> bool:
    """Whether two cards are parent and follow-up, or follow-ups of one parent."""
    if one.id == other.id:
        return True
    if one.parent is not None and one.parent == other.parent:
        return True
    return one.parent == other.id or other.parent == one.id
