"""From what a terminal reports to the names of keys; held keys."""

from __future__ import annotations

import pytest

from rlhf_qa.ui.typed import BOUNCE, HOLD, RepeatGuard, key_name, plain_form


@pytest.mark.parametrize(
    ("name", "character", "key"),
    [
        ("a", "a", "a"),
        ("A", "A", "A"),
        ("space", " ", "space"),
        ("enter", "\r", "enter"),
        ("tab", "\t", "tab"),
        ("shift+tab", None, "shift+tab"),
        ("escape", "\x1b", "escape"),
        ("backspace", "\x7f", "backspace"),
        ("question_mark", "?", "?"),
        ("left_square_bracket", "[", "["),
        ("plus", "+", "+"),
        ("pagedown", None, "pagedown"),
        ("f1", None, "f1"),
        # An input method that is left on.
        ("x", "３", "3"),
        ("x", "ｕ", "u"),
        ("x", "？", "?"),
        ("x", "【", "["),
        ("x", "】", "]"),
        ("x", "、", "/"),
        ("x", "／", "/"),
        ("x", "＊", "*"),
        ("x", "－", "-"),
        ("x", "＠", "@"),
        ("x", "\u3000", "space"),
        ("x", "水", "水"),
    ],
)
def test_a_key_has_one_name_however_it_is_typed(name: str, character: str | None, key: str) -> None:
    assert key_name(name, character) == key


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("ctrl+d", "\x04"),
        ("ctrl+j", "\n"),
        ("ctrl+3", "3"),
        ("alt+3", "3"),
        ("alt+enter", "\r"),
        ("alt+space", " "),
        ("alt+shift+g", "G"),
        ("meta+1", "1"),
        ("super+2", "2"),
        ("shift+ctrl+4", "4"),
    ],
)
def test_a_key_with_a_modifier_is_another_key(name: str, character: str) -> None:
    assert key_name(name, character) == name


def test_typed_lines_are_compared_in_plain_form() -> None:
    assert plain_form("【３】、ｄ　２") == "[3]/d 2"


class TestConfirming:
    def test_space_counts_after_a_rest_since_the_last_press_of_either(self) -> None:
        guard = RepeatGuard()
        presses = [("space", 0.0), ("space", 0.5), ("enter", 1.1), ("space", 1.8), ("enter", 2.5)]
        assert [guard.may_confirm(key, now) for key, now in presses] == [
            *(True, False, False, True, True)
        ]

    def test_exactly_the_rest_is_enough(self) -> None:
        guard = RepeatGuard()
        guard.may_confirm("space", 0.0)
        assert guard.may_confirm("space", HOLD)
        assert not guard.may_confirm("space", HOLD + HOLD - 0.01)

    def test_other_keys_need_no_rest_and_give_none(self) -> None:
        guard = RepeatGuard()
        guard.may_confirm("space", 0.0)
        assert guard.may_confirm("3", 0.1)
        assert not guard.may_confirm("space", 0.6)


class TestActing:
    @pytest.mark.parametrize("key", ["u", "U", "s", "-", "@"])
    def test_the_same_key_is_a_repeat_for_a_while(self, key: str) -> None:
        guard = RepeatGuard()
        times = [0.0, 0.2, 0.4, 0.4 + BOUNCE]
        assert [guard.is_repeat(key, now) for now in times] == [False, True, True, False]

    def test_another_key_is_none(self) -> None:
        guard = RepeatGuard()
        assert [guard.is_repeat(key, 0.0) for key in "uUu"] == [False] * 3

    @pytest.mark.parametrize("key", ["j", "1", "space", "d"])
    def test_keys_that_may_be_held_never_are(self, key: str) -> None:
        guard = RepeatGuard()
        assert [guard.is_repeat(key, 0.0) for _ in range(3)] == [False] * 3
