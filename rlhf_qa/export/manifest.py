"""What was exported to Anki before: so that only what changed is taken over there.

A file of its own in the data folder, one line a card. Knows times and digests of notes, not what
is in them.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rlhf_qa.errors import StoreError
from rlhf_qa.memory import CardId
from rlhf_qa.messages import tr

NAME: Final = "anki.jsonl"


@dataclass(frozen=True, slots=True)
class Exported:
    """A card as it was last exported."""

    guid: str
    note: int
    digest: str
    mtime: int
    """Seconds."""


Manifest = Mapping[CardId, Exported]


def load(directory: Path) -> dict[CardId, Exported]:
    """What the data folder knows; nothing, where nothing was exported yet.

    Raises:
        StoreError: it is damaged or cannot be read.
    """
    place = directory / NAME
    try:
        rows = place.read_text("utf-8").split("\n")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _damaged(place) from error
    try:
        return dict(map(_read, filter(None, rows)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _damaged(place) from error


def save(directory: Path, manifest: Manifest) -> None:
    """Replace what the data folder knows: all of it, or nothing.

    Raises:
        StoreError: it cannot be written; what was there is still there.
    """
    temporary = None
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=directory, prefix=f".{NAME}.")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            for card, row in manifest.items():
                stream.write(json.dumps({"card": card, **asdict(row)}) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(directory / NAME)
        temporary = None
    except OSError as error:
        raise StoreError(
            tr("{path}: cannot be written: {problem}", path=directory, problem=error.strerror)
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def _read(row: str) -> tuple[CardId, Exported]:
    found = json.loads(row)
    card, guid, digest = (found[name] for name in ("card", "guid", "digest"))
    if not all(isinstance(text, str) for text in (card, guid, digest)):
        raise TypeError
    return CardId(card), Exported(guid, int(found["note"]), digest, int(found["mtime"]))


def _damaged(place: Path) -> StoreError:
    return StoreError(
        tr(
            "{path} is damaged: move it away; then the next import into Anki updates every note once",
            path=place,
        )
    )
