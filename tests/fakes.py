"""A clock that is set by hand."""

from __future__ import annotations

from rlhf_qa.memory import Moment, StudyDay

DAY_MS = 86_400_000
EPOCH_ORDINAL = 719_163  # 1970-01-01


class HandClock:
    """Starts at noon UTC of a study day; moves when told."""

    def __init__(self, day: int) -> None:
        self.utc_ms = (day - EPOCH_ORDINAL) * DAY_MS + DAY_MS // 2
        self.seconds = 0.0

    def now(self) -> Moment:
        return Moment(self.utc_ms, 0, StudyDay(self.utc_ms // DAY_MS + EPOCH_ORDINAL))

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self.utc_ms += round(seconds * 1000)

    def sleep_days(self, days: int) -> None:
        self.wait(days * DAY_MS / 1000)
