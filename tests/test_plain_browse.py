"""Browsing in lines: what is typed, what is printed, and what is kept of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rlhf_qa.collection import Entry
from rlhf_qa.errors import NotStored
from rlhf_qa.events import EventKind
from rlhf_qa.session import Session
from rlhf_qa.store import Store
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.plain_browse import HELP, Desk, run
from tests.learner import Learner
from tests.notes import KETTLES_ZH, PAGE_ZH, TREE, write

ASK = "[number  ..: up  /words: search  ?: help  q: leave] > "


class Reader(Learner):
    """A learner who looks around in lines."""

    def __init__(self, folder: Path, text: str = TREE) -> None:
        super().__init__(folder, text)
        self.practised: list[list[str]] = []
        self.during: Callable[[Session], object] = lambda _: None
        """What is done in a sitting."""

    def look(self, *typed: str) -> str:
        """What was printed while these lines were typed; no input is left then."""
        notes = self.reading(self.notes())
        lines = iter(typed)
        stream = io.StringIO()

        def sitting(entries: Sequence[Entry]) -> Session:
            return self.sitting(notes.collection, entries)

        def practise(entries: Sequence[Entry]) -> None:
            self.practised.append([entry.question.text for entry in entries])
            self.during(sitting(entries))

        run(
            Desk(
                Output(stream, width=80, styled=False, ascii=False, terminal=False),
                lambda: next(lines, None),
                notes=notes,
                select=lambda every: every,
                sitting=sitting,
                practise=practise,
                edit=self.edit,
                open_web=self.opened.append,
                states=self.store.states,
                today=self.clock.now().day,
            )
        )
        return stream.getvalue()

    def acts(self) -> list[str]:
        return [e.kind for e in self.store.events() if e.kind != EventKind.SETTINGS]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def last(printed: str) -> str:
    """What the last line typed brought."""
    return printed.split(ASK)[-2].strip("\n")


def test_decks_sections_questions_and_an_answer(reader: Reader) -> None:
    printed = reader.look("1", "1", "1")
    assert (
        printed
        == f"""\

1. Kettles · 4 cards, 4 new
{ASK}

Kettles

1. Basics · 3 cards, 3 new
2. Care · 1 card, 1 new
{ASK}

Basics

1. What does a kettle do? · new · 2 follow-ups
2. Which kettle is best? · unanswered
{ASK}

Basics
What does a kettle do?

• Heat: it boils water.
• Whistle: it says so.
▌ deeper  more on heat [1]

[1] page.md › Heat
new

1. Why does it whistle? · new
2. Who hears it? · new
{ASK}
"""
    )


def test_chinese_notes(tmp_path: Path) -> None:
    reader = Reader(tmp_path, KETTLES_ZH)
    write(tmp_path, {"深入.md": PAGE_ZH})
    printed = reader.look("1", "1", "1")
    assert (
        printed
        == f"""\

1. 水壶-QA · 3 cards, 3 new
{ASK}

水壶-QA

1. 基础概念 · 3 cards, 3 new
{ASK}

基础概念

1. 水壶是做什么用的? 它为什么会响? · new · 1 follow-up
2. 怎样去掉水垢? · new
{ASK}

基础概念
水壶是做什么用的? 它为什么会响?

• 加热: 把水烧开, 供人们泡茶或者做饭时使用;
• 提醒: 水开的时候, 蒸汽穿过壶嘴的缝隙, 发出很响的哨声;
▌ deeper  哨声有多响, 取决于缝隙的宽度和蒸汽的压力. 热量 [1]

[1] 深入.md › 热量
new

1. 水在高山上为什么不到一百度就开了? · new
{ASK}
"""
    )


def test_a_question_without_answer_says_so(reader: Reader) -> None:
    assert (
        last(reader.look("1", "1", "2"))
        == """\
Basics
Which kettle is best?

