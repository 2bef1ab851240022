"""What is said at the end of a sitting."""

from __future__ import annotations

from collections.abc import Sequence

from rlhf_qa.memory import Rating
from rlhf_qa.messages import tr, trn
from rlhf_qa.model import LinkPlace
from rlhf_qa.render.lines import Line, Role
from rlhf_qa.render.sanitize import clean
from rlhf_qa.render.wrap import wrap_text
from rlhf_qa.session import Session, Summary, Weak
from rlhf_qa.ui.words import grade_word


def summary(session: Session, width: int) -> tuple[Line, ...]:
    """Cards, time, grades, and what comes next."""
    done = session.summary()
    graded = sum(done.grades.values())
    said: list[tuple[str, Role]] = []
    if graded:
        minutes, seconds = divmod(round(done.seconds), 60)
        time = f"{minutes}:{seconds:02d}"
        grades = "  ".join(f"{grade_word(r)} {done.grades[r]}" for r in Rating)
        count = trn("{n} grade in {time}", "{n} grades in {time}", graded, time=time)
        said.append((f"{count} · {grades}", Role.STRONG))
        if done.asked:
            first = tr(
                "recalled at the first try: {recalled} of {asked}",
                recalled=done.recalled,
                asked=done.asked,
            )
            said.append((first, Role.TEXT))
        said.append((_recall(done), Role.TEXT))
        said += [(_weak(weak), Role.TEXT) for weak in done.weak]
    else:
        said.append((tr("nothing graded"), Role.STRONG))
    if sum(done.due):
        ahead = tr(
            "next: {tomorrow} tomorrow, {soon} within {days} days",
            tomorrow=done.due[0],
            soon=sum(done.due),
            days=len(done.due),
        )
        said.append((ahead, Role.TEXT))
    elif done.next_due is not None:
        said.append((trn("next: in {n} day", "next: in {n} days", done.next_due), Role.TEXT))
    return _lines(said, width)


def _recall(done: Summary) -> str:
    return tr(
        "predicted recall tomorrow, unseen cards as 0: {before} → {now}",
        before=f"{done.recall_before:.0%}",
        now=f"{done.recall_now:.0%}",
    )


def _weak(weak: Weak) -> str:
    """A topic with missed cards, and where to read on."""
    links = (link for entry in weak.entries for link in entry.question.links)
    page = next((link.text for link in links if link.place is LinkPlace.DEEPER), None)
    missed = trn(
        "{n} missed in {topic}", "{n} missed in {topic}", len(weak.entries), topic=weak.topic
    )
    return missed if page is None else tr("{missed}; read on: {page}", missed=missed, page=page)


def nothing_left(session: Session, width: int, *, asked: bool) -> tuple[Line, ...]:
    """Why the sitting ends, or does not begin."""
    counts = session.counts()
    said = [(tr("done for today") if asked else tr("nothing is due"), Role.STRONG)]
    if counts.out_of_time:
        used = tr("today's minutes are used up ({minutes})", minutes=f"{counts.minutes:.0f}")
        said.append((used, Role.TEXT))
    if counts.held_new:
        held = trn(
            "{n} new card kept for another day by the daily limit (rlhf-qa config new_per_day)",
            "{n} new cards kept for another day by the daily limit (rlhf-qa config new_per_day)",
            counts.held_new,
        )
        said.append((held, Role.TEXT))
    if counts.held_reviews:
        held = trn(
            "{n} review kept for another day by the daily limit (rlhf-qa config reviews_per_day)",
            "{n} reviews kept for another day by the daily limit (rlhf-qa config reviews_per_day)",
            counts.held_reviews,
        )
        said.append((held, Role.TEXT))
    if counts.held_back:
        held = trn(
            "{n} follow-up waits for another day: its parent was missed or buried",
            "{n} follow-ups wait for another day: their parent was missed or buried",
            counts.held_back,
        )
        said.append((held, Role.TEXT))
    if session.cards and session.all_put_aside():
        aside = tr("every card is suspended or buried: in browse, @ asks them again")
        said.append((aside, Role.TEXT))
    return _lines(said, width)


def _lines(said: Sequence[tuple[str, Role]], width: int) -> tuple[Line, ...]:
    return tuple(line for text, role in said for line in wrap_text(clean(text), width, role))
