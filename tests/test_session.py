"""Every rule of a sitting, over a store in memory and a clock set by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rlhf_qa.collection import Collection
from rlhf_qa.errors import NotStored
from rlhf_qa.events import Event, EventKind
from rlhf_qa.memory import Rating
from rlhf_qa.planner import Limits, Why
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.selection import Filters, select
from rlhf_qa.session import Pick, Session
from rlhf_qa.store import Store
from tests.fakes import HandClock
from tests.notes import TODAY, TREE, collection, write

AGAIN, HARD, GOOD, EASY = Rating


def flat(count: int) -> str:
    """A deck of main questions."""
    return "# Deck\n\n" + "".join(f"## What is number {n}?\n> It is {n}.\n\n" for n in range(count))


class Desk:
    """A learner's desk: notes, history and clock, and sittings over them."""

    def __init__(self, folder: Path, text: str = TREE) -> None:
        self.folder = write(folder, {"deck.md": text})
        self.store = Store.in_memory()
        self.schedule = Scheduler()
        self.clock = HandClock(TODAY)
        self.sittings = 0

    def collection(self) -> Collection:
        return collection(
            self.folder,
            registry=self.store.registry(),
            with_history=self.store.cards_with_history(),
            aliases=self.store.aliases(),
        )

    def sit(self, limits: Limits | None = None, filters: Filters | None = None) -> Session:
        self.sittings += 1
        found = self.collection()
        chosen = select(found.entries, filters or Filters(), self.store.states())
        return Session(
            found,
            chosen,
            history=self.store,
            schedule=self.schedule,
            clock=self.clock,
            limits=limits or Limits(),
            sitting=UUID(int=self.sittings),
        )

    def grades(self) -> list[Event]:
        return [e for e in self.store.events() if e.kind in (EventKind.REVIEW, EventKind.RETRY)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


Tables = Callable[[str], Desk]


@pytest.fixture
def table(tmp_path: Path) -> Tables:
    made = iter(range(100))
    return lambda text: Desk(tmp_path / str(next(made)), text)


def ask(session: Session) -> Pick:
    pick = session.next()
    assert pick is not None
    return pick


def text(pick: Pick | None) -> str:
    return pick.entry.question.text if pick else "-"


def answer_all(
    desk: Desk, session: Session, rating: Rating = GOOD, seconds: float = 10
) -> list[str]:
    """Grade everything that comes; the questions in their order."""
    asked = []
    while (pick := session.next()) is not None:
        asked.append(text(pick))
        desk.clock.wait(seconds)
        session.grade(pick, rating, round(seconds * 1000))
    return asked


def test_new_cards_come_with_parents_first_and_families_apart(desk: Desk) -> None:
    assert answer_all(desk, desk.sit()) == [
        "What does a kettle do?",
        "How is lime removed?",
        "Why does it whistle?",
        "Who hears it?",
    ]


def test_unanswered_questions_are_never_asked(desk: Desk) -> None:
    assert "Which kettle is best?" not in answer_all(desk, desk.sit())


def test_each_grade_is_stored_before_the_next_card(desk: Desk) -> None:
    session = desk.sit()
    for count in range(1, 5):
        session.grade(ask(session), GOOD, 1000)
        assert len(desk.grades()) == count
    assert session.next() is None


def test_a_second_sitting_of_the_day_asks_nothing_that_is_not_due(desk: Desk) -> None:
    answer_all(desk, desk.sit())
    assert desk.sit().next() is None
    desk.clock.sleep_days(1)
    assert desk.sit().next() is None
    desk.clock.sleep_days(1)
    assert answer_all(desk, desk.sit()) != []


def test_due_cards_come_before_new_ones_lowest_recall_first(table: Tables) -> None:
    desk = table(flat(6))
    session = desk.sit(Limits(new=3, new_is_default=False))
    for rating in (EASY, GOOD, HARD):
        session.grade(ask(session), rating, 1000)
    assert session.next() is None
    desk.clock.sleep_days(30)
    session = desk.sit()
    picks = [ask(session)]
    session.grade(picks[-1], GOOD, 1000)
    recalls = [pick.recall for pick in picks]
    assert [text(p) for p in picks] == ["What is number 2?"]
    picks.append(ask(session))
    session.grade(picks[-1], GOOD, 1000)
    picks.append(ask(session))
    recalls = [pick.recall for pick in picks]
    assert recalls == sorted(recalls)
    assert [p.why for p in picks] == [Why.DUE] * 3
    session.grade(picks[-1], GOOD, 1000)
    assert ask(session).why is Why.NEW


def test_a_missed_card_returns_after_five_others(table: Tables) -> None:
    desk = table(flat(10))
    session = desk.sit()
    session.grade(ask(session), AGAIN, 1000)
    asked = []
    for _ in range(6):
        pick = ask(session)
        asked.append(text(pick))
        session.grade(pick, GOOD, 1000)
    assert asked == [f"What is number {n}?" for n in (1, 2, 3, 4, 5, 0)]


def test_a_missed_card_returns_after_five_minutes(table: Tables) -> None:
    desk = table(flat(10))
    session = desk.sit()
    session.grade(ask(session), AGAIN, 1000)
    session.grade(ask(session), GOOD, 1000)
    session.grade(ask(session), GOOD, 1000)
    desk.clock.wait(299)
    assert text(ask(session)) == "What is number 3?"
    desk.clock.wait(1)
    pick = ask(session)
    assert (text(pick), pick.why, pick.missed_ms) == ("What is number 0?", Why.RETURN, 300_000)


def test_a_missed_card_returns_at_once_if_nothing_else_is_left(table: Tables) -> None:
    desk = table(flat(1))
    session = desk.sit()
    session.grade(ask(session), AGAIN, 1000)
    assert ask(session).why is Why.RETURN


def test_the_fourth_again_sends_a_card_to_tomorrow(table: Tables) -> None:
    desk = table(flat(1))
    session = desk.sit()
    for _ in range(4):
        session.grade(ask(session), AGAIN, 1000)
    assert session.next() is None
    desk.clock.sleep_days(1)
    assert ask(desk.sit()).why is Why.DUE


def test_returns_are_retries_and_no_lapses(table: Tables) -> None:
    desk = table(flat(1))
    session = desk.sit()
    card = ask(session).entry.id
    session.grade(ask(session), GOOD, 1000)
    desk.clock.sleep_days(10)
    session = desk.sit()
    session.grade(ask(session), AGAIN, 1000)
    session.grade(ask(session), AGAIN, 1000)
    session.grade(ask(session), GOOD, 1000)
    assert [e.kind for e in desk.grades()] == ["review", "review", "retry", "retry"]
    assert desk.store.state(card).lapses == 1


def test_a_parent_missed_holds_its_unseen_follow_ups(table: Tables) -> None:
    desk = table(TREE)
    session = desk.sit()
    session.grade(ask(session), AGAIN, 1000)
    session.grade(ask(session), GOOD, 1000)  # another family
    returned = ask(session)
    assert text(returned) == "What does a kettle do?"
    session.grade(returned, GOOD, 1000)
    assert session.next() is None
    desk.clock.sleep_days(1)
    assert "Why does it whistle?" in answer_all(desk, desk.sit())


def test_follow_ups_seen_before_go_on_when_their_parent_is_missed(desk: Desk) -> None:
    answer_all(desk, desk.sit())
    desk.clock.sleep_days(60)
    session = desk.sit()
    asked = []
    while (pick := session.next()) is not None:
        asked.append(text(pick))
        parent = text(pick) == "What does a kettle do?" and asked.count(text(pick)) == 1
        session.grade(pick, AGAIN if parent else GOOD, 1000)
    assert {"Why does it whistle?", "Who hears it?"} <= set(asked)


def test_an_unanswered_parent_does_not_hold_its_follow_ups(table: Tables) -> None:
    desk = table("# T\n\n## What is open?\n\n### Is it asked?\n> It is.\n\n## And this?\n> Yes.\n")
    assert text(ask(desk.sit())) == "Is it asked?"


def test_a_suspended_parent_does_not_hold_its_follow_ups(desk: Desk) -> None:
    session = desk.sit()
    session.suspend(ask(session).entry)
    assert answer_all(desk, session) == [
        "Why does it whistle?",
        "How is lime removed?",
        "Who hears it?",
    ]


def test_a_parent_outside_the_selection_does_not_hold_its_follow_ups(table: Tables) -> None:
    desk = table(TREE.replace("#### Why", "#### ⬆️ Why"))
    session = desk.sit(filters=Filters(markers=("⬆️",)))
    assert answer_all(desk, session) == ["Why does it whistle?"]


def test_skipped_cards_come_at_the_end_and_leave_no_trace(table: Tables) -> None:
    desk = table(flat(3))
    session = desk.sit()
    session.skip(ask(session).entry)
    assert answer_all(desk, session) == [f"What is number {n}?" for n in (1, 2, 0)]
    assert {e.kind for e in desk.store.events()} == {"review", "settings"}


def test_a_card_skipped_twice_is_left_out(table: Tables) -> None:
    desk = table(flat(1))
    session = desk.sit()
    session.skip(ask(session).entry)
    session.skip(ask(session).entry)
    assert session.next() is None
    assert desk.sit().next() is not None


def test_a_return_can_be_skipped(table: Tables) -> None:
    desk = table(flat(2))
    session = desk.sit()
    session.grade(ask(session), AGAIN, 1000)
    session.skip(ask(session).entry)
    assert text(ask(session)) == "What is number 0?"
    session.skip(ask(session).entry)
    assert text(ask(session)) == "What is number 1?"


def test_buried_until_tomorrow_suspended_until_told(table: Tables) -> None:
    desk = table(flat(3))
    session = desk.sit()
    session.bury(ask(session).entry)
    session.suspend(ask(session).entry)
    assert text(ask(session)) == "What is number 2?"
    desk.clock.sleep_days(1)
    session = desk.sit()
    assert answer_all(desk, session) == ["What is number 0?", "What is number 2?"]


def test_a_mark_is_set_and_taken_off(desk: Desk) -> None:
    session = desk.sit()
    pick = ask(session)
    assert session.mark(pick.entry) is True
    assert desk.store.state(pick.entry.id).marks == {"star"}
    assert ask(session).entry.id == pick.entry.id
    assert session.mark(pick.entry) is False
    assert desk.store.state(pick.entry.id).marks == frozenset()


def test_undo_brings_the_card_back_and_redo_takes_it_again(desk: Desk) -> None:
    session = desk.sit()
    pick = ask(session)
    before = desk.store.state(pick.entry.id)
    session.grade(pick, AGAIN, 1000)
    graded = desk.store.state(pick.entry.id)
    undone = session.undo()
    assert undone is not None
    assert (undone.card, undone.rating, undone.earlier_day) == (pick.entry.id, AGAIN, False)
    assert desk.store.state(pick.entry.id) == before
    assert (ask(session).entry.id, ask(session).why) == (pick.entry.id, Why.UNDONE)
    assert session.redo() is not None
    assert desk.store.state(pick.entry.id) == graded
    assert ask(session).entry.id != pick.entry.id
    assert session.redo() is None


def test_undo_goes_back_over_sittings_and_days(desk: Desk) -> None:
    session = desk.sit()
    first, second = ask(session), None
    session.grade(first, GOOD, 1000)
    second = ask(session)
    session.grade(second, GOOD, 1000)
    desk.clock.sleep_days(1)
    later = desk.sit()
    undone = later.undo()
    assert undone is not None
    assert (undone.card, undone.earlier_day) == (second.entry.id, True)
    assert ask(later).entry.id == second.entry.id
    undone = later.undo()
    assert undone is not None
    assert undone.card == first.entry.id
    assert later.undo() is None
    assert desk.store.states().get(first.entry.id) in (None, desk.store.state(first.entry.id))
    assert desk.store.state(first.entry.id).is_new


def test_undo_of_a_skip_brings_the_card_back(table: Tables) -> None:
    desk = table(flat(2))
    session = desk.sit()
    session.skip(ask(session).entry)
    assert text(ask(session)) == "What is number 1?"
    undone = session.undo()
    assert undone is not None
    assert undone.kind == "skip"
    assert text(ask(session)) == "What is number 0?"
    assert list(desk.store.events()) == []


def test_undo_gives_the_days_limits_back(table: Tables) -> None:
    desk = table(flat(30))
    session = desk.sit(Limits(new=2, new_is_default=False))
    answer_all(desk, session)
    assert session.counts().new == 0
    session.undo()
    assert session.counts().new == 1


def test_the_limit_on_new_cards_holds_over_sittings(table: Tables) -> None:
    desk = table(flat(35))
    assert len(answer_all(desk, desk.sit())) == 10
    assert desk.sit().next() is None
    assert desk.sit().counts().held_new == 25
    desk.clock.sleep_days(1)
    assert desk.sit().counts().new == 10


def test_the_default_limit_spares_decks_of_up_to_twenty(table: Tables) -> None:
    few, many, chosen = table(flat(20)), table(flat(21)), table(flat(20))
    assert len(answer_all(few, few.sit())) == 20
    assert len(answer_all(many, many.sit())) == 10
    set_by_hand = Limits(new=10, new_is_default=False)
    assert len(answer_all(chosen, chosen.sit(set_by_hand))) == 10


@pytest.mark.parametrize(("new", "asked"), [(0, 0), (3, 3), (None, 30)])
def test_a_limit_may_be_nothing_a_number_or_none(
    table: Tables, new: int | None, asked: int
) -> None:
    desk = table(flat(30))
    assert len(answer_all(desk, desk.sit(Limits(new=new, new_is_default=False)))) == asked


def test_the_limit_on_reviews_counts_cards_of_earlier_days_once(table: Tables) -> None:
    desk = table(flat(8))
    answer_all(desk, desk.sit())
    desk.clock.sleep_days(30)
    session = desk.sit(Limits(reviews=3))
    assert session.counts().held_reviews == 5
    session.grade(ask(session), AGAIN, 1000)
    asked = answer_all(desk, session)
    assert len(set(asked)) == 3
    assert asked[-1] == "What is number 0?" or len(asked) == 3


def test_minutes_end_the_sitting_and_a_long_look_counts_five_minutes(table: Tables) -> None:
    desk = table(flat(10))
    limits = Limits(minutes=6)
    session = desk.sit(limits)
    session.grade(ask(session), GOOD, 3_600_000)
    assert session.counts().minutes == 5
    session.grade(ask(session), AGAIN, 59_000)
    session.grade(ask(session), GOOD, 1_000)
    assert session.next() is None
    assert session.counts().out_of_time
    assert desk.sit(limits).next() is None


def test_a_crash_in_the_middle_of_a_return_is_resumed(table: Tables) -> None:
    desk = table(flat(10))
    session = desk.sit()
    session.grade(ask(session), AGAIN, 1000)
    for _ in range(4):
        session.grade(ask(session), GOOD, 1000)
    session = desk.sit()
    assert text(ask(session)) == "What is number 5?"
    session.grade(ask(session), GOOD, 1000)
    session = desk.sit()
    assert (text(ask(session)), ask(session).why) == ("What is number 0?", Why.RETURN)
    asked = []
    while (pick := desk.sit().next()) is not None:
        asked.append(text(pick))
        desk.sit().grade(pick, AGAIN if text(pick) == "What is number 0?" else GOOD, 1000)
    assert asked.count("What is number 0?") == 3


def test_a_card_last_seen_in_the_future_is_not_lost(table: Tables) -> None:
    desk = table(flat(1))
    desk.clock.sleep_days(100)
    session = desk.sit()
    session.grade(ask(session), GOOD, 1000)
    desk.clock.sleep_days(-99)
    pick = ask(desk.sit())
    assert (pick.why, pick.recall) == (Why.DUE, 1.0)
    session = desk.sit()
    session.grade(ask(session), GOOD, 1000)
    assert session.next() is None


def test_the_study_day_may_change_during_a_sitting(table: Tables) -> None:
    desk = table(flat(12))
    session = desk.sit(Limits(new=5, new_is_default=False))
    answer_all(desk, session)
    assert session.next() is None
    desk.clock.sleep_days(1)
    assert ask(session).why is Why.NEW


def test_a_grade_that_is_not_stored_leaves_the_card(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = desk.sit()
    pick = ask(session)

    def full(*_: object, **__: object) -> None:
        raise NotStored("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(desk.store, "append", full)
        with pytest.raises(NotStored):
            session.grade(pick, GOOD, 1000)
    assert ask(session).entry.id == pick.entry.id
    session.grade(pick, GOOD, 1000)
    assert len(desk.grades()) == 1
    assert pick.entry.id in desk.store.registry()


def test_the_first_event_writes_what_is_known_of_every_card(desk: Desk) -> None:
    session = desk.sit()
    session.grade(ask(session), GOOD, 1234, hint=True)
    setting, grade = desk.store.events()
    assert setting.payload == {"name": "style:deck", "value": "tree"}
    assert grade.duration_ms == 1234
    assert grade.payload["hint"] is True
    assert grade.payload["sitting"] == str(UUID(int=1))
    assert grade.payload["digest"] == ask(desk.sit()).entry.digest or grade.payload["digest"]
    fingerprint = grade.payload["fingerprint"]
    assert isinstance(fingerprint, dict)
    assert fingerprint["trail"] == ["Basics", "What does a kettle do?"]
    assert len(desk.store.registry()) == 5
    session.grade(ask(session), GOOD, 1000)
    assert "fingerprint" in desk.grades()[-1].payload
    session.undo()
    session.grade(ask(session), GOOD, 1000)
    assert "fingerprint" not in desk.grades()[-1].payload


def test_history_stays_with_a_question_that_is_reworded(desk: Desk) -> None:
    session = desk.sit()
    card = ask(session).entry.id
    session.grade(ask(session), GOOD, 1000)
    changed = TREE.replace("What does a kettle do?", "A kettle, what is it for?")
    write(desk.folder, {"deck.md": changed})
    session = desk.sit()
    assert session.state(card).reps == 1
    session.grade(ask(session), GOOD, 1000)
    links = [e for e in desk.store.events() if e.kind == EventKind.LINK]
    assert [(e.payload["to"], e.payload["step"]) for e in links] == [(card, 4)]
    assert desk.collection().reconciliation.links == ()
    assert desk.collection().entries[0].id == card


FAMILY = """\
# Deck
## What is the parent?
> One.
### What is its follow-up?
> Two.
## What is another?
> Three.
"""


def test_a_skipped_follow_up_still_waits_for_its_parent(table: Tables) -> None:
    desk = table(FAMILY)
    session = desk.sit()
    parent = ask(session)
    session.grade(parent, GOOD, 1000)
    session.grade(ask(session), GOOD, 1000)
    follow = ask(session)
    assert text(follow) == "What is its follow-up?"
    session.skip(follow.entry)
    session.undo()  # of the skip
    session.skip(follow.entry)
    session.mark(follow.entry)  # an act: the skip is not the last thing any more
    for _ in range(3):
        session.undo()
    session.skip(ask(session).entry)
    asked = []
    while (pick := session.next()) is not None:
        asked.append(text(pick))
        session.grade(pick, GOOD, 1000)
    assert asked.index("What is the parent?") < asked.index("What is its follow-up?")


def test_a_skipped_follow_up_is_held_when_its_parent_is_missed(table: Tables) -> None:
    desk = table(FAMILY)
    session = desk.sit()
    parent = ask(session)
    session.grade(parent, GOOD, 1000)
    session.skip(ask(session).entry)
    session.skip(ask(session).entry)
    desk.store.append([], desk.clock.now(), desk.schedule)
    assert session.counts().held_back == 0
    assert text(ask(session)) == "What is another?"


def test_a_skipped_new_card_keeps_to_the_limit(table: Tables) -> None:
    desk = table(flat(3))
    session = desk.sit(Limits(new=1, new_is_default=False))
    session.skip(ask(session).entry)
    session.grade(ask(session), GOOD, 1000)
    assert session.next() is None
    assert session.counts().left == 0


def test_what_is_left_counts_what_can_come(table: Tables) -> None:
    desk = table(FAMILY)
    session = desk.sit()
    assert session.counts().new == 3
    session.grade(ask(session), AGAIN, 1000)
    counts = session.counts()
    assert (counts.new, counts.returns, counts.held_back) == (1, 1, 1)
    session.bury(ask(session).entry)
    assert (session.counts().new, session.counts().held_back) == (0, 1)


def test_those_missed_longest_ago_return_first(table: Tables) -> None:
    desk = table(flat(2))
    session = desk.sit()
    assert answer_all(desk, session, AGAIN)[:6] == [
        f"What is number {n}?" for n in (0, 1, 0, 1, 0, 1)
    ]


def test_a_mark_leaves_a_skipped_card_skipped(table: Tables) -> None:
    desk = table(flat(2))
    session = desk.sit()
    first = ask(session)
    session.skip(first.entry)
    session.mark(first.entry)
    assert text(ask(session)) == "What is number 1?"


def test_a_card_graded_in_another_window_is_a_return_here(table: Tables) -> None:
    desk = table(flat(1))
    here, there = desk.sit(), desk.sit()
    mine, theirs = ask(here), ask(there)
    there.grade(theirs, GOOD, 1000)
    here.grade(mine, GOOD, 1000)
    assert [event.kind for event in desk.grades()] == [EventKind.REVIEW, EventKind.RETRY]


DRILL = """\
# Deck
## What is a policy?
> A map from states to actions.
### Why is it stochastic?
> To explore.
#### How much?
> It depends.
### What else?
#### What of this?
> That.
## What is a value?
> An expectation.
"""


def test_a_drill_asks_follow_ups_at_once_and_goes_deeper(table: Tables) -> None:
    desk = table(DRILL)
    session = desk.sit(Limits(new=1, new_is_default=False))
    first = ask(session)
    session.grade(first, GOOD, 1000)
    assert session.last_recalled() is first.entry
    assert session.next() is None
    # In place of a follow-up without an answer stand its own.
    assert session.drill(first.entry.id) == 2
    second = ask(session)
    assert (text(second), second.why) == ("Why is it stochastic?", Why.DRILL)
    session.grade(second, EASY, 1000)
    assert session.drill(second.entry.id) == 1
    assert text(ask(session)) == "How much?"
    session.leave_drill()
    assert not session.is_drilling
    assert session.next() is None


def test_a_drill_leaves_out_what_was_shown_or_put_aside(table: Tables) -> None:
    desk = table(DRILL)
    session = desk.sit()
    first = ask(session)
    session.grade(first, GOOD, 1000)
    session.drill(first.entry.id)
    session.suspend(ask(session).entry)
    assert text(ask(session)) == "What of this?"
    session.skip(ask(session).entry)
    # A suspended parent holds nothing back.
    assert text(ask(session)) == "How much?"
    assert session.drill(first.entry.id) == 1
    session.grade(ask(session), AGAIN, 1000)
    assert session.drill(first.entry.id) == 0
    assert session.last_recalled() is None


def test_the_summary_counts_this_sitting_only(table: Tables) -> None:
    desk = table(flat(6))
    session = desk.sit(Limits(new=2, new_is_default=False))
    answer_all(desk, session)
    session = desk.sit(Limits(new=5, new_is_default=False))
    session.grade(ask(session), AGAIN, 2000)
    session.grade(ask(session), HARD, 3000)
    session.grade(ask(session), GOOD, 4000)
    done = session.summary()
    assert done.grades == {AGAIN: 1, HARD: 1, GOOD: 1, EASY: 0}
    assert done.seconds == 9
    assert (done.asked, done.recalled) == (3, 2)


_TREES = st.lists(st.tuples(st.integers(2, 4), st.booleans()), min_size=1, max_size=8)


def _grown(shape: list[tuple[int, bool]]) -> str:
    """A document with headings of these levels, some of them answered."""
    lines = ["# Grown", ""]
    for number, (level, answered) in enumerate(shape):
        lines += ["#" * level + f" What is item {number}?"]
        lines += [f"> Answer number {number}.", ""] if answered else [""]
    return "\n".join(lines)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=_TREES, keys=st.lists(st.sampled_from("1234su-@n"), max_size=30))
def test_the_rules_hold_whatever_is_typed(
    tmp_path: Path, shape: list[tuple[int, bool]], keys: list[str]
) -> None:
    """No follow-up before its gating parent, nothing unanswered, at most 1 + 3 times a day."""
    desk = Desk(tmp_path, _grown(shape))
    session = desk.sit()
    every = desk.collection().by_id()
    for key in keys:
        if key == "n":
            desk.clock.sleep_days(1)
            session = desk.sit()
        pick = session.next()
        if pick is None:
            continue
        assert pick.entry.question.answered
        state = desk.store.state(pick.entry.id)
        today = desk.clock.now().day
        shown = [
            e for e in desk.store.live(today) if e.card == pick.entry.id and e.rating is not None
        ]
        assert len(shown) <= 3
        parent = every.get(pick.entry.parent) if pick.entry.parent else None
        if state.is_new and parent and parent.question.answered and pick.why is Why.NEW:
            above = desk.store.state(parent.id)
            assert not above.is_new or above.suspended
        if key.isdigit():
            session.grade(pick, Rating(int(key)), 1000)
        elif key == "s":
            session.skip(pick.entry)
        elif key == "u":
            session.undo()
        elif key == "-":
            session.bury(pick.entry)
        elif key == "@":
            session.suspend(pick.entry)
