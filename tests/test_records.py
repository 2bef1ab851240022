"""The machine interface against its schemas, field by field where meaning matters."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from rlhf_qa import records
from rlhf_qa.check import check
from rlhf_qa.events import EventKind
from rlhf_qa.export.json import record
from rlhf_qa.memory import CardState, MemoryState, Rating, StudyDay
from rlhf_qa.model import Code
from rlhf_qa.planner import Limits
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.session import Session
from rlhf_qa.stats import compute, is_due, streak
from rlhf_qa.store import Store
from tests.fakes import HandClock
from tests.notes import PAGE, TODAY, TREE, collection, write

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))


def valid(data: Any, name: str) -> Any:
    """`data` as a reader of the JSON gets it, if it keeps to its schema."""
    data = json.loads(json.dumps(data))
    jsonschema.Draft202012Validator(schema(name)).validate(data)
    return data


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write(tmp_path / "notes", {"tree.md": TREE, "page.md": PAGE})


def practised(folder: Path, days: int = 1) -> tuple[Store, HandClock]:
    """A history: every card of the folder graded Good on some days in a row."""
    store, clock = Store.in_memory(), HandClock(TODAY)
    for number in range(days):
        found = collection(
            folder, registry=store.registry(), with_history=store.cards_with_history()
        )
        session = Session(
            found,
            found.entries,
            history=store,
            schedule=Scheduler(),
            clock=clock,
            limits=Limits(),
            sitting=UUID(int=number),
        )
        while (pick := session.next()) is not None:
            clock.wait(30)
            session.grade(pick, Rating.GOOD, 30_000)
        clock.sleep_days(1)
    return store, clock


def test_a_listing_says_where_everything_stands(notes: Path) -> None:
    found = collection(notes)
    data = valid(records.listing(found, found.entries, {}), "list")
    assert [d["path"] for d in data["documents"]] == ["page.md", "tree.md"]
    assert [(d["questions"], d["cards"], d["unanswered"]) for d in data["documents"]] == [
        (0, 0, 0),
        (5, 4, 1),
    ]
    first, whistle, _, open_, lime = data["questions"]
    assert (first["line"], first["end_line"], first["answer_lines"]) == (5, 8, [[6, 7]])
    assert [p["label"] for p in first["key_points"]] == ["Heat", "Whistle"]
    assert first["deeper"] == [{"markdown": "[more on heat](page.md#heat)", "lines": [[8, 8]]}]
    assert first["links"] == [
        {
            "text": "more on heat",
            "target": "page.md#heat",
            "kind": "internal",
            "resolved": True,
            "path": "page.md",
            "anchor": "heat",
            "approximate": False,
            "target_line": 3,
            "line": 8,
            "in": "deeper",
        }
    ]
    assert (whistle["parent"], whistle["depth"]) == (first["id"], 1)
    assert (open_["kind"], open_["answered"], open_["answer"]) == ("unanswered", False, None)
    assert (lime["section"], lime["state"]) == (["Care"], None)


def test_a_state_is_given_with_its_days_as_dates(notes: Path) -> None:
    store, _ = practised(notes)
    found = collection(notes)
    data = valid(records.listing(found, found.entries, store.states()), "list")
    state = data["questions"][0]["state"]
    assert state["last_day"] == date.fromordinal(TODAY).isoformat()
    assert state["due_day"] == date.fromordinal(TODAY + 2).isoformat()
    assert (state["reps"], state["lapses"], state["marks"]) == (1, 0, [])
    assert state["stability"] == pytest.approx(2.3065)


def test_problems_keep_to_their_schema(notes: Path) -> None:
    (notes / "page.md").unlink()
    found = collection(notes)
    data = valid(records.findings(found, check(found)), "check")
    assert data["counts"] == {"error": 0, "warning": 1, "note": 1}
    assert [(p["code"], p["severity"], p["line"]) for p in data["problems"]] == [
        ("broken-link", "warning", 8),
        ("unanswered", "note", 16),
    ]
    assert data["problems"][1]["question"] == found.entries[3].id


def test_the_schema_knows_every_code_and_no_other() -> None:
    codes = schema("check")["properties"]["problems"]["items"]["properties"]["code"]["enum"]
    assert sorted(codes) == sorted(code.value for code in Code)


def test_an_export_holds_the_history_of_its_cards(notes: Path) -> None:
    store, _ = practised(notes)
    found = collection(notes)
    one = found.entries[:1]
    data = valid(record(found, one, store.states(), store.events(), store.aliases()), "export")
    assert [e["k"] for e in data["events"]] == [EventKind.SETTINGS, EventKind.REVIEW]
    assert data["events"][1]["card"] == one[0].id
    assert data["events"][1]["r"] == 3


def figures(folder: Path, store: Store, day: StudyDay) -> Any:
    found = collection(folder)
    stats = compute(
        found.entries,
        store.states(),
        store.live_events(),
        aliases=store.aliases(),
        predictions=store.predictions(),
        schedule=Scheduler(),
        day=day,
    )
    return valid(records.statistics(stats), "stats")


def test_figures_of_an_empty_history(notes: Path) -> None:
    data = figures(notes, Store.in_memory(), TODAY)
    assert (data["questions"], data["cards"], data["new"], data["due"]) == (5, 4, 4, 0)
    assert (data["streak"], data["minutes"], data["graded_today"]) == (0, 0, 0)
    assert data["retention"][-1] == {
        "days": None,
        "reviews": 0,
        "recalled": 0,
        "predicted": None,
    }
    assert [t["recall"] for t in data["topics"]] == [0, 0]


def test_figures_of_some_days(notes: Path) -> None:
    store, _ = practised(notes, days=3)  # new on day 0, all due again on day 2
    data = figures(notes, store, StudyDay(TODAY + 2))
    assert (data["seen"], data["new"], data["due"]) == (4, 0, 0)
    assert (data["graded_today"], data["minutes_today"], data["minutes"]) == (4, 2, 4)
    assert data["streak"] == 1
    assert data["retention"][0]["reviews"] == 4
    assert data["retention"][0]["recalled"] == 4
    # Two days after a first Good, FSRS-6 expects recall a little over nine in ten.
    assert data["retention"][0]["predicted"] == pytest.approx(0.911, abs=0.002)
    assert sum(data["due_ahead"]) <= 4
    assert [(t["name"], t["cards"], t["seen"]) for t in data["topics"]] == [
        ("Basics", 3, 3),
        ("Care", 1, 1),
    ]


@pytest.mark.parametrize(
    ("days", "length"),
    [
        (set(), 0),
        ({10}, 1),
        ({9}, 1),
        ({8}, 0),
        ({10, 9, 8}, 3),
        ({9, 8, 7}, 3),
        ({10, 8}, 1),
    ],
)
def test_today_not_yet_done_does_not_break_a_streak(days: set[int], length: int) -> None:
    assert streak({StudyDay(day) for day in days}, StudyDay(10)) == length


def test_a_suspended_card_is_not_due(notes: Path) -> None:
    found = collection(notes)
    card = found.entries[0].id
    state = CardState(card, MemoryState(2.0, 5.0), TODAY, TODAY, reps=1)
    assert is_due(state, TODAY)
    aside = CardState(card, MemoryState(2.0, 5.0), TODAY, TODAY, reps=1, suspended=True)
    assert not is_due(aside, TODAY)
    buried = CardState(card, state.memory, TODAY, TODAY, buried_until=StudyDay(TODAY + 1))
    assert not is_due(buried, TODAY)
    assert is_due(buried, StudyDay(TODAY + 1))
