"""What is said at the end of a sitting, and when there is nothing to ask."""

from __future__ import annotations

from collections.abc import Sequence

from rlhf_qa.check import no_questions
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.memory import Rating
from rlhf_qa.render.lines import Role
from rlhf_qa.render.sanitize import clean
from rlhf_qa.session import Session
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.words import GRADE_WORDS, count


def summary(out: Output, session: Session) -> None:
    """Cards, time, grades, and what comes next."""
    done = session.summary()
    graded = sum(done.grades.values())
    out.line()
    if graded:
        minutes, seconds = divmod(round(done.seconds), 60)
        grades = "  ".join(f"{GRADE_WORDS[r]} {done.grades[r]}" for r in Rating)
        _say(out, f"{count(graded, 'grade')} in {minutes}:{seconds:02d} · {grades}", Role.STRONG)
        if done.asked:
            _say(out, f"recalled at the first try: {done.recalled} of {done.asked}")
    else:
        _say(out, "nothing graded", Role.STRONG)
    if sum(done.due):
        _say(out, f"next: {done.due[0]} tomorrow, {sum(done.due)} within {len(done.due)} days")
    elif done.next_due is not None:
        _say(out, f"next: in {count(done.next_due, 'day')}")


def nothing_left(out: Output, session: Session, *, asked: bool) -> None:
    """Why the sitting ends, or does not begin."""
    counts = session.counts()
    reasons = []
    if counts.out_of_time:
        reasons.append(f"today's minutes are used up ({counts.minutes:.0f})")
    if counts.held_new:
        reasons.append(
            f"{count(counts.held_new, 'new card')} kept for another day by the daily limit "
            "(rlhf-qa config new_per_day)"
        )
    if counts.held_reviews:
        reasons.append(
            f"{count(counts.held_reviews, 'review')} kept for another day by the daily limit "
            "(rlhf-qa config reviews_per_day)"
        )
    if session.cards and session.all_put_aside():
        reasons.append("every card is suspended or buried")
    out.line()
    _say(out, "done for today" if asked else "nothing is due", Role.STRONG)
    for reason in reasons:
        _say(out, reason)


def no_cards(collection: Collection, selected: Sequence[Entry]) -> str | None:
    """The line to end with where nothing that is `selected` could be asked."""
    library = collection.library
    asked = " ".join(library.asked)
    if not library.notes:
        return f"{asked}: no notes here: a note is a file that ends in .md"
    if not collection.entries:
        return f"{asked}: {no_questions(library)}"
    if not selected:
        return f"{asked}: drafts only: a draft is asked if its file is named"
    if not any(entry.question.answered for entry in selected):
        found = count(len(selected), "question")
        return f"{asked}: {found}, and none has an answer yet (rlhf-qa list --unanswered)"
    return None


def _say(out: Output, text: str, role: Role = Role.TEXT) -> None:
    out.say(clean(text), role)
