"""The commands, run as they are typed: what is printed, where, and with which exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from rlhf_qa import __version__
from rlhf_qa.cli.app import app
from tests.cli import Done, on_terminal, run
from tests.notes import DRINKS, PAGE, TREE, write

LISTED = {
    "tea": "drinks.md:5\tnew\tWhat is tea?",
    "mate": "drinks.md:13\tnew\tWhat is mate?",
    "coffee": "drinks.md:23\tnew\tWhat is coffee?",
    "decaf": "drinks.md:31\tunanswered\tWhen is it decaf?",
}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write(tmp_path / "notes", {"kettles.md": TREE, "page.md": PAGE})


@pytest.fixture
def drinks(tmp_path: Path) -> Path:
    return write(tmp_path / "drinks", {"drinks.md": DRINKS})


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it; "" is the program itself."""
    root: Any = typer.main.get_command(app)
    yield "", root
    for name, command in root.commands.items():
        yield name, command
        for inner, below in getattr(command, "commands", {}).items():
            yield f"{name} {inner}", below


NAMES = [name for name, _ in commands()]


class TestHelp:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("flag", ["-h", "--help"])
    def test_of_every_command_has_an_example_and_exits_0(self, name: str, flag: str) -> None:
        done = run(*name.split(), flag)
        assert (done.code, done.err) == (0, "")
        _, mark, examples = done.out.partition("Examples:")
        assert mark
        assert f"rlhf-qa {name}".rstrip() in examples

    @pytest.mark.parametrize("name", NAMES)
    def test_explains_every_option_and_argument(self, name: str) -> None:
        command = dict(commands())[name]
        assert [p.name for p in command.params if not getattr(p, "help", "")] == []

    def test_lists_every_command(self) -> None:
        out = run("-h").out
        assert [name for name in NAMES if f"│ {name.partition(' ')[0]}" not in out and name] == []

    def test_the_version_is_one_line(self) -> None:
        assert run("--version") == Done(0, f"rlhf-qa {__version__}\n", "")


class TestAlone:
    def test_says_what_is_due_and_what_to_type(self, notes: Path) -> None:
        done = run(cwd=notes)
        assert (done.code, done.err) == (0, "")
        assert done.lines == [
            ".: 4 cards",
            "0 due · 4 new",
            "",
            "  rlhf-qa quiz          practise what is due",
            "  rlhf-qa list          see all questions",
            "  rlhf-qa init FOLDER   say where your own notes are",
            "  rlhf-qa --help        all commands",
        ]

    def test_without_notes_it_is_about_the_bank(self) -> None:
        assert re.match(r"the bundled question bank: \d+ cards\n0 due · \d+ new\n", run().out)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nope", "No such command 'nope'."),
        ("--nope", "No such option: --nope"),
        ("list --nope", "No such option: --nope"),
        ("export", "Missing command."),
        ("export nope", "No such command 'nope'."),
        ("show", "Missing argument 'WHAT...'."),
        ("init", "Missing argument 'FOLDER...'."),
        ("--color red list", "--color red: choose from auto, always, never"),
        ("list --level boss", "--level boss: not a level; choose from junior, mid, senior"),
        ("list --style prose", "--style prose: not a style; choose from tree, none"),
        ("list gone", "gone: no such file or folder: check the path"),
        ("list @banks", "@banks: no such file or folder: check the path"),
        ("check gone", "gone: no such file or folder: check the path"),
        ("stats gone", "gone: no such file or folder: check the path"),
        ("quiz gone", "gone: no such file or folder: check the path"),
        ("export json gone", "gone: no such file or folder: check the path"),
        ("show gone.md", "gone.md: no such file and no such card: rlhf-qa list --json"),
        ("show gone.md:3", "gone.md:3: no such file and no such card"),
        ("show gone.md#x", "gone.md#x: no such file and no such card"),
        ("init gone", "gone: not a folder"),
        ("quiz --new many", "--new many: a number from 0 to 9,999, or none"),
        ("quiz --minutes -1", "--minutes -1: a number from 0 to 9,999, or none"),
        ("config new_per_dya 3", 'unknown key "new_per_dya": did you mean "new_per_day"?'),
        ("config retention", 'unknown key "retention": known are content_roots, '),
        ("config rolover 3", 'unknown key "rolover": did you mean "rollover"?'),
        ("config new_per_day many", 'new_per_day is "many"; permitted: 0 to 9,999, or "none"'),
        ("config rollover 24", "rollover 24: permitted: 0 to 23"),
        ("config --unset", "--unset takes the name of a setting and no value"),
        ("config color never --unset", "--unset takes the name of a setting and no value"),
        ("config nope --unset", 'unknown key "nope": known are'),
    ],
)
def test_what_cannot_be_done_as_typed_is_one_line_or_two_and_exit_2(typed: str, said: str) -> None:
    done = run(*typed.split())
    assert (done.code, done.out) == (2, "")
    assert len(done.messages) <= 2
    assert done.messages[0].startswith(said)


