"""What the full-screen quiz looks like, as grids of characters; and what every size must show."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlhf_qa.render.lines import Role
from rlhf_qa.render.sanitize import clean
from rlhf_qa.render.wrap import cells
from rlhf_qa.ui import card
from rlhf_qa.ui.quiz import Quiz
from tests.faces import Seat, grid, rows, spoken
from tests.notes import KETTLES_ZH, PAGE_ZH

WIDTHS = range(30, 141)
HEIGHTS = range(8, 46)


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path)


@pytest.fixture
def quiz(seat: Seat) -> Quiz:
    return seat.quiz(title="kettles")


@pytest.fixture
def chinese(tmp_path: Path) -> Seat:
    return Seat(tmp_path, KETTLES_ZH, {"深入.md": PAGE_ZH})


def test_a_question_shows_its_place_why_it_comes_and_what_to_press(quiz: Quiz) -> None:
    assert (
        grid(quiz)
        == """\
 Kettles · kettles                                                  1/4 · new 4
 Basics
 new: 4 unseen
 What does a kettle do?

 Space shows the answer, 1 to 4 grade it, ? is help

⋮ 16 more
 Space show answer  d deep-dive  s skip  u undo  q leave  ? help"""
    )


def test_its_answer_with_four_grades_and_what_each_does(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "space")
    assert (
        grid(quiz)
        == """\
 Kettles · kettles                                                  1/4 · new 4
 Basics
 new: 4 unseen
 What does a kettle do?
 ──────────────────────────────────────────────────────────────────────────────
 • Heat: it boils water.
 • Whistle: it says so.
 ▌ deeper  more on heat [1]

 [1] page.md › Heat

⋮ 12 more
 1 Again today  2 Hard 1 d  3 Good 2 d  4 Easy 8 d  d deep-dive  u undo  ? help"""
    )


def test_a_page_stands_below_the_card_at_eighty_columns(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "space d")
    assert (
        grid(quiz)
        == """\
 Kettles · kettles                                                  1/4 · new 4
 Basics
 new: 4 unseen
 What does a kettle do?
 ──────────────────────────────────────────────────────────────────────────────
 • Heat: it boils water.
 • Whistle: it says so.
 ▌ deeper  more on heat [1]

 [1] page.md › Heat


 page.md › Heat ────────────────────────────────────────────────────────── 90 %
 Heat
 ────

 Water boils at a temperature.

 Details of heat

 It depends on pressure. See lime [1].

                                                                       ▼ 1 line
 Tab links  d close  ? help"""
    )


def test_and_beside_it_at_a_hundred(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "space d")
    assert (
        grid(quiz, 120, 40)
        == """\
 Kettles · kettles                                                                                          1/4 · new 4
 Basics
 new: 4 unseen
 What does a kettle do?                                     │ page.md › Heat                                      100 %
 ────────────────────────────────────────────────────────── │ Heat
 • Heat: it boils water.                                    │ ────
 • Whistle: it says so.                                     │
 ▌ deeper  more on heat [1]                                 │ Water boils at a temperature.
                                                            │
 [1] page.md › Heat                                         │ Details of heat
                                                            │
                                                            │ It depends on pressure. See lime [1].
                                                            │
                                                            │ [1] page.md › Lime and you
                                                            │
⋮ 23 more

 Tab links  d close  ? help"""
    )


def test_and_over_it_at_forty(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "space d")
    assert (
        grid(quiz, 40, 12)
        == """\
 Basics                     1/4 · new 4
 page.md › Heat                    80 %
 Heat
 ────

 Water boils at a temperature.

 Details of heat

 It depends on pressure. See lime [1].
                              ▼ 2 lines
 Tab links  d close  ? help"""
    )
    seat.press(quiz, "escape")
    assert (
        grid(quiz, 40, 12)
        == """\
 Basics                     1/4 · new 4
 What does a kettle do?
 ──────────────────────────────────────
 • Heat: it boils water.
 • Whistle: it says so.
 ▌ deeper  more on heat [1]

 [1] page.md › Heat

