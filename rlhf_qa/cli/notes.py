"""`list`, `show` and `check`: looking at notes. Nothing is ever written by them."""

from __future__ import annotations

from typing import Annotated

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.helping import Command
from rlhf_qa.cli.workspace import Workspace
from rlhf_qa.errors import ExitCode, UsageError
from rlhf_qa.messages import tr


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(
        "list",
        cls=Command,
        epilog=o.examples(
            "rlhf-qa list notes/",
            "rlhf-qa list @bank --level senior",
            "rlhf-qa list notes/ --json | jq '.questions[].path'",
        ),
    )(list_)
    app.command(
        cls=Command,
        epilog=o.examples(
            "rlhf-qa show notes/rl.md", "rlhf-qa show notes/rl.md:50", "rlhf-qa show =rm-1 @bank"
        ),
    )(show)
    app.command(
        cls=Command,
        epilog=o.examples(
            "rlhf-qa check notes/",
            "rlhf-qa check notes/ --strict",
            "rlhf-qa check notes/ --json | jq .counts",
        ),
    )(check)


def list_(
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
    json: o.Json = False,
) -> int:
    """List the questions of your notes as a tree, with what you know of each.

    Into a pipe: path:line, state and question, separated by tabs.
    """
    chosen = o.filters(topic, tag, level, marker, marked=marked, leech=leech, unanswered=unanswered)
    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        entries = work.select(collection, chosen)
        states = work.store().states()
        if json:
            from rlhf_qa.records import listing

            work.out.data(listing(collection, entries, states))
        else:
            from rlhf_qa.ui.listing import listing as lines

            lines(work.out, entries, states, work.clock.now().day)
        work.tell(collection)
        work.tell_empty(collection)
        return ExitCode.FAILED if collection.library.failures else ExitCode.DONE


def show(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT...",
            help="A file, PATH:LINE, PAGE#anchor, or the id of a card followed by the "
            "paths to look in.",
        ),
    ],
    *,
    style: o.StyleOption = None,
    json: o.Json = False,
) -> int:
    """Show cards with their answers, a page, or a section of one."""
    from rlhf_qa.ui import showing

    first, rest = what[0], what[1:]
    with Workspace(context.obj) as work:
        if not o.is_file(first) and (part := o.split_anchor(first)) is not None:
            if json:
                raise UsageError(
                    tr("{what}: a section is no question: --json gives questions", what=first)
                )
            showing.show_section(work.out, work.library([part[0]], style), part[1])
            return ExitCode.DONE
        if o.is_file(first):
            collection = work.collection(what, style)
            if not json and not collection.entries and len(collection.library.notes) == 1:
                showing.show_section(work.out, collection.library)
                return ExitCode.DONE
            entries = showing.every_question(collection)
        elif (at := o.split_line(first)) is not None:
            collection = work.collection([at[0]], style)
            entries = (showing.question_at(collection, at[1]),)
        else:
            collection = work.collection(rest, style)
            entries = (showing.question_with_id(collection, first),)
        states = work.store().states()
        if json:
            from rlhf_qa.records import listing

            work.out.data(listing(collection, entries, states))
        else:
            showing.show(work.out, collection, entries, states, work.clock.now().day)
        work.tell(collection)
    return ExitCode.DONE


def check(
    context: typer.Context,
    paths: o.Paths = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Notes count as problems too.")] = False,
    identity: Annotated[
        bool, typer.Option("--identity", help="List every card that was recognised after an edit.")
    ] = False,
    style: o.StyleOption = None,
    json: o.Json = False,
) -> int:
    """Find what is wrong with your notes: broken links, unanswered questions, hidden text.

    Exit code 1 if there is a warning or an error.
    """
    from rlhf_qa.check import check as find
    from rlhf_qa.check import counts
    from rlhf_qa.model import Severity

    with Workspace(context.obj) as work:
        collection = work.collection(paths or (), style)
        findings = find(collection)
        counted = counts(findings)
        if json:
            from rlhf_qa import records

            record = records.findings(collection, findings)
            if identity:
                record["identity"] = records.identity(collection)
            work.out.data(record)
        else:
            from rlhf_qa.ui.listing import findings as lines
            from rlhf_qa.ui.listing import identity as matches

            lines(work.out, collection, findings)
            if identity:
                matches(work.out, collection)
        for remark in collection.library.remarks:
            work.warn(remark)
    bad = counted[Severity.ERROR] + counted[Severity.WARNING]
    bad += counted[Severity.NOTE] if strict else 0
    return ExitCode.FAILED if bad else ExitCode.DONE
