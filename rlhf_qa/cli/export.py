"""`export`: notes and history as a file for another program."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.helping import Command, Group
from rlhf_qa.cli.workspace import Workspace
from rlhf_qa.errors import ExitCode, UsageError
from rlhf_qa.messages import tr

exports = typer.Typer(
    name="export",
    cls=Group,
    help="Write notes and history for another program.",
    epilog=o.examples("rlhf-qa export json -o rlhf.json", "rlhf-qa export json notes/ | jq ."),
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
            _write(output, dump_json(data) + "\n")
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


def _write(path: Path, text: str) -> None:
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
            with target.open("w", encoding="utf-8") as stream:
                stream.write(text)
            return
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
        raise UsageError(
            tr("{path}: cannot be written: {problem}", path=path, problem=error.strerror)
        ) from error
