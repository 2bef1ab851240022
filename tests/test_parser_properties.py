"""What holds for any note: it parses, its lines exist, and nothing of it is lost or changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from rlhf_qa.model import Document, Extract, Question, QuestionKind, Style
from rlhf_qa.parser import parse
from tests.parser_fixtures import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECES = [
    *("> ", ">> ", ">", ">\t", "- ", "1. ", "2. ", "  ", "    ", "\t", "\n", "\n\n", "\r\n", "\r"),
    *("a", "b c", "中", "**k**: v", "[x](y.md#z)", "![i](j)", "`c`", "$x$", "[r]: t\n", "[r]"),
    *("# ", "### ", "### Why?\n", "## 🏷️ ", "#### ✅ 1. a?\n", "===\n", "---\n", "```", "$$"),
    *("<details><summary>答案</summary>", "<details>", "</details>", "<!--", "-->", "<p id=x>"),
    *("<!--card id: a-->", "<!--info\nquestions: tree\n-->", "<!--START_SECTION:toc-->"),
    *("<!--END_SECTION:toc-->", "- [ ] ", "- [x] ", "|", "|---|", "- [k](#k)\n", "## 参考\n"),
]
NOTES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)
MARK = re.compile(r" {0,3}> ?")


def split(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text)


def extracts(question: Question) -> Iterator[tuple[str, Extract]]:
    if question.prompt:
        yield "prompt", question.prompt
    if question.answer:
        yield "answer", question.answer
    for note in question.deeper:
        yield "deeper", note
    if question.details:
        yield "details", question.details


def lines_of(extract: Extract) -> list[int]:
    return [line for first, last in extract.lines for line in range(first, last + 1)]


def numbers(note: Document) -> Iterator[int]:
    for problem in note.problems:
        yield problem.line
    for heading in note.headings:
        yield from (heading.line, heading.end_line)
    for entry in note.toc:
        yield entry.line
    yield from note.other_anchors.values()
    for question in note.questions:
        yield from (question.line, question.end_line)
        yield from (link.line for link in question.links)
        yield from (n for _, extract in extracts(question) for n in lines_of(extract))
        yield from (n for point in question.key_points for n in (point.lines[0][0],))


@settings(max_examples=300)
@given(NOTES, st.sampled_from([None, Style.TREE]))
def test_any_text_parses_and_every_line_lies_in_it(text: str, style: Style | None) -> None:
    note = parse(text, "note", style=style)
    assert all(1 <= number <= note.line_count for number in numbers(note))
    assert note.line_count <= len(split(text))


@settings(max_examples=200)
@given(NOTES)
def test_the_tree_is_one(text: str) -> None:
    note = parse(text, "note", style=Style.TREE)
    for index, question in enumerate(note.questions):
        if question.parent is None:
            assert question.depth == 0
        else:
            assert question.parent < index
            assert question.depth == note.questions[question.parent].depth + 1
        assert question.text
        assert question.text in question.trail[-1]
        assert question.answered is (question.kind is not QuestionKind.UNANSWERED)
    for heading in note.headings:
        assert heading.parent is None or note.headings[heading.parent].level < heading.level
    assert [h.question for h in note.headings if h.question is not None] == list(
        range(len(note.questions))
    )


@settings(max_examples=200)
@given(NOTES.filter(lambda text: "\r" not in text))
def test_line_ends_do_not_matter(text: str) -> None:
    plain = parse(text, "note", style=Style.TREE)
    assert parse(text.replace("\n", "\r\n"), "note", style=Style.TREE) == plain
    assert parse(text.replace("\n", "\r"), "note", style=Style.TREE) == plain


# Source lines.


def unmarked(row: str, marks: int) -> str | None:
    """A row without so many quote marks; None if it has fewer."""
    for _ in range(marks):
        mark = MARK.match(row)
        if mark is None:
            return None
        row = row[mark.end() :]
    return row


MARKS = {"prompt": (0,), "answer": (0, 1, 2), "deeper": (0, 2), "details": (0, 1)}
"""Quote marks that may be off a row of each part; none are off a row that had no mark to lose."""


def is_row_of(row: str, source: str, part: str, kind: QuestionKind) -> bool:
    if part == "prompt" and kind is QuestionKind.CHOICE:
        source = re.sub(r"\[[xX]\]", "[ ]", source, count=1) if row != source else source
    return any(row == unmarked(source, marks) for marks in MARKS[part])


@settings(max_examples=300)
@given(NOTES.filter(lambda text: "\t" not in text))
def test_every_part_is_the_lines_it_names_with_quote_marks_off(text: str) -> None:
    source = split(text)
    for question in parse(text, "note", style=Style.TREE).questions:
        for part, extract in extracts(question):
            rows, places = extract.markdown.split("\n"), lines_of(extract)
            assert len(rows) == len(places)
            assert places == sorted(set(places))
            assert all(question.line < line <= question.end_line for line in places)
            for row, line in zip(rows, places, strict=True):
                assert is_row_of(row, source[line - 1], part, question.kind), (part, line)


def test_the_same_holds_for_the_golden_cases() -> None:
    checked = 0
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text(encoding="utf-8").replace("\t", " ")
        source = split(text)
        for question in parse(text, "note", style=Style.TREE).questions:
            for part, extract in extracts(question):
                pairs = zip(extract.markdown.split("\n"), lines_of(extract), strict=True)
                for row, line in pairs:
                    assert is_row_of(row, source[line - 1], part, question.kind)
                    checked += 1
    assert checked > 200


# Nothing is lost: blocks that are known to be content, or known not to be.


@dataclass(frozen=True)
class Written:
    rows: tuple[str, ...]
    content: bool


def content(*rows: str) -> Written:
    return Written(rows, content=True)


def nothing(*rows: str) -> Written:
    return Written(rows, content=False)


BLOCKS = [
    content("> said"),
    content("> - one", ">> note", "> - two"),
    content("> said", ">> note", "> said again", ">> [note](n.md)"),
    content("> said", "and on"),
    content(">> only a note"),
    content("> ```", "> # code", ">", "> more", "> ```"),
    content("words", "and more"),
    content("- a", "  - b", "- c"),
    content("1. a", "", "   b"),
    content("```py", "# x", "", "> y", "```"),
    content("| a | b |", "|---|---|", "| c | d |"),
    content("$$", "x", "$$"),
    content("<div>", "text", "</div>"),
    content("<!-- c --> text"),
    content("- [ ] a", "- [x] b"),
    nothing("<!-- gone", "", "### Why?", "-->"),
    nothing("---"),
    nothing("<!--START_SECTION:s-->", "> gone", "<!--END_SECTION:s-->"),
    nothing("<details><summary>参考</summary>", "", "- gone", "", "</details>"),
]
OWN = st.lists(st.sampled_from(BLOCKS), max_size=8)


@settings(max_examples=300)
@given(st.lists(OWN, min_size=1, max_size=4))
def test_no_line_of_content_is_lost_and_nothing_else_is_taken(notes: list[list[Written]]) -> None:
    rows: list[str] = []
    expected: set[int] = set()
    for own in notes:
        rows += ["### Why is that?", ""]
        for block in own:
            if block.content:
                expected |= {
                    len(rows) + n for n, row in enumerate(block.rows, 1) if row.strip("> ")
                }
            rows += [*block.rows, ""]
    note = parse("\n".join(rows), "note", style=Style.TREE)
    assert len(note.questions) == len(notes)
    found = {
        line
        for question in note.questions
        for _, extract in extracts(question)
        for line in lines_of(extract)
        if rows[line - 1].strip("> ")
    }
    assert found == expected


@settings(max_examples=200)
@given(OWN)
def test_no_line_is_in_two_parts(own: list[Written]) -> None:
    text = "\n\n".join(["### Why is that?", *("\n".join(block.rows) for block in own)])
    (question,) = parse(text, "note", style=Style.TREE).questions
    if question.kind is QuestionKind.CHOICE:  # its ticked options are both asked and answered
        return
    places = [line for _, extract in extracts(question) for line in lines_of(extract)]
    rows = split(text)
    solid = [line for line in places if rows[line - 1].strip("> ")]
    assert len(solid) == len(set(solid))


# Shapes that mean harm: each must come to an end.

COUNT = 2_000
HOSTILE = {
    "headings": "### a?\n" * COUNT,
    "quotes": "### a?\n" + "> b\n\n" * COUNT,
    "deeper notes": "### a?\n" + ">> b\n>\n" * COUNT,
    "swallowed lines": "### a?\n" + "> b\n>> c\n" * COUNT,
    "items between notes": "### a?\n" + "> - b\n>> c\n" * COUNT,
    "sections": "<!--START_SECTION:s-->\n### a?\n<!--END_SECTION:s-->\n" * COUNT,
    "open sections": "".join(f"<!--START_SECTION:{n}-->\n" for n in range(COUNT)),
    "sections on a line": "<!--START_SECTION:s-->" * COUNT,
    "comments": "### a?\n<!-- b -->\n" * COUNT,
    "anchors": "<p>" + "<a id=x>" * COUNT,
    "definitions": "### a?\n> 1. b\n>> c\n> 2. d\n\n" * (COUNT // 4)
    + "".join(f"[{n}]: x\n" for n in range(COUNT)),
    "equal headings": "## a\n" * COUNT + "".join(f"## a-{n}\n" for n in range(COUNT)),
    "blanks in a heading": "# a" + " " * 50 * COUNT + "b",
    "brackets in a heading": "### a" + "()" * COUNT + "\n> b",
    "numbers in a heading": "### " + "1. " * COUNT + "\n> b",
    "symbols in a heading": "### " + "✅" * COUNT + "\n> b",
    "rules": "---\n" * COUNT,
    "fields": "---\n" + "a: b\n" * COUNT + "---\n",
    "contents": "- [a](#a)\n" * COUNT,
}


def test_hostile_notes_are_read_to_their_end() -> None:
    for text in HOSTILE.values():
        note = parse(text, "note", style=Style.TREE)
        assert all(1 <= number <= note.line_count for number in numbers(note))
