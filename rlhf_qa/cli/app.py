"""The command line as a tree of commands. Each command imports its work when it is run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rlhf_qa import __version__
from rlhf_qa.cli import browse, export, notes, quiz, settings, stats
from rlhf_qa.cli.helping import Group
from rlhf_qa.cli.options import examples
from rlhf_qa.cli.workspace import Globals
from rlhf_qa.errors import UsageError
from rlhf_qa.messages import LANGUAGES, tr

_COLORS = ("auto", "always", "never")
_THEMES = ("auto", "dark", "light")

app = typer.Typer(
    name="rlhf-qa",
    cls=Group,
    help="The interview coach in the terminal: your own Q&A notes, asked at the right time.",
    epilog=examples(
        "rlhf-qa quiz notes/",
        "rlhf-qa quiz @bank --topic reward",
        "rlhf-qa list notes/ --unanswered",
        "rlhf-qa check notes/",
    ),
    no_args_is_help=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 -- called by typer with the flag's value
    if wanted:
        typer.echo(f"rlhf-qa {__version__}")
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    *,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the history is kept.")
    ] = None,
    color: Annotated[
        str | None, typer.Option(metavar="WHEN", help="auto, always or never.")
    ] = None,
    ascii_: Annotated[
        bool, typer.Option("--ascii", help="Signs and lines in plain ASCII.")
    ] = False,
    theme: Annotated[
        str | None, typer.Option(metavar="NAME", help="auto, dark or light, for the full screen.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="LANGUAGE", help="Language of the interface: zh or en.")
    ] = None,
    no_mouse: Annotated[
        bool, typer.Option("--no-mouse", help="Leave selecting text to the terminal.")
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Parse every note again.")] = False,
    debug: Annotated[  # noqa: ARG001 -- looked for where errors end, in main.py
        bool, typer.Option("--debug", help="Show where a fault of the program itself is.")
    ] = False,
    version: Annotated[  # noqa: ARG001 -- handled by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The interview coach in the terminal: your own Q&A notes, asked at the right time."""
    _check("--color", color, _COLORS)
    _check("--theme", theme, _THEMES)
    _check("--lang", lang, LANGUAGES)  # what it says is followed already (language.py)
    context.obj = Globals(
        data_dir=data_dir,
        color=color,
        ascii=ascii_,
        cache=not no_cache,
        theme=theme,
        mouse=not no_mouse,
        lang=lang,
    )
    if context.invoked_subcommand is None:
        from rlhf_qa.cli.home import home

        raise typer.Exit(home(context.obj))


def _check(option: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value not in known:
        names = ", ".join(known)
        raise UsageError(
            tr("{option} {value}: choose from {known}", option=option, value=value, known=names)
        )


quiz.register(app)
browse.register(app)
notes.register(app)
stats.register(app)
export.register(app)
settings.register(app)
