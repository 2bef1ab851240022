"""What events mean: hand-made histories, and properties of any history."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa import history
from rlhf_qa.events import Event, EventKind
from rlhf_qa.memory import CardId, CardState, MemoryState, Rating, StudyDay
from rlhf_qa.scheduler import Scheduler
from tests.histories import DAY, A, B, C, D, Simple, event, histories, link, review, undo

AGAIN, HARD, GOOD, EASY = Rating


def state(events: Sequence[Event], card: CardId = A) -> CardState:
    return fold(events, card).state


def fold(events: Sequence[Event], card: CardId = A) -> history.Folded:
    live = history.live(events)
    return history.fold(card, history.by_card(live, {}).get(card, ()), Simple())


def ids(events: Sequence[Event]) -> list[str]:
    return [e.id for e in events]


# Grades.


def test_a_card_without_events_is_new() -> None:
    assert state([]) == CardState(A)
    assert state([]).is_new


def test_the_first_grade_makes_a_memory() -> None:
    assert state([review(1, GOOD)]) == CardState(
        A, MemoryState(30.0, 3.0), last_day=DAY, due_day=StudyDay(DAY + 3), reps=1
    )


def test_elapsed_days_count_from_the_last_grade() -> None:
    found = fold([review(1, GOOD), review(2, HARD, days=5), review(3, EASY, days=7)])
    # 30, then 30 + 20 + 5, then 55 + 40 + 2.
    assert [step.after.stability for step in found.steps] == [30.0, 55.0, 97.0]
    assert [step.elapsed for step in found.steps] == [0, 5, 2]
    assert [step.before for step in found.steps] == [
        None,
        MemoryState(30.0, 3.0),
        MemoryState(55.0, 2.0),
    ]
    assert [step.is_recall for step in found.steps] == [False, True, True]
    assert found.state.due_day == DAY + 11
    assert found.state.reps == 3


def test_two_grades_of_a_day_are_a_same_day_review() -> None:
    found = fold([review(1, GOOD), review(2, GOOD)])
    assert found.state.memory == MemoryState(60.0, 3.0)
    assert [step.is_recall for step in found.steps] == [False, False]


def test_a_clock_set_back_gives_no_negative_days() -> None:
    found = fold([review(1, GOOD, days=300), review(2, GOOD)])
    assert [step.elapsed for step in found.steps] == [0, 0]
    assert (found.state.last_day, found.state.due_day) == (DAY, DAY + 3)


@pytest.mark.parametrize(
    ("kind", "rating", "days", "lapses"),
    [
        (EventKind.REVIEW, AGAIN, 1, 1),
        (EventKind.REVIEW, AGAIN, 0, 0),
        (EventKind.REVIEW, HARD, 1, 0),
        (EventKind.MOCK, AGAIN, 1, 1),
        (EventKind.MOCK, AGAIN, 0, 0),
        (EventKind.RETRY, AGAIN, 0, 0),
        (EventKind.RETRY, AGAIN, 1, 0),
        (EventKind.CRAM, AGAIN, 1, 0),
    ],
)
def test_a_lapse_is_a_failure_on_a_later_day(
    kind: str, rating: int, days: int, lapses: int
) -> None:
    assert state([review(1, GOOD), event(2, kind, A, rating, days=days)]).lapses == lapses


def test_the_first_grade_is_no_lapse() -> None:
    assert state([review(1, AGAIN)]).lapses == 0


def test_four_lapses_make_a_leech() -> None:
    events = [review(0, GOOD), *(review(n, AGAIN, days=n) for n in range(1, 5))]
    assert not state(events[:4]).is_leech
    assert state(events).is_leech


def test_retry_and_mock_move_the_memory_and_cram_does_not() -> None:
    first = review(1, AGAIN)
    assert state([first, event(2, EventKind.RETRY, A, GOOD)]).memory == MemoryState(31.0, 3.0)
    assert state([first, event(2, EventKind.MOCK, A, GOOD)]).reps == 2
    assert state([first, event(2, EventKind.CRAM, A, GOOD, days=1)]) == state([first])


def test_forget_makes_a_card_new_and_keeps_its_flags() -> None:
    events = [
        review(1, GOOD),
        review(2, AGAIN, days=1),
        event(3, EventKind.MARK, name="star", on=True),
        event(4, EventKind.SUSPEND),
        event(5, EventKind.BURY, until=DAY + 9),
        event(6, EventKind.FORGET),
    ]
    forgotten = CardState(
        A, suspended=True, buried_until=StudyDay(DAY + 9), marks=frozenset({"star"})
    )
    assert state(events) == forgotten
    again = state([*events, review(7, GOOD, days=20)])
    assert (again.memory, again.reps, again.lapses) == (MemoryState(30.0, 3.0), 1, 0)


# Flags.


def test_suspending_and_its_end() -> None:
    events = [event(1, EventKind.SUSPEND)]
    assert state(events).suspended
    assert state([*events, event(2, EventKind.UNSUSPEND)]) == CardState(A)


def test_burying_lasts_until_its_day() -> None:
    found = state([event(1, EventKind.BURY, until=DAY + 1)])
    assert found.is_buried(DAY)
    assert not found.is_buried(StudyDay(DAY + 1))


def test_marks_are_set_and_taken_off_by_name() -> None:
    events = [
        event(1, EventKind.MARK, name="star", on=True),
        event(2, EventKind.MARK, name="ask", on=True),
        event(3, EventKind.MARK, name="star", on=False),
        event(4, EventKind.MARK, name="never set", on=False),
    ]
    assert state(events).marks == {"ask"}


# What is out of range.


@pytest.mark.parametrize(
    "broken",
    [
        review(2, 0, days=1),
        review(2, 5, days=1),
        event(2, EventKind.REVIEW, A, None, days=1),
        review(2, GOOD, days=-10_000),
        review(2, GOOD, days=70_000),
        replace(review(2, GOOD, days=1), duration_ms=-1),
        event(2, EventKind.BURY, until="tomorrow"),
        event(2, EventKind.BURY, until=10**9),
        event(2, EventKind.BURY),
        event(2, EventKind.MARK, name=3, on=True),
        event(2, EventKind.MARK, name="star", on="yes"),
        event(2, EventKind.UNDO, of=["e1"]),
        event(2, EventKind.UNDO),
        event(2, EventKind.REDATE, of="e1", day=3.5),
        event(2, EventKind.REDATE, of="e1", day=10**9),
        event(2, EventKind.REDATE, of=None, day=DAY),
        event(2, "telepathy", A, GOOD, days=1),
    ],
)
def test_what_cannot_be_true_changes_nothing(broken: Event) -> None:
    events = [review(1, GOOD)]
    assert state([*events, broken]) == state(events)
    assert broken in history.live([*events, broken]) or broken.kind == EventKind.UNDO


def test_days_of_two_centuries_are_sound() -> None:
    first, last = review(1, GOOD, days=0), review(1, GOOD, days=0)
    for day, sound in ((730_119, False), (730_120, True), (803_168, True), (803_169, False)):
        # 1999-12-31, 2000-01-01, 2199-12-31, 2200-01-01.
        assert history.is_sound(replace(first, day=StudyDay(day))) is sound
    assert history.is_sound(last)


# Undo.


def test_undo_takes_an_event_away_and_undo_of_undo_brings_it_back() -> None:
    events = [review(1, GOOD), review(2, AGAIN, days=1)]
    taken, back = undo(3, 2), undo(4, 3)
    assert ids(history.live([*events, taken])) == ["e1"]
    assert ids(history.live([*events, taken, back])) == ["e1", "e2"]
    assert ids(history.live([*events, taken, back, undo(5, 4)])) == ["e1"]
    assert state([*events, taken]) == state(events[:1])
    assert state([*events, taken, back]) == state(events)


def test_an_undo_of_what_comes_later_or_does_not_exist_is_nothing() -> None:
    events = [undo(1, 2), review(2, GOOD), undo(3, "e99"), undo(4, 4)]
    assert ids(history.live(events)) == ["e2"]


def test_undone_twice_and_redone_once_stays_undone() -> None:
    events = [review(1, GOOD), undo(2, 1), undo(3, 1), undo(4, 3)]
    assert ids(history.live(events)) == []
    assert ids(history.live([*events, undo(5, 2)])) == ["e1"]


def test_what_undo_and_redo_would_do() -> None:
    """Two grades, undone one after the other and done again."""
    events = [review(1, GOOD), review(2, EASY, days=1)]
    table: list[tuple[Event | None, str | None, str | None]] = [
        (None, "e2", None),
        (undo(3, 2), "e1", "e3"),
        (undo(4, 1), None, "e4"),
        (undo(5, 4), "e1", "e3"),  # redo of the first
        (undo(6, 3), "e2", None),  # redo of the second
        (undo(7, 2), "e1", "e7"),
        (event(8, EventKind.SUSPEND), "e8", None),  # something new: no way back to e7
        (undo(9, 8), "e1", "e9"),
        (undo(10, 9), "e8", None),
    ]
    for act, undoable, redoable in table:
        events += [act] if act else []
        found = history.undoable(reversed(events), history.voids(events))
        assert (found and found.id) == undoable
        undos = [e for e in events if e.kind == EventKind.UNDO]
        acts = [e for e in events if e.kind != EventKind.UNDO]
        again = history.redoable(undos, {e.id: e for e in events}, acts[-1])
        assert (again and again.id) == redoable


def test_links_and_settings_are_no_acts_to_undo_with_a_key() -> None:
    events = [review(1, GOOD), link(2, B, A), event(3, EventKind.SETTINGS, None, name="x")]
    found = history.undoable(reversed(events), {})
    assert found is not None
    assert found.id == "e1"
    repaired = [*events, undo(4, 2)]
    assert history.redoable(repaired[3:], {e.id: e for e in events}, events[0]) is None


# Redating.


def test_a_redated_event_counts_on_its_new_day_in_its_old_place() -> None:
    events = [
        review(1, GOOD, days=70_000),
        review(2, GOOD, days=4),
        event(3, EventKind.REDATE, of="e1", day=DAY + 1),
    ]
    assert [step.elapsed for step in fold(events).steps] == [0, 3]
    later = [*events, event(4, EventKind.REDATE, of="e1", day=DAY + 2)]
    assert [step.elapsed for step in fold(later).steps] == [0, 2]
    assert [step.elapsed for step in fold([*later, undo(5, 4)]).steps] == [0, 3]
    assert state([*events, undo(5, 3)]) == state([review(2, GOOD, days=4)])


# Links.


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([(A, B)], {A: B}),
        ([(A, B), (B, C)], {A: C, B: C}),
        ([(A, B), (C, B)], {A: B, C: B}),
        ([(A, B), (A, C)], {A: C}),
        ([(A, B), (B, A)], {A: B}),
        ([(A, A)], {}),
        ([(A, B), (B, C), (C, A)], {A: C, B: C}),
        ([(A, B), (B, C), (C, A), (A, D)], {A: D, B: D, C: D}),
        ([(A, ""), (B, 3), (C, None)], {}),
    ],
)
def test_links(links: list[tuple[CardId, object]], expected: dict[CardId, CardId]) -> None:
    events = [link(n, card, to) for n, (card, to) in enumerate(links)]
    assert history.aliases(history.live(events)) == expected


def test_an_undone_link_does_not_count() -> None:
    events = [link(1, A, B), link(2, A, C), undo(3, 2)]
    assert history.aliases(history.live(events)) == {A: B}


def test_a_history_is_that_of_all_ids_that_lead_to_it() -> None:
    events = [review(1, GOOD), review(2, GOOD, card=B, days=1), link(3, B, A)]
    live = history.live(events)
    found = history.by_card(live, history.aliases(live))
    assert {card: ids(its) for card, its in found.items()} == {A: ["e1", "e2"]}


# Settings.


def test_the_last_setting_of_a_name_counts() -> None:
    events = [
        event(1, EventKind.SETTINGS, None, name="rollover", value=3),
        event(2, EventKind.SETTINGS, None, name="rollover", value=5),
        event(3, EventKind.SETTINGS, None, name="plan", value={"date": "2026-04-01"}),
        event(4, EventKind.SETTINGS, None, name=["odd"], value=1),
        event(5, EventKind.SETTINGS, None, name="gone"),
    ]
    plan = {"date": "2026-04-01"}
    assert history.settings(history.live(events)) == {"rollover": 5, "plan": plan, "gone": None}
    undone = history.live([*events, undo(6, 2, card=None)])
    assert history.settings(undone)["rollover"] == 3


# Any history.


def in_force(events: Sequence[Event], subject: Event) -> bool:
    """Straight from the definition: no undo that is in force came after it and names it."""
    return not any(
        e.kind == EventKind.UNDO
        and e.payload.get("of") == subject.id
        and e.order > subject.order
        and in_force(events, e)
        for e in events
    )


@given(histories())
def test_live_events_are_those_of_the_definition(events: list[Event]) -> None:
    expected = {e.id for e in events if e.kind != EventKind.UNDO and in_force(events, e)}
    live = history.live(events)
    assert {e.id for e in live} == expected
    assert [e.order for e in live] == sorted(e.order for e in live)


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(events: list[Event], rng: random.Random) -> None:
    def everything(arrived: Sequence[Event]) -> object:
        live = history.live(arrived)
        linked = history.aliases(live)
        cards = history.by_card(live, linked)
        folded = {card: history.fold(card, its, Scheduler()) for card, its in cards.items()}
        return folded, linked, history.settings(live)

    shuffled = list(events)
    rng.shuffle(shuffled)
    assert everything(shuffled) == everything(events)


@given(histories())
def test_links_end_at_cards_that_are_not_linked(events: list[Event]) -> None:
    linked = history.aliases(history.live(events))
    assert not linked.keys() & set(linked.values())


@given(histories(), st.integers(0, 30), st.sampled_from(Rating))
def test_undo_restores_exactly_and_redo_too(events: list[Event], days: int, rating: Rating) -> None:
    added = review(1_000, rating, days=days)
    before, after = state(events), state([*events, added])
    assert after.reps == before.reps + 1
    assert state([*events, added, undo(1_001, 1_000)]) == before
    assert state([*events, added, undo(1_001, 1_000), undo(1_002, 1_001)]) == after


@given(histories())
def test_folding_goes_on_from_any_point(events: list[Event]) -> None:
    """One step at a time gives what folding from the start gives."""
    live = history.live(events)
    for card, its in history.by_card(live, {}).items():
        stepwise = CardState(card)
        for one in its:
            stepwise, _ = history.advance(stepwise, one, Scheduler())
        assert stepwise == history.fold(card, its, Scheduler()).state
