"""A window over lines: scrolling, the place that survives another width, the focus."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.ui.pane import START, Pane


def line(text: str, target: int | None = None, role: Role = Role.TEXT) -> Line:
    return Line((Span(SafeText(text), role, target),)) if text else Line()


def lines(texts: Iterable[str]) -> list[Line]:
    return [line(text) for text in texts]


def shown(pane: Pane) -> list[str]:
    return [str(row.text) for row in pane.visible]


def over(*texts: str, height: int = 3) -> Pane:
    pane = Pane()
    pane.lay_out(lines(texts), height)
    return pane


def test_it_begins_at_the_top_and_says_what_is_out_of_sight() -> None:
    pane = over("a", "b", "c", "d", "e")
    assert shown(pane) == ["a", "b", "c"]
    assert (pane.above, pane.below, pane.percent) == (0, 2, 60)


def test_scrolling_stops_at_both_ends() -> None:
    pane = over("a", "b", "c", "d", "e")
    pane.scroll(-1)
    assert shown(pane) == ["a", "b", "c"]
    pane.scroll(1)
    assert shown(pane) == ["b", "c", "d"]
    pane.scroll(9)
    assert (shown(pane), pane.above, pane.below, pane.percent) == (["c", "d", "e"], 2, 0, 100)


def test_a_page_keeps_a_row_in_sight() -> None:
    pane = over(*"abcdefghi")
    pane.page(1)
    assert shown(pane) == ["c", "d", "e"]
    pane.page(-1)
    assert shown(pane) == ["a", "b", "c"]


def test_both_ends_are_a_key_away() -> None:
    pane = over(*"abcdefghi")
    pane.end()
    assert shown(pane) == ["g", "h", "i"]
    pane.home()
    assert shown(pane) == ["a", "b", "c"]


def test_text_that_fits_does_not_scroll() -> None:
    pane = over("a", "b")
    pane.scroll(1)
    pane.page(1)
    pane.end()
    assert shown(pane) == ["a", "b"]
    assert over().percent == 100


@pytest.mark.parametrize("step", [1, -1])
def test_every_row_can_be_the_first_blank_or_not(step: int) -> None:
    """Also when it is laid out again between two keys, as each drawing does."""
    texts = ["", "", "a", "", "", "b", "", "c", "", ""]
    pane = over(*texts, height=2)
    if step < 0:
        pane.end()
    tops = []
    for _ in range(len(texts)):
        tops.append(pane.above)
        pane.scroll(step)
        pane.lay_out(lines(texts), 2)
    every = list(range(9))
    assert list(dict.fromkeys(tops)) == every[::step]


def test_the_same_words_stay_at_the_top_at_another_width() -> None:
    pane = over("one two", "three four", "five six", "seven", height=2)
    pane.scroll(2)
    pane.lay_out(lines(["one", "two", "three", "four", "five", "six", "seven"]), 2)
    assert shown(pane) == ["five", "six"]
    pane.lay_out(lines(["one two three", "four five six", "seven", "eight"]), 2)
    assert shown(pane) == ["four five six", "seven"]


def test_bars_do_not_count_as_words() -> None:
    def barred(*texts: str) -> list[Line]:
        bar = Span(SafeText("│ "), Role.BAR)
        return [Line((bar, *row.spans)) for row in lines(texts)]

    pane = Pane()
    pane.lay_out(barred("one two", "three", "four", "five"), 2)
    pane.scroll(1)
    pane.lay_out(barred("one", "two", "three", "four", "five"), 2)
    assert shown(pane) == ["│ three", "│ four"]


@given(
    st.lists(st.sampled_from(["", "a", "bc", "def"]), min_size=1, max_size=12),
    st.integers(1, 8),
    st.integers(0, 12),
    st.integers(1, 8),
)
def test_another_height_and_back_changes_nothing(
    texts: list[str], height: int, rows: int, other: int
) -> None:
    pane = over(*texts, height=height)
    pane.scroll(rows)
    before = shown(pane)
    pane.lay_out(lines(texts), other)
    pane.lay_out(lines("".join(texts)), other)
    pane.lay_out(lines(texts), height)
    assert shown(pane) == before


def test_a_place_can_be_kept_and_gone_back_to() -> None:
    pane = over("a", "", "b", "", "c", "d", "e")
    pane.scroll(3)
    place = pane.place
    pane.home()
    pane.go_to(place)
    assert pane.above == 3
    pane.go_to(START)
    assert pane.above == 0


def linked() -> Pane:
    """Links 1 and 3 and a fold, -1, in this order: 1, -1, 3, far below 1 again."""
    pane = Pane()
    rows = [line("one", 1), line("fold", -1), line("three", 3), *lines("abcdef"), line("[1]", 1)]
    pane.lay_out(rows, 3)
    return pane


def test_the_focus_goes_through_links_and_folds_as_they_stand_and_around() -> None:
    pane = linked()
    found = []
    for _ in range(4):
        assert pane.focus_next(1)
        found.append(pane.focus)
    assert found == [1, -1, 3, 1]
    assert pane.focus_next(-1)
    assert pane.focus == 3


def test_or_not_around() -> None:
    pane = linked()
    assert [pane.focus_next(1, around=False) for _ in range(4)] == [True, True, True, False]
    assert pane.focus is None
    assert pane.focus_next(-1, around=False)
    assert pane.focus == 3


def test_every_part_of_the_target_in_focus_is_marked() -> None:
    pane = linked()
    pane.focus_next(1)
    pane.lay_out(pane.plain, 3)
    assert [row.spans[0].role for row in pane.visible] == [Role.FOCUS, Role.TEXT, Role.TEXT]
    assert [row.spans[0].role for row in pane.plain] == [Role.TEXT] * 3


def test_the_focus_is_scrolled_into_sight_when_it_is_not() -> None:
    pane = Pane()
    pane.lay_out([*lines("abcdefgh"), line("link", 1), *lines("ij")], 3)
    pane.focus_next(1)
    assert shown(pane) == ["h", "link", "i"]
    pane.scroll(-1)
    pane.focus_next(1)
    assert shown(pane) == ["g", "h", "link"]


def test_without_targets_there_is_no_focus() -> None:
    pane = over("a")
    assert not pane.focus_next(1)
    assert pane.focus is None


def test_a_target_that_is_gone_loses_the_focus() -> None:
    pane = linked()
    pane.focus_next(1)
    pane.lay_out([line("two", 2)], 3)
    assert pane.focus is None


def test_the_target_under_a_cell() -> None:
    pane = Pane()
    row = Line((Span(SafeText("见 ")), Span(SafeText("水垢"), Role.LINK, 2), Span(SafeText(" x"))))
    pane.lay_out([line("a"), row], 2)
    assert [pane.target_at(1, column, 20) for column in range(9)] == [
        *[None] * 3,
        *[2] * 4,
        *[None] * 2,
    ]
    assert pane.target_at(0, 0, 20) is None
    assert pane.target_at(2, 3, 20) is None
    assert pane.target_at(1, 3, 3) is None
