"""The tree of blocks: kinds, lines, formulas, details, and shapes that mean harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.limits import NESTING
from rlhf_qa.markdown import parse, parse_document
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text


def shape(block: Block) -> str:
    inside = " ".join(shape(child) for child in block.children)
    lines = f"{block.first}-{block.last}"
    return f"{block.kind} {lines} ({inside})" if inside else f"{block.kind} {lines}"


def shapes(text: str) -> list[str]:
    return [shape(block) for block in parse(text)]


def formulas(text: str) -> list[tuple[str, bool]]:
    """Source and whether it is displayed, of every formula."""
    found = []
    for block in (b for top in parse(text) for b in top.walk()):
        if block.kind is BlockKind.FORMULA:
            found.append((block.text, True))
        found += [(s.text, s.display) for s in spans(block.inline) if s.kind is SpanKind.FORMULA]
    return found


def spans(inline: tuple[Inline, ...]) -> list[Inline]:
    return [deep for span in inline for deep in (span, *spans(span.children))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", ["paragraph 1-2"]),
        ("# a\n\nb\n===\n", ["heading 1-1", "heading 3-4"]),
        ("a\nb\n---", ["heading 1-3"]),
        (
            "- a\n\n- b\n\n\nc",
            ["bullets 1-3 (item 1-1 (paragraph 1-1) item 3-3 (paragraph 3-3))", "paragraph 6-6"],
        ),
        ("3. a\n   b", ["numbers 1-2 (item 1-2 (paragraph 1-2))"]),
        ("> a\n>\n\nb", ["quote 1-1 (paragraph 1-1)", "paragraph 4-4"]),
        ("> - a\n>\n> b", ["quote 1-3 (bullets 1-1 (item 1-1 (paragraph 1-1)) paragraph 3-3)"]),
        ("```py\n\na\n\n```\n", ["code 1-5"]),
        ("    a\n\n    b\n\nc", ["code 1-3", "paragraph 5-5"]),
        ("---\n***", ["rule 1-1", "rule 2-2"]),
        (
            "| a | b |\n|:-:|---|\n| c | d |",
            ["table 1-3 (row 1-1 (cell 1-1 cell 1-1) row 3-3 (cell 3-3 cell 3-3))"],
        ),
        ("<div>\nx\n</div>\n\ny", ["html 1-3", "paragraph 5-5"]),
        ("$$\nx\n$$\n\n$$y$$", ["formula 1-3", "formula 5-5"]),
        (">\n>>", ["quote 1-2 (quote 2-2)"]),
        ("", []),
    ],
)
def test_blocks_have_the_lines_they_stand_on(text: str, expected: list[str]) -> None:
    assert shapes(text) == expected


def test_numbers_of_another_text_name_its_lines() -> None:
    blocks = parse("- a\n- [b](c)", [7, 9])
    assert [shape(b) for b in blocks] == [
        "bullets 7-9 (item 7-7 (paragraph 7-7) item 9-9 (paragraph 9-9))"
    ]
    link = blocks[0].children[1].children[0].inline[0]
    assert (link.kind, link.target, link.line) == (SpanKind.LINK, "c", 9)


def test_details_of_blocks() -> None:
    heading, code, numbers, table = parse(
        "## a\n~~~ py x\nb\n~~~\n3. [x] c\n4. [ ] d\n5. e\n\n| l | r |\n|:--|--:|\n"
    )
    assert heading.number == 2
    assert (code.text, code.info, code.closed) == ("b\n", "py x", True)
    assert (numbers.number, numbers.tight) == (3, True)
    assert [(i.number, i.checked) for i in numbers.children] == [(3, True), (4, False), (5, None)]
    assert plain_text(numbers.children[0].children[0].inline) == "c"
    assert [cell.info for cell in table.children[0].children] == ["left", "right"]


@pytest.mark.parametrize(
    ("text", "tight"),
    [
        ("- a\n- b", True),
        ("- a\n\n- b", False),
        ("- a\n\n  b\n- c", False),
        ("- a\n  - b\n- c", True),
    ],
)
def test_lists_without_blank_lines_are_tight(text: str, tight: bool) -> None:
    assert parse(text)[0].tight is tight


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("```\na\n```", True),
        ("```\na\n``", False),
        ("```", False),
        ("~~~~\n```\n~~~~", True),
        ("<!-- a\n\nb -->", True),
        ("<!-- a\n\nb", False),
        ("<details>\n\na\n\n</details>", True),
        ("<details>\n\na", False),
    ],
)
def test_what_has_an_end_says_whether_it_was_met(text: str, closed: bool) -> None:
    assert parse(text)[0].closed is closed


def test_spans() -> None:
    (paragraph,) = parse("*a* **b** ~~c~~ `d` $e$ [f](<g h>) ![i](j)\nk\\\nl <m>")
    assert [s.kind for s in paragraph.inline if s.text.strip() or s.kind is not SpanKind.TEXT] == [
        SpanKind.EMPHASIS,
        SpanKind.STRONG,
        SpanKind.STRIKE,
        SpanKind.CODE,
        SpanKind.FORMULA,
        SpanKind.LINK,
        SpanKind.IMAGE,
        SpanKind.SOFT_BREAK,
        SpanKind.TEXT,
        SpanKind.HARD_BREAK,
        SpanKind.TEXT,
        SpanKind.HTML,
    ]
    assert plain_text(paragraph.inline) == "a b c d e f  k l "


def test_links_name_the_line_they_begin_on() -> None:
    (paragraph,) = parse("a\n`b\nc` [d](e)\\\n[f](g) ![h](i)")
    found = [(s.target, s.line) for s in spans(paragraph.inline) if s.target]
    assert found == [("e", 3), ("g", 4), ("i", 4)]


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "./文 件.md#节", "%2e%2e/a.md", "HTTP://EXAMPLE.ORG/%zz"]
)
def test_targets_stay_as_written(target: str) -> None:
    (paragraph,) = parse(f"[a](<{target}>)")
    assert paragraph.inline[0].target == target


def test_definitions_of_the_document_serve_its_parts() -> None:
    blocks, references = parse_document("[a][B c]\n\n[b  C]: 一.md 'title'\n[b c]: two.md\n")
    assert blocks[0].inline[0].target == "一.md"
    assert list(references.values()) == ["一.md"]
    (part,) = parse("![x][b C]", references=references)
    assert part.inline[0].target == "一.md"
    assert parse("[x][b C]")[0].inline[0].kind is SpanKind.TEXT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$d$ 默认为 10000", ["d"]),
        ("$\\theta$ 取 2", ["\\theta"]),
        ("取 $x_i^2$, $y_j$。", ["x_i^2", "y_j"]),
        ("$L = -\\log \\, \\sigma(r_j - r_k)$", ["L = -\\log \\, \\sigma(r_j - r_k)"]),
        ("$\\{a, b\\}$", ["\\{a, b\\}"]),
        ("**$x$** [$y$](z)", ["x", "y"]),
        ("$a\\$b$", ["a\\$b"]),
        ("2$x$", ["x"]),
        ("价格 $5 和 $10", []),
        ("US$5 and US$6", []),
        ("cost $5-$10", []),
        ("$HOME and $PATH", []),
        ("$ x $", []),
        ("$$", []),
        ("a $ b", []),
        ("\\$x$", []),
        ("`$x$`", []),
    ],
)
def test_formulas_in_a_line(text: str, expected: list[str]) -> None:
    assert formulas(text) == [(source, False) for source in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n$$x$$", "x"),
        ("see $$x_1$$ here", "x_1"),
        ("$$x$$ here", "x"),
        ("$$x$$", "x"),
        ("$$\nx\n= y\n$$", "\nx\n= y\n"),
        ("> $$\n> x\n> $$", "\nx\n"),
        ("- $$\n  x\n  $$", "\nx\n"),
        ("$$x\ny$$", "x\ny"),
    ],
)
def test_displayed_formulas(text: str, expected: str) -> None:
    assert formulas(text) == [(expected, True)]


@pytest.mark.parametrize("text", ["$$ a\n\n# b\n\nc $$", "- $$ a\n- b $$", "$$\n\n$$", "    $$x$$"])
def test_dollars_that_hold_no_formula_swallow_nothing(text: str) -> None:
    assert formulas(text) == []


def test_details_are_one_block_with_everything_inside() -> None:
    text = (
        "<details><summary><b>More</b> here</summary>\n\n# a\n\n- b\n\n</details>\n\nc\n\n"
        "> <details>\n> <summary>x</summary>\n> y\n>\n> z\n> </details>\n"
    )
    assert shapes(text) == [
        "details 1-7 (heading 3-3 bullets 5-5 (item 5-5 (paragraph 5-5)))",
        "paragraph 9-9",
        "quote 11-16 (details 11-16 (html 13-13 paragraph 15-15))",
    ]
    assert parse(text)[0].text == "More here"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<details>a</details>\n\nb", ["details 1-1 (html 1-1)", "paragraph 3-3"]),
        (
            "<details>\n\n<details>\n\na\n\n</details>\n\n</details>",
            ["details 1-9 (details 3-7 (paragraph 5-5))"],
        ),
        (
            "<details>\n\na\n\n<details>\n\nb\n\n</details>",
            ["details 1-1", "paragraph 3-3", "details 5-9 (paragraph 7-7)"],
        ),
        ("a\n\n</details>\n\nb", ["paragraph 1-1", "paragraph 5-5"]),
        ("<DETAILS open>\n\na\n\n</DETAILS >", ["details 1-5 (paragraph 3-3)"]),
        ("<details>\n<summary>no end\n\na\n\n</details>", ["details 1-6 (html 2-2 paragraph 4-4)"]),
    ],
)
def test_details_are_paired(text: str, expected: list[str]) -> None:
    assert shapes(text) == expected


def depth(text: str) -> int:
    deepest, stack = 0, [(block, 1) for block in parse(text)]
    while stack:
        block, level = stack.pop()
        deepest = max(deepest, level)
        stack += [(child, level + 1) for child in block.children]
    return deepest


def test_deep_nesting_is_bounded_and_what_is_cut_is_shown_as_text() -> None:
    text = "> " * (NESTING + 50) + "end"
    assert NESTING // 2 < depth(text) <= NESTING + 1
    inner = [b for top in parse(text) for b in top.walk()][-1]
    assert plain_text(inner.inline).endswith("end")


def test_details_in_details_are_bounded_and_lose_nothing() -> None:
    text = "<details>\n\n" * 300 + "end\n\n" + "</details>\n\n" * 300
    assert depth(text) < 50
    assert any(plain_text(b.inline) == "end" for top in parse(text) for b in top.walk())


def test_details_in_deep_lists_are_bounded() -> None:
    text = "".join(f"{'  ' * n}- <details>{'<details>' * 30}\n\n" for n in range(60))
    assert depth(text) < 200


def test_emphasis_in_emphasis_is_bounded_and_keeps_its_text() -> None:
    text = "*a **b " * 400 + "c" + "** *" * 400
    (paragraph,) = parse(text)
    assert "c" in plain_text(paragraph.inline)


SIZE = 5_000
HOSTILE = {
    "open dollars": "$$ a\n" * SIZE,
    "open dollars in items": "- $$ a\n" * SIZE,
    "open dollars apart": "$$ a\n\n" * SIZE,
    "dollars": "$a" * SIZE,
    "escaped dollars": "$" + "\\$" * SIZE,
    "backslashes": "$" + "\\" * SIZE + "$ " * SIZE,
    "open details": "<details " * SIZE,
    "details": "<details>" * SIZE,
    "closing details": "</details\n\n" * SIZE,
    "summaries": "<details>" + "<summary>" * SIZE + "\n\n</details>",
    "links": "[a](" * SIZE,
    "brackets": "[" * SIZE,
    "images": "![[]()" * SIZE,
    "stars": "*a_ " * SIZE,
    "ticks": "".join("`" * (n % 200) + "a" for n in range(SIZE // 40)),
    "comments": "<!-- " * SIZE,
    "entities": "&" * SIZE + "a;",
    "definitions": "".join(f"[{n}]: x\n" for n in range(SIZE)),
    "table": "|" * SIZE + "\n" + "|-" * SIZE,
    "lazy lines": "> " * 50 + "a\n" * SIZE,
    "lists": "".join("  " * (n % 90) + "- a\n" for n in range(SIZE // 4)),
    "autolinks": "<a:" * SIZE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_shapes_are_read_to_their_end(name: str) -> None:
    text = HOSTILE[name]
    rows = text.count("\n") + 1
    assert all(1 <= b.first <= b.last <= rows for top in parse(text) for b in top.walk())


MARKS = st.text(
    alphabet=st.sampled_from("ab \t\n>-*1.)#`$|[]()!<>/=_~\\:中"), max_size=80
) | st.lists(
    st.sampled_from(
        [
            "> ",
            ">> ",
            "- ",
            "1. ",
            "  ",
            "    ",
            "\n",
            "\n\n",
            "a",
            "# ",
            "```",
            "$$",
            "<details>",
            "</details>",
            "<!--",
            "-->",
            "---",
            "|",
            "[x] ",
        ]
    ),
    max_size=30,
).map("".join)


@given(MARKS)
def test_every_block_lies_in_the_text_and_in_its_parent(text: str) -> None:
    rows = text.split("\n")

    def check(block: Block, first: int, last: int) -> None:
        assert first <= block.first <= block.last <= last
        for child in block.children:
            check(child, block.first, block.last)

    for block in parse(text):
        check(block, 1, len(rows))


@given(MARKS)
def test_blocks_stand_in_order(text: str) -> None:
    for block in (b for top in parse(text) for b in top.walk()):
        firsts = [child.first for child in block.children]
        assert firsts == sorted(firsts)
