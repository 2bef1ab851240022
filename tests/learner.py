"""A learner over notes in a folder: the store, the clock, sittings, and line mode typed at."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from rlhf_qa.collection import Collection, Entry, collect
from rlhf_qa.events import GRADES, Event
from rlhf_qa.library import Note
from rlhf_qa.planner import Limits
from rlhf_qa.render.blocks import Options
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.session import Session
from rlhf_qa.store import Store
from rlhf_qa.ui.notes import Notes
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.plain import Desk, run
from tests.fakes import HandClock
from tests.notes import PAGE, TODAY, TREE, collection, write


class Learner:
    """Someone with notes and a history, whatever the face."""

    def __init__(self, folder: Path, text: str = TREE) -> None:
        self.folder = write(folder, {"deck.md": text, "page.md": PAGE})
        self.store = Store.in_memory()
        self.clock = HandClock(TODAY)
        self.session: Session
        self.opened: list[str] = []
        self.edit: Callable[[Entry], str | None] = lambda _: "no editor"
        self.locked: str | None = None
        self.options = Options()

    def sit(self, *typed: str, limits: Limits | None = None, seconds: float = 10) -> str:
        """A sitting in which these lines are typed, some seconds apart; what it printed."""
        found = self.notes()
        self.session = self.sitting(found, found.entries, limits)
        lines = iter(typed)

        def read() -> str | None:
            self.clock.wait(seconds)
            return next(lines, None)

        stream = io.StringIO()
        out = Output(stream, width=80, styled=False, ascii=False, terminal=False)
        run(
            Desk(
                out,
                read,
                session=self.session,
                notes=self.reading(found),
                select=lambda every: every,
                edit=self.edit,
                open_web=self.opened.append,
            )
        )
        return stream.getvalue()

    def sitting(
        self, found: Collection, entries: Sequence[Entry], limits: Limits | None = None
    ) -> Session:
        """A sitting of its own over these questions."""
        return Session(
            found,
            entries,
            history=self.store,
            schedule=Scheduler(),
            clock=self.clock,
            limits=limits or Limits(),
            sitting=UUID(int=len(self.store.events()) + 1),
        )

    def reading(self, found: Collection) -> Notes:
        """The notes as a face holds them."""

        def reread(note: Note) -> Collection:
            return collect(
                notes.collection.library.renewed(note),
                registry=self.store.registry(),
                with_history=self.store.cards_with_history(),
                aliases=self.store.aliases(),
                today=TODAY,
                lang="en",
            )

        notes = Notes(found, reread, lambda _: self.locked, self.options, self.clock)
        return notes

    def notes(self) -> Collection:
        """The notes as they are on the disk."""
        return collection(
            self.folder,
            registry=self.store.registry(),
            with_history=self.store.cards_with_history(),
            aliases=self.store.aliases(),
        )

    def live_grades(self) -> list[Event]:
        return [event for event in self.store.live_events() if event.kind in GRADES]

    def grades(self) -> list[int | None]:
        return [event.rating for event in self.live_grades()]
