"""One sitting: what the learner does to the cards that planner.py picks.

All that matters is derived from the store's events, so that leaving, a crash or a second window
lose nothing. Time comes from the clock that is passed in; each act is committed before the next
card is asked for. How it looks is ui/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

from rlhf_qa.clock import Clock
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.events import GRADES, Draft, Event, EventKind
from rlhf_qa.memory import CardId, CardState, Choices, Moment, Rating, Schedule, StudyDay
from rlhf_qa.planner import Counts, Limits, Planner, Why
from rlhf_qa.registry import RegistryRow
from rlhf_qa.today import Today, today_of

MARK: Final = "star"
"""The name of the learner's own flag."""

MORE_MINUTES: Final = 5
"""What the learner gets who asks for more than the day's limits give."""

_WEAK: Final = 3  # topics named in a summary
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
    def cards_with_history(self) -> frozenset[CardId]: ...
    def resolve(self, card: CardId) -> CardId: ...
    def live(self, day: StudyDay) -> tuple[Event, ...]: ...
    def undoable(self) -> Event | None: ...
    def redoable(self) -> Event | None: ...
    def settings(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Pick:
    """The card to ask, and what is known of it before the answer."""

    entry: Entry
    why: Why
    state: CardState
    choices: Choices
    recall: float
    """Predicted now, 0 to 1; 0 for a new card."""
    comes_back: bool = True
    """Missed now, it would return today."""
    missed_ms: int = 0
    """RETURN: time since it was missed."""
    unseen: int = 0
    """NEW: unseen cards of the selection."""


@dataclass(frozen=True, slots=True)
class Weak:
    """A topic of which cards were missed in this sitting."""

    topic: str
    entries: tuple[Entry, ...]


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
    next_due: int | None
    """Days until the first of them all; None if no card waits."""
    recall_before: float
    """Predicted recall of the selection for tomorrow, 0 to 1, when the sitting began; unseen cards
    count 0."""
    recall_now: float
    """The same, now."""
    weak: tuple[Weak, ...]
    """Topics with missed cards, the most missed first; at most three."""


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
    recalled: tuple[CardId, Why] | None = None
    """A card brought back by undo, or edited: it comes next."""
    skip_is_last: bool = False
    drill: list[CardId] = field(default_factory=list)
    """Follow-ups that were asked for, the next one first."""


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
        self._history = history
        self._schedule = schedule
        self._clock = clock
        self._id = sitting
        self._mine = _Sitting()
        self._met = set(history.cards_with_history())
        self._plan = Planner(schedule, limits)
        self.renew(collection, selection)
        self._recall_before = self._plan.mean_recall_tomorrow()

    def renew(self, collection: Collection, selection: Sequence[Entry]) -> None:
        """Go on with notes that were read again; everything done so far stays done."""
        self._every = collection.by_id()
        self._pending_rows = dict(collection.rows())
        self._pending_links = list(collection.reconciliation.links)
        self._plan.take(selection, self._every)
        self._load(self._clock.now().day)

    # What there is to do.

    @property
    def cards(self) -> tuple[Entry, ...]:
        return self._plan.cards

    @property
    def today(self) -> StudyDay:
        return self._day

    def state(self, card: CardId) -> CardState:
        """The card's state as stored."""
        return self._plan.state(card)

    def counts(self) -> Counts:
        """What is left for today."""
        return self._plan.counts(self._mine.skipped)

    def all_put_aside(self) -> bool:
        """Whether every card is suspended or buried."""
        return self._plan.all_put_aside()

    def next(self) -> Pick | None:
        """The card to ask now; None when nothing is left for today."""
        now = self._clock.now()
        if now.day != self._day:
            self._load(now.day)
        mine = self._mine
        last = [card for card in mine.skipped if card not in mine.dropped]
        found = (
            self._recalled() or self._drilled() or self._plan.next(now.utc_ms, mine.skipped, last)
        )
        if found is None:
            return None
        entry, why = found
        return self._pick(entry, why, now)

    def summary(self, days: int = 7) -> Summary:
        """The sitting so far, and the load of the next `days` days."""
        mine = [e for e in self._today.events if e.payload.get("sitting") == str(self._id)]
        first = [event for event in mine if event.kind == EventKind.REVIEW]
        seen = [self.state(entry.id) for entry in self.cards]
        ahead = [
            state.due_day - self._day
            for state in seen
            if not state.suspended and state.due_day is not None and state.due_day > self._day
        ]
        return Summary(
            grades={r: sum(event.rating == r for event in mine) for r in Rating},
            seconds=today_of(mine, {}).seconds(),
            asked=len(first),
            recalled=sum(event.rating != Rating.AGAIN for event in first),
            due=tuple(ahead.count(n) for n in range(1, days + 1)),
            next_due=min(ahead, default=None),
            recall_before=self._recall_before,
            recall_now=self._plan.mean_recall_tomorrow(),
            weak=self._weak(mine),
        )

    def _weak(self, events: Sequence[Event]) -> tuple[Weak, ...]:
        missed: dict[str, dict[CardId, Entry]] = {}
        aliases = self._history.aliases()
        for event in events:
            card = aliases.get(event.card, event.card) if event.card else None
            entry = self._plan.selected.get(card) if card else None
            if entry is not None and event.rating == Rating.AGAIN:
                missed.setdefault(entry.topic, {})[entry.id] = entry
        topics = sorted(missed.items(), key=lambda item: -len(item[1]))
        return tuple(Weak(topic, tuple(found.values())) for topic, found in topics[:_WEAK])

    def follow_ups(self, card: CardId) -> tuple[Entry, ...]:
        """The follow-ups of `card` that may still be shown today, in document order.

        In place of one without an answer stand its own.
        """
        found: list[Entry] = []
        for child in self._plan.children(card):
            if not child.question.answered:
                found += self.follow_ups(child.id)
            elif self._plan.is_open_today(child.id):
                found.append(child)
        return tuple(found)

    def last_recalled(self) -> Entry | None:
        """The card graded last today, if it was recalled: the one to drill into."""
        if not self._today.order:
            return None
        card = self._today.order[-1]
        recalled = self._today.by_card[card][-1].rating in (Rating.GOOD, Rating.EASY)
        return self._every.get(card) if recalled else None

    def drill(self, card: CardId) -> int:
        """Ask the follow-ups of `card` next, due or not; how many there are."""
        found = [entry.id for entry in self.follow_ups(card)]
        rest = [card for card in self._mine.drill if card not in found]
        self._mine.drill = [*found, *rest]
        return len(found)

    @property
    def is_drilling(self) -> bool:
        """Whether follow-ups that were asked for are still to come."""
        return bool(self._mine.drill)

    def leave_drill(self) -> None:
        """Back to what the day asks for."""
        self._mine.drill.clear()

    def more(self) -> bool:
        """Ask on for some minutes beyond the day's limits; whether there is anything to ask."""
        self._plan.lift(MORE_MINUTES)
        return self.next() is not None

    # What the learner does. Each is committed when the method returns.

    def grade(
        self, pick: Pick, rating: Rating, duration_ms: int, *, hint: bool = False
    ) -> CardState:
        """Record how well the card was recalled; the state it has then.

        Raises:
            NotStored: nothing was recorded; the card stays.
        """
        card = pick.entry.id
        self._today = self._look_at_today()  # another window may have asked it meanwhile
        kind = EventKind.RETRY if self._today.is_shown(card) else EventKind.REVIEW
        payload: dict[str, object] = {"sitting": str(self._id), "digest": pick.entry.digest}
        if hint:
            payload["hint"] = True
        self._commit([Draft(kind, card, rating, max(0, duration_ms), payload)], pick.entry)
        return self.state(card)

    def skip(self, entry: Entry) -> None:
        """To the end of this sitting; a second time: out of it. Nothing is recorded."""
        card = entry.id
        mine = self._mine
        mine.drill = [other for other in mine.drill if other != card]
        if card in mine.skipped:
            mine.dropped.add(card)
        else:
            mine.skipped.append(card)
        mine.recalled = None
        mine.skip_is_last = True

    def bury(self, entry: Entry) -> None:
        """Not before the next study day."""
        until = self._clock.now().day + 1
        self._commit([Draft(EventKind.BURY, entry.id, payload={"until": until})], entry)

    def forget(self, entry: Entry) -> None:
        """Start the card anew, as if it had never been graded; the history stays."""
        self._commit([Draft(EventKind.FORGET, entry.id)], entry)

    def again(self, pick: Pick) -> bool:
        """Ask the same card next, for the same reason, if it is still there; whether it is."""
        card = pick.entry.id
        if card not in self._plan.selected:
            return False
        self._mine.recalled = card, pick.why
        return True

    def suspend(self, entry: Entry) -> None:
        """Not until it is unsuspended."""
        self._commit([Draft(EventKind.SUSPEND, entry.id)], entry)

    def toggle_suspended(self, entry: Entry) -> bool:
        """Suspend a card, or ask it again from now on; whether it is suspended now."""
        on = not self.state(entry.id).suspended
        kind = EventKind.SUSPEND if on else EventKind.UNSUSPEND
        self._commit([Draft(kind, entry.id)], entry)
        return on

    def mark(self, entry: Entry) -> bool:
        """Set or take off the learner's flag; whether it is set now. The card stays in hand."""
        card = entry.id
        on = MARK not in self.state(card).marks
        draft = Draft(EventKind.MARK, card, payload={"name": MARK, "on": on})
        self._commit([draft], entry)
        return on

    def earlier_grade(self) -> Event | None:
        """What `undo` would take back, if that is a grade of another sitting."""
        mine = self._mine
        act = None if mine.skip_is_last and mine.skipped else self._history.undoable()
        if act is None or act.kind not in GRADES or act.payload.get("sitting") == str(self._id):
            return None
        return act

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
        self._today = self._look_at_today()
        self._plan.load(day, self._history.states(), self._today)

    def _look_at_today(self) -> Today:
        return today_of(self._history.live(self._day), self._history.aliases())

    def _recalled(self) -> tuple[Entry, Why] | None:
        card, why = self._mine.recalled or (None, Why.UNDONE)
        entry = self._plan.selected.get(card) if card else None
        return (entry, why) if entry else None

    def _drilled(self) -> tuple[Entry, Why] | None:
        mine = self._mine
        mine.drill = [card for card in mine.drill if self._plan.is_open_today(card)]
        return (self._plan.selected[mine.drill[0]], Why.DRILL) if mine.drill else None

    def _pick(self, entry: Entry, why: Why, now: Moment) -> Pick:
        state = self.state(entry.id)
        missed = self._today.by_card[entry.id][-1].utc if why is Why.RETURN else now.utc_ms
        return Pick(
            entry=entry,
            why=why,
            state=state,
            choices=self._schedule.preview(state.memory, self._plan.elapsed(entry.id)),
            recall=self._plan.recall(entry.id),
            comes_back=self._today.comes_back(entry.id),
            missed_ms=max(0, now.utc_ms - missed),
            unseen=self._plan.unseen(self._mine.skipped) if why is Why.NEW else 0,
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
        self._met.add(entry.id)
        self._after(moment, {draft.card for draft in drafts if draft.card})

    def _after(self, moment: Moment, touched: set[CardId]) -> None:
        """Take in what the store says now."""
        mine = self._mine
        mine.recalled = None
        mine.skip_is_last = False
        if moment.day != self._day:
            self._load(moment.day)
            return
        self._today = self._look_at_today()
        states = {card: self._history.state(card) for card in touched}
        self._plan.take_in(states, self._today)
        mine.skipped = [
            card for card in mine.skipped if card not in touched or self._plan.is_open_today(card)
        ]

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
        if entry.id in self._met:
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
        self._after(moment, {card})
        self._mine.recalled = card, Why.UNDONE
        return Undone(
            card, act.kind, act.rating, act.day != moment.day, self._plan.selected.get(card)
        )

    def _unskip(self) -> Undone:
        mine = self._mine
        card = mine.skipped[-1]
        if card in mine.dropped:
            mine.dropped.discard(card)
        else:
            mine.skipped.pop()
        mine.skip_is_last = False
        mine.recalled = card, Why.UNDONE
        return Undone(card, "skip", None, earlier_day=False, entry=self._plan.selected.get(card))
