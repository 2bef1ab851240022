"""`list` and `check` as text: a tree on a terminal, tab-separated lines into a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rlhf_qa.check import Finding, counts
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.identity import Change
from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.messages import tr, trn
from rlhf_qa.model import Document, Severity, StyleFrom
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import wrap_text
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.words import standing, standing_word

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
        severity = _severity(problem.severity) if out.terminal else problem.severity.value
        rest = clean(f" {severity}: {problem.message} [{problem.code.value}]")
        out.line(Span(place, Role.STRONG), Span(rest, Role.TEXT))
    if out.terminal:
        counted = counts(found)
        said = [_number(severity, counted[severity]) for severity in Severity if counted[severity]]
        notes, questions = len(collection.library.notes), len(collection.places)
        looked = (
            trn("{n} file", "{n} files", notes),
            trn("{n} question", "{n} questions", questions),
        )
        found_nothing = tr("nothing to report")
        out.say(clean(f"{', '.join(looked)}: {', '.join(said) or found_nothing}"), Role.DIM)


def identity(out: Output, collection: Collection) -> None:
    """Every card that was recognised after an edit, and by what."""
    for known in collection.reconciliation.matches:
        place, _ = collection.places[known.found]
        values = {
            "place": place.source,
            "step": known.step,
            "question": place.question.text,
            "before": f"{known.row.path}: {known.row.question}",
        }
        match known.kind:
            case Change.EDITED:
                text = tr("{place}: edited (step {step}): {question} <- {before}", **values)
            case Change.MOVED:
                text = tr("{place}: moved (step {step}): {question} <- {before}", **values)
        out.line(Span(clean(text)))


def _severity(severity: Severity) -> str:
    match severity:
        case Severity.ERROR:
            return tr("error")
        case Severity.WARNING:
            return tr("warning")
        case Severity.NOTE:
            return tr("note")


def _number(severity: Severity, number: int) -> str:
    match severity:
        case Severity.ERROR:
            return trn("{n} error", "{n} errors", number)
        case Severity.WARNING:
            return trn("{n} warning", "{n} warnings", number)
        case Severity.NOTE:
            return trn("{n} note", "{n} notes", number)


def _style_from(document: Document) -> str:
    match document.style_from:
        case StyleFrom.RECOGNISED:
            return tr("recognised")
        case StyleFrom.METADATA:
            return tr("metadata")
        case StyleFrom.OPTION:
            return tr("option")
        case StyleFrom.HISTORY:
            return tr("history")


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
            origin = clean(f"{entry.note.path} {dot} {read.style.value} ({_style_from(read)})")
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
            Span(clean(f"  {standing_word(word)}"), Role.DIM),
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
    parts = [
        trn("{n} question", "{n} questions", len(entries)),
        trn("{n} card", "{n} cards", cards),
    ]
    for word in ("new", "due", "unanswered"):
        number = sum(w == word for w in words.values())
        if number:
            parts.append(f"{number} {standing_word(word)}")
    out.say(clean((" - " if out.ascii else " · ").join(parts)), Role.DIM)
