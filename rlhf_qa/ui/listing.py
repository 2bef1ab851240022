"""`list` and `check` as text: a tree on a terminal, tab-separated lines into a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rlhf_qa.check import Finding, counts
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.model import Severity
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import wrap_text
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.words import count, standing

SYMBOLS: Mapping[str, tuple[str, str]] = {
    "new": ("·", "."),
    "learning": ("↻", "~"),
    "known": ("✓", "v"),
    "due": ("!", "!"),
    "suspended": ("-", "-"),
    "buried": ("-", "-"),
    "unanswered": ("?", "?"),
}
"""A sign for each state, and its ASCII form. The word is never far."""

_INDENT = 2
_NARROWEST = 12
"""Columns a question keeps, however deep it stands."""


def listing(
    out: Output,
    entries: Sequence[Entry],
    states: Mapping[CardId, CardState],
    today: StudyDay,
) -> None:
    """The questions, by document and section."""
    words = {entry.id: _standing(entry, states.get(entry.id), today) for entry in entries}
    if not out.terminal:
        for entry in entries:
            place, word = entry.place.source, words[entry.id]
            row = (clean(place), SafeText(word), clean(entry.question.text))
            out.line(Span(SafeText("\t".join(row))))
        return
    _tree(out, entries, words)
    if entries:
        _totals(out, entries, words)


def findings(out: Output, collection: Collection, found: Sequence[Finding]) -> None:
    """`path:line: severity: message [code]`, one problem a line, then how many."""
    for finding in found:
        problem = finding.problem
        place = clean(f"{finding.path}:{problem.line}:")
        rest = clean(f" {problem.severity.value}: {problem.message} [{problem.code.value}]")
        out.line(Span(place, Role.STRONG), Span(rest, Role.TEXT))
    if out.terminal:
        counted = counts(found)
        said = ", ".join(count(counted[s], s.value) for s in Severity if counted[s])
        notes = len(collection.library.notes)
        questions = len(collection.places)
        looked = f"{count(notes, 'file')}, {count(questions, 'question')}"
        out.say(clean(f"{looked}: {said or 'nothing to report'}"), Role.DIM)


def identity(out: Output, collection: Collection) -> None:
    """Every card that was recognised after an edit, and by what."""
    for match in collection.reconciliation.matches:
        place, _ = collection.places[match.found]
        before = f"{match.row.path}: {match.row.question}"
        text = (
            f"{place.source}: {match.kind} (step {match.step}): {place.question.text} <- {before}"
        )
        out.line(Span(clean(text)))


def _standing(entry: Entry, state: CardState | None, today: StudyDay) -> str:
    if not entry.question.answered:
        return "unanswered"
    return standing(state or CardState(entry.id), today)


def _tree(out: Output, entries: Iterable[Entry], words: Mapping[CardId, str]) -> None:
    document: object = None
    section: tuple[str, ...] = ()
    for entry in entries:
        if entry.note is not document:
            document, section = entry.note, ()
            read = entry.note.document
            out.line()
            title = clean(f"{read.short_title} ")
            dot = "-" if out.ascii else "·"
            origin = clean(f"{entry.note.path} {dot} {read.style.value} ({read.style_from.value})")
            out.lines(_row((Span(title, Role.STRONG), Span(origin, Role.DIM)), 0, out.width))
        if entry.question.section != section:
            section = entry.question.section
            title = clean((" > " if out.ascii else " › ").join(section))
            out.lines(_row((Span(title, Role.HEADING),), _INDENT, out.width))
        word = words[entry.id]
        sign = SYMBOLS[word][1 if out.ascii else 0]
        indent = _INDENT * (2 + entry.question.depth)
        spans = (
            Span(SafeText(f"{sign} "), Role.MARKER),
            Span(clean(entry.question.text), Role.TEXT),
            Span(SafeText(f"  {word}"), Role.DIM),
        )
        out.lines(_row(spans, indent, out.width))


def _row(spans: Sequence[Span], indent: int, width: int) -> Iterable[Line]:
    """Spans wrapped behind an indent that leaves room for them."""
    indent = min(indent, max(0, width - _NARROWEST))
    lead = SafeText(" " * indent)
    for line in wrap_text(spans, width - indent):
        yield Line((Span(lead, Role.TEXT), *line.spans))


def _totals(out: Output, entries: Sequence[Entry], words: Mapping[CardId, str]) -> None:
    out.line()
    cards = sum(entry.question.answered for entry in entries)
    parts = [count(len(entries), "question"), count(cards, "card")]
    for word in ("new", "due", "unanswered"):
        number = sum(w == word for w in words.values())
        if number:
            parts.append(f"{number} {word}")
    out.say(clean((" - " if out.ascii else " · ").join(parts)), Role.DIM)