class TestWhichNotes:
    """Without a path: the configured folders, the current one if it asks, else the bank."""

    def test_configured_folders_go_first(self, notes: Path, drinks: Path) -> None:
        assert run("init", str(drinks)).code == 0
        assert run("list", cwd=notes).lines == list(LISTED.values())

    def test_then_the_current_folder_if_it_holds_a_question(self, drinks: Path) -> None:
        assert run("list", cwd=drinks).lines == list(LISTED.values())

    def test_else_the_bank(self, tmp_path: Path) -> None:
        write(tmp_path, {"page.md": PAGE})
        assert run("list", cwd=tmp_path) == run("list", "@bank")

    def test_a_home_folder_is_not_taken_for_notes(self, drinks: Path) -> None:
        done = run("list", cwd=drinks, env={"HOME": str(drinks)})
        assert done == run("list", "@bank")

    @pytest.mark.parametrize(
        ("arguments", "env", "asked"),
        [
            ([], {"LC_ALL": "C"}, "What is a value model?"),
            ([], {"LC_ALL": "zh_CN.UTF-8"}, "什么是价值模型?"),
            (["--lang", "zh"], {"LC_ALL": "C"}, "什么是价值模型?"),
            (["--lang", "en"], {"LC_ALL": "zh_CN.UTF-8"}, "What is a value model?"),
            ([], {"RLHF_QA_LANG": "zh", "LC_ALL": "C"}, "什么是价值模型?"),
        ],
    )
    def test_of_siblings_the_one_in_the_language_of_the_interface(
        self, tmp_path: Path, arguments: list[str], env: dict[str, str], asked: str
    ) -> None:
        for lang, question in (("zh", "什么是价值模型?"), ("en", "What is a value model?")):
            head = f"<!--info\nid: values\nlang: {lang}\n-->\n# {lang}\n\n"
            card = f"### {question}\n<!--card\nid: v-1\n-->\n> V\n"
            (tmp_path / f"{lang}_QA.md").write_text(head + card, "utf-8")
        assert run("config", "content_lang", "auto").code == 0
        done = run(*arguments, "list", str(tmp_path), "--json", env=env)
        (found,) = json.loads(done.out)["questions"]
        assert found["question"] == asked

    def test_a_bank_is_what_at_bank_names_wherever_one_stands(self, drinks: Path) -> None:
        done = run("list", "@bank", cwd=drinks)
        assert len(done.lines) > 5
        assert not set(done.lines) & set(LISTED.values())

    def test_several_paths_are_taken_in_their_order(self, notes: Path, drinks: Path) -> None:
        both = run("list", str(drinks), str(notes)).lines
        assert both == [*LISTED.values(), *run("list", str(notes)).lines]
        assert both[4] == "kettles.md:5\tnew\tWhat does a kettle do?"

    def test_a_path_named_twice_is_read_once(self, drinks: Path) -> None:
        assert run("list", str(drinks), str(drinks / "drinks.md")) == run("list", str(drinks))

    def test_a_file_is_taken_whatever_its_name_ends_in(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.txt": "## What is it?\n> It.\n", "b.md": DRINKS})
        assert run("list", str(tmp_path / "a.txt")).lines == ["a.txt:1\tnew\tWhat is it?"]

    def test_init_takes_several_folders_and_says_what_they_hold(
        self, notes: Path, drinks: Path
    ) -> None:
        done = run("init", str(notes), str(drinks))
        assert done.lines == [
            f"{notes}, {drinks}: 9 questions, 7 with an answer",
            "now: rlhf-qa quiz",
        ]
        assert len(run("list").lines) == 9

    def test_init_refuses_what_is_no_folder_and_keeps_the_old(
        self, notes: Path, drinks: Path
    ) -> None:
        run("init", str(drinks))
        done = run("init", str(notes), "kettles.md", cwd=notes)
        assert (done.code, done.messages[0]) == (
            2,
            "kettles.md: not a folder: give the folder that holds your notes",
        )
        assert run("list").lines == list(LISTED.values())


class TestShow:
    WHISTLE = (
        r"Basics › What does a kettle do\?\nWhy does it whistle\?\n"
        r"kettles\.md:10 · [a-z2-7]{26} · new\n\nSteam passes a narrow slit\.\n"
    )

    def test_a_file_is_all_its_questions(self, notes: Path) -> None:
        done = run("show", "kettles.md", cwd=notes)
        assert (done.code, done.err) == (0, "")
        asked = ["What does a kettle do?", "Why does it whistle?", "Who hears it?"]
        asked += ["Which kettle is best?", "How is lime removed?"]
        assert [line for line in done.lines if line in asked] == asked
        assert "• Heat: it boils water." in done.lines
        assert "▌ deeper  more on heat [1]" in done.lines
        assert "[1] page.md › Heat" in done.lines
        assert "no answer yet" in done.lines

    @pytest.mark.parametrize("line", [10, 11])
    def test_path_and_line_are_the_question_that_stands_there(self, notes: Path, line: int) -> None:
        done = run("show", f"kettles.md:{line}", cwd=notes)
        assert done.code == 0
        assert re.fullmatch(self.WHISTLE, done.out)

    @pytest.mark.parametrize("line", [1, 999])
    def test_a_line_without_question_is_said(self, notes: Path, line: int) -> None:
        done = run("show", f"kettles.md:{line}", cwd=notes)
        said = f"no question at line {line}: rlhf-qa list shows the lines"
        assert (done.code, done.out, done.messages) == (2, "", [said])

    def test_a_page_and_anchor_are_that_section(self, notes: Path) -> None:
        done = run("show", "page.md#details-of-heat", cwd=notes)
        assert done == Done(
            0,
            "page.md › Details of heat\n\nDetails of heat\n\nIt depends on pressure."
            " See lime [1].\n\n[1] page.md › Lime and you\n",
            "",
        )

    def test_an_anchor_that_is_not_there_fails(self, notes: Path) -> None:
        done = run("show", "page.md#cold", cwd=notes)
        said = "page.md: no section #cold: rlhf-qa show page.md shows all of it"
        assert (done.code, done.out, done.messages) == (2, "", [said])

    @pytest.mark.parametrize("name", ["=tea", "tea"])
    def test_an_id_of_the_author_with_its_sign_or_without(self, drinks: Path, name: str) -> None:
        done = run("show", name, str(drinks))
        expected = "Tea\nWhat is tea?\ndrinks.md:5 · =tea · new\n\nLeaves in hot water.\n"
        assert done == Done(0, expected, "")

    def test_an_id_as_list_gives_it(self, notes: Path) -> None:
        listed = json.loads(run("list", str(notes), "--json").out)["questions"]
        done = run("show", listed[1]["id"], str(notes))
        assert re.fullmatch(self.WHISTLE, done.out)


class TestList:
    def test_into_a_pipe_is_place_state_and_question(self, drinks: Path) -> None:
        assert run("list", str(drinks)) == Done(0, "".join(f"{x}\n" for x in LISTED.values()), "")

    def test_on_a_terminal_is_a_tree(self, drinks: Path) -> None:
        done = on_terminal("--color", "never", "list", str(drinks))
        assert (done.code, done.err) == (0, "")
        assert done.lines == [
            "",
            "Drinks drinks.md · tree (recognised)",
            "  Tea",
            "    · What is tea?  new",
            "    · What is mate?  new",
            "  Coffee",
            "    · What is coffee?  new",
            "      ? When is it decaf?  unanswered",
            "",
            "4 questions · 3 cards · 3 new · 1 unanswered",
        ]

    def test_a_narrow_terminal_breaks_lines_and_loses_none(self, drinks: Path) -> None:
        done = on_terminal("--color", "never", "list", str(drinks), columns=24)
        assert max(map(len, done.lines)) <= 24
        words = "? When is it decaf? unanswered 4 questions"
        assert words in " ".join(done.out.split())

    def test_colours_only_on_a_terminal(self, drinks: Path) -> None:
        arguments = ("list", str(drinks))
        assert "\x1b[" in on_terminal(*arguments).out
        assert "\x1b[" not in on_terminal(*arguments, env={"NO_COLOR": "1"}).out
        assert "\x1b[" not in on_terminal(*arguments, env={"TERM": "dumb"}).out
        assert "\x1b[" not in run(*arguments).out
        assert "\x1b[" in run("--color", "always", "show", str(drinks)).out

    def test_json_is_every_question_in_order(self, drinks: Path) -> None:
        record = json.loads(run("list", str(drinks), "--json").out)
        assert record["format"] == 1
        found = [(q["line"], q["id"], q["metadata"]["level"]) for q in record["questions"][:3]]
        assert found == [(5, "=tea", "junior"), (13, "=mate", "senior"), (23, "=coffee", "senior")]
        assert record["questions"][3]["parent"] == "=coffee"
        assert record["questions"][0]["marker"] == "✅"

    @pytest.mark.parametrize(
        ("typed", "passing"),
        [
            ("--topic tea", "tea mate"),
            ("--topic COFF", "coffee decaf"),
            ("--topic drinks", "tea mate coffee decaf"),
            ("--tag Leaf", "tea"),
            ("--tag leaf --tag bean", "tea coffee"),
            ("--level S", "mate coffee"),
            ("--level senior --topic tea", "mate"),
            ("--marker 🔥", "mate"),
            ("--unanswered", "decaf"),
        ],
    )
    def test_filters(self, drinks: Path, typed: str, passing: str) -> None:
        rows = run("list", str(drinks), *typed.split()).lines
        assert rows == [LISTED[name] for name in passing.split()]

    @pytest.mark.parametrize("command", ["list", "export json", "quiz"])
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("--tag lead", "no question passes the filters; nearest: leaf"),
            ("--topic cofee", "no question passes the filters; nearest: Coffee"),
            ("--level R", "no question passes the filters"),
            ("--marker 🏷", "no question passes the filters"),
            ("--marked", "no question passes the filters"),
            ("--leech", "no question passes the filters"),
        ],
    )
    def test_a_filter_that_nothing_passes_names_the_nearest(
        self, drinks: Path, command: str, typed: str, said: str
    ) -> None:
        done = run(*command.split(), str(drinks), *typed.split())
        assert (done.code, done.out, done.messages) == (2, "", [said])


