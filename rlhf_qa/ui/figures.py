"""`stats` as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rlhf_qa.messages import tr, trn
from rlhf_qa.render.lines import Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import cells, fit
from rlhf_qa.stats import ENOUGH_REVIEWS, Stats
from rlhf_qa.ui.output import Output

_TOPIC = 30
"""Columns for the name of a topic, at most."""

_LEAST = (5, 4, 4, 6)
"""Columns for each of its numbers, at least."""


def figures(out: Output, stats: Stats) -> None:
    """The figures of a selection, a line or a row each."""
    _say(out, date.fromordinal(stats.day).isoformat(), Role.STRONG)
    rows = [
        (
            tr("questions"),
            tr("{all} ({unanswered} unanswered)", all=stats.questions, unanswered=stats.unanswered),
        ),
        (
            tr("cards"),
            tr("{all}: {new} new, {seen} seen", all=stats.cards, new=stats.new, seen=stats.seen),
        ),
        (
            tr("due"),
            tr(
                "{today} today, {soon} in the {days} days after",
                today=stats.due,
                soon=sum(stats.due_ahead),
                days=len(stats.due_ahead),
            ),
        ),
        (
            tr("put aside"),
            tr(
                "{suspended} suspended, {buried} buried",
                suspended=stats.suspended,
                buried=stats.buried,
            ),
        ),
        (tr("leeches"), str(stats.leeches)),
        (
            tr("today"),
            trn(
                "{n} grade in {minutes} min",
                "{n} grades in {minutes} min",
                stats.graded_today,
                minutes=f"{stats.minutes_today:.0f}",
            ),
        ),
        (tr("time"), tr("{minutes} min in all", minutes=f"{stats.minutes:.0f}")),
        (tr("streak"), trn("{n} day", "{n} days", stats.streak)),
    ]
    _table(out, rows)
    _retention(out, stats)
    _topics(out, stats)


def _retention(out: Output, stats: Stats) -> None:
    reviews = stats.retention[-1].reviews
    out.line()
    _say(out, tr("recall of cards seen on an earlier day"), Role.STRONG)
    if reviews < ENOUGH_REVIEWS:
        _say(
            out,
            trn(
                "{n} review so far; a share means little with fewer than {enough}",
                "{n} reviews so far; a share means little with fewer than {enough}",
                reviews,
                enough=ENOUGH_REVIEWS,
            ),
        )
        return
    rows = []
    for window in stats.retention:
        days = window.days
        name = tr("all") if days is None else trn("{n} day", "{n} days", days)
        if window.reviews:
            said = tr(
                "{share} of {reviews}, predicted {predicted}",
                share=f"{window.recalled / window.reviews:.0%}",
                reviews=f"{window.reviews:,}",
                predicted=f"{window.predicted or 0:.0%}",
            )
            rows.append((name, said))
        else:
            rows.append((name, tr("no reviews")))
    _table(out, rows)


def _topics(out: Output, stats: Stats) -> None:
    if not stats.topics:
        return
    out.line()
    most = min(_TOPIC, max(cells(clean(topic.name)) for topic in stats.topics), out.width // 2)
    heads = [tr("cards"), tr("seen"), tr("due"), tr("recall")]
    widths = [max(cells(clean(head)), least) for head, least in zip(heads, _LEAST, strict=True)]
    row = [_pad(tr("topic"), most), *map(_right, heads, widths)]
    out.line(Span(clean("  ".join(row)), Role.STRONG))
    for topic in stats.topics:
        name = _pad(fit(clean(topic.name), most), most)
        found = (str(topic.cards), str(topic.seen), str(topic.due), f"{topic.recall:.0%}")
        numbers = "".join(f"  {text}" for text in map(_right, found, widths))
        out.line(Span(SafeText(name), Role.TEXT), Span(clean(numbers), Role.TEXT))


def _table(out: Output, rows: Sequence[tuple[str, str]]) -> None:
    widest = max(cells(SafeText(name)) for name, _ in rows)
    for name, value in rows:
        out.line(Span(SafeText(_pad(name, widest + 2)), Role.DIM), Span(clean(value), Role.TEXT))


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cells(SafeText(text))) + text


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(SafeText(text)))


def _say(out: Output, text: str, role: Role = Role.TEXT) -> None:
    out.say(clean(text), role)
