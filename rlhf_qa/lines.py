"""Lines of a note and what stands on them once the marks of a quote are off.

Works on rows of text and line numbers; knows nothing of blocks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rlhf_qa.model import Lines

_QUOTE_MARK = re.compile(r" {0,3}> ?")
_LEAD = re.compile(r"[ \t>]*")
_TAB: Final = 4


def split_lines(text: str) -> list[str]:
    """The lines of a note: they end at LF, CRLF and CR, and at nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def without_quote_marks(row: str, most: int) -> tuple[int, str]:
    """How many quote marks a row opens with, up to `most`, and the row without them.

    Tabs among the marks become the blanks they stand for: a mark may take a part of one.
    """
    lead = _LEAD.match(row)
    if lead and "\t" in lead.group() and ">" in lead.group():
        row = lead.group().expandtabs(_TAB) + row[lead.end() :]
    depth = at = 0
    while depth < most and (mark := _QUOTE_MARK.match(row, at)):
        at = mark.end()
        depth += 1
    return depth, row[at:]


def as_ranges(lines: Iterable[int]) -> Lines:
    """Line numbers as ranges, first and last line inclusive."""
    ranges: list[tuple[int, int]] = []
    for line in sorted(lines):
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1] = (ranges[-1][0], line)
        else:
            ranges.append((line, line))
    return tuple(ranges)
