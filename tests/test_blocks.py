"""Each block of Markdown as lines: the look, the widths, and that nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlhf_qa.markdown import parse
from rlhf_qa.render.blocks import Formulas, Options, render, render_deeper
from rlhf_qa.render.lines import Rendered, Role
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.render.wrap import cells
from rlhf_qa.syntax import BlockKind

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "content").glob("*/*.md"))


def drawn(markdown: str, width: int = 40, **options: bool | int | Formulas) -> Rendered:
    return render(parse(markdown), width, Options(**options))  # type: ignore[arg-type]


def rows(markdown: str, width: int = 40, **options: bool | int | Formulas) -> list[str]:
    return [line.text for line in drawn(markdown, width, **options).lines]


CASES = {
    "headings": (
        "# One\n\n## Two\n\n### Three\n\n#### Four\n",
        ["One", "═══", "", "Two", "───", "", "Three", "", "▸ Four"],
    ),
    "lists": (
        "- a\n  - b\n    - c\n      - d\n- e\n",
        ["• a", "  ◦ b", "    ▪ c", "      ▪ d", "• e"],
    ),
    "numbers": ("9. nine\n10. ten\n", [" 9. nine", "10. ten"]),
    "tasks": ("- [ ] open\n- [x] done\n", ["• [ ] open", "• [x] done"]),
    "loose": ("- a\n\n- b\n\n  c\n", ["• a", "", "• b", "", "  c"]),
    "quote": ("> a\n> > b\n", ["│ a", "│", "│ │ b"]),
    "code": ("```\nx = 1\n\n\ty\n```\n", ["  x = 1", "", "      y"]),
    "table": (
        "| a | b |\n|---|--:|\n| one | 2 |\n| 三 | 40 |\n",
        ["a   │  b", "────┼───", "one │  2", "三  │ 40"],
    ),
    "details": (
        "<details>\n<summary>More</summary>\n\ntext\n\n</details>\n",
        ["▾ More", "  text"],
    ),
    "link": ("See [the page](a.md) and [it](a.md), [web](https://x.example).", None),
    "image": ("![plot](https://x.example/p.png)", ["[image: plot] x.example"]),
    "html": ("a<br>b H<sub>2</sub>O <kbd>q</kbd> x<sup>ab</sup> <i>i</i><!-- no -->", None),
    "break": ("a\\\nb  \nc\nd", ["a", "b", "c d"]),
    "chinese break": ("奖励\n模型\nmodel", ["奖励模型 model"]),
    "rule": ("a\n\n---\n\nb", ["a", "", "─" * 40, "", "b"]),
    "raw html": ("<div>\n<b>bold</b> &amp; text\n</div>\n", ["bold & text"]),
    "comment": ("a\n\n<!-- hidden -->\n\nb", ["a", "", "b"]),
    "footnote": ("word[^1] next", ["word[^1] next"]),
}
EXPECTED = {
    "link": ["See the page [1] and it [1], web [2]."],
    "html": ["a", "b H₂O [q] x^ab i"],
}


@pytest.mark.parametrize("name", CASES)
def test_the_look_of_a_block(name: str) -> None:
    markdown, expected = CASES[name]
    assert rows(markdown) == (expected or EXPECTED[name])


def test_links_are_numbered_in_order_of_their_targets() -> None:
    found = drawn("See [the page](a.md), [it](a.md), [web](https://x.example).", first_number=4)
    assert found.targets == ("a.md", "https://x.example")
    spans = [s for line in found.lines for s in line.spans if s.role is Role.LINK]
    assert [(s.text, s.target) for s in spans] == [("the page", 4), ("it", 4), ("web", 5)]


def test_roles_tell_what_a_span_is() -> None:
    found = drawn("**a** *b* ~~c~~ `d` $e$ [**f**](x)")
    assert [(s.text, s.role) for s in found.lines[0].spans if s.text.strip()] == [
        ("a", Role.STRONG),
        ("b", Role.EMPHASIS),
        ("c", Role.STRIKE),
        ("d", Role.CODE),
        ("e", Role.FORMULA),
        ("f", Role.LINK),
        ("[1]", Role.REFERENCE),
    ]


FORMULAS = r"""So $\frac{a}{b} \le c_{KL}$ and $\foo{x} + 1$:

$$
P = \frac{a}{b}
$$

