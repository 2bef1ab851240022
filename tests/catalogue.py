"""The catalogue of messages: what the code says, and the files that hold it in Chinese.

`make messages` runs this: it collects the messages anew, brings the .po up to date and compiles
the .mo. What is left to do for a translator is printed.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

import typer.main
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from rlhf_qa.cli.app import app
from rlhf_qa.cli.helping import texts
from rlhf_qa.messages import DOMAIN, FOLDER

ROOT: Final = Path(__file__).parents[1]
PO: Final = FOLDER / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO: Final = PO.with_suffix(".mo")
KEYWORDS: Final = {"tr": None, "trn": (1, 2), "mark": None, "markn": (1, 2)}


def template() -> Catalog:
    """Every message of the code, and every text of the commands' help."""
    found = Catalog(locale="zh", domain=DOMAIN, project="rlhf-qa", charset="utf-8")
    for name, line, message, _, _ in extract_from_dir(
        ROOT / "rlhf_qa", [("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(message, locations=[(f"rlhf_qa/{name}", line)])
    for text in texts(typer.main.get_command(app)):
        found.add(text, locations=[("rlhf_qa/cli", 0)])
    return found


def catalogue() -> Catalog:
    """What the .po holds."""
    with PO.open("rb") as stream:
        return read_po(stream, locale="zh", domain=DOMAIN)


def compiled(held: Catalog) -> bytes:
    """The .mo of a catalogue."""
    out = io.BytesIO()
    write_mo(out, held)
    return out.getvalue()


def update() -> list[str]:
    """Bring both files up to date; the messages that have no translation."""
    held, wanted = catalogue(), template()
    wanted.creation_date = held.creation_date  # not a change by itself
    held.update(wanted, no_fuzzy_matching=True)
    with PO.open("wb") as stream:
        write_po(stream, held, width=100, ignore_obsolete=True, include_lineno=False)
    MO.write_bytes(compiled(held))
    return [str(message.id) for message in held if message.id and not said(message.string)]


def said(string: object) -> bool:
    """Whether a translation is there: of a plural, in every form."""
    return all(string) if isinstance(string, list | tuple) else bool(string)


if __name__ == "__main__":
    for missing in update():
        sys.stdout.write(f"not translated: {missing}\n")
