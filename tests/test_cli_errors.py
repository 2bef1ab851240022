"""What goes wrong is one line that names the place, with the right exit code; never a traceback."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from rlhf_qa.limits import FILE_BYTES
from tests.cli import Dialogue, Done, run, shell, spawn
from tests.notes import PAGE, TREE, write

GOOD = "# T\n\n## What is it?\n> It.\n"
ROW = "good.md:3\tnew\tWhat is it?"
UNANSWERED = "<!--info\nquestions: tree\n-->\n\n## What is it?\n\n## Why is it?\n"
LOOKED_FOR = (
    "a question is a heading whose text asks and that is followed by a quote (> answer); "
    "--style tree reads every heading with content as a question"
)
NOWHERE = "HOME is not set, so the history has no place"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write(tmp_path / "notes", {"kettles.md": TREE, "page.md": PAGE})


class TestNotesThatCannotBeRead:
    REFUSED: Mapping[str, tuple[bytes, str]] = {
        "latin": (
            b"# T\n\n## Was ist Gr\xfctze?\n> Brei.\n",
            (
                "bad.md:3: not UTF-8 at byte 18, looks like Latin-1: "
                "convert it: iconv -f ISO-8859-1 -t UTF-8"
            ),
        ),
        "chinese": (
            "# 题\n\n## 什么是对齐?\n> 一致。\n".encode("gb18030"),
            (
                "bad.md:1: not UTF-8 at byte 2, looks like GB18030: "
                "convert it: iconv -f GB18030 -t UTF-8"
            ),
        ),
        "wide": (
            GOOD.encode("utf-16"),
            (
                "bad.md:1: not UTF-8 at byte 0, looks like UTF-16: "
                "convert it: iconv -f UTF-16 -t UTF-8"
            ),
        ),
        "zero": (
            b"# T\n\n## What is\0 it?\n> It.\n",
            "bad.md:3: not UTF-8 at byte 15, looks like binary data: not a note",
        ),
        "large": (
            b"a" * (FILE_BYTES + 100_000),
            "bad.md:1: 5.1 MiB is over the limit of 5 MiB: split the file",
        ),
    }

    @pytest.mark.parametrize("kind", REFUSED)
    def test_are_named_with_the_line_and_the_others_load(self, tmp_path: Path, kind: str) -> None:
        data, said = self.REFUSED[kind]
        write(tmp_path, {"bad.md": data, "good.md": GOOD})
        assert run("list", str(tmp_path)) == Done(1, f"{ROW}\n", f"{said}\n")
        place, _, message = said.partition(": ")
        checked = run("check", str(tmp_path))
        assert checked.code == 1
        assert checked.lines[0].startswith(f"{place}: error: {message} [")
        assert run("export", "json", str(tmp_path)).code == 1
        assert run("stats", str(tmp_path)).code == 1
        asked = run("quiz", str(tmp_path), typed="q\n")
        assert (asked.code, asked.messages) == (0, [said])
        assert "What is it?" in asked.lines

    @pytest.mark.parametrize("kind", REFUSED)
    @pytest.mark.parametrize("command", ["list", "show", "stats", "quiz"])
    def test_alone_are_a_failure(self, tmp_path: Path, kind: str, command: str) -> None:
        data, said = self.REFUSED[kind]
        write(tmp_path, {"bad.md": data})
        done = run(command, str(tmp_path / "bad.md"))
        assert done.code == 1
        assert done.messages[0] == said

    def test_neither_a_line_nor_a_section_of_them_is_looked_for(self, tmp_path: Path) -> None:
        data, said = self.REFUSED["latin"]
        write(tmp_path, {"bad.md": data})
        assert run("show", "bad.md:3", cwd=tmp_path) == Done(1, "", f"{said}\n")
        assert run("show", "bad.md#x", cwd=tmp_path) == Done(1, "", f"{said}\n")

    def test_a_pipe_in_the_folder_does_not_block(self, tmp_path: Path) -> None:
        os.mkfifo(write(tmp_path, {"good.md": GOOD}) / "pipe.md")
        said = "pipe.md:1: not a regular file: skipped\n"
        assert run("list", str(tmp_path)) == Done(1, f"{ROW}\n", said)
        assert run("list", str(tmp_path / "pipe.md")) == Done(1, "", said)

    def test_a_folder_named_like_a_note_is_a_folder(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.md/good.md": GOOD})
        assert run("list", str(tmp_path)).lines == [f"x.md/{ROW}"]

    def test_links_are_not_followed_and_counted(self, tmp_path: Path) -> None:
        outside = write(tmp_path / "outside", {"secret.md": "## What is CANARY?\n> CANARY.\n"})
        inside = write(tmp_path / "inside", {"good.md": GOOD})
        (inside / "link.md").symlink_to(outside / "secret.md")
        (inside / "folder").symlink_to(outside)
        (inside / "dangling.md").symlink_to("gone.md")
        (inside / "loop.md").symlink_to("loop.md")
        said = f"{inside}: 4 symbolic links are not followed\n"
        assert run("list", str(inside)) == Done(0, f"{ROW}\n", said)

    @pytest.mark.parametrize(
        ("name", "why"), [("dangling.md", "no such file or folder"), ("loop.md", "cannot be read")]
    )
    def test_a_link_to_nothing_is_no_path(self, tmp_path: Path, name: str, why: str) -> None:
        (tmp_path / "dangling.md").symlink_to("gone.md")
        (tmp_path / "loop.md").symlink_to("loop.md")
        done = run("list", name, cwd=tmp_path)
        assert done == Done(2, "", f"{name}: {why}: check the path\n")

    def test_a_name_that_is_not_utf_8_is_shown_with_its_bytes(self, tmp_path: Path) -> None:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_text(GOOD, encoding="utf-8")
        assert run("list", str(tmp_path)).lines == ["\\xff.md:3\tnew\tWhat is it?"]
        assert '"\\udcff.md"' in run("list", str(tmp_path), "--json").out
        assert run("quiz", str(tmp_path), typed="\n3\nq\n").code == 0
        assert run("list", str(tmp_path)).lines == ["\\xff.md:3\tknown\tWhat is it?"]


class TestNothingToAsk:
    NOTES = ": no notes here: a note is a file that ends in .md"
    SAID: Mapping[str, tuple[Mapping[str, str], str]] = {
        "no file": ({}, NOTES),
        "no note": ({"readme.txt": GOOD}, NOTES),
        "an empty file": ({"a.md": ""}, f": no questions in 1 file with 0 headings: {LOOKED_FOR}"),
        "pages only": (
            {"a.md": "# A\n\n## Part\n\ntext\n", "b.md": "# B\n"},
            f": no questions in 2 files with 3 headings: {LOOKED_FOR}",
        ),
    }

    @pytest.mark.parametrize("what", SAID)
    @pytest.mark.parametrize(
        "command", ["list", "list --json", "stats", "stats --json", "quiz", "export json"]
    )
    def test_is_said_once_and_no_failure(self, tmp_path: Path, what: str, command: str) -> None:
        files, said = self.SAID[what]
        write(tmp_path / "n", files)
        (tmp_path / "n").mkdir(exist_ok=True)
        done = run(*command.split(), "n", cwd=tmp_path)
        assert (done.code, done.messages) == (0, [f"n{said}"])
        assert done.out == "" or "stats" in command or "json" in command

    @pytest.mark.parametrize("what", SAID)
    def test_is_said_on_a_terminal_too(self, tmp_path: Path, what: str) -> None:
        files, said = self.SAID[what]
        write(tmp_path / "n", files)
        (tmp_path / "n").mkdir(exist_ok=True)
        assert run("list", "n", cwd=tmp_path, columns=80) == Done(0, "", f"n{said}\n")

    def test_show_has_nothing_to_show_then(self, tmp_path: Path) -> None:
        done = run("show", "n", cwd=write(tmp_path, {"n/a.txt": ""}))
        assert done == Done(1, "", f"n{self.NOTES}\n")

    def test_an_empty_folder_checks_clean(self, tmp_path: Path) -> None:
        assert run("check", str(tmp_path)) == Done(0, "", "")
        assert run("check", str(tmp_path), "--strict") == Done(0, "", "")

    def test_check_says_it_as_a_note(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.md": "# A\n"})
        said = f"a.md:1: note: no questions in 1 file with 1 heading: {LOOKED_FOR} [no-questions]"
        assert run("check", str(tmp_path)) == Done(0, f"{said}\n", "")
        assert run("check", str(tmp_path), "--strict").code == 1

    def test_questions_that_all_wait_for_an_answer(self, tmp_path: Path) -> None:
        write(tmp_path, {"n/a.md": UNANSWERED})
        done = run("quiz", "n", cwd=tmp_path)
        said = "n: 2 questions, and none has an answer yet (rlhf-qa list --unanswered)"
        assert done == Done(0, "", f"{said}\n")
        assert [row.split("\t")[1] for row in run("list", "n", cwd=tmp_path).lines] == [
            "unanswered"
        ] * 2


class TestHistory:
    def graded(self, notes: Path) -> Path:
        assert run("quiz", str(notes), typed="\n3\nq\n").code == 0
        return Path(os.environ["XDG_DATA_HOME"]) / "rlhf-qa" / "history.db"

    def digest(self, database: Path) -> str:
        return hashlib.sha256(database.read_bytes()).hexdigest()

    COMMANDS = ("list", "stats", "quiz", "export json", "check", "show")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_of_a_newer_version_is_refused_and_untouched(self, notes: Path, command: str) -> None:
        database = self.graded(notes)
        with sqlite3.connect(database) as db:
            db.execute("PRAGMA user_version = 99")
        db.close()
        before = self.digest(database)
        done = run(*command.split(), str(notes), typed="\n3\nq\n")
        assert (done.code, done.out, len(done.messages)) == (1, "", 1)
        assert "has format 99, and this version of rlhf-qa knows 1" in done.err
        assert self.digest(database) == before

    @pytest.mark.parametrize("command", COMMANDS)
    def test_of_another_program_is_refused_and_untouched(self, notes: Path, command: str) -> None:
        database = self.graded(notes)
        database.unlink()
        with sqlite3.connect(database) as db:
            db.execute("CREATE TABLE recipes (name)")
        db.close()
        before = self.digest(database)
        done = run(*command.split(), str(notes), typed="\n3\nq\n")
        assert (done.code, done.out, len(done.messages)) == (1, "", 1)
        assert str(database) in done.err
        assert self.digest(database) == before

    def test_that_cannot_be_written_is_still_read(
        self, notes: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        database = self.graded(notes)
        before = self.digest(database)
        monkeypatch.setattr("rlhf_qa.database._is_writable", lambda _: False)
        assert [row.split("\t")[1] for row in run("list", str(notes)).lines] == [
            "known",
            "new",
            "new",
            "unanswered",
            "new",
        ]
        done = run("quiz", str(notes), typed="\n3\nq\n")
        assert (done.code, len(done.messages)) == (1, 1)
        assert f"{database.parent} cannot be written, so no grade could be kept" in done.err
        assert self.digest(database) == before

    def test_where_there_can_be_none_is_said(self, notes: Path, tmp_path: Path) -> None:
        write(tmp_path, {"file": ""})
        done = run("--data-dir", str(tmp_path / "file" / "x"), "quiz", str(notes))
        assert (done.code, len(done.messages)) == (1, 1)
        assert "choose another folder with --data-dir" in done.err

    @pytest.mark.parametrize("command", ["list", "quiz", "stats", "paths", "config", "check", ""])
    def test_without_a_home_has_no_place(self, command: str) -> None:
        gone = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"))
        done = run(*command.split(), env=gone)
        assert (done.code, done.out, len(done.messages)) == (1, "", 1)
        assert done.err.startswith(NOWHERE)

    def test_without_a_home_a_named_place_will_do(self, notes: Path, tmp_path: Path) -> None:
        gone = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"))
        done = run("quiz", str(notes), env={**gone, "RLHF_QA_DATA": str(tmp_path / "data")})
        assert (done.code, done.err) == (0, "")
        assert (tmp_path / "data" / "history.db").exists()


class TestStreams:
    """The standard streams closed, full, gone, or of few characters."""

    def test_no_input_ends_a_sitting(self, notes: Path) -> None:
        done = run("quiz", str(notes))
        assert (done.code, done.err) == (0, "")
        assert "nothing graded" in done.lines

    @pytest.mark.parametrize("input_", ["</dev/null", "<&-"])
    def test_nor_does_a_closed_one_fail(self, notes: Path, input_: str) -> None:
        done = shell(f"$Q quiz {notes} {input_}")
        assert (done.code, done.err) == (0, "")
        assert "nothing graded" in done.lines

    @pytest.mark.parametrize("command", ["list @bank", "quiz @bank", "--version", "-h"])
    def test_a_closed_output_is_one_line_and_exit_1(self, command: str) -> None:
        done = shell(f"$Q {command} >&-")
        assert done == Done(1, "", "standard output is closed: nothing can be shown\n")

    @pytest.mark.parametrize("command", ["list @bank", "quiz @bank", "list @bank --json"])
    def test_so_is_a_full_one(self, command: str) -> None:
        done = shell(f"$Q {command} >/dev/full")
        assert done == Done(1, "", "output: No space left on device\n")

    @pytest.mark.parametrize("error", ["2>&-", "2>/dev/full"])
    def test_nowhere_to_put_a_message_leaves_the_exit_code(self, error: str) -> None:
        assert shell(f"$Q list gone {error}") == Done(2, "", "")

    def test_all_closed_is_exit_1(self) -> None:
        assert shell("$Q list @bank <&- >&- 2>&-") == Done(1, "", "")

    @pytest.mark.parametrize(
        "command",
        [
            "$Q list @bank",
            "$Q export json @bank",
            "$Q show @bank",
            "yes 3 | $Q quiz @bank",
            "yes '' | $Q quiz @bank",
        ],
    )
    def test_a_reader_that_goes_away_ends_it_silently(self, command: str) -> None:
        done = shell(f"({command}; echo $? >&2) | head -c 9")
        assert (len(done.out), done.err) == (9, "0\n")

    def test_a_grade_given_before_that_is_kept(self, notes: Path) -> None:
        line = f"(printf '\\n3\\n'; yes '') | $Q quiz {notes} | sed '/^Good/q'"
        assert shell(line).err == ""
        assert run("list", str(notes)).lines[0].split("\t")[1] == "known"

    @pytest.mark.parametrize(
        "env",
        [
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {"LC_ALL": "POSIX"},
            {"PYTHONIOENCODING": "ascii"},
            {"LC_ALL": "xx_YY.nothing"},
        ],
    )
    @pytest.mark.parametrize("command", ["show", "quiz"])
    def test_no_locale_is_a_failure(
        self, tmp_path: Path, env: Mapping[str, str], command: str
    ) -> None:
        write(tmp_path, {"题.md": "## 什么是 λ?\n> - 一个字母 é\n"})
        done = spawn(command, str(tmp_path), env=env, typed="\n3\nq\n")
        assert (done.code, done.err) == (0, "")
        assert "λ" in done.out or "?" in done.out

    def test_ascii_output_holds_replacements_and_our_own_signs_in_ascii(
        self, tmp_path: Path
    ) -> None:
        write(tmp_path, {"a.md": "## What is λ?\n> - A *letter*.\n>> [more](a.md)\n"})
        done = run("show", str(tmp_path), encoding="ascii")
        assert done.code == 0
        assert done.lines[1] == "What is ??"
        assert done.lines[4] == "* A letter."
        assert done.lines[5] == "| deeper  more [1]"

    @pytest.mark.parametrize("command", ["list", "check", "stats"])
    @pytest.mark.parametrize("columns", [0, 60])
    def test_with_ascii_only_content_is_not_ascii(
        self, notes: Path, command: str, columns: int
    ) -> None:
        done = run("--ascii", command, str(notes), columns=columns)
        assert done.code == 0
        assert [c for c in done.out if not c.isascii()] == []

    def test_interrupted_is_exit_130_and_keeps_what_was_graded(self, notes: Path) -> None:
        with Dialogue("quiz", str(notes)) as sitting:
            for line in ("", "3"):
                sitting.read()
                sitting.type(line)
            sitting.read()
            done = sitting.end(signal.SIGINT)
        assert (done.code, done.err) == (130, "")
        assert run("list", str(notes)).lines[0].split("\t")[1] == "known"


NEVER_WRITTEN = [
    "",
    "list",
    "list --json",
    "list --style tree",
    "show notes/kettles.md",
    "show notes/kettles.md:10",
    "show notes/page.md#heat",
    "check",
    "check --identity",
    "stats",
    "stats --json",
    "quiz",
    "export json",
    "export json -o all.json",
    "export anki",
    "export anki --dry-run",
    "config new_per_day 3",
    "config rollover 3",
    "init notes",
    "paths",
]


@pytest.mark.parametrize("command", NEVER_WRITTEN)
def test_notes_are_never_written_to(notes: Path, command: str) -> None:
    run("init", str(notes))
    paths = sorted(notes.rglob("*"))
    for path in (*paths, notes):
        os.utime(path, ns=(1_700_000_000_000_000_000, 1_700_000_000_000_000_000))
    before = [(path, path.stat().st_mtime_ns, path.read_bytes()) for path in paths]
    typed = "\nd\n3\n\n1\n*\n@\nu\nU\ns\n-\nq\n"
    assert run(*command.split(), cwd=notes.parent, typed=typed).code == 0
    assert sorted(notes.rglob("*")) == paths
    assert [(path, path.stat().st_mtime_ns, path.read_bytes()) for path in paths] == before
    assert notes.stat().st_mtime_ns == 1_700_000_000_000_000_000


class TestFaultsOfTheProgram:
    def test_are_one_line_and_a_way_to_see_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object, **__: object) -> object:
            raise ZeroDivisionError("by \x1b[31mnothing")

        monkeypatch.setattr("rlhf_qa.library.load", broken)
        said = "a fault of rlhf-qa itself (ZeroDivisionError: by ␛[31mnothing)"
        done = run("list", "@bank")
        assert (done.code, done.out) == (1, "")
        assert done.err == f"{said}: rlhf-qa --debug … shows where\n"
        with pytest.raises(ZeroDivisionError):
            run("--debug", "list", "@bank")
