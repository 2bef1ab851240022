"""The adapter to the memory model, against the library itself and an independent engine."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import fsrs
import fsrs_rs_python
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.memory import Choices, MemoryState, NextState, Rating
from rlhf_qa.scheduler import MAXIMUM_ELAPSED, Scheduler

AGAIN, HARD, GOOD, EASY = Rating
SIX_GOOD_TWO_AGAIN_FIVE_GOOD = [GOOD] * 6 + [AGAIN] * 2 + [GOOD] * 5

memories = st.builds(MemoryState, st.floats(0.001, 36_500.0), st.floats(1.0, 10.0))
elapsed_days = st.integers(0, 4_000)


def intervals(schedule: Scheduler, ratings: list[Rating]) -> list[int]:
    """Of reviews that are each given on the day they are due."""
    found: list[int] = []
    memory: MemoryState | None = None
    for rating in ratings:
        following = schedule.next_state(memory, rating, found[-1] if found else 0)
        memory = following.memory
        found.append(following.interval_days)
    return found


def library(**settings: object) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        learning_steps=(),
        relearning_steps=(),
        enable_fuzzing=False,
        **settings,  # type: ignore[arg-type]
    )


# What the library does, and what we make of it.


def test_the_library_with_its_own_steps_gives_the_intervals_its_authors_publish() -> None:
    model = fsrs.Scheduler(enable_fuzzing=False)
    card = fsrs.Card(card_id=1, due=datetime(2022, 11, 29, 12, 30, tzinfo=UTC))
    found = []
    for rating in SIX_GOOD_TWO_AGAIN_FIVE_GOOD:
        when = card.due
        card, _ = model.review_card(card, fsrs.Rating(rating), when)
        found.append((card.due - when).days)
    assert found == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_without_steps_and_cap() -> None:
    found = intervals(Scheduler(maximum_interval=36_500), SIX_GOOD_TWO_AGAIN_FIVE_GOOD)
    assert found == [2, 11, 46, 163, 497, 1346, 9, 1, 2, 4, 7, 13, 22]


def test_no_interval_is_longer_than_a_year() -> None:
    assert intervals(Scheduler(), [GOOD] * 8) == [2, 11, 46, 163, 365, 365, 365, 365]


def test_memory_after_reviews_at_given_gaps() -> None:
    schedule = Scheduler()
    memory: MemoryState | None = None
    for rating, gap in zip([AGAIN, *[GOOD] * 5], [0, 0, 1, 3, 8, 21], strict=True):
        memory = schedule.next_state(memory, rating, gap).memory
    assert memory is not None
    assert memory.stability == pytest.approx(53.62690, abs=1e-4)
    assert memory.difficulty == pytest.approx(6.357487, abs=1e-5)


def histories(count: int) -> list[list[tuple[Rating, int]]]:
    """Random ratings with the study days since the one before; one in four on the same day."""
    rng = random.Random(20_260_301)  # noqa: S311 -- histories, not secrets
    return [
        [
            (
                Rating(rng.choices((1, 2, 3, 4), (3, 2, 8, 2))[0]),
                0 if not n or rng.random() < 0.25 else round(rng.paretovariate(0.8)) % 400,
            )
            for n in range(rng.randint(1, 12))
        ]
        for _ in range(count)
    ]


def test_equals_the_library_on_dated_study_days_and_an_independent_engine() -> None:
    schedule = Scheduler()
    model = library(maximum_interval=365)
    engine = fsrs_rs_python.FSRS(list(model.parameters))
    reviews = 0
    for history in histories(2_000):
        when = datetime(2024, 2, 27, tzinfo=UTC)
        card = fsrs.Card(card_id=1, due=when)
        memory: MemoryState | None = None
        other = None
        for rating, gap in history:
            when += timedelta(days=gap)
            recall = model.get_card_retrievability(card, when)
            assert schedule.retrievability(memory, gap) == pytest.approx(recall, abs=1e-12)
            card, _ = model.review_card(card, fsrs.Rating(rating), when)
            following = schedule.next_state(memory, rating, gap)
            memory = following.memory
            assert card.stability is not None
            assert card.difficulty is not None
            assert abs(memory.stability - card.stability) <= 1e-9
            assert abs(memory.difficulty - card.difficulty) <= 1e-9
            assert following.interval_days == (card.due - when).days
            states = engine.next_states(other, 0.9, gap)
            other = (states.again, states.hard, states.good, states.easy)[rating - 1].memory
            assert memory.stability == pytest.approx(other.stability, rel=1e-4)
            assert memory.difficulty == pytest.approx(other.difficulty, rel=1e-4)
            reviews += 1
    assert reviews > 10_000


# The contract of a schedule.


@given(st.none() | memories, elapsed_days)
def test_a_preview_is_the_next_state_of_each_rating(
    memory: MemoryState | None, elapsed: int
) -> None:
    schedule = Scheduler()
    shown = schedule.preview(memory, elapsed)
    assert shown == Choices(*(schedule.next_state(memory, rating, elapsed) for rating in Rating))
    assert shown.of(HARD) == schedule.next_state(memory, HARD, elapsed)


@given(memories, elapsed_days)
def test_numbers_stay_in_range(memory: MemoryState, elapsed: int) -> None:
    schedule = Scheduler()
    following = [schedule.next_state(memory, rating, elapsed) for rating in Rating]
    waits = [state.interval_days for state in following]
    assert waits == sorted(waits)
    assert waits[0] >= 1
    assert waits[-1] <= 365
    assert all(state.memory.stability > 0 for state in following)
    assert all(1 <= state.memory.difficulty <= 10 for state in following)
    assert 0 < schedule.retrievability(memory, elapsed) <= 1


def test_recall_is_nine_in_ten_after_the_stability_and_falls() -> None:
    schedule = Scheduler()
    memory = MemoryState(stability=10.0, difficulty=5.0)
    assert schedule.retrievability(memory, 0) == 1
    assert schedule.retrievability(memory, 10) == pytest.approx(0.9, abs=1e-12)
    falling = [schedule.retrievability(memory, day) for day in range(100)]
    assert falling == sorted(falling, reverse=True)
    assert schedule.retrievability(None, 3) == 0


def test_elapsed_days_are_taken_within_a_century() -> None:
    schedule = Scheduler()
    memory = MemoryState(stability=3.0, difficulty=5.0)
    for beyond in (MAXIMUM_ELAPSED + 1, 10**9):
        at_most = schedule.next_state(memory, GOOD, MAXIMUM_ELAPSED)
        assert schedule.next_state(memory, GOOD, beyond) == at_most
        assert schedule.preview(memory, beyond).good == at_most
        longest = schedule.retrievability(memory, MAXIMUM_ELAPSED)
        assert schedule.retrievability(memory, beyond) == longest
    assert schedule.next_state(memory, GOOD, -5) == schedule.next_state(memory, GOOD, 0)
    assert schedule.retrievability(memory, -5) == 1


def test_more_retention_means_shorter_waits() -> None:
    memory = MemoryState(stability=100.0, difficulty=5.0)
    waits = [
        Scheduler(desired_retention=retention).next_state(memory, GOOD, 100).interval_days
        for retention in (0.80, 0.85, 0.90, 0.95, 0.97)
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > waits[-1]


@pytest.mark.parametrize("retention", [0.79, 0.98, 0.0, 1.0, float("nan")])
def test_retention_out_of_range_is_refused(retention: float) -> None:
    with pytest.raises(ValueError, match=r"0\.8 to 0\.97"):
        Scheduler(desired_retention=retention)


def test_an_interval_under_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Scheduler(maximum_interval=0)


def test_the_model_is_named_after_all_that_its_numbers_depend_on() -> None:
    names = [
        Scheduler().model,
        Scheduler(desired_retention=0.85).model,
        Scheduler(maximum_interval=100).model,
    ]
    assert Scheduler().model == names[0]
    assert len(set(names)) == 3
    assert all(name.startswith("fsrs6:") and len(name) == 14 for name in names)
    assert all(set(name[6:]) <= set("0123456789abcdef") for name in names)


def test_neither_the_clock_nor_chance_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> float:
        raise AssertionError("the clock or chance was asked")

    class NoClock(datetime):
        now = asked  # type: ignore[assignment]

    monkeypatch.setattr(time, "sleep", asked)
    monkeypatch.setattr("fsrs.card.datetime", NoClock)
    monkeypatch.setattr("fsrs.scheduler.datetime", NoClock)
    monkeypatch.setattr("fsrs.scheduler.random", asked)
    schedule = Scheduler()
    first = schedule.next_state(None, GOOD, 0)
    assert first == NextState(first.memory, 2)
    assert schedule.preview(first.memory, 2).good.interval_days == 11
    assert schedule.retrievability(first.memory, 2) > 0.9
