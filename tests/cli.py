"""The command line for tests: run in this process, as a process of its own, or on a terminal.

Whatever it prints goes through the stream guard before a test sees it.
"""

from __future__ import annotations

import contextlib
import functools
import io
import math
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from typing import Self
from unittest import mock

import typer.main

from rlhf_qa.cli.main import run as run_program
from tests.guard import harmful

ENVIRONMENT = ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LC_ALL")
"""What the program is told, by conftest.py; nothing else of this machine."""

MODULE = (sys.executable, "-m", "rlhf_qa")
SCRIPT = (str(Path(sys.executable).with_name("rlhf-qa")),)
TIMEOUT = 120
"""Seconds until a process that hangs is a failure."""

_commands = functools.cache(typer.main.get_command)
"""The tree of commands, made once for all runs in this process: making it is a third of a run."""

Env = Mapping[str, str | None]
"""Variables to set; None takes one away."""


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Of standard output."""
        return self.out.split("\n")[:-1]

    @property
    def messages(self) -> list[str]:
        """Lines of standard error."""
        return self.err.split("\n")[:-1]


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def run(
    *arguments: str,
    typed: str = "",
    cwd: Path | None = None,
    env: Env | None = None,
    columns: int = 0,
    encoding: str = "utf-8",
) -> Done:
    """Run the program in this process: into pipes, or on a terminal of so many `columns`.

    Without `cwd` it stands in the empty home, where no notes are looked for.
    """
    shape = {"TERM": "xterm-256color", "COLUMNS": str(columns)} if columns else {}
    known = environment({**shape, **(env or {})})
    place = cwd or os.environ["HOME"]
    written = io.BytesIO(), io.BytesIO()
    stream = _Terminal if columns else io.TextIOWrapper
    out = stream(written[0], encoding=encoding)
    err = io.TextIOWrapper(written[1], encoding=encoding, line_buffering=True)
    stdin = io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")
    with (
        mock.patch.multiple(sys, stdin=stdin, stdout=out, stderr=err),
        mock.patch.dict(os.environ, known, clear=True),
        mock.patch("rlhf_qa.ui.progress.PATIENCE", math.inf),
        mock.patch("typer.main.get_command", _commands),
        contextlib.chdir(place),
    ):
        code = run_program(arguments)
    out.flush()
    printed, said = (stream.getvalue().decode(encoding) for stream in written)
    guard(arguments, printed, said, terminal=bool(columns))
    return Done(code, printed, said)


def spawn(
    *arguments: str,
    program: Sequence[str] = MODULE,
    typed: str = "",
    cwd: Path | None = None,
    env: Env | None = None,
) -> Done:
    """Run the program as a process of its own, into pipes."""
    done = subprocess.run(
        [*program, *arguments],
        input=typed.encode(),
        cwd=cwd or os.environ["HOME"],
        env=environment(env or {}),
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    out, err = done.stdout.decode(), _without_progress(done.stderr.decode())
    guard(arguments, out, err)
    return Done(done.returncode, out, err)


def shell(line: str, *, cwd: Path | None = None, env: Env | None = None) -> Done:
    """Run a line of shell in which `$Q` is the program. Its standard output is not guarded."""
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=cwd or os.environ["HOME"],
        env={**environment(env or {}), "Q": " ".join(MODULE), "PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    return Done(done.returncode, done.stdout.decode(), _without_progress(done.stderr.decode()))


def on_terminal(
    *arguments: str,
    columns: int = 80,
    rows: int = 24,
    typed: Iterable[str] = (),
    cwd: Path | None = None,
    env: Env | None = None,
) -> Done:
    """Run the program on a pseudo-terminal, typing a line whenever it shows a prompt (`> `)."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    with subprocess.Popen(
        [*MODULE, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        cwd=cwd or os.environ["HOME"],
        env=environment({"TERM": "xterm-256color", **(env or {})}),
        start_new_session=True,
    ) as process:
        os.close(theirs)
        written = b""
        lines = iter(typed)
        for part in _parts(ours):
            written += part
            if written.endswith(b"> "):
                # At the end of what is to be typed, the key for that: ^D.
                os.write(ours, next(lines, "\x04").encode())
        assert process.stderr is not None
        err = _without_progress(process.stderr.read().decode())
        code = process.wait(TIMEOUT)
    os.close(ours)
    out = written.decode()
    bad = harmful(out, styled=True, tty=True)
    assert bad == [], f"{arguments}: {bad}"
    assert harmful(err) == []
    return Done(code, out.replace("\r\n", "\n"), err)


class Dialogue:
    """A process on pipes that is talked to prompt by prompt. Use as a context manager."""

    def __init__(self, *arguments: str, cwd: Path | None = None) -> None:
        self._arguments = arguments
        self.process = subprocess.Popen(
            [*MODULE, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd or os.environ["HOME"],
            env=environment({}),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def read(self) -> str:
        """What is written up to the next prompt."""
        assert self.process.stdout is not None
        written = b""
        while not written.endswith(b"> "):
            part = os.read(self.process.stdout.fileno(), 65_536)
            assert part, f"ended without a prompt after {written.decode()!r}"
            written += part
        guard(self._arguments, written.decode(), "")
        return written.decode()

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def end(self, number: int | None = None) -> Done:
        """What is left once the input is closed, or the signal `number` has come."""
        if number is not None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=TIMEOUT)
        guard(self._arguments, out.decode(), err.decode())
        return Done(self.process.returncode, out.decode(), _without_progress(err.decode()))


def guard(arguments: Sequence[str], out: str, err: str, *, terminal: bool = False) -> None:
    """Fail if a command let through what may not reach a terminal."""
    data = "--json" in arguments or "export" in arguments
    tabs = "list" in arguments and not data and not terminal
    bad = harmful(out, styled=terminal or "always" in arguments, data=data, tabs=tabs)
    assert bad == [], f"{arguments}: {bad}"
    bad = harmful(err)
    assert bad == [], f"{arguments}: {bad} on stderr"


def environment(changes: Env) -> dict[str, str]:
    """The environment of the program, with `changes`."""
    base = {name: os.environ[name] for name in ENVIRONMENT}
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def _without_progress(err: str) -> str:
    """Messages without the line that is printed if reading took long: machines differ."""
    return "".join(line for line in err.splitlines(keepends=True) if "reading notes: " not in line)


def _parts(handle: int) -> Iterator[bytes]:
    """What is written to a terminal until its other side is closed."""
    while True:
        try:
            part = os.read(handle, 65_536)
        except OSError:  # how Linux says that nobody is there any more
            return
        if not part:
            return
        yield part
