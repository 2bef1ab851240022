"""The table of formulas: both forms of each, read line by line by a person.

It was written from the design before the renderer saw it; how many of its entries came out right
at the first try is in docs/decisions.md.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from rlhf_qa.render.formula import display, one_line
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.render.wrap import cells

TABLE = Path(__file__).parent / "fixtures" / "formulas.txt"
SOURCE = "(source)"
WIDE = 400
"""Columns that no formula of the table needs."""


class Entry(NamedTuple):
    name: str
    source: str
    line: str
    box: list[str]


def entries() -> Iterator[Entry]:
    _, *blocks = TABLE.read_text(encoding="utf-8").split("\n= ")
    for block in blocks:
        name, _, rest = block.rstrip("\n").partition("\n")
        source, _, rest = rest.partition("\n-- line\n")
        line, _, box = rest.partition("\n-- box\n")
        yield Entry(name, source, line, box.split("\n") if box else [line])


ALL = list(entries())


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)
class TestEachFormula:
    def test_on_one_line(self, entry: Entry) -> None:
        assert one_line(entry.source) == (None if entry.line == SOURCE else entry.line)

    def test_as_a_box(self, entry: Entry) -> None:
        if entry.line == SOURCE:
            return
        rows = display(entry.source, WIDE, tall=True)
        assert [row.rstrip() for row in rows] == entry.box

    @pytest.mark.parametrize("width", [20, 40, 79])
    def test_within_a_width(self, entry: Entry, width: int) -> None:
        for tall in (True, False):
            for row in display(entry.source, width, tall=tall):
                assert cells(SafeText(row)) <= width


def test_the_table_is_large_and_half_of_it_from_papers() -> None:
    assert len(ALL) >= 300
    assert len({entry.name for entry in ALL}) == len(ALL)
    assert sum(entry.name.startswith("paper-") for entry in ALL) >= 120
    assert sum(len(entry.box) > 1 for entry in ALL) >= 150
    assert sum(entry.line == SOURCE for entry in ALL) >= 20


def test_nothing_converted_holds_latex_or_a_character_of_another_form() -> None:
    for entry in ALL:
        if entry.line != SOURCE:
            shown = "\n".join([entry.line, *entry.box])
            assert "\\" not in shown, entry.name
            assert unicodedata.normalize("NFC", shown) == shown, entry.name
