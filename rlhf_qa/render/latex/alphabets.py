"""Letters in other shapes: fonts, small scripts, accents. Tables and how to look in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

FONTS: Final = {
    "mathbb": "bb",
    "mathbbm": "bb",
    "mathds": "bb",
    "Bbb": "bb",
    "mathcal": "cal",
    "mathscr": "cal",
    "mathfrak": "frak",
    "frak": "frak",
    "mathbf": "bf",
    "bold": "bf",
    "boldsymbol": "bm",
    "bm": "bm",
    "pmb": "bm",
    "mathrm": "rm",
    "mathup": "rm",
    "mathit": "it",
    "mathnormal": "",
    "mathsf": "sf",
    "mathtt": "tt",
}
SWITCHES: Final = {
    "bf": "bf",
    "rm": "rm",
    "it": "it",
    "sf": "sf",
    "tt": "tt",
    "cal": "cal",
    "boldmath": "bm",
}
"""Fonts for the rest of a group."""
WORD_FONTS: Final = frozenset({"rm", "it", "sf", "tt"})
"""Letters that stand together in these are one word."""

_UPPER, _LOWER, _DIGITS = range(0x41, 0x5B), range(0x61, 0x7B), range(0x30, 0x3A)
_GREEK_UPPER, _GREEK_LOWER = range(0x391, 0x3AA), range(0x3B1, 0x3CA)
_GREEK_SIGNS = "∂ϵϑϰϕϱϖ"


def _run(start: int, points: range) -> dict[int, str]:
    return {point: chr(start + at) for at, point in enumerate(points)}


def _greek(start: int) -> dict[int, str]:
    """A block of Greek letters: 25 capitals, nabla, 25 small ones, seven signs."""
    signs = {ord(sign): chr(start + 51 + at) for at, sign in enumerate(_GREEK_SIGNS)}
    lower = _run(start + 26, _GREEK_LOWER)
    return {**_run(start, _GREEK_UPPER), 0x2207: chr(start + 25), **lower, **signs}


_SHAPES: Mapping[str, Mapping[int, str]] = {
    "bb": {
        **_run(0x1D538, _UPPER),
        **_run(0x1D552, _LOWER),
        **_run(0x1D7D8, _DIGITS),
        **{ord(a): b for a, b in zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)},
    },
    "cal": {
        **_run(0x1D49C, _UPPER),
        **_run(0x1D4B6, _LOWER),
        **{ord(a): b for a, b in zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)},
    },
    "frak": {
        **_run(0x1D504, _UPPER),
        **_run(0x1D51E, _LOWER),
        **{ord(a): b for a, b in zip("CHIRZ", "ℭℌℑℜℨ", strict=True)},
    },
    "bf": {
        **_run(0x1D400, _UPPER),
        **_run(0x1D41A, _LOWER),
        **_run(0x1D7CE, _DIGITS),
        **_greek(0x1D6A8),
    },
    "bm": {
        **_run(0x1D468, _UPPER),
        **_run(0x1D482, _LOWER),
        **_run(0x1D7CE, _DIGITS),
        **_greek(0x1D71C),
    },
    "sf": {**_run(0x1D5A0, _UPPER), **_run(0x1D5BA, _LOWER), **_run(0x1D7E2, _DIGITS)},
    "tt": {**_run(0x1D670, _UPPER), **_run(0x1D68A, _LOWER), **_run(0x1D7F6, _DIGITS)},
}


def shaped(text: str, font: str) -> str:
    """`text` in a font; what the font has not stays plain."""
    return text.translate(_SHAPES[font]) if font in _SHAPES else text


RAISED: Final = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzT",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
        strict=True,
    )
)
LOWERED: Final = dict(
    zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
SMALL: Final = frozenset({*RAISED.values(), *LOWERED.values()})
PRIME: Final = "′"
_WORD = re.compile("[A-Za-z]{3}")


def small(text: str, shapes: Mapping[str, str]) -> str | None:
    """A script as small characters, or None if a part of it has none or it is a word."""
    if not text or _WORD.search(text) or any(char not in shapes for char in text):
        return None
    return "".join(shapes[char] for char in text)


def is_run(text: str) -> bool:
    """Whether a script needs no braces: letters and digits only, or one sign."""
    plain = [char for char in text if unicodedata.category(char)[0] != "M"]
    if len(plain) == 1:
        return plain[0] not in "_^{}()[]|‖,;:/"
    return all(char.isalnum() and char not in SMALL for char in plain)


ACCENTS: Final = {
    "hat": ("\u0302", "hat"),
    "widehat": ("\u0302", "hat"),
    "tilde": ("\u0303", "tilde"),
    "widetilde": ("\u0303", "tilde"),
    "bar": ("\u0304", "bar"),
    "overline": ("\u0304", "overline"),
    "vec": ("\u20d7", "vec"),
    "overrightarrow": ("\u20d7", "vec"),
    "overleftarrow": ("\u20d6", "overleftarrow"),
    "dot": ("\u0307", "dot"),
    "ddot": ("\u0308", "ddot"),
    "dddot": ("\u20db", "dddot"),
    "check": ("\u030c", "check"),
    "widecheck": ("\u030c", "check"),
    "breve": ("\u0306", "breve"),
    "acute": ("\u0301", "acute"),
    "grave": ("\u0300", "grave"),
    "mathring": ("\u030a", "ring"),
    "underline": ("\u0332", "underline"),
    "underbar": ("\u0332", "underline"),
}
"""The combining mark of each, and its name where the mark cannot be used."""


def accented(letter: str, mark: str) -> str:
    """A letter with a mark, as one character where there is one."""
    return unicodedata.normalize("NFC", letter + mark)