no answer yet
unanswered"""
    )


def test_up_from_each_place_and_from_the_top(reader: Reader) -> None:
    steps = reader.look("1", "1", "1", "..", "..", "..", "..").split(ASK)
    assert [step.strip("\n") for step in steps[4:8]] == [
        step.strip("\n") for step in (steps[2], steps[1], steps[0], steps[0])
    ]


@pytest.mark.parametrize("typed", ["0", "9", "123456789012345678901234567890"])
def test_a_number_without_entry_says_so_and_stays(reader: Reader, typed: str) -> None:
    printed = reader.look(typed, "1")
    assert f"no entry {typed[:9].lstrip('0') or 0} here" in printed
    assert "Kettles" in last(printed)


@pytest.mark.parametrize("typed", ["２", "　2 ", "2"])
def test_numbers_of_a_chinese_input_method_are_numbers(reader: Reader, typed: str) -> None:
    assert last(reader.look("1", typed)).startswith("Care\n")


@pytest.mark.parametrize("typed", ["/whistle", "/ WHISTLE", "、whistle", "／ｗｈｉｓｔｌｅ"])
def test_a_search_numbers_its_hits(reader: Reader, typed: str) -> None:
    printed = reader.look(typed, "1")
    assert "2 hits\n\n1. Why does it whistle? · new\n2. What does a kettle do? · new" in printed
    assert "Steam passes a narrow slit." in last(printed)


def test_chinese_is_found_by_any_part_of_it(tmp_path: Path) -> None:
    printed = Reader(tmp_path, KETTLES_ZH).look("/沸点")
    assert last(printed) == "1 hit\n\n1. 水在高山上为什么不到一百度就开了? · new"


def test_no_hit_keeps_the_numbers(reader: Reader) -> None:
    printed = reader.look("/qqq", "1")
    assert "0 hits" in printed
    assert last(printed).startswith("Kettles\n")


def test_links_are_listed_and_opened(reader: Reader) -> None:
    printed = reader.look("1", "1", "1", "d", "d 1", "d 2")
    listed, opened, missing = (step.strip("\n") for step in printed.split(ASK)[4:7])
    assert listed == "[1] page.md#heat"
    assert (
        opened
        == """\
page.md › Heat

Heat
────

Water boils at a temperature.

Details of heat

It depends on pressure. See lime [1].

