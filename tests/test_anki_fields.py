"""What a note says, as HTML in a field of Anki: to the letter."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from rlhf_qa.export.anki import deck_of, tags_of
from rlhf_qa.export.apkg import AnkiNote, package
from rlhf_qa.export.fields import Composer, Fields
from rlhf_qa.export.tex import formula
from tests.notes import collection, write


def composed(folder: Path, text: str) -> list[Fields]:
    """The fields of every card of a note."""
    found = collection(write(folder, {"n.md": text}))
    composer = Composer(found.library, found.by_id())
    return [composer.fields(entry) for entry in found.entries if entry.question.answered]


def answer(folder: Path, markdown: str) -> str:
    """The field that an answer becomes."""
    quoted = "\n".join(f"> {row}" for row in markdown.split("\n"))
    (fields,) = composed(folder, f"## What is it?\n{quoted}\n")
    return fields.answer


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("costs $5 and $10", "<p>costs $5 and $10</p>"),
        ("`$HOME` and `**kwargs`", "<p><code>$HOME</code> and <code>**kwargs</code></p>"),
        ("`[sound:x.mp3]`", "<p><code>&#91;sound:x.mp3]</code></p>"),
        (r"\[sound:x.mp3]", "<p>&#91;sound:x.mp3]</p>"),
        (r"a \\(b\\) c", r"<p>a \<span></span>(b\<span></span>) c</p>"),
        ("$a < b & c$", r"<p>\(a &lt; b &amp; c\)</p>"),
        ("$$\na \\\\[2pt] b\n$$", "<p>\\[\na \\\\[2pt] b\n\\]</p>"),
        (r"$x_{\text{a \{ b}}$", r"<p>\(x_{\text{a \{ b}}\)</p>"),
        (r"$\frac{a$", r"<p><code>\frac{a</code></p>"),
        ("**重点：**说明", "<p><strong>重点：</strong>说明</p>"),
        ("两行\n中文", "<p>两行中文</p>"),
        ("two\nlines", "<p>two lines</p>"),
        ("- [x] a\n- [ ] b", "<ul><li>☑ a</li><li>☐ b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("H<sub>2</sub>O <sup>x", "<p>H<sub>2</sub>O <sup>x</sup></p>"),
        ("a <b onclick='x()'>b</b>", "<p>a <b>b</b></p>"),
        ("<u>a</b> b</u>", "<p><u>a b</u></p>"),
        ("[w](https://a.b/?c=1&d)", '<p><a href="https://a.b/?c=1&amp;d">w</a></p>'),
        ("[m](mailto:a@b.c)", '<p><a href="mailto:a@b.c">m</a></p>'),
        ("[x](javascript:a)", "<p>x</p>"),
        ("[x](//a.b/c)", "<p>x</p>"),
        ("a ![p](https://a.b/c.png)", '<p>a <a href="https://a.b/c.png">p</a></p>'),
        (
            "| a | b |\n|:-:|---|\n| `x` | $y$ |",
            (
                '<table><thead><tr><th style="text-align:center">a</th><th>b</th></tr></thead>'
                r'<tbody><tr><td style="text-align:center"><code>x</code></td><td>\(y\)</td></tr>'
                "</tbody></table>"
            ),
        ),
        (
            "<details><summary>More $x$</summary>\n\n*in*\n\n</details>",
            r"<details><summary>More \(x\)</summary><p><em>in</em></p></details>",
        ),
        ("```nope\na < b\n```", "<pre><code>a &lt; b</code></pre>"),
        (
            "```python\nx = 1 # [sound:a]\n```",
            (
                '<pre><code>x = <span style="color:#c07428">1</span> '
                '<span style="color:#7a8288"># &#91;sound:a]</span></code></pre>'
            ),
        ),
    ],
)
def test_an_answer_reads_in_html(tmp_path: Path, markdown: str, html: str) -> None:
    assert answer(tmp_path, markdown) == html


@pytest.mark.parametrize(
    ("source", "html", "dropped"),
    [
        (r"\href{javascript:a}{x}", r"\({javascript:a}{x}\)", (r"\href",)),
        (r"\bbox[background:url(//a)]{x}", r"\([background:url(//a)]{x}\)", (r"\bbox",)),
        (r"a\) b \( c", r"\(a b  c\)", ()),
        (r"a \\", r"\(a \\\)", ()),
        ("a \\", r"\(a \)", ()),
        (r"\}a\{", r"\(\}a\{\)", ()),
        ("}a{", "<code>}a{</code>", ()),
    ],
)
def test_a_formula_draws_and_does_nothing_else(
    source: str, html: str, dropped: tuple[str, ...]
) -> None:
    made = formula(source, display=False)
    assert (made.html, made.dropped) == (html, dropped)


def test_a_heading_loses_marker_and_number_and_keeps_its_formula(tmp_path: Path) -> None:
    text = "## ✅ 1. What is **$\\beta$** & `b`?\n> x\n\n### 🔥 Why?\n> y\n"
    asked = [(f.question, f.context) for f in composed(tmp_path, text)]
    main = r"What is <strong>\(\beta\)</strong> &amp; <code>b</code>?"
    assert asked == [(main, ""), ("Why?", main)]


def test_a_section_is_folded_in_once_and_cut_where_it_is_long(tmp_path: Path) -> None:
    page = "# P\n\n## S\n\n" + "\n\n".join(f"paragraph {n} of many words" for n in range(2_000))
    write(tmp_path, {"page.md": page})
    text = "## What is it?\n> It.\n>> [a](page.md#s), again [b](page.md#s)\n"
    (fields,) = composed(tmp_path, text)
    assert fields.answer == "<p>It.</p>"
    assert fields.deep_dive.startswith(
        "<p>a, again b</p><details><summary>S</summary><p>paragraph 0 of many words</p>"
    )
    assert fields.deep_dive.endswith("<p><small>… → page.md</small></p></details>")
    assert fields.deep_dive.count("<details>") == 1
    assert len(fields.deep_dive) < 21_000


def test_an_answer_that_is_only_a_link_shows_the_section(tmp_path: Path) -> None:
    write(tmp_path, {"page.md": "# P\n\n## S\n\nHere.\n"})
    (fields,) = composed(tmp_path, "## What is it?\n> [a](page.md#s)\n")
    assert fields.answer == "<p>a</p><details open><summary>S</summary><p>Here.</p></details>"


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_what_is_nested_deeply_is_written_all_the_same(tmp_path: Path, mark: str) -> None:
    assert "end" in answer(tmp_path, mark * 300 + "end")


def test_names_of_decks_and_tags_are_made_fit(tmp_path: Path) -> None:
    head = "---\ntags: ['a b', 'c\"d', '']\n---\n# T::x \"q\" \x07\n\n"
    write(tmp_path, {"n.md": f"{head}## 🏷️ **A**::B\n\n### What is it?\n> x\n"})
    (entry,) = collection(tmp_path).entries
    assert deck_of("R::S::", entry) == "R::S::T: x 'q' ␇::A: B"
    assert deck_of("", entry).startswith("rlhf-qa::")
    assert tags_of(entry) == ("rlhf-qa", "rlhf-qa::main", "a_b", "cd")


def test_a_package_takes_decks_that_differ_in_case_for_one() -> None:
    notes = [
        AnkiNote(n, str(n), 1, ("q",) * 6, (), name) for n, name in enumerate(("A::b", "a::B"))
    ]
    held = package(notes, {})
    assert held == package(notes, {})
    data = zipfile.ZipFile(io.BytesIO(held)).read("collection.anki21")
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(data)
        (decks,) = db.execute("SELECT decks FROM col").fetchone()
        assert len({row[0] for row in db.execute("SELECT did FROM cards")}) == 1
        numbers = {n for (n,) in db.execute("SELECT id FROM cards UNION SELECT mid FROM notes")}
    assert sorted(deck["name"] for deck in json.loads(decks).values()) == ["A", "A::b", "Default"]
    assert max(numbers | set(map(int, json.loads(decks)))) < 2**53
