"""A card as lines: its trail, its question, its answer, and the pages its links lead to.

What is shown, and in which order; how a block looks is render/. Both faces and `show` use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rlhf_qa.library import Destination, Library, Note
from rlhf_qa.limits import LINKS_SHOWN
from rlhf_qa.links import host, read_target
from rlhf_qa.messages import tr, trn
from rlhf_qa.model import Extract, LinkKind, LinkPlace, QuestionKind
from rlhf_qa.render.blocks import Formulas, Options, render, render_deeper
from rlhf_qa.render.inline import Links, spans
from rlhf_qa.render.lines import Line, Rendered, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import fit, wrap_text
from rlhf_qa.ui.words import reason

if TYPE_CHECKING:
    from rlhf_qa.collection import Entry
    from rlhf_qa.memory import CardId, CardState
    from rlhf_qa.session import Pick


BADGES: Mapping[str, str] = {
    "\N{ELECTRIC LIGHT BULB}": "✦",
    "\N{WARNING SIGN}": "⚠",
    "\N{FIRE}": "⚑",
    "\N{PUSHPIN}": "⚑",
    "\N{ROUND PUSHPIN}": "⚑",
    "\N{HOURGLASS WITH FLOWING SAND}": "✎",
    "\N{ANTICLOCKWISE DOWNWARDS AND UPWARDS OPEN CIRCLE ARROWS}": "✎",
    "\N{MEMO}": "✎",
    "\N{CROSS MARK}": "✗",
}
"""Markers that say what the screen does not show anyway, each as a sign of one cell."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link: where it stands, and what it says."""

    note: Note
    target: str
    """As written."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Lines on the screen, and where their numbered links lead."""

    lines: tuple[Line, ...]
    ways: tuple[Way, ...] = ()
    """Number n is `ways[n - 1]`."""
    is_page: bool = True
    """Whether there is something to read, and not only a word on why there is not."""


def trail(entry: Entry, every: Mapping[CardId, Entry], width: int) -> Line:
    """Section and parent questions on one line."""
    parts = [*entry.question.section, *(parent.question.text for parent in parents(entry, every))]
    text = " › ".join(parts) or entry.note.document.short_title
    return Line((Span(fit(clean(text), width), Role.DIM),))


def parents(entry: Entry, every: Mapping[CardId, Entry]) -> list[Entry]:
    """The questions this one follows up, outermost first."""
    found: list[Entry] = []
    above = every.get(entry.parent) if entry.parent else None
    while above is not None:
        found.insert(0, above)
        above = every.get(above.parent) if above.parent else None
    return found


def question(entry: Entry, width: int, options: Options) -> tuple[Line, ...]:
    """The question, and what is shown with it before the answer."""
    badge = BADGES.get((entry.question.marker or "")[:1])
    lead = (Span(SafeText(f"{badge} "), Role.MARKER),) if badge else ()
    lines = wrap_text((*lead, *_asked(entry, options)), width)
    if entry.question.prompt is None:
        return lines
    prompt = _rendered(entry.note, entry.question.prompt, width, options)
    return (*lines, Line(()), *prompt.lines)


def _asked(entry: Entry, options: Options) -> Sequence[Span]:
    """The question as spans; formulas in it as they are shown everywhere."""
    asked = entry.question
    if "$" not in asked.markdown:
        return (Span(clean(asked.text), Role.QUESTION),)
    from rlhf_qa.markdown import parse  # noqa: PLC0415
    from rlhf_qa.syntax import plain_text  # noqa: PLC0415

    # As a heading again: a number at its start would make it a list.
    (heading,) = parse("# " + asked.markdown.replace("\n", " "))[:1]
    parts = heading.inline
    convert = options.formulas is not Formulas.SOURCE
    found = spans(parts, Role.QUESTION, Links(1), convert=convert)
    # Marker and number are no part of the question; no formula stands before them.
    taken = len(plain_text(parts).strip()) - len(asked.text)
    rest: list[Span] = []
    for span in found:
        rest.append(replace(span, text=SafeText(span.text[taken:]), target=None))
        taken = max(0, taken - len(span.text))
    return [span for span in rest if span.text]


def answer(entry: Entry, library: Library, width: int, options: Options) -> Shown:
    """The answer, the deeper notes and the details below it.

    Links and folds of what stands between question and answer are counted first: both are on one
    screen, and a number there means one thing.
    """
    asked = entry.question
    note = entry.note
    lines: list[Line] = []
    ways: list[Way] = []
    folds = 0
    if asked.prompt:
        prompt = _rendered(note, asked.prompt, width, options)
        ways.extend(Way(note, target) for target in prompt.targets)
        folds = prompt.folds

    def add(extract: Extract, *, deeper: bool = False) -> None:
        nonlocal folds
        numbered = replace(options, first_number=len(ways) + 1, first_fold=-1 - folds)
        shown = _rendered(note, extract, width, numbered, deeper=deeper)
        folds += shown.folds
        lines.extend(shown.lines)
        ways.extend(Way(note, target) for target in shown.targets)

    if asked.answer:
        add(asked.answer)
    for deep in asked.deeper:
        add(deep, deeper=True)
    if asked.details:
        lines.append(Line(()))
        add(asked.details)
    answering = [link for link in asked.links if link.place is LinkPlace.ANSWER]
    if asked.kind is QuestionKind.LINK_ONLY and answering:
        numbered = replace(options, first_number=len(ways) + 1)
        page = _page(library, Way(note, answering[0].target), width, numbered)
        lines += [Line(()), *page.lines]
        ways += page.ways
    if not asked.answered:
        lines.append(Line((Span(clean(tr("no answer yet")), Role.DIM),)))
    return Shown((*lines, *places(library, ways, width)), tuple(ways))


