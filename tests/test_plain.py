"""Line mode: what is typed, what is said, and what is kept of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

import pytest

from rlhf_qa.collection import Collection
from rlhf_qa.errors import NotStored
from rlhf_qa.events import EventKind
from rlhf_qa.memory import Rating
from rlhf_qa.planner import Limits
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.session import Session
from rlhf_qa.store import Store
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.plain import Desk, run
from tests.fakes import HandClock
from tests.notes import PAGE, TODAY, TREE, collection, write

WELCOME = "Enter shows the answer, 1 to 4 grade it, ? explains all commands"
END = "[u: undo  +: five more minutes  q: leave] > "
ASK = "[Enter: answer  ?: help] > "
NEW_GRADES = "[1 Again today  2 Hard 1 d  3 Good 2 d  4 Easy 8 d  ?: help] > "

Typed = Iterable[str | Callable[[], object]]


class Learner:
    """Someone at a desk with notes, who types lines and reads what comes."""

    def __init__(self, folder: Path, text: str = TREE) -> None:
        self.folder = write(folder, {"deck.md": text, "page.md": PAGE})
        self.store = Store.in_memory()
        self.clock = HandClock(TODAY)
        self.session: Session

    def sit(self, *typed: str, limits: Limits | None = None, seconds: float = 10) -> str:
        """A sitting in which these lines are typed, some seconds apart; what it printed."""
        store, found = self.store, self.notes()
        self.session = Session(
            found,
            found.entries,
            history=store,
            schedule=Scheduler(),
            clock=self.clock,
            limits=limits or Limits(),
            sitting=UUID(int=len(store.events()) + 1),
        )
        lines = iter(typed)

        def read() -> str | None:
            self.clock.wait(seconds)
            return next(lines, None)

        stream = io.StringIO()
        out = Output(stream, width=80, styled=False, ascii=False, terminal=False)
        run(Desk(self.session, found, self.clock, out, read))
        return stream.getvalue()

    def notes(self) -> Collection:
        return collection(
            self.folder,
            registry=self.store.registry(),
            with_history=self.store.cards_with_history(),
            aliases=self.store.aliases(),
        )

    def grades(self) -> list[int | None]:
        kinds = (EventKind.REVIEW, EventKind.RETRY)
        return [e.rating for e in self.store.live_events() if e.kind in kinds]


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def test_a_card_from_its_question_to_its_grade(learner: Learner) -> None:
    assert (
        learner.sit("", "3", "q")
        == f"""\
{WELCOME}

4 left · new 4
Basics
new: 4 unseen
What does a kettle do?

{ASK}
• Heat: it boils water.
• Whistle: it says so.
▌ deeper  more on heat [1]

[1] page.md › Heat

{NEW_GRADES}
Good: 2 d

3 left · new 3
Care
new: 3 unseen
How is lime removed?

{ASK}

1 grade in 0:20 · Again 0  Hard 0  Good 1  Easy 0
recalled at the first try: 1 of 1
next: 0 tomorrow, 1 within 7 days
"""
    )
    assert learner.grades() == [3]


def test_the_end_says_what_comes_and_waits_for_more(learner: Learner) -> None:
    printed = learner.sit(*["", "4"] * 4)
    assert printed.endswith(f"""\
Easy: 8 d

done for today

4 grades in 1:20 · Again 0  Hard 0  Good 0  Easy 4
recalled at the first try: 4 of 4
next: in 8 days
{END}
""")


def test_nothing_due_says_when_something_is(learner: Learner) -> None:
    learner.sit(*["", "3"] * 4)
    assert (
        learner.sit()
        == f"""\

nothing is due

