"""What stands beside what, and how many blanks between: the first rule of the one-line form.

Boxes keep the same blanks. Nothing here depends on how a part is drawn but for its first and
last character.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple
from unicodedata import combining

from rlhf_qa.render.latex.alphabets import SMALL
from rlhf_qa.render.latex.tree import (
    Accent,
    Bracket,
    Group,
    Kind,
    Node,
    Root,
    Row,
    Scripted,
    Space,
    Symbol,
    Text,
    Word,
    bare,
    nucleus,
)


class Manner(Enum):
    """How a part of a row behaves towards its neighbours."""

    FACTOR = auto()
    NAME = auto()
    TEXT = auto()
    OPERATOR = auto()
    RELATION = auto()
    BINARY = auto()
    SIGN = auto()
    """A minus or a plus that belongs to what follows."""
    COMMA = auto()
    OPEN = auto()
    CLOSE = auto()
    TIGHT = auto()
    """A slash, a bar."""


class Item(NamedTuple):
    """A part of a row, and the blanks that were asked for before it."""

    node: Node
    manner: Manner
    space: int = 0


_BY_KIND = {
    Kind.RELATION: Manner.RELATION,
    Kind.BINARY: Manner.BINARY,
    Kind.COMMA: Manner.COMMA,
    Kind.OPERATOR: Manner.OPERATOR,
    Kind.OPEN: Manner.OPEN,
    Kind.CLOSE: Manner.CLOSE,
    Kind.BAR: Manner.TIGHT,
    Kind.SLASH: Manner.TIGHT,
}
_NO_OPERAND = frozenset(
    {
        Manner.RELATION,
        Manner.BINARY,
        Manner.SIGN,
        Manner.COMMA,
        Manner.OPERATOR,
        Manner.OPEN,
        Manner.TIGHT,
        Manner.TEXT,
    }
)
"""After these a minus is a sign."""
_ENDS_OPERAND = frozenset({Manner.COMMA, Manner.CLOSE, Manner.RELATION, Manner.TIGHT})
"""Before these nothing is left for an operator to work on."""
_OPENING = "([{⟨⌊⌈⟦|‖"
_CLOSING = ")]}⟩⌋⌉⟧"
_SEPARATED = 2
"""Blanks that say: these two have nothing to do with each other."""


def items(row: Row) -> list[Item]:
    """The parts of a row, each with what it is here."""
    found: list[Item] = []
    space = 0
    for node in row:
        if isinstance(node, Space):
            space = max(space, node.size)
        else:
            found.append(Item(node, _manner(node), space))
            space = 0
    for at, item in enumerate(found):
        if item.manner is Manner.BINARY:
            found[at] = item._replace(manner=_of_operator(found, at))
    return found


def gap(left: Item, before: str, right: Item, after: str, *, tight: bool) -> int:
    """Blanks between two parts that end and begin with these texts; `tight` inside scripts."""
    if tight:
        return int(_must_part(left, before, right, after))
    return max(_natural_gap(left, before, right, after), right.space)


def touches(left: Item, right: Item) -> bool:
    """Whether two neighbours are multiplied or applied to each other."""
    if right.space >= _SEPARATED:
        return False
    if right.space and Manner.TEXT in (left.manner, right.manner):
        return False
    return _is_joined(left, Manner.CLOSE) and _is_joined(right, Manner.OPEN)


def is_named(accent: Accent) -> bool:
    """Whether an accent is over more than one letter, and written as a name."""
    match bare(accent.body):
        case (Symbol(text, Kind.LETTER | Kind.NUMBER | Kind.PLAIN),):
            return len(text) != 1
        case (Accent() as inner,):
            return is_named(inner)
    return True


def _manner(node: Node) -> Manner:
    match nucleus(node):
        case Symbol(kind=kind):
            return _BY_KIND.get(kind, Manner.FACTOR)
        case Word():
            return Manner.NAME
        case Text():
            return Manner.TEXT
    return Manner.FACTOR


def _of_operator(found: Sequence[Item], at: int) -> Manner:
    """Whether an operator has two sides here, one, or stands for itself."""
    if at + 1 == len(found) or found[at + 1].manner in _ENDS_OPERAND:
        return Manner.FACTOR
    if at == 0:
        return Manner.SIGN
    left = found[at - 1]
    inner = nucleus(left.node)
    wants = isinstance(inner, Word) and inner.function
    return Manner.SIGN if wants or left.manner in _NO_OPERAND else Manner.BINARY


def _natural_gap(left: Item, before: str, right: Item, after: str) -> int:
    one, other = left.manner, right.manner
    if other in (Manner.COMMA, Manner.CLOSE) or one in (Manner.OPEN, Manner.SIGN):
        return 0
    if Manner.RELATION in (one, other):
        return int(one is not other)
    if one in (Manner.COMMA, Manner.OPERATOR, Manner.BINARY) or other is Manner.BINARY:
        return 1
    if Manner.TIGHT in (one, other):
        return 0
    if one is Manner.NAME:
        return int(after[:1] not in _OPENING)
    return int(other is Manner.NAME or _must_part(left, before, right, after))


def _must_part(left: Item, before: str, right: Item, after: str) -> bool:
    """Whether two factors would read as something else without a blank."""
    if not before or not after or left.manner in (Manner.OPEN, Manner.SIGN):
        return False
    inner = nucleus(right.node)
    if left.manner in _MULTIPLIED and _begins_with_a_script(right.node, inner):
        return True
    letter, digit = _is_letter(after[0]), after[0].isdecimal()
    scripted = isinstance(left.node, Scripted)
    closed = before[-1] in _CLOSING or isinstance(left.node, Bracket)
    if letter and left.manner in _MULTIPLIED and (scripted or closed):
        return True
    last = _without_marks(before)
    if not (letter or digit) or not (_is_letter(last) or last.isdecimal()):
        return False
    named = isinstance(inner, Accent) and is_named(inner)
    if named or {left.manner, right.manner} & {Manner.NAME, Manner.TEXT}:
        return True
    return digit and (scripted or last.isdecimal())


_MULTIPLIED = frozenset({Manner.FACTOR, Manner.NAME, Manner.OPERATOR, Manner.TEXT, Manner.CLOSE})


def _begins_with_a_script(node: Node, inner: Node) -> bool:
    """Whether a small character comes first: of a root's index, or of a script without base."""
    if isinstance(inner, Root):
        return inner.index is not None
    return isinstance(node, Scripted) and inner == Group(())


def _without_marks(text: str) -> str:
    """The last character of a text, the letter if marks follow it."""
    at = len(text) - 1
    while at > 0 and combining(text[at]):
        at -= 1
    return text[at]


def _is_letter(char: str) -> bool:
    return char.isalpha() and char not in SMALL


def _is_joined(item: Item, bracket: Manner) -> bool:
    if item.manner is Manner.TIGHT:
        return isinstance(item.node, Symbol) and item.node.text == "/"
    if item.manner is Manner.OPERATOR:
        return bracket is Manner.OPEN
    return item.manner in (Manner.FACTOR, Manner.NAME, Manner.TEXT, bracket)
