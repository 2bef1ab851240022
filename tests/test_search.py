"""Searching questions: what is found, in which order, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.search import Index, Rank, fold, matches, words_of
from tests.notes import collection, write

NOTES = """\
# Deck

## 🏷️ Reward models

### What is ⚠️ reward hacking?
<!--card
tags: [safety]
-->
> - **Goodhart**: a measure that becomes a target stops measuring.

### Why is PPO clipped?
> The reward estimate is trusted only near the old policy.

## Other

### 什么是奖励黑客?
> 模型钻 **奖励模型** 的空子.

### How is a reward chosen?
>> [hacking it](x.md)
"""


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(collection(write(tmp_path, {"deck.md": NOTES})).entries)


def found(index: Index, typed: str) -> list[tuple[str, Rank]]:
    return [(hit.entry.question.text, hit.rank) for hit in index.find(typed)]


HACKING = "What is ⚠️ reward hacking?"
CLIPPED = "Why is PPO clipped?"
CHOSEN = "How is a reward chosen?"
CHINESE = "什么是奖励黑客?"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("reward hacking", [(HACKING, Rank.PHRASE), (CHOSEN, Rank.ANSWER)]),
        ("hacking reward", [(HACKING, Rank.QUESTION), (CHOSEN, Rank.ANSWER)]),
        ("ppo", [(CLIPPED, Rank.PHRASE)]),
        ("ＰＰＯ", [(CLIPPED, Rank.PHRASE)]),
        ("ppo reward", [(CLIPPED, Rank.TOPIC)]),
        ("safety", [(HACKING, Rank.TOPIC)]),
        ("goodhart", [(HACKING, Rank.KEY_POINT)]),
        ("stops", [(HACKING, Rank.ANSWER)]),
        ("奖励", [(CHINESE, Rank.PHRASE)]),
        ("空子", [(CHINESE, Rank.ANSWER)]),
        ("⚠", [(HACKING, Rank.PHRASE)]),
        ("reward nowhere", []),
        ("", []),
        ("   ", []),
    ],
)
def test_what_is_found_best_first(
    index: Index, typed: str, expected: list[tuple[str, Rank]]
) -> None:
    assert found(index, typed) == expected


def test_equal_ranks_keep_the_order_of_the_documents(index: Index) -> None:
    assert [text for text, _ in found(index, "is")] == [HACKING, CLIPPED, CHOSEN]


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("ＰＰＯ and ppo", "ppo", ["ＰＰＯ", "ppo"]),
        ("奖励模型的奖励", "奖励", ["奖励", "奖励"]),
        ("a ⚠️ sign", "⚠ sign", ["⚠", "sign"]),
        ("banana", "ana an", ["anan"]),
        ("ﬁne", "fi", ["ﬁ"]),
        ("x", "y", []),
        ("x", "", []),
    ],
)
def test_where_the_words_stand(text: str, typed: str, marked: list[str]) -> None:
    assert [text[a:b] for a, b in matches(text, words_of(typed))] == marked


@given(st.text(max_size=40), st.text(max_size=6))
def test_ranges_lie_apart_in_the_text_and_hold_what_was_typed(text: str, typed: str) -> None:
    words = words_of(typed)
    last = -1
    for start, end in matches(text, words):
        assert last < start < end <= len(text)
        assert any(word[0] in fold(text[start:end]) for word in words)
        last = end