⋮ 2 more
 1 Again  2 Hard  3 Good  4 Easy  ?"""
    )


@pytest.mark.parametrize(
    ("width", "place"),
    [(59, "over"), (60, "below"), (99, "below"), (100, "beside")],
)
def test_where_a_page_stands_depends_on_the_width(
    seat: Seat, quiz: Quiz, width: int, place: str
) -> None:
    seat.press(quiz, "space d")
    shown = grid(quiz, width, 24)
    found = {
        "over": "What does a kettle do?" not in shown,
        "below": "\n page.md › Heat ──" in shown,
        "beside": "│ page.md › Heat" in shown,
    }
    assert [where for where, there in found.items() if there] == [place]


def test_below_sixteen_rows_header_and_reason_give_way(quiz: Quiz) -> None:
    assert [row.strip() for row in rows(quiz, 60, 16)[1:4]] == [
        *("Basics", "new: 4 unseen", "What does a kettle do?")
    ]
    assert rows(quiz, 60, 15)[0].split() == ["Basics", "1/4", "·", "new", "4"]
    assert rows(quiz, 60, 15)[1].strip() == "What does a kettle do?"


def test_a_terminal_that_is_too_small_says_what_it_needs(quiz: Quiz) -> None:
    before = rows(quiz)
    assert (
        grid(quiz, 20, 5)
        == """\
terminal too small:
need 30x8

⋮ 2 more"""
    )
    assert rows(quiz) == before


def test_the_link_in_focus_is_marked_and_the_footer_says_what_enter_does(
    seat: Seat, quiz: Quiz
) -> None:
    seat.press(quiz, "space tab")
    assert spoken(quiz, Role.FOCUS) == ["more on heat", "[1]", "[1] page.md › Heat"]
    seat.press(quiz, "d tab")
    assert rows(quiz)[-1] == " Enter open link  Tab links  d close  ? help"
    assert spoken(quiz, Role.FOCUS) == ["lime", "[1]"]
    seat.press(quiz, "tab")
    assert spoken(quiz, Role.FOCUS) == ["more on heat", "[1]", "[1] page.md › Heat"]


def test_information_covers_the_card(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "i")
    assert (
        grid(quiz)
        == """\
 Kettles · kettles                                                  1/4 · new 4
 Basics
 new: 4 unseen
 why: new: 4 unseen
 memory: new, never graded
 history: 0 graded, 0 lapses
 source: deck.md:5
 card: djjjdxwbvqpej5jhslu747kpui

⋮ 14 more
 Esc close  ? help"""
    )


def test_help_lists_every_key(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "?")
    assert (
        grid(quiz, 80, 42)
        == """\
 Kettles · kettles                                                  1/4 · new 4
 Basics
 new: 4 unseen
 Space          show the answer; then: Good
 Enter          the same; opens a link in focus
 1 2 3 4        grade: again, hard, good, easy
 u              undo, any number of times
 U              redo
 d              open or close the deep-dive
 f              follow-ups next
 Tab Shift+Tab  next or previous link
 [ Alt+←        page before
 ] Alt+→        page after
 o              open a web link in the browser
 e              edit the note
 s              skip to the end of the sitting
 -              bury until tomorrow
 @              suspend
 *              mark or unmark
 F              forget: start this card anew
 i              why this card, its history, its place
 L              the other language
 m              formulas: boxes, one line, source
 z              unfold or fold everything
 +              five more minutes, at the end
 b              browse what was missed, at the end
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

⋮ 3 more
 Esc close  ? help"""
    )


def test_several_links_are_listed(tmp_path: Path) -> None:
    seat = Seat(
        tmp_path, "## Why?\n> Because.\n>> [a](page.md#heat)\n>> [b](https://example.org/x)\n"
    )
    quiz = seat.quiz()
    seat.press(quiz, "space d")
    assert (
        grid(quiz)
        == """\
 deck                                                               1/1 · new 1
 deck
 new: 1 unseen
 Tab chooses, Enter opens

 [1] page.md › Heat
 [2] https://example.org/x

⋮ 15 more
 Esc close  ? help"""
    )


def test_the_end_of_a_sitting_sums_it_up(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "space 3 space 4 space 1 space 3 space 3", pause=5)
    assert (
        grid(quiz)
        == """\
 kettles                                                                    5/5

 done for today

 5 grades in 0:50 · Again 1  Hard 0  Good 3  Easy 1
 recalled at the first try: 3 of 4
 predicted recall tomorrow, unseen cards as 0: 0% → 91%
 1 missed in Basics
 next: 1 tomorrow, 3 within 7 days

⋮ 12 more
 Good: 1 d
 + five more minutes  u undo  q leave  ? help"""
    )


def test_a_day_on_which_nothing_is_due(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "space 3 " * 4)
    assert (
        grid(seat.quiz(title="kettles"))
        == """\
 kettles                                                                    4/4

 nothing is due

 nothing graded
 next: 0 tomorrow, 4 within 7 days

