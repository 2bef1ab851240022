"""Writing rendered lines and data to a stream, with colours where it is a terminal.

The last step on the way out: takes cleaned text only. Which stream, how wide and how coloured
is decided once, by `output_for`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

from rlhf_qa.limits import WIDTH_MAX, WIDTH_MIN
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, dump_json
from rlhf_qa.ui.ascii import plain
from rlhf_qa.ui.theme import ANSI

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 80
"""Columns where there is no terminal to ask."""


@dataclass(frozen=True)
class Output:
    """A stream and how to write to it."""

    stream: TextIO
    width: int
    styled: bool
    """Colours and weights may be used."""
    ascii: bool
    terminal: bool

    def lines(self, lines: Iterable[Line]) -> None:
        """Write rendered lines, each on its own."""
        for line in lines:
            self.line(*line.spans)

    def line(self, *spans: Span) -> None:
        """Write one line."""
        self._write(spans, "\n")

    def say(self, text: SafeText, role: Role = Role.TEXT) -> None:
        """Write text of ours, filled to the width."""
        from rlhf_qa.render.wrap import wrap_text  # noqa: PLC0415 -- data needs no widths

        self.lines(wrap_text(text, self.width, role))

    def prompt(self, text: SafeText) -> None:
        """Write what stands before the cursor."""
        self._write((Span(text, Role.TEXT), Span(SafeText(" "), Role.TEXT)), "")
        self.stream.flush()

    def data(self, record: Mapping[str, Any]) -> None:
        """Write a record as JSON."""
        self.stream.write(dump_json(record) + "\n")

    def _write(self, spans: Iterable[Span], end: str) -> None:
        if self.ascii:
            spans = plain(Line(tuple(spans))).spans
        if not self.styled:
            self.stream.write("".join(span.text for span in spans) + end)
            return
        from rich.text import Text  # noqa: PLC0415 -- pipes need no Rich

        text = Text(end="")
        for span in spans:
            text.append(span.text, ANSI.get(span.role, ""))
        self._console.print(text, end=end, soft_wrap=True)

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console  # noqa: PLC0415

        return Console(
            file=self.stream,
            width=self.width,
            force_terminal=True,
            markup=False,
            emoji=False,
            highlight=False,
        )


def output_for(
    stream: TextIO, environ: Mapping[str, str], *, color: str = "auto", ascii_: bool = False
) -> Output:
    """How to write to `stream`. `color`: auto, always or never."""
    terminal = stream.isatty()
    dumb = environ.get("TERM", "") in ("", "dumb")
    auto = terminal and not dumb and not environ.get("NO_COLOR")
    encoding = (getattr(stream, "encoding", None) or "utf-8").casefold().replace("-", "")
    return Output(
        stream=stream,
        width=_width(environ, terminal=terminal),
        styled=color == "always" or (color == "auto" and auto),
        ascii=ascii_ or not encoding.startswith("utf"),
        terminal=terminal,
    )


def _width(environ: Mapping[str, str], *, terminal: bool) -> int:
    given = environ.get("COLUMNS", "")
    if given.isdecimal() and int(given[:4]):
        width = int(given[:4])
    else:
        width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if terminal else PIPE_WIDTH
    return min(max(width, WIDTH_MIN), WIDTH_MAX)
