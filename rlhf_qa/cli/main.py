"""From arguments to exit code: the one place where errors become a line on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from rlhf_qa.cli.language import chosen
from rlhf_qa.errors import ExitCode, RlhfQaError
from rlhf_qa.messages import tr, use


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code of the process."""
    use(chosen(arguments, os.environ))
    if "stdout" in _open_closed():
        _say(tr("standard output is closed: nothing can be shown"))
        return ExitCode.FAILED
    _soften(sys.stdout, "replace")
    _soften(sys.stderr, "backslashreplace")
    try:
        try:
            return _dispatch(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
        return ExitCode.DONE
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            _say("")  # the shell's prompt on a line of its own
        return ExitCode.INTERRUPTED
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _failed(error)


def _failed(error: Exception) -> int:
    """Say what went wrong in one line; the exit code."""
    match error:
        case RlhfQaError():
            _say(str(error))
            return error.exit_code
        case OSError():
            place = error.filename or tr("output")
            _say(f"{place}: {error.strerror or error}")
            _silence(sys.stdout)
        case _:
            what = f"{type(error).__name__}: {error}"
            said = tr(
                "a fault of rlhf-qa itself ({what}): rlhf-qa --debug … shows where", what=what
            )
            _say(said)
    return ExitCode.FAILED


def _dispatch(arguments: Sequence[str]) -> int:
    import typer.main
    from typer import Abort, TyperException

    from rlhf_qa.cli.app import app
    from rlhf_qa.cli.helping import said

    command = said(typer.main.get_command(app))
    try:
        result = command(list(arguments), prog_name="rlhf-qa", standalone_mode=False)
    except Abort:
        return ExitCode.INTERRUPTED
    except TyperException as error:
        _say(error.format_message() + "\n" + tr("Try: rlhf-qa --help"))
        return getattr(error, "exit_code", ExitCode.USAGE)
    except SystemExit as end:
        # What typer makes of a reader that went away; it calls that a failure.
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        raise
    return result if isinstance(result, int) else ExitCode.DONE


def _say(message: str) -> None:
    from rlhf_qa.render.sanitize import clean

    try:
        for line in message.split("\n"):
            sys.stderr.write(clean(line) + "\n")
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)  # nowhere to say it: the exit code has to do


def _open_closed() -> list[str]:
    """Open the standard streams that came closed to nowhere; their names.

    So that no file of ours takes their number, and with it what is meant for them.
    """
    closed = [name for name in ("stdin", "stdout", "stderr") if getattr(sys, name) is None]
    for name in closed:
        handle = os.open(os.devnull, os.O_RDWR)
        setattr(sys, name, os.fdopen(handle, "r" if name == "stdin" else "w"))
    return closed


def _soften(stream: TextIO, errors: str) -> None:
    """A character the terminal cannot show must not end the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors=errors)


def _silence(stream: TextIO) -> None:
    """Nobody reads any more: what is left in the buffer goes nowhere, without a complaint."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
