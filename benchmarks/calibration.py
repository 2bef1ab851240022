"""How well recall is predicted on a real review log, by how elapsed time is counted.

    python benchmarks/calibration.py LOG.csv [--rollover 9]

The log has the columns card_id, review_rating and review_time, as the test data published in the
py-fsrs repository has; times name their offset. Every row of the table is FSRS-6 with its default
parameters, scored on the same reviews: those on a later study day than the review before. The
rollover is the UTC hour at which the learner's study day began.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path

from rlhf_qa.clock import study_day
from rlhf_qa.memory import MemoryState, Rating
from rlhf_qa.scheduler import Scheduler

CLIP = 0.0001
"""Predictions are taken within this of 0 and 1, or a single miss would cost infinitely much."""

Review = tuple[datetime, Rating]
Elapsed = Callable[[datetime, datetime], int]
Scored = tuple[float, bool]
"""A prediction, and whether the answer was recalled."""


def read(path: Path) -> list[list[Review]]:
    """The reviews of each card, in order; times in UTC."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["card_id"])
    return [
        sorted(
            (datetime.fromisoformat(row["review_time"]).astimezone(UTC), rating_of(row))
            for row in its
        )
        for _, its in groupby(rows, key=lambda row: row["card_id"])
    ]


def rating_of(row: dict[str, str]) -> Rating:
    return Rating(int(row["review_rating"]))


def by_day(rollover: int) -> Elapsed:
    return lambda last, now: study_day(now, rollover) - study_day(last, rollover)


def by_timestamp(last: datetime, now: datetime) -> int:
    """Full spans of 24 hours, as the library counts when it is given the raw times."""
    return (now - last).days


def predictions(
    cards: Iterable[Sequence[Review]], elapsed: Elapsed, scored: Elapsed
) -> list[Scored]:
    """Each review's prediction where `scored` says that a day or more has passed."""
    schedule = Scheduler()
    found: list[Scored] = []
    for reviews in cards:
        memory: MemoryState = schedule.next_state(None, reviews[0][1], 0).memory
        for (last, _), (now, rating) in pairwise(reviews):
            days = elapsed(last, now)
            if scored(last, now) >= 1:
                recall = schedule.retrievability(memory, days)
                found.append((recall, rating is not Rating.AGAIN))
            memory = schedule.next_state(memory, rating, days).memory
    return found


def log_loss(scored: Sequence[Scored]) -> float:
    """Mean of −ln of the probability given to what happened."""
    clipped = ((min(max(p, CLIP), 1 - CLIP), recalled) for p, recalled in scored)
    return -sum(math.log(p if recalled else 1 - p) for p, recalled in clipped) / len(scored)


def auc(scored: Sequence[Scored]) -> float:
    """Chance that a recalled answer was predicted higher than a missed one; ties count half."""
    ranks, place = 0.0, 0
    recalled = sum(recalled for _, recalled in scored)
    for _, group in groupby(sorted(scored), key=lambda one: one[0]):
        tied = list(group)
        ranks += sum(hit for _, hit in tied) * (place + (1 + len(tied)) / 2)
        place += len(tied)
    pairs = recalled * (len(scored) - recalled)
    return (ranks - recalled * (recalled + 1) / 2) / pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("log", type=Path)
    parser.add_argument("--rollover", type=int, default=9, help="UTC hour (default: 9)")
    given = parser.parse_args()
    cards = read(given.log)
    study = by_day(given.rollover)
    ways = {"raw timestamps": by_timestamp, "UTC calendar day": by_day(0), "study day": study}
    print(f"{'elapsed time':<18}{'reviews':>8}{'log loss':>10}{'AUC':>8}")
    for name, elapsed in ways.items():
        scored = predictions(cards, elapsed, study)
        print(f"{name:<18}{len(scored):>8}{log_loss(scored):>10.3f}{auc(scored):>8.3f}")


if __name__ == "__main__":
    main()
