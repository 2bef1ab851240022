"""What browsing looks like, as grids of characters; and what every size must show."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlhf_qa.render.lines import Role
from rlhf_qa.render.sanitize import clean
from rlhf_qa.render.wrap import cells
from rlhf_qa.ui.browse import Browse
from tests.faces import Seat, find, grid, rows, spoken
from tests.notes import KETTLES_ZH, PAGE_ZH

WIDTHS = range(30, 141)
HEIGHTS = range(8, 46)


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path)


@pytest.fixture
def browse(seat: Seat) -> Browse:
    return seat.browse(title="kettles")


@pytest.fixture
def chinese(tmp_path: Path) -> Seat:
    return Seat(tmp_path, KETTLES_ZH, {"深入.md": PAGE_ZH})


def test_the_tree_with_an_overview_of_what_is_selected(browse: Browse) -> None:
    assert (
        grid(browse)
        == """\
 kettles                                         4 cards · 4 new · 1 unanswered
 ▾ Kettles                   4/4 new │ deck.md
   ▾ Basics                  3/3 new │ Kettles
     ▸ · What does a kettle do?      │ deck.md:1
       ? Which kettle is best?       │
   ▾ Care                    1/1 new │ · 4 new
       · How is lime removed?        │ ? 1 unanswered
                                     │
⋮ 14 more

 Enter open  / search  p practise  e edit  Tab preview  q leave  ? help"""
    )


def test_a_question_with_its_answer_beside_the_tree(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "j j l")
    assert (
        grid(browse)
        == """\
 kettles                                         4 cards · 4 new · 1 unanswered
 ▾ Kettles                   4/4 new │ Kettles › Basics
   ▾ Basics                  3/3 new │ What does a kettle do?
     ▾ · What does a kettle do?      │ ────────────────────────────────────────
         · Why does it whistle?      │ • Heat: it boils water.
         · Who hears it?             │ • Whistle: it says so.
       ? Which kettle is best?       │ ▌ deeper  more on heat [1]
   ▾ Care                    1/1 new │
       · How is lime removed?        │ [1] page.md › Heat
                                     │
                                     │ · new · never asked
                                     │
⋮ 10 more

 Enter open  / search  p practise  e edit  Tab preview  q leave  ? help"""
    )
    assert spoken(browse, Role.FOCUS)[0].startswith("     ▾ ")


def test_above_the_answer_below_sixty_columns(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "j j")
    assert (
        grid(browse, 40, 12)
        == """\
 kettles 4 cards · 4 new · 1 unanswered
 ▾ Kettles                       4/4 new
   ▾ Basics                      3/3 new
     ▸ · What does a kettle do?
       ? Which kettle is best?
────────────────────────────────────────
 Kettles › Basics
 What does a kettle do?
 ──────────────────────────────────────
 • Heat: it boils water.

 Enter  /  p  e  Tab  q  ?"""
    )


def test_a_terminal_that_is_too_small_says_what_it_needs(browse: Browse) -> None:
    before = rows(browse)
    assert (
        grid(browse, 20, 5)
        == """\
terminal too small:
need 30x8

⋮ 2 more"""
    )
    assert rows(browse) == before


def test_a_question_over_the_whole_screen(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "G enter")
    assert (
        grid(browse, 60, 16)
        == """\
 kettles                     4 cards · 4 new · 1 unanswered
 Kettles › Care
 How is lime removed?
 ──────────────────────────────────────────────────────────
 With vinegar.

 · new · never asked

⋮ 7 more
 Esc close  ? help"""
    )


def test_a_question_without_answer_says_so_in_words(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "j j j")
    assert (
        grid(browse, 80, 16)
        == """\
 kettles                                         4 cards · 4 new · 1 unanswered
 ▾ Kettles                   4/4 new │ Kettles › Basics
   ▾ Basics                  3/3 new │ Which kettle is best?
     ▸ · What does a kettle do?      │ ────────────────────────────────────────
       ? Which kettle is best?       │ no answer yet
   ▾ Care                    1/1 new │
       · How is lime removed?        │ ? unanswered
                                     │
⋮ 6 more

 Enter open  / search  p practise  e edit  Tab preview  q leave  ? help"""
    )


def test_states_have_a_sign_and_a_word(seat: Seat, browse: Browse) -> None:
    quiz = seat.quiz()
    seat.press(quiz, "space 4 space 1")
    seat.clock.sleep_days(2)
    browse = seat.browse()
    seat.press(browse, "z G @ g j j *")
    assert (
        grid(browse, 80, 16)
        == """\
                                                 4 cards · 2 new · 1 unanswered
 ▾ Kettles                   2/4 new │ Kettles › Basics
   ▾ Basics                  2/3 new │ What does a kettle do?
     ▾ ✓ What does a kettle do?      │ ────────────────────────────────────────
         · Why does it whistle?      │ • Heat: it boils water.
         · Who hears it?             │ • Whistle: it says so.
       ? Which kettle is best?       │ ▌ deeper  more on heat [1]
   ▾ Care                          1 │
       - How is lime removed?        │ [1] page.md › Heat
                                     │
                                     │ ✓ known · 1 graded, 0 lapses · marked
                                     │
