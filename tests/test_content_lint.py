"""Every rule for the question bank passes on a good bank and fails on a bad one."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests import content_lint as lint
from tests import content_lint_cards as of_cards
from tests import content_lint_files as of_files
from tests import content_lint_ids as of_ids
from tests import content_lint_pages as of_pages
from tests.content_fixtures import BANK, CODE, CODE_FILES, SOURCES, VARIANTS

GUARDED = "这一段话属于别人所以谁也不可以拿来用"
KNOWN = frozenset(mark for _, _, mark in of_files.runs(GUARDED))

PG_ZH, PG_EN = "zh/05-策略梯度_QA.md", "en/05-policy-gradient_QA.md"
MEM_ZH, MEM_EN = "zh/12-RL训练系统_QA.md", "en/12-systems_QA.md"
BIAS_ZH, BIAS_EN = "zh/05-策略梯度.md", "en/05-policy-gradient.md"
ROOM_ZH = "zh/12-RL训练系统.md"
HUB_ZH = "zh/偏好学习.md"


def findings(
    bank: Mapping[str, str],
    code: Mapping[str, str] = CODE_FILES,
    sources: list[dict[str, str]] = SOURCES,
) -> list[str]:
    """What all rules together find in a bank given as path → source."""
    texts = tuple(lint.read(path, source) for path, source in bank.items())
    plain = (
        *(of_cards.metadata, of_cards.question, of_cards.answer, of_cards.parity),
        *(of_cards.cleanliness, of_cards.likeness),
        *(of_pages.parity, of_pages.links, of_pages.outline, of_pages.hub),
        *(of_files.formulas, of_files.diagrams),
    )
    found = [finding for rule in plain for finding in rule(texts)]
    found += of_cards.wording(texts, VARIANTS)
    found += of_files.sources(texts, sources)
    found += of_files.code(texts, code)
    return found + list(of_files.copied(texts, KNOWN))


def broken(path: str, old: str, new: str) -> list[str]:
    assert BANK[path].count(old) >= 1
    return findings({**BANK, path: BANK[path].replace(old, new, 1)})


def test_the_good_bank_keeps_every_rule() -> None:
    assert findings(BANK) == []


LONG_ZH, LONG_EN = "很长" * 40, "very long " * 40

CASES = [
    # L2 metadata
    (PG_ZH, "level: M\n", "", "L2: metadata has"),
    (PG_ZH, "level: M\n", "level: M\nnote: x\n", "L2: metadata has"),
    (PG_ZH, "level: M", "level: mid", "L2: level must be J, M, S or R"),
    (PG_ZH, "id: pg-2", "id: pg_2", "L2: id pg_2 must look like"),
    (PG_ZH, "[pg, baseline", "[policy, baseline", "L2: the first tag must be pg"),
    (PG_ZH, "[pg, baseline, variance]", "[pg]", "L2: tags must be 2 to 4"),
    (PG_ZH, "[pg, baseline, variance]", "[pg, Base]", "L2: tags must be 2 to 4"),
    (PG_ZH, "as_of: 2026-08", "as_of: 2026-13", "L2: as_of"),
    (PG_ZH, "book:sutton-barto-2018", "sutton-2018", "L2: source sutton-2018 must be"),
    (PG_ZH, "### ✅", "#### ✅", "L2: pg-2 must stand at ###"),
    (MEM_ZH, "#### ⬆️", "### ⬆️", "L2: mem-1a must stand at ####"),
    (MEM_ZH, "id: mem-1a", "id: mem-2a", "L2: mem-2a stands below mem-1"),
    (PG_ZH, "### ✅ ", "### 🔥 ", "L2: the heading must begin with one of"),
    (PG_ZH, "-->\n> -", "-->\n\n> -", "L2: the quote must follow"),
    # L3 question
    (PG_ZH, "为什么减去", f"为什么{LONG_ZH}减去", "zh units, at most 60"),
    (PG_EN, "Why does", f"Why {LONG_EN} does", "en words, at most 30"),
    (MEM_ZH, "约占 16", f"约{LONG_ZH}占 16", "zh units, at most 40"),
    (MEM_EN, "Why is a", f"Why is {LONG_EN} a", "en words, at most 20"),
    (PG_ZH, "仍然无偏?", "仍然无偏", "L3: question must end in ?"),
    (PG_EN, "unbiased?", "unbiased, and also small?", "L3: one ask a question"),
    (PG_ZH, "仍然无偏?", "以及方差, 还有偏差?", "L3: one ask a question"),
    # L4 answer
    (PG_ZH, "不改变它的期望", "不改变它的期望" + LONG_ZH, "zh units, must have 90 to 180"),
    (PG_EN, "not its mean", "not its mean " + LONG_EN, "en words, must have 60 to 120"),
    (MEM_ZH, "且不切分", "且不切分" + LONG_ZH, "zh units, must have 40 to 110"),
    (MEM_EN, "nothing sharded", LONG_EN + "nothing sharded", "en words, must have 25 to 70"),
    (
        MEM_ZH,
        "> - 其次是**激活**",
        "> - **甲乙**;\n> - **丙丁**;\n> - **戊己**;\n> - 其次是**激活**",
        "bullets, must have 3 to 5",
    ),
    (MEM_ZH, "> - 前提是", "> - **甲乙**;\n> - **丙丁**;\n> - 前提是", "bullets, must have 2 to 4"),
    (PG_ZH, "不改变它的期望", "不改变它的期望" + LONG_ZH * 2, "cells, at most 160"),
    (PG_ZH, "**方差**", "方差", "L4: bullet has 0 bold terms"),
    (PG_ZH, "不改变", "**不改变**", "L4: bullet has 2 bold terms"),
    (PG_ZH, "**方差**", "**差**", "bold term has 1 zh units, must have 2 to 8"),
    (PG_EN, "**variance**", "**whole variance of it all**", "must have 1 to 4"),
    (PG_ZH, "期望;\n", "期望.\n", "L4: a bullet ends in ;"),
    (PG_EN, "its mean.\n", "its mean;\n", "L4: a bullet ends in ."),
    (PG_ZH, "期望;\n", "期\n>   望;\n", "L4: a bullet is one line"),
    (PG_ZH, "期望;\n", "期望;\n>   ```\n>   x\n>   ```\n", "L4: answer must be one list"),
    (PG_ZH, "期望;\n", "期望 ![x](y.png);\n", "L4: answer must be one list"),
    (PG_ZH, "期望;\n", "期望 <b>x</b>;\n", "L4: answer must be one list"),
    (
        PG_ZH,
        "> - 基线 (",
        "> | a | b |\n> |---|---|\n> | 1 | 2 |\n>\n> - 基线 (",
        "L4: answer must be one list",
    ),
    (PG_ZH, "$b(s)$", "$$b(s)$$", "L4: a displayed formula belongs"),
    # L5 parity
    (MEM_EN, "id: mem-1a", "id: mem-1b", "L5: ids differ"),
    (MEM_EN, "id: mem-1a", "id: mem-1", "L5: id mem-1 stands 2 times"),
    (PG_EN, "level: M", "level: S", "L5: levels differ"),
    (PG_EN, "variance]", "bias]", "L5: tags differ"),
    (PG_EN, "2026-08", "2026-09", "L5: as_of differ"),
    (PG_EN, ", book:sutton-barto-2018", "", "L5: sources differ"),
    (PG_EN, "$b(s)$", "$b(t)$", "L5: formulas differ"),
    (MEM_EN, "together 16", "together 17", "L5: numbers differ"),
    (PG_EN, "not its mean.", "not its mean.\n> - One **more**.", "L5: numbers of bullets differ"),
    (PG_EN, "not its mean.", "not its [mean](./12-systems.md#memory).", "L5: numbers of links"),
    (BIAS_EN, "mean of the score is zero", "mean of 2 scores is zero", "L5: numbers differ"),
    (BIAS_EN, r"= \nabla 1$$", r"= \nabla 2$$", "L5: formulas differ"),
    (BIAS_EN, "; (Sutton & Barto 2018, book:sutton-barto-2018)", "", "L5: citations differ"),
    # L6 links
    (PG_ZH, "#基线为什么不引入偏差", "#基线", "L6: no such section"),
    (PG_ZH, "./05-策略梯度.md#", "./06-策略梯度.md#", "L6: no such section"),
    (PG_ZH, "#基线为什么不引入偏差", "", "L6: no such section"),
    (PG_ZH, "#基线为什么不引入偏差", "#策略梯度", "L6: links lead elsewhere"),
    (BIAS_ZH, "(#基线为什么不引入偏差)", "(#策略梯度)", "L6: links lead elsewhere"),
    (
        PG_ZH,
        ">> [基线为什么不引入偏差](./05-策略梯度.md#基线为什么不引入偏差)\n",
        "",
        "L6: a main question needs",
    ),
    (HUB_ZH, "[奖励模型训练流程](#奖励模型训练流程)", "训练", "L6: no card and no parent links"),
    # L7 pages
    (BIAS_ZH, "questions: none\n", "", "L7: the head must give"),
    (BIAS_ZH, "lang: zh", "lang: en", "L7: lang must be that of the folder"),
    (BIAS_ZH, "id: 05-pg-page", "id: 05-page", "L7: not there in the other language"),
    (BIAS_ZH, "### 基线为什么", "#### 基线为什么", "L7: outline"),
    (HUB_ZH, "## 实施流程\n", "## 基础概念\n", "L7: two sections have this heading"),
    (BIAS_ZH, "### 基线为什么不引入偏差", "### 基线, 为什么不引入偏差", "L7: a heading is words"),
    (BIAS_ZH, "### 基线为什么", "### ✅ 基线为什么", "L7: a heading is words"),
    (BIAS_ZH, "从得分函数说起", "从得分函数说起" + LONG_ZH * 8, "zh units before the first"),
    (BIAS_EN, "Begin with", "Begin " + LONG_EN * 6 + "with", "en words before the first"),
    (BIAS_ZH, "来源: (W", "(W", "L7: the section must end with a line"),
    (BIAS_ZH, "意思是得分的平均为零.\n\n", "", "L7: a sentence must follow"),
    # L8 formulas
    (BIAS_ZH, r"\nabla 1$$", r"\sqrt 1$$", r"L8: '\\sqrt' is not in the list"),
    (BIAS_ZH, r"\nabla 1$$", r"\left( 1 \right)$$", r"L8: '\\left' is not in the list"),
    (BIAS_ZH, r"\nabla 1$$", "∇ 1$$", "L8: '∇' is not in the list"),
    (BIAS_ZH, r"\nabla 1$$", r"\mathrm{H}$$", "is written"),
    (BIAS_ZH, r"\nabla 1$$", r"\frac{\frac{a}{b}}{c}$$", "L8: no fraction in a fraction"),
    (BIAS_ZH, r"\nabla 1$$", r"\frac{c}{x + \frac{a}{b}}$$", "L8: no fraction in a fraction"),
    (BIAS_ZH, r"\nabla 1$$", r"\nabla {1$$", "L8: braces do not match"),
    (BIAS_ZH, r"\nabla 1$$", "1" + " + 1" * 20 + "$$", "cells, at most 70"),
    (BIAS_ZH, "从得分函数说起", "从 $$x$$ 说起", "L8: a displayed formula stands alone"),
    (PG_ZH, "$G$", r"$\vec{G}$", r"L8: '\\vec' is not in the list"),
    # L9 sources
    (PG_ZH, "book:sutton-barto-2018", "book:other-2018", "L9: book:other-2018 is not in"),
    (ROOM_ZH, "arXiv:1910.02054", "arXiv:1910.99999", "L9: arxiv:1910.99999 is not in"),
    (BIAS_ZH, "(Williams 1992", "(Williams 1993", "is Williams 1992 in sources.tsv"),
    (BIAS_ZH, "(Williams 1992", "(Barto 1992", "is Williams 1992 in sources.tsv"),
    # L10 code
    (ROOM_ZH, "return x / 2", "return x  / 2", "L10: the block is not equal"),
    (ROOM_ZH, "<!--code half.py-->\n", "", "L10: Python blocks stand directly under"),
    (ROOM_ZH, "<!--code half.py-->\n", "<!--code other.py-->\n", "L10: the block is not equal"),
    # L11 diagrams
    (BIAS_ZH, " score --> mean 0\n", " x\n" * 13, "L11: diagram has 13 lines, at most 12"),
    (BIAS_ZH, " score -->", " score " + "-" * 70, "cells, at most 72"),
    (BIAS_ZH, " score -->", " 得分的函数 -->", "L11: labels are ASCII"),
    (BIAS_ZH, " score -->", " score →", "L11: labels are ASCII"),
    (BIAS_ZH, "```text", "```mermaid", "L11: a block is python or text"),
    # L12 copied text
    (BIAS_ZH, "从得分函数说起", f"从 {GUARDED[:6]}, **{GUARDED[6:12]}** 说起", "L12: copied"),
    (PG_ZH, "不改变它的期望", GUARDED[3:], "L12: copied"),
    # L13 cleanliness
    (BIAS_ZH, "从得分函数说起", "从得分函数说起 TODO", "L13: finish it"),
    (BIAS_ZH, "从得分函数说起", "待补", "L13: finish it"),
    (BIAS_ZH, "从得分函数说起.", "从得分函数说起. ", "L13: no tabs, no blanks"),
    (BIAS_ZH, "从得分函数说起", "从\t得分函数说起", "L13: no tabs, no blanks"),
    (BIAS_ZH, "从得分函数说起", "从  得分函数说起", "L13: no doubled spaces"),
    (BIAS_ZH, "从得分函数说起.", "从得分函数说起。", "L13: no full-width punctuation"),
    (BIAS_ZH, "从得分函数说起.", "从得分函数（说起）.", "L13: no full-width punctuation"),
    (BIAS_EN, "Begin with", "Be\u0301gin with", "L13: the text is not in NFC"),
    (BIAS_ZH, "sutton-barto-2018).\n", "sutton-barto-2018).", "L13: the file must end in one"),
    (BIAS_ZH, "```text\n", "````text\n", "L13: "),
    # L14 wording
    (MEM_ZH, "且不切分", "在线策略", "L14: 在线策略: use 同策略"),
    (ROOM_ZH, "逐项相加.", "在线策略.", "L14: 在线策略: use 同策略"),
]


@pytest.mark.parametrize(("path", "old", "new", "message"), CASES, ids=lambda v: v[:24])
def test_a_broken_rule_is_found_with_file_and_line(
    path: str, old: str, new: str, message: str
) -> None:
    found = [f for f in broken(path, old, new) if message in f]
    assert found
    assert all(re.match(r"[\w\-/.]+(?::\d+)?: L\d+: ", f) for f in found)


IDS = [
    {"deck": deck, "topic": topic, "id": id_, "level": level}
    for deck, topic, id_, level in (
        ("05-pg", "pg", "pg-2", "M"),
        ("12-systems", "mem", "mem-1", "M"),
        ("12-systems", "mem", "mem-1a", "J"),
        ("13-later", "asy", "asy-1", "S"),
    )
]


def test_l1_asks_nothing_of_decks_that_are_not_there_yet() -> None:
    texts = [lint.read(path, source) for path, source in BANK.items()]
    assert list(of_ids.ids(texts, IDS)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (MEM_ZH, "id: mem-1a", "id: mem-1b", ":1: L1: mem-1a is missing from 12-systems"),
        (MEM_ZH, "id: mem-1a", "id: mem-1b", "L1: mem-1b is no id of 12-systems"),
        (MEM_ZH, "id: mem-1a", "id: mem-1", ":1: L1: mem-1 stands twice in one language"),
        (PG_EN, "level: M", "level: R", "L1: pg-2 is of level M, not R"),
        (PG_EN, "id: 05-pg", "id: 04-pg", ":1: L1: the list of ids has no deck 04-pg"),
        (MEM_EN, "#### ", "## Other\n\n### ", "L1: mem-1a stands outside the section of mem"),
    ],
)
def test_l1_compares_with_the_list(path: str, old: str, new: str, message: str) -> None:
    assert old in BANK[path]
    texts = [
        lint.read(name, source.replace(old, new, 1) if name == path else source)
        for name, source in BANK.items()
    ]
    found = [f for f in of_ids.ids(texts, IDS) if message in f]
    assert len(found) == 1
    assert found[0].startswith(f"{path}:")


def test_l1_wants_the_order_of_the_list() -> None:
    texts = [lint.read(path, source) for path, source in BANK.items()]
    turned = [IDS[0], IDS[2], IDS[1]]
    assert [f.partition(": ")[2] for f in of_ids.ids(texts, turned)] == [
        "L1: mem-1 stands where the list has mem-1a"
    ] * 2


def test_l8_wants_formulas_that_are_drawn() -> None:
    old, new = r"\nabla \log \pi_\theta(a \mid s) = \nabla 1", r"\nabla^ \log^ = \nabla 1"
    assert any("L8: the formula would be shown as its source" in f for f in broken(PG_ZH, old, new))


@pytest.mark.parametrize(
    ("quote", "kind"),
    [("", "unanswered"), ("> [PPO](./12-RL训练系统.md#ppo-与-grpo-的显存)\n", "link-only")],
)
def test_l13_wants_an_answer(quote: str, kind: str) -> None:
    head, _, _ = BANK[MEM_ZH].rpartition("> - 前提是")
    found = findings({**BANK, MEM_ZH: head + quote})
    assert any(f"L13: the card is {kind}" in f for f in found)


def test_a_finding_names_the_line() -> None:
    at = (
        BANK[PG_ZH].split("\n").index("> - 基线 (baseline) 只改变估计的**方差**, 不改变它的期望;")
        + 1
    )
    assert broken(PG_ZH, "**方差**", "方差")[0].startswith(f"{PG_ZH}:{at}: L4: bullet has 0 bold")
    assert broken(PG_ZH, "仍然无偏?", "仍然无偏")[0].startswith(f"{PG_ZH}:11: L3: ")


def test_l14_lets_the_cards_about_a_word_use_it() -> None:
    assert not [f for f in broken(PG_ZH, "不改变", "在线策略") if "L14" in f]
    assert not [f for f in broken(BIAS_ZH, "从得分函数", "在线策略从") if "L14" in f]


def test_l15_finds_a_question_and_an_answer_said_twice() -> None:
    again = {
        path: BANK[path]
        + "\n"
        + BANK[path].partition("\n\n## ")[2].partition("\n\n")[2].replace("id: pg-2", "id: pg-3")
        for path in (PG_ZH, PG_EN)
    }
    found = [f for f in findings({**BANK, **again}) if "L15" in f]
    assert [("questions" in f, f.startswith("zh/")) for f in found] == [
        (True, True),
        (False, True),
        (True, False),
        (False, False),
    ]


def test_l15_counts_neighbours() -> None:
    same, other = of_cards.bigrams("奖励模型的训练", "zh"), of_cards.bigrams("奖励模型的用途", "zh")
    # 6 and 6 pairs of neighbours, 4 of them shared.
    assert of_cards.similarity(same, other) == pytest.approx(2 * 4 / 12)
    assert of_cards.similarity(same, same) == 1
    assert of_cards.similarity(of_cards.bigrams("", "en"), of_cards.bigrams("", "en")) == 0


def test_l17_the_hub_has_each_anchor_once() -> None:
    assert any("L17: 0 headings #基础概念" in f for f in broken(HUB_ZH, "## 基础概念", "## 概念"))
    without = {path: source for path, source in BANK.items() if path != HUB_ZH}
    assert sum("L17: 0 headings" in f for f in findings(without)) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "arxiv:9999.00001"}, "L9: the year is not that of the arXiv number"),
        ({"year": "19"}, "L9: the year has four digits"),
        ({"title": ""}, "L9: four fields, none empty"),
        ({"short name": "Smith"}, "L9: Rajbhandari+ 2019, arXiv:1910.02054 is Smith 2019"),
        ({"key": "arxiv:1911.00001"}, "L9: arxiv:1911.00001 is cited nowhere"),
    ],
)
def test_l9_reads_the_table_critically(change: dict[str, str], message: str) -> None:
    table = [{**SOURCES[0], **change}, *SOURCES[1:]]
    assert any(message in f for f in findings(BANK, sources=table))


def test_l9_wants_the_keys_sorted() -> None:
    assert any("keys must be sorted" in f for f in findings(BANK, sources=SOURCES[::-1]))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            CODE.replace("\n\n\ndef", "\n" + "x = 1\n" * 18 + "\n\ndef"),
            "21 lines of body, at most 20",
        ),
        (CODE + "x = 1\n", "L10: must end in an assert"),
        (CODE.replace('"""Half', '"Half').replace('of."""', 'of."').partition("\n")[2], "one line"),
        (CODE.replace("import numpy as np", "import torch as np"), "L10: imports numpy and the"),
        (CODE.replace("x / 2", "x * 0.5"), "L10: the block is not equal"),
    ],
)
def test_l10_reads_code_critically(source: str, message: str) -> None:
    assert any(message in f for f in findings(BANK, code={"half.py": source}))


