"""Folds of an answer on the full screen: found by Tab, opened one by one or all at once."""

from __future__ import annotations

from pathlib import Path

from tests.faces import Seat, grid

FOLDED = """\
## Why?
> Because.

<details><summary>first</summary>

hidden words

</details>

<details><summary>second</summary>

more words

</details>
"""


def test_a_fold_in_focus_opens_with_enter_and_closes_again(tmp_path: Path) -> None:
    seat = Seat(tmp_path, FOLDED)
    quiz = seat.quiz()
    seat.press(quiz, "space")
    assert "▸ first (1 line)" in grid(quiz)
    seat.press(quiz, "tab enter")
    assert "hidden words" in grid(quiz)
    assert "more words" not in grid(quiz)
    seat.press(quiz, "tab enter")
    assert "more words" in grid(quiz)
    seat.press(quiz, "enter")
    assert "more words" not in grid(quiz)
    assert seat.grades() == []


def test_all_open_and_close_with_z(tmp_path: Path) -> None:
    seat = Seat(tmp_path, FOLDED)
    quiz = seat.quiz()
    seat.press(quiz, "space z")
    assert "hidden words" in grid(quiz)
    assert "more words" in grid(quiz)
    seat.press(quiz, "z")
    assert "words" not in grid(quiz)
