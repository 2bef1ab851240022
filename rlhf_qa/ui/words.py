"""Small pieces of text that every face says in the same way: intervals, reasons, counts."""

from __future__ import annotations

from rlhf_qa.memory import CardState, Rating, StudyDay
from rlhf_qa.planner import Counts, Why
from rlhf_qa.session import Pick

GRADE_WORDS = {
    Rating.AGAIN: "Again",
    Rating.HARD: "Hard",
    Rating.GOOD: "Good",
    Rating.EASY: "Easy",
}

_MONTH = 30
_YEAR = 365


def interval(days: int) -> str:
    """A number of days as it stands beside a grade."""
    if days < _MONTH:
        return f"{days} d"
    if days < _YEAR:
        return f"{days / _MONTH:.1f} mo"
    return f"{days / _YEAR:.1f} y"


def next_time(pick: Pick, rating: Rating) -> str:
    """When a card comes back after this grade."""
    if rating is Rating.AGAIN:
        return "today"
    return interval(pick.choices.of(rating).interval_days)


def reason(pick: Pick) -> str:
    """Why this card now, in one line."""
    match pick.why:
        case Why.RETURN:
            minutes = pick.missed_ms // 60_000
            return f"missed {minutes} min ago" if minutes else "missed just now"
        case Why.DUE:
            return f"due: recall now {pick.recall:.0%}"
        case Why.NEW:
            return f"new: {pick.unseen} unseen"
        case Why.DRILL:
            return "follow-up, as you asked"
        case Why.SKIPPED:
            return "skipped before"
        case Why.UNDONE:
            return "taken back"


def progress(counts: Counts) -> str:
    """What is left of today."""
    parts = [f"{counts.left} left"]
    named = (("new", counts.new), ("again", counts.returns), ("review", counts.reviews))
    parts += [f"{word} {count}" for word, count in named if count]
    if counts.minutes >= 1:
        parts.append(f"{counts.minutes:.0f} min")
    return " · ".join(parts)


def standing(state: CardState, today: StudyDay) -> str:
    """The learning state of a card in one word or two."""
    if state.suspended:
        return "suspended"
    if state.is_buried(today):
        return "buried"
    if state.is_new:
        return "new"
    if state.due_day is not None and state.due_day <= today:
        return "due"
    return "known" if (state.due_day or 0) - (state.last_day or 0) > 1 else "learning"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
