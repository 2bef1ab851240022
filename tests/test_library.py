"""Which files are read, and where links lead."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from rlhf_qa.cache import Cache
from rlhf_qa.errors import UsageError
from rlhf_qa.library import Destination, Library, Note, bank_root, load
from rlhf_qa.links import read_target
from rlhf_qa.model import Code, LinkKind, Style, StyleFrom
from tests.notes import PAGE, TREE, library, write


def follow(shelf: Library, target: str, note: Note | None = None) -> Destination:
    note = note or shelf.notes[0]
    return shelf.destination(note, read_target(target, note.path))


@pytest.fixture
def shelf(tmp_path: Path) -> Library:
    notes = {
        "tree.md": TREE,
        "page.md": PAGE,
        "guide/README.md": "# Guide\n\n## Part one\n\ntext\n",
        "guide/other.markdown": "# Other\n",
        "code/x.py": "a = 1\n",
        "é.md": "# Accent\n",
    }
    return library(write(tmp_path / "notes", notes) / "tree.md")


@pytest.mark.parametrize(
    ("target", "path", "line", "approximate"),
    [
        ("page.md", "page.md", 1, False),
        ("./page.md#heat", "page.md", 3, False),
        ("/page.md#heat", "page.md", 3, False),
        ("page.md?raw=1#heat", "page.md", 3, False),
        ("page#lime-and-you", "page.md", 11, False),
        ("page.md#lime%2Dand-you", "page.md", 11, False),
        ("page.md#lime-andyou", "page.md", 11, True),
        ("guide#part-one", "guide/README.md", 3, False),
        ("guide/other", "guide/other.markdown", 1, False),
        (unicodedata.normalize("NFD", "é.md"), "é.md", 1, False),
        ("%C3%A9.md", "é.md", 1, False),
        ("#care", "tree.md", 18, False),
    ],
)
def test_a_link_leads_to_its_section(
    shelf: Library, target: str, path: str, line: int, approximate: bool
) -> None:
    found = follow(shelf, target)
    assert found.resolved is True
    assert found.note is not None
    assert (found.note.path, found.line, found.approximate) == (path, line, approximate)


@pytest.mark.parametrize(
    ("target", "file_found"),
    [("none.md", False), ("page.md#nowhere", True), ("#nowhere", True), ("~/page.md", False)],
)
def test_a_link_to_nothing_is_broken(shelf: Library, target: str, file_found: bool) -> None:
    found = follow(shelf, target)
    assert found.resolved is False
    assert found.file_found is file_found


@pytest.mark.parametrize(
    "target",
    [
        "../secret.md",
        "%2e%2e/secret.md",
        "guide/../../secret.md",
        "javascript:alert(1)",
        "JAVA\tSCRIPT:x",
        "file:///etc/passwd",
        "link.md",
        "linked/secret.md",
        "a\x00b.md",
    ],
)
def test_nothing_outside_the_root_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    root = write(tmp_path / "notes", {"tree.md": TREE, "guide/a.md": "# A\n"})
    write(tmp_path, {"secret.md": "# Secret\n"})
    (root / "link.md").symlink_to(tmp_path / "secret.md")
    (root / "linked").symlink_to(tmp_path)
    shelf = library(root / "tree.md")
    opened: list[str] = []
    real = os.open

    def recording(path: str, *arguments: int, **more: int) -> int:
        opened.append(os.path.realpath(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(os, "open", recording)
    found = follow(shelf, target)
    assert found.target.kind is LinkKind.REFUSED
    assert found.target.reason.startswith("refused: ")
    assert [path for path in opened if not path.startswith(str(root))] == []


def test_an_encoded_percent_sign_is_decoded_once(tmp_path: Path) -> None:
    root = write(tmp_path / "notes", {"tree.md": TREE, "%2e.md": "# Percent\n"})
    found = follow(library(root / "tree.md"), "%252e.md")
    assert found.note is not None
    assert found.note.path == "%2e.md"


def test_the_web_is_not_looked_at(shelf: Library) -> None:
    found = follow(shelf, "https://example.org/page.md#heat")
    assert (found.target.kind, found.resolved) == (LinkKind.EXTERNAL, None)


def test_code_is_an_asset_with_a_line(shelf: Library) -> None:
    found = follow(shelf, "code/x.py#L10-L12")
    assert (found.target.kind, found.resolved, found.line) == (LinkKind.ASSET, True, 10)


def test_a_section_ends_before_the_next_heading_of_its_level(shelf: Library) -> None:
    section = shelf.section(follow(shelf, "page.md#heat"))
    assert section is not None
    assert section.rows[0] == "## Heat"
    assert section.rows[-2:] == (
        "It depends on pressure. See [lime](#lime-and-you).",
        "",
    )
    assert section.first == 3


def test_a_long_section_is_cut_and_says_so(tmp_path: Path) -> None:
    page = "# P\n\n## Long\n\n" + "word " * 20 + "\n"
    page += "a line of text\n" * 6_000
    shelf = library(write(tmp_path, {"tree.md": TREE, "page.md": page}) / "tree.md")
    section = shelf.section(follow(shelf, "page.md#long"))
    assert section is not None
    assert section.cut > 0
    assert len(section.rows) + section.cut == page.count("\n") - 2


def test_a_folder_is_walked_without_hidden_names_and_links(tmp_path: Path) -> None:
    notes = {
        "b.md": TREE,
        "a/deep.markdown": TREE,
        ".hidden.md": TREE,
        ".git/x.md": TREE,
        "node_modules/x.md": TREE,
        "x.txt": TREE,
    }
    root = write(tmp_path / "notes", notes)
    (root / "loop").symlink_to(root)
    (root / "link.md").symlink_to(root / "b.md")
    shelf = library(root)
    assert [note.path for note in shelf.notes] == ["a/deep.markdown", "b.md"]
    assert shelf.remarks == (f"{root}: 2 symbolic links are not followed",)


def test_the_order_of_decks_is_their_authors(tmp_path: Path) -> None:
    head = "---\nlevel: {}\n---\n"
    notes = {"a.md": head.format(3) + TREE, "b.md": TREE, "c.md": head.format(1) + TREE}
    shelf = library(write(tmp_path, notes))
    assert [note.path for note in shelf.notes] == ["b.md", "c.md", "a.md"]


def test_the_root_does_not_depend_on_what_was_typed(tmp_path: Path) -> None:
    root = write(tmp_path / "notes", {".git/HEAD": "", "rl/deep.md": TREE})
    decks = {library(path).notes[0].deck for path in (root, root / "rl", root / "rl" / "deep.md")}
    assert decks == {"rl/deep"}


def test_a_deck_may_name_itself(tmp_path: Path) -> None:
    shelf = library(write(tmp_path, {"x.md": "---\nid: kettles\n---\n" + TREE}))
    assert shelf.notes[0].deck == "kettles"


@pytest.mark.parametrize(
    ("name", "data", "code", "message"),
    [
        ("gb.md", "# 偏好学习\n".encode("gb18030"), Code.ENCODING, "iconv -f GB18030 -t UTF-8"),
        ("u16.md", TREE.encode("utf-16"), Code.ENCODING, "iconv -f UTF-16 -t UTF-8"),
        ("latin.md", "# a\n\ncafé\n".encode("latin-1"), Code.ENCODING, "at byte 8"),
        ("nul.md", b"# a\n\nb\x00c\n", Code.ENCODING, "byte 6"),
        ("cut.md", "# 偏好".encode()[:-1], Code.ENCODING, "not UTF-8"),
        ("big.md", b"a" * (5 * 1024 * 1024 + 1), Code.TOO_LARGE, "limit of 5 MiB"),
    ],
)
def test_a_file_that_is_not_loaded_says_why(
    tmp_path: Path, name: str, data: bytes, code: Code, message: str
) -> None:
    root = write(tmp_path, {name: data, "good.md": TREE})
    shelf = library(root)
    assert [note.path for note in shelf.notes] == ["good.md"]
    (failure,) = shelf.failures
    assert (failure.path, failure.code) == (name, code)
    assert message in failure.message


def test_the_line_of_a_wrong_byte_is_named(tmp_path: Path) -> None:
    shelf = library(write(tmp_path, {"a.md": b"# a\n\nb\xff\n"}))
    assert shelf.failures[0].line == 3


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    shelf = library(write(tmp_path, {"good.md": TREE}))
    assert [(f.path, f.code) for f in shelf.failures] == [("pipe.md", Code.UNREADABLE)]
    assert [note.path for note in shelf.notes] == ["good.md"]


def test_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        library(tmp_path / "nowhere.md")


def test_unchanged_files_are_not_parsed_again(tmp_path: Path) -> None:
    root = write(tmp_path / "notes", {"a.md": TREE, "b.md": TREE, "page.md": PAGE})
    for file in root.iterdir():
        os.utime(file, (1_700_000_000, 1_700_000_000))
    cache = tmp_path / "cache"
    first = library(root, cache=cache)
    again = library(root, cache=cache)
    assert (first.parsed, again.parsed) == (3, 0)
    assert [n.document for n in first.notes] == [n.document for n in again.notes]
    assert [n.document for n in library(root).notes] == [n.document for n in again.notes]
    (root / "a.md").write_text(TREE + "\n### And now?\n> Yes.\n")
    assert library(root, cache=cache).parsed == 1


def test_a_change_that_keeps_size_and_time_is_seen_while_it_is_fresh(tmp_path: Path) -> None:
    note = write(tmp_path / "notes", {"a.md": TREE}) / "a.md"
    cache = tmp_path / "cache"
    library(note, cache=cache)
    before = note.stat()
    note.write_text(TREE.replace("kettle do", "teapot do"))
    os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
    found = library(note, cache=cache).notes[0].document
    assert found.questions[0].text == "What does a teapot do?"


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[]",
        "null",
        "{",
        '{"versions": [1, 1]}',
        '{"versions": [1, 1], "stamp": [1, 2], "digest": "", "document": [1]}',
        "[" * 100_000,
    ],
)
def test_a_damaged_cache_changes_nothing(tmp_path: Path, damage: str) -> None:
    note = write(tmp_path / "notes", {"a.md": TREE}) / "a.md"
    cache = tmp_path / "cache"
    good = library(note, cache=cache).notes[0].document
    for entry in cache.rglob("*.json"):
        entry.write_text(damage)
    assert library(note, cache=cache).notes[0].document == good


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    note = write(tmp_path, {"a.md": TREE, "file": ""}) / "a.md"
    assert library(note, cache=tmp_path / "file" / "cache").parsed == 1


def test_a_style_can_be_asked_for_and_is_remembered(tmp_path: Path) -> None:
    note = write(tmp_path, {"a.md": "# T\n\n## Plain words\n\ntext\n\n## More words\n\ntext\n"})
    path = str(note / "a.md")
    alone = load([path], cache=Cache(None))
    assert not alone.notes[0].document.is_deck
    asked = load([path], cache=Cache(None), style=Style.TREE)
    assert len(asked.notes[0].document.questions) == 2
    remembered = load([path], cache=Cache(None), remembered={"a": Style.TREE})
    document = remembered.notes[0].document
    assert (len(document.questions), document.style_from) == (2, StyleFrom.HISTORY)


def test_a_note_that_changed_is_read_again(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md": TREE})
    shelf = library(root)
    note = shelf.notes[0]
    assert shelf.again(note) is note
    (root / "a.md").write_text("# T\n\n### New?\n> Yes, it is.\n")
    again = shelf.again(note)
    assert again is not None
    assert [q.text for q in again.document.questions] == ["New?"]
    (root / "a.md").unlink()
    assert shelf.again(note) is None


def test_the_bank_is_found() -> None:
    assert (bank_root() / "zh").is_dir()
    assert (bank_root() / "en").is_dir()


def test_a_file_with_more_headings_than_anyone_asks_is_not_parsed(tmp_path: Path) -> None:
    notes = write(tmp_path, {"big.md": "# T\n" + "## Q?\n" * 20_001, "small.md": "## Q?\n> a\n"})
    shelf = library(notes)
    assert [(f.path, f.code) for f in shelf.failures] == [("big.md", Code.TOO_LARGE)]
    assert [note.path for note in shelf.notes] == ["small.md"]
