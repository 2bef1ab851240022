"""The parser against golden cases, and field by field on a whole note in the style it is for."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from rlhf_qa import files
from rlhf_qa.model import (
    CardMetadata,
    Code,
    Document,
    DocumentMetadata,
    Extract,
    Level,
    Link,
    LinkPlace,
    Question,
    QuestionKind,
    Style,
    StyleFrom,
)
from rlhf_qa.normalise import path_key
from rlhf_qa.parser import parse
from tests.parser_fixtures import FOLDER, Case, cases, dump

THEMES = ("quotes", "answers", "folded", "outline", "not_cards", "recognition", "problems")
CASES = [case for theme in THEMES for case in cases(theme)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_golden_case(case: Case) -> None:
    assert dump(parse(case.note, "note")) == case.expected


def test_every_theme_is_run() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {*THEMES, "twin_QA"}


# A whole note.


@pytest.fixture(scope="module")
def twin() -> Document:
    return parse(files.decode((FOLDER / "twin_QA.md").read_bytes()), "twin_QA")


def ask(document: Document, line: int) -> Question:
    (question,) = [q for q in document.questions if q.line == line]
    return question


def test_twin_as_a_document(twin: Document) -> None:
    assert twin.title == "推测解码 (Decoding) 面试问题汇总"
    assert twin.short_title == "推测解码-QA"
    assert (twin.lang, twin.style, twin.style_from) == ("zh", Style.TREE, StyleFrom.RECOGNISED)
    assert twin.metadata == DocumentMetadata(
        toc_title="推测解码-QA", date="2026-01-05 09:30:00", hidden=True, order=0
    )
    assert twin.line_count == 126
    assert twin.is_deck
    assert twin.cards == 11
    assert twin.problems == ()
    assert twin.other_anchors == {}


ANSWER, LINKS, NO = QuestionKind.ANSWER, QuestionKind.LINK_ONLY, QuestionKind.UNANSWERED


@pytest.mark.parametrize(
    ("line", "end", "depth", "parent", "marker", "kind", "answer", "points", "deeper"),
    [
        (50, 53, 0, None, "✅", ANSWER, (51, 52), 1, 53),
        (55, 57, 1, 50, "⬆️", ANSWER, (56, 57), 2, None),
        (59, 61, 1, 50, "⬆️", ANSWER, (60, 61), 2, None),
        (63, 65, 1, 50, "⬆️", ANSWER, (64, 65), 2, None),
        (67, 69, 0, None, "✅", ANSWER, (68, 68), 0, 69),
        (71, 72, 1, 67, "⬆️", LINKS, (72, 72), 0, None),
        (74, 75, 1, 67, "⬆️", ANSWER, (75, 75), 0, None),
        (77, 81, 1, 67, "⬆️", ANSWER, (78, 80), 3, 81),
        (86, 90, 0, None, "✅", ANSWER, (87, 89), 3, 90),
        (92, 95, 1, 86, "⬆️", ANSWER, (93, 95), 2, None),
        (99, 99, 0, None, None, NO, None, 0, None),
        (101, 103, 1, 99, "💡", ANSWER, (102, 102), 0, 103),
        (105, 105, 1, 99, None, NO, None, 0, None),
        (107, 107, 1, 99, None, NO, None, 0, None),
    ],
)
def test_twin_question(  # noqa: PLR0917 -- one row of a table
    twin: Document,
    line: int,
    end: int,
    depth: int,
    parent: int | None,
    marker: str | None,
    kind: QuestionKind,
    answer: tuple[int, int] | None,
    points: int,
    deeper: int | None,
) -> None:
    question = ask(twin, line)
    above = None if question.parent is None else twin.questions[question.parent].line
    assert (question.end_line, question.depth, above) == (end, depth, parent)
    assert (question.marker, question.kind) == (marker, kind)
    assert (question.answer and question.answer.lines) == (answer and (answer,))
    assert question.answered is (answer is not None)
    assert len(question.key_points) == points
    assert [note.lines for note in question.deeper] == ([((deeper, deeper),)] if deeper else [])
    assert question.details is None
    assert question.prompt is None


def test_twin_counts(twin: Document) -> None:
    assert [q.line for q in twin.questions] == sorted(q.line for q in twin.questions)
    assert len(twin.questions) == 14
    assert sum(q.depth == 0 for q in twin.questions) == 4
    assert sum(len(q.key_points) for q in twin.questions) == 15
    assert sum(bool(q.key_points) for q in twin.questions) == 7
    assert sum(len(q.deeper) for q in twin.questions) == 5


def test_twin_first_question_in_full(twin: Document) -> None:
    assert ask(twin, 50) == Question(
        line=50,
        end_line=53,
        depth=0,
        parent=None,
        section=("加速原理",),
        trail=(
            "🏷️ 加速原理",
            "✅ 什么是推测解码? 为什么需要它? 与逐词生成相比快在哪里? 怎样保证结果不变?",
        ),
        marker="✅",
        kind=ANSWER,
        text="什么是推测解码? 为什么需要它? 与逐词生成相比快在哪里? 怎样保证结果不变?",
        markdown="✅ 什么是推测解码? 为什么需要它? 与逐词生成相比快在哪里? 怎样保证结果不变?",
        answer=Extract(
            "推测解码 (Speculative Decoding) 让小模型先起草, 大模型一次核对多个词\n"
            "- 利用 **草稿模型** 的廉价预测与 **目标模型** 的并行验证,"
            " 在 **不改变分布** 的前提下加速;",
            ((51, 52),),
        ),
        key_points=ask(twin, 50).key_points,
        deeper=(Extract("[推测解码入门](./推测解码.md#入门)", ((53, 53),)),),
        links=(Link("推测解码入门", "./推测解码.md#入门", 53, LinkPlace.DEEPER),),
        plain_answer="推测解码 (Speculative Decoding) 让小模型先起草, 大模型一次核对多个词\n"
        "利用 草稿模型 的廉价预测与 目标模型 的并行验证, 在 不改变分布 的前提下加速;",
    )


def test_twin_key_points(twin: Document) -> None:
    labels = {
        50: ["草稿模型 · 目标模型 · 不改变分布"],
        55: ["接受率", "每轮前进的词数"],
        77: ["自推测", "多头起草", "树状验证"],
        86: ["假设", "公式", "极限"],
        92: [
            "修正分布是两个概率之差截断后再归一化的结果;",
            "实现时先比较随机数与概率之比, 失败的位置才需要重新采样, 其后的草稿全部作废;",
        ],
    }
    for line, expected in labels.items():
        assert [point.label for point in ask(twin, line).key_points] == expected
    nested = ask(twin, 92).key_points[0]
    assert nested.lines == ((93, 94),)
    assert nested.markdown == (
        "修正分布是两个概率之差截断后再归一化的结果;\n"
        "- 即 $p'_i \\propto \\max(0, p_i - q_i)$, 其中 $q_i$ 来自 **草稿模型**;"
    )


def test_twin_links_and_remarks(twin: Document) -> None:
    found = [(link.line, link.place, link.target) for q in twin.questions for link in q.links]
    assert found == [
        (53, LinkPlace.DEEPER, "./推测解码.md#入门"),
        (69, LinkPlace.DEEPER, "./推测解码.md#一轮的流程"),
        (72, LinkPlace.ANSWER, "./推测解码.md#一轮的流程"),
        (90, LinkPlace.DEEPER, "./推测解码.md#期望长度"),
        (103, LinkPlace.DEEPER, "https://example.org/posts/spec_at_scale/"),
    ]
    assert ask(twin, 77).deeper[0].markdown == "共同点是 **省去单独的草稿模型, 但要改动推理代码**;"
    assert ask(twin, 103 - 2).links[0].text == "Speculation at scale: when it hurts | notes"


def test_twin_sections(twin: Document) -> None:
    sections = [h for h in twin.headings if h.question is None]
    assert [(h.level, h.line, h.end_line, h.marker, h.text) for h in sections] == [
        (1, 1, 126, None, "推测解码 (Decoding) 面试问题汇总"),
        (2, 48, 83, "🏷️", "加速原理"),
        (2, 84, 96, "🏷️", "验证算法"),
        (2, 97, 126, "🏷️", "工程实践"),
    ]
    assert ask(twin, 105).section == ("工程实践",)
    assert ask(twin, 105).trail == (
        "🏷️ 工程实践",
        "动态批处理 (Continuous Batching) 与推测解码如何共存?",
        "草稿长度怎么自动选择?",
    )
    heading = next(h for h in twin.headings if h.line == 77)
    assert twin.headings[heading.parent or 0].line == 67
    assert twin.questions[heading.question or 0].line == 77


def test_twin_contents_resolve(twin: Document) -> None:
    anchors = {h.slug: h.line for h in twin.headings}
    assert twin.has_generated_toc
    assert [entry.line for entry in twin.toc] == list(range(26, 43))
    assert [anchors[entry.anchor] for entry in twin.toc] == [h.line for h in twin.headings[1:]]


# What no editor shows.


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("### Why?\n> a\u202eb\n", 2, Code.HIDDEN_TEXT),
        ("### Why?\n> a\n\n> \u2066b\u2069\n", 4, Code.HIDDEN_TEXT),
        ("---\ntitle: \U000e0041\n---\n", 2, Code.HIDDEN_TEXT),
        ("### Why?\n> a\n\n##\u00a0b\n", 4, Code.NOT_A_HEADING),
        ("### Why?\n> a\n\n##\u3000b\n", 4, Code.NOT_A_HEADING),
    ],
)
def test_characters_that_are_not_seen(text: str, line: int, code: Code) -> None:
    (problem,) = [p for p in parse(text, "note").problems if p.code is not Code.BAD_METADATA]
    assert (problem.line, problem.code) == (line, code)


def test_only_line_ends_end_lines() -> None:
    note = parse("### Why?\n> a\u2028b\x0bc\x0cd\x85e\n> f\n", "note")
    (question,) = note.questions
    assert question.answer == Extract("a\u2028b\x0bc\x0cd\x85e\nf", ((2, 3),))
    assert note.line_count == 3


@pytest.mark.parametrize("case", [c for c in CASES if c.note.strip()], ids=str)
def test_line_ends_and_byte_order_marks_do_not_matter(case: Case) -> None:
    plain = parse(files.decode((case.note + "\n").encode()), "note")
    for text in (
        "\ufeff" + case.note + "\n",
        case.note.replace("\n", "\r\n") + "\r\n",
        case.note.replace("\n", "\r") + "\r",
        case.note.replace("\n", "\r\n", 1) + "\n",
        case.note,
    ):
        assert parse(files.decode(text.encode()), "note") == plain


def test_the_parser_names_these_problems_and_no_others() -> None:
    named = {p.code for case in CASES for p in parse(case.note, "note").problems}
    assert named | {Code.HIDDEN_TEXT, Code.STYLE_DOUBT} == {
        Code.DEEP_NESTING,
        Code.UNCLOSED_COMMENT,
        Code.UNCLOSED_SECTION,
        Code.UNCLOSED_DETAILS,
        Code.UNCLOSED_FENCE,
        Code.SWALLOWED_HEADING,
        Code.NOT_A_QUOTE,
        Code.BAD_METADATA,
        Code.HIDDEN_TEXT,
        Code.STYLE_DOUBT,
        Code.NOT_A_HEADING,
        Code.EMPTY_HEADING,
        Code.UNKNOWN_KEY,
    }


def test_a_fence_without_end_says_what_it_hides() -> None:
    (problem,) = parse("### Why?\n> a\n\n~~~\n# b\n# c\n", "note").problems
    assert "hides 2 headings" in problem.message


# Style.

DECK = "### Why a?\n> a\n"
PAGE = "### a\na\n"


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        (DECK, None, (Style.TREE, StyleFrom.RECOGNISED)),
        (PAGE, None, (Style.NONE, StyleFrom.RECOGNISED)),
        (PAGE, (Style.TREE, StyleFrom.OPTION), (Style.TREE, StyleFrom.OPTION)),
        (DECK, (Style.NONE, StyleFrom.OPTION), (Style.NONE, StyleFrom.OPTION)),
        (PAGE, (Style.TREE, StyleFrom.HISTORY), (Style.TREE, StyleFrom.HISTORY)),
        ("<!--info questions: none-->\n" + DECK, None, (Style.NONE, StyleFrom.METADATA)),
        (
            "<!--info questions: none-->\n" + DECK,
            (Style.TREE, StyleFrom.OPTION),
            (Style.TREE, StyleFrom.OPTION),
        ),
        (
            "<!--info questions: none-->\n" + DECK,
            (Style.TREE, StyleFrom.HISTORY),
            (Style.NONE, StyleFrom.METADATA),
        ),
    ],
)
def test_what_decides_the_style(
    text: str, asked: tuple[Style, StyleFrom] | None, expected: tuple[Style, StyleFrom]
) -> None:
    style, style_from = asked or (None, StyleFrom.OPTION)
    note = parse(text, "note", style=style, style_from=style_from)
    assert (note.style, note.style_from) == expected
    assert note.is_deck is (note.style is Style.TREE)


def test_a_style_kept_from_history_is_doubted_where_it_would_be_read_otherwise() -> None:
    kept = parse(PAGE, "note", style=Style.TREE, style_from=StyleFrom.HISTORY)
    assert [(p.line, p.code) for p in kept.problems] == [(1, Code.STYLE_DOUBT)]
    same = parse(DECK, "note", style=Style.TREE, style_from=StyleFrom.HISTORY)
    assert same.problems == ()


# Metadata in its place.


def test_front_matter_wins_over_info_comments_and_the_first_comment_over_the_next() -> None:
    note = parse(
        "---\ntitle: Front\n...\n<!--info\ntitle: Info\nlang: fr\n-->\n# Head\n"
        "<!--info lang: de\ntoc_title: Short -->\n",
        "note",
    )
    assert (note.title, note.short_title, note.lang) == ("Front", "Short", "fr")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# ✅ *Head*\n# Next\n", "✅ Head"),
        ("## Head\n", "note"),
        ("# ![logo](x)\n", "note"),
        ("", "note"),
    ],
)
def test_titles(text: str, title: str) -> None:
    note = parse(text, "note")
    assert (note.title, note.short_title) == (title, title)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("### Why?\n> because\n", "en"),
        ("### 为什么 RLHF 需要 KL?\n> 防止 reward hacking\n", "zh"),
        ("A page of English words that names 一 thing only, once.\n", "en"),
        ("", "en"),
    ],
)
def test_language_is_the_share_of_chinese_characters(text: str, lang: str) -> None:
    assert parse(text, "note").lang == lang


def test_a_card_comment_belongs_to_the_heading_above_it() -> None:
    note = parse(
        "<!--info\ntags: [deck]\nlevel: M\n-->\n"
        "### Why a?\n\n<!-- a remark -->\n<!--card\nid: a-1\nlevel: S\n-->\n> a\n"
        "### Why b?\n<!--card tags: [own]--> > text\n"
        "### Why c?\n> c\n\n### Why d?\n> d\n",
        "note",
    )
    assert [q.metadata for q in note.questions] == [
        CardMetadata(id="a-1", level=Level.SENIOR, tags=("deck",)),
        CardMetadata(level=Level.MID, tags=("own",)),
        CardMetadata(level=Level.MID, tags=("deck",)),
        CardMetadata(level=Level.MID, tags=("deck",)),
    ]
    assert note.problems == ()
    assert note.questions[1].plain_answer == "> text"


# Anchors and links of the whole note.


def test_anchors_count_every_heading_a_reader_can_reach() -> None:
    note = parse(
        "## a\n\n> # a\n\n- # b\n\n<details>\n\n# a\n\n</details>\n\n"
        "text <a id=\"here\"></a> **<i name='there'>**\n\n<div>\n<p id=raw>x</p></div>\n\n## a\n",
        "note",
    )
    assert [(h.slug, h.line) for h in note.headings] == [("a", 1), ("a-3", 18)]
    assert note.other_anchors == {
        "a-1": 3,
        "b": 5,
        "a-2": 9,
        "here": 13,
        "there": 13,
        "raw": 16,
    }


def test_a_list_of_links_to_its_own_headings_is_a_table_of_contents() -> None:
    note = parse("- [a](#a)\n  1. [b](#b)\n\n# a\n- [a](#a)\n- [c](c.md#a)\n", "note")
    assert [(entry.anchor, entry.line) for entry in note.toc] == [("a", 1), ("b", 2)]
    assert not note.has_generated_toc


def test_definitions_serve_answers_that_are_read_again() -> None:
    note = parse("### Why?\n> 1. [a][x]\n>> [b][x]\n> 2. [c][x]\n\n[X]: t.md\n", "note")
    (question,) = note.questions
    assert [(link.line, link.target, link.place) for link in question.links] == [
        (2, "t.md", LinkPlace.ANSWER),
        (3, "t.md", LinkPlace.DEEPER),
        (4, "t.md", LinkPlace.ANSWER),
    ]
    assert note.references == {"X": "t.md"}


# Identity.


@pytest.mark.parametrize(
    "heading",
    [
        "### 为什么冻结参考模型?",
        "### ✅ 为什么冻结参考模型?",
        "### 🔥 3. **为什么冻结**`参考模型`?",
        "### 3.1. ⬆️ *为什么*冻结参考模型? ###",
        "### Q3: 为什么冻结参考模型?",
        "为什么冻结参考模型?\n---",
    ],
)
def test_markers_numbers_and_bold_are_no_part_of_a_question(heading: str) -> None:
    (question,) = parse(f"## 🏷️ 一、 KL\n{heading}\n> a\n", "note").questions
    assert question.text == "为什么冻结参考模型?"
    assert path_key(question.trail[-1:]) == path_key(["为什么冻结参考模型?"])


def test_plain_answers_hold_every_word_and_no_address() -> None:
    note = parse(
        "### Why?\n> **a** [b](c) `d` $e$\n>> not here\n\n"
        "| f | g |\n|---|---|\n\n```py\nh\n```\n\n<details><summary>i</summary>\n\nj\n\n</details>\n\n"
        "<p>k<!-- l --></p>\n\n$$m$$\n",
        "note",
    )
    (question,) = note.questions
    assert question.plain_answer.split() == list("abdefghijkm")


# The page that describes all this.

PAGE_OF_THE_FORMAT = (Path(__file__).parents[1] / "docs" / "format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```markdown\n(.*?)```\n", PAGE_OF_THE_FORMAT, re.DOTALL)


def test_the_first_example_of_the_page_reads_as_it_says() -> None:
    note = parse(EXAMPLES[0], "note")
    assert [(q.depth, len(q.key_points), len(q.deeper), q.kind) for q in note.questions] == [
        (0, 2, 1, ANSWER),
        (1, 0, 0, ANSWER),
        (1, 0, 0, NO),
    ]
    assert note.problems == ()


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_example_of_the_page_has_a_problem(example: str) -> None:
    assert parse(example, "note", style=Style.TREE).problems == ()


@pytest.mark.parametrize("code", list(Code))
def test_the_page_explains_every_problem(code: Code) -> None:
    assert re.search(rf"^\|[^|]*`{code}`", PAGE_OF_THE_FORMAT, re.MULTILINE)


@pytest.mark.parametrize(
    "field", [f.name for kind in (CardMetadata, DocumentMetadata) for f in fields(kind)]
)
def test_the_page_names_every_field_of_metadata(field: str) -> None:
    name = "level" if field == "order" else field
    assert re.search(rf"^\|[^|]*`{name}`", PAGE_OF_THE_FORMAT, re.MULTILINE)


def test_the_page_is_no_deck() -> None:
    assert parse(PAGE_OF_THE_FORMAT, "format").style is Style.NONE
