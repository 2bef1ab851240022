"""Everything about a set of notes that their author would want to know, each with its place.

Adds to what the parser noticed (doubts.py, metadata.py) what takes more than one question to see:
links, anchors, ids, repeated questions, formulas. Follows links, so it may read pages below the
root.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rlhf_qa.collection import Collection, Place
from rlhf_qa.library import Library, Note
from rlhf_qa.memory import CardId
from rlhf_qa.messages import mark, tr, trn
from rlhf_qa.model import (
    Code,
    Extract,
    Link,
    LinkKind,
    Problem,
    Question,
    QuestionKind,
    Severity,
)
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in its file."""

    path: str
    problem: Problem
    card: CardId | None = None

    @property
    def severity(self) -> Severity:
        return self.problem.severity


def check(collection: Collection) -> tuple[Finding, ...]:
    """All findings, by file and line."""
    library = collection.library
    ids = {(id(place.note), place.index): card for place, card in collection.places}
    found = [Finding(f.path, Problem(f.code, f.line, f.message), None) for f in library.failures]
    for note in library.notes:
        for problem in (*note.document.problems, *_of_note(library, note)):
            card = None if problem.question is None else ids.get((id(note), problem.question))
            found.append(Finding(note.path, problem, card))
    found += _across(collection)
    found += _no_questions(library)
    order = {path: n for n, path in enumerate(_paths(library))}
    found.sort(key=lambda f: (order.get(f.path, -1), f.problem.line, f.problem.code))
    return tuple(found)


def counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many there are of each severity, worst first."""
    counted = Counter(finding.severity for finding in findings)
    return {severity: counted[severity] for severity in Severity}


def _paths(library: Library) -> list[str]:
    return sorted({note.path for note in library.notes} | {f.path for f in library.failures})


def _of_note(library: Library, note: Note) -> Iterator[Problem]:
    document = note.document
    for index, question in enumerate(document.questions):
        if question.kind is QuestionKind.UNANSWERED:
            yield Problem(Code.UNANSWERED, question.line, mark("no answer yet"), index)
        elif question.kind is QuestionKind.LINK_ONLY:
            message = mark("the answer is only a link: the linked section is shown in its place")
            yield Problem(Code.LINK_ONLY, question.line, message, index)
        for link in question.links:
            yield from _link(library, note, link, index)
        yield from _formulas(note, question, index)
    yield from _contents(library, note)


def _link(library: Library, note: Note, link: Link, question: int) -> Iterator[Problem]:
    destination = library.follow(note, link)
    target = destination.target
    if target.kind is LinkKind.REFUSED:
        yield Problem(Code.REFUSED_LINK, link.line, f"{target.reason}: {link.target}", question)
    elif destination.approximate:
        slug = destination.heading.slug if destination.heading else ""
        values = {"anchor": target.anchor or "", "slug": slug}
        yield Problem(Code.APPROXIMATE_ANCHOR, link.line, _NEARLY, question, values)
    elif destination.resolved is False:
        if destination.file_found:
            place = target.path or note.path
            message = mark("no heading #{anchor} in {place}: correct the link")
            values = {"anchor": target.anchor or "", "place": place}
            yield Problem(Code.BROKEN_ANCHOR, link.line, message, question, values)
        else:
            message = mark("not there: {path}: add the file or correct the link")
            values = {"path": target.path or ""}
            yield Problem(Code.BROKEN_LINK, link.line, message, question, values)


def _formulas(note: Note, question: Question, index: int) -> Iterator[Problem]:
    """The formulas that a terminal shows as LaTeX."""
    parts = (question.prompt, question.answer, *question.deeper, question.details)
    texts = [(question.markdown, [question.line])]
    texts += [(part.markdown, _numbers(part)) for part in parts if part is not None]
    for text, numbers in texts:
        if "$" not in text:
            continue
        # Most notes have no formula, and a list of problems that are known needs no renderer.
        from rlhf_qa.markdown import parse  # noqa: PLC0415
        from rlhf_qa.render.formula import one_line  # noqa: PLC0415

        for block in parse(text, numbers, note.document.references):
            for line, source in _sources(block):
                if one_line(source) is None:
                    shown = " ".join(source.split())
                    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
                    message = mark("unknown or malformed, shown as its source: {formula}")
                    yield Problem(Code.FORMULA_SOURCE, line, message, index, {"formula": shown})


_SHOWN = 60
"""Characters of a formula in a message."""


def _numbers(part: Extract) -> list[int]:
    """The line of the file of each line of a part."""
    return [line for first, last in part.lines for line in range(first, last + 1)]


def _sources(top: Block) -> Iterator[tuple[int, str]]:
    """The formulas in a block, each with its line."""
    for block in top.walk():
        if block.kind is BlockKind.FORMULA:
            yield block.first, block.text
        line = block.first
        for span in _flat(block.inline):
            if span.kind is SpanKind.FORMULA:
                yield line, span.text
            ends = span.kind in (SpanKind.SOFT_BREAK, SpanKind.HARD_BREAK)
            line += ends + span.text.count("\n")


def _flat(spans: Iterable[Inline]) -> Iterator[Inline]:
    for span in spans:
        yield span
        yield from _flat(span.children)


def _contents(library: Library, note: Note) -> Iterator[Problem]:
    """Where the table of contents and the headings have parted."""
    document = note.document
    anchors = library.anchors(note)
    listed: set[str] = set()
    for entry in document.toc:
        found = anchors.find(entry.anchor)
        heading = found[0] if found else None
        if heading:
            listed.add(heading.slug)
        if found is None:
            message = mark("no heading #{anchor}: write the table of contents anew")
            values = {"anchor": entry.anchor}
            yield Problem(Code.TOC_DRIFT, entry.line, message, values=values)
        elif found[2] and heading:
            values = {"anchor": entry.anchor, "slug": heading.slug}
            yield Problem(Code.TOC_DRIFT, entry.line, _NEARLY, values=values)
    if not document.has_generated_toc:
        return
    for heading in document.headings:
        if heading.level > 1 and heading.slug not in listed:
            message = mark("not in the table of contents: {heading}")
            values = {"heading": heading.text}
            yield Problem(Code.TOC_DRIFT, heading.line, message, values=values)


def _across(collection: Collection) -> Iterator[Finding]:
    """What takes more than one question to see."""
    for one, other in collection.reconciliation.duplicates:
        kept, first = collection.places[one]
        again, second = collection.places[other]
        message = mark("id {id} is already used at {place}: choose another")
        name = again.question.metadata.id or ""
        for at, card, elsewhere in ((again, second, kept), (kept, first, again)):
            values = {"id": name, "place": elsewhere.source}
            yield _finding(at, Code.DUPLICATE_ID, message, card, values)
    yield from _repeated(collection)
    yield from _clashes(collection.library)


def _repeated(collection: Collection) -> Iterator[Finding]:
    first: dict[str, tuple[Place, CardId]] = {}
    under: dict[tuple[int, int | None, str], Place] = {}
    for place, card in collection.places:
        question = place.question
        text = unicodedata.normalize("NFKC", question.text).casefold()
        same_parent = (id(place.note), question.parent, text)
        known = first.setdefault(text, (place, card))
        if same_parent in under:
            message = mark("asked already at {place}: drop one of them")
            values = {"place": under[same_parent].source}
            yield _finding(place, Code.DUPLICATE_QUESTION, message, card, values)
        elif known[0] is not place and known[1] != card:
            message = mark("the same question stands at {place}")
            values = {"place": known[0].source}
            yield _finding(place, Code.REPEATED_QUESTION, message, card, values)
        under.setdefault(same_parent, place)


def _clashes(library: Library) -> Iterator[Finding]:
    """Names that some file systems take for one."""
    seen: dict[tuple[str, str], Note] = {}
    for note in library.notes:
        key = (str(note.root), unicodedata.normalize("NFC", note.path).casefold())
        other = seen.setdefault(key, note)
        if other is not note:
            message = mark("differs from {path} only in case or in composed letters: rename one")
            values = {"path": other.path}
            yield Finding(note.path, Problem(Code.NAME_CLASH, 1, message, values=values))


def _no_questions(library: Library) -> Iterator[Finding]:
    if any(note.document.is_deck for note in library.notes) or not library.notes:
        return
    message = no_questions(library)
    yield Finding(library.notes[0].path, Problem(Code.NO_QUESTIONS, 1, message))


def no_questions(library: Library) -> str:
    """The sentence for a path without questions: what was looked for, and what to do."""
    notes = len(library.notes)
    headings = sum(len(note.document.headings) for note in library.notes)
    return tr(
        "no questions in {files} with {headings}: a question is a heading whose "
        "text asks and that is followed by a quote (> answer); --style tree reads every heading "
        "with content as a question",
        files=trn("{n} file", "{n} files", notes),
        headings=trn("{n} heading", "{n} headings", headings),
    )


_NEARLY: Final = mark("#{anchor} fits only nearly: the heading's anchor is #{slug}")


def _finding(
    place: Place, code: Code, message: str, card: CardId, values: Mapping[str, str]
) -> Finding:
    problem = Problem(code, place.question.line, message, place.index, values)
    return Finding(place.note.path, problem, card)
