"""`quiz`: a sitting over the notes that are meant."""

from __future__ import annotations

import sys
from typing import Annotated
from uuid import uuid4

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.workspace import Workspace
from rlhf_qa.errors import ExitCode, UsageError


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(
        epilog=o.examples(
            "rlhf-qa quiz",
            "rlhf-qa quiz notes/rl.md --topic reward --new 5",
            "rlhf-qa quiz @bank --level junior --level mid",
            "printf '\\n3\\nq\\n' | rlhf-qa quiz notes/",
        )
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
    plain: Annotated[  # noqa: ARG001 -- the only face so far; the option is part of the contract
        bool, typer.Option("--plain", help="Line mode: typed lines, nothing redrawn.")
    ] = False,
) -> int:
    """Practise: due cards first, then new ones; each grade is kept at once.

    Enter shows the answer, 1 to 4 grade it (again, hard, good, easy), ? lists all commands.
    """
    from rlhf_qa.planner import Limits
    from rlhf_qa.session import Session
    from rlhf_qa.ui.plain import Desk, run
    from rlhf_qa.ui.summary import no_cards

    filters = o.filters(
        topic, tag, level, marker, marked=marked, leech=leech, unanswered=unanswered
    )
    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        work.tell(collection)
        entries = work.quizzed(collection, work.select(collection, filters))
        problem = no_cards(collection, entries)
        if problem:
            work.warn(problem)
            return ExitCode.FAILED if collection.library.failures else ExitCode.DONE
        config = work.config
        limits = Limits(
            new=_limit("--new", new, config.new_per_day),
            reviews=_limit("--reviews", reviews, config.reviews_per_day),
            minutes=_limit("--minutes", minutes, config.minutes_per_day),
            new_is_default=new is None and "new_per_day" not in config.chosen,
        )
        session = Session(
            collection,
            entries,
            history=work.store(create=True),
            schedule=work.schedule,
            clock=work.clock,
            limits=limits,
            sitting=uuid4(),
        )
        work.say(work.named(collection))
        run(Desk(session, collection, work.clock, work.out, _read_line))
    return ExitCode.DONE


def _read_line() -> str | None:
    """A line of standard input; None at its end, or if there is no input at all."""
    line = sys.stdin.readline() if sys.stdin else ""
    return line.rstrip("\r\n") if line else None


def _limit(option: str, typed: str | None, configured: int | None) -> int | None:
    if typed is None:
        return configured
    if typed.casefold() == "none":
        return None
    if typed.isdecimal() and len(typed) < 5:  # noqa: PLR2004 -- digits, far beyond any day
        return int(typed)
    raise UsageError(f"{option} {typed}: a number from 0 to 9,999, or none")
