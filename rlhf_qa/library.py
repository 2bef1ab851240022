"""The notes that were asked for, read: which files they are, and where their links lead.

Opens files below content roots only, each at most once, and a page that is merely linked only
when the link is looked at. Knows nothing of cards' ids (collection.py) or of what a problem is
worth (check.py).
"""

from __future__ import annotations

import os
import posixpath
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from rlhf_qa import anchors, files
from rlhf_qa.cache import Cache
from rlhf_qa.errors import ContentError, UsageError
from rlhf_qa.limits import QUESTIONS_PER_FILE, SECTION_BYTES
from rlhf_qa.links import PAGES, Target, read_target
from rlhf_qa.messages import tr
from rlhf_qa.model import Code, Document, Heading, Link, LinkKind, Style, StyleFrom

BANK = "@bank"
"""What the bundled question bank is called where a path is expected."""

Progress = Callable[[int, int], None]
"""Told how many notes are read, of how many."""

_INDEXES = ("README.md", "index.md", "readme.md")


@dataclass(frozen=True, slots=True)
class Note:
    """A document in its place."""

    root: Path
    path: str
    """Under the root, with `/`, as the file system spells it."""
    deck: str
    document: Document
    stamp: files.Stamp | None

    @property
    def file(self) -> Path:
        return self.root / self.path


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was meant and could not be loaded."""

    root: Path
    path: str
    code: Code
    message: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a link leads."""

    target: Target
    note: Note | None = None
    """The document it leads to."""
    heading: Heading | None = None
    """The section; None: the whole page, or an anchor that is no heading."""
    line: int | None = None
    resolved: bool | None = False
    """None for the web: not looked at."""
    approximate: bool = False
    file_found: bool = False
    """The file is there, whether or not the section is."""

    @property
    def path(self) -> str | None:
        """The file it leads to, as it is called; else what the link calls it."""
        return self.note.path if self.note else self.target.path


@dataclass(frozen=True, slots=True)
class Section:
    """The source of a linked section, ready to be rendered."""

    note: Note
    title: str
    rows: tuple[str, ...]
    first: int
    """Line of the file that `rows` begin with."""
    cut: int = 0
    """Lines left out at the end because the section is over the limit."""


@dataclass(slots=True)
class Library:
    """Notes of one or several roots."""

    roots: tuple[Path, ...]
    """The content roots of what was asked for, in that order."""
    asked: tuple[str, ...]
    """What was asked for, as typed."""
    notes: tuple[Note, ...]
    """Those asked for: by root, then by the author's order, then by path."""
    failures: tuple[Failure, ...]
    remarks: tuple[str, ...]
    _shelf: _Shelf = field(repr=False)

    @property
    def parsed(self) -> int:
        """Texts that had to be parsed; the others were known."""
        return self._shelf.cache.parsed

    def find(self, root: Path, path: str) -> Note | None:
        """The document at `path` under `root`, read now if it was not yet."""
        return self._shelf.page(root, path)

    def again(self, note: Note) -> Note | None:
        """The note as its file is now; the same object if it has not changed."""
        if files.look(note.file) == note.stamp:
            return note
        return self._shelf.reread(note)

    def renewed(self, note: Note) -> Library:
        """These notes with `note` as its file is now; without it, if it cannot be read any more."""
        now = self.again(note)
        notes = ((now if other is note else other) for other in self.notes)
        return replace(self, notes=tuple(other for other in notes if other is not None))

    def follow(self, note: Note, link: Link) -> Destination:
        """Where `link`, standing in `note`, leads. Opens files below the root only."""
        return self.destination(note, read_target(link.target, note.path))

    def destination(self, note: Note, target: Target) -> Destination:
        """As `follow`, for a target already read."""
        if target.kind in (LinkKind.EXTERNAL, LinkKind.REFUSED):
            return Destination(target, resolved=None if target.kind is LinkKind.EXTERNAL else False)
        if target.path is None:
            return self._land(target, note)
        real = files.confined(note.root, target.path)
        if real is None:
            reason = tr("refused: outside the content root")
            return Destination(Target(LinkKind.REFUSED, reason=reason))
        if target.kind is LinkKind.ASSET and files.look(real) is not None:
            return Destination(target, resolved=True, file_found=True, line=_code_line(target))
        page = self._shelf.page(note.root, target.path)
        if page is None:
            return Destination(target)
        # A name like v1.2 looks like a file of another kind until its page is found.
        return self._land(replace(target, kind=LinkKind.INTERNAL), page)

    def anchors(self, note: Note) -> Anchors:
        """The anchors of a note."""
        return self._shelf.anchors(note.document)

    def _land(self, target: Target, note: Note) -> Destination:
        """The place of an anchor in `note`."""
        if not target.anchor:
            return Destination(target, note, line=1, resolved=True, file_found=True)
        found = self.anchors(note).find(target.raw_anchor or "", target.anchor)
        if found is None:
            return Destination(target, note, file_found=True)
        heading, line, near = found
        return Destination(
            target, note, heading, line, resolved=True, approximate=near, file_found=True
        )

    def section(self, destination: Destination) -> Section | None:
        """The source a destination shows. None if the file is gone by now."""
        note = destination.note
        if note is None:
            return None
        try:
            text = files.decode(files.read(note.file)[0])
        except files.UnreadableError:
            return None
        rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        heading = destination.heading or _around(note.document, destination.line or 1)
        first, last = (destination.line or 1, heading.end_line) if heading else (1, len(rows))
        title = heading.text if heading else note.document.short_title
        chosen = rows[first - 1 : last]
        kept = _within(chosen, SECTION_BYTES)
        return Section(note, title, tuple(chosen[:kept]), first, len(chosen) - kept)


