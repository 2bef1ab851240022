"""From what a terminal reports of a key to the one name it goes by here.

Knows input methods and held keys; not what a key does (keys.py).
"""

from __future__ import annotations

import unicodedata
from typing import Final

HOLD: Final = 0.7
"""Seconds of silence before Space or Enter count as a grade: longer than the usual wait before a
held key repeats."""
BOUNCE: Final = 0.25
"""Seconds in which a second press of a key that acts at once is not meant."""

_SAME: Final = str.maketrans("【】、", "[]/")
_NAMES: Final = {" ": "space", "\r": "enter", "\n": "enter", "\t": "tab"}
_WITH: Final = frozenset({"ctrl", "alt", "meta", "super", "hyper"})
"""A key pressed with one of these is another key."""
_CONFIRMING: Final = frozenset({"space", "enter"})
_ACTING: Final = frozenset("uUs-@")


def plain_form(typed: str) -> str:
    """Typed text in the one spelling that is compared: full-width signs are plain ones."""
    return unicodedata.normalize("NFKC", typed).translate(_SAME)


def key_name(name: str, character: str | None) -> str:
    """The key as the program names it: a character, else the name the terminal library gives.

    An input method that is left on does not make keys dead: full-width signs are plain ones.
    """
    if character is None or not _WITH.isdisjoint(name.split("+")[:-1]):
        return name
    plain = plain_form(character)
    return _NAMES.get(plain, plain if plain.isprintable() else name)


class RepeatGuard:
    """Tells presses from the repeats of a held key. Times are those of a monotonic clock."""

    def __init__(self) -> None:
        self._confirmed = float("-inf")
        self._acted = ("", float("-inf"))

    def is_repeat(self, key: str, now: float) -> bool:
        """Whether a key that acts at once follows itself too fast. Every press is noted."""
        last, when = self._acted
        self._acted = (key, now)
        return key in _ACTING and key == last and now - when < BOUNCE

    def may_confirm(self, key: str, now: float) -> bool:
        """Whether Space or Enter may count as a grade now. Every press of either is noted."""
        if key not in _CONFIRMING:
            return True
        rested = now - self._confirmed >= HOLD
        self._confirmed = now
        return rested
