"""The history as the program uses it: what is appended, and what can be looked up."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path

import pytest

from rlhf_qa.clock import moment_at
from rlhf_qa.errors import NotStored, StoreError
from rlhf_qa.events import Draft, Event, EventKind
from rlhf_qa.memory import CardId, CardState, MemoryState, Moment, NextState, Rating, StudyDay
from rlhf_qa.registry import RegistryRow, Status
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.store import Prediction, Store
from tests.histories import DAY, DAY_MS, NOON, A, B, C, Simple, moment

AGAIN, HARD, GOOD, EASY = Rating


def grade(card: CardId, rating: Rating, kind: EventKind = EventKind.REVIEW) -> Draft:
    return Draft(kind, card, rating, 21_450, {"sitting": "s1"})


def link(card: CardId, to: CardId) -> Draft:
    return Draft(EventKind.LINK, card, payload={"to": to, "step": 4})


def append(store: Store, *drafts: Draft, days: int = 0, ms: int = 0) -> tuple[Event, ...]:
    return store.append(drafts, moment(days, ms), Simple())


def undo(store: Store, event: Event, *, days: int = 0) -> Event:
    (made,) = append(store, Draft(EventKind.UNDO, event.card, payload={"of": event.id}), days=days)
    return made


def row(card: CardId, path: str = "/notes/a.md") -> RegistryRow:
    return RegistryRow(
        card=card,
        deck="a",
        path=path,
        path_key="rl\x1fwhat is kl",
        trail=("RL", "什么是 KL？"),
        question="什么是 KL？",
        digest="00ff00ff00ff00ff",
        answer_text="a divergence",
        order=3,
        first_seen=DAY,
        last_seen=StudyDay(DAY + 1),
        status=Status.GONE,
    )


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


# Appending.


def test_an_event_gets_its_place_and_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    payload = {"sitting": "s1", "hint": True, "points": ["甲", "b"], "note": "\u2028 'quoted'"}
    with Store.open(tmp_path, create=True) as store:
        (event,) = store.append(
            [Draft(EventKind.REVIEW, A, HARD, 21_450, payload)], moment(), Simple()
        )
        assert (event.kind, event.card, event.rating, event.duration_ms) == ("review", A, 2, 21_450)
        assert (event.utc, event.tz, event.day) == (NOON, 0, DAY)
        assert (event.seq, event.hlc, event.model) == (1, NOON, "simple:1")
        assert event.payload == payload
        assert len(event.id) == 36
        assert len(event.dev) == 12
    with Store.open(tmp_path, create=False) as store:
        assert store.events() == (event,)


def test_only_grades_name_the_model_that_predicted(store: Store) -> None:
    events = append(
        store,
        grade(A, GOOD),
        grade(A, GOOD, EventKind.RETRY),
        grade(A, GOOD, EventKind.MOCK),
        grade(A, GOOD, EventKind.CRAM),
        Draft(EventKind.SUSPEND, A),
    )
    assert [event.model for event in events] == ["simple:1"] * 3 + [None] * 2


def test_order_is_kept_whatever_the_clock_does(store: Store) -> None:
    days = [0, 0, -365, 1, 0]
    events = [append(store, grade(A, GOOD), grade(B, GOOD), days=days_) for days_ in days]
    flat = [event for pair in events for event in pair]
    assert store.events() == tuple(flat)
    assert [event.seq for event in flat] == list(range(1, 11))
    clocks = [event.hlc - NOON for event in flat]
    assert clocks == [0, 1, 2, 3, 4, 5, DAY_MS, DAY_MS + 1, DAY_MS + 2, DAY_MS + 3]
    assert flat[4].utc == NOON - 365 * DAY_MS


def test_another_device_far_in_the_future_draws_us_a_day_ahead_at_most(store: Store) -> None:
    foreign = (
        "INSERT INTO events VALUES ('f', 'phone', 1, ?, ?, 0, ?, 'review', 'b', 3, 0, NULL, '{}')"
    )
    future = NOON + 8_000 * DAY_MS
    store._db.execute(foreign, (future, future, DAY + 8_000))
    (event,) = append(store, grade(A, GOOD))
    assert event.hlc == NOON + DAY_MS + 1
    (event,) = append(store, grade(A, GOOD))
    assert event.hlc == NOON + DAY_MS + 2


def test_an_event_behind_a_foreign_one_is_folded_in_its_place(store: Store) -> None:
    foreign = (
        "INSERT INTO events VALUES ('f', 'phone', 1, ?, ?, 0, ?, 'review', 'a', 3, 0, NULL, '{}')"
    )
    future = NOON + 100 * DAY_MS
    store._db.execute(foreign, (future, future, DAY + 100))
    append(store, grade(A, GOOD))
    # 30, then 30 more and the 100 days between.
    assert store.state(A).memory == MemoryState(160.0, 3.0)


def test_state_follows_each_event(store: Store) -> None:
    append(store, grade(A, GOOD), grade(B, EASY))
    append(store, grade(A, AGAIN), days=3)
    append(store, Draft(EventKind.MARK, B, payload={"name": "star", "on": True}))
    state_a = CardState(
        A,
        MemoryState(1.0, 1.0),
        last_day=StudyDay(DAY + 3),
        due_day=StudyDay(DAY + 4),
        reps=2,
        lapses=1,
    )
    state_b = CardState(
        B,
        MemoryState(40.0, 4.0),
        last_day=DAY,
        due_day=StudyDay(DAY + 4),
        reps=1,
        marks=frozenset({"star"}),
    )
    assert store.states() == {A: state_a, B: state_b}
    assert store.state(A) == state_a
    assert store.state(C) == CardState(C)


def test_a_payload_that_is_no_json_is_a_mistake_of_the_program(store: Store) -> None:
    with pytest.raises(ValueError, match="JSON"):
        append(store, Draft(EventKind.SETTINGS, payload={"name": "x", "value": float("nan")}))
    assert store.events() == ()
    append(store, grade(A, GOOD))
    assert len(store.events()) == 1


def test_events_can_neither_be_changed_nor_deleted(store: Store) -> None:
    append(store, grade(A, GOOD))
    for statement in ("UPDATE events SET r = 4", "DELETE FROM events"):
        with pytest.raises(Exception, match="events are never"):
            store._db.execute(statement)
    assert [event.rating for event in store.events()] == [3]


def test_a_damaged_payload_reads_as_an_empty_one(store: Store) -> None:
    broken = "INSERT INTO events VALUES (?, 'd', 1, 1, 1, 0, ?, 'review', 'a', 3, 0, NULL, ?)"
    for name, text in (("x", "{"), ("y", "[]"), ("z", "[" * 100_000)):
        store._db.execute(broken, (name, DAY, text))
    assert [event.payload for event in store.events()] == [{}, {}, {}]
    store.rebuild(Simple())
    assert store.state(A).reps == 3


def test_a_damaged_row_is_said_not_raised_as_it_is(store: Store) -> None:
    append(store, Draft(EventKind.MARK, A, payload={"name": "star", "on": True}))
    store._db.execute("UPDATE card_state SET marks = '['")
    with pytest.raises(StoreError, match="the history cannot be read"):
        store.states()


# Looking up events.


def test_events_of_a_card_a_day_and_a_kind(store: Store) -> None:
    append(store, grade(A, GOOD), grade(B, GOOD))
    append(store, grade(A, GOOD), Draft(EventKind.SUSPEND, A), days=1)
    kinds = frozenset({"review"})

    def seqs(events: tuple[Event, ...]) -> list[int]:
        return [event.seq for event in events]

    assert seqs(store.events()) == [1, 2, 3, 4]
    assert seqs(store.events(card=A)) == [1, 3, 4]
    assert seqs(store.events(day=DAY)) == [1, 2]
    assert seqs(store.events(card=A, day=StudyDay(DAY + 1), kinds=kinds)) == [3]
    assert seqs(store.events(kinds=frozenset())) == []
    assert seqs(store.events(card=C)) == []


def test_live_events_of_a_day_and_of_all_days(store: Store) -> None:
    first, second = append(store, grade(A, GOOD), grade(B, GOOD))
    (third,) = append(store, grade(A, GOOD), days=1)
    undone = undo(store, second, days=1)
    assert store.live(DAY) == (first,)
    assert store.live(StudyDay(DAY + 1)) == (third,)
    assert store.live_events() == (first, third)
    undo(store, undone, days=2)
    assert store.live(DAY) == (first, second)
    assert len(store.events()) == 5


def test_a_redated_event_is_of_its_new_day(store: Store) -> None:
    (wrong,) = append(store, grade(A, GOOD), days=50)
    right = StudyDay(DAY + 1)
    redate = Draft(EventKind.REDATE, A, payload={"of": wrong.id, "day": right})
    (repair,) = append(store, redate, days=2)
    assert store.live(StudyDay(DAY + 50)) == ()
    assert [event.id for event in store.live(right)] == [wrong.id]
    assert store.live(right)[0].day == right
    assert store.state(A).last_day == right
    undo(store, repair, days=2)
    assert store.state(A).last_day == DAY + 50
    assert store.live(right) == ()


def test_the_last_setting_counts_and_can_be_undone(store: Store) -> None:
    def setting(name: str, value: object) -> Event:
        (event,) = append(store, Draft(EventKind.SETTINGS, payload={"name": name, "value": value}))
        return event

    assert store.settings() == {}
    setting("rollover", 3)
    setting("style:a", "heading")
    last = setting("rollover", 5)
    assert store.settings() == {"rollover": 5, "style:a": "heading"}
    undo(store, last)
    assert store.settings() == {"rollover": 3, "style:a": "heading"}


# Undo and redo.


def test_undo_of_any_depth_restores_each_state_and_redo_brings_it_back(tmp_path: Path) -> None:
    acts = [
        grade(A, GOOD),
        grade(A, AGAIN),
        grade(A, GOOD, EventKind.RETRY),
        grade(B, GOOD, EventKind.CRAM),
        Draft(EventKind.BURY, B, payload={"until": DAY + 9}),
        Draft(EventKind.SUSPEND, A),
        Draft(EventKind.UNSUSPEND, A),
        Draft(EventKind.MARK, B, payload={"name": "star", "on": True}),
        Draft(EventKind.FORGET, A),
        grade(A, EASY, EventKind.MOCK),
    ]
    seen: list[object] = []
    for day, act in enumerate(acts):
        with Store.open(tmp_path, create=True) as store:
            seen.append(dict(store.states()))
            append(store, act, days=day)
    with Store.open(tmp_path, create=True) as store:
        last = dict(store.states())
    for before in reversed(seen):
        with Store.open(tmp_path, create=True) as store:
            act_ = store.undoable()
            assert act_ is not None
            undo(store, act_, days=20)
            assert store.states() == before
    with Store.open(tmp_path, create=True) as store:
        assert store.undoable() is None
        for after in [*seen[1:], last]:
            undone = store.redoable()
            assert undone is not None
            undo(store, undone, days=21)
            assert store.states() == after
        assert store.redoable() is None
        assert len(store.events()) == 3 * len(acts)


def test_redo_ends_with_the_next_act(store: Store) -> None:
    (first,) = append(store, grade(A, GOOD))
    undone = undo(store, first)
    assert store.redoable() == undone
    append(store, Draft(EventKind.SETTINGS, payload={"name": "x", "value": 1}))
    assert store.redoable() == undone
    (other,) = append(store, grade(B, GOOD))
    assert store.redoable() is None
    assert store.undoable() == other


# Links.


def test_a_link_joins_two_histories_and_its_undo_parts_them(store: Store) -> None:
    append(store, grade(A, GOOD))
    append(store, grade(B, GOOD), days=2)
    apart = dict(store.states())
    (joined,) = append(store, link(B, A), days=3)
    assert store.aliases() == {B: A}
    assert (store.resolve(A), store.resolve(B)) == (A, A)
    # 30, then 30 more and the two days between.
    assert set(store.states()) == {A}
    assert store.state(B) == store.state(A) == store.states()[A]
    assert store.state(A).memory == MemoryState(62.0, 3.0)
    assert len(store.events(card=A)) == len(store.events(card=B)) == 3
    append(store, grade(B, AGAIN), days=4)
    assert store.state(A).lapses == 1
    undo(store, joined, days=5)
    assert store.aliases() == {}
    assert store.states()[A] == apart[A]
    assert store.state(B).lapses == 1


def test_links_in_a_chain_and_in_one_act(store: Store) -> None:
    append(store, grade(A, GOOD))
    append(store, link(B, A), link(C, B), grade(C, GOOD), days=1)
    assert store.aliases() == {B: A, C: A}
    assert store.state(C).reps == 2
    assert set(store.states()) == {A}


def test_cards_with_history(store: Store) -> None:
    (event, _) = append(store, grade(A, GOOD), link(B, A))
    assert store.cards_with_history() == {A}
    append(store, Draft(EventKind.SUSPEND, C), Draft(EventKind.SETTINGS, payload={"name": "x"}))
    undo(store, event)
    assert store.cards_with_history() == {A, C}


# Registry and predictions.


def test_registry_rows_are_stored_with_the_events_and_replaced(store: Store) -> None:
    odd = os.fsdecode(b"/notes/\xff\xfe.md")
    store.append([grade(A, GOOD)], moment(), Simple(), [row(A), row(B, odd)])
    assert store.registry() == {A: row(A), B: row(B, odd)}
    store.append([], moment(), Simple(), [row(A, "/elsewhere.md")])
    assert store.registry() == {A: row(A, "/elsewhere.md"), B: row(B, odd)}
    assert len(store.events()) == 1


def test_predictions_are_the_live_grades_of_earlier_days(store: Store) -> None:
    append(store, grade(A, GOOD), grade(A, GOOD, EventKind.RETRY), grade(B, EASY))
    a, b = append(store, grade(A, HARD), grade(B, GOOD, EventKind.CRAM), days=2)
    (gone,) = append(store, grade(B, AGAIN), days=3)
    (mock,) = append(store, grade(A, AGAIN, EventKind.MOCK), days=5)
    undo(store, gone, days=5)
    assert b.kind == "cram"
    assert store.predictions() == (
        Prediction(a.id, A, StudyDay(DAY + 2), MemoryState(60.0, 3.0), 2, HARD),
        Prediction(mock.id, A, StudyDay(DAY + 5), MemoryState(82.0, 2.0), 3, AGAIN),
    )


class Lazy(Simple):
    """Waits ten times as long."""

    def next_state(self, memory: MemoryState | None, rating: Rating, elapsed: int) -> NextState:
        found = super().next_state(memory, rating, elapsed)
        return NextState(found.memory, found.interval_days * 10)


def test_another_model_folds_everything_anew(store: Store) -> None:
    append(store, grade(A, GOOD), grade(B, GOOD))
    assert store.state(A).due_day == DAY + 3
    store.append([grade(C, GOOD)], moment(), Lazy("lazy:1"))
    assert [store.state(card).due_day for card in (A, B, C)] == [DAY + 30] * 3
    append(store, grade(C, GOOD))
    assert [store.state(card).due_day for card in (A, B, C)] == [DAY + 3] * 3


@pytest.mark.parametrize("minutes", [23 * 60 + 50, 24 * 60 + 10])
def test_ten_minutes_more_or_less_than_a_day_make_no_difference(
    tmp_path: Path, minutes: int
) -> None:
    """Eleven daily Good answers: the model sees eleven study days either way."""
    schedule = Scheduler()
    with Store.open(tmp_path, create=True) as store:
        for n in range(11):
            when = moment_at(NOON + n * minutes * 60_000, UTC, 4)
            store.append([grade(A, GOOD)], when, schedule)
        memory = store.state(A).memory
        assert memory is not None
        assert memory.stability == pytest.approx(44.06, abs=0.01)
        assert [found.elapsed for found in store.predictions()] == [1] * 10


# Without a place.


def test_an_empty_history_stands_in_and_cannot_be_written(tmp_path: Path) -> None:
    with Store.open(tmp_path / "none", create=False) as store:
        assert (store.states(), store.events(), store.registry()) == ({}, (), {})
        assert (store.settings(), store.aliases(), store.predictions()) == ({}, {}, ())
        assert (store.undoable(), store.redoable()) == (None, None)
        assert store.cards_with_history() == frozenset()
        with pytest.raises(NotStored, match="reading only"):
            append(store, grade(A, GOOD))
        assert store.events() == ()
    assert list(tmp_path.iterdir()) == []


def test_in_memory_nothing_is_written_to_the_disk(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (event,) = append(store, grade(A, GOOD))
    assert event.dev == "memory"
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_moment_is_stored_as_it_was(store: Store) -> None:
    east = Moment(NOON, 345, DAY)
    (event,) = store.append([grade(A, GOOD)], east, Simple())
    assert (event.utc, event.tz, event.day) == (NOON, 345, DAY)
