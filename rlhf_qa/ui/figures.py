"""`stats` as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rlhf_qa.render.lines import Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import cells, fit
from rlhf_qa.stats import ENOUGH_REVIEWS, Stats
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.words import count

_TOPIC = 30
"""Columns for the name of a topic, at most."""


def figures(out: Output, stats: Stats) -> None:
    """The figures of a selection, a line or a row each."""
    _say(out, date.fromordinal(stats.day).isoformat(), Role.STRONG)
    rows = [
        ("questions", f"{stats.questions} ({stats.unanswered} unanswered)"),
        ("cards", f"{stats.cards}: {stats.new} new, {stats.seen} seen"),
        (
            "due",
            f"{stats.due} today, {sum(stats.due_ahead)} in the {len(stats.due_ahead)} days after",
        ),
        ("put aside", f"{stats.suspended} suspended, {stats.buried} buried"),
        ("leeches", str(stats.leeches)),
        ("today", f"{count(stats.graded_today, 'grade')} in {stats.minutes_today:.0f} min"),
        ("time", f"{stats.minutes:.0f} min in all"),
        ("streak", count(stats.streak, "day")),
    ]
    _table(out, rows)
    _retention(out, stats)
    _topics(out, stats)


def _retention(out: Output, stats: Stats) -> None:
    reviews = stats.retention[-1].reviews
    out.line()
    _say(out, "recall of cards seen on an earlier day", Role.STRONG)
    if reviews < ENOUGH_REVIEWS:
        _say(
            out,
            f"{count(reviews, 'review')} so far; a share means little with fewer than "
            f"{ENOUGH_REVIEWS}",
        )
        return
    rows = []
    for window in stats.retention:
        name = "all" if window.days is None else f"{window.days} days"
        if window.reviews:
            true = window.recalled / window.reviews
            rows.append(
                (name, f"{true:.0%} of {window.reviews:,}, predicted {window.predicted or 0:.0%}")
            )
        else:
            rows.append((name, "no reviews"))
    _table(out, rows)


def _topics(out: Output, stats: Stats) -> None:
    if not stats.topics:
        return
    out.line()
    most = min(_TOPIC, max(cells(clean(topic.name)) for topic in stats.topics), out.width // 2)
    head = f"{_pad('topic', most)}  cards  seen   due  recall"
    out.say(clean(head), Role.STRONG)
    for topic in stats.topics:
        name = _pad(fit(clean(topic.name), most), most)
        numbers = f"  {topic.cards:>5}  {topic.seen:>4}  {topic.due:>4}  {topic.recall:>6.0%}"
        out.line(Span(SafeText(name), Role.TEXT), Span(clean(numbers), Role.TEXT))


def _table(out: Output, rows: Sequence[tuple[str, str]]) -> None:
    widest = max(cells(SafeText(name)) for name, _ in rows)
    for name, value in rows:
        out.line(Span(SafeText(_pad(name, widest + 2)), Role.DIM), Span(clean(value), Role.TEXT))


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(SafeText(text)))


def _say(out: Output, text: str, role: Role = Role.TEXT) -> None:
    out.say(clean(text), role)
