"""Line mode: what is typed, what is said, and what is kept of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlhf_qa.collection import Entry
from rlhf_qa.errors import NotStored
from rlhf_qa.events import EventKind
from rlhf_qa.memory import Rating
from rlhf_qa.planner import Limits
from rlhf_qa.store import Store
from rlhf_qa.ui.plain import HELP
from tests.learner import Learner
from tests.notes import TREE, write

WELCOME = "Enter shows the answer, 1 to 4 grade it, ? explains all commands"
END = "[u: undo  +: five more minutes  q: leave] > "
ASK = "[Enter: answer  ?: help] > "
NEW_GRADES = "[1 Again today  2 Hard 1 d  3 Good 2 d  4 Easy 8 d  ?: help] > "


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
predicted recall tomorrow, unseen cards as 0: 0% → 24%
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
predicted recall tomorrow, unseen cards as 0: 0% → 98%
next: in 8 days
{END}
""")


def test_the_summary_names_weak_topics_with_their_pages(learner: Learner) -> None:
    printed = learner.sit("", "1", "", "3", "", "1", "q")
    assert "\n1 missed in Basics; read on: more on heat\n" in printed


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
    assert "taken back: Good: Who hears it?\n\n1 left · new 1 · 1 min\n" in printed
    assert learner.grades() == [3, 3, 3, 1]


def test_and_that_of_an_earlier_sitting_although_nothing_is_due(learner: Learner) -> None:
    learner.sit(*["", "3"] * 4)
    printed = learner.sit("u", "u", "", "4", "q")
    assert "the last grade of an earlier sitting: u again takes it back" in printed
    assert "taken back: Good: Who hears it?" in printed
    assert learner.grades() == [3, 3, 3, 4]


def test_redo_takes_the_grade_again(learner: Learner) -> None:
    printed = learner.sit("", "1", "u", "U", "q")
    assert "taken back: Again: What does a kettle do?" in printed
    assert "done again: What does a kettle do?" in printed
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
    assert "not a command" not in printed
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
    assert "not a command here: 5; ? lists them" in learner.sit("5", "q")
    assert "not a command here: \u241b[31mred; ? lists" in learner.sit("\x1b[31mred", "q")


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


def test_links_shown_with_the_question_are_counted_first(tmp_path: Path) -> None:
    text = (
        "<!--info\nquestions: tree\n-->\n### Which?\n\nAs in [this case](./page.md).\n\n"
        "<details><summary>answer</summary>\n\nThe [second](https://example.org/b).\n\n</details>\n"
    )
    said = Learner(tmp_path, text).sit("", "d 1", "[", "d 2", "q")
    assert "As in this case [1]." in said
    assert "The second [2]." in said
    first, second = said.split("> ")[2], said.split("> ")[4]
    assert "page.md" in first
    assert "https://example.org/b" in second


def test_a_page_before_the_answer_is_a_hint_that_is_kept(learner: Learner) -> None:
    printed = learner.sit("d", "d", "", "3", "q")
    assert "this may give the answer away: d again opens it" in printed
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
    assert "recall now: 91%\nmemory: stability 2.3 d, difficulty 2.1\n" in seen
    assert "history: 1 graded, 0 lapses" in seen
    assert "marks: star" in seen


def test_help_names_every_command(learner: Learner) -> None:
    printed = learner.sit("？", "q")
    for typed, does in HELP:
        assert f"\n{typed:<12}{does}" in printed


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


def test_a_link_that_leads_nowhere_does_not_hide_the_others(tmp_path: Path) -> None:
    text = "## Why?\n> Because.\n>> [a](gone.md)\n>> [b](page.md#heat)\n"
    printed = Learner(tmp_path, text).sit("", "d 1", "d 2", "[", "q")
    assert "not there: gone.md, linked from deck.md" in printed
    assert "Water boils at a temperature." in printed
    assert printed.count("Because.") == 2


def test_an_answer_that_is_a_link_shows_its_own_page_with_numbers_that_lead_on(
    tmp_path: Path,
) -> None:
    text = "## What is [heat](page.md#lime-and-you)?\n> [here](page.md#details-of-heat)\n"
    printed = Learner(tmp_path, text).sit("", "d 2", "q")
    assert "It depends on pressure. See lime [2]." in printed
    assert "[1] page.md › Details of heat\n[2] page.md › Lime and you\n" in printed
    assert printed.rstrip().endswith("nothing graded")
    assert "page.md › Lime and you\n\nLime and you\n" in printed