⋮ 16 more
 + five more minutes  u undo  q leave  ? help"""
    )


def test_when_every_card_is_put_aside_the_end_says_so(tmp_path: Path) -> None:
    seat = Seat(tmp_path, "## Why?\n> Because.\n")
    quiz = seat.quiz()
    seat.press(quiz, "@")
    assert (
        grid(quiz, 60, 16)
        == """\
                                                        0/0

 done for today
 every card is suspended or buried: in browse, @ asks them
 again

 nothing graded

⋮ 6 more
 suspended; u takes it back
 + five more minutes  u undo  q leave  ? help"""
    )


def test_a_link_to_a_missing_page_says_what_was_looked_for(tmp_path: Path) -> None:
    seat = Seat(tmp_path, "## Why?\n> Because.\n>> [a](gone.md)\n")
    quiz = seat.quiz()
    seat.press(quiz, "space d")
    assert (
        grid(quiz, 80, 16)
        == """\
 deck                                                               1/1 · new 1
 deck
 new: 1 unseen
 Why?
 ──────────────────────────────────────────────────────────────────────────────
 Because.
 ▌ deeper  a [1]

  ─────────────────────────────────────────────────────────────────────── 100 %
 not there: gone.md, linked from deck.md

⋮ 4 more
 Tab links  d close  ? help"""
    )


def test_a_web_address_is_shown_to_its_end(tmp_path: Path) -> None:
    address = "https://example.org/" + "long/" * 12 + "end"
    seat = Seat(tmp_path, f"## Why?\n> Because.\n>> [a]({address})\n")
    quiz = seat.quiz()
    seat.press(quiz, "space d")
    assert address in "".join(row.strip() for row in rows(quiz, 40, 20))


def test_chinese_at_eighty_columns(chinese: Seat) -> None:
    quiz = chinese.quiz()
    chinese.press(quiz, "space d")
    assert (
        grid(quiz)
        == """\
 水壶-QA                                                            1/3 · new 3
 基础概念
 new: 3 unseen
 水壶是做什么用的? 它为什么会响?
 ──────────────────────────────────────────────────────────────────────────────
 • 加热: 把水烧开, 供人们泡茶或者做饭时使用;
 • 提醒: 水开的时候, 蒸汽穿过壶嘴的缝隙, 发出很响的哨声;
 ▌ deeper  哨声有多响, 取决于缝隙的宽度和蒸汽的压力. 热量 [1]

 [1] 深入.md › 热量


 深入.md › 热量 ───────────────────────────────────────────────────────── 100 %
 热量
 ────

 水在标准大气压下于一百度沸腾; 气压降低, 沸点也跟着降低. 参见 水垢 [1].

 [1] 深入.md › 水垢

⋮ 3 more
 Tab links  d close  ? help"""
    )


def test_chinese_at_a_hundred_and_twenty(chinese: Seat) -> None:
    quiz = chinese.quiz()
    chinese.press(quiz, "space d")
    assert (
        grid(quiz, 120, 30)
        == """\
 水壶-QA                                                                                                    1/3 · new 3
 基础概念
 new: 3 unseen
 水壶是做什么用的? 它为什么会响?                            │ 深入.md › 热量                                      100 %
 ────────────────────────────────────────────────────────── │ 热量
 • 加热: 把水烧开, 供人们泡茶或者做饭时使用;                │ ────
 • 提醒: 水开的时候, 蒸汽穿过壶嘴的缝隙, 发出很响的哨声;    │
 ▌ deeper  哨声有多响, 取决于缝隙的宽度和蒸汽的压力. 热     │ 水在标准大气压下于一百度沸腾; 气压降低, 沸点也跟着降低.
 ▌ 量 [1]                                                   │ 参见 水垢 [1].
                                                            │
 [1] 深入.md › 热量                                         │ [1] 深入.md › 水垢
                                                            │
