"""Lines of prose: never too wide, nothing lost, no sign where it must not stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import cells, chop, fit, widest_unit, wrap, wrap_text

FORBIDDEN_START = "，。、；：？！…—～·）］｝」』】〕》〉”’々ーっゃゅょッャュョ,.;:?!)]}/%‰°℃"
FORBIDDEN_END = "（［｛「『【〔《〈“‘([{"


def rows(text: str, width: int) -> list[str]:
    return [line.text for line in wrap_text(SafeText(text), width)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("奖励模型训练", 8, ["奖励模型", "训练"]),
        # The sign would stand first: the character before it moves down with it.
        ("奖励模型，训练", 8, ["奖励模", "型，训练"]),
        ("他说（奖励）好", 6, ["他说", "（奖", "励）好"]),
        ("使用PPO算法", 8, ["使用PPO", "算法"]),
        # Latin words and numbers with their signs and units stay whole.
        ("约为 -0.95% 左右", 9, ["约为", "-0.95% 左", "右"]),
        ("KL-regularised objective", 16, ["KL-regularised", "objective"]),
        ("KL-regularised objective", 10, ["KL-", "regularise", "d", "objective"]),
        ("策略和/或价值", 8, ["策略和/", "或价值"]),
        ("他停了……然后走", 7, ["他停", "了……然", "后走"]),
        ('say "yes" (no)', 8, ["say", '"yes"', "(no)"]),
        ("see https://a.example/x/", 20, ["see", "https://a.example/x/"]),
        (
            "see https://a.example/long/path?x=1",
            20,
            ["see https://a.", "example/long/path?x=", "1"],
        ),
        ("价格是$500左右", 9, ["价格是", "$500左右"]),
        ("", 10, [""]),
        ("a\nb", 10, ["a", "b"]),
        ("a\n\nb", 10, ["a", "", "b"]),
        ("  blanks   hang  ", 8, ["blanks", "hang"]),
        ("한국어 낱말", 6, ["한국어", "낱말"]),
    ],
)
def test_where_lines_break(text: str, width: int, expected: list[str]) -> None:
    assert rows(text, width) == expected


def test_a_links_number_stays_with_its_word() -> None:
    spans = [Span(SafeText("核心流程 的说明"), Role.LINK, 1), Span(SafeText(" "))]
    spans.append(Span(SafeText("[1]"), Role.REFERENCE, 1))
    for width in range(8, 24):
        assert [line.text for line in wrap(spans, width)][-1] != "[1]"


def test_a_formula_breaks_between_its_spans_only() -> None:
    pieces = ["L", " ", "= −log σ(r)", " ", "+ c"]
    spans = [Span(SafeText(piece), Role.FORMULA) for piece in pieces]
    assert [line.text for line in wrap(spans, 13)] == ["L = −log σ(r)", "+ c"]
    assert [line.text for line in wrap(spans, 12)] == ["L", "= −log σ(r)", "+ c"]


def test_roles_and_targets_follow_their_text() -> None:
    spans = [
        Span(SafeText("奖励"), Role.STRONG),
        Span(SafeText("模型 is a "), Role.TEXT),
        Span(SafeText("model"), Role.LINK, 3),
    ]
    lines = wrap(spans, 8)
    assert lines == (
        Line((Span(SafeText("奖励"), Role.STRONG), Span(SafeText("模型"), Role.TEXT))),
        Line((Span(SafeText("is a"), Role.TEXT),)),
        Line((Span(SafeText("model"), Role.LINK, 3),)),
    )


WORDS = st.one_of(
    st.text("奖励模型训练数据，。；：（）《》、", min_size=1, max_size=12),
    st.sampled_from(
        [
            "RLHF",
            "r_phi(x,",
            "-0.5%",
            "don't",
            '"quoted"',
            "(see",
            "below)",
            "カード",
            "ー",
            "한국어",
        ]
    ),
    st.sampled_from(
        ["🔥", "⚠", "👩\u200d🔬", "e\u0301", "https://x.example/a/b?c=d", "a_b_c_d_e_f_g"]
    ),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=6).map(clean),
)
TEXTS = st.builds(
    lambda words, joints: "".join(word + joint for word, joint in zip(words, joints, strict=False)),
    st.lists(WORDS, max_size=30),
    st.lists(st.sampled_from(["", " ", "  "]), min_size=30, max_size=30),
)


@given(TEXTS, st.integers(8, 120))
@settings(max_examples=300)
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = rows(clean(text), width)
    assert [line for line in lines if cell_len(line) > width] == []
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


PROSE = st.lists(
    st.one_of(
        st.text("奖励模型训练数据策略", min_size=1, max_size=9),
        st.sampled_from(
            [
                "，",
                "。",
                "；",
                "、",
                "RLHF",
                "PPO 算法",
                "0.9%",
                "（KL 惩罚）",
                "《论文》",
                "“引号”",
            ]
        ),
        st.sampled_from(
            [" and", " (reward model)", " the policy,", " so: ", ' "yes" ', " loss/gain "]
        ),
    ),
    min_size=1,
    max_size=40,
).map("".join)


def bad_edges(lines: Sequence[str]) -> list[str]:
    starts = [line for line in lines[1:] if line and line[0] in FORBIDDEN_START]
    return starts + [line for line in lines[:-1] if line and line[-1] in FORBIDDEN_END]


@given(PROSE, st.integers(20, 120))
@settings(max_examples=300)
def test_prose_has_no_bad_edges(text: str, width: int) -> None:
    # Runs of signs without a word between them offer no good break: prose has none.
    if not any(a in FORBIDDEN_START and b in FORBIDDEN_START for a, b in pairwise(text)):
        assert bad_edges(rows(text, width)) == []


@given(TEXTS, st.integers(8, 60))
def test_wrapping_is_stable(text: str, width: int) -> None:
    first = wrap_text(clean(text), width)
    assert wrap_text(clean(text), width) == first


@pytest.mark.parametrize("text", ["字" * 100_000, "a" * 100_000, "(" * 100_000, "a " * 50_000])
def test_long_paragraphs_are_wrapped_whole(text: str) -> None:
    lines = wrap_text(SafeText(text), 80)
    assert sum(len(line.text.replace(" ", "")) for line in lines) == len(text.replace(" ", ""))
    assert max(cells(line.text) for line in lines) <= 80


@given(TEXTS, st.integers(2, 40))
def test_fit_keeps_the_beginning(text: str, width: int) -> None:
    safe = clean(text)
    label = fit(safe, width)
    assert cells(label) <= width
    assert label == safe or (label.endswith("…") and safe.startswith(label[:-1]))


@given(TEXTS, st.integers(4, 40))
def test_code_is_chopped_without_losing_a_blank(text: str, width: int) -> None:
    row = (Span(clean(text), Role.CODE),)
    lines = list(chop(row, width, width - 2))
    assert "".join(line.text for line in lines) == clean(text)
    assert cells(lines[0].text) <= width
    assert [line for line in lines[1:] if cells(line.text) > width - 2] == []


def test_the_widest_unit_is_what_a_column_needs() -> None:
    assert widest_unit([Span(SafeText("奖励 model (x)"))]) == 5
    assert widest_unit([Span(SafeText("字，好"))]) == 4
    assert widest_unit([Span(SafeText(""))]) == 0
