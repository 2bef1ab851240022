"""`show`: cards with everything that belongs to them, and sections of deep-dive pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rlhf_qa.collection import Collection, Entry
from rlhf_qa.errors import ContentError, UsageError
from rlhf_qa.library import Library, nothing_here
from rlhf_qa.links import read_target
from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.messages import tr
from rlhf_qa.render.blocks import Options
from rlhf_qa.render.lines import Role
from rlhf_qa.render.sanitize import clean
from rlhf_qa.ui import card
from rlhf_qa.ui.empty import no_cards
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.words import standing, standing_word


def every_question(collection: Collection) -> tuple[Entry, ...]:
    """All questions that were asked for.

    Raises:
        ContentError: there is none.
    """
    _loaded(collection.library)
    if not collection.entries:
        raise ContentError(no_cards(collection, ()) or tr("no questions here"))
    return collection.entries


def question_at(collection: Collection, line: int) -> Entry:
    """The question whose lines hold `line`.

    Raises:
        ContentError: the file could not be loaded.
        UsageError: no question stands there.
    """
    _loaded(collection.library)
    for entry in collection.entries:
        if entry.question.line <= line <= entry.question.end_line:
            return entry
    raise UsageError(tr("no question at line {line}: rlhf-qa list shows the lines", line=line))


def question_with_id(collection: Collection, name: str) -> Entry:
    """The question with the id `name`; the `=` of an author's own id may be left out.

    Raises:
        UsageError: there is no such card.
    """
    every = collection.by_id()
    entry = every.get(CardId(name)) or every.get(CardId(f"={name}"))
    if entry is None:
        raise UsageError(
            tr(
                "{name}: no such file and no such card: rlhf-qa list --json shows the ids",
                name=name,
            )
        )
    return entry


def show(
    out: Output,
    collection: Collection,
    entries: Iterable[Entry],
    states: Mapping[CardId, CardState],
    today: StudyDay,
) -> None:
    """Cards with everything that belongs to them, one after the other."""
    every, options = collection.by_id(), Options(ascii=out.ascii)
    for number, entry in enumerate(entries):
        if number:
            out.line()
        state = states.get(entry.id) or CardState(entry.id)
        word = standing(state, today) if entry.question.answered else "unanswered"
        out.lines([card.trail(entry, every, out.width)])
        out.lines(card.question(entry, out.width, options))
        word = standing_word(word) if out.terminal else word
        out.say(clean(f"{entry.place.source} · {entry.id} · {word}"), Role.DIM)
        out.line()
        out.lines(card.answer(entry, collection.library, out.width, options).lines)


def show_section(out: Output, library: Library, anchor: str = "") -> None:
    """The section `anchor` of the page that was asked for; without one, all of it.

    Raises:
        ContentError: the page could not be loaded.
        UsageError: it has no such section.
    """
    _loaded(library)
    note, target = library.notes[0], f"#{anchor}"
    if not library.destination(note, read_target(target, note.path)).resolved:
        page = library.asked[0]
        raise UsageError(
            tr(
                "{page}: no section {target}: rlhf-qa show {page} shows all of it",
                page=page,
                target=target,
            )
        )
    options = Options(ascii=out.ascii)
    out.lines(card.follow(library, card.Way(note, target), out.width, options).lines)


def _loaded(library: Library) -> None:
    """Nothing, if at least one file could be read.

    Raises:
        ContentError: none could; one line each.
    """
    problem = nothing_here(library)
    if problem is not None:
        raise problem