def bank_root() -> Path:
    """Where the bundled question bank lies: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "bank"
    return inside if inside.is_dir() else package.parent / "content"


def load(
    paths: Sequence[str],
    *,
    configured: Sequence[Path] = (),
    cache: Cache,
    style: Style | None = None,
    remembered: Mapping[str, Style] | None = None,
    progress: Progress | None = None,
) -> Library:
    """Read every note that `paths` (folders, files, `@bank`) mean.

    `style` reads them all in one way; `remembered` holds, by deck id, the style a deck's first
    card was graded under.

    Raises:
        UsageError: a path does not exist, or is neither file nor folder.
    """
    shelf = _Shelf(cache, style, remembered or {})
    roots: list[Path] = []
    remarks: list[str] = []
    wanted: dict[Path, tuple[Path, bool]] = {}
    for path in paths:
        place = _place(path)
        root = files.content_root(place, [*configured, bank_root()])
        if root not in roots:
            roots.append(root)
        if place.is_dir():
            found = files.walk(place)
            remarks += found.remarks
            wanted.update((file, (root, False)) for file in found.files if file not in wanted)
        else:
            wanted[place] = (root, True)
    notes: list[Note] = []
    failures: list[Failure] = []
    for count, (file, (root, _)) in enumerate(wanted.items(), 1):
        try:
            notes.append(shelf.take(root, file.relative_to(root).as_posix()))
        except files.UnreadableError as error:
            failures.append(_failure(root, file, error))
        if progress:
            progress(count, len(wanted))
    place_of = {root: n for n, root in enumerate(roots)}
    notes.sort(key=lambda n: (place_of[n.root], n.document.metadata.order or 0, n.path))
    return Library(tuple(roots), tuple(paths), tuple(notes), tuple(failures), tuple(remarks), shelf)


class _Shelf:
    """Documents read so far, by real path."""

    def __init__(self, cache: Cache, style: Style | None, remembered: Mapping[str, Style]) -> None:
        self.cache = cache
        self._style = style
        self._remembered = remembered
        self._notes: dict[tuple[Path, str], Note | None] = {}
        self._anchors: dict[int, tuple[Document, Anchors]] = {}
        self._names: dict[Path, dict[str, str]] = {}

    def anchors(self, document: Document) -> Anchors:
        # The document is kept beside its anchors, so that its id stays its own.
        if id(document) not in self._anchors:
            self._anchors[id(document)] = (document, Anchors(document))
        return self._anchors[id(document)][1]

    def take(self, root: Path, path: str) -> Note:
        """The note at `path`.

        Raises:
            UnreadableError: it cannot be read.
        """
        note = self._read(root, path)
        self._notes[root, path] = note
        return note

    def reread(self, note: Note) -> Note | None:
        try:
            return self.take(note.root, note.path)
        except files.UnreadableError:
            self._notes[note.root, note.path] = None
            return None

    def page(self, root: Path, path: str) -> Note | None:
        """The page a link's path means: a file, one without its suffix, or a folder's index."""
        if (root, path) not in self._notes:
            self._notes[root, path] = self._find(root, path)
        return self._notes[root, path]

    def _find(self, root: Path, path: str) -> Note | None:
        for candidate in self._candidates(root, path):
            known = self._notes.get((root, candidate))
            if known is not None:
                return known
            try:
                return self.take(root, candidate)
            except files.UnreadableError:
                continue
        return None

    def _candidates(self, root: Path, path: str) -> list[str]:
        """Paths under the root that may hold what a link calls `path`, existing ones only."""
        found = []
        indexes = (f"{path}/{index}" for index in _INDEXES)
        for name in (path, *(path + suffix for suffix in PAGES), *indexes):
            place = files.confined(root, name)
            if place is not None and files.look(place) is None:
                place = self._same_name(place)
            if place is not None and files.look(place) is not None:
                found.append(place.relative_to(root.resolve()).as_posix())
        return found

    def _same_name(self, place: Path) -> Path | None:
        """The file whose name equals that of `place` but for composed or decomposed letters."""
        folder = place.parent
        if folder not in self._names:
            self._names[folder] = files.names(folder)
        name = self._names[folder].get(unicodedata.normalize("NFC", place.name))
        return folder / name if name else None

    def _read(self, root: Path, path: str) -> Note:
        file = root / path
        name = posixpath.splitext(posixpath.basename(path))[0]

        def parse(style: Style | None, origin: StyleFrom) -> Callable[[bytes], Document]:
            def read(data: bytes) -> Document:
                if data.count(b"\n#") > QUESTIONS_PER_FILE:
                    message = tr(
                        "more than {limit} headings: split it into several files",
                        limit=f"{QUESTIONS_PER_FILE:,}",
                    )
                    raise files.UnreadableError(Code.TOO_LARGE, message)
                # Only here: an unchanged note needs no Markdown library.
                from rlhf_qa.parser import parse as parse_text  # noqa: PLC0415

                return parse_text(files.decode(data), name, style=style, style_from=origin)

            return read

        asked = (self._style, StyleFrom.OPTION)
        document, stamp = self.cache.document(file, asked, parse(*asked))
        deck = document.metadata.id or deck_of(path)
        style = self._remembered.get(deck)
        if style and document.style_from is StyleFrom.RECOGNISED and style is not document.style:
            kept = (style, StyleFrom.HISTORY)
            document, stamp = self.cache.document(file, kept, parse(*kept))
        return Note(root, path, deck, document, stamp)


def deck_of(path: str) -> str:
    """The id of a deck that names none: its path under the root, composed, without suffix.

    Ids are stored, so bytes of a name that are not UTF-8 are spelled out. Through bytes: it is the
    same id in a locale without UTF-8.
    """
    name = os.fsencode(posixpath.splitext(path)[0]).decode(errors="backslashreplace")
    return unicodedata.normalize("NFC", name)


def _place(path: str) -> Path:
    if path == BANK:
        return bank_root().resolve()
    place = Path(path)
    try:
        real = place.resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        missing = isinstance(error, FileNotFoundError)
        raise UsageError(
            tr("{path}: no such file or folder: check the path", path=path)
            if missing
            else tr("{path}: cannot be read: check the path", path=path)
        ) from error
    return real


def _failure(root: Path, file: Path, error: files.UnreadableError) -> Failure:
    return Failure(root, file.relative_to(root).as_posix(), error.code, error.message, error.line)


class Anchors:
    """What an anchor of one document may mean, looked up in dictionaries."""

    def __init__(self, document: Document) -> None:
        self._slugs = {h.slug: h for h in reversed(document.headings)}
        self._others = document.other_anchors
        near: dict[str, list[Heading]] = {}
        for heading in document.headings:
            near.setdefault(anchors.loosen(heading.slug), []).append(heading)
        self._near = {loose: found[0] for loose, found in near.items() if len(found) == 1}

    def find(self, raw: str, decoded: str | None = None) -> tuple[Heading | None, int, bool] | None:
        """The heading (if it is one) and line of an anchor, and whether it fits only nearly.

        In this order: as written, percent-decoded, `id=` in HTML, then equal but for hyphens,
        where exactly one heading is.
        """
        decoded = unquote(raw) if decoded is None else decoded
        for wanted in (raw, decoded):
            if wanted in self._slugs:
                return self._slugs[wanted], self._slugs[wanted].line, False
        for wanted in (raw, decoded):
            if wanted in self._others:
                return None, self._others[wanted], False
        near = self._near.get(anchors.loosen(decoded))
        return (near, near.line, True) if near else None


def _around(document: Document, line: int) -> Heading | None:
    """The innermost heading whose section holds `line`; None at the top of the page."""
    if line == 1:
        return None
    return next((h for h in reversed(document.headings) if h.line <= line <= h.end_line), None)


def _code_line(target: Target) -> int | None:
    digits = (target.anchor or "")[1:].partition("-")[0]
    starts = (target.anchor or "")[:1] in ("L", "l")
    return int(digits) if starts and digits.isdecimal() and len(digits) < 9 else None  # noqa: PLR2004


def _within(rows: Sequence[str], limit: int) -> int:
    """How many of `rows` fit into `limit` bytes; at least one."""
    size = 0
    for count, row in enumerate(rows):
        size += len(row.encode("utf-8", "replace")) + 1
        if size > limit:
            return max(1, count)
    return len(rows)


def exists(path: str) -> bool:
    """Whether anything is at the path, a dangling link included."""
    return os.path.lexists(path)


def nothing_here(library: Library) -> ContentError | None:
    """The error to end with if every file that was meant failed to load."""
    if library.failures and not library.notes:
        return ContentError("\n".join(str(failure) for failure in library.failures))
    return None
