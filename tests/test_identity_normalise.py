"""Texts that must be the same to identity, and texts that must stay apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.identity import answer_digest, normalise_answer, normalise_heading, path_key
from rlhf_qa.normalise import SEPARATOR

HEADINGS = [
    # plain words, case, width, spacing
    ("Reward Hacking", "rewardhacking"),
    ("奖励 黑客", "奖励黑客"),
    ("ＰＰＯ（近端）", "ppo近端"),
    ("PPO\u00a0与\u3000DPO\t对比", "ppo与dpo对比"),
    ("Straße", "strasse"),
    ("e\u0301tat", "état"),
    ("\ufeffKL 惩罚", "kl惩罚"),
    ("zero\u200bwidth\u00ad", "zerowidth"),
    # markers
    ("✅ 什么是对齐", "什么是对齐"),
    ("🔥什么是对齐", "什么是对齐"),
    ("⬆️ 什么是对齐 ✅", "什么是对齐"),
    ("↔️ 什么是对齐", "什么是对齐"),
    ("👍🏽 what", "what"),
    ("1️⃣ what", "what"),
    ("🇩🇪 what", "what"),
    ("✅ 2. 🔥 what", "what"),
    # numbering
    ("1. what", "what"),
    ("1.什么", "什么"),
    ("1.2. what", "what"),
    ("1.2.3.什么", "什么"),
    ("3) what", "what"),
    ("3） what", "what"),
    ("3、什么", "什么"),
    ("(3) what", "what"),
    ("Q4: what", "what"),
    ("q4：what", "what"),
    ("Q 12. what", "what"),
    ("Question 7: what", "what"),
    ("Q3 什么", "什么"),
    ("一、基础", "基础"),
    ("十二、基础", "基础"),
    ("（二）基础", "基础"),
    ("(二) 基础", "基础"),
    ("问题 5：什么", "什么"),
    ("题目001: 什么", "什么"),
    ("2) Q5: 什么", "什么"),
    # a bare section number
    ("1.2 奖励模型", "奖励模型"),
    ("✅ 12.10 Reward model", "rewardmodel"),
    ("1.2.3 KL 散度", "kl散度"),
    ("3.2 DPO", "dpo"),
    # not numbering
    ("3 stages", "3stages"),
    ("3.5 倍的加速", "35倍的加速"),
    ("3.5倍的加速", "35倍的加速"),
    ("1.5 times faster", "15timesfaster"),
    ("7.5 B 参数", "75b参数"),
    ("1.2 % of tokens", "12oftokens"),
    ("0.5 as a rate", "05asarate"),
    ("2.0 的变化", "20的变化"),
    ("Q-learning", "qlearning"),
    ("Q8_0 量化", "q80量化"),
    ("一个奖励模型", "一个奖励模型"),
    ("第 3 步", "第3步"),
    # signs that carry meaning
    ("C++", "c++"),
    ("C#", "c#"),
    ("C", "c"),
    ("C #", "c"),
    ("# of tokens", "oftokens"),
    ("a < b = c", "a<b=c"),
    ("$5 €6", "$5€6"),
    (r"E_{x \sim p}^2", "exsimp2"),
    ("on-policy", "onpolicy"),
    ("`code_span`", "codespan"),
    # nothing left
    ("", ""),
    ("  \t", ""),
    ("？！", "?!"),
    ("🏷️", "🏷️"),
    ("1.", "1."),
    ("（二）", "(二)"),
    (" . .\x1f. ", "..."),
]


@pytest.mark.parametrize(("plain", "normal"), HEADINGS)
def test_a_heading_is_reduced_to_what_it_asks(plain: str, normal: str) -> None:
    assert normalise_heading(plain) == normal


@pytest.mark.parametrize(
    ("plain", "normal"),
    [
        ("1. 先训练 SFT", "1先训练sft"),
        ("3.5 倍。", "35倍"),
        ("✅ KL 惩罚（β = 0.1）\n\n防止跑偏。", "kl惩罚β=01防止跑偏"),
        ("↔ swap", "↔swap"),
        ("", ""),
        ("……", "......"),
    ],
)
def test_an_answer_keeps_the_numbers_it_begins_with(plain: str, normal: str) -> None:
    assert normalise_answer(plain) == normal


def test_a_path_key_joins_all_headings() -> None:
    assert path_key(["🏷️ 1. 基础", "✅ 什么是 PPO？"]) == "基础\x1f什么是ppo"
    assert path_key(["基础什么", "是"]) != path_key(["基础", "什么是"])
    assert path_key([]) == ""


def test_an_answer_digest_sees_words_and_nothing_else() -> None:
    digest = answer_digest("**KL** 惩罚，防止跑偏。")
    assert len(digest) == 16
    assert set(digest) <= set("0123456789abcdef")
    assert digest == answer_digest("KL惩罚 防止\r\n跑偏")
    assert digest != answer_digest("KL 惩罚，防止走偏。")
    # What BLAKE2b of 8 bytes, by the reference implementation b2sum, gives for no text at all.
    assert answer_digest("") == "e4a6a0577479b2b4"


def test_a_long_answer_is_digested_to_its_end() -> None:
    assert answer_digest("字" * 9_000 + "甲") != answer_digest("字" * 9_000 + "乙")


@given(st.text(max_size=40))
def test_any_text_is_the_same_decomposed_and_spaced(plain: str) -> None:
    normal = normalise_heading(plain)
    assert normalise_heading(unicodedata.normalize("NFD", plain)) == normal
    assert normalise_heading(f" {plain}\n") == normal
    assert not any(char.isspace() for char in normal)
    assert SEPARATOR not in normal


@given(st.text(alphabet="1.2 )Q:、一(✅①a问题", max_size=30))
def test_numbers_in_front_never_swallow_the_words(plain: str) -> None:
    assert normalise_heading(f"{plain}z").endswith("z")


def test_very_long_numbering_is_read_once() -> None:
    assert normalise_heading("1) " * 50_000 + "end") == "end"
    assert normalise_heading("1." * 50_000 + "1x") == "1" * 50_001 + "x"
