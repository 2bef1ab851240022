"""How long the commands take to start, as ratios to `python -c pass`.

Best of N, all of them run in turn, so that a busy machine slows every row alike. The bundled bank
and a folder of its own with a little history; each command has run once before it is measured.
Limits are those of docs/architecture.md.

    python benchmarks/startup.py [--rounds 20]
"""

from __future__ import annotations

import argparse
import os
import pty
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

PROGRAM = Path(sys.executable).with_name("rlhf-qa")


@dataclass(frozen=True)
class Case:
    """A command and how many times a bare start it may take."""

    arguments: tuple[str, ...]
    limit: float
    terminal: bool = False

    @property
    def name(self) -> str:
        return " ".join(self.arguments) + (" (terminal)" if self.terminal else "")

    @property
    def command(self) -> list[str]:
        return [str(PROGRAM), *self.arguments]


CASES = (
    Case(("--version",), 7),
    Case(("--help",), 15),
    Case(("list", "@bank", "--json"), 8),
    Case(("stats", "@bank", "--json"), 8),
    Case(("list", "@bank"), 13, terminal=True),
    Case(("stats", "@bank"), 13, terminal=True),
    # To the end of its input: the first card is drawn, then the summary.
    Case(("quiz", "@bank", "--plain"), 14),
)


def piped(command: list[str], environ: dict[str, str], typed: str = "") -> float:
    """Seconds that the command takes with `typed` as its input."""
    start = perf_counter()
    done = subprocess.run(
        command, input=typed, env=environ, capture_output=True, text=True, check=False
    )
    seconds = perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return seconds


def on_terminal(command: list[str], environ: dict[str, str]) -> float:
    """Seconds that the command takes on a terminal of its own."""
    ours, theirs = pty.openpty()
    start = perf_counter()
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ) as run:
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 65_536):
                shown += data
        except OSError:
            pass  # How Linux says that the other side is closed.
        code = run.wait()
    seconds = perf_counter() - start
    os.close(ours)
    if code:
        sys.exit(f"{' '.join(command)}: exit {code}\n{shown.decode(errors='replace')}")
    return seconds


def once(case: Case, environ: dict[str, str]) -> float:
    return on_terminal(case.command, environ) if case.terminal else piped(case.command, environ)


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
        piped([str(PROGRAM), "quiz", "@bank", "--plain"], environ, "\n3\nq\n")
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
    print(f"{'command':<30} {'ms':>8} {'ratio':>7} {'limit':>7}")
    for case, seconds in best.items():
        ratio = seconds / bare
        verdict = "ok" if ratio <= case.limit else "OVER"
        print(f"{case.name:<30} {seconds * 1000:8.1f} {ratio:7.1f} {case.limit:7.0f}  {verdict}")


if __name__ == "__main__":
    main()
