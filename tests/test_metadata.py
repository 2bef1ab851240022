"""Metadata: every field, every wrong value, and YAML that means harm."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.metadata import merge, read_card, read_document
from rlhf_qa.model import CardMetadata, Code, DocumentMetadata, Level, Problem, Style

NOTHING = DocumentMetadata()


def document(text: str) -> DocumentMetadata:
    fields, problems = read_document(text, 1)
    assert problems == []
    return merge({}, fields)


def only_problem(text: str) -> Problem:
    fields, problems = read_document(text, 10)
    assert "lang" not in fields
    (problem,) = problems
    return problem


def test_every_field_of_a_document() -> None:
    text = """
title: "Notes: a deck"
toc_title: Notes
tags: [rlhf, ppo, rlhf]
date: 2026-01-05 09:30:00
draft: true
hidden: yes
level: 3
lang: zh-CN
id: notes
questions: tree
section_number: true
top: false
"""
    assert document(text) == DocumentMetadata(
        title="Notes: a deck",
        toc_title="Notes",
        tags=("rlhf", "ppo"),
        date="2026-01-05 09:30:00",
        draft=True,
        hidden=True,
        order=3,
        lang="zh-CN",
        id="notes",
        questions=Style.TREE,
    )


@pytest.mark.parametrize(
    "text", ["", "\n \n", "# a comment", "title:\ntags:\nlevel: ~", "other: [1]"]
)
def test_nothing_that_is_read(text: str) -> None:
    assert document(text) == NOTHING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("level: S", DocumentMetadata(level=Level.SENIOR)),
        ("level: research", DocumentMetadata(level=Level.RESEARCH)),
        ("level: -2", DocumentMetadata(order=-2)),
        ("tags: a, b ,, c", DocumentMetadata(tags=("a", "b", "c"))),
        ("tags: []", NOTHING),
        ("date: some day in may", DocumentMetadata(date="some day in may")),
        ("date: 0000-00-00", DocumentMetadata(date="0000-00-00")),
        ("date: [2026]", NOTHING),
        ("title: '2026'", DocumentMetadata(title="2026")),
        ("questions: none", DocumentMetadata(questions=Style.NONE)),
    ],
)
def test_forms_of_a_field(text: str, expected: DocumentMetadata) -> None:
    assert document(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lang: no", 'quote it, "no"'),
        ("id: 012", 'quote it, "012"'),
        ("title: 1.10", 'quote it, "1.10"'),
        ("title: 2026-01-05", 'quote it, "2026-01-05"'),
        ("title: [a]", "write one text"),
        ("lang: chinese, mostly", "a language like zh or en"),
        ("draft: 'true'", "true or false"),
        ("draft: 1", "true or false"),
        ("tags: {a: b}", "a list of texts"),
        ("tags: [a, 012]", 'quote it, "012"'),
        ("level: 1234567", "whole number"),
        ("level: 010", "whole number"),
        ("level: expert", "junior, mid, senior, research"),
        ("questions: quiz", "tree, none"),
        ('id: "a\\tb"', "printable"),
        (f"id: {'x' * 257}", "256"),
        ("title: !!python/object:os.system ls", "quote it"),
        ("title: x\ntitle: y", "twice"),
    ],
)
def test_a_wrong_value_is_one_warning_that_says_what_to_write(text: str, says: str) -> None:
    problem = only_problem(text)
    assert problem.code is Code.BAD_METADATA
    assert says in problem.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: x: y", 10),
        ("title: a\n\t- b", 11),
        ("title: a\n---\ntitle: b", 11),
        ("a: [", 10),
        ("just words", 10),
        ("- a\n- b", 10),
        ("<<: {title: a}", 10),
        ("title: a\nx: &anchor 1", 11),
        ("a: [x]\nb: *a", 11),
        ("title: a\n\x07: b", 11),
        ("title: '\ud800'", 10),
        ("[" * 5000, 10),
        ("title: " + "x" * 70_000, 10),
        ("? [a]\n: {", 11),
    ],
)
def test_yaml_that_cannot_be_used_is_one_warning_at_its_line(text: str, line: int) -> None:
    problem = only_problem(text)
    assert (problem.code, problem.line) == (Code.BAD_METADATA, line)


def test_aliases_are_refused_before_they_grow() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}, *{old}]\n"
        for old, new in zip("abcdefghijklmno", "bcdefghijklmnop", strict=True)
    )
    assert "aliases" in only_problem(bomb).message


def test_what_is_well_formed_still_counts() -> None:
    fields, problems = read_document("title: a\nlang: no\ndraft: true\n", 5)
    assert merge({}, fields) == DocumentMetadata(title="a", draft=True)
    assert [p.line for p in problems] == [6]


def test_front_matter_wins_a_clash() -> None:
    front, _ = read_document("title: front\ndraft: false\ntags: []", 1)
    info, _ = read_document("title: info\ndraft: true\ntags: [a]\nlang: en", 9)
    assert merge(front, info) == DocumentMetadata(title="front", lang="en")


def test_line_ends_that_only_yaml_knows_do_not_shift_lines_out_of_the_text() -> None:
    problem = only_problem("title: a\u2028b\u2028c\nlang: no")
    assert problem.line == 11


def test_every_field_of_a_card() -> None:
    text = """
