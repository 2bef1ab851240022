"""Small pieces of text that every face says in the same way: intervals, reasons, counts."""

from __future__ import annotations

from rlhf_qa.memory import CardState, Rating, StudyDay
from rlhf_qa.messages import tr, trn
from rlhf_qa.planner import Counts, Why
from rlhf_qa.session import Pick

_MONTH = 30
_YEAR = 365


def grade_word(rating: Rating) -> str:
    """What a grade is called."""
    match rating:
        case Rating.AGAIN:
            return tr("Again")
        case Rating.HARD:
            return tr("Hard")
        case Rating.GOOD:
            return tr("Good")
        case Rating.EASY:
            return tr("Easy")


def interval(days: int) -> str:
    """A number of days as it stands beside a grade."""
    if days < _MONTH:
        return tr("{days} d", days=days)
    if days < _YEAR:
        return tr("{months} mo", months=f"{days / _MONTH:.1f}")
    return tr("{years} y", years=f"{days / _YEAR:.1f}")


def next_time(pick: Pick, rating: Rating) -> str:
    """When a card comes back after this grade."""
    if rating is Rating.AGAIN and pick.comes_back:
        return tr("today")
    return interval(pick.choices.of(rating).interval_days)


def reason(pick: Pick) -> str:
    """Why this card now, in one line."""
    match pick.why:
        case Why.RETURN:
            minutes = pick.missed_ms // 60_000
            return (
                tr("missed {minutes} min ago", minutes=minutes)
                if minutes
                else tr("missed just now")
            )
        case Why.DUE:
            return tr("due: recall now {share}", share=f"{pick.recall:.0%}")
        case Why.NEW:
            return trn("new: {n} unseen", "new: {n} unseen", pick.unseen)
        case Why.DRILL:
            return tr("follow-up, as you asked")
        case Why.SKIPPED:
            return tr("skipped before")
        case Why.UNDONE:
            return tr("taken back")


def progress(counts: Counts, *, numbered: bool = False) -> str:
    """What is left of today; `numbered`: as the place of this card among today's."""
    if numbered:
        parts = [f"{counts.done + min(1, counts.left)}/{counts.done + counts.left}"]
    else:
        parts = [trn("{n} left", "{n} left", counts.left)]
    kinds = " ".join(
        text
        for count, text in (
            (counts.new, tr("new {count}", count=counts.new)),
            (counts.returns, tr("again {count}", count=counts.returns)),
            (counts.reviews, tr("review {count}", count=counts.reviews)),
        )
        if count
    )
    parts += [kinds] if kinds else []
    if counts.limit_minutes is not None:
        parts.append(
            tr(
                "{spent}/{limit} min",
                spent=f"{counts.minutes:.0f}",
                limit=f"{counts.limit_minutes:.0f}",
            )
        )
    elif counts.minutes >= 1:
        parts.append(tr("{spent} min", spent=f"{counts.minutes:.0f}"))
    return " · ".join(parts)


def standing(state: CardState, today: StudyDay) -> str:
    """The learning state of a card in one English word: what data and pipes are given."""
    if state.suspended:
        return "suspended"
    if state.is_buried(today):
        return "buried"
    if state.is_new:
        return "new"
    if state.is_due(today):
        return "due"
    return "known" if (state.due_day or 0) - (state.last_day or 0) > 1 else "learning"


def standing_word(standing: str) -> str:
    """The same word in the language of the interface."""
    words = {
        "suspended": tr("suspended"),
        "buried": tr("buried"),
        "new": tr("new"),
        "due": tr("due"),
        "known": tr("known"),
        "learning": tr("learning"),
        "unanswered": tr("unanswered"),
    }
    return words[standing]
