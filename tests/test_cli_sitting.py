"""A sitting through pipes: each grade is on the disk before the next question is shown."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli import Dialogue, on_terminal, run
from tests.notes import PAGE, TREE, write

DAY_NS = 86_400 * 10**9
START_NS = 1_790_000_000 * 10**9


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write(tmp_path / "notes", {"kettles.md": TREE, "page.md": PAGE})


def stored() -> list[int]:
    """The grades in the database, as another process sees them."""
    path = Path(os.environ["XDG_DATA_HOME"]) / "rlhf-qa" / "history.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT r FROM events WHERE k = 'review' ORDER BY seq")
        return [int(grade) for (grade,) in rows]


def states(notes: Path) -> list[str]:
    return [row.split("\t")[1] for row in run("list", str(notes)).lines]


def test_each_grade_is_stored_before_the_next_question_is_printed(notes: Path) -> None:
    with Dialogue("quiz", str(notes)) as sitting:
        given: list[int] = []
        for grade in (3, 4, 2, 3):
            assert "[Enter: answer" in sitting.read()
            assert stored() == given
            sitting.type("")
            assert "3 Good" in sitting.read()
            assert stored() == given
            sitting.type(str(grade))
            given.append(grade)
        assert "done for today" in sitting.read()
        assert stored() == given
        done = sitting.end()
    assert (done.code, done.err) == (0, "")


def test_killed_after_a_grade_it_has_kept_it(notes: Path) -> None:
    with Dialogue("quiz", str(notes)) as sitting:
        for line in ("", "3", ""):
            sitting.read()
            sitting.type(line)
        sitting.read()
        sitting.process.kill()
    assert stored() == [3]
    assert states(notes) == ["known", "new", "new", "unanswered", "new"]


def test_the_line_of_the_help_records_one_good(notes: Path) -> None:
    done = run("quiz", str(notes), typed="\n3\nq\n")
    assert (done.code, done.err) == (0, "")
    assert stored() == [3]


def test_before_the_answer_a_grade_is_none(notes: Path) -> None:
    run("quiz", str(notes), typed="3\nq\n")
    assert stored() == []


def test_a_second_sitting_of_the_day_asks_only_what_is_left(notes: Path) -> None:
    first = run("quiz", str(notes), typed="\n3\n\n3\nq\n")
    second = run("quiz", str(notes), typed="\n3\n\n3\nq\n")
    asked = {"What does a kettle do?", "Why does it whistle?", "Who hears it?"}
    asked |= {"How is lime removed?"}
    graded = [line for line in first.lines if line in asked][:2]
    assert asked & set(second.lines) == asked - set(graded)
    third = run("quiz", str(notes), typed="\nq\n")
    assert asked & set(third.lines) == set()
    assert "nothing is due" in third.lines
    assert stored() == [3, 3, 3, 3]


def test_looking_at_notes_makes_no_history(notes: Path) -> None:
    for command in ("list", "show", "check", "stats", "export json"):
        assert run(*command.split(), str(notes)).code == 0
    run("quiz", str(notes), "--topic", "nothing")
    assert not (Path(os.environ["XDG_DATA_HOME"]) / "rlhf-qa").exists()


def test_a_mark_is_found_by_its_filter(notes: Path) -> None:
    run("quiz", str(notes), "--topic", "care", typed="*\nq\n")
    assert run("list", str(notes), "--marked").lines == ["kettles.md:20\tnew\tHow is lime removed?"]


def test_a_card_failed_again_and_again_is_a_leech(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=START_NS)
    fake = SimpleNamespace(time_ns=lambda: clock.now, monotonic=lambda: 0.0)
    monkeypatch.setattr("rlhf_qa.clock.time", fake)
    run("quiz", str(notes), "--topic", "care", typed="\n3\nq\n")
    for _ in range(4):
        assert run("list", str(notes), "--leech").code == 2
        clock.now += 60 * DAY_NS
        run("quiz", str(notes), "--topic", "care", typed="\n1\n\n3\nq\n")
    assert run("list", str(notes), "--leech").lines == [
        "kettles.md:20\tlearning\tHow is lime removed?"
    ]


def test_on_a_terminal_it_is_the_same_sitting(notes: Path) -> None:
    done = on_terminal("quiz", "--plain", str(notes), typed=["\n", "3\n", "q\n"])
    assert (done.code, done.err) == (0, "")
    assert "\x1b[?1049h" not in done.out
    assert "What does a kettle do?" in done.out
    assert stored() == [3]


def test_the_key_for_the_end_of_input_leaves_like_q(notes: Path) -> None:
    done = on_terminal("quiz", "--plain", str(notes), typed=["\n", "4\n"])
    assert (done.code, done.err) == (0, "")
    assert "1 grade" in done.out
    assert stored() == [4]
