"""What both faces say after an act, in the same words; and a card in its other language."""

from __future__ import annotations

from dataclasses import replace

from rlhf_qa.collection import Entry
from rlhf_qa.events import EventKind
from rlhf_qa.memory import Rating
from rlhf_qa.messages import tr, trn
from rlhf_qa.session import Undone
from rlhf_qa.ui.hand import Graded
from rlhf_qa.ui.words import grade_word


def after(done: Graded, when: str) -> list[str]:
    """What a grade did: when the card comes back, and what else is worth a word."""
    said = [tr("{grade}: {when}", grade=grade_word(done.rating), when=when)]
    if done.is_leech:
        said.append(
            tr(
                "a leech, forgotten {count} times: when it comes back, read on with d, or put "
                "its answer in your own words",
                count=done.lapses,
            )
        )
    if done.follow_ups:
        said.append(trn("{n} follow-up comes next", "{n} follow-ups come next", done.follow_ups))
    return said


def taken_back(undone: Undone, *, again: bool) -> str:
    """Which act was taken back, or done again."""
    about = undone.entry.question.text if undone.entry else tr("a card outside this selection")
    if again or undone.kind == EventKind.UNDO:
        return tr("done again: {question}", question=about)
    if undone.rating is None:
        return tr("taken back: {question}", question=about)
    grade = grade_word(Rating(undone.rating))
    if undone.earlier_day:
        return tr("taken back: {grade} of an earlier day: {question}", grade=grade, question=about)
    return tr("taken back: {grade}: {question}", grade=grade, question=about)


def flipped(entry: Entry, times: int) -> Entry:
    """The question in the next of its languages, so many times."""
    places = (entry.place, *entry.siblings)
    place = places[times % len(places)]
    return entry if place is entry.place else replace(entry, place=place)