def test_l10_wants_a_file_shown_in_both_languages() -> None:
    found = findings(BANK, code={**CODE_FILES, "new.py": CODE})
    assert "code/new.py:1: L10: must be shown in zh and en, is in []" in found


def test_l12_sees_latin_words_and_hidden_text() -> None:
    words = "one two three four five six seven eight nine"
    known = frozenset(mark for _, _, mark in of_files.runs(words))
    assert len(known) == 2
    hidden = lint.read("en/x.md", f"Hello.\n\n<!--\nfirst\n\n- {words}\n-->\n")
    assert [f[:12] for f in of_files.copied((hidden,), known)] == ["en/x.md:6: L"] * 2
    apart = lint.read("en/x.md", "one two three four `x` five six seven eight nine\n")
    assert not list(of_files.copied((apart,), known))


@pytest.mark.parametrize(
    ("text", "lang", "size"),
    [
        ("奖励模型 (reward model), 共 2 个", "zh", 4 + 2 + 1 + 1 + 1),
        ("a well-known model's score, 3 of 4.", "en", 7),
        (f"{lint.MARK} 即 {lint.MARK}", "zh", 3),
        (f"{lint.MARK} is {lint.MARK} – so", "en", 4),
        ("", "zh", 0),
    ],
)
def test_counting(text: str, lang: str, size: int) -> None:
    assert lint.units(text, lang) == size


@pytest.mark.parametrize(
    ("formula", "width"),
    [("x", 1), (r"\pi_\theta", 3), (r"\frac{a}{b}", 7), (r"\mathrm{KL}", 2), (r"\log x \| y", 9)],
)
def test_width_of_formulas(formula: str, width: int) -> None:
    assert lint.formula_cells(formula) == width


def test_numbers_ignore_separators_and_percent() -> None:
    assert lint.numbers("27,540 and 5% of 0.73, 1.3B") == {"27540", "5", "0.73", "1.3"}
