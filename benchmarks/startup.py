"""How long the commands take to start, as ratios to `python -c pass`.

Best of N, all of them run in turn, so that a busy machine slows every row alike. A deck of some
fifty questions and the whole bank, with a little history; each command has run once before it is
measured. The row of bare imports is the floor under all others: it has no line of ours.

    python benchmarks/startup.py [--rounds 20]
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

PROGRAM = Path(sys.executable).with_name("rlhf-qa")


DECK = Path(__file__).parents[1] / "content" / "en" / "01-foundations_QA.md"
FIRST_CARD = b"show answer"


@dataclass(frozen=True)
class Case:
    """A command and how many times a bare start it may take."""

    arguments: tuple[str, ...]
    limit: float
    terminal: bool = False
    until: bytes = b""
    """What is waited for on the screen, before it is left; nothing: the end of the command."""

    @property
    def name(self) -> str:
        where = " (full screen)" if self.until else " (terminal)" if self.terminal else ""
        return " ".join(self.arguments) + where

    @property
    def command(self) -> list[str]:
        return [str(PROGRAM), *self.arguments]


@dataclass(frozen=True)
class Floor(Case):
    """Imports alone."""

    @property
    def name(self) -> str:
        return "python -c " + self.arguments[0]

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", *self.arguments]


CASES = (
    Floor(("import typer, sqlite3",), 4.6),
    Case(("--version",), 7),
    Case(("--help",), 15),
    Case(("list", "deck", "--json"), 8),
    Case(("stats", "deck", "--json"), 8),
    Case(("list", "deck"), 13, terminal=True),
    Case(("stats", "deck"), 13, terminal=True),
    # To the end of its input: the first card is drawn, then the summary.
    Case(("quiz", "deck", "--plain"), 14),
    Case(("quiz", "deck"), 28, terminal=True, until=FIRST_CARD),
    Case(("stats", "@bank", "--json"), 8),
    Case(("quiz", "@bank", "--plain"), 14),
    Case(("quiz", "@bank"), 28, terminal=True, until=FIRST_CARD),
)


def piped(command: list[str], environ: dict[str, str], typed: str = "") -> float:
    """Seconds that the command takes with `typed` as its input."""
    start = perf_counter()
    done = subprocess.run(
        command,
        input=typed,
        env=environ,
        cwd=environ["HOME"],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return seconds


def on_terminal(case: Case, environ: dict[str, str]) -> float:
    """Seconds that the command takes on a terminal of its own, or until it shows what is asked."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    start, seconds = perf_counter(), 0.0
    with subprocess.Popen(
        case.command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environ,
        cwd=environ["HOME"],
        start_new_session=True,
    ) as run:
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 65_536):
                shown += data
                if case.until in shown and case.until and not seconds:
                    seconds = perf_counter() - start
                    os.write(ours, b"q")
                    shown = shown.replace(case.until, b"")
                elif seconds and b"q leave" in data:
                    os.write(ours, b"q")
        except OSError:
            pass  # How Linux says that the other side is closed.
        code = run.wait()
    seconds = seconds or perf_counter() - start
    os.close(ours)
    if code:
        sys.exit(f"{case.name}: exit {code}\n{shown.decode(errors='replace')}")
    return seconds


def once(case: Case, environ: dict[str, str]) -> float:
    return on_terminal(case, environ) if case.terminal else piped(case.command, environ)


def measure(rounds: int) -> tuple[float, dict[Case, float]]:
    """Best seconds of a bare start, and of each case."""
    bare_command = [sys.executable, "-c", "pass"]
    with tempfile.TemporaryDirectory() as home:
        environ = {
            "HOME": home,
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLUMNS": "80",
            "LINES": "24",
        }
        Path(home, "deck").mkdir()
        shutil.copy(DECK, Path(home, "deck"))
        for notes in ("deck", "@bank"):
            piped([str(PROGRAM), "quiz", notes, "--plain"], environ, "\n3\nq\n")
        for case in CASES:
            once(case, environ)
        bare, best = float("inf"), dict.fromkeys(CASES, float("inf"))
        for _ in range(rounds):
            bare = min(bare, piped(bare_command, environ))
            for case in CASES:
                best[case] = min(best[case], once(case, environ))
    return bare, best


def main() -> None:
    parser = argparse.ArgumentParser(description="Start-up times as ratios.")
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    bare, best = measure(rounds)
    print(f"Start-up, best of {rounds}; python -c pass: {bare * 1000:.1f} ms")
    print(f"{'command':<34} {'ms':>8} {'ratio':>7} {'limit':>7}")
    for case, seconds in best.items():
        ratio = seconds / bare
        verdict = "ok" if ratio <= case.limit else "OVER"
        print(f"{case.name:<34} {seconds * 1000:8.1f} {ratio:7.1f} {case.limit:7.1f}  {verdict}")


if __name__ == "__main__":
    main()
