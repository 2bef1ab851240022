"""What a heading says by its words: marker, number, whether it asks, labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.headings import (
    Bare,
    asks,
    bare,
    begins_with_bare_decimal,
    is_answer_label,
    is_category,
    is_contents_label,
    is_reference_label,
)


@pytest.mark.parametrize(
    ("plain", "marker"),
    [
        ("✅ Why", "✅"),
        ("⬆️ Why", "⬆️"),
        ("⬆ Why", "⬆"),
        ("🏷️Why", "🏷️"),
        ("↔️ Why", "↔️"),
        ("↔ Why", "↔"),
        ("✔️ ☑️ Why", "✔️"),
        ("🔥✅ Why", "🔥"),
        ("1️⃣ Why", "1️⃣"),
        ("#️⃣ Why", "#️⃣"),
        ("👍🏽 Why", "👍🏽"),
        ("👩‍💻 Why", "👩‍💻"),
        ("🇨🇳 Why", "🇨🇳"),
        ("💡 1. ✅ Why", "💡"),
        ("Why", None),
    ],
)
def test_leading_symbols_are_taken_off_and_the_first_is_the_marker(
    plain: str, marker: str | None
) -> None:
    found = bare(plain)
    assert (found.text, found.marker) == ("Why", marker)


@pytest.mark.parametrize(
    "number",
    [
        "1.",
        "1.1.",
        "12.3.4.",
        "2)",
        "2）",
        "(2)",
        "（2）",
        "3、",
        "一、",
        "十二、",
        "三.",
        "（二）",
        "(二)",
        "1. 2)",
        "✅ 1.",
        "1. ✅",
        "🏷️ 一、 🔥 2.",
    ],
)
def test_leading_numbers_are_taken_off(number: str) -> None:
    for gap in ("", " ", "\u3000"):
        found = bare(f"{number}{gap}答案")
        assert (found.text, found.numbered, found.asked_by_number) == ("答案", True, False)


@pytest.mark.parametrize(
    "number",
    ["Q4:", "Q4：", "q4.", "Q 4 ", "Question 4:", "问题 5：", "题目006:", "题目 7 ", "1. Q2:"],
)
def test_numbers_of_questions_ask(number: str) -> None:
    found = bare(f"{number}答案")
    assert (found.text, found.asked_by_number) == ("答案", True)
    assert asks(found)


@pytest.mark.parametrize(
    "plain",
    [
        "3 stages",
        "3.5 倍的速度",
        "3.5x faster",
        "1.2 Title",
        "2024 年",
        "7B 模型",
        "Q-learning",
        "Qwen3: x",
    ],
)
def test_numbers_that_belong_to_the_text_stay(plain: str) -> None:
    assert bare(plain) == Bare(plain)


def test_a_bare_decimal_is_a_number_where_the_document_says_so() -> None:
    assert begins_with_bare_decimal("✅ 1.2 Title")
    assert not begins_with_bare_decimal("1.2. Title")
    assert bare("1.2 Title", bare_decimals=True) == Bare("Title", numbered=True)
    assert bare("🔥 1.2.3 Title", bare_decimals=True) == Bare("Title", "🔥", numbered=True)
    assert bare("3 stages", bare_decimals=True) == Bare("3 stages")


@pytest.mark.parametrize(
    ("plain", "text"), [("题目 7", "题目 7"), ("3.", "3."), ("✅ 3.", "3."), ("✅", ""), ("", "")]
)
def test_a_heading_of_nothing_but_a_number_keeps_it(plain: str, text: str) -> None:
    assert bare(plain).text == text


@given(st.text(max_size=30))
def test_what_is_left_is_an_end_of_the_heading_without_leading_symbols(plain: str) -> None:
    found = bare(plain)
    assert plain.strip().endswith(found.text)
    again = bare(found.text)
    assert again.marker is None
    assert again.text == found.text


@pytest.mark.parametrize(
    ("marker", "expected"),
    [("🏷️", True), ("🏷", True), ("🔖", True), ("✅", False), ("📌", False), (None, False)],
)
def test_categories(marker: str | None, expected: bool) -> None:
    assert is_category(marker) is expected


@pytest.mark.parametrize(
    "plain",
    [
        "Reward hacking?",
        "奖励黑客？",
        "Reward hacking? (hard)",
        "奖励黑客？（选做（难））",
        "什么是对齐",
        "为什么冻结参考模型",
        "✅ 1. 如何训练",
        "请推导",
        "写出损失函数",
        "PPO 与 DPO 的区别",
        "奖励模型是什么",
        "常见做法有哪些",
        "训练发散怎么办",
        "Explain the KL term",
        "walk me through PPO",
        "Define reward hacking [easy]",
        "1. Why freeze the reference",
        "2) Is it on-policy",
    ],
)
def test_reads_as_a_question(plain: str) -> None:
    assert asks(bare(plain))


@pytest.mark.parametrize(
    "plain",
    [
        "Reward hacking",
        "奖励黑客",
        "Explain it",
        "Definition of the KL term",
        "Why freeze the reference",
        "1. Whyever not",
        "1. Results of the run",
        "(why?)",
        "区别对待",
        "",
    ],
)
def test_does_not_read_as_a_question(plain: str) -> None:
    assert not asks(bare(plain))


@pytest.mark.parametrize(
    "label",
    [
        "参考",
        "参考资料",
        "✅ 参考文献:",
        "来源",
        "References",
        "Sources",
        "links",
        "3. Further reading",
        "参考 (全部)",
    ],
)
def test_reference_labels(label: str) -> None:
    assert is_reference_label(label)
    assert not is_answer_label(label)


@pytest.mark.parametrize(
    "label", ["参考模型", "参考答案", "参考代码", "Reference model", "Link prediction"]
)
def test_what_only_begins_like_a_reference_label(label: str) -> None:
    assert not is_reference_label(label)


@pytest.mark.parametrize(
    "label",
    [
        "答案",
        "参考答案",
        "解答",
        "查看答案",
        "点击展开答案",
        "💡 点击查看参考答案",
        "Answer",
        "Answer:",
        "Solution",
        "Show answer",
        "Click to see the answer",
        "view answers",
    ],
)
def test_answer_labels(label: str) -> None:
    assert is_answer_label(label)


@pytest.mark.parametrize(
    "label", ["代码", "解析", "提示", "Hint", "show code", "Answering machine"]
)
def test_other_labels(label: str) -> None:
    assert not is_answer_label(label)
    assert not is_reference_label(label)


def test_contents_labels() -> None:
    assert all(map(is_contents_label, ("目录", "Contents", "TOC", "Table of contents")))
    assert not any(map(is_contents_label, ("目录结构", "Content", "Tocqueville")))
