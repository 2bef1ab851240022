"""What each role looks like: sixteen colours in line mode, true colours full screen.

The one table of styles. Knows roles and colours, and nothing of where they are used. Colour is
never the only sign: each state and grade also has its symbol or word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rlhf_qa.render.lines import Role

ANSI: Final[Mapping[Role, str]] = {
    Role.QUESTION: "bold",
    Role.HEADING: "bold",
    Role.STRONG: "bold",
    Role.EMPHASIS: "italic",
    Role.STRIKE: "strike",
    Role.CODE: "cyan",
    Role.CODE_KEYWORD: "magenta",
    Role.CODE_NAME: "blue",
    Role.CODE_STRING: "green",
    Role.CODE_NUMBER: "cyan",
    Role.CODE_COMMENT: "dim",
    Role.FORMULA: "cyan",
    Role.LINK: "underline",
    Role.REFERENCE: "dim",
    Role.DEEPER: "yellow",
    Role.FOLD: "bold",
    Role.DIM: "dim",
    Role.BAR: "dim",
    Role.MARKER: "dim",
    Role.TITLE: "bold",
    Role.KEY: "bold",
    Role.MATCH: "reverse",
    Role.FOCUS: "reverse",
    Role.WARNING: "yellow",
    Role.AGAIN: "red",
    Role.HARD: "yellow",
    Role.GOOD: "green",
    Role.EASY: "cyan",
    Role.NEW: "blue",
    Role.LEARNING: "yellow",
    Role.KNOWN: "green",
    Role.DUE: "red",
    Role.ASIDE: "dim",
}
"""Rich styles of roles, from the terminal's own sixteen colours."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of the full screen, `#rrggbb`."""

    background: str
    text: str
    colours: Mapping[Role, str]

    def without_colours(self) -> Theme:
        """The same in shades of grey."""
        dim = self.colours[Role.DIM]
        greys = {role: dim for role, colour in self.colours.items() if colour == dim}
        return Theme(self.background, self.text, greys)

    def style(self, role: Role) -> str:
        """A Rich style: weight as in line mode, colour of the theme."""
        weight = " ".join(w for w in ANSI.get(role, "").split() if w in _WEIGHTS)
        colour = self.colours.get(role, self.text)
        return f"{weight} {colour} on {self.background}".strip()


_WEIGHTS: Final = frozenset({"bold", "italic", "underline", "strike", "reverse"})

_DARK: Final = {
    "dim": "#9aa0a6",
    "cyan": "#7fd1de",
    "magenta": "#d6a3e8",
    "blue": "#8ab4f8",
    "green": "#8fd694",
    "yellow": "#e6c07b",
    "red": "#f28b82",
}
_LIGHT: Final = {
    "dim": "#5f6368",
    "cyan": "#00616e",
    "magenta": "#7b2d8e",
    "blue": "#174ea6",
    "green": "#0b6623",
    "yellow": "#7a4f00",
    "red": "#a50e0e",
}


def _colours(palette: Mapping[str, str]) -> dict[Role, str]:
    """The colour words of the sixteen, as those of a theme."""
    return {
        role: palette[word]
        for role, style in ANSI.items()
        for word in style.split()
        if word in palette
    }


DARK: Final = Theme("#16181c", "#e3e5e8", _colours(_DARK))
LIGHT: Final = Theme("#fcfcfa", "#1f2328", _colours(_LIGHT))
NAMES: Final = ("auto", "dark", "light")


def chosen(name: str, environ: Mapping[str, str]) -> Theme:
    """The theme of that name; `auto` asks `COLORFGBG` for the background, and is dark in doubt."""
    if name == "auto":
        background = environ.get("COLORFGBG", "").rpartition(";")[2]
        name = "light" if background in ("7", "15") else "dark"
    return LIGHT if name == "light" else DARK
