"""Nothing but visible text passes the one boundary to the terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.render.sanitize import clean, clean_block, dump_json, escape_json

ANY = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Mn", "Zl", "Zp"]),
        st.sampled_from("\x1b\x07\u202e\u2066\ufe0f\u200b\u200d\U000e0041\t\n\x9b奖励"),
    )
)
PERMITTED = {"\u200c", "\u200d", "\n"}


def harmful(text: str) -> list[str]:
    """Characters that do something instead of being something, but private-use ones."""
    return [
        f"{ord(c):04X}"
        for c in text
        if c not in PERMITTED
        and (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") or c in "\ufe0e\ufe0f")
        and c not in _VISIBLE_FORMAT
    ]


_VISIBLE_FORMAT = frozenset(
    # Signs of Arabic, Syriac, Kaithi and Egyptian writing: format characters with a shape.
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    + "".join(map(chr, range(0x13430, 0x13440)))
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x9b31m", "�31m"),
        ("a\x07b", "a␇b"),
        ("x" + "\x00" * 9, "x␀×9"),
        ("abc\u202edef", "abc‹202E›def"),
        ("\u2066x\u2069", "‹2066›x‹2069›"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("✔\ufe0f 好", "✔ 好"),
        ("a\tb\nc", "a b c"),
        ("a\u2028b", "a b"),
        ("\udcff.md", "\\xff.md"),
        ("\ud800", "�"),
        ("e" + "\u0301" * 30, "e" + "\u0301" * 8),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("[bold]no markup[/]", "[bold]no markup[/]"),
    ],
)
def test_what_is_shown(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_block_keeps_its_rows_and_fills_tabs_to_the_next_stop() -> None:
    assert clean_block("a\tb\n奖\tc\r\n\tx") == "a   b\n奖  c␍\n    x"


@given(ANY)
def test_nothing_harmful_is_left(text: str) -> None:
    assert harmful(clean(text)) == []
    assert "\n" not in clean(text)
    assert harmful(clean_block(text)) == []


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_block(clean_block(text)) == clean_block(text)
    assert len(clean(text)) <= 6 * len(text)


@given(ANY)
def test_visible_text_is_kept(text: str) -> None:
    visible = [c for c in text if unicodedata.category(c)[0] in "LNP"]
    hidden = {"\u115f", "\u1160", "\u3164", "\uffa0"}
    left = clean(text)
    assert all(c in left for c in visible if c not in hidden)


@given(st.recursive(ANY | st.integers() | st.none(), lambda x: st.dictionaries(ANY, x, max_size=3)))
def test_json_is_equal_after_parsing_and_harmless_before(value: object) -> None:
    line = dump_json(value)
    assert json.loads(line) == value
    assert [c for c in harmful(line) if c not in ("FE0E", "FE0F")] == []
    assert "\n" not in line


def test_json_has_no_number_that_json_does_not_know() -> None:
    with pytest.raises(ValueError, match="JSON"):
        dump_json({"x": float("nan")})


def test_escaped_json_stays_json() -> None:
    assert json.loads(escape_json('{"a": "\u202e\x7f"}')) == {"a": "\u202e\x7f"}
