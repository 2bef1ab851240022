"""`browse`: the questions as a tree, with their answers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.helping import Command
from rlhf_qa.cli.workspace import Workspace

if TYPE_CHECKING:
    from rlhf_qa.collection import Entry


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(
        cls=Command,
        epilog=o.examples(
            "rlhf-qa browse",
            "rlhf-qa browse notes/ --unanswered",
            "rlhf-qa browse @bank --topic reward",
        ),
    )(browse)


def browse(
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
    plain: Annotated[
        bool, typer.Option("--plain", help="Line mode: typed lines, nothing redrawn.")
    ] = False,
) -> int:
    """Look through the questions: fold, search, follow links, practise what is selected."""
    from rlhf_qa.cli.faces import look_around
    from rlhf_qa.selection import select

    chosen = o.filters(topic, tag, level, marker, marked=marked, leech=leech, unanswered=unanswered)
    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        work.tell(collection)
        work.select(collection, chosen)

        def selected(every: Sequence[Entry]) -> Sequence[Entry]:
            return select(every, chosen, work.store().states())

        return look_around(work, collection, selected, plain=plain)
