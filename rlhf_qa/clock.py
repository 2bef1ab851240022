"""What time it is, and which study day that makes. The one place where the clock is read.

A study day ends at the rollover hour of the *local* clock, not at midnight: what is practised
after midnight belongs to the evening before. The wall clock says when a grade was given; time
on the screen is measured by the monotonic clock, which nobody can set.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Protocol

from rlhf_qa.errors import RlhfQaError
from rlhf_qa.memory import FIRST_DAY, LAST_DAY, Moment, StudyDay
from rlhf_qa.messages import tr

ROLLOVER_HOUR: Final = 4
"""Local hour, 0 to 23, at which a new study day begins."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_EARLIEST: Final = (datetime(2000, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LATEST: Final = (datetime(2200, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND


class ClockError(RlhfQaError):
    """The wall clock is outside the years 2000 to 2199; nothing is graded under such a date."""


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> Moment:
        """The present, with its study day.

        Raises:
            ClockError: the wall clock cannot be right.
        """

    def monotonic(self) -> float:
        """Seconds since some moment; only differences mean anything."""


class SystemClock:
    """The computer's own clock, in its local time zone (UTC if the zone is not known)."""

    def __init__(self, rollover_hour: int = ROLLOVER_HOUR) -> None:
        self._rollover_hour = rollover_hour

    def now(self) -> Moment:
        return moment_at(time.time_ns() // 1_000_000, None, self._rollover_hour)

    def monotonic(self) -> float:
        return time.monotonic()


def moment_at(utc_ms: int, zone: tzinfo | None, rollover_hour: int) -> Moment:
    """The instant `utc_ms` as seen from `zone`; None is the zone of this computer.

    Raises:
        ClockError: it lies outside the years 2000 to 2199, in UTC or as a study day.
    """
    if not _EARLIEST <= utc_ms < _LATEST:
        raise _not_believed(utc_ms)
    local = (_EPOCH + utc_ms * _MILLISECOND).astimezone(zone)
    day = study_day(local, rollover_hour)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _not_believed(utc_ms)
    offset = local.utcoffset() or timedelta(0)
    return Moment(utc_ms, round(offset / timedelta(minutes=1)), day)


def study_day(local: datetime, rollover_hour: int) -> StudyDay:
    """The study day of a local time: its date once the rollover hour is taken off.

    Only what the clock on the wall shows matters, so a day that summer time makes 23 or 25 hours
    long is one study day, and an hour that exists twice lies on the same one both times.
    """
    wall = local.replace(tzinfo=None)
    return StudyDay((wall - timedelta(hours=rollover_hour)).date().toordinal())


def _not_believed(utc_ms: int) -> ClockError:
    try:
        shown = (_EPOCH + utc_ms * _MILLISECOND).strftime("%Y-%m-%d")
    except OverflowError:
        shown = tr("{ms} ms after 1970", ms=utc_ms)
    return ClockError(
        tr(
            "the computer's clock says {time} (UTC), outside the years 2000 to 2199: "
            "set the clock, then start again. Nothing was recorded under this date",
            time=shown,
        )
    )
