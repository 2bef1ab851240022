"""The tree of a formula, as frozen values. Knows neither LaTeX nor how anything is drawn.

A group in braces leaves no node behind unless it carries a script: what it groups is then told
by brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a sign is to its neighbours."""

    LETTER = auto()
    NUMBER = auto()
    PLAIN = auto()
    """Any other sign that stands for itself: ∞, …, !."""
    RELATION = auto()
    BINARY = auto()
    """A binary operator, or a sign: that depends on what is before it."""
    COMMA = auto()
    OPERATOR = auto()
    """A big one: ∑."""
    OPEN = auto()
    CLOSE = auto()
    BAR = auto()
    """A bar that has no partner."""
    SLASH = auto()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, a number, a sign."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Word:
    """A name: of a function, or any upright word without a blank."""

    text: str
    limits: bool = False
    """What is written below it is a limit: max, argmax."""
    function: bool = False
    """A sign after it belongs to its argument."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words, with their own blanks."""

    text: str


@dataclass(frozen=True, slots=True)
class Space:
    """A blank that was asked for."""

    size: int


@dataclass(frozen=True, slots=True)
class Scripted:
    """Something with scripts; a Group as base is one that is empty or has several parts."""

    base: Node
    below: Row | None = None
    above: Row | None = None
    primes: int = 0
    limits: bool = False
    """Scripts stand below and above in a box, and are always written out in a line."""


@dataclass(frozen=True, slots=True)
class Fraction:
    """Two rows with a bar between them."""

    above: Row
    below: Row


@dataclass(frozen=True, slots=True)
class Root:
    """A root, the square one if it has no index."""

    body: Row
    index: Row | None = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over or under something."""

    mark: str
    """The combining character."""
    name: str
    body: Row


@dataclass(frozen=True, slots=True)
class Brace:
    """A brace under or over something, perhaps with a label."""

    body: Row
    over: bool
    label: Row | None = None


@dataclass(frozen=True, slots=True)
class Bracket:
    """What stands in brackets; a side may be empty."""

    opening: str
    closing: str
    body: Row


class Layout(Enum):
    """What the columns of a table are."""

    MATRIX = auto()
    ALIGNED = auto()
    """Pairs of cells that read on from one to the other."""
    CASES = auto()
    BINOMIAL = auto()
    """Two rows in brackets, with a name of its own on one line."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells."""

    layout: Layout
    rows: tuple[tuple[Row, ...], ...]
    columns: str = ""
    """`l`, `c` or `r` for each; centred where nothing is said."""


@dataclass(frozen=True, slots=True)
class Group:
    """Several parts that carry a script together, or none."""

    body: Row


Node = (
    Symbol
    | Word
    | Text
    | Space
    | Scripted
    | Fraction
    | Root
    | Accent
    | Brace
    | Bracket
    | Table
    | Group
)
Row = tuple[Node, ...]


def inner_rows(node: Node) -> Iterator[Row]:
    """The rows a node is made of, in the order they are read."""
    match node:
        case Scripted():
            yield (node.base,)
            yield from (row for row in (node.below, node.above) if row is not None)
        case Fraction():
            yield from (node.above, node.below)
        case Root() | Brace():
            extra = node.index if isinstance(node, Root) else node.label
            yield from (row for row in (node.body, extra) if row is not None)
        case Accent() | Bracket() | Group():
            yield node.body
        case Table():
            yield from (cell for cells in node.rows for cell in cells)
        case _:
            return


def walk(row: Row) -> Iterator[Node]:
    """Every node of a row, at any depth."""
    waiting: list[Node] = [*reversed(row)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [inner for inner_row in inner_rows(node) for inner in inner_row]


def bare(row: Row) -> Row:
    """A row without the blanks that were asked for."""
    return tuple(node for node in row if not isinstance(node, Space))


def nucleus(node: Node) -> Node:
    """What a node is apart from its scripts."""
    return node.base if isinstance(node, Scripted) else node
