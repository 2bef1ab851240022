"""`stats`: what the history says in figures."""

from __future__ import annotations

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.helping import Command
from rlhf_qa.cli.workspace import Workspace
from rlhf_qa.errors import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(
        cls=Command, epilog=o.examples("rlhf-qa stats", "rlhf-qa stats notes/ --json | jq .due")
    )(stats)


def stats(
    context: typer.Context,
    paths: o.Paths = None,
    *,
    style: o.StyleOption = None,
    json: o.Json = False,
) -> int:
    """Count what is due, new and recalled, and the time it took."""
    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        figures = work.figures(collection)
        if json:
            from rlhf_qa.records import statistics

            work.out.data(statistics(figures))
        else:
            from rlhf_qa.ui.figures import figures as lines

            lines(work.out, figures)
        work.tell(collection)
        work.tell_empty(collection)
        return ExitCode.FAILED if collection.library.failures else ExitCode.DONE
