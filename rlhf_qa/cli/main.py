"""From arguments to exit code: the one place where errors become a line on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from rlhf_qa.errors import ExitCode, RlhfQaError


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code of the process."""
    _soften(sys.stdout, "replace")
    _soften(sys.stderr, "backslashreplace")
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
        return ExitCode.DONE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except RlhfQaError as error:
        _say(str(error))
        return error.exit_code
    except OSError as error:
        _say(f"{error.filename or 'output'}: {error.strerror or error}")
        _silence(sys.stdout)
        return ExitCode.FAILED
    return code


def _dispatch(arguments: Sequence[str]) -> int:
    from typer import Abort, TyperException

    from rlhf_qa.cli.app import app

    try:
        result = app(list(arguments), prog_name="rlhf-qa", standalone_mode=False)
    except Abort:
        return ExitCode.INTERRUPTED
    except TyperException as error:
        _say(f"{error.format_message()}\nTry: rlhf-qa --help")
        return getattr(error, "exit_code", ExitCode.USAGE)
    return result if isinstance(result, int) else ExitCode.DONE


def _say(message: str) -> None:
    from rlhf_qa.render.sanitize import clean

    for line in message.split("\n"):
        sys.stderr.write(clean(line) + "\n")


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
