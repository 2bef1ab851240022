"""The study day, and the one place where the clock is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa.clock import ClockError, SystemClock, moment_at, study_day
from rlhf_qa.memory import FIRST_DAY, LAST_DAY, Moment, StudyDay

BERLIN = ZoneInfo("Europe/Berlin")


def ms(text: str) -> int:
    """Milliseconds of a time that names its offset."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def day(text: str) -> StudyDay:
    return StudyDay(date.fromisoformat(text).toordinal())


@pytest.mark.parametrize(
    ("local", "rollover", "expected"),
    [
        ("2026-03-10T03:59:59", 4, "2026-03-09"),
        ("2026-03-10T04:00:00", 4, "2026-03-10"),
        ("2026-03-10T23:59:59", 4, "2026-03-10"),
        ("2026-03-11T00:30:00", 4, "2026-03-10"),
        ("2026-03-10T00:00:00", 0, "2026-03-10"),
        ("2026-03-10T22:59:59", 23, "2026-03-09"),
        ("2026-01-01T01:00:00", 4, "2025-12-31"),
        ("2028-03-01T02:00:00", 4, "2028-02-29"),
    ],
)
def test_a_study_day_begins_at_the_rollover_hour(local: str, rollover: int, expected: str) -> None:
    assert study_day(datetime.fromisoformat(local), rollover) == day(expected)


@pytest.mark.parametrize(
    ("instant", "zone", "offset", "expected"),
    [
        # Spring: 02:00 to 03:00 does not exist on 29 March 2026 in Berlin.
        ("2026-03-29T00:59:59Z", "Europe/Berlin", 60, "2026-03-28"),
        ("2026-03-29T01:00:00Z", "Europe/Berlin", 120, "2026-03-28"),
        ("2026-03-29T01:59:59Z", "Europe/Berlin", 120, "2026-03-28"),
        ("2026-03-29T02:00:00Z", "Europe/Berlin", 120, "2026-03-29"),
        # Autumn: 02:30 exists twice on 25 October 2026.
        ("2026-10-25T00:30:00Z", "Europe/Berlin", 120, "2026-10-24"),
        ("2026-10-25T01:30:00Z", "Europe/Berlin", 60, "2026-10-24"),
        ("2026-10-25T02:59:59Z", "Europe/Berlin", 60, "2026-10-24"),
        ("2026-10-25T03:00:00Z", "Europe/Berlin", 60, "2026-10-25"),
        # A zone whose gap lies at the rollover itself loses no day: clocks go 00:00 to 01:00.
        ("2026-09-06T06:00:00Z", "America/Santiago", -180, "2026-09-05"),
        # The same instant on both sides of the date line.
        ("2026-06-01T12:00:00Z", "Pacific/Kiritimati", 840, "2026-06-01"),
        ("2026-06-01T12:00:00Z", "Pacific/Pago_Pago", -660, "2026-05-31"),
        ("2026-06-01T12:00:00Z", "Asia/Kathmandu", 345, "2026-06-01"),
        # Where counters of 32 bits end.
        ("2038-01-19T03:14:08Z", "UTC", 0, "2038-01-18"),
        ("2106-02-07T06:28:16Z", "UTC", 0, "2106-02-07"),
        ("2000-01-01T04:00:00Z", "UTC", 0, "2000-01-01"),
        ("2199-12-31T23:59:59Z", "UTC", 0, "2199-12-31"),
    ],
)
def test_an_instant_and_its_study_day(instant: str, zone: str, offset: int, expected: str) -> None:
    found = moment_at(ms(instant), ZoneInfo(zone), 4)
    assert found == Moment(ms(instant), offset, day(expected))


@pytest.mark.parametrize(
    ("utc_ms", "shown"),
    [
        (ms("1999-12-31T23:59:59Z"), "1999-12-31"),
        (ms("1970-01-01T00:00:00Z"), "1970-01-01"),
        # In UTC it is 2000 or 2199 already, or still; the study day says otherwise.
        (ms("2000-01-01T03:59:59Z"), "2000-01-01"),
        (ms("2200-01-01T00:00:00Z"), "2200-01-01"),
        (ms("9999-12-31T23:59:59Z"), "9999-12-31"),
        (-(10**17), "-100000000000000000 ms"),
        (10**17, "100000000000000000 ms"),
    ],
)
def test_a_clock_outside_two_centuries_is_refused_with_its_date(utc_ms: int, shown: str) -> None:
    with pytest.raises(ClockError) as caught:
        moment_at(utc_ms, UTC, 4)
    assert shown in str(caught.value)
    assert "2000 to 2199" in str(caught.value)
    assert "set the clock" in str(caught.value)


def test_a_study_day_after_2199_in_the_east_is_refused() -> None:
    with pytest.raises(ClockError):
        moment_at(ms("2199-12-31T20:00:00Z"), ZoneInfo("Pacific/Kiritimati"), 4)


def test_summer_time_makes_no_day_twice_and_leaves_none_out() -> None:
    start = datetime(2026, 1, 1, 3, tzinfo=UTC)  # 04:00 in Berlin
    hours = [start + timedelta(hours=hour) for hour in range(365 * 24)]
    days = [moment_at(round(at.timestamp() * 1000), BERLIN, 4).day for at in hours]
    lengths = {found: days.count(found) for found in set(days)}
    assert days == sorted(days)
    assert len(lengths) == 365
    odd = {date.fromordinal(found).isoformat(): n for found, n in lengths.items() if n != 24}
    assert odd == {"2026-03-28": 23, "2026-10-24": 25}


@given(
    st.integers(ms("2000-01-03T00:00:00Z"), ms("2199-12-30T00:00:00Z")),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns"]),
    st.integers(0, 23),
)
def test_the_day_is_the_local_date_or_the_one_before(utc_ms: int, zone: str, rollover: int) -> None:
    found = moment_at(utc_ms, ZoneInfo(zone), rollover)
    local = datetime.fromtimestamp(utc_ms / 1000, ZoneInfo(zone))
    assert FIRST_DAY <= found.day <= LAST_DAY
    assert local.date().toordinal() - found.day == (1 if local.hour < rollover else 0)
    assert found.tz_minutes * 60 == (local.utcoffset() or timedelta()).total_seconds()


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set the zone of this process; afterwards it is as it was."""

    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


def test_the_system_clock_reads_wall_time_once_and_the_local_zone(
    monkeypatch: pytest.MonkeyPatch, zone: Callable[[str], None]
) -> None:
    zone("Asia/Shanghai")
    reads: list[int] = []

    def time_ns() -> int:
        reads.append(1)
        return ms("2026-05-04T19:30:00.123Z") * 1_000_000 + 999_999

    monkeypatch.setattr(time, "time_ns", time_ns)
    # 03:30 on 5 May in Shanghai.
    assert SystemClock().now() == Moment(ms("2026-05-04T19:30:00.123Z"), 480, day("2026-05-04"))
    assert SystemClock(3).now().day == day("2026-05-05")
    assert len(reads) == 2


def test_an_unknown_zone_is_utc(
    monkeypatch: pytest.MonkeyPatch, zone: Callable[[str], None]
) -> None:
    zone("Nowhere/Atall")
    monkeypatch.setattr(time, "time_ns", lambda: ms("2026-05-04T19:30:00Z") * 1_000_000)
    assert SystemClock().now() == Moment(ms("2026-05-04T19:30:00Z"), 0, day("2026-05-04"))


def test_monotonic_time_does_not_follow_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SystemClock()
    before = clock.monotonic()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert clock.monotonic() >= before