class TestCheck:
    CLEAN = "# T\n\n## What is it?\n> It.\n"
    NOTE = "# T\n\n## What is it?\n> It.\n\n## What else?\n"
    WARNING = "# T\n\n## What is it?\n> It, see [there](gone.md).\n"

    @pytest.mark.parametrize(
        ("text", "code", "strict", "row"),
        [
            (CLEAN, 0, 0, ""),
            (NOTE, 0, 1, "a.md:6: note: no answer yet [unanswered]\n"),
            (
                WARNING,
                1,
                1,
                "a.md:4: warning: not there: gone.md: add the file or correct the link [broken-link]\n",
            ),
        ],
    )
    def test_exit_code_and_lines(
        self, tmp_path: Path, text: str, code: int, strict: int, row: str
    ) -> None:
        write(tmp_path, {"a.md": text})
        assert run("check", str(tmp_path)) == Done(code, row, "")
        assert run("check", str(tmp_path), "--strict") == Done(strict, row, "")
        record = run("check", str(tmp_path), "--json")
        assert record.code == code
        counted = json.loads(record.out)["counts"]
        assert counted == {"error": 0, "warning": code, "note": strict - code}

    def test_on_a_terminal_says_how_much_was_looked_at(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.md": self.CLEAN})
        assert run("check", str(tmp_path), columns=80).out == (
            "\x1b[2m1 file, 1 question: nothing to report\x1b[0m\n"
        )

    def test_identity_lists_what_was_recognised_after_an_edit(self, drinks: Path) -> None:
        run("quiz", str(drinks), "--tag", "leaf", typed="\n3\nq\n")
        path = drinks / "drinks.md"
        path.write_text(DRINKS.replace("What is tea", "What is green tea"), encoding="utf-8")
        row = f"drinks.md:5: edited (step 1): What is green tea? <- {path}: What is tea?"
        assert row in run("check", str(drinks), "--identity").lines
        record = json.loads(run("check", str(drinks), "--identity", "--json").out)
        assert [(m["id"], m["line"]) for m in record["identity"]] == [("=tea", 5)]
        assert "identity" not in json.loads(run("check", str(drinks), "--json").out)

    def test_the_bank_passes_the_strict_one_and_nothing_is_printed(self) -> None:
        assert run("check", "--strict", "@bank") == Done(0, "", "")