def test_a_web_link_opens_when_it_was_shown(tmp_path: Path) -> None:
    learner = Learner(tmp_path, "## Why?\n> Because.\n>> [b](https://example.org/x)\n")
    printed = learner.sit("", "o", "d", "o", "q")
    assert "open the link first (d N)" in printed
    assert learner.opened == ["https://example.org/x"]


def test_follow_ups_come_next_when_asked_for(learner: Learner) -> None:
    printed = learner.sit("", "f", "3", "", "3", "f", "q")
    assert "follow-ups come next, if you grade it Good or Easy" in printed
    assert "Good: 2 d\n2 follow-ups come next\n" in printed
    assert printed.index("Why does it whistle?") < printed.index("Who hears it?")
    assert "follow-up, as you asked" in printed


def test_they_can_be_asked_for_afterwards_and_ended(learner: Learner) -> None:
    printed = learner.sit("", "3", "f", "f", "q")
    assert "2 follow-ups; f ends them" in printed
    cards = [row for row in printed.split("\n") if row.endswith("?") and "›" not in row]
    assert cards == [
        "What does a kettle do?",
        "How is lime removed?",
        "Why does it whistle?",
        "How is lime removed?",
    ]
    missed = learner.sit("", "1", "f", "q")
    assert "no follow-ups of the last card to ask" in missed


def test_forgetting_starts_a_card_anew(learner: Learner) -> None:
    learner.sit("", "4", "q")
    learner.clock.sleep_days(30)
    printed = learner.sit("F", "u", "i", "q")
    assert "starts anew tomorrow; u takes it back" in printed
    assert "history: 1 graded, 0 lapses" in printed


FOLDED = """\
## Why?
> Because $a_1$.

<details><summary>more</summary>

hidden words

</details>
"""


def test_folds_open_and_formulas_change(tmp_path: Path) -> None:
    first, second, third = Learner(tmp_path, FOLDED).sit("", "z", "m", "q").split("Because")[1:]
    assert "more (1 line)" in first
    assert "hidden words" not in first
    assert "hidden words" in second
    assert "a_1" in third


def test_the_other_language_of_a_card(tmp_path: Path) -> None:
    learner = Learner(tmp_path, "## Why?\n<!--card\nid: a\n-->\n> Because.\n")
    write(
        tmp_path,
        {"zh.md": "<!--info\nlang: zh\n-->\n\n## 为什么?\n<!--card\nid: a\n-->\n> 因为.\n"},
    )
    printed = learner.sit("L", "", "L", "q")
    order = [printed.index(text) for text in ("\nWhy?", "\n为什么?", "\n因为.", "\nBecause.")]
    assert order == sorted(order)
    assert "no other language" in Learner(tmp_path / "one").sit("L", "q")


def test_a_note_is_read_again_when_it_was_edited(learner: Learner) -> None:
    def edit(entry: Entry) -> None:
        text = TREE.replace("it boils water", "it makes tea possible")
        entry.note.file.write_text(text)

    learner.edit = edit
    printed = learner.sit("", "e", "", "q")
    assert "it boils water" in printed
    assert "it makes tea possible" in printed


def test_also_when_that_happened_elsewhere(learner: Learner) -> None:
    learner.sit("", "3", "q")
    text = TREE.replace("With vinegar", "With lemon")

    def read_and_change() -> str:
        write(learner.folder, {"deck.md": text + "\n"})
        return learner.sit("", "q")

    assert "With lemon" in read_and_change()


def test_a_question_that_is_gone_says_so_and_the_sitting_goes_on(learner: Learner) -> None:
    def edit(entry: Entry) -> None:
        entry.note.file.write_text("## How is lime removed?\n> With vinegar.\n")

    learner.edit = edit
    printed = learner.sit("e", "q")
    assert "that question is no longer in its note" in printed
    assert printed.count("How is lime removed?") == 1


def test_what_keeps_an_editor_away_is_said(learner: Learner) -> None:
    assert "no editor" in learner.sit("e", "q")
    learner.locked = "locked"
    assert "locked" in learner.sit("e", "q")


def test_a_fourth_miss_says_when_the_card_comes_back(tmp_path: Path) -> None:
    printed = Learner(tmp_path, "## Why?\n> Because.\n").sit(*["", "1"] * 4)
    assert printed.count("1 Again today") == 3
    assert "1 Again 1 d" in printed
    assert printed.count("Again: today") == 3


def test_formulas_of_a_question_are_shown_as_formulas(tmp_path: Path) -> None:
    text = "### ✅ 2. Why is $\\pi_\\theta$ divided by **$\\pi_{ref}$**?\n> Because.\n"
    assert "\nWhy is π_θ divided by π_ref?\n" in Learner(tmp_path, text).sit("q")
