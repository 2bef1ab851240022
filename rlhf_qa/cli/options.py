"""Arguments and options that several commands share, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rlhf_qa.errors import UsageError
from rlhf_qa.messages import mark, tr

if TYPE_CHECKING:
    from rlhf_qa.model import Level
    from rlhf_qa.selection import Filters

BANK = "@bank"
EXAMPLES: Final = mark("Examples:")

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        show_default=False,
        help="Files or folders of notes; @bank is the bundled bank. Without: the configured "
        "folders, else the current folder if it holds a question, else the bank.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
StyleOption = Annotated[
    str | None,
    typer.Option(
        "--style",
        metavar="STYLE",
        help="Read every document in this style: tree (headings ask) or none (a page).",
    ),
]
Topics = Annotated[
    list[str] | None,
    typer.Option("--topic", metavar="TEXT", help="Only sections or decks with this in the title."),
]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only cards with this tag.")
]
Levels = Annotated[
    list[str] | None,
    typer.Option("--level", metavar="LEVEL", help="Only junior, mid, senior, research (J M S R)."),
]
Markers = Annotated[
    list[str] | None,
    typer.Option("--marker", metavar="SYMBOL", help="Only headings that begin with this symbol."),
]
Marked = Annotated[bool, typer.Option("--marked", help="Only cards you marked.")]
Leech = Annotated[bool, typer.Option("--leech", help="Only cards failed again and again.")]
Unanswered = Annotated[bool, typer.Option("--unanswered", help="Only questions without answer.")]


def filters(
    topics: list[str] | None,
    tags: list[str] | None,
    levels: list[str] | None,
    markers: list[str] | None,
    *,
    marked: bool,
    leech: bool,
    unanswered: bool = False,
) -> Filters:
    """The filters that were typed.

    Raises:
        UsageError: a level that does not exist.
    """
    from rlhf_qa.model import Level
    from rlhf_qa.selection import Filters, read_level

    read: list[Level] = []
    for word in levels or ():
        level = read_level(word)
        if level is None:
            known = ", ".join(Level)
            raise UsageError(
                tr("--level {level}: not a level; choose from {known}", level=word, known=known)
            )
        read.append(level)
    return Filters(
        topics=tuple(topics or ()),
        tags=tuple(tags or ()),
        levels=tuple(read),
        markers=tuple(markers or ()),
        marked=marked,
        leech=leech,
        unanswered=unanswered,
    )


def examples(*lines: str) -> str:
    """The end of a help page: what to type."""
    return "\n\n".join((EXAMPLES, *lines))


def is_file(text: str) -> bool:
    """Whether an argument names something that is there."""
    return text == BANK or Path(text).exists()


def split_line(text: str) -> tuple[str, int] | None:
    """`PATH:LINE` as its parts."""
    path, _, line = text.rpartition(":")
    return (path, int(line)) if path and line.isdecimal() and is_file(path) else None


def split_anchor(text: str) -> tuple[str, str] | None:
    """`PAGE#anchor` as its parts."""
    path, mark, anchor = text.partition("#")
    return (path, anchor) if mark and anchor and is_file(path) else None
