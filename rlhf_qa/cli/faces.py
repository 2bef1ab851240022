"""Which face a command shows, and what a face may do beyond the screen."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rlhf_qa.errors import ExitCode

if TYPE_CHECKING:
    from rlhf_qa.cli.workspace import Workspace
    from rlhf_qa.collection import Collection, Entry
    from rlhf_qa.session import Session
    from rlhf_qa.ui.browse import Browse
    from rlhf_qa.ui.face import Face
    from rlhf_qa.ui.notes import Notes, Select
    from rlhf_qa.ui.plain import Desk


def practise(
    work: Workspace, session: Session, notes: Notes, select: Select, *, plain: bool
) -> int:
    """A sitting on the full screen, or in lines where that is not wanted or not possible."""
    title = work.named(notes.collection)
    if not _is_full_screen(work, plain=plain):
        from rlhf_qa.ui.plain import run

        work.say(title)
        run(_quiz_desk(work, session, notes, select))
        return ExitCode.DONE
    from rlhf_qa.ui.quiz import Quiz
    from rlhf_qa.ui.summary import summary

    def look(entries: Sequence[Entry]) -> Face:
        return _tree(work, notes, _only(entries), title)

    code = _show(work, Quiz(notes, session, select, title, look=look))
    work.out.lines(summary(session, work.out.width))
    return code


def look_around(work: Workspace, collection: Collection, select: Select, *, plain: bool) -> int:
    """The questions as a tree, on the full screen or in lines."""
    notes, title = work.notes(collection), work.named(collection)
    if _is_full_screen(work, plain=plain):
        return _show(work, _tree(work, notes, select, title))
    from rlhf_qa.ui import plain as lines
    from rlhf_qa.ui import plain_browse

    def practised(entries: Sequence[Entry]) -> None:
        session = _sitting(work, notes, entries)
        lines.run(_quiz_desk(work, session, notes, _only(entries)))

    work.say(title)
    plain_browse.run(
        plain_browse.Desk(
            work.out,
            _read_line,
            notes=notes,
            select=select,
            sitting=lambda entries: _sitting(work, notes, entries),
            practise=practised,
            edit=lambda entry: _edit(work, entry),
            open_web=_open_web,
            states=lambda: work.store().states(),
            today=work.clock.now().day,
        )
    )
    return ExitCode.DONE


def _is_full_screen(work: Workspace, *, plain: bool) -> bool:
    """Whether the full screen is wanted and possible."""
    from rlhf_qa.ui.gate import wants_full_screen

    plain = plain or work.config.plain
    return wants_full_screen(sys.stdin, sys.stdout, work.environ, plain=plain)


def _show(work: Workspace, face: Face) -> int:
    """A face on the full screen, until it is left; the exit code."""
    from rlhf_qa.ui.app import Outside, end_by, run
    from rlhf_qa.ui.editor import edit
    from rlhf_qa.ui.theme import chosen

    outside = Outside(
        edit=lambda wish: edit(work.environ, wish.note.file, wish.line),
        browse=_open_web,
        ascii=work.out.ascii,
    )
    theme = chosen(work.given.theme or work.config.theme, work.environ)
    if (work.given.color or work.config.color) == "never":
        theme = theme.without_colours()
    # The notes stay until the end: a collection in the middle of a key would only walk them.
    gc.freeze()
    ended = run(face, outside, theme, mouse=work.given.mouse)
    if ended.error is not None:
        raise ended.error
    if ended.signal is not None:
        end_by(ended.signal)
    return ExitCode.INTERRUPTED if ended.interrupted else ExitCode.DONE


def _tree(work: Workspace, notes: Notes, select: Select, title: str) -> Browse:
    from rlhf_qa.ui.browse import Browse

    return Browse(
        notes,
        select,
        lambda entries: _sitting(work, notes, entries),
        states=lambda: work.store().states(),
        today=work.clock.now().day,
        title=title,
    )


def _sitting(work: Workspace, notes: Notes, entries: Sequence[Entry]) -> Session:
    return work.sitting(notes.collection, entries, work.limits())


def _only(entries: Sequence[Entry]) -> Select:
    """The same questions again, after notes were read anew."""
    cards = frozenset(entry.id for entry in entries)
    return lambda every: [entry for entry in every if entry.id in cards]


def _quiz_desk(work: Workspace, session: Session, notes: Notes, select: Select) -> Desk:
    from rlhf_qa.ui.plain import Desk

    return Desk(
        work.out,
        _read_line,
        session=session,
        notes=notes,
        select=select,
        edit=lambda entry: _edit(work, entry),
        open_web=_open_web,
    )


def _read_line() -> str | None:
    """A line of standard input; None at its end, or if there is no input at all."""
    line = sys.stdin.readline() if sys.stdin else ""
    return line.rstrip("\r\n") if line else None


def _edit(work: Workspace, entry: Entry) -> str | None:
    from rlhf_qa.ui.editor import edit

    return edit(work.environ, entry.note.file, entry.question.line)


def _open_web(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
