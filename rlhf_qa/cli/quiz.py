"""`quiz`: a sitting over the notes that are meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.faces import practise
from rlhf_qa.cli.helping import Command
from rlhf_qa.cli.workspace import Workspace
from rlhf_qa.errors import ExitCode, UsageError
from rlhf_qa.messages import tr

if TYPE_CHECKING:
    from rlhf_qa.collection import Entry


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(
        cls=Command,
        epilog=o.examples(
            "rlhf-qa quiz",
            "rlhf-qa quiz notes/rl.md --topic reward --new 5",
            "rlhf-qa quiz @bank --level junior --level mid",
            "printf '\\n3\\nq\\n' | rlhf-qa quiz notes/",
        ),
    )(quiz)


def quiz(
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
    new: Annotated[
        str | None, typer.Option(metavar="N", help="New cards today, or none for no limit.")
    ] = None,
    reviews: Annotated[
        str | None, typer.Option(metavar="N", help="Reviews today, or none for no limit.")
    ] = None,
    minutes: Annotated[
        str | None, typer.Option(metavar="N", help="Minutes today, or none for no limit.")
    ] = None,
    style: o.StyleOption = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Line mode: typed lines, nothing redrawn.")
    ] = False,
) -> int:
    """Practise: due cards first, then new ones; each grade is kept at once.

    Enter shows the answer, 1 to 4 grade it (again, hard, good, easy), ? lists all commands.
    """
    from rlhf_qa.planner import Limits
    from rlhf_qa.selection import select
    from rlhf_qa.ui.empty import no_cards

    filters = o.filters(
        topic, tag, level, marker, marked=marked, leech=leech, unanswered=unanswered
    )
    typed = {
        "new": _limit("--new", new),
        "reviews": _limit("--reviews", reviews),
        "minutes": _limit("--minutes", minutes),
    }
    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        work.tell(collection)
        entries = work.quizzed(collection, work.select(collection, filters))
        problem = no_cards(collection, entries)
        if problem is not None:
            work.warn(problem)
            return ExitCode.FAILED if collection.library.failures else ExitCode.DONE
        usual = work.limits()
        limits = Limits(
            new=usual.new if typed["new"] is None else typed["new"][0],
            reviews=usual.reviews if typed["reviews"] is None else typed["reviews"][0],
            minutes=usual.minutes if typed["minutes"] is None else typed["minutes"][0],
            new_is_default=usual.new_is_default and new is None,
        )
        session = work.sitting(collection, entries, limits)

        def chosen(every: Sequence[Entry]) -> Sequence[Entry]:
            return work.quizzed(collection, select(every, filters, work.store().states()))

        return practise(work, session, work.notes(collection), chosen, plain=plain)


def _limit(option: str, typed: str | None) -> tuple[int | None] | None:
    """The limit that was typed, in a tuple of one; None if none was.

    Raises:
        UsageError: it is no limit.
    """
    if typed is None:
        return None
    if typed.casefold() == "none":
        return (None,)
    if typed.isdecimal() and len(typed) < 5:  # noqa: PLR2004 -- digits, far beyond any day
        return (int(typed),)
    raise UsageError(
        tr("{option} {value}: a number from 0 to 9,999, or none", option=option, value=typed)
    )
