"""The card in hand, and the trail of pages beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlhf_qa.memory import Rating
from rlhf_qa.ui.card import Way
from rlhf_qa.ui.hand import Graded, Hand, Trail, Visit
from tests.learner import Learner


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    learner = Learner(tmp_path)
    found = learner.notes()
    learner.session = learner.sitting(found, found.entries)
    return learner


def take(learner: Learner) -> Hand:
    pick = learner.session.next()
    assert pick is not None
    return Hand(learner.session, learner.clock, pick)


def test_a_grade_is_recorded_with_the_time_since_the_card_was_taken(learner: Learner) -> None:
    hand = take(learner)
    learner.clock.wait(2.5)
    assert hand.grade(Rating.GOOD) == Graded(Rating.GOOD, lapses=0, is_leech=False, follow_ups=0)
    (event,) = learner.live_grades()
    assert (event.rating, event.duration_ms, event.payload.get("hint")) == (3, 2500, None)


def test_a_look_before_the_answer_is_asked_for_twice_and_is_a_hint(learner: Learner) -> None:
    hand = take(learner)
    assert [hand.may_look(), hand.may_look()] == [False, True]
    hand.grade(Rating.HARD)
    assert learner.live_grades()[0].payload.get("hint") is True


def test_one_after_it_is_none(learner: Learner) -> None:
    hand = take(learner)
    hand.revealed = True
    assert hand.may_look()
    assert not hand.hint


@pytest.mark.parametrize(
    ("rating", "found"), [(Rating.AGAIN, 0), (Rating.HARD, 0), (Rating.GOOD, 2), (Rating.EASY, 2)]
)
def test_follow_ups_come_if_they_were_asked_for_and_the_card_recalled(
    learner: Learner, rating: Rating, found: int
) -> None:
    hand = take(learner)
    hand.drill = True
    assert hand.grade(rating).follow_ups == found
    assert learner.session.is_drilling == bool(found)


def visit(learner: Learner, target: str) -> Visit:
    return Visit(Way(learner.notes().library.notes[0], target))


def target(trail: Trail) -> str | None:
    return trail.here.way.target if trail.here else None


def test_a_trail_goes_back_and_forward_and_gives_up_what_was_ahead(learner: Learner) -> None:
    trail = Trail()
    assert not trail.move(-1)
    can = []
    for page in ("#a", "#b"):
        trail.open(visit(learner, page))
        can.append(trail.can_go_back)
    assert can == [False, True]
    assert (trail.move(-1), target(trail)) == (True, "#a")
    assert (trail.move(-1), target(trail)) == (False, "#a")
    assert (trail.move(1), target(trail)) == (True, "#b")
    trail.move(-1)
    trail.open(visit(learner, "#c"))
    assert (trail.move(1), target(trail)) == (False, "#c")
    trail.close()
    assert target(trail) is None
