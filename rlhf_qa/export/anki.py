"""Cards as notes of Anki: decks, tags, stable ids, and a newer time for what changed only.

Pure but for the pictures that are read. What stands in a field is fields.py, the file is apkg.py,
and what was exported before is handed in (manifest.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Final

from rlhf_qa.collection import Collection, Entry
from rlhf_qa.export import anki_type
from rlhf_qa.export.apkg import AnkiNote, free
from rlhf_qa.export.fields import Composer, Fields, Remark
from rlhf_qa.export.manifest import Exported, Manifest
from rlhf_qa.memory import CardId
from rlhf_qa.render.sanitize import clean

ROOT: Final = "rlhf-qa"
_DECK_SEPARATOR: Final = "::"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Export:
    """All that goes into a package, and what is to be said of it."""

    notes: tuple[AnkiNote, ...]
    pictures: Mapping[str, Path]
    manifest: Manifest
    """What was exported, this time included."""
    new: tuple[Entry, ...]
    """Never exported before."""
    changed: tuple[Entry, ...]
    unanswered: int
    remarks: tuple[Remark, ...]

    @property
    def decks(self) -> int:
        return len({note.deck.casefold() for note in self.notes})


def export(
    collection: Collection,
    entries: Sequence[Entry],
    known: Manifest,
    aliases: Mapping[CardId, CardId],
    *,
    deck: str = ROOT,
    now: int,
    progress: Progress | None = None,
) -> Export:
    """The cards among `entries` as notes. `known`: earlier exports; `now`: seconds."""
    composer = Composer(collection.library, collection.by_id())
    earlier = {aliases.get(card, card): row for card, row in known.items()}
    manifest = dict(earlier)
    taken = {row.note for row in earlier.values()}
    cards = [entry for entry in entries if entry.question.answered]
    notes: list[AnkiNote] = []
    new: list[Entry] = []
    changed: list[Entry] = []
    for count, entry in enumerate(cards, 1):
        fields, tags = composer.fields(entry), tags_of(entry)
        before = earlier.get(entry.id)
        row = _row(entry.id, before, _digest(fields, tags), taken, now)
        manifest[entry.id] = row
        if before is None:
            new.append(entry)
        elif before != row:
            changed.append(entry)
        where = deck_of(deck, entry)
        notes.append(AnkiNote(row.note, row.guid, row.mtime, tuple(fields), tags, where))
        if progress:
            progress(count, len(cards))
    return Export(
        notes=tuple(notes),
        pictures=composer.pictures.found,
        manifest=manifest,
        new=tuple(new),
        changed=tuple(changed),
        unanswered=len(entries) - len(cards),
        remarks=tuple(composer.remarks),
    )


def deck_of(root: str, entry: Entry) -> str:
    """The full name of a card's deck: root, document, topic."""
    document, stem = entry.note.document, PurePosixPath(entry.note.path).stem
    parts = [document.short_title or document.title, *entry.question.section[:1]]
    named = (_part(part) or _part(stem) or ROOT for part in parts)
    above = [part for part in map(_part, root.split(_DECK_SEPARATOR)) if part] or [ROOT]
    return _DECK_SEPARATOR.join([*above, *named])


def tags_of(entry: Entry) -> tuple[str, ...]:
    """Few, since they replace the learner's own on a note that changed."""
    kind = "rlhf-qa::follow-up" if entry.question.depth else "rlhf-qa::main"
    own = map(_tag, entry.question.metadata.tags)
    return tuple(dict.fromkeys(("rlhf-qa", kind, *filter(None, own))))


def _row(card: CardId, before: Exported | None, digest: str, taken: set[int], now: int) -> Exported:
    """What is noted of a card: the same as before, if nothing changed."""
    if before is None:
        guid = blake2b(f"rlhf-qa\x1f{card}".encode(), digest_size=10).hexdigest()
        return Exported(guid, free(anki_type.number_of(f"note {card}"), taken), digest, now)
    if before.digest == digest:
        return before
    # Newer than ever, also by a clock that was set back.
    return Exported(before.guid, before.note, digest, max(now, before.mtime + 1))


def _digest(fields: Fields, tags: tuple[str, ...]) -> str:
    whole = "\x1f".join((*fields, *tags))
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _part(title: str) -> str:
    """A title as one part of a deck's name."""
    return " ".join(clean(title).replace(_DECK_SEPARATOR, ": ").replace('"', "'").split())


def _tag(tag: str) -> str:
    kept = clean(tag).replace('"', "").replace("'", "").replace("\u3000", " ")
    return "_".join(kept.split())
