"""Rows of a screen put together: footers, ends of a row, columns, places to click."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.ui.frame import (
    Frame,
    Item,
    Region,
    beside,
    cut_line,
    ends,
    filled,
    footer,
    line_of,
    padded,
    too_small,
    width_of,
)

ITEMS = (
    Item("Space", "show answer", "answer"),
    Item("d", "deep-dive", "dive", spare=True),
    Item("q", "leave", ""),
    Item("?", "help", ""),
)


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (80, " Space show answer  d deep-dive  q leave  ? help"),
        (48, " Space show answer  d deep-dive  q leave  ? help"),
        (47, " Space answer  d dive  q  ?"),
        (27, " Space answer  d dive  q  ?"),
        (26, " Space answer  q  ?"),
        (19, " Space answer  q  ?"),
        (18, " Space  d  q  ?"),
        (15, " Space  d  q  ?"),
        (14, " Space  d  ?"),
        (9, " Space  ?"),
        (8, " ?"),
        (1, ""),
    ],
)
def test_a_footer_is_the_longest_that_fits_and_cuts_no_item(width: int, text: str) -> None:
    line, _ = footer(ITEMS, width, 0)
    assert line.text == text


def test_a_click_on_an_item_presses_the_key_by_its_name() -> None:
    line, regions = footer((*ITEMS, Item("Esc", "关闭", "")), 80, 7)
    frame = Frame((line,) * 8, regions)
    keys = [frame.key_at(column, 7) for column in range(60)]
    assert keys[:3] == [None, "space", "space"]
    assert keys[len(" Space show answer")] is None
    assert [key for key, _ in groupby(keys)] == [
        *(None, "space", None, "d", None, "q", None, "?", None, "escape", None)
    ]
    assert keys.count("escape") == len("Esc ") + 4
    assert frame.key_at(1, 6) is None


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (20, "left           right"),
        (10, "left right"),
        (9, "le… right"),
        (7, "… right"),
        (6, " right"),
        (5, "right"),
        (4, "rig…"),
    ],
)
def test_of_two_ends_the_left_one_gives_way(width: int, text: str) -> None:
    assert ends(line_of("left"), line_of("right"), width).text == text


def test_a_label_is_cut_in_cells_and_keeps_its_roles() -> None:
    line = Line((Span(SafeText("水壶 "), Role.TITLE), Span(SafeText("是什么"), Role.DIM)))
    assert cut_line(line, 11) is line
    cut = cut_line(line, 10)
    assert cut.text == "水壶 是什…"
    assert [span.role for span in cut.spans] == [Role.TITLE, Role.DIM]
    assert cut_line(line, 4).text == "水…"
    assert cut_line(line, 0).text == ""


@given(st.text("a水 é", max_size=12), st.text("b壶", max_size=6), st.integers(0, 20))
def test_no_cut_is_too_wide(left: str, right: str, width: int) -> None:
    both = Line((Span(SafeText(left)), Span(SafeText(right))))
    assert width_of(cut_line(both, width)) <= width
    assert width_of(ends(line_of(left), line_of(right), width)) <= width


def test_columns_stand_beside_each_other() -> None:
    left, right = [line_of("水"), line_of("ab")], [line_of("x"), Line(), line_of("z")]
    rows = beside(left, right, 4, SafeText("│"))
    assert [str(row.text) for row in rows] == ["水   │ x", "ab   │ ", "     │ z"]


def test_rows_are_filled_up_or_cut() -> None:
    rows = [line_of("a"), line_of("b")]
    assert filled(rows, 1) == [line_of("a")]
    assert filled(rows, 3) == [*rows, Line()]


def test_a_line_is_padded_in_cells() -> None:
    assert padded(line_of("水"), 4).text == "水  "
    assert padded(line_of("abcd"), 4) == line_of("abcd")


@pytest.mark.parametrize(("width", "height"), [(29, 24), (80, 7), (20, 5), (1, 1)])
def test_below_the_least_size_only_a_word_about_it_is_shown(width: int, height: int) -> None:
    small = too_small(width, height)
    assert small is not None
    assert len(small.rows) == height
    assert all(width_of(row) <= width for row in small.rows)
    shown = small.text().replace("\n", " ").strip()
    assert "terminal too small: need 30x8".startswith(shown[:20])


def test_at_the_least_size_all_is_shown() -> None:
    assert too_small(30, 8) is None


def test_the_text_of_a_frame_has_no_blanks_at_its_ends() -> None:
    assert Frame((line_of(" a  "), Line(), line_of("b"))).text() == " a\n\nb"


def test_a_region_ends_before_its_end() -> None:
    frame = Frame((line_of("abc"),), (Region(0, 1, 2, "x"),))
    assert [frame.key_at(column, 0) for column in range(3)] == [None, "x", None]