id: rm-1.a_B
level: j
tags: [reward]
as_of: 2026-01
sources: [arxiv:1706.03741, "https://example.org"]
"""
    card, problems = read_card(text, 4, DocumentMetadata(tags=("all",), level=Level.SENIOR))
    assert problems == []
    assert card == CardMetadata(
        id="rm-1.a_B",
        level=Level.JUNIOR,
        tags=("reward",),
        as_of="2026-01",
        sources=("arxiv:1706.03741", "https://example.org"),
    )


def test_a_card_takes_tags_and_level_from_its_document() -> None:
    defaults = DocumentMetadata(tags=("all",), level=Level.MID, id="deck", order=4)
    card, _ = read_card("as_of: 2026-12", 1, defaults)
    assert card == CardMetadata(level=Level.MID, tags=("all",), as_of="2026-12")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id: 7", "quote it"),
        ("id: a b", "1 to 64"),
        (f"id: {'a' * 65}", "1 to 64"),
        ("id: é", "1 to 64"),
        ("as_of: 2026-13", "YYYY-MM"),
        ("as_of: 2026-01-05", "quote it"),
        ("sources: https://example.org", "a list of texts"),
        ("level: 3", "J, M, S, R"),
    ],
)
def test_wrong_values_on_a_card(text: str, says: str) -> None:
    card, (problem,) = read_card(text, 3, NOTHING)
    assert card == CardMetadata()
    assert (problem.code, problem.line) == (Code.BAD_METADATA, 3)
    assert says in problem.message


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("lvel", "is level meant?"),
        ("Tags", "is tags meant?"),
        ("source", "is sources meant?"),
        ("colour", "known are id, level"),
    ],
)
def test_an_unknown_field_of_a_card_is_named_with_the_nearest_known(key: str, says: str) -> None:
    _, (problem,) = read_card(f"id: a\n{key}: x", 3, NOTHING)
    assert (problem.code, problem.line) == (Code.UNKNOWN_KEY, 4)
    assert says in problem.message


@given(
    st.text(alphabet=st.sampled_from("abit:-&*!?|>%@`#'\"[]{},\n\t \\<~0\u2028\x00é"), max_size=60)
)
def test_any_text_is_read_without_an_exception(text: str) -> None:
    _, problems = read_document(text, 7)
    _, more = read_card(text, 7, NOTHING)
    last = 7 + text.count("\n")
    assert all(7 <= p.line <= last for p in (*problems, *more))


def test_yaml_is_imported_only_where_there_is_some() -> None:
    program = (
        "import sys; from rlhf_qa.parser import parse;"
        "parse('### Why?\\n> a\\n', 'note'); assert 'yaml' not in sys.modules;"
        "parse('<!--info\\nlang: en\\n-->', 'note'); assert 'yaml' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
