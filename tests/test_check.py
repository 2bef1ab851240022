"""What `check` finds: every code by a note that earns it, and nothing on a sound one."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlhf_qa.check import check, counts
from rlhf_qa.model import Code, Severity
from tests.notes import PAGE, TREE, collection, write

SOUND = TREE.replace("### Which kettle is best?\n", "### Which kettle is best?\n> Yours.\n")
Q = "# T\n\n## What is it?\n> It is this.\n\n"
BIDI = "\u202e"
TAGS = "\U000e0041"


def found(folder: Path) -> list[tuple[str, int, str]]:
    return [(f.path, f.problem.line, f.problem.code.value) for f in check(collection(folder))]


def test_a_sound_note_is_not_complained_about(tmp_path: Path) -> None:
    assert found(write(tmp_path, {"a.md": SOUND, "page.md": PAGE})) == []


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        (Code.UNANSWERED, 3, "# T\n\n## What is it?\n\n## What else?\n> That.\n"),
        (Code.LINK_ONLY, 3, "# T\n\n## What is it?\n> [here](#what-is-it)\n"),
        (Code.BROKEN_LINK, 4, "# T\n\n## What is it?\n> See [x](gone.md).\n"),
        (Code.BROKEN_ANCHOR, 4, "# T\n\n## What is it?\n> See [x](#gone).\n"),
        (Code.APPROXIMATE_ANCHOR, 4, "# T\n\n## What is it?\n> See [x](#whatisit).\n"),
        (Code.REFUSED_LINK, 4, "# T\n\n## What is it?\n> See [x](file:///etc/passwd).\n"),
        (Code.REFUSED_LINK, 4, "# T\n\n## What is it?\n> See [x](../../x.md).\n"),
        (Code.DUPLICATE_QUESTION, 6, Q + "## what is it?\n> That.\n"),
        (Code.REPEATED_QUESTION, 9, Q + "## What else?\n> A.\n\n### What is it?\n> B.\n"),
        (
            Code.DUPLICATE_ID,
            3,
            (
                "# T\n\n## What is it?\n<!--card id: one-->\n> A.\n\n"
                "## What else?\n<!--card id: one-->\n> B.\n"
            ),
        ),
        (
            Code.TOC_DRIFT,
            4,
            (
                "# T\n\n<!--START_SECTION:toc-->\n- [x](#gone)\n- [y](#what-is-it)\n"
                "<!--END_SECTION:toc-->\n\n## What is it?\n> A.\n"
            ),
        ),
        (
            Code.TOC_DRIFT,
            7,
            (
                "# T\n\n<!--START_SECTION:toc-->\n- [t](#t)\n<!--END_SECTION:toc-->\n\n"
                "## What is it?\n> A.\n"
            ),
        ),
        (Code.DEEP_NESTING, 6, Q + ">" * 30 + " deep\n"),
        (Code.UNCLOSED_COMMENT, 6, Q + "<!-- open\n\n## What is lost?\n"),
        (Code.UNCLOSED_SECTION, 6, Q + "<!--START_SECTION:toc-->\n"),
        (Code.UNCLOSED_DETAILS, 6, Q + "<details>\n\ntext\n"),
        (Code.UNCLOSED_FENCE, 6, Q + "```\n## What is lost?\n"),
        (Code.SWALLOWED_HEADING, 7, Q + "<div>\n## What is lost?\n</div>\n"),
        (Code.NOT_A_QUOTE, 8, Q + "## What else?\n\n    > four blanks\n"),
        (Code.BAD_METADATA, 2, "---\nlevel: [1\n---\n" + Q),
        (Code.HIDDEN_TEXT, 6, Q + f"hidden {BIDI}text\n"),
        (Code.HIDDEN_TEXT, 6, Q + f"hidden {TAGS}text\n"),
        (Code.FORMULA_SOURCE, 5, "# T\n\n## What is it?\n> It is\n> $x^2$ and $\\foo{x}$.\n"),
        (Code.NOT_A_HEADING, 6, Q + "##What else?\n"),
        (Code.EMPTY_HEADING, 6, Q + "##\n"),
        (Code.UNKNOWN_KEY, 4, "# T\n\n## What is it?\n<!--card levle: M-->\n> A.\n"),
    ],
)
def test_each_code_has_a_note_that_earns_it(
    tmp_path: Path, code: Code, line: int, text: str
) -> None:
    places = {(place, name) for _, place, name in found(write(tmp_path, {"a.md": text}))}
    assert (line, code.value) in {(at, name) for at, name in places}


@pytest.mark.parametrize(
    ("code", "data"),
    [
        (Code.ENCODING, b"\xff\xfe"),
        (Code.TOO_LARGE, b"a" * (5 * 1024 * 1024 + 1)),
    ],
)
def test_a_file_that_is_not_loaded_is_an_error(tmp_path: Path, code: Code, data: bytes) -> None:
    findings = check(collection(write(tmp_path, {"a.md": SOUND, "bad.md": data, "page.md": PAGE})))
    assert [(f.path, f.problem.code, f.severity) for f in findings] == [
        ("bad.md", code, Severity.ERROR)
    ]


def test_a_folder_named_like_a_note_is_no_note(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": SOUND, "page.md": PAGE, "x.md/b.md": "# B\n"})
    assert found(tmp_path) == []


def test_names_that_some_disks_take_for_one(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": SOUND, "page.md": PAGE, "B.md": "# B\n", "b.md": "# B\n"})
    assert found(tmp_path) == [("b.md", 1, "name-clash")]


def test_a_path_without_questions_is_said_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "# A\n\n## Part\n\ntext\n", "b.md": "# B\n"})
    assert found(tmp_path) == [("a.md", 1, "no-questions")]


def test_the_same_id_in_two_languages_is_one_card(tmp_path: Path) -> None:
    card = "## What is it?\n<!--card id: one-->\n> {}\n"
    write(
        tmp_path,
        {
            "zh.md": "# T\n\n<!--info\nlang: zh\nid: d\n-->\n\n" + card.format("是它。"),
            "en.md": "# T\n\n<!--info\nlang: en\nid: d\n-->\n\n" + card.format("It is it."),
        },
    )
    assert found(tmp_path) == []
    both = collection(tmp_path, lang="zh")
    (entry,) = both.entries
    assert (entry.note.path, [p.note.path for p in entry.siblings]) == ("zh.md", ["en.md"])
    assert collection(tmp_path, lang="en").entries[0].note.path == "en.md"


def test_counts_name_every_severity(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "# T\n\n## What is it?\n> See [x](gone.md).\n\n## What else?\n"})
    assert counts(check(collection(tmp_path))) == {
        Severity.ERROR: 0,
        Severity.WARNING: 1,
        Severity.NOTE: 1,
    }


def test_a_style_that_only_history_remembers_is_doubted(tmp_path: Path) -> None:
    from rlhf_qa.cache import Cache
    from rlhf_qa.collection import collect
    from rlhf_qa.library import load
    from rlhf_qa.memory import StudyDay
    from rlhf_qa.model import Style

    text = "# T\n\n## Plain words\n\ntext\n\n## More words\n\ntext\n"
    path = write(tmp_path, {"a.md": text}) / "a.md"
    library = load([str(path)], cache=Cache(None), remembered={"a": Style.TREE})
    found = collect(
        library,
        registry={},
        with_history=frozenset(),
        aliases={},
        today=StudyDay(739_900),
        lang="en",
    )
    assert [f.problem.code for f in check(found)] == [Code.STYLE_DOUBT]