⋮ 16 more

 Tab links  d close  ? help"""
    )


def test_chinese_at_forty(chinese: Seat) -> None:
    quiz = chinese.quiz()
    chinese.press(quiz, "space")
    assert (
        grid(quiz, 40, 12)
        == """\
 基础概念                   1/3 · new 3
 水壶是做什么用的? 它为什么会响?
 ──────────────────────────────────────
 • 加热: 把水烧开, 供人们泡茶或者做饭时
   使用;
 • 提醒: 水开的时候, 蒸汽穿过壶嘴的缝
   隙, 发出很响的哨声;
 ▌ deeper  哨声有多响, 取决于缝隙的宽度
 ▌ 和蒸汽的压力. 热量 [1]

                               ▼ 1 line
 1 Again  2 Hard  3 Good  4 Easy  ?"""
    )


STATES = {
    "question": "",
    "answer": "space",
    "page": "space d",
    "page, keys at the card": "space d shift+tab",
    "link in focus": "space d tab",
    "after a scroll": "space j j d j",
    "help": "space d ? j",
    "message": "space d d F",
    "end": "space 3 space 4 space 3 space 4",
}


@pytest.mark.parametrize("keys", STATES.values(), ids=STATES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_size_is_filled_exactly_and_holds_nothing_harmful(
    tmp_path: Path, language: str, keys: str
) -> None:
    """`rows` checks it."""
    given = (KETTLES_ZH, {"深入.md": PAGE_ZH}) if language == "zh" else ()
    seat = Seat(tmp_path, *given)
    quiz = seat.quiz(title="a title")
    seat.press(quiz, keys)
    for width in WIDTHS:
        rows(quiz, width, 24)
    for height in HEIGHTS:
        for width in (30, 60, 100):
            rows(quiz, width, height)


@pytest.mark.parametrize("width", [100, 101, 120, 140])
def test_the_border_between_card_and_page_stands_in_one_column(chinese: Seat, width: int) -> None:
    quiz = chinese.quiz()
    chinese.press(quiz, "space d")
    frame = quiz.frame(width, 30)
    borders = {cells(clean(row.text[: row.text.index("│")])) for row in frame.rows[3:-2]}
    assert borders == {(width - 4) // 2 + 2}


LONG = (
    "## Why?\n> First words.\n\n"
    + "\n\n".join(
        f"Paragraph {n} goes on for a while, so that it takes more than one row, "
        f"并且有一些中文在里面, 一直写到第{n}段的末尾."
        for n in range(9)
    )
    + "\n\n```python\n"
    + "x = "
    + " + ".join(f"term_{n}" for n in range(20))
    + "\n```\n\n| name | meaning |\n|---|---|\n| kettle | boils water and whistles about it |\n"
)


@pytest.mark.parametrize("key", ["j", "pagedown", "space"])
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (30, 8)])
def test_scrolling_shows_every_row_of_the_answer(
    tmp_path: Path, size: tuple[int, int], key: str
) -> None:
    """In the card by row or page, and of the same text as a page beside it by Space."""
    text = LONG.replace("> First words.\n\n", "> [all](page.md)\n\n") if key == "space" else LONG
    seat = Seat(tmp_path, text, {"page.md": LONG.partition("\n")[2]})
    quiz = seat.quiz()
    seat.size = size
    seat.press(quiz, "space d" if key == "space" else "space")
    entry = quiz.state.session.cards[0]
    assert entry is not None
    library = quiz.state.notes.collection.library
    way = card.Way(entry.note, "page.md")
    if key == "space":
        lines = card.follow(library, way, size[0] - 2, quiz.state.notes.options).lines[1:]
    else:
        lines = card.answer(entry, library, size[0] - 2, quiz.state.notes.options).lines
    wanted = [str(line.text).rstrip() for line in lines if line.spans]
    seen: set[str] = set()
    seen.update(row[1:] for row in rows(quiz, *size))
    while quiz.state.pane.below:
        seat.press(quiz, key)
        seen.update(row[1:] for row in rows(quiz, *size))
    assert [row for row in wanted if row not in seen] == []
    assert len(wanted) > size[1]


@pytest.mark.parametrize(
    "keys", ["space", "space d", "space j j j", "space d j j j tab", "space G"]
)
def test_enlarging_and_shrinking_come_back_to_the_same_screen(tmp_path: Path, keys: str) -> None:
    seat = Seat(tmp_path, LONG + ">> [more](page.md)\n")
    quiz = seat.quiz()
    seat.press(quiz, keys)
    before = rows(quiz)
    for size in [(120, 40), (40, 12), (20, 5), (80, 24)]:
        rows(quiz, *size)
    assert rows(quiz) == before


def test_the_same_words_stay_at_the_top_at_another_width(tmp_path: Path) -> None:
    seat = Seat(tmp_path, LONG)
    quiz = seat.quiz()
    seat.press(quiz, "space")
    while not rows(quiz)[5].startswith(" Paragraph 4"):
        seat.press(quiz, "j")
    assert rows(quiz, 60, 24)[5].startswith(" Paragraph 4")
    assert rows(quiz, 40, 24)[5].startswith(" Paragraph 4")
