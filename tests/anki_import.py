"""The real Anki, in a process of its own: imports packages one after the other, and tells.

    python anki_import.py COLLECTION PACKAGE…

`edit` in place of a package: the learner adds a word and a tag to the first card.

A JSON line for each package: what became of its notes, what is in the collection now, and every
card as Anki renders it. Stands alone, so that the package under test and Anki never meet.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def _imported(col: Any, package: str) -> dict[str, Any]:
    from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    options = ImportAnkiPackageOptions(merge_notetypes=False, with_scheduling=False)
    request = ImportAnkiPackageRequest(package_path=package, options=options)
    log = col.import_anki_package(request).log
    kinds = ("new", "updated", "duplicate", "conflicting", "missing_notetype", "missing_deck")
    return {kind: len(getattr(log, kind)) for kind in (*kinds, "empty_first_field")}


def _card(col: Any, number: int) -> dict[str, Any]:
    card = col.get_card(number)
    note, shown = card.note(), card.render_output()
    return {
        "note": note.id,
        "guid": note.guid,
        "fields": dict(note.items()),
        "tags": note.tags,
        "deck": col.decks.name(card.did),
        "due": card.due,
        "question": shown.question_text,
        "answer": shown.answer_text,
        "av": len(shown.question_av_tags) + len(shown.answer_av_tags),
    }


def _edit(col: Any) -> None:
    note = min(map(col.get_card, col.find_cards("")), key=lambda card: card.due).note()
    note["Answer"] += " own word"
    note.tags.append("mine")
    col.update_note(note)


def main(place: str, *packages: str) -> None:
    """Import the packages into the collection at `place`."""
    from anki.collection import Collection

    for package in packages:
        col = Collection(place)
        if package == "edit":
            _edit(col)
            col.close()
            continue
        found: dict[str, Any] = {"log": _imported(col, package)}
        cards = [_card(col, number) for number in col.find_cards("")]
        found["cards"] = sorted(cards, key=lambda card: card["due"])
        found["notetypes"] = sorted(t.name for t in col.models.all_names_and_ids())
        found["media"] = sorted(p.name for p in Path(col.media.dir()).iterdir())
        problems, fine = col.fix_integrity()
        found["integrity"] = [fine, problems]
        col.close()
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
