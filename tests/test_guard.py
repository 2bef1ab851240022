"""The stream guard itself: each class of harm is seen, and what is harmless is not."""

from __future__ import annotations

import pytest

from tests.cli import guard, run
from tests.guard import harmful


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\x1b[2Jb", "control U+001B"),
        ("a\x1b[31mb", "control U+001B"),
        ("a\x07b", "control U+0007"),
        ("a\x00b", "control U+0000"),
        ("a\rb", "control U+000D"),
        ("a\r\nb", "control U+000D"),
        ("a\x7fb", "control U+007F"),
        ("a\tb", "tab U+0009"),
        ("a\x9bb", "C1 U+009B"),
        ("a\x85b", "C1 U+0085"),
        ("a\u2028b", "separator U+2028"),
        ("a\u202eb", "bidi U+202E"),
        ("a\u2066b", "bidi U+2066"),
        ("a\u200fb", "bidi U+200F"),
        ("a\U000e0041b", "tag U+E0041"),
        ("a\u200bb", "invisible U+200B"),
        ("a\udcffb", "surrogate U+DCFF"),
        ("⬆\ufe0f", "selector U+FE0F"),
    ],
)
def test_sees(text: str, found: str) -> None:
    assert harmful(text) == [found]


@pytest.mark.parametrize(
    "text", ["", "a\nb\n", "奖励 → λ", "می\u200cخواهم", "👩\u200d🔬", "[/] %s"]
)
def test_lets_visible_text_pass(text: str) -> None:
    assert harmful(text) == []


def test_styles_are_ours_only_where_there_are_styles() -> None:
    assert harmful("\x1b[1;31mbold\x1b[0m", styled=True) == []
    assert harmful("\x1b[1mbold\x1b[2J", styled=True) == ["control U+001B"]
    assert harmful("\x1b]8;;x\x07y", styled=True) == ["control U+001B", "control U+0007"]
    assert harmful("\x1b[?1049h", styled=True) == ["control U+001B"]


def test_a_terminal_ends_lines_with_cr_lf_and_has_no_other_cr() -> None:
    assert harmful("a\r\nb\r\n", tty=True) == []
    assert harmful("a\rb\r\n", tty=True) == ["control U+000D"]


def test_columns_may_be_parted_by_tabs_and_data_may_hold_selectors_but_nothing_else() -> None:
    assert harmful("a\tb", tabs=True) == []
    assert harmful("a\x1bb", tabs=True) == ["control U+001B"]
    assert harmful("⬆\ufe0f", data=True) == []
    assert harmful("a\u202eb\t", data=True) == ["tab U+0009", "bidi U+202E"]


def test_stands_between_every_command_and_its_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlhf_qa.render.sanitize.clean", str)
    with pytest.raises(AssertionError, match=r"control U\+001B"):
        run("paths", env={"RLHF_QA_DATA": "/data\x1b[2J"})


@pytest.mark.parametrize(
    ("arguments", "out", "err"),
    [
        (("stats",), "a\tb", ""),
        (("list", "--json"), "a\tb", ""),
        (("show",), "⬆\ufe0f", ""),
        (("list",), "", "⬆\ufe0f"),
        (("export", "json"), "", "\x1b[31m"),
    ],
)
def test_knows_what_a_command_may_print(arguments: tuple[str, ...], out: str, err: str) -> None:
    with pytest.raises(AssertionError):
        guard(arguments, out, err)
