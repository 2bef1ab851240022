"""Anchors against values that GitHub's own renderer gives for the same headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.anchors import loosen, number_slugs, slug

VARIATION = "\ufe0f"


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (f"🏷{VARIATION} 基础概念", f"{VARIATION}-基础概念"),
        ("✅ a/b? c, d", "-ab-c-d"),
        ("1.1. ✅ A", "11--a"),
        (f"1{VARIATION}\u20e3 key", f"1{VARIATION}\u20e3-key"),
        ("👍🏽 skin", "-skin"),
        ("a  b", "a--b"),
        ("a\tb", "ab"),
        ("a\u00a0b", "ab"),
        ("a\u3000b", "ab"),
        ("ΑΣ", "ας"),
        ("İ", "i\u0307"),
        ("A {#id}", "a-id"),
        ("C++ & C# (.NET)", "c--c-net"),
        ("code_span x", "code_span-x"),
        ("__init__", "__init__"),
        ("x_i^2 math", "x_i2-math"),
        ("E=mc^2", "emc2"),
        ("Bradley–Terry", "bradleyterry"),
        ("全角：（），。？！", "全角"),
        ("日本語ー・", "日本語ー"),
        ("x² ½ ①Ⓐ Ⅷ", "x--ⓐ-ⅷ"),
        ("", ""),
    ],
)
def test_slug(plain: str, expected: str) -> None:
    assert slug(plain) == expected


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (
            [f"🏷{VARIATION}", f"🏷{VARIATION}", "✅", "✅"],
            [VARIATION, f"{VARIATION}-1", "", "-1"],
        ),
        (["a", "a-1", "a", "a"], ["a", "a-1", "a-2", "a-3"]),
        (
            ["Hello World", "Hello World", "hello world", "Hello World-1", "Hello World"],
            ["hello-world", "hello-world-1", "hello-world-2", "hello-world-1-1", "hello-world-3"],
        ),
    ],
)
def test_repeats_are_numbered_and_taken_numbers_skipped(
    plain: list[str], expected: list[str]
) -> None:
    assert number_slugs(plain) == expected


@given(st.lists(st.sampled_from(["a", "A", "a-1", "a 1", "a-1-1", "b", "✅"]), max_size=30))
def test_no_two_headings_of_a_document_share_an_anchor(plain: list[str]) -> None:
    found = number_slugs(plain)
    assert len(set(found)) == len(plain)


@given(st.text())
def test_a_slug_holds_nothing_that_ends_an_address(plain: str) -> None:
    assert not set(slug(plain)) & set(" #?&/%()<>\"'\t\n")


def test_loosened_anchors_forget_punctuation_marks_only() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert loosen(f"{VARIATION}-{composed}--x") == loosen(f"-{decomposed}-x") == "caféx"
    assert loosen("a-1") != loosen("a-2")
