"""The keys of a face as text: on the screen, and as the page docs/keys.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rlhf_qa.messages import tr
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import cells, wrap
from rlhf_qa.ui.keys import BROWSE, EVERYWHERE, QUIZ, Key


def help_lines(keys: Sequence[Key], width: int) -> list[Line]:
    """Every key of a face, a line each, in the language in use."""
    every = (*keys, *EVERYWHERE)
    column = max(cells(SafeText(key.shown)) for key in every) + 2
    lines: list[Line] = []
    for key in every:
        lead = Span(SafeText(key.shown + " " * (column - cells(SafeText(key.shown)))), Role.KEY)
        said = wrap((Span(clean(tr(key.does))),), max(width - column, 10))
        lines.append(Line((lead, *said[0].spans)))
        blank = Span(SafeText(" " * column))
        lines += [Line((blank, *line.spans)) for line in said[1:]]
    return lines


def page() -> str:
    """docs/keys.md, but for what line mode understands."""
    parts = [
        ("Everywhere", EVERYWHERE),
        ("Quiz", QUIZ),
        ("Browse", BROWSE),
    ]
    return "\n".join(row for title, keys in parts for row in _table(title, keys))


def _table(title: str, keys: Iterable[Key]) -> list[str]:
    rows = [f"### {title}", "", "| key | does |", "|---|---|"]
    for key in keys:
        shown = " ".join(f"`{part}`" for part in key.shown.split(" ")).replace("|", r"\|")
        rows.append(f"| {shown} | {key.does} |")
    return [*rows, ""]
