"""A program in a real terminal, drawn by tmux: what stands on the screen, and keys for it.

Looks at the screen until a text is there; never sleeps. Each terminal has a server of its own,
which ends with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pytest

from tests.cli import MODULE, TIMEOUT, environment

ROOT = Path(__file__).parents[1]

NEEDED = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

_SCRIPT = """\
read go
"$@"
printf 'ended %s, ' $?
stty -a | tr -s ' ;' '\\n\\n' | grep -x -e echo -e -echo
read end
"""
"""Waits for a line, runs the program, and says how it ended and whether the terminal echoes."""

_RUN = 'echo $$ >"$0"; exec "$@"'


class Terminal:
    """The program with these arguments, started in `folder`. Use as a context manager."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self._socket = folder / "tmux"
        self._recorded = folder / "recorded"
        self._pid = folder / "pid"
        term = (env or {}).get("TERM", "screen-256color")
        known = {**environment(dict(env or {})), "PATH": os.environ["PATH"]}
        self._environment = {**known, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
        columns, rows = map(str, size)
        run = ["/bin/sh", "-c", _RUN, str(self._pid)]
        program = ["env", f"TERM={term}", *run, *MODULE, *arguments]
        script = ["/bin/sh", "-c", _SCRIPT, "sh", *program]
        self._tmux("new-session", "-d", "-x", columns, "-y", rows, "-c", str(folder), *script)
        self._tmux("pipe-pane", f"cat >'{self._recorded}'")
        self.press("Enter")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")

    def press(self, *keys: str) -> None:
        """Press keys, named as tmux names them."""
        self._tmux("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def rows(self) -> list[str]:
        """The screen as it is now."""
        return self._tmux("capture-pane", "-p").split("\n")[:-1]

    def see(self, *texts: str, gone: Sequence[str] = ()) -> list[str]:
        """The screen once all `texts` stand on it and nothing of what is to be `gone`."""
        until = time.monotonic() + TIMEOUT
        while True:
            rows = self.rows()
            shown = "\n".join(rows)
            if all(text in shown for text in texts) and not any(text in shown for text in gone):
                return rows
            assert time.monotonic() < until, f"waited for {texts} and not {gone}:\n{shown}"

    def ended(self) -> str:
        """How the program ended: its code and whether the terminal echoes, once it is over."""
        rows = self.see("ended ", "echo\n")
        return next(row.partition("ended ")[2] for row in rows if "ended " in row)

    def kill(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(int(self._pid.read_text()), number)

    def flag(self, name: str) -> bool:
        """A flag of the terminal, as tmux calls it."""
        return self._tmux("display-message", "-p", f"#{{{name}}}").strip() == "1"

    def width(self, text: str) -> int:
        """The columns that tmux gives to a text."""
        self._tmux("set-option", "-g", "@text", text)
        return int(self._tmux("display-message", "-p", "#{w:@text}"))

    def recorded(self) -> bytes:
        """All that was written to the terminal until now."""
        return self._recorded.read_bytes()

    def _tmux(self, *command: str) -> str:
        tmux = ("tmux", "-u", "-f", os.devnull, "-S", str(self._socket))
        done = subprocess.run(
            [*tmux, *command],
            env=self._environment,
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
        )
        assert done.returncode == 0, f"{command}: {done.stderr.decode()}"
        return done.stdout.decode()
