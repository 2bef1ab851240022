"""The keys of the full-screen quiz: what each does before and after the answer is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rlhf_qa.collection import Entry
from rlhf_qa.errors import NotStored
from rlhf_qa.events import EventKind
from rlhf_qa.memory import Rating
from rlhf_qa.planner import Limits
from rlhf_qa.render.lines import Role
from rlhf_qa.store import Store
from rlhf_qa.ui.face import Edit, Enter, Face, Leave, OpenWeb
from rlhf_qa.ui.keys import EVERYWHERE, QUIZ
from rlhf_qa.ui.quiz import Quiz
from rlhf_qa.ui.quiz_state import Overlay
from rlhf_qa.ui.typed import key_name
from tests.faces import Seat, find, grid, message, rows, spoken
from tests.learner import Learner
from tests.notes import TREE, write

OF_THE_TERMINAL = {"ctrl+c", "ctrl+z"}
"""Keys that app.py follows itself."""

FIRST = "What does a kettle do?"
SECOND = "How is lime removed?"
ANSWER = "it boils water"
PAGE_TEXT = "Water boils at a temperature."


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path)


@pytest.fixture
def quiz(seat: Seat) -> Quiz:
    return seat.quiz()


def one(folder: Path, text: str) -> tuple[Seat, Quiz]:
    seat = Seat(folder, text)
    return seat, seat.quiz()


def asked(quiz: Quiz) -> str:
    """The question on the screen; none at the end."""
    return " ".join(spoken(quiz, Role.QUESTION, 200))


def revealed(quiz: Quiz) -> bool:
    return quiz.state.hand is not None and quiz.state.hand.revealed


def acts(learner: Learner) -> list[str]:
    """What was recorded but for settings, in order."""
    return [event.kind for event in learner.store.events() if event.kind != EventKind.SETTINGS]


def test_the_table_of_keys_lists_exactly_those_that_do_something(quiz: Quiz) -> None:
    listed = [name for key in (*QUIZ, *EVERYWHERE) for name in key.names]
    assert set(listed) - OF_THE_TERMINAL == quiz.keys
    assert len(listed) == len(set(listed))


class TestGrading:
    @pytest.mark.parametrize("key", ["space", "enter"])
    def test_space_and_enter_show_the_answer_and_then_are_good(
        self, seat: Seat, quiz: Quiz, key: str
    ) -> None:
        seat.press(quiz, key)
        assert ANSWER in grid(quiz)
        assert asked(quiz) == FIRST
        assert seat.grades() == []
        seat.press(quiz, key)
        assert seat.grades() == [3]
        assert asked(quiz) == SECOND
        assert message(quiz) == "Good: 2 d"

    @pytest.mark.parametrize("rating", Rating)
    def test_a_digit_after_the_answer_is_a_grade(
        self, seat: Seat, quiz: Quiz, rating: Rating
    ) -> None:
        seat.press(quiz, f"space {rating.value}")
        assert seat.grades() == [rating]
        assert asked(quiz) == SECOND
        assert not revealed(quiz)

    @pytest.mark.parametrize("key", ["1", "2", "3", "4"])
    def test_a_digit_before_it_only_says_what_comes_first(
        self, seat: Seat, quiz: Quiz, key: str
    ) -> None:
        before = rows(quiz)
        seat.press(quiz, key)
        assert message(quiz) == "first Space, to see the answer"
        assert rows(quiz)[:-2] == before[:-2]
        assert seat.store.events() == ()
        seat.press(quiz, "x")
        assert rows(quiz) == before

    def test_a_held_space_records_nothing(self, seat: Seat, quiz: Quiz) -> None:
        """The first repeat comes after half a second, then thirty a second for three."""
        seat.press(quiz, "space")
        seat.press(quiz, "space", pause=0.5)
        seat.press(quiz, "space " * 90, pause=1 / 30)
        assert seat.store.events() == ()
        seat.press(quiz, "space", pause=0.71)
        assert seat.grades() == [3]

    def test_space_a_second_after_space_records_one_good(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space space", pause=1)
        seat.press(quiz, "space " * 20, pause=1 / 30)
        assert seat.grades() == [3]

    def test_enter_held_after_space_records_nothing(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space")
        seat.press(quiz, "enter space enter", pause=0.5)
        assert seat.store.events() == ()

    def test_a_digit_needs_no_rest(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space 3", pause=0.01)
        assert seat.grades() == [3]

    def test_the_time_of_a_card_runs_from_its_question(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space 3 space 1", pause=4)
        assert [event.duration_ms for event in seat.live_grades()] == [8000, 8000]

    @pytest.mark.parametrize("digit", "1234")
    @pytest.mark.parametrize("with_", ["ctrl", "alt", "meta", "super", "ctrl+shift"])
    def test_no_key_with_a_modifier_is_a_grade(
        self, seat: Seat, quiz: Quiz, with_: str, digit: str
    ) -> None:
        seat.press(quiz, "space")
        seat.press(quiz, key_name(f"{with_}+{digit}", digit))
        seat.press(quiz, key_name("ctrl+j", "\n"))
        seat.press(quiz, key_name(f"{with_}+space", " "))
        assert seat.store.events() == ()

    def test_nothing_pasted_is_a_grade(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space")
        quiz.paste("3333")
        assert seat.store.events() == ()

    @pytest.mark.parametrize("typed", ["３", "3"])
    def test_full_width_digits_are_digits(self, seat: Seat, quiz: Quiz, typed: str) -> None:
        seat.press(quiz, key_name("x", "　"))
        seat.press(quiz, key_name("x", typed))
        assert seat.grades() == [3]

    @pytest.mark.parametrize(
        ("typed", "name"), [("？", "?"), ("＊", "*"), ("－", "-"), ("＠", "@")]
    )
    def test_signs_of_a_chinese_input_method_are_signs(
        self, seat: Seat, quiz: Quiz, typed: str, name: str
    ) -> None:
        assert key_name("x", typed) == name
        before = rows(quiz)
        seat.press(quiz, key_name("x", typed))
        assert rows(quiz) != before

    def test_brackets_of_one_go_back_and_on(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space d tab enter")
        there = rows(quiz)
        seat.press(quiz, key_name("x", "【"))
        assert PAGE_TEXT in grid(quiz)
        seat.press(quiz, key_name("x", "】"))
        assert rows(quiz) == there

    def test_a_grade_that_is_not_stored_leaves_the_card(
        self, seat: Seat, quiz: Quiz, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seat.press(quiz, "space")
        before = rows(quiz)
        with monkeypatch.context() as patch:

            def full(*_: object, **__: object) -> None:
                raise NotStored("not stored: the disk is full")

            patch.setattr(Store, "append", full)
            for key in ("3", "-", "*"):
                seat.press(quiz, key)
                assert message(quiz) == "not stored: the disk is full"
                assert rows(quiz)[:-2] == before[:-2]
        assert seat.store.events() == ()
        seat.press(quiz, "3")
        assert seat.grades() == [3]


class TestUndo:
    def test_undo_brings_the_card_back_without_its_answer_and_redo_the_grade(
        self, seat: Seat, quiz: Quiz
    ) -> None:
        before = rows(quiz)
        seat.press(quiz, "space 1 u")
        assert message(quiz) == f"taken back: Again: {FIRST}"
        assert asked(quiz) == FIRST
        assert not revealed(quiz)
        assert seat.grades() == []
        assert rows(quiz)[0] == before[0]
        seat.press(quiz, "U")
        assert message(quiz) == f"done again: {FIRST}"
        assert seat.grades() == [1]
        assert asked(quiz) == SECOND

    def test_any_number_of_grades(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space 1 space 2 space 3 u u u")
        assert seat.grades() == []
        assert asked(quiz) == FIRST
        seat.press(quiz, "U U U")
        assert seat.grades() == [1, 2, 3]
        seat.press(quiz, "U")
        assert message(quiz) == "nothing to do again"

    def test_a_key_that_bounces_undoes_once(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space 1 space 2")
        seat.press(quiz, "u u u u", pause=0.1)
        assert seat.grades() == [1]

    def test_a_grade_of_an_earlier_sitting_is_asked_about_first(self, seat: Seat) -> None:
        seat.press(seat.quiz(), "space 1")
        later = seat.quiz()
        seat.press(later, "u")
        assert message(later) == "take back the last grade of an earlier sitting? y does it"
        seat.press(later, "u")
        assert message(later) == ""
        assert seat.grades() == [1]
        seat.press(later, "u y")
        assert message(later) == f"taken back: Again: {FIRST}"
        assert seat.grades() == []
        assert asked(later) == FIRST
        seat.press(later, "U")
        assert seat.grades() == [1]

    def test_redo_works_in_a_later_sitting(self, seat: Seat) -> None:
        seat.press(seat.quiz(), "space 2 u")
        seat.press(seat.quiz(), "U")
        assert seat.grades() == [2]

    def test_without_a_past_it_says_so(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "u")
        assert message(quiz) == "nothing to undo"
        assert asked(quiz) == FIRST

    def test_the_last_grade_of_a_sitting_comes_back_from_its_end(
        self, seat: Seat, quiz: Quiz
    ) -> None:
        seat.press(quiz, "space 3 " * 4)
        assert asked(quiz) == ""
        seat.press(quiz, "u")
        assert asked(quiz) == "Who hears it?"
        assert seat.grades() == [3, 3, 3]


class TestPages:
    def test_a_page_before_the_answer_is_a_hint_asked_for_twice_and_kept(
        self, seat: Seat, quiz: Quiz
    ) -> None:
        seat.press(quiz, "d")
        assert message(quiz) == "this may give the answer away: d again opens it"
        assert PAGE_TEXT not in grid(quiz)
        seat.press(quiz, "d")
        assert PAGE_TEXT in grid(quiz)
        assert ANSWER not in grid(quiz)
        seat.press(quiz, "d space 3")
        assert [event.payload.get("hint") for event in seat.live_grades()] == [True]

    def test_one_after_it_is_none(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space d 3")
        assert [event.payload.get("hint") for event in seat.live_grades()] == [None]

    def test_d_opens_and_closes(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space")
        before = rows(quiz)
        seat.press(quiz, "d")
        assert PAGE_TEXT in grid(quiz)
        seat.press(quiz, "d")
        assert rows(quiz) == before

    def test_escape_closes_the_page_too(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space")
        before = rows(quiz)
        seat.press(quiz, "d escape")
        assert rows(quiz) == before

    def test_the_next_card_has_no_page_beside_it(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space d 3 space")
        assert PAGE_TEXT not in grid(quiz)
        assert asked(quiz) == SECOND

    def test_a_link_leads_to_its_section_and_back_to_the_same_rows(
        self, seat: Seat, quiz: Quiz
    ) -> None:
        seat.press(quiz, "space d j tab")
        before = rows(quiz)[:-1]
        seat.press(quiz, "enter")
        assert find(quiz, "page.md › Lime and you")
        assert PAGE_TEXT not in grid(quiz)
        there = rows(quiz)
        seat.press(quiz, "[")
        assert rows(quiz)[:-1] == before
        seat.press(quiz, "[")
        assert message(quiz) == "nothing before this"
        seat.press(quiz, "]")
        assert rows(quiz) == there
        seat.press(quiz, "]")
        assert message(quiz) == "nothing after this"
        seat.press(quiz, "alt+left alt+right")
        assert rows(quiz) == there

    def test_enter_follows_the_link_in_focus_of_the_card(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space tab enter")
        assert PAGE_TEXT in grid(quiz)
        assert seat.grades() == []

    def test_space_turns_the_pages_of_the_page_and_never_grades(self, tmp_path: Path) -> None:
        long = "# Long\n\n" + "\n\n".join(f"Paragraph {n}." for n in range(40))
        seat = Seat(tmp_path, "## Why?\n> [a](long.md)\n", {"long.md": long})
        quiz = seat.quiz()
        seat.press(quiz, "space d space space space space")
        assert seat.grades() == []
        assert quiz.state.deep.above > 0
        assert revealed(quiz)

    def test_several_links_are_a_list_to_choose_from(self, tmp_path: Path) -> None:
        text = "## Why?\n> Because.\n>> [a](page.md#heat) [b](page.md#lime-and-you)\n"
        seat, quiz = one(tmp_path, text)
        seat.press(quiz, "space d")
        assert quiz.state.overlay is Overlay.LINKS
        seat.press(quiz, "tab tab enter")
        assert find(quiz, "page.md › Lime and you")
        seat.press(quiz, "d d space space")
        assert quiz.state.overlay is Overlay.LINKS
        assert seat.grades() == []
        seat.press(quiz, "d")
        assert quiz.state.overlay is None

    def test_shift_tab_begins_with_the_last_link(self, tmp_path: Path) -> None:
        text = "## Why?\n> [a](page.md#heat) or [b](page.md#lime-and-you)\n"
        seat, quiz = one(tmp_path, text)
        seat.press(quiz, "space shift+tab")
        assert spoken(quiz, Role.FOCUS)[0] == "b"
        seat.press(quiz, "shift+tab")
        assert spoken(quiz, Role.FOCUS)[0] == "a"
        seat.press(quiz, "escape")
        assert spoken(quiz, Role.FOCUS) == []

    def test_a_missing_page_costs_a_line(self, tmp_path: Path) -> None:
        seat, quiz = one(tmp_path, "## Why?\n> Because.\n>> [a](gone.md)\n")
        seat.press(quiz, "space d")
        assert find(quiz, "not there: gone.md, linked from deck.md")

    def test_a_card_without_links_says_so(self, tmp_path: Path) -> None:
        seat, quiz = one(tmp_path, "## Why?\n> Because.\n")
        seat.press(quiz, "space d")
        assert message(quiz) == "no links here"
        before = rows(quiz)
        seat.press(quiz, "tab shift+tab [ ]")
        assert rows(quiz)[:-2] == before[:-2]

    def test_a_web_link_is_shown_before_it_is_opened(self, tmp_path: Path) -> None:
        seat, quiz = one(tmp_path, "## Why?\n> Because.\n>> [b](https://example.org/x)\n")
        assert seat.press(quiz, "space o") is None
        assert message(quiz).startswith("open the link first")
        seat.press(quiz, "d")
        assert find(quiz, "on the web, example.org: https://example.org/x")
        assert seat.press(quiz, "o") == OpenWeb("https://example.org/x")

    def test_a_page_of_the_notes_is_no_web_link(self, seat: Seat, quiz: Quiz) -> None:
        assert seat.press(quiz, "space d o") is None
        assert message(quiz) == "not a web link"


class TestOverlays:
    @pytest.mark.parametrize("key", ["?", "i"])
    def test_the_key_and_escape_take_it_away_again(self, seat: Seat, quiz: Quiz, key: str) -> None:
        seat.press(quiz, "space")
        before = rows(quiz)
        for end in (key, "escape"):
            seat.press(quiz, key)
            assert rows(quiz) != before
            seat.press(quiz, end)
            assert rows(quiz) == before

    @pytest.mark.parametrize("key", ["?", "i"])
    def test_space_and_enter_never_act_on_what_is_covered(
        self, seat: Seat, quiz: Quiz, key: str
    ) -> None:
        seat.press(quiz, f"{key} space enter")
        assert not revealed(quiz)
        seat.press(quiz, "escape space")
        seat.press(quiz, f"{key} space enter")
        assert seat.grades() == []

    def test_the_page_below_is_where_it_was(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space d j j")
        before = rows(quiz)
        seat.press(quiz, "? pagedown escape")
        assert rows(quiz) == before
        seat.press(quiz, "k k d")
        assert quiz.state.trail.here is None

    def test_the_ends_of_a_long_text(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "?")
        top = rows(quiz)
        seat.press(quiz, "G")
        assert find(quiz, "to the end")
        end = rows(quiz)
        seat.press(quiz, "g")
        assert rows(quiz) == top
        seat.press(quiz, "end")
        assert rows(quiz) == end
        seat.press(quiz, "home pagedown pagedown")
        assert rows(quiz) == end
        seat.press(quiz, "pageup pageup ctrl+d ctrl+d")
        assert rows(quiz) == end
        seat.press(quiz, "ctrl+u ctrl+u")
        assert rows(quiz) == top

    def test_a_row_at_a_time_down_and_up(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "?")
        top = rows(quiz)
        seat.press(quiz, "j down k")
        assert rows(quiz)[3] == top[4]
        seat.press(quiz, "up k")
        assert rows(quiz) == top


class TestEditor:
    def test_it_opens_the_note_at_the_question(self, seat: Seat, quiz: Quiz) -> None:
        effect = seat.press(quiz, "e")
        assert isinstance(effect, Edit)
        assert effect.note.path == "deck.md"
        assert effect.line == 5

    @pytest.mark.parametrize("keys", ["", "space"])
    def test_an_unchanged_note_leaves_the_same_card(
        self, seat: Seat, quiz: Quiz, keys: str
    ) -> None:
        seat.press(quiz, keys)
        before = rows(quiz)
        seat.press(quiz, "e")
        quiz.edited(None)
        assert rows(quiz) == before

    def test_a_changed_note_is_shown_as_it_is_now(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space e")
        write(seat.folder, {"deck.md": TREE.replace(ANSWER, "it makes tea possible")})
        quiz.edited(None)
        assert asked(quiz) == FIRST
        assert find(quiz, "it makes tea possible")

    def test_however_often_it_is_changed(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space")
        for number in range(20):
            seat.press(quiz, "e")
            write(seat.folder, {"deck.md": TREE.replace(ANSWER, f"it boils {number} cups")})
            quiz.edited(None)
            assert find(quiz, f"it boils {number} cups")

    def test_a_question_that_is_gone_makes_room_for_the_next(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space e")
        write(seat.folder, {"deck.md": f"## {SECOND}\n> With vinegar.\n"})
        quiz.edited(None)
        assert message(quiz) == "that question is no longer in its note"
        assert asked(quiz) == SECOND
        assert not revealed(quiz)

    def test_a_hint_is_not_forgotten_in_the_editor(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "d d e")
        quiz.edited(None)
        seat.press(quiz, "space 3")
        assert [event.payload.get("hint") for event in seat.live_grades()] == [True]

    def test_an_editor_that_fails_is_told(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "e")
        quiz.edited("vi ended with code 1")
        assert message(quiz) == "vi ended with code 1"
        assert asked(quiz) == FIRST

    def test_notes_that_may_not_be_edited_say_why(self, seat: Seat, quiz: Quiz) -> None:
        seat.locked = "part of the program"
        assert seat.press(quiz, "e") is None
        assert message(quiz) == "part of the program"

    def test_a_note_saved_elsewhere_is_read_before_the_next_card(
        self, seat: Seat, quiz: Quiz
    ) -> None:
        write(seat.folder, {"deck.md": TREE.replace("With vinegar", "With the juice of a lemon")})
        seat.press(quiz, "space 3 space")
        assert find(quiz, "With the juice of a lemon.")


class TestPuttingAside:
    @pytest.mark.parametrize("key", ["s", "-", "@"])
    @pytest.mark.parametrize("before", ["", "space"])
    def test_the_card_goes_and_undo_brings_it_back(
        self, seat: Seat, quiz: Quiz, before: str, key: str
    ) -> None:
        said, kinds, after = {
            "s": ("skipped; s again drops it", [], SECOND),
            "-": ("buried until tomorrow; u takes it back", [EventKind.BURY], SECOND),
            # Its follow-ups are held back no longer.
            "@": ("suspended; u takes it back", [EventKind.SUSPEND], "Why does it whistle?"),
        }[key]
        seat.press(quiz, f"{before} {key}")
        assert message(quiz) == said
        assert asked(quiz) == after
        assert acts(seat) == kinds
        seat.press(quiz, "u")
        assert asked(quiz) == FIRST
        assert not revealed(quiz)

    @pytest.mark.parametrize("key", ["s", "-", "@"])
    def test_a_key_that_bounces_acts_once(self, seat: Seat, quiz: Quiz, key: str) -> None:
        seat.press(quiz, f"{key} {key} {key}", pause=0.2)
        left = seat.session.counts().left
        assert left == {"s": 3, "-": 1, "@": 3}[key]

    def test_skipped_twice_is_out_of_the_sitting(self, tmp_path: Path) -> None:
        seat, quiz = one(tmp_path, "## Why?\n> Because.\n")
        seat.press(quiz, "s")
        assert asked(quiz) == "Why?"
        seat.press(quiz, "s")
        assert asked(quiz) == ""

    def test_a_mark_is_set_and_taken_off_with_the_card_in_hand(
        self, seat: Seat, quiz: Quiz
    ) -> None:
        seat.press(quiz, "space *")
        assert message(quiz) == "marked"
        assert [set(state.marks) for state in seat.store.states().values()] == [{"star"}]
        seat.press(quiz, "*")
        assert message(quiz) == "mark taken off"
        assert asked(quiz) == FIRST
        assert revealed(quiz)

    def test_forgetting_asks_first(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space 4 u U")
        seat.clock.sleep_days(30)
        later = seat.quiz()
        seat.press(later, "F")
        assert message(later) == f"start “{FIRST}” anew? y does it"
        seat.press(later, "n")
        assert EventKind.FORGET not in acts(seat)
        assert message(later) == ""
        seat.press(later, "F y")
        assert EventKind.FORGET in acts(seat)
        assert message(later) == "starts anew tomorrow; u takes it back"
        seat.press(later, "u")
        assert asked(later) == FIRST


class TestFollowUps:
    def test_asked_for_before_the_grade_they_come_next_if_it_was_recalled(
        self, seat: Seat, quiz: Quiz
    ) -> None:
        seat.press(quiz, "space f")
        assert message(quiz) == "follow-ups come next, if you grade it Good or Easy"
        seat.press(quiz, "3")
        assert message(quiz) == "Good: 2 d · 2 follow-ups come next"
        assert asked(quiz) == "Why does it whistle?"

    def test_a_second_time_they_are_not(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space f f")
        assert message(quiz) == "no follow-ups"
        seat.press(quiz, "3")
        assert asked(quiz) == SECOND

    def test_not_if_it_was_missed(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space f 1")
        assert asked(quiz) == SECOND

    def test_asked_for_afterwards_and_ended_by_escape(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space 3 f")
        assert message(quiz) == "2 follow-ups; Esc ends them"
        assert asked(quiz) == "Why does it whistle?"
        seat.press(quiz, "escape")
        assert asked(quiz) == SECOND

    def test_without_any_it_says_so(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "f")
        assert message(quiz) == "no follow-ups of the last card to ask"


FOLDED = """\
## Why?
> Because $a_1$.

