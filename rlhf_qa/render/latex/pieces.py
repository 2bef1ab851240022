"""What a formula on one line is cut into: pieces of text, and how good a break before each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

ROW: Final = 0
"""Level of a break between the rows of a formula of several."""
RELATION, SIGN, COMMA = range(3)
"""Ranks of breaks at the same depth of brackets."""
_RANKS = 3
_FACTOR, _TIGHT = 1000, 2000
NEVER: Final = 9999


def level(depth: int, rank: int) -> int:
    """Of a break inside so many brackets: the outermost come first."""
    return 1 + _RANKS * depth + rank


def between_factors(depth: int) -> int:
    """Where only a blank is; better than nothing."""
    return _FACTOR + depth


def anywhere(depth: int) -> int:
    """Between two signs that belong together; better than cutting one of them."""
    return _TIGHT + depth


def is_good(found: int) -> bool:
    """Whether a formula in prose may be broken there."""
    return found < _FACTOR


def depth_of(found: int) -> int:
    """Brackets around a good break."""
    return (found - 1) // _RANKS if found else 0


class Piece(NamedTuple):
    """Text that is not broken, and the blanks and the kind of break before it."""

    text: str
    gap: int = 0
    level: int = NEVER


def joined(pieces: Iterable[Piece]) -> str:
    """The text of pieces in a row; what is before the first is not theirs."""
    return "".join(" " * piece.gap + piece.text for piece in pieces).lstrip(" ")


def enclosed(pieces: Sequence[Piece], opening: str, closing: str) -> list[Piece]:
    """The same in brackets."""
    found = [*pieces] or [Piece("")]
    found[0] = found[0]._replace(text=opening + found[0].text)
    found[-1] = found[-1]._replace(text=found[-1].text + closing)
    return found
