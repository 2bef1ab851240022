"""Everything a command works on, opened in the one right order: places, settings, store, notes.

Each part is opened when it is first asked for, so that a command pays only for what it uses.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rlhf_qa.cli.language import spoken
from rlhf_qa.errors import UsageError
from rlhf_qa.messages import tr

if TYPE_CHECKING:
    from rlhf_qa.clock import Clock
    from rlhf_qa.collection import Collection, Entry
    from rlhf_qa.config import Config
    from rlhf_qa.learned import Learned
    from rlhf_qa.library import Library, Note
    from rlhf_qa.model import Style
    from rlhf_qa.places import Places
    from rlhf_qa.planner import Limits
    from rlhf_qa.scheduler import Scheduler
    from rlhf_qa.selection import Filters
    from rlhf_qa.session import Session
    from rlhf_qa.stats import Stats
    from rlhf_qa.store import Store
    from rlhf_qa.ui.notes import Notes
    from rlhf_qa.ui.output import Output


@dataclass(frozen=True, slots=True)
class Globals:
    """What was typed before the command."""

    data_dir: Path | None = None
    color: str | None = None
    """auto, always or never; None: as configured."""
    ascii: bool = False
    cache: bool = True
    theme: str | None = None
    """auto, dark or light; None: as configured."""
    mouse: bool = True
    lang: str | None = None
    """zh or en; None: as the surroundings say."""


class Workspace:
    """A command's view of the learner's things. Use as a context manager."""

    def __init__(self, given: Globals, environ: Mapping[str, str] | None = None) -> None:
        self.given = given
        self.environ = os.environ if environ is None else environ
        self._store: Store | None = None
        self._writes = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._store is not None:
            self._store.close()

    @cached_property
    def places(self) -> Places:
        from rlhf_qa.places import find  # only commands that use files

        return find(self.environ, self.given.data_dir)

    @cached_property
    def config(self) -> Config:
        from rlhf_qa.config import load

        return load(self.places.config_file)

    def store(self, *, create: bool = False) -> Store:
        """The history. Only a command that writes creates it."""
        if self._store is not None and create and not self._writes:
            self._store.close()
            self._store = None
        if self._store is None:
            from rlhf_qa.store import Store

            self._store = Store.open(self.places.data, create=create)
            self._writes = create
        return self._store

    @cached_property
    def schedule(self) -> Scheduler:
        from rlhf_qa.learned import RETENTION
        from rlhf_qa.scheduler import Scheduler  # it loads the memory model

        return Scheduler(desired_retention=RETENTION.value(self.store().settings()))

    @cached_property
    def clock(self) -> Clock:
        from rlhf_qa.clock import SystemClock
        from rlhf_qa.learned import ROLLOVER

        return SystemClock(int(ROLLOVER.value(self.store().settings())))

    @property
    def content_lang(self) -> str:
        """The language preferred among siblings; `auto` is that of the interface."""
        config = self.config
        if config.content_lang != "auto":
            return config.content_lang
        return spoken(self.given.lang, self.environ, config.lang)

    def library(self, paths: Sequence[str], style: str | None = None) -> Library:
        """The notes at `paths`, or those meant when none is given.

        Raises:
            UsageError: a path that is not there, a style that does not exist.
        """
        from rlhf_qa.ui.progress import Bar

        read = _style(style)
        chosen = list(paths) or self._default_paths()
        with Bar(sys.stderr, tr("reading notes")) as progress:
            return self._load(chosen, read, progress)

    def collection(self, paths: Sequence[str], style: str | None = None) -> Collection:
        """The questions of `paths`, each with its id."""
        return self.identified(self.library(paths, style))

    def identified(self, library: Library) -> Collection:
        """The questions of a library, each with its id."""
        from rlhf_qa.collection import collect

        store = self.store()
        return collect(
            library,
            registry=store.registry(),
            with_history=store.cards_with_history(),
            aliases=store.aliases(),
            today=self.clock.now().day,
            lang=self.content_lang,
        )

    def select(self, collection: Collection, filters: Filters) -> tuple[Entry, ...]:
        """The entries that pass the filters.

        Raises:
            UsageError: there are questions, and none of them passes.
        """
        from rlhf_qa.selection import nearest, select

        found = select(collection.entries, filters, self.store().states())
        if found or not filters or not collection.entries:
            return found
        near = nearest(collection.entries, filters)
        if near:
            raise UsageError(tr("no question passes the filters; nearest: {near}", near=near))
        raise UsageError(tr("no question passes the filters"))

    def quizzed(self, collection: Collection, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Entries without those of drafts, unless a draft was named itself."""
        named = {Path(path).resolve() for path in collection.library.asked}
        return tuple(
            entry
            for entry in entries
            if not entry.note.document.metadata.draft or entry.note.file.resolve() in named
        )

    def limits(self) -> Limits:
        """What a day may hold, as configured."""
        from rlhf_qa.planner import Limits

        config = self.config
        return Limits(
            new=config.new_per_day,
            reviews=config.reviews_per_day,
            minutes=config.minutes_per_day,
            new_is_default="new_per_day" not in config.chosen,
        )

    def sitting(self, collection: Collection, entries: Sequence[Entry], limits: Limits) -> Session:
        """A sitting over these questions. It writes: the history is made if there is none."""
        from uuid import uuid4

        from rlhf_qa.session import Session

        return Session(
            collection,
            entries,
            history=self.store(create=True),
            schedule=self.schedule,
            clock=self.clock,
            limits=limits,
            sitting=uuid4(),
        )

    def notes(self, collection: Collection) -> Notes:
        """A collection that a face can read again."""
        from rlhf_qa.render.blocks import Options
        from rlhf_qa.ui.notes import Notes

        def reread(note: Note) -> Collection:
            return self.identified(notes.collection.library.renewed(note))

        notes = Notes(
            collection=collection,
            reread=reread,
            editable=self._editable,
            options=Options(ascii=self.out.ascii),
            clock=self.clock,
        )
        return notes

    def _editable(self, note: Note) -> str | None:
        """The bundled bank is not edited in place: an update would take the edit away."""
        from rlhf_qa.library import bank_root

        if note.root != bank_root().resolve():
            return None
        return tr(
            "the bundled bank is not edited: copy {folder}, then rlhf-qa init COPY",
            folder=bank_root(),
        )

    def figures(self, collection: Collection) -> Stats:
        """The figures of a collection, today."""
        from rlhf_qa.stats import compute

        store = self.store()
        return compute(
            collection.entries,
            store.states(),
            store.live_events(),
            aliases=store.aliases(),
            predictions=store.predictions(),
            schedule=self.schedule,
            day=self.clock.now().day,
        )

    # What is said.

    @cached_property
    def out(self) -> Output:
        from rlhf_qa.ui.output import output_for

        return output_for(
            sys.stdout,
            self.environ,
            color=self.given.color or self.config.color,
            ascii_=self.given.ascii or self.config.symbols == "ascii",
        )

    def say(self, text: str) -> None:
        """A line on stdout, as it is: commands and paths are for copying."""
        from rlhf_qa.render.lines import Span
        from rlhf_qa.render.sanitize import clean

        self.out.line(Span(clean(text)))

    def warn(self, text: str) -> None:
        """A line on stderr; nothing for nothing."""
        from rlhf_qa.render.sanitize import clean

        if text:
            sys.stderr.write(clean(text) + "\n")

    def tell(self, collection: Collection) -> None:
        """What was passed over while reading, and what was recognised after an edit."""
        from rlhf_qa.collection import report

        library = collection.library
        for text in (*library.remarks, *map(str, library.failures)):
            self.warn(text)
        changed = report(collection.reconciliation)
        if changed:
            self.warn(changed)

    def tell_empty(self, collection: Collection) -> None:
        """Where no question was found: what was looked for, and what to do."""
        from rlhf_qa.ui.empty import no_cards

        if not collection.entries:
            self.warn(no_cards(collection, ()) or "")

    def named(self, collection: Collection) -> str:
        """What the notes are called on the screen."""
        from rlhf_qa.library import BANK

        asked = collection.library.asked
        return tr("the bundled question bank") if asked == (BANK,) else " ".join(asked)

    def learn(self, setting: Learned, value: float) -> None:
        """Set what is part of the history, and derive all states anew."""
        from rlhf_qa.events import Draft, EventKind
        from rlhf_qa.learned import RETENTION
        from rlhf_qa.scheduler import Scheduler

        store = self.store(create=True)
        draft = Draft(EventKind.SETTINGS, payload={"name": setting.name, "value": value})
        store.append([draft], self.clock.now(), self.schedule)
        store.rebuild(Scheduler(desired_retention=RETENTION.value(store.settings())))

    def _default_paths(self) -> list[str]:
        """Configured folders; else the current folder if it holds a question; else the bank."""
        from rlhf_qa.library import BANK

        roots = [os.fspath(root) for root in self.config.content_roots]
        if roots:
            return roots
        here = Path.cwd()
        # Whole homes and whole disks are nobody's notes, and slow to walk.
        if here not in (Path(here.anchor), Path(self.environ.get("HOME", here.anchor))):
            library = self._load(["."], None, None)
            if any(note.document.is_deck for note in library.notes):
                return ["."]
        return [BANK]

    def _load(
        self, paths: Sequence[str], style: Style | None, progress: Callable[[int, int], None] | None
    ) -> Library:
        from rlhf_qa.cache import Cache
        from rlhf_qa.library import load

        return load(
            paths,
            configured=self.config.content_roots,
            cache=Cache(self.places.cache if self.given.cache else None),
            style=style,
            remembered=self._styles(),
            progress=progress,
        )

    def _styles(self) -> dict[str, Style]:
        from rlhf_qa.model import Style

        prefix = "style:"
        found = {}
        for name, value in self.store().settings().items():
            if name.startswith(prefix) and value in set(Style):
                found[name.removeprefix(prefix)] = Style(str(value))
        return found


def _style(typed: str | None) -> Style | None:
    from rlhf_qa.model import Style

    if typed is None:
        return None
    if typed not in set(Style):
        known = ", ".join(Style)
        raise UsageError(
            tr("--style {style}: not a style; choose from {known}", style=typed, known=known)
        )
    return Style(typed)
