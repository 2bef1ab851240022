"""A bar for work that takes long; nothing at all for work that does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

from rlhf_qa.messages import tr

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE: Final = 0.5
"""Seconds before anything is shown."""


class Bar:
    """Call it with `(done, of)` inside a `with`. On no terminal it leaves one line at the end."""

    def __init__(
        self, stream: TextIO, what: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._what = what
        self._monotonic = monotonic
        self._started = monotonic()
        self._last = (0, 0)
        self._progress: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, of: int) -> None:
        self._last = (done, of)
        if self._progress is None and self._is_slow and self._stream.isatty():
            self._progress = self._open()
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], completed=done, total=of)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        done, of = self._last
        if self._progress is not None:
            self._progress.stop()
        elif of and self._is_slow:
            said = tr("{what}: {done} of {all}", what=self._what, done=f"{done:,}", all=f"{of:,}")
            self._stream.write(f"{said}\n")

    @property
    def _is_slow(self) -> bool:
        return self._monotonic() - self._started >= PATIENCE

    def _open(self) -> Progress:
        # Only now: most work is done before Rich would be loaded.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress  # noqa: PLC0415

        console = Console(file=self._stream, markup=False, emoji=False, highlight=False)
        progress = Progress(
            self._what, BarColumn(), MofNCompleteColumn(), console=console, transient=True
        )
        progress.add_task(self._what, total=None)
        progress.start()
        return progress
