"""`export`: notes and history as a file for another program."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.helping import Command, Group
from rlhf_qa.cli.workspace import Workspace
from rlhf_qa.errors import ExitCode, UsageError
from rlhf_qa.messages import tr, trn

if TYPE_CHECKING:
    from rlhf_qa.export.anki import Export

exports = typer.Typer(
    name="export",
    cls=Group,
    help="Write notes and history for another program.",
    epilog=o.examples(
        "rlhf-qa export json -o rlhf.json",
        "rlhf-qa export json notes/ | jq .",
        "rlhf-qa export anki notes/ -o rlhf.apkg",
    ),
)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    exports.command(
        "json",
        cls=Command,
        epilog=o.examples(
            "rlhf-qa export json > everything.json", "rlhf-qa export json @bank --level senior"
        ),
    )(json)
    exports.command(
        "anki",
        cls=Command,
        epilog=o.examples(
            "rlhf-qa export anki notes/",
            "rlhf-qa export anki @bank --topic reward --deck Interview::RLHF -o reward.apkg",
            "rlhf-qa export anki --dry-run",
        ),
    )(anki)
    app.add_typer(exports)


def json(
    context: typer.Context,
    paths: o.Paths = None,
    *,
    topic: o.Topics = None,
    tag: o.Tags = None,
    level: o.Levels = None,
    marker: o.Markers = None,
    marked: o.Marked = False,
    leech: o.Leech = False,
    unanswered: o.Unanswered = False,
    style: o.StyleOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to; - is stdout.")
    ] = None,
) -> int:
    """Write questions, answers, states and history as JSON."""
    from rlhf_qa.export.json import record
    from rlhf_qa.render.sanitize import dump_json

    chosen = o.filters(topic, tag, level, marker, marked=marked, leech=leech, unanswered=unanswered)
    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        entries = work.select(collection, chosen)
        store = work.store()
        data = record(collection, entries, store.states(), store.events(), store.aliases())
        if output is None or str(output) == "-":
            work.out.data(data)
        else:
            _write(output, (dump_json(data) + "\n").encode("utf-8", "surrogatepass"))
            events = len(data["events"])
            work.warn(
                tr(
                    "{path}: {questions} questions, {events} events",
                    path=output,
                    questions=len(entries),
                    events=events,
                )
            )
        work.tell(collection)
        work.tell_empty(collection)
        return ExitCode.FAILED if collection.library.failures else ExitCode.DONE


def anki(
    context: typer.Context,
    paths: o.Paths = None,
    *,
    topic: o.Topics = None,
    tag: o.Tags = None,
    level: o.Levels = None,
    marker: o.Markers = None,
    marked: o.Marked = False,
    leech: o.Leech = False,
    style: o.StyleOption = None,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="Where to; - is stdout."),
    ] = Path("rlhf-qa.apkg"),
    deck: Annotated[
        str,
        typer.Option("--deck", metavar="NAME", help="The deck above all others; :: nests."),
    ] = "rlhf-qa",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only list what is new or changed; write nothing."),
    ] = False,
) -> int:
    """Write the cards as an Anki package. Imported again, it updates what changed."""
    from rlhf_qa.export import manifest
    from rlhf_qa.export.anki import export
    from rlhf_qa.ui.progress import Bar

    if not dry_run:
        _check_target(output)
    chosen = o.filters(topic, tag, level, marker, marked=marked, leech=leech)
    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        entries = work.select(collection, chosen)
        work.tell(collection)
        with Bar(sys.stderr, tr("making cards")) as progress:
            made = export(
                collection,
                entries,
                manifest.load(work.places.data),
                work.store().aliases(),
                deck=deck,
                now=work.clock.now().utc_ms // 1000,
                progress=progress,
            )
        for remark in made.remarks:
            work.warn(str(remark))
        work.tell_empty(collection)
        if made.notes and dry_run:
            _list(work, made)
        elif made.notes:
            data = _packed(made)
            # What was given away is known before the file can be imported, never after.
            work.store(create=True).remember(collection.reconciliation.rows)
            manifest.save(work.places.data, made.manifest)
            _deliver(output, data)
        _summarise(work, made, output)
        if dry_run:
            work.warn(tr("--dry-run: nothing was written"))
        failed = collection.library.failures or not made.notes
        return ExitCode.FAILED if failed else ExitCode.DONE


def _packed(made: Export) -> bytes:
    from rlhf_qa.errors import ContentError
    from rlhf_qa.export.apkg import package
    from rlhf_qa.files import UnreadableError

    try:
        return package(made.notes, made.pictures)
    except UnreadableError as error:
        raise ContentError(
            tr("a picture changed while it was exported: {problem}: try again", problem=error)
        ) from error


def _check_target(path: Path) -> None:
    """Nothing, if a package may be written there.

    Raises:
        UsageError: it would fill a terminal, or replace a file that is no package.
    """
    if str(path) == "-":
        if sys.stdout.isatty():
            raise UsageError(tr("-o -: a package is no text for a terminal: name a file"))
        return
    try:
        begins = _beginning(path)
    except OSError as error:
        raise UsageError(_unwritten(path, error)) from error
    if begins not in (b"", b"PK"):
        raise UsageError(
            tr("{path}: is not an Anki package, so it is not replaced: choose another", path=path)
        )


def _beginning(path: Path) -> bytes:
    """The first two bytes of a file; none of what is no file or not there."""
    if not path.is_file():
        return b""
    with path.open("rb") as stream:
        return stream.read(2)


def _deliver(output: Path, data: bytes) -> None:
    if str(output) != "-":
        _write(output, data)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _list(work: Workspace, made: Export) -> None:
    for word, entries in ((tr("new"), made.new), (tr("changed"), made.changed)):
        for entry in entries:
            work.say(f"{word}  {entry.place.source}  {entry.question.text}")


def _summarise(work: Workspace, made: Export, output: Path) -> None:
    """How much was exported, and what was not."""
    if made.notes:
        work.warn(
            tr(
                "{path}: {cards} ({new} new, {changed} changed) in {decks}",
                path=output,
                cards=trn("{n} card", "{n} cards", len(made.notes)),
                new=len(made.new),
                changed=len(made.changed),
                decks=trn("{n} deck", "{n} decks", made.decks),
            )
        )
    if made.pictures:
        pictures = len(made.pictures)
        work.warn(trn("{n} picture goes along", "{n} pictures go along", pictures))
    if made.unanswered:
        work.warn(
            trn(
                "{n} question without answer is left out: rlhf-qa list --unanswered shows it",
                "{n} questions without answer are left out: rlhf-qa list --unanswered shows them",
                made.unanswered,
            )
        )


def _write(path: Path, data: bytes) -> None:
    """The whole file, or the old one untouched. A link stays one; it is what it leads to.

    Raises:
        UsageError: it cannot be written there.
    """
    import tempfile

    temporary = None
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            # A device or a pipe: there is nothing to replace.
            target.write_bytes(data)
            return
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        raise UsageError(_unwritten(path, error)) from error
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def _unwritten(path: Path, error: OSError) -> str:
    return tr("{path}: cannot be written: {problem}", path=path, problem=error.strerror)