[1] page.md › Lime and you"""
    )
    assert missing == "no link 2 here; d lists them"


@pytest.mark.parametrize("typed", [("d",), ("1", "d"), ("1", "2", "1", "d")])
def test_without_links_that_is_said(reader: Reader, typed: tuple[str, ...]) -> None:
    assert last(reader.look(*typed)) == "no links here"


def test_a_web_link_is_shown_before_it_is_opened(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "## Why?\n> [b](https://example.org/x)\n")
    assert "open the link first (d N)" in reader.look("1", "1", "o")
    assert "on the web, example.org: https://example.org/x" in reader.look("1", "1", "d 1", "o")
    assert reader.opened == ["https://example.org/x"]


@pytest.mark.parametrize(
    ("place", "cards"),
    [
        (
            (),
            [
                "What does a kettle do?",
                "Why does it whistle?",
                "Who hears it?",
                "How is lime removed?",
            ],
        ),
        (("1", "2"), ["How is lime removed?"]),
        (("1", "1", "1"), ["What does a kettle do?", "Why does it whistle?", "Who hears it?"]),
    ],
)
def test_practise_asks_what_is_shown_and_has_an_answer(
    reader: Reader, place: tuple[str, ...], cards: list[str]
) -> None:
    reader.look(*place, "p")
    assert reader.practised == [cards]


def test_nothing_to_practise_says_so(reader: Reader) -> None:
    assert last(reader.look("1", "1", "2", "p")) == "nothing here has an answer yet"
    assert reader.practised == []


def test_what_was_practised_shows_at_once(reader: Reader) -> None:
    def suspend(session: Session) -> None:
        session.suspend(session.cards[0])

    reader.during = suspend
    assert "1. How is lime removed? · suspended" in last(reader.look("1", "2", "p"))


def test_a_mark_and_a_card_put_aside(reader: Reader) -> None:
    printed = reader.look("1", "2", "1", "*", "*", "@", "@")
    said = [step.strip("\n") for step in printed.split(ASK)[4:8]]
    assert said == ["marked", "mark taken off", "suspended", "asked again from now on"]
    assert reader.acts() == ["mark", "mark", "suspend", "unsuspend"]


@pytest.mark.parametrize("typed", ["*", "@", "e", "L", "i"])
def test_acts_on_a_question_need_one(reader: Reader, typed: str) -> None:
    assert last(reader.look("1", typed)) == "open a question first"
    assert reader.acts() == []


def test_an_act_that_is_not_stored_says_so(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise NotStored("not stored: the disk is full")

    monkeypatch.setattr(Store, "append", full)
    assert last(reader.look("1", "2", "1", "*")) == "not stored: the disk is full"


def test_a_question_without_answer_is_not_suspended(reader: Reader) -> None:
    assert last(reader.look("1", "1", "2", "@")) == "nothing here has an answer yet"
    assert reader.acts() == []


def test_history_and_place(reader: Reader) -> None:
    shown = last(reader.look("1", "2", "1", "i"))
    assert shown.startswith("memory: new, never graded\nhistory: 0 graded, 0 lapses\n")
    assert "source: deck.md:20\n" in shown


def test_the_other_language(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "## Why?\n<!--card\nid: a\n-->\n> Because.\n")
    write(
        tmp_path,
        {"zh.md": "<!--info\nlang: zh\n-->\n\n## 为什么?\n<!--card\nid: a\n-->\n> 因为.\n"},
    )
    assert "为什么?\n\n因为.\n" in last(reader.look("1", "1", "L"))
    assert "Why?\n\nBecause.\n" in last(reader.look("1", "1", "L", "L"))
    assert last(Reader(tmp_path / "b").look("1", "2", "1", "L")) == (
        "this card has no other language"
    )


def test_an_edited_note_is_shown_as_it_is_now(reader: Reader) -> None:
    def edit(entry: Entry) -> None:
        entry.note.file.write_text(TREE.replace("With vinegar", "With lemon"))

    reader.edit = edit
    assert "With lemon." in last(reader.look("1", "2", "1", "e"))


def test_a_question_that_is_gone_says_so_and_shows_the_decks(reader: Reader) -> None:
    def edit(entry: Entry) -> None:
        entry.note.file.write_text("## Why?\n> Because.\n")

    reader.edit = edit
    assert last(reader.look("1", "2", "1", "e")) == (
        "that question is no longer in its note\n\n1. deck · 1 card, 1 new"
    )


def test_what_keeps_an_editor_away_is_said(reader: Reader) -> None:
    assert last(reader.look("1", "2", "1", "e")) == "no editor"
    reader.locked = "part of the program"
    assert last(reader.look("1", "2", "1", "e")) == "part of the program"


def test_help_names_every_command(reader: Reader) -> None:
    shown = last(reader.look("？"))
    assert shown.split("\n") == [f"{typed:<12}{does}" for typed, does in HELP]


def test_what_is_no_command_is_named(reader: Reader) -> None:
    assert last(reader.look("x\x1b[31m")) == "not a command here: x\u241b[31m; ? lists them"


@pytest.mark.parametrize("typed", ["q", "Q"])
def test_q_leaves_and_so_does_the_end_of_input(reader: Reader, typed: str) -> None:
    assert reader.look(typed, "1") == reader.look()


def test_an_empty_line_repeats_the_prompt(reader: Reader) -> None:
    assert last(reader.look("")) == ""


def test_nothing_to_look_at(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "Nothing.\n")
    assert (
        reader.look("p", "/a", "1", "..")
        == f"""\
no questions here
{ASK}
nothing here has an answer yet
{ASK}
0 hits
{ASK}
no entry 1 here
{ASK}
no questions here
{ASK}
"""
    )