nothing graded
next: 0 tomorrow, 4 within 7 days
{END}
"""
    )


def test_the_last_grade_of_a_sitting_can_be_taken_back(learner: Learner) -> None:
    printed = learner.sit(*["", "3"] * 4, "u", "", "1", "q")
    assert "undone: Good on: Who hears it?\n\n1 left · new 1 · 1 min\n" in printed
    assert learner.grades() == [3, 3, 3, 1]


def test_and_that_of_an_earlier_sitting_although_nothing_is_due(learner: Learner) -> None:
    learner.sit(*["", "3"] * 4)
    printed = learner.sit("u", "", "4", "q")
    assert "undone: Good on: Who hears it?" in printed
    assert learner.grades() == [3, 3, 3, 4]


def test_redo_takes_the_grade_again(learner: Learner) -> None:
    printed = learner.sit("", "1", "u", "U", "q")
    assert "undone: Again on: What does a kettle do?" in printed
    assert "done again on: What does a kettle do?" in printed
    assert learner.grades() == [1]
    assert "nothing to do again" in learner.sit("U")


def test_undo_without_a_past_says_so_and_stays(learner: Learner) -> None:
    assert learner.sit("u").count("What does a kettle do?") == 1
    assert "nothing to undo" in learner.sit("u")


def deck(count: int) -> str:
    return "".join(f"## What is number {n}?\n> It is {n}.\n\n" for n in range(count))


def test_five_more_minutes_lift_the_limits_of_the_day(tmp_path: Path) -> None:
    learner = Learner(tmp_path, deck(30))
    limits = Limits(new=1, new_is_default=False)
    printed = learner.sit("", "3", "+", *["", "3"] * 20, limits=limits)
    assert "29 new cards kept for another day by the daily limit" in printed
    # Twenty seconds a card: fifteen more of them fill five minutes.
    assert len(learner.grades()) == 16
    assert "today's minutes are used up" in printed
    learner.clock.sleep_days(1)
    learner.sit("", "3", "", "3", limits=limits)
    assert len(learner.grades()) == 17


def test_more_of_nothing_is_nothing(learner: Learner) -> None:
    printed = learner.sit(*["", "3"] * 4, "+", "", "?", "q")
    assert "nothing more to ask: every card waits for its day" in printed
    assert "not a command here: ?" in printed
    assert printed.count(END) == 4


@pytest.mark.parametrize("typed", ["1", "good", "Easy"])
def test_no_grade_before_the_answer(learner: Learner, typed: str) -> None:
    assert "first Enter, to see the answer" in learner.sit(typed, "q")
    assert learner.grades() == []


@pytest.mark.parametrize(
    ("typed", "rating"),
    [
        ("1", Rating.AGAIN),
        ("again", Rating.AGAIN),
        ("HARD", Rating.HARD),
        (" 3 ", Rating.GOOD),
        ("３", Rating.GOOD),
        ("Ｇood", Rating.GOOD),
        ("easy", Rating.EASY),
    ],
)
def test_a_grade_may_be_a_digit_or_a_word(learner: Learner, typed: str, rating: Rating) -> None:
    learner.sit("", typed, "q")
    assert learner.grades() == [rating]


def test_an_empty_line_never_grades(learner: Learner) -> None:
    printed = learner.sit("", "", "", "　", "q")
    assert learner.grades() == []
    assert printed.count(NEW_GRADES) == 4
    assert printed.count("it boils water") == 1


def test_what_is_no_command_is_named_and_the_card_stays(learner: Learner) -> None:
    assert "not a command: 5; ? lists them" in learner.sit("5", "q")
    assert "not a command: \u241b[31mred; ? lists them" in learner.sit("\x1b[31mred", "q")


def test_a_link_opens_in_place_and_leads_on_and_back(learner: Learner) -> None:
    printed = learner.sit("", "d", "[", "]", "]", "[", "[", "q")
    page, heat = "page.md › Heat", "Water boils at a temperature."
    assert printed.count(heat) == 2
    assert f"{page}\n\nHeat\n────\n\n{heat}" in printed
    assert printed.count("it boils water") == 3
    assert "nothing after this" in printed
    assert "nothing before this" in printed


def test_links_of_a_page_lead_further(learner: Learner) -> None:
    printed = learner.sit("", "d 1", "d 1", "d 9", "q")
    assert "page.md › Lime and you" in printed
    assert "no link 9 here; d lists them" in printed


def test_several_links_are_listed(tmp_path: Path) -> None:
    text = "## Why?\n> Because.\n>> [a](page.md#heat)\n>> [b](https://example.org/x)\n"
    printed = Learner(tmp_path, text).sit("", "d", "d 2", "q")
    assert "[1] page.md#heat\n[2] https://example.org/x\n" in printed
    assert "on the web, example.org: https://example.org/x" in printed


def test_a_page_before_the_answer_is_a_hint_that_is_kept(learner: Learner) -> None:
    printed = learner.sit("d", "d", "", "3", "q")
    assert "this may give the answer away: d again to open it" in printed
    assert printed.index("Water boils") < printed.index("it boils water")
    (event,) = [e for e in learner.store.events() if e.kind == EventKind.REVIEW]
    assert event.payload["hint"] is True


def test_a_card_without_links_says_so(tmp_path: Path) -> None:
    assert "no links here" in Learner(tmp_path, "## Why?\n> Because.\n").sit("", "d", "q")


@pytest.mark.parametrize(
    ("typed", "said", "kind", "after"),
    [
        ("s", "skipped", None, "How is lime removed?"),
        ("-", "buried until tomorrow; u takes it back", EventKind.BURY, "How is lime removed?"),
        # A suspended parent no longer holds its follow-ups.
        ("@", "suspended; u takes it back", EventKind.SUSPEND, "Why does it whistle?"),
    ],
)
def test_a_card_is_put_aside_and_taken_back(
    learner: Learner, typed: str, said: str, kind: EventKind | None, after: str
) -> None:
    printed = learner.sit(typed, "u", "q")
    first, left, back = printed.split("left · new")[1:]
    assert "What does a kettle do?" in first
    assert said in first
    assert after in left
    assert "taken back\nWhat does a kettle do?" in back
    acts = [e.kind for e in learner.store.events() if e.kind not in (EventKind.SETTINGS, "undo")]
    assert acts == ([kind] if kind else [])
    assert learner.sit("q").count("What does a kettle do?") == 1


def test_a_mark_is_set_and_taken_off(learner: Learner) -> None:
    assert "marked\n" in learner.sit("*", "q")
    assert "mark taken off" in learner.sit("＊", "q")


def test_information_about_a_card(learner: Learner) -> None:
    fresh = learner.sit("i", "q")
    assert "memory: new, never graded" in fresh
    assert "source: deck.md:5" in fresh
    learner.sit("", "3", "q")
    learner.clock.sleep_days(2)
    seen = learner.sit("*", "i", "q")
    assert "why: due: recall now 91%" in seen
    assert "memory: stability 2.3 d, difficulty 2.1, recall now 91%" in seen
    assert "history: 1 graded, 0 lapses" in seen
    assert "marks: star" in seen


def test_help_names_every_command(learner: Learner) -> None:
    printed = learner.sit("？", "q")
    for word in ("Enter", "1 2 3 4", "d, d N", "[ ]", "u U", "s ", "- @ *", "i ", "q "):
        assert f"\n{word}" in printed


def test_brackets_of_a_chinese_input_method_are_brackets(learner: Learner) -> None:
    assert "nothing before this" in learner.sit("", "【", "q")


def test_the_end_of_input_ends_the_sitting(learner: Learner) -> None:
    printed = learner.sit("")
    assert learner.grades() == []
    assert printed.endswith("\nnothing graded\n")


def test_a_leech_is_named_at_its_fourth_lapse_and_every_other(tmp_path: Path) -> None:
    learner = Learner(tmp_path, "## Why?\n> Because.\n")
    learner.sit("", "3", "q")
    named = []
    for _ in range(7):
        learner.clock.sleep_days(30)
        named.append("a leech, forgotten" in learner.sit("", "1", "", "1", "", "3", "q"))
    assert named == [False, False, False, True, False, True, False]


def test_a_grade_that_is_not_stored_leaves_the_card_in_hand(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Store.append
    failing = iter([True])

    def full(self: Store, *given: object, **named: object) -> object:
        if next(failing, False):
            raise NotStored("not stored: the disk is full")
        return append(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "append", full)
    printed = learner.sit("", "3", "3", "q")
    assert f"not stored: the disk is full\n{NEW_GRADES}\nGood: 2 d" in printed
    assert learner.grades() == [3]
