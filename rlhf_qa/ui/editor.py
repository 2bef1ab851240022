"""The user's own editor, on a line of a note.

The command comes from the environment and is split as a shell would; the file is one argument.
Nothing of a note can name a program.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rlhf_qa.messages import tr

_VARIABLES: Final = ("VISUAL", "EDITOR")
_FALLBACK: Final = "vi"
_PLUS: Final = frozenset(
    {
        "vi",
        "vim",
        "nvim",
        "view",
        "nano",
        "emacs",
        "emacsclient",
        "kak",
        "micro",
        "joe",
        "ne",
        "mg",
        "jed",
        "pico",
    }
)
"""Take `+LINE` before the file."""
_COLON: Final = frozenset({"hx", "helix", "subl", "zed"})
"""Take `FILE:LINE`."""
_GOTO: Final = frozenset({"code", "codium", "code-insiders", "cursor"})
"""Take `--goto FILE:LINE`, and `--wait` to stay until the file is closed."""


def command(environ: Mapping[str, str], file: Path, line: int) -> list[str]:
    """The command that opens `file` at `line`, in the form the editor is known to take.

    Raises:
        ValueError: the variable cannot be read as a command.
    """
    typed = next((environ[name] for name in _VARIABLES if environ.get(name, "").strip()), _FALLBACK)
    words = shlex.split(typed)
    if not words[0]:
        raise ValueError("No command")  # as shlex puts it
    path = os.fspath(file.absolute())
    name = Path(words[0]).name
    if name in _PLUS:
        return [*words, f"+{line}", path]
    if name in _COLON:
        return [*words, f"{path}:{line}"]
    if name in _GOTO:
        wait = [] if "--wait" in words or "-w" in words else ["--wait"]
        return [*words, *wait, "--goto", f"{path}:{line}"]
    return [*words, path]


def edit(environ: Mapping[str, str], file: Path, line: int) -> str | None:
    """Open the editor and wait for it; what went wrong, in a sentence."""
    try:
        words = command(environ, file, line)
    except ValueError as error:
        return tr("EDITOR cannot be read as a command: {problem}", problem=error)
    return start(words, environ)


def start(words: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """Run a command of the user's to its end; what went wrong, in a sentence."""
    try:
        done = subprocess.run(words, env=dict(environ), check=False)  # noqa: S603 -- the user's own
    except OSError as error:
        return tr(
            "{editor} cannot be started ({problem}): set EDITOR",
            editor=words[0],
            problem=error.strerror,
        )
    if done.returncode:
        return tr("{editor} ended with code {code}", editor=words[0], code=done.returncode)
    return None
