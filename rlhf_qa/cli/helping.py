"""Help in the language in use.

Commands are declared in English, once. One that is asked for is handed out as a copy that speaks
the language in use, so that nothing has to be known of languages where commands are declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from inspect import cleandoc
from typing import Any, Final

from typer.core import TyperCommand, TyperGroup

from rlhf_qa.messages import mark, tr

Say = Callable[[str], str]

_TITLES: Final = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "REQUIRED_LONG_STRING": mark("[required]"),
}
"""Words of Typer's own, by the constants it keeps them in."""


class Command(TyperCommand):
    """A command that says Typer's own words in the language in use."""

    def get_help_option(self, ctx: Any) -> Any:
        return _worded(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_usage(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _retitle()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A group of commands that speak the language in use."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = super().get_command(ctx, cmd_name)
        return command and said(command)

    def get_help_option(self, ctx: Any) -> Any:
        return _worded(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_usage(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _retitle()
        super().format_help(ctx, formatter)


def said(command: Any, say: Say = tr) -> Any:
    """A copy of a command with every text of its own put through `say`."""
    shown: Any = copy(command)
    shown.help = _put(shown.help and cleandoc(shown.help), say)
    title, end, typed = (shown.epilog or "").partition("\n")
    shown.epilog = f"{_put(title, say)}{end}{typed}"
    shown.options_metavar = _put(shown.options_metavar, say)
    if hasattr(shown, "subcommand_metavar"):
        shown.subcommand_metavar = _put(shown.subcommand_metavar, say)
    shown.params = [_parameter(parameter, say) for parameter in command.params]
    return shown


def texts(command: Any) -> Iterator[str]:
    """Every text that `said` would put into words, of the commands below as well."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    said(command, note)
    yield from found
    for inner in getattr(command, "commands", {}).values():
        yield from texts(inner)


def _parameter(parameter: Any, say: Say) -> Any:
    shown = copy(parameter)
    shown.help = _put(shown.help, say)
    shown.metavar = _put(shown.metavar, say)
    return shown


def _put(text: str | None, say: Say) -> str | None:
    return say(text) if text else text


def _worded(option: Any) -> Any:
    if option is not None:
        option.help = tr("Show this message and exit.")
    return option


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, tr("Usage: "))


def _retitle() -> None:
    from typer import rich_utils

    for constant, title in _TITLES.items():
        setattr(rich_utils, constant, tr(title))
