"""The one table of styles: every role has one, and every colour can be read."""

from __future__ import annotations

import pytest

from rlhf_qa.render.lines import Role
from rlhf_qa.ui.theme import ANSI, DARK, LIGHT, NAMES, Theme, chosen

COLOURS = {"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
WEIGHTS = {"bold", "dim", "italic", "underline", "strike", "reverse"}
LEAST_CONTRAST = 4.5
"""WCAG 2.1, level AA, for text of ordinary size."""

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colour_of(theme: Theme, role: Role) -> str:
    """The colour of the text in a Rich style `bold #rrggbb on #rrggbb`."""
    return next(word for word in theme.style(role).split() if word.startswith("#"))


def test_the_measure_of_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@THEMES
@pytest.mark.parametrize("role", Role)
def test_every_role_can_be_read_on_the_background(theme: Theme, role: Role) -> None:
    assert contrast(colour_of(theme, role), theme.background) >= LEAST_CONTRAST


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TEXT])
def test_every_role_but_plain_text_has_a_style(role: Role) -> None:
    assert ANSI[role]


@pytest.mark.parametrize("role", ANSI)
def test_line_mode_uses_the_sixteen_colours_and_weights(role: Role) -> None:
    words = set(ANSI[role].split())
    assert words <= COLOURS | WEIGHTS
    assert len(words & COLOURS) <= 1


@THEMES
def test_each_colour_of_line_mode_has_one_of_its_own(theme: Theme) -> None:
    coloured = {role: (set(style.split()) & (COLOURS | {"dim"})) for role, style in ANSI.items()}
    seen = {(word, colour_of(theme, role)) for role, found in coloured.items() for word in found}
    assert len(seen) == len({word for word, _ in seen}) == len({colour for _, colour in seen})


@THEMES
def test_grades_differ_in_colour(theme: Theme) -> None:
    grades = (Role.AGAIN, Role.HARD, Role.GOOD, Role.EASY)
    assert len({colour_of(theme, role) for role in grades}) == 4


@THEMES
def test_a_style_has_weight_colour_and_background(theme: Theme) -> None:
    assert theme.style(Role.QUESTION) == f"bold {theme.text} on {theme.background}"
    assert theme.style(Role.TEXT) == f"{theme.text} on {theme.background}"
    assert theme.style(Role.FOCUS).startswith("reverse ")
    assert "dim" not in theme.style(Role.DIM)


@pytest.mark.parametrize(
    ("name", "background", "theme"),
    [
        ("dark", "0;15", DARK),
        ("light", "15;0", LIGHT),
        ("auto", "15;0", DARK),
        ("auto", "0;15", LIGHT),
        ("auto", "0;default;7", LIGHT),
        ("auto", "", DARK),
        ("auto", "nonsense", DARK),
    ],
)
def test_the_theme_of_a_name_and_of_the_terminal(name: str, background: str, theme: Theme) -> None:
    assert name in NAMES
    assert chosen(name, {"COLORFGBG": background}) is theme


def test_without_a_word_from_the_terminal_it_is_dark() -> None:
    assert chosen("auto", {}) is DARK