def follow(library: Library, way: Way, width: int, options: Options) -> Shown:
    """The page a link leads to, or a line that says why there is none."""
    page = _page(library, way, width, options)
    return replace(page, lines=(*page.lines, *places(library, page.ways, width)))


def _page(library: Library, way: Way, width: int, options: Options) -> Shown:
    """The same, without the list of where its links lead."""
    destination = library.destination(way.note, read_target(way.target, way.note.path))
    problem = _problem(destination, way)
    if problem is not None:
        return Shown(wrap_text(clean(problem), width, Role.DIM), is_page=False)
    section = library.section(destination)
    if section is None:
        gone = tr("not there any more: {path}", path=destination.target.path)
        return Shown(wrap_text(clean(gone), width, Role.DIM), is_page=False)
    # Parsing a page needs the Markdown library; a quiz that opens none does not.
    from rlhf_qa.markdown import parse  # noqa: PLC0415

    numbers = range(section.first, section.first + len(section.rows))
    references = section.note.document.references
    blocks = parse("\n".join(section.rows), list(numbers), references)
    shown = render(blocks, width, options)
    near = "≈ " if destination.approximate and not options.ascii else ""
    place = clean(f"{near}{section.note.path} › {section.title}")
    head = Line((Span(fit(place, width), Role.DIM),))
    cut = trn("… {n} more line", "… {n} more lines", section.cut)
    tail = (Line((Span(clean(cut), Role.DIM),)),) if section.cut else ()
    ways = tuple(Way(section.note, target) for target in shown.targets)
    return Shown((head, Line(()), *shown.lines, *tail), ways)


def information(pick: Pick, state: CardState, entry: Entry) -> list[str]:
    """Why this card now, its history and memory, and where it stands: a line each."""
    said = [tr("why: {reason}", reason=reason(pick))]
    if state.memory is not None:
        said.append(tr("recall now: {recall}", recall=f"{pick.recall:.0%}"))
    return [*said, *past(state, entry)]


def past(state: CardState, entry: Entry) -> list[str]:
    """Memory and history of a card, and where it stands: a line each."""
    said: list[str] = []
    if state.memory is None:
        said.append(tr("memory: new, never graded"))
    else:
        said.append(
            tr(
                "memory: stability {stability} d, difficulty {difficulty}",
                stability=f"{state.memory.stability:.1f}",
                difficulty=f"{state.memory.difficulty:.1f}",
            )
        )
    said.append(tr("history: {reps} graded, {lapses} lapses", reps=state.reps, lapses=state.lapses))
    if state.marks:
        said.append(tr("marks: {marks}", marks=", ".join(sorted(state.marks))))
    said.append(tr("source: {place}", place=entry.place.source))
    said.append(tr("card: {id}", id=entry.id))
    return said


def places(library: Library, ways: Sequence[Way], width: int) -> tuple[Line, ...]:
    """What the numbers lead to, one line each."""
    lines: list[Line] = [Line(())] if ways else []
    for number, way in enumerate(ways[:LINKS_SHOWN], 1):
        destination = library.destination(way.note, read_target(way.target, way.note.path))
        text = fit(clean(f"[{number}] {_where(destination, way)}"), width)
        lines.append(Line((Span(text, Role.DIM, number),)))
    if len(ways) > LINKS_SHOWN:
        more = trn("… {n} more", "… {n} more", len(ways) - LINKS_SHOWN)
        lines.append(Line((Span(clean(more), Role.DIM),)))
    return tuple(lines)


def _rendered(
    note: Note, extract: Extract, width: int, options: Options, *, deeper: bool = False
) -> Rendered:
    from rlhf_qa.markdown import parse  # noqa: PLC0415

    blocks = parse(extract.markdown, None, note.document.references)
    if deeper:
        return render_deeper(blocks, width, clean(tr("deeper")), options)
    return render(blocks, width, options)


def _problem(destination: Destination, way: Way) -> str | None:
    """Why a link opens nothing here."""
    kind = destination.target.kind
    if kind is LinkKind.EXTERNAL:
        return tr("on the web, {host}: {target}", host=host(way.target), target=way.target)
    if kind is LinkKind.REFUSED:
        return f"{destination.target.reason}: {way.target}"
    path = destination.path or way.note.path
    if not destination.file_found and destination.note is None:
        return tr("not there: {path}, linked from {origin}", path=path, origin=way.note.path)
    if destination.note is None:
        return tr("a file that is no page: {path}", path=path)
    if not destination.resolved:
        return tr(
            "no section #{anchor} in {path}, linked from {origin}",
            anchor=destination.target.anchor,
            path=path,
            origin=way.note.path,
        )
    return None


def _where(destination: Destination, way: Way) -> str:
    if destination.target.kind is LinkKind.EXTERNAL:
        return way.target
    if destination.target.kind is LinkKind.REFUSED:
        return f"{way.target} ({destination.target.reason})"
    path = destination.path or way.note.path
    if destination.heading is not None:
        return f"{path} › {destination.heading.text}"
    if destination.resolved:
        return path
    if not destination.file_found:
        return tr("{path} (not there)", path=path)
    return tr("{path} (no such section)", path=path)
