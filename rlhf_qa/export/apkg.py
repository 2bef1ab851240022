"""An Anki package, written byte by byte the same from the same notes.

Knows the file format (a ZIP around a SQLite database of schema 11, which every Anki reads) and
nothing of cards or Markdown.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rlhf_qa import files
from rlhf_qa.export import anki_type
from rlhf_qa.limits import PICTURE_BYTES

CREATED: Final = 1_577_851_200
"""When the collection says that it was made; new cards know no days, so any moment will do."""
_DEFAULT_DECK: Final = 1
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_TAG = re.compile(r"<[^<>]*>")
_SEPARATOR: Final = "\x1f"

_SCHEMA: Final = """\
PRAGMA page_size = 4096;
CREATE TABLE col (
  id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null,
  conf text not null, models text not null, decks text not null, dconf text not null,
  tags text not null
);
CREATE TABLE notes (
  id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null,
  csum integer not null, flags integer not null, data text not null
);
CREATE TABLE cards (
  id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null,
  due integer not null, ivl integer not null, factor integer not null, reps integer not null,
  lapses integer not null, left integer not null, odue integer not null, odid integer not null,
  flags integer not null, data text not null
);
CREATE TABLE revlog (
  id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
  type integer not null
);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""
_ADD_COLLECTION: Final = "INSERT INTO col VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
_ADD_NOTE: Final = "INSERT INTO notes VALUES (?,?,?,?,?,?,?,?,?,?,?)"
_ADD_CARD: Final = "INSERT INTO cards VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """One note and its one card."""

    id: int
    guid: str
    mtime: int
    """Seconds; Anki takes a note over if this is newer than what it has."""
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    """Its full name, parts joined by `::`."""


def package(notes: Sequence[AnkiNote], pictures: Mapping[str, Path]) -> bytes:
    """The whole file. New cards come in the order of `notes`.

    Raises:
        UnreadableError: a picture is gone by now.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _member(archive, "collection.anki21", _database(notes))
        names = sorted(pictures)
        for number, name in enumerate(names):
            # Pictures are compressed already.
            data = files.read(pictures[name], PICTURE_BYTES)[0]
            _member(archive, str(number), data, zipfile.ZIP_STORED)
        media = {str(number): name for number, name in enumerate(names)}
        _member(archive, "media", _json(media).encode())
    return out.getvalue()


def _member(
    archive: zipfile.ZipFile, name: str, data: bytes, how: int = zipfile.ZIP_DEFLATED
) -> None:
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = how
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def _database(notes: Sequence[AnkiNote]) -> bytes:
    decks = _decks(note.deck for note in notes)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.executescript(_SCHEMA)
        db.execute("BEGIN")
        db.execute(_ADD_COLLECTION, _collection(notes, decks))
        db.executemany(_ADD_NOTE, map(_note, notes))
        rows = (_card(n, place, decks[_fold(n.deck)][0]) for place, n in enumerate(notes, 1))
        db.executemany(_ADD_CARD, rows)
        db.execute("COMMIT")
        return db.serialize()


def _note(note: AnkiNote) -> tuple[object, ...]:
    sort = html.unescape(_TAG.sub("", note.fields[0]))
    # Anki's own check sum of the first field, by which it finds doubles.
    digest = hashlib.sha1(sort.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    check = int(digest[:8], 16)
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    fields = _SEPARATOR.join(note.fields)
    return (
        note.id, note.guid, anki_type.ID, note.mtime, -1, tags, fields, sort, check, 0, "",
    )  # fmt: skip


def _card(note: AnkiNote, place: int, deck: int) -> tuple[object, ...]:
    new = (0, 0, place, 0, 0, 0, 0, 0, 0, 0, 0, "")
    return (note.id, note.id, deck, 0, note.mtime, -1, *new)


def _collection(
    notes: Sequence[AnkiNote], decks: Mapping[str, tuple[int, str]]
) -> tuple[object, ...]:
    newest = max((note.mtime for note in notes), default=CREATED)
    first = min((number for number, _ in decks.values()), default=_DEFAULT_DECK)
    written = {str(number): _deck(number, name) for number, name in decks.values()}
    written[str(_DEFAULT_DECK)] = _deck(_DEFAULT_DECK, "Default")
    models = {str(anki_type.ID): anki_type.note_type(first)}
    conf = {
        "activeDecks": [_DEFAULT_DECK], "addToCur": True, "collapseTime": 1200, "curDeck": 1,
        "curModel": anki_type.ID, "dueCounts": True, "estTimes": True, "newSpread": 0,
        "nextPos": len(notes) + 1, "sortBackwards": False, "sortType": "noteFld", "timeLim": 0,
        "schedVer": 2, "sched2021": True, "creationOffset": 0,
    }  # fmt: skip
    texts = (_json(conf), _json(models), _json(written), _json({"1": _OPTIONS}), "{}")
    return (1, CREATED, newest * 1000, CREATED * 1000, 11, 0, 0, 0, *texts)


def _decks(names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Every deck and those above it, by folded name: Anki takes `a` and `A` for one."""
    found: dict[str, tuple[int, str]] = {}
    taken = {_DEFAULT_DECK}
    for name in names:
        for above in _ways(name):
            if _fold(above) not in found:
                number = free(anki_type.number_of(f"deck {_fold(above)}"), taken)
                found[_fold(above)] = (number, above)
    return found


def _ways(name: str) -> Iterator[str]:
    parts = name.split("::")
    for count in range(1, len(parts) + 1):
        yield "::".join(parts[:count])


def _fold(name: str) -> str:
    return name.casefold()


def free(number: int, taken: set[int]) -> int:
    """The first number from `number` on that is not taken; it is taken from now on."""
    while number in taken:
        number += 1
    taken.add(number)
    return number


def _deck(number: int, name: str) -> dict[str, Any]:
    today = {"newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0]}
    return {
        "id": number, "name": name, "mod": 0, "usn": 0, "desc": "", "dyn": 0, "conf": 1,
        "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0, **today,
    }  # fmt: skip


_OPTIONS: Final[dict[str, Any]] = {
    "id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": True, "timer": 0,
    "replayq": True, "dyn": False,
    "new": {"bury": False, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0],
            "order": 1, "perDay": 20},
    "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200,
            "hardFactor": 1.2},
    "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
}  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