$$\foo
+ 1$$
"""


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Formulas.AUTO, ["    a", "P = ─", "    b"]),
        (Formulas.LINE, ["P = a/b"]),
    ],
)
def test_formulas_become_text(form: Formulas, expected: list[str]) -> None:
    shown = rows(FORMULAS, formulas=form)
    head = [r"So a/b ≤ c_KL and \foo{x} + 1:", ""]
    assert shown == [*head, *expected, "", r"\foo", "+ 1"]


def test_formulas_may_stay_latex() -> None:
    shown = rows(FORMULAS, formulas=Formulas.SOURCE)
    head = [r"So \frac{a}{b} \le c_{KL} and \foo{x} +", "1:", ""]
    assert shown == [*head, r"P = \frac{a}{b}", "", r"\foo", "+ 1"]


def test_no_box_is_drawn_in_ascii() -> None:
    assert rows("$$\\frac{a}{b}$$", ascii=True) == ["a/b"]


def test_a_formula_that_is_not_understood_is_dim() -> None:
    found = drawn(FORMULAS)
    roles = {str(s.text): s.role for line in found.lines for s in line.spans}
    assert roles["a/b"] is Role.FORMULA
    assert roles[r"\foo{x}"] is Role.DIM
    assert roles[r"\foo"] is Role.DIM
    assert roles["P = ─"] is Role.FORMULA


def test_a_formula_in_prose_breaks_at_its_own_points_only() -> None:
    assert rows(r"Wort $a b c d e + f g h i \le k$ Wort", 13) == [
        "Wort abcde",
        "+ fghi ≤ k",
        "Wort",
    ]
    assert rows(r"Text $\foo{a-b}/c/d$ x", 14) == ["Text", r"\foo{a-b}/c/d", "x"]


def test_a_deep_formula_in_a_deep_list_is_drawn() -> None:
    deep = "{" * 60 + "x" + "}" * 60
    markdown = "".join("  " * depth + f"- ${deep}$ and $x_1$\n" for depth in range(90))
    assert all(cells(line.text) <= 60 for line in drawn(markdown, 60).lines)


def test_words_of_code_have_roles() -> None:
    found = drawn("```python\ndef f():  # why\n    return 'x', 1\n```")
    roles = {str(s.text): s.role for line in found.lines for s in line.spans}
    assert roles["def"] is Role.CODE_KEYWORD
    assert roles["f"] is Role.CODE_NAME
    assert roles["# why"] is Role.CODE_COMMENT
    assert roles["1"] is Role.CODE_NUMBER
    plain = drawn("```python\ndef f(): pass\n```", highlight=False)
    assert {s.role for line in plain.lines for s in line.spans if s.text.strip()} == {Role.CODE}


def test_code_of_a_language_nobody_knows_is_shown_as_it_is() -> None:
    assert rows("```nosuchlanguage x\na < b\n```") == ["  a < b"]


def test_a_long_line_of_code_goes_on_below() -> None:
    found = rows("```\n" + "x" * 50 + "\n```", 24)
    assert found == ["  " + "x" * 22, "  ↪ " + "x" * 20, "  ↪ " + "x" * 8]


def test_a_table_that_does_not_fit_becomes_records() -> None:
    table = (
        "| 方法 | value model | reference model | samples of a prompt |\n|--|--|--|--|\n"
        "| PPO | yes | yes | one or several |\n| GRPO | no | often | a whole group |\n"
    )
    assert rows(table, 37) == [
        "方法: PPO",
        "value model: yes",
        "reference model: yes",
        "samples of a prompt: one or several",
        "────────",
        "方法: GRPO",
        "value model: no",
        "reference model: often",
        "samples of a prompt: a whole group",
    ]
    assert rows(table, 60)[0].startswith("方法 │ value model")


def test_cells_of_a_grid_wrap() -> None:
    table = "| a | b |\n|---|---|\n| one two three four | 五六七八九十 |\n"
    assert rows(table, 24) == [
        "a           │ b",
        "────────────┼──────────",
        "one two     │ 五六七八",
        "three four  │ 九十",
    ]


@pytest.mark.parametrize(
    ("markdown", "text", "bold"),
    [
        ("**目标：**对齐", "目标：对齐", "目标："),
        ("所以**“奖励”**有用", "所以“奖励”有用", "“奖励”"),
        ("**plain** bold", "plain bold", "plain"),
        ("2**-3**4", "2**-3**4", ""),
        ("a ** b ** c", "a ** b ** c", ""),
    ],
)
def test_bold_against_chinese_is_bold(markdown: str, text: str, bold: str) -> None:
    (line,) = drawn(markdown).lines
    assert line.text == text
    assert "".join(span.text for span in line.spans if span.role is Role.STRONG) == bold


FOLDS = (
    "<details>\n<summary>One</summary>\n\na\n\n<details>\n<summary>Inner</summary>\n\nb\n\n"
    "</details>\n\n</details>\n\n<details>\n<summary>Two</summary>\n\nc\n\n</details>\n"
)


def test_folds_have_numbers_below_zero_and_open_one_by_one() -> None:
    closed = drawn(FOLDS, folded=True)
    targets = [span.target for line in closed.lines for span in line.spans if span.target]
    assert (targets, closed.folds) == ([-1, -3], 3)
    options = Options(folded=True, unfolded=frozenset({-1}))
    one = render(parse(FOLDS), 40, options)
    assert [line.text for line in one.lines] == [
        "▾ One",
        "  a",
        "",
        "  ▸ Inner (1 line)",
        "",
        "▸ Two (1 line)",
    ]


def test_folded_details_say_how_much_is_hidden_and_number_no_links() -> None:
    markdown = "<details>\n<summary>More</summary>\n\n[a](a.md)\n\nb\n\n</details>\n\n[c](c.md)\n"
    found = drawn(markdown, folded=True)
    assert [line.text for line in found.lines] == ["▸ More (3 lines)", "", "c [1]"]
    assert found.targets == ("c.md",)


def test_a_deeper_note_has_a_bar_on_every_line_and_its_word_on_the_first() -> None:
    blocks = parse("本质是 奖励模型失真, RL 过度依赖奖励模型\n\n- a\n")
    found = render_deeper(blocks, 24, SafeText("深入"), Options())
    assert [line.text for line in found.lines] == [
        "▌ 深入  本质是 奖励模型",
        "▌ 失真, RL 过度依赖奖励",
        "▌ 模型",
        "▌",
        "▌ • a",
    ]


def test_ascii_has_no_sign_of_ours_outside_it() -> None:
    markdown = (
        "# A\n\n#### B\n\n- a\n  - b\n\n> q\n\n---\n\n| h | i |\n|--|--|\n| x | y |\n\n"
        "```\n" + "z" * 60 + "\n```\n\n<details>\n<summary>S</summary>\n\nt\n\n</details>\n"
    )
    for folded in (True, False):
        assert "\n".join(rows(markdown, ascii=True, folded=folded)).isascii()
    assert "h: x" in rows(markdown, ascii=True)


def test_deep_lists_keep_two_thirds_of_the_width_for_text() -> None:
    markdown = "".join("  " * depth + f"- level {depth} with some words\n" for depth in range(40))
    for line in rows(markdown, 40):
        assert cells(SafeText(line)) <= 40
        assert len(line) - len(line.lstrip()) <= 40 // 3


MARKS = re.compile(r"[*_`~>#|\\\[\]()•◦▪│▌─═┼▸▾↪$:\-.!\s\d]")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("width", [20, 33, 40, 60, 80, 120])
def test_the_bank_at_every_width(path: Path, width: int) -> None:
    blocks = parse(path.read_text(encoding="utf-8"))
    found = render(blocks, width, Options())
    assert [line.text for line in found.lines if cells(line.text) > width] == []
    # A box has brackets of its own where a line has none: letters are counted on lines.
    options = Options(formulas=Formulas.LINE)
    here, wide = (letters(render(blocks, columns, options)) for columns in (width, 400))
    assert wide - here == Counter()
    # Records say the header of a column again for each row.
    if not any(block.kind is BlockKind.TABLE for top in blocks for block in top.walk()):
        assert here == wide


def letters(found: Rendered) -> Counter[str]:
    """How often each letter was said, without the signs around text."""
    return Counter(MARKS.sub("", "".join(line.text for line in found.lines)))


BLOCKS = st.sampled_from(
    [
        "# 标题 heading\n",
        "- 奖励模型, reward model and its head\n  - nested, 嵌套\n    1. three\n",
        "3. third\n4. fourth\n",
        "> quote 引用\n> > inner\n",
        "| 列 | value |\n|---|---|\n| 长长长长长长长长的单元 | `code` and words |\n",
        "```python\ndef f(x):\n\treturn '很长的字符串' * x  # and a comment that is long\n```\n",
        "A paragraph with [a link](x.md#y), `code`, $\\sigma(r_w - r_l)$ and <b>tags</b>.\n",
        "<details>\n<summary>更多</summary>\n\ninside\n\n</details>\n",
        "$$\\sum_i x_i$$\n",
        "---\n",
        "\x1b[31m \u202e ✔\ufe0f 👩\u200d🔬\n",
        "<!-- c -->\n",
    ]
)


@given(st.lists(BLOCKS | st.text(max_size=40), max_size=8), st.integers(8, 100))
@settings(max_examples=150, deadline=None)
def test_any_markdown_at_any_width(parts: list[str], width: int) -> None:
    found = drawn("\n".join(parts), width)
    for line in found.lines:
        assert cells(line.text) <= width
        assert "\ufe0f" not in line.text
        assert "\x1b" not in line.text
        assert "\n" not in line.text
    blank = [not line.text for line in found.lines]
    code = "```" in "".join(parts) or "    " in "".join(parts) or "\t" in "".join(parts)
    if not code:
        assert not any(a and b for a, b in pairwise(blank))


@pytest.mark.parametrize(
    "markdown",
    ["- " * 10_000 + "x", "[" * 100_000, "> " * 10_000 + "x", "*" * 100_000, "<details>" * 5_000],
)
def test_hostile_nesting_is_drawn(markdown: str) -> None:
    for line in drawn(markdown, 80).lines:
        assert cells(line.text) <= 80