<details><summary>more</summary>

hidden words

</details>
"""


class TestLooks:
    def test_folds_open_and_close(self, tmp_path: Path) -> None:
        seat, quiz = one(tmp_path, FOLDED)
        seat.press(quiz, "space")
        assert "hidden words" not in grid(quiz)
        seat.press(quiz, "z")
        assert "hidden words" in grid(quiz)
        seat.press(quiz, "z")
        assert "hidden words" not in grid(quiz)

    def test_formulas_go_through_three_forms(self, tmp_path: Path) -> None:
        seat, quiz = one(tmp_path, FOLDED)
        seat.press(quiz, "space")
        said = []
        for _ in range(3):
            seat.press(quiz, "m")
            said.append(message(quiz))
        assert said == [
            "formulas: on one line",
            "formulas: as written",
            "formulas: boxes where they fit",
        ]

    def test_the_other_language_of_a_card_and_back(self, tmp_path: Path) -> None:
        seat = Seat(
            tmp_path,
            "## Why?\n<!--card\nid: a\n-->\n> Because.\n>> [more](page.md#heat)\n",
            {"zh.md": "<!--info\nlang: zh\n-->\n\n## 为什么?\n<!--card\nid: a\n-->\n> 因为.\n"},
        )
        quiz = seat.quiz()
        seat.press(quiz, "L")
        assert asked(quiz) == "为什么?"
        seat.press(quiz, "space L d L")
        assert asked(quiz) == "为什么?"
        assert find(quiz, "因为.")
        assert quiz.state.pane is quiz.state.card

    def test_a_card_without_one_says_so(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "L")
        assert message(quiz) == "this card has no other language"

    def test_information_about_a_card(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space 3")
        seat.clock.sleep_days(2)
        later = seat.quiz()
        seat.press(later, "i")
        shown = grid(later)
        for line in (
            "why: due: recall now 91%",
            "recall now: 91%",
            "memory: stability 2.3 d, difficulty 2.1",
            "history: 1 graded, 0 lapses",
            "source: deck.md:5",
        ):
            assert f"\n {line}\n" in shown


def test_five_more_minutes_at_the_end(tmp_path: Path) -> None:
    seat = Seat(tmp_path, "".join(f"## Number {n}?\n> {n}.\n\n" for n in range(30)))
    quiz = seat.quiz(limits=Limits(new=1, new_is_default=False))
    seat.press(quiz, "+")
    assert asked(quiz) == "Number 0?"
    seat.press(quiz, "space 3")
    assert asked(quiz) == ""
    seat.press(quiz, "+")
    assert asked(quiz) == "Number 1?"


def test_more_of_nothing_is_nothing(seat: Seat, quiz: Quiz) -> None:
    seat.press(quiz, "space 3 " * 4 + "+")
    assert message(quiz) == "nothing more to ask: every card waits for its day"


@pytest.mark.parametrize("before", ["", "space", "space d", "?", "space 3 " * 4])
def test_q_leaves_from_everywhere(seat: Seat, quiz: Quiz, before: str) -> None:
    assert seat.press(quiz, f"{before} q") == Leave()


@pytest.mark.parametrize("before", ["", "space", "space 3 " * 4])
def test_escape_with_nothing_open_does_nothing(seat: Seat, quiz: Quiz, before: str) -> None:
    seat.press(quiz, f"{before} x")
    shown = rows(quiz)
    seat.press(quiz, "escape")
    assert rows(quiz) == shown


def test_a_key_without_meaning_does_nothing(seat: Seat, quiz: Quiz) -> None:
    before = rows(quiz)
    seat.press(quiz, "x + y Y f12 ctrl+a 7 0")
    assert rows(quiz) == before
    assert seat.store.events() == ()


class TestMouse:
    def test_a_click_on_an_item_of_the_footer_presses_its_key(self, seat: Seat, quiz: Quiz) -> None:
        quiz.click(*find(quiz, "show answer"))
        assert revealed(quiz)
        seat.clock.wait(1)
        quiz.click(*find(quiz, "3 Good"))
        assert seat.grades() == [3]
        assert quiz.click(*find(quiz, "q leave")) == Leave()
        quiz.click(*find(quiz, "? help"))
        quiz.click(*find(quiz, "Esc close"))
        assert quiz.state.overlay is None

    def test_a_click_on_a_link_follows_it(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space")
        quiz.click(*find(quiz, "more on heat"))
        assert PAGE_TEXT in grid(quiz)
        quiz.click(*find(quiz, "lime [1]"))
        assert find(quiz, "page.md › Lime and you ──")

    @pytest.mark.parametrize("size", [(120, 30), (80, 24), (40, 20)])
    def test_a_link_of_a_page_in_every_layout(
        self, seat: Seat, quiz: Quiz, size: tuple[int, int]
    ) -> None:
        seat.press(quiz, "space d")
        column, row = find(quiz, "lime [1]", *size)
        for beside in ((column, row - 1), (column, row + 1), (column - 2, row)):
            quiz.click(*beside)
            assert PAGE_TEXT in grid(quiz, *size)
        quiz.click(column, row)
        assert PAGE_TEXT not in grid(quiz, *size)

    def test_a_click_on_text_does_nothing(self, seat: Seat, quiz: Quiz) -> None:
        seat.press(quiz, "space")
        before = rows(quiz)
        for column, row in ((3, 3), (3, 5), (79, 5), (0, 0), (79, 23)):
            assert quiz.click(column, row) is None
        assert rows(quiz) == before

    def test_the_wheel_scrolls_what_is_under_it(self, seat: Seat, quiz: Quiz) -> None:
        seat.size = (80, 12)
        seat.press(quiz, "space d")
        card, page = find(quiz, "it boils", 80, 12), find(quiz, PAGE_TEXT, 80, 12)
        quiz.wheel(*page, 3)
        quiz.frame(80, 12)
        assert (quiz.state.card.above, quiz.state.deep.above) == (0, 3)
        quiz.wheel(*card, 1)
        quiz.frame(80, 12)
        assert (quiz.state.card.above, quiz.state.deep.above) == (1, 3)
        quiz.wheel(*page, -9)
        quiz.frame(80, 12)
        assert (quiz.state.card.above, quiz.state.deep.above) == (1, 0)


SITTING = (
    # What is typed in line mode, and the keys of the full screen.
    ("", "space"),
    ("3", "3"),
    ("*", "*"),
    ("", "space"),
    ("1", "1"),
    ("u", "u"),
    ("U", "U"),
    ("2", "2"),  # not before the answer
    ("d", "d"),
    ("d", "d"),
    ("", "d space"),
    ("f", "f"),
    ("2", "2"),
    ("s", "s"),
    ("-", "-"),
    ("u", "u"),
    ("", "space"),
    ("L", "L"),
    ("m", "m"),
    ("4", "4"),
    ("", "space"),
    ("1", "1"),
    ("", "space"),
    ("3", "3"),
    ("@", "@"),
    ("F", "F y"),
)


def history(learner: Learner) -> list[tuple[object, ...]]:
    return [
        (e.kind, e.card, e.rating, e.payload.get("hint"), e.payload.get("digest"))
        for e in learner.store.events()
    ]


def test_the_same_sitting_gives_the_same_events_in_both_faces(tmp_path: Path) -> None:
    lines, full = Learner(tmp_path / "a"), Seat(tmp_path / "b")
    lines.sit(*(typed for typed, _ in SITTING))
    full.press(full.quiz(), " ".join(keys for _, keys in SITTING))
    assert history(full) == history(lines)
    kinds = [kind for kind, *_ in history(full)]
    for kind in (EventKind.REVIEW, EventKind.RETRY, EventKind.UNDO, EventKind.MARK):
        assert kind in kinds
    assert [event.payload.get("hint") for event in full.live_grades()].count(True) == 1


def test_b_at_the_end_browses_the_topics_of_what_was_missed(seat: Seat) -> None:
    looked: list[list[str]] = []

    def look(entries: Sequence[Entry]) -> Face:
        looked.append([entry.question.text for entry in entries])
        return seat.browse()

    found = seat.notes()
    quiz = Quiz(
        seat.reading(found),
        seat.sitting(found, found.entries, None),
        lambda every: every,
        "",
        look=look,
    )
    seat.press(quiz, "space 3 space 1 space 3 space 3 space 3")
    assert isinstance(seat.press(quiz, "b"), Enter)
    assert looked == [["How is lime removed?"]]


def test_what_was_done_while_browsing_counts_when_one_comes_back(seat: Seat) -> None:
    """A card graded there is not asked again, and a note changed there is read anew."""
    browse = seat.browse()
    found = seat.notes()
    quiz = Quiz(
        seat.reading(found),
        seat.sitting(found, found.entries, Limits(new=1, new_is_default=False)),
        lambda every: every,
        "",
        look=lambda _: browse,
    )
    seat.press(quiz, "space 3")
    assert asked(quiz) == ""
    assert isinstance(seat.press(quiz, "b"), Enter)
    practised = seat.press(browse, "G p")
    assert isinstance(practised, Enter)
    assert isinstance(practised.face, Quiz)
    seat.press(practised.face, "space 4 q")
    quiz.back()
    assert rows(quiz)[0].split() == ["2/2"]
    seat.press(quiz, "+")
    assert asked(quiz) == "Why does it whistle?"
