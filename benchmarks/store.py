"""What a stored grade and a look at what is due cost, beside the least SQLite can do.

    python benchmarks/store.py [--cards 10000] [--grades 1000] [--directory DIR]

The measure is a bare insert and commit into a table of one column, with the same settings, in the
same run: it is what the disk takes to make anything safe. DIR chooses the disk.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rlhf_qa.events import Draft, EventKind
from rlhf_qa.memory import CardId, Moment, Rating, StudyDay
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.store import Store

TODAY = StudyDay(date(2026, 3, 10).toordinal())
DAY_MS = 24 * 60 * 60 * 1000
NOON_MS = 1_773_144_000_000  # of that day, UTC
SITTINGS = 10  # that the past of the cards is spread over


def moment(days: int, ms: int = 0) -> Moment:
    return Moment(NOON_MS + days * DAY_MS + ms, 0, StudyDay(TODAY + days))


def timed(act: Callable[[int], object], times: int) -> tuple[float, float]:
    """p50 and p99 of `act`, in milliseconds."""
    taken = []
    for n in range(times):
        start = time.perf_counter()
        act(n)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[len(taken) * 99 // 100]


def bare(directory: Path, times: int) -> tuple[float, float]:
    db = sqlite3.connect(directory / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE t (x TEXT) STRICT")

    def act(n: int) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO t VALUES (?)", (str(n),))
        db.execute("COMMIT")

    found = timed(act, times)
    db.close()
    return found


def fill(store: Store, schedule: Scheduler, cards: list[CardId], rng: random.Random) -> None:
    """A past of one to three grades a card."""
    for day in range(-SITTINGS, 0):
        drafts = [
            Draft(EventKind.REVIEW, card, rng.choice(list(Rating)), 20_000, {"sitting": "past"})
            for card in cards
            if rng.random() < 2 / SITTINGS
        ]
        store.append(drafts, moment(day), schedule)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--grades", type=int, default=1_000)
    parser.add_argument("--directory", type=Path)
    given = parser.parse_args()
    rng = random.Random(7)  # noqa: S311 -- a past, not a secret
    schedule = Scheduler()
    cards = [CardId(f"card-{n:05}") for n in range(given.cards)]
    with tempfile.TemporaryDirectory(dir=given.directory) as scratch:
        least = bare(Path(scratch), given.grades)
        with Store.open(Path(scratch) / "data", create=True) as store:
            fill(store, schedule, cards, rng)

            def grade(n: int) -> None:
                draft = Draft(EventKind.REVIEW, rng.choice(cards), Rating.GOOD, 9_000)
                store.append([draft], moment(0, n), schedule)

            def due(_: int) -> None:
                states = store.states().values()
                [state for state in states if state.due_day is not None and state.due_day <= TODAY]

            table = {
                "bare insert and commit": least,
                "acknowledged grade": timed(grade, given.grades),
                "states of all cards, those due": timed(due, 50),
                "what was done today": timed(lambda _: store.live(TODAY), 50),
            }
            print(f"{len(store.events())} events of {len(store.states())} cards")
            start = time.perf_counter()
            store.rebuild(schedule)
            print(f"fold everything anew: {time.perf_counter() - start:.2f} s")
    print(f"{'ms':<32}{'p50':>8}{'p99':>8}{'× bare p50':>12}{'× bare p99':>12}")
    for name, (p50, p99) in table.items():
        print(f"{name:<32}{p50:>8.2f}{p99:>8.2f}{p50 / least[0]:>12.1f}{p99 / least[1]:>12.1f}")


if __name__ == "__main__":
    main()
