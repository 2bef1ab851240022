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
    """docs/keys.md: the keys of the full screen, and what line mode understands."""
    from rlhf_qa.ui import plain, plain_browse  # noqa: PLC0415 -- no face needs the other's

    full = {"Everywhere": EVERYWHERE, "Quiz": QUIZ, "Browse": BROWSE}
    lines = {"Quiz": plain.HELP, "Browse": plain_browse.HELP}
    return "\n".join(
        [
            _FULL_SCREEN,
            *(_table(title, "key", map(_row, keys)) for title, keys in full.items()),
            _LINE_MODE,
            *(_table(title, "typed", commands) for title, commands in lines.items()),
        ]
    )


_FULL_SCREEN = """\
# Keys

They match whatever the input method makes of them: `【】` are `[]`, `、` is `/`, `？` is `?`, \
full-width letters and digits are plain ones. A key with Ctrl or Alt is never a grade, and neither \
is one that is held down. The program shows its keys itself when `?` is pressed.

## Full screen
"""
_LINE_MODE = """\
## Line mode

Line mode takes one typed line for each, and matches it in the same way. Before the answer a grade \
is refused; after it an empty line gives the prompt again and never grades. The end of the input \
leaves like `q`. When nothing is left for today, the summary is printed and the sitting waits at \
its end: `u` and `U` as below, `+` for five more minutes beyond the day's limits, `q` to leave.
"""


def _row(key: Key) -> tuple[str, str]:
    return "` `".join(key.shown.split(" ")), key.does


def _table(title: str, what: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"### {title}", "", f"| {what} | does |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{typed}` | {does} |" for typed, does in rows), ""])
