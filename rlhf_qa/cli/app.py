"""The command line as a tree of commands. Each command imports its work when it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rlhf_qa import __version__
from rlhf_qa.cli import browse, export, notes, quiz, settings, stats
from rlhf_qa.cli.options import examples
from rlhf_qa.cli.workspace import Globals
from rlhf_qa.errors import UsageError

_COLORS = ("auto", "always", "never")
_THEMES = ("auto", "dark", "light")

app = typer.Typer(
    name="rlhf-qa",
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
    no_mouse: Annotated[
        bool, typer.Option("--no-mouse", help="Leave selecting text to the terminal.")
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Parse every note again.")] = False,
    version: Annotated[  # noqa: ARG001 -- handled by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The interview coach in the terminal: your own Q&A notes, asked at the right time."""
    if color not in (None, *_COLORS):
        raise UsageError(f"--color {color}: choose from {', '.join(_COLORS)}")
    if theme not in (None, *_THEMES):
        raise UsageError(f"--theme {theme}: choose from {', '.join(_THEMES)}")
    context.obj = Globals(
        data_dir=data_dir,
        color=color,
        ascii=ascii_,
        cache=not no_cache,
        theme=theme,
        mouse=not no_mouse,
    )
    if context.invoked_subcommand is None:
        from rlhf_qa.cli.home import home

        raise typer.Exit(home(context.obj))


quiz.register(app)
browse.register(app)
notes.register(app)
stats.register(app)
export.register(app)
settings.register(app)