⋮ 2 more
 marked
 Enter open  / search  p practise  e edit  Tab preview  q leave  ? help"""
    )


def test_a_search_counts_and_marks_its_hits(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "/ i t")
    assert (
        grid(browse)
        == """\
 kettles                                         4 cards · 4 new · 1 unanswered
 ▾ Kettles                   4/4 new │ Kettles › Basics › What does a kettle d…
   ▾ Basics                  3/3 new │ Why does it whistle?
     ▾ · What does a kettle do?      │ ────────────────────────────────────────
         · Why does it whistle?      │ Steam passes a narrow slit.
         · Who hears it?             │
       ? Which kettle is best?       │ · new · never asked
   ▾ Care                    1/1 new │
       · How is lime removed?        │
                                     │
⋮ 12 more
 /it                                                                        1/4
 Enter to the hits  Esc as before"""
    )
    assert spoken(browse, Role.MATCH) == ["it", "it", "it"]


def test_a_search_without_hit_says_so_and_keeps_the_tree(seat: Seat, browse: Browse) -> None:
    tree = [row[:36] for row in rows(browse)[1:-2]]
    seat.press(browse, "/ q q q")
    assert rows(browse)[-2:] == [
        " /qqq                                                                    no hit",
        " Enter to the hits  Esc as before",
    ]
    assert [row[:36] for row in rows(browse)[1:-2]] == tree


def test_the_cursor_of_the_terminal_stands_where_words_are_typed(
    chinese: Seat,
) -> None:
    browse = chinese.browse()
    assert browse.frame(80, 24).cursor is None
    chinese.press(browse, "/ 水")
    assert browse.frame(80, 24).cursor == (4, 22)
    chinese.press(browse, "enter")
    assert browse.frame(80, 24).cursor is None


def test_a_link_of_the_preview_opens_in_its_place(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "j j tab enter")
    assert (
        grid(browse, 80, 16)
        == """\
 kettles                                         4 cards · 4 new · 1 unanswered
 ▾ Kettles                   4/4 new │ What does a kettle do?            [ back
   ▾ Basics                  3/3 new │ page.md › Heat
     ▸ · What does a kettle do?      │
       ? Which kettle is best?       │ Heat
   ▾ Care                    1/1 new │ ────
       · How is lime removed?        │
                                     │ Water boils at a temperature.
                                     │
                                     │ Details of heat
                                     │
                                     │ It depends on pressure. See lime [1].
                                     │
                                     │ [1] page.md › Lime and you

 Tab links  Esc back  ? help"""
    )


def test_history_and_place(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "j j i")
    assert (
        grid(browse, 80, 16)
        == """\
 kettles                                         4 cards · 4 new · 1 unanswered
 memory: new, never graded
 history: 0 graded, 0 lapses
 source: deck.md:5
 card: djjjdxwbvqpej5jhslu747kpui

⋮ 9 more
 Esc close  ? help"""
    )


def test_help_lists_every_key(seat: Seat, browse: Browse) -> None:
    seat.press(browse, "?")
    assert (
        grid(browse, 60, 36)
        == """\
 kettles                     4 cards · 4 new · 1 unanswered
 l → Enter      open; a question over the whole screen
 h ←            close, or to the one above
 Space          open or close
 z              open or close all
 Tab Shift+Tab  to the preview and its links; back
 /              search
 n              next hit
 N              previous hit
 p              practise what is selected
 [ Alt+←        page before
 ] Alt+→        page after
 o              open a web link in the browser
 e              edit the note
 i              history and place
 *              mark or unmark
 @              suspend or take back
 L              the other language
 m              formulas: boxes, one line, source
 ?              all keys
 q              leave
 Ctrl+C         leave at once
 Ctrl+Z         to the shell; fg comes back
 Esc            close what is open
 j ↓            down a line
 k ↑            up a line
 PgDn Ctrl+D    down a page
 PgUp Ctrl+U    up a page
 g Home         to the top
 G End          to the end

⋮ 4 more
 Esc close  ? help"""
    )


def test_nothing_to_look_at(tmp_path: Path) -> None:
    seat = Seat(tmp_path)
    browse = seat.browse(only=["no such card"])
    assert (
        grid(browse, 60, 12)
        == """\
                                                    0 cards
 no questions here

⋮ 8 more
 Enter open  / search  p quiz  e edit  Tab preview  q  ?"""
    )
    before = rows(browse)
    for key in browse.keys - {"q"}:
        assert seat.press(browse, key) is None
        seat.press(browse, "escape")
    assert rows(browse)[:-2] == before[:-2]


def test_chinese_at_eighty_columns(chinese: Seat) -> None:
    browse = chinese.browse()
    chinese.press(browse, "j j")
    assert (
        grid(browse)
        == """\
                                                                3 cards · 3 new
 ▾ 水壶-QA                   3/3 new │ 水壶-QA › 基础概念
   ▾ 基础概念                3/3 new │ 水壶是做什么用的? 它为什么会响?
     ▸ · 水壶是做什么用的? 它为什么… │ ────────────────────────────────────────
       · 怎样去掉水垢?               │ • 加热: 把水烧开, 供人们泡茶或者做饭时使
                                     │   用;
                                     │ • 提醒: 水开的时候, 蒸汽穿过壶嘴的缝隙,
                                     │   发出很响的哨声;
                                     │ ▌ deeper  哨声有多响, 取决于缝隙的宽度和
                                     │ ▌ 蒸汽的压力. 热量 [1]
                                     │
                                     │ [1] 深入.md › 热量
                                     │
                                     │ · new · never asked
                                     │
⋮ 7 more

 Enter open  / search  p practise  e edit  Tab preview  q leave  ? help"""
    )


def test_chinese_at_forty(chinese: Seat) -> None:
    browse = chinese.browse()
    chinese.press(browse, "j j")
    assert (
        grid(browse, 40, 12)
        == """\
                        3 cards · 3 new
 ▾ 水壶-QA                       3/3 new
   ▾ 基础概念                    3/3 new
     ▸ · 水壶是做什么用的? 它为什么会响?
       · 怎样去掉水垢?
────────────────────────────────────────
 水壶-QA › 基础概念
 水壶是做什么用的? 它为什么会响?
 ──────────────────────────────────────
 • 加热: 把水烧开, 供人们泡茶或者做饭时

 Enter  /  p  e  Tab  q  ?"""
    )


STATES = {
    "tree": "",
    "question": "j j",
    "link in focus": "j j tab",
    "page": "j j tab enter",
    "over the screen": "G enter",
    "search": "/ 水 空 a",
    "hits": "/ t enter n",
    "help": "? j",
}


@pytest.mark.parametrize("keys", STATES.values(), ids=STATES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_size_is_filled_exactly_and_holds_nothing_harmful(
    tmp_path: Path, language: str, keys: str
) -> None:
    """`rows` checks it."""
    given = (KETTLES_ZH, {"深入.md": PAGE_ZH}) if language == "zh" else ()
    seat = Seat(tmp_path, *given)
    browse = seat.browse(title="a title")
    seat.press(browse, keys)
    for width in WIDTHS:
        rows(browse, width, 24)
    for height in HEIGHTS:
        for width in (30, 60, 100):
            rows(browse, width, height)


@pytest.mark.parametrize("width", [60, 61, 80, 100, 140])
def test_the_border_between_tree_and_preview_stands_in_one_column(
    chinese: Seat, width: int
) -> None:
    browse = chinese.browse()
    for _ in range(5):
        chinese.press(browse, "j")
        frame = browse.frame(width, 24)
        borders = {cells(clean(row.text[: row.text.index("│")])) for row in frame.rows[1:-2]}
        assert borders == {int(width * 0.45) + 1}


@pytest.mark.parametrize("keys", ["", "j j", "j j tab", "G enter", "/ i enter"])
def test_enlarging_and_shrinking_come_back_to_the_same_screen(seat: Seat, keys: str) -> None:
    browse = seat.browse()
    seat.press(browse, keys)
    before = rows(browse)
    for size in [(120, 40), (40, 12), (20, 5), (80, 24)]:
        rows(browse, *size)
    assert rows(browse) == before


def test_the_cursor_stays_in_sight_in_a_long_tree(tmp_path: Path) -> None:
    text = "".join(f"## What is number {n}?\n> It is {n}.\n\n" for n in range(60))
    seat = Seat(tmp_path, text)
    browse = seat.browse()
    for number in range(60):
        seat.press(browse, "j")
        assert f"number {number}?" in "".join(spoken(browse, Role.FOCUS))
    seat.press(browse, "pageup pageup")
    assert "number 19?" in "".join(spoken(browse, Role.FOCUS))
    assert find(browse, "number 19?")[1] == 1
