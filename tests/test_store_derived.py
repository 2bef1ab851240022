"""What is derived from the events: the same bits whichever way it came about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlhf_qa import derived, history, rows
from rlhf_qa.errors import NotStored
from rlhf_qa.events import Draft, Event, EventKind
from rlhf_qa.memory import CardId, CardState, MemoryState, NextState, Rating
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.store import Store
from tests.histories import DAY, A, B, C, Simple, histories, moment

TABLES = ("card_state", "event_state", "alias")
ALWAYS_BEHIND = 2**62


def tables(store: Store) -> dict[str, list[str]]:
    """The derived tables, every number exact."""

    def exact(value: object) -> str:
        return value.hex() if isinstance(value, float) else repr(value)

    return {
        table: sorted(
            " ".join(map(exact, row))
            for row in store._db.execute(f"SELECT * FROM {table}")  # noqa: S608
        )
        for table in TABLES
    }


def arrive(store: Store, events: Sequence[Event]) -> None:
    """Events of other devices, in the order they happen to come in."""
    sql = f"INSERT INTO events ({rows.EVENT}) VALUES ({rows.marks_for(rows.EVENT)})"  # noqa: S608
    store._db.executemany(sql, map(rows.event_row, events))
    derived.follow(store._db, events, Scheduler(), newest_before=ALWAYS_BEHIND)


def folded(events: Sequence[Event]) -> dict[CardId, CardState]:
    """From scratch, without the store; cards without past left out."""
    live = history.live(events)
    cards = history.by_card(live, history.aliases(live))
    states = [history.fold(card, its, Scheduler()).state for card, its in cards.items()]
    return {state.card: state for state in states if state != CardState(state.card)}


@settings(max_examples=150)
@given(histories(), st.lists(st.integers(1, 5), min_size=24, max_size=24))
def test_any_arrival_in_any_batches_equals_the_fold(events: list[Event], sizes: list[int]) -> None:
    with Store.in_memory() as store:
        at = 0
        for size in sizes:
            arrive(store, events[at : at + size])
            at += size
        found = tables(store)
        store.rebuild(Scheduler())
        assert tables(store) == found
        assert store.aliases() == history.aliases(history.live(events))
        assert store.states() == folded(events)


acts = st.one_of(
    st.builds(
        lambda kind, card, rating: Draft(kind, card, rating, 1_000),
        st.sampled_from([EventKind.REVIEW, EventKind.RETRY, EventKind.MOCK, EventKind.CRAM]),
        st.sampled_from([A, B, C]),
        st.sampled_from(Rating),
    ),
    st.builds(
        lambda card, to: Draft(EventKind.LINK, card, payload={"to": to}),
        st.sampled_from([A, B, C]),
        st.sampled_from([A, B, C]),
    ),
    st.builds(
        lambda kind, card: Draft(kind, card, payload={"until": DAY + 3, "name": "x", "on": True}),
        st.sampled_from([EventKind.SUSPEND, EventKind.BURY, EventKind.MARK, EventKind.FORGET]),
        st.sampled_from([A, B, C]),
    ),
)
undo_or_redo = st.sampled_from(["undo", "redo", "undo the link"])


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.lists(acts, min_size=1, max_size=3) | undo_or_redo, st.integers(-3, 9)))
)
def test_what_is_done_here_equals_the_fold(course: list[tuple[list[Draft] | str, int]]) -> None:
    """Grades, flags, links, undo and redo by the store's own ways, under a wavering clock."""
    with Store.in_memory() as store:
        for what, days in course:
            drafts = what if isinstance(what, list) else voiding(store, what)
            store.append(drafts, moment(days), Scheduler())
        found = tables(store)
        store.rebuild(Scheduler())
        assert tables(store) == found
        assert store.states() == folded(store.events())


def voiding(store: Store, what: str) -> list[Draft]:
    links = store.events(kinds=frozenset({"link"}))
    event = {
        "undo": store.undoable(),
        "redo": store.redoable(),
        "undo the link": links[-1] if links else None,
    }[what]
    return [Draft(EventKind.UNDO, event.card, payload={"of": event.id})] if event else []


def test_rebuilding_mends_what_was_derived_wrongly() -> None:
    with Store.in_memory() as store:
        store.append([Draft(EventKind.REVIEW, A, Rating.GOOD)], moment(), Simple())
        store.append([Draft(EventKind.LINK, B, payload={"to": A})], moment(), Simple())
        right = tables(store)
        store._db.execute("UPDATE card_state SET stability = 99, due_day = 1")
        store._db.execute("DELETE FROM event_state")
        store._db.execute("DELETE FROM alias")
        assert tables(store) != right
        store.rebuild(Simple())
        assert tables(store) == right


def test_rebuilding_is_done_wholly_or_not_at_all() -> None:
    class Broken(Simple):
        def next_state(self, memory: MemoryState | None, rating: Rating, elapsed: int) -> NextState:
            raise OSError(f"no model for {memory}, {rating}, {elapsed}")

    with Store.in_memory() as store:
        store.append([Draft(EventKind.REVIEW, A, Rating.GOOD)], moment(), Simple())
        before = tables(store)
        with pytest.raises(NotStored):
            store.rebuild(Broken())
        assert tables(store) == before


def test_more_cards_than_one_query_may_name() -> None:
    cards = [CardId(f"card {n:04}") for n in range(1_200)]
    with Store.in_memory() as store:
        reviews = [Draft(EventKind.REVIEW, card, Rating.GOOD) for card in cards]
        store.append(reviews, moment(), Simple())
        links = [Draft(EventKind.LINK, card, payload={"to": cards[0]}) for card in cards[1:]]
        store.append(links, moment(), Simple())
        assert store.state(cards[700]).reps == 1_200
        assert len(store.states()) == 1
