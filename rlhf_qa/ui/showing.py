"""`show`: cards with everything that belongs to them, and sections of deep-dive pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rlhf_qa.collection import Collection, Entry
from rlhf_qa.errors import ContentError, UsageError
from rlhf_qa.library import Library
from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.render.blocks import Options
from rlhf_qa.render.lines import Role
from rlhf_qa.render.sanitize import clean
from rlhf_qa.ui import card
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.summary import no_cards
from rlhf_qa.ui.words import standing


class Show:
    """Shows cards of a collection, one after the other."""

    def __init__(
        self,
        out: Output,
        collection: Collection,
        states: Mapping[CardId, CardState],
        today: StudyDay,
    ) -> None:
        self._out = out
        self._collection = collection
        self._states = states
        self._today = today
        self._every = collection.by_id()

    def everything(self) -> None:
        """Every question.

        Raises:
            ContentError: there is none.
        """
        if not self._collection.entries:
            raise ContentError(no_cards(self._collection) or "no questions here")
        self._cards(self._collection.entries)

    def at_line(self, line: int) -> None:
        """The question whose lines hold `line`, in whichever language the file is.

        Raises:
            UsageError: no question stands there.
        """
        for entry in self._collection.entries:
            if entry.question.line <= line <= entry.question.end_line:
                self._cards([entry])
                return
        raise UsageError(f"no question at line {line}: rlhf-qa list shows the lines")

    def with_id(self, name: str) -> None:
        """The question with the id `name`; the `=` of an author's own id may be left out.

        Raises:
            UsageError: there is no such card.
        """
        entry = self._every.get(CardId(name)) or self._every.get(CardId(f"={name}"))
        if entry is None:
            raise UsageError(
                f"{name}: no such file and no such card: rlhf-qa list --json shows the ids"
            )
        self._cards([entry])

    def _cards(self, entries: Iterable[Entry]) -> None:
        options = Options(ascii=self._out.ascii)
        for number, entry in enumerate(entries):
            if number:
                self._out.line()
            self._card(entry, options)

    def _card(self, entry: Entry, options: Options) -> None:
        out, width = self._out, self._out.width
        state = self._states.get(entry.id) or CardState(entry.id)
        word = standing(state, self._today) if entry.question.answered else "unanswered"
        out.lines([card.trail(entry, self._every, width)])
        out.lines(card.question(entry, width, options))
        out.say(clean(f"{entry.place.source} · {entry.id} · {word}"), Role.DIM)
        out.line()
        out.lines(card.answer(entry, self._collection.library, width, options).lines)


def show_section(out: Output, library: Library, anchor: str) -> None:
    """The section `anchor` of the page that was asked for.

    Raises:
        ContentError: the page could not be loaded.
    """
    if not library.notes:
        raise ContentError("\n".join(str(failure) for failure in library.failures))
    options = Options(ascii=out.ascii)
    out.lines(card.follow(library, library.notes[0], f"#{anchor}", out.width, options).lines)
