"""Documents, questions and problems as the records of the machine interface.

Field names and meanings are a contract: docs/machine.md, and the schemas beside it. Values are
plain JSON; how they become text is render/sanitize.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rlhf_qa.collection import Collection, Entry
from rlhf_qa.library import Library, Note
from rlhf_qa.memory import CardId, CardState
from rlhf_qa.model import DocumentMetadata, Extract, Link

if TYPE_CHECKING:
    from rlhf_qa.check import Finding
    from rlhf_qa.stats import Stats

FORMAT: Final = 1
"""Raised when a field is removed or changes its meaning. Fields may be added without."""

Record = dict[str, Any]


def listing(
    collection: Collection, entries: Iterable[Entry], states: Mapping[CardId, CardState]
) -> Record:
    """What `list --json` prints."""
    library = collection.library
    return {
        "format": FORMAT,
        "root": _root(library),
        "documents": [document(note) for note in library.notes],
        "questions": [question(collection, entry, states.get(entry.id)) for entry in entries],
    }


def findings(collection: Collection, found: Iterable[Finding]) -> Record:
    """What `check --json` prints."""
    from rlhf_qa.check import counts  # noqa: PLC0415 -- a listing needs no check

    found = tuple(found)
    return {
        "format": FORMAT,
        "root": _root(collection.library),
        "documents": [document(note) for note in collection.library.notes],
        "problems": [_problem(finding) for finding in found],
        "counts": {severity.value: count for severity, count in counts(found).items()},
    }


def document(note: Note) -> Record:
    """One document, deck or page."""
    read = note.document
    return {
        "path": note.path,
        "root": str(note.root),
        "deck": note.deck,
        "title": read.title,
        "short_title": read.short_title,
        "lang": read.lang,
        "style": read.style.value,
        "style_from": read.style_from.value,
        "questions": len(read.questions),
        "cards": read.cards,
        "unanswered": len(read.questions) - read.cards,
        "metadata": _document_metadata(read.metadata),
    }


def question(collection: Collection, entry: Entry, state: CardState | None) -> Record:
    """One question, with everything that belongs to it."""
    asked, note = entry.question, entry.note
    metadata = asked.metadata
    return {
        "id": entry.id,
        "root": str(note.root),
        "deck": note.deck,
        "path": note.path,
        "line": asked.line,
        "end_line": asked.end_line,
        "section": list(asked.section),
        "parent": entry.parent,
        "depth": asked.depth,
        "marker": asked.marker,
        "kind": asked.kind.value,
        "question": asked.text,
        "question_markdown": asked.markdown,
        "prompt": _markdown(asked.prompt),
        "prompt_lines": _lines(asked.prompt),
        "answered": asked.answered,
        "answer": _markdown(asked.answer),
        "answer_lines": _lines(asked.answer),
        "key_points": [
            {"label": point.label, "markdown": point.markdown, "lines": _ranges(point.lines)}
            for point in asked.key_points
        ],
        "deeper": [
            {"markdown": note_.markdown, "lines": _ranges(note_.lines)} for note_ in asked.deeper
        ],
        "details": _markdown(asked.details),
        "details_lines": _lines(asked.details),
        "links": [_link(collection.library, note, link) for link in asked.links],
        "metadata": {
            "id": metadata.id,
            "level": metadata.level.value if metadata.level else None,
            "tags": list(metadata.tags),
            "as_of": metadata.as_of,
            "sources": list(metadata.sources),
        },
        "siblings": [
            {"lang": p.note.document.lang, "path": p.note.path, "line": p.question.line}
            for p in entry.siblings
        ],
        "state": None if state is None or state.is_new else card_state(state),
    }


def card_state(state: CardState) -> Record:
    """The stored state of a card. Days are dates."""
    memory = state.memory
    return {
        "stability": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "last_day": day(state.last_day),
        "due_day": day(state.due_day),
        "reps": state.reps,
        "lapses": state.lapses,
        "suspended": state.suspended,
        "buried_until": day(state.buried_until),
        "marks": sorted(state.marks),
    }


def day(ordinal: int | None) -> str | None:
    """A study day as a date, YYYY-MM-DD."""
    return None if ordinal is None else date.fromordinal(ordinal).isoformat()


def _problem(finding: Finding) -> Record:
    problem = finding.problem
    return {
        "code": problem.code.value,
        "severity": problem.severity.value,
        "path": finding.path,
        "line": problem.line,
        "message": problem.message,
        "question": finding.card,
    }


def _link(library: Library, note: Note, link: Link) -> Record:
    destination = library.follow(note, link)
    target = destination.target
    return {
        "text": link.text,
        "target": link.target,
        "kind": target.kind.value,
        "resolved": destination.resolved,
        "path": destination.path,
        "anchor": target.anchor,
        "approximate": destination.approximate,
        "target_line": destination.line,
        "line": link.line,
        "in": link.place.value,
    }


def _document_metadata(metadata: DocumentMetadata) -> Record:
    return {
        "title": metadata.title,
        "toc_title": metadata.toc_title,
        "tags": list(metadata.tags),
        "date": metadata.date,
        "draft": metadata.draft,
        "hidden": metadata.hidden,
        "order": metadata.order,
        "level": metadata.level.value if metadata.level else None,
        "lang": metadata.lang,
        "id": metadata.id,
        "questions": metadata.questions.value if metadata.questions else None,
    }


def _root(library: Library) -> str | None:
    return str(library.roots[0]) if library.roots else None


def _markdown(extract: Extract | None) -> str | None:
    return extract.markdown if extract else None


def _lines(extract: Extract | None) -> list[list[int]] | None:
    return _ranges(extract.lines) if extract else None


def _ranges(lines: Iterable[tuple[int, int]]) -> list[list[int]]:
    return [list(span) for span in lines]


def identity(collection: Collection) -> list[Record]:
    """Every card that was recognised after an edit: what `check --identity` adds."""
    return [
        {
            "id": match.card,
            "change": match.kind.value,
            "step": match.step,
            "path": collection.places[match.found][0].note.path,
            "line": collection.places[match.found][0].question.line,
            "question": collection.places[match.found][0].question.text,
            "before": {"path": match.row.path, "question": match.row.question},
        }
        for match in collection.reconciliation.matches
    ]


def statistics(stats: Stats) -> Record:
    """What `stats --json` prints. Never any text of a question."""
    return {
        "format": FORMAT,
        "day": day(stats.day),
        "questions": stats.questions,
        "cards": stats.cards,
        "unanswered": stats.unanswered,
        "new": stats.new,
        "seen": stats.seen,
        "suspended": stats.suspended,
        "buried": stats.buried,
        "leeches": stats.leeches,
        "due": stats.due,
        "due_ahead": list(stats.due_ahead),
        "graded_today": stats.graded_today,
        "minutes_today": round(stats.minutes_today, 2),
        "minutes": round(stats.minutes, 2),
        "streak": stats.streak,
        "retention": [
            {
                "days": window.days,
                "reviews": window.reviews,
                "recalled": window.recalled,
                "predicted": window.predicted,
            }
            for window in stats.retention
        ],
        "topics": [
            {
                "name": topic.name,
                "cards": topic.cards,
                "seen": topic.seen,
                "due": topic.due,
                "recall": topic.recall,
            }
            for topic in stats.topics
        ],
    }
