"""Full screen or line mode: decided before the terminal library is loaded.

That library would draw on a dumb terminal, and wait for keys on an input that has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TextIO

PLAIN_VARIABLE: Final = "RLHF_QA_PLAIN"


def wants_full_screen(
    stdin: TextIO | None, stdout: TextIO | None, environ: Mapping[str, str], *, plain: bool
) -> bool:
    """Whether there is a terminal on both sides, able to be drawn on, and nobody asked for lines."""
    if plain or environ.get(PLAIN_VARIABLE, "") not in ("", "0"):
        return False
    if environ.get("TERM", "") in ("", "dumb"):
        return False
    return all(
        stream is not None and not stream.closed and stream.isatty() for stream in (stdin, stdout)
    )
