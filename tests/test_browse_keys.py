"""The keys of full-screen browsing: the tree, the preview, the search, and acts on a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlhf_qa.errors import NotStored
from rlhf_qa.events import EventKind
from rlhf_qa.render.lines import Role
from rlhf_qa.store import Store
from rlhf_qa.ui.browse import Browse
from rlhf_qa.ui.face import Edit, Effect, Enter, Leave, OpenWeb
from rlhf_qa.ui.keys import BROWSE, EVERYWHERE
from rlhf_qa.ui.quiz import Quiz
from rlhf_qa.ui.typed import key_name
from tests.faces import Seat, find, grid, message, rows, spoken
from tests.notes import KETTLES_ZH, PAGE_ZH, TREE, write

OF_THE_TERMINAL = {"ctrl+c", "ctrl+z"}
"""Keys that app.py follows itself."""

PAGE_TEXT = "Water boils at a"

ALL_CLOSED = ["▾ Kettles", "▸ Basics", "▸ Care"]
AS_OPENED = [
    "▾ Kettles",
    "▾ Basics",
    "▸ · What does a kettle do?",
    "? Which kettle is best?",
    "▾ Care",
    "· How is lime removed?",
]
ALL_OPEN = [
    *AS_OPENED[:2],
    "▾ · What does a kettle do?",
    "· Why does it whistle?",
    "· Who hears it?",
    *AS_OPENED[3:],
]


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path)


@pytest.fixture
def browse(seat: Seat) -> Browse:
    return seat.browse()


@pytest.fixture
def chinese(tmp_path: Path) -> Seat:
    return Seat(tmp_path, KETTLES_ZH, {"深入.md": PAGE_ZH})


def tree(browse: Browse) -> list[str]:
    """The rows of the tree, without indents and counts."""
    left = (row[: int(120 * 0.45)] for row in rows(browse, 120, 24)[1:-2])
    return [row.split("   ")[0].rstrip() for row in (row.strip() for row in left) if row]


def selected(browse: Browse) -> str:
    node = browse.state.node
    return node.label if node else ""


def words(seat: Seat, browse: Browse, typed: str) -> None:
    """Type words into a search."""
    seat.press(browse, "/")
    for char in typed:
        seat.press(browse, key_name(char, char))


def sought(browse: Browse) -> str:
    """What is typed into the search that is open."""
    assert browse.state.search is not None
    return browse.state.search.typed


def quiz_of(effect: Effect | None) -> Quiz:
    assert isinstance(effect, Enter)
    assert isinstance(effect.face, Quiz)
    return effect.face


def test_the_table_of_keys_lists_exactly_those_that_do_something(browse: Browse) -> None:
    listed = [name for key in (*BROWSE, *EVERYWHERE) for name in key.names]
    assert set(listed) - OF_THE_TERMINAL == browse.keys
    assert len(listed) == len(set(listed))


class TestTree:
    def test_moving_stops_at_both_ends_and_the_preview_follows(
        self, seat: Seat, browse: Browse
    ) -> None:
        seat.press(browse, "k")
        assert selected(browse) == "Kettles"
        seat.press(browse, "j down")
        assert selected(browse) == "What does a kettle do?"
        assert find(browse, "it boils water")
        seat.press(browse, "j j j j j j")
        assert selected(browse) == "How is lime removed?"
        assert find(browse, "With vinegar.")
        seat.press(browse, "up")
        assert selected(browse) == "Care"
        seat.press(browse, "g")
        assert selected(browse) == "Kettles"
        seat.press(browse, "end")
        assert selected(browse) == "How is lime removed?"
        seat.press(browse, "home G")
        assert selected(browse) == "How is lime removed?"

    def test_a_page_is_the_height_of_the_tree(self, tmp_path: Path) -> None:
        text = "".join(f"## Number {n}?\n> {n}.\n\n" for n in range(60))
        seat = Seat(tmp_path, text)
        browse = seat.browse()
        for key, number in (("pagedown", 19), ("ctrl+d", 39), ("pageup", 19), ("ctrl+u", -1)):
            seat.press(browse, key)
            assert selected(browse) == (f"Number {number}?" if number >= 0 else "deck")

    @pytest.mark.parametrize("key", ["l", "right", "enter"])
    def test_opening_and_then_going_in(self, seat: Seat, browse: Browse, key: str) -> None:
        seat.press(browse, "j j")
        assert tree(browse) == AS_OPENED
        seat.press(browse, key)
        assert tree(browse) == ALL_OPEN
        assert selected(browse) == "What does a kettle do?"
        seat.press(browse, key)
        assert selected(browse) == "Why does it whistle?"

    @pytest.mark.parametrize("key", ["h", "left"])
    def test_closing_and_then_going_up(self, seat: Seat, browse: Browse, key: str) -> None:
        seat.press(browse, f"j j l j {key}")
        assert selected(browse) == "What does a kettle do?"
        seat.press(browse, key)
        assert tree(browse) == AS_OPENED
        seat.press(browse, key)
        assert selected(browse) == "Basics"
        seat.press(browse, f"{key} {key} {key} {key}")
        assert selected(browse) == "Kettles"
        assert tree(browse) == ["▸ Kettles"]

    def test_space_opens_and_closes_where_the_cursor_is(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j j space")
        assert tree(browse) == ALL_OPEN
        seat.press(browse, "space")
        assert tree(browse) == AS_OPENED

    def test_z_opens_all_and_closes_all_and_the_cursor_stays_in_sight(
        self, seat: Seat, browse: Browse
    ) -> None:
        seat.press(browse, "z j j j")
        assert tree(browse) == ALL_OPEN
        assert selected(browse) == "Why does it whistle?"
        seat.press(browse, "z")
        assert tree(browse) == ALL_CLOSED
        assert selected(browse) == "Basics"

    def test_a_leaf_opens_over_the_whole_screen_and_scrolls(self, tmp_path: Path) -> None:
        text = "## Why?\n" + "".join(f"> Row {n}.\n>\n" for n in range(40))
        seat = Seat(tmp_path, text)
        browse = seat.browse()
        seat.press(browse, "j enter")
        assert "▾" not in grid(browse)
        seat.press(browse, "space pagedown j")
        assert browse.state.preview.above > 20
        seat.press(browse, "g")
        assert browse.state.preview.above == 0
        assert selected(browse) == "Why?"
        seat.press(browse, "escape")
        assert "▾" in grid(browse)


class TestPreview:
    def test_tab_goes_through_its_links_and_back_to_the_tree(self, tmp_path: Path) -> None:
        text = "## Why?\n> [a](page.md#heat) or [b](page.md#lime-and-you)\n"
        seat = Seat(tmp_path, text)
        browse = seat.browse()
        seat.press(browse, "j")
        focus = []
        for key in ("tab", "tab", "tab", "shift+tab", "shift+tab", "shift+tab"):
            seat.press(browse, key)
            focus.append("tree" if not browse.state.in_preview else spoken(browse, Role.FOCUS)[0])
        assert focus == ["a", "b", "tree", "b", "a", "tree"]

    def test_without_links_it_can_still_be_scrolled(self, tmp_path: Path) -> None:
        text = "## Why?\n" + "".join(f"> Row {n}.\n>\n" for n in range(40))
        seat = Seat(tmp_path, text)
        browse = seat.browse()
        seat.press(browse, "j tab j j")
        assert browse.state.preview.above == 2
        assert selected(browse) == "Why?"
        seat.press(browse, "escape k")
        assert selected(browse) == "deck"

    def test_links_lead_on_and_back(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j j tab")
        card = rows(browse)[1:-2]
        seat.press(browse, "enter")
        assert find(browse, PAGE_TEXT)
        page = rows(browse)[1:-2]
        seat.press(browse, "tab enter")
        assert find(browse, "page.md › Lime and you")
        seat.press(browse, "]")
        assert message(browse) == "nothing after this"
        seat.press(browse, "[")
        assert [row[37:] for row in rows(browse)[1:-2]] == [row[37:] for row in page]
        seat.press(browse, "alt+right")
        assert find(browse, "page.md › Lime and you")
        seat.press(browse, "alt+left [")
        assert [row[37:] for row in rows(browse)[1:-2]] == [row[37:] for row in card]

    def test_a_web_link_is_shown_before_it_is_opened(self, tmp_path: Path) -> None:
        seat = Seat(tmp_path, "## Why?\n> [b](https://example.org/x)\n")
        browse = seat.browse()
        assert seat.press(browse, "j o") is None
        assert message(browse).startswith("open the link first")
        seat.press(browse, "tab enter")
        assert find(browse, "on the web, example.org")
        assert seat.press(browse, "o") == OpenWeb("https://example.org/x")

    def test_a_page_of_the_notes_is_no_web_link(self, seat: Seat, browse: Browse) -> None:
        assert seat.press(browse, "j j tab enter o") is None
        assert message(browse) == "not a web link"

    def test_answers_are_unfolded(self, tmp_path: Path) -> None:
        text = "## Why?\n> Because.\n\n<details><summary>more</summary>\n\nhidden\n\n</details>\n"
        seat = Seat(tmp_path, text)
        browse = seat.browse()
        seat.press(browse, "j")
        assert find(browse, "hidden")

    def test_a_move_in_the_tree_closes_the_page(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j j tab enter escape escape j")
        assert PAGE_TEXT not in grid(browse)
        assert find(browse, "no answer yet")


class TestSearch:
    def test_hits_are_shown_from_the_first_character_and_counted(
        self, seat: Seat, browse: Browse
    ) -> None:
        words(seat, browse, "wh")
        assert selected(browse) == "What does a kettle do?"
        assert rows(browse)[-2].split() == ["/wh", "1/4"]
        seat.press(browse, "o")
        assert selected(browse) == "Who hears it?"
        assert rows(browse)[-2].split() == ["/who", "1/1"]
        assert tree(browse) == ALL_OPEN
        seat.press(browse, "backspace")
        assert rows(browse)[-2].split() == ["/wh", "1/4"]

    def test_the_next_and_the_hit_before_go_around(self, seat: Seat, browse: Browse) -> None:
        words(seat, browse, "wh")
        seat.press(browse, "enter")
        found = []
        for key in ("n", "n", "n", "n", "N"):
            seat.press(browse, key)
            found.append((selected(browse), rows(browse)[-2].split()[-1]))
        assert found == [
            ("Why does it whistle?", "2/4"),
            ("Who hears it?", "3/4"),
            ("Which kettle is best?", "4/4"),
            ("What does a kettle do?", "1/4"),
            ("Which kettle is best?", "4/4"),
        ]

    @pytest.mark.parametrize("typed", ["气", "沸点", "一百度 低"])
    def test_chinese_is_found_by_any_part_of_it(self, chinese: Seat, typed: str) -> None:
        browse = chinese.browse()
        words(chinese, browse, typed)
        assert selected(browse) == "水在高山上为什么不到一百度就开了?"
        assert spoken(browse, Role.MATCH)

    @pytest.mark.parametrize("typed", ["ＲＬＨＦ", "rlhf", "Rlhf"])
    def test_width_and_case_do_not_matter(self, tmp_path: Path, typed: str) -> None:
        seat = Seat(tmp_path, "## What else?\n> Nothing.\n\n## What is RLHF?\n> A method.\n")
        browse = seat.browse()
        words(seat, browse, typed)
        assert selected(browse) == "What is RLHF?"
        assert "RLHF" in spoken(browse, Role.MATCH)

    def test_escape_restores_folds_and_cursor(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j j j")
        before = rows(browse)
        for keys in ("escape", "enter escape", "enter n n escape"):
            words(seat, browse, "whistle")
            seat.press(browse, keys)
            assert rows(browse) == before

    def test_also_when_it_was_begun_anew(self, seat: Seat, browse: Browse) -> None:
        before = rows(browse)
        words(seat, browse, "whistle")
        seat.press(browse, "enter")
        words(seat, browse, "vinegar")
        assert selected(browse) == "How is lime removed?"
        seat.press(browse, "escape")
        assert rows(browse) == before

    def test_without_a_hit_the_last_tree_stays(self, seat: Seat, browse: Browse) -> None:
        words(seat, browse, "who")
        seat.press(browse, "q")
        assert rows(browse)[-2].split() == ["/whoq", "no", "hit"]
        assert selected(browse) == "Who hears it?"
        assert tree(browse) == ALL_OPEN
        seat.press(browse, "enter n")
        assert selected(browse) == "Who hears it?"

    def test_keys_are_typed_and_not_followed(self, seat: Seat, browse: Browse) -> None:
        words(seat, browse, "q?z *")
        assert sought(browse) == "q?z *"
        seat.press(browse, "f5 up ctrl+a")
        assert sought(browse) == "q?z *"
        seat.press(browse, "ctrl+u")
        assert sought(browse) == ""
        seat.press(browse, "enter")
        assert browse.state.search is None
        assert acts(seat) == []

    def test_pasted_words_are_searched_for_and_never_followed(
        self, seat: Seat, browse: Browse
    ) -> None:
        browse.paste("q")
        assert browse.state.search is None
        seat.press(browse, "/")
        browse.paste("lime\n removed")
        assert selected(browse) == "How is lime removed?"
        assert rows(browse)[-2].split()[:2] == ["/lime", "removed"]

    @pytest.mark.parametrize("key", ["n", "N"])
    def test_the_next_of_nothing_says_how_to_search(
        self, seat: Seat, browse: Browse, key: str
    ) -> None:
        seat.press(browse, key)
        assert message(browse) == "nothing is searched for: / starts"

    def test_the_index_is_made_once_the_first_screen_is_drawn(self, browse: Browse) -> None:
        assert browse.state.index is None
        browse.settle()
        index = browse.state.index
        browse.settle()
        assert browse.state.index is index is not None


def acts(seat: Seat) -> list[str]:
    return [event.kind for event in seat.store.events() if event.kind != EventKind.SETTINGS]


class TestActs:
    @pytest.mark.parametrize(
        ("keys", "cards"),
        [
            (
                "",
                [
                    "What does a kettle do?",
                    "Why does it whistle?",
                    "Who hears it?",
                    "How is lime removed?",
                ],
            ),
            ("j j", ["What does a kettle do?", "Why does it whistle?", "Who hears it?"]),
            ("G", ["How is lime removed?"]),
        ],
    )
    def test_practise_asks_what_is_below_and_has_an_answer(
        self, seat: Seat, browse: Browse, keys: str, cards: list[str]
    ) -> None:
        quiz = quiz_of(seat.press(browse, f"{keys} p"))
        assert [entry.question.text for entry in quiz.state.session.cards] == cards

    def test_what_was_graded_shows_when_one_comes_back(self, seat: Seat, browse: Browse) -> None:
        quiz = quiz_of(seat.press(browse, "G p"))
        assert seat.press(quiz, "space 4 q") == Leave()
        browse.back()
        assert "✓ How is lime removed?" in tree(browse)
        assert find(browse, "✓ known · 1 graded, 0 lapses")

    def test_and_so_does_what_was_edited(self, seat: Seat, browse: Browse) -> None:
        quiz = quiz_of(seat.press(browse, "G p"))
        seat.press(quiz, "e")
        write(seat.folder, {"deck.md": TREE.replace("With vinegar", "With lemon")})
        quiz.edited(None)
        browse.back()
        assert selected(browse) == "How is lime removed?"
        assert find(browse, "With lemon.")

    def test_nothing_to_practise_says_so(self, seat: Seat, browse: Browse) -> None:
        assert seat.press(browse, "j j j p") is None
        assert message(browse) == "nothing here has an answer yet"

    def test_a_mark_is_set_and_taken_off(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "G *")
        assert message(browse) == "marked"
        assert find(browse, "never asked · marked")
        seat.press(browse, "*")
        assert message(browse) == "mark taken off"
        assert acts(seat) == [EventKind.MARK, EventKind.MARK]

    def test_a_card_is_suspended_and_asked_again(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "G @")
        assert message(browse) == "suspended"
        assert "- How is lime removed?" in tree(browse)
        seat.press(browse, "@", pause=0.1)
        assert acts(seat) == [EventKind.SUSPEND]
        seat.press(browse, "@")
        assert message(browse) == "asked again from now on"
        assert acts(seat) == [EventKind.SUSPEND, EventKind.UNSUSPEND]

    def test_a_question_without_answer_is_not_suspended(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j j j @")
        assert message(browse) == "nothing here has an answer yet"
        assert acts(seat) == []

    @pytest.mark.parametrize("keys", ["@", "*", "L", "j @"])
    def test_acts_on_a_card_do_nothing_where_there_is_none(
        self, seat: Seat, browse: Browse, keys: str
    ) -> None:
        assert seat.press(browse, keys) is None
        assert acts(seat) == []

    def test_an_act_that_is_not_stored_says_so(
        self, seat: Seat, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise NotStored("not stored: the disk is full")

        monkeypatch.setattr(Store, "append", full)
        seat.press(browse, "G @")
        assert message(browse) == "not stored: the disk is full"
        assert "· How is lime removed?" in tree(browse)

    def test_history_and_place(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "G i")
        assert find(browse, "source: deck.md:20")
        seat.press(browse, "i g i")
        assert find(browse, "deck.md:1")

    def test_the_other_language(self, tmp_path: Path) -> None:
        seat = Seat(
            tmp_path,
            "## Why?\n<!--card\nid: a\n-->\n> Because.\n",
            {"zh.md": "<!--info\nlang: zh\n-->\n\n## 为什么?\n<!--card\nid: a\n-->\n> 因为.\n"},
        )
        browse = seat.browse()
        seat.press(browse, "j L")
        assert find(browse, "因为.")
        seat.press(browse, "L")
        assert find(browse, "Because.")

    def test_formulas_as_written(self, tmp_path: Path) -> None:
        seat = Seat(tmp_path, "## Why?\n> $a_1$\n")
        browse = seat.browse()
        seat.press(browse, "j m m")
        assert browse.state.formulas == "source"
        seat.press(browse, "m")
        assert browse.state.formulas == "auto"


class TestEditor:
    @pytest.mark.parametrize(("keys", "line"), [("", 1), ("j", 3), ("j j", 5)])
    def test_it_opens_the_note_at_what_is_selected(
        self, seat: Seat, browse: Browse, keys: str, line: int
    ) -> None:
        effect = seat.press(browse, f"{keys} e")
        assert isinstance(effect, Edit)
        assert (effect.note.path, effect.line) == ("deck.md", line)

    def test_cursor_and_folds_stay(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j h j j e")
        assert selected(browse) == "How is lime removed?"
        write(seat.folder, {"deck.md": TREE.replace("With vinegar", "With lemon")})
        browse.edited(None)
        assert selected(browse) == "How is lime removed?"
        assert find(browse, "With lemon.")
        assert tree(browse) == ["▾ Kettles", "▸ Basics", "▾ Care", "· How is lime removed?"]

    def test_however_often_a_note_is_changed(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "G")
        for number in range(20):
            seat.press(browse, "e")
            write(seat.folder, {"deck.md": TREE.replace("With vinegar", f"With {number} lemons")})
            browse.edited(None)
            assert find(browse, f"With {number} lemons.")

    def test_a_question_that_is_gone_says_so(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "G e")
        write(seat.folder, {"deck.md": "## Why?\n> Because.\n"})
        browse.edited(None)
        assert message(browse) == "that question is no longer in its note"
        assert tree(browse) == ["▾ deck", "· Why?"]

    def test_a_note_without_any_question_left(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "G e")
        write(seat.folder, {"deck.md": "Nothing.\n"})
        browse.edited(None)
        assert find(browse, "no questions here")

    def test_an_editor_that_fails_is_told(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "e")
        browse.edited("vi ended with code 1")
        assert message(browse) == "vi ended with code 1"

    def test_notes_that_may_not_be_edited_say_why(self, seat: Seat, browse: Browse) -> None:
        seat.locked = "part of the program"
        assert seat.press(browse, "e") is None
        assert message(browse) == "part of the program"


class TestOverlays:
    @pytest.mark.parametrize("key", ["?", "i"])
    def test_the_key_and_escape_take_it_away_again(
        self, seat: Seat, browse: Browse, key: str
    ) -> None:
        seat.press(browse, "j j")
        before = rows(browse)
        for end in (key, "escape", "h"):
            seat.press(browse, f"{key} j k")
            assert rows(browse) != before
            seat.press(browse, end)
            assert rows(browse) == before

    def test_what_is_covered_does_not_move(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j j")
        before = rows(browse)
        seat.press(browse, "? j enter space G g pagedown escape")
        assert rows(browse) == before

    @pytest.mark.parametrize("before", ["", "?", "j j tab enter", "G enter"])
    def test_q_leaves_from_everywhere(self, seat: Seat, browse: Browse, before: str) -> None:
        assert seat.press(browse, f"{before} q") == Leave()


class TestMouse:
    def test_a_click_selects_a_row_and_a_second_one_opens_it(
        self, seat: Seat, browse: Browse
    ) -> None:
        browse.click(*find(browse, "What does a kettle do?"))
        assert selected(browse) == "What does a kettle do?"
        assert tree(browse) == AS_OPENED
        browse.click(*find(browse, "▸ · What"))
        assert tree(browse) == ALL_OPEN
        assert seat.store.events() == ()

    def test_a_click_on_a_link_opens_it(self, seat: Seat, browse: Browse) -> None:
        seat.press(browse, "j j")
        browse.click(*find(browse, "more on heat"))
        assert find(browse, PAGE_TEXT)
        browse.click(*find(browse, "lime [1]"))
        assert find(browse, "page.md › Lime and you")

    def test_a_click_on_the_footer_presses_its_key(self, seat: Seat, browse: Browse) -> None:
        browse.click(*find(browse, "/ search"))
        seat.press(browse, "w")
        browse.click(*find(browse, "Esc as before"))
        assert browse.state.search is None
        assert browse.click(*find(browse, "q leave")) == Leave()
        quiz_of(browse.click(*find(browse, "p practise")))

    def test_the_wheel_scrolls_the_tree_under_it_and_a_key_follows_the_cursor(
        self, tmp_path: Path
    ) -> None:
        seat = Seat(tmp_path, "".join(f"## Number {n}?\n> {n}.\n\n" for n in range(60)))
        browse = seat.browse()
        grid(browse)
        browse.wheel(3, 3, 30)
        assert find(browse, "Number 29?")[1] == 1
        assert selected(browse) == "deck"
        seat.press(browse, "j")
        assert find(browse, "Number 0?")

    def test_the_wheel_scrolls_the_preview_under_it(self, tmp_path: Path) -> None:
        text = "## Why?\n" + "".join(f"> Row {n}.\n>\n" for n in range(40))
        seat = Seat(tmp_path, text)
        browse = seat.browse()
        seat.press(browse, "j")
        browse.wheel(60, 10, 3)
        grid(browse)
        assert browse.state.preview.above == 3
        assert browse.state.top == 0
