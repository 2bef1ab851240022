"""The one-line form of a formula, by the seven rules: reading it back gives the same tree.

What comes out are pieces, so that a long formula can be broken. Scripts are text of one piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rlhf_qa.render.latex import pieces as at_level
from rlhf_qa.render.latex.alphabets import LOWERED, PRIME, RAISED, accented, is_run, small
from rlhf_qa.render.latex.factors import is_factor
from rlhf_qa.render.latex.pieces import Piece, enclosed, joined
from rlhf_qa.render.latex.spacing import Item, Manner, gap, is_named, items, touches
from rlhf_qa.render.latex.tree import (
    Accent,
    Brace,
    Bracket,
    Fraction,
    Group,
    Kind,
    Layout,
    Node,
    Root,
    Row,
    Scripted,
    Space,
    Symbol,
    Table,
    Text,
    Word,
    bare,
    walk,
)


class Place(NamedTuple):
    """Where a part stands."""

    depth: int = 0
    """Brackets around it."""
    tight: bool = False
    """Inside a script: no blanks but the necessary ones."""
    touched: bool = False
    """Beside something it is multiplied with."""
    followed: bool = False
    """The same, on its right."""

    def inside(self) -> Place:
        return Place(self.depth + 1, self.tight)


OUTSIDE = Place()


class Writer:
    """Writes the parts of one formula, whose scripts are to look alike."""

    def __init__(self, formula: Row) -> None:
        self._written = _written_bases(formula)

    def row(self, row: Row, place: Place = OUTSIDE) -> list[Piece]:
        """The pieces of a row."""
        found: list[Piece] = []
        parts = items(row)
        left: Item | None = None
        before = ""
        for at, item in enumerate(parts):
            pieces = self.item(item.node, _placed(parts, at, place))
            after = pieces[0].text
            blanks = gap(left, before, item, after, tight=place.tight) if left else 0
            level = _level(left, item, blanks, place.depth)
            if found and level == at_level.NEVER:
                after = f"{found[-1].text}{' ' * blanks}{after}"
                found[-1] = found[-1]._replace(text=after)
            elif after or found:
                found.append(Piece(after, blanks, level))
            found += pieces[1:]
            left, before = item, pieces[-1].text
        return found or [Piece("")] * bool(parts)

    def text(self, row: Row, *, tight: bool = False) -> str:
        """The same as one string."""
        return joined(self.row(row, Place(tight=tight)))

    def item(self, node: Node, place: Place) -> list[Piece]:
        """The pieces of one part; there is at least one."""
        match node:
            case Symbol(text) | Word(text):
                return [Piece(text)]
            case Text(text):
                level = at_level.level(place.depth, at_level.COMMA)
                return [Piece(word, 1, level) for word in text.split(" ")]
            case Bracket(opening, closing, body):
                lead = f"binom{opening}" if _is_binomial(body) else opening
                return enclosed(self.row(body, place.inside()), lead, closing)
            case Group(body) if body:
                return enclosed(self.row(body, place.inside()), "(", ")")
            case Group() | Space():
                return [Piece("")]
            case _:
                return self._built(node, place)

    def _built(
        self, node: Scripted | Fraction | Root | Accent | Brace | Table, place: Place
    ) -> list[Piece]:
        match node:
            case Scripted():
                found = self._scripted(node, place)
            case Fraction():
                found = self._fraction(node, place)
            case Root():
                found = self._root(node, place)
            case Accent():
                found = self._accent(node, place)
            case Brace():
                found = self._brace(node, place)
            case Table():
                found = self._table(node, place)
        return found

    def scripts(self, node: Scripted) -> str:
        """What is written behind the base of `node`."""
        if node.limits:
            return PRIME * node.primes + self._limit("_", node.below) + self._limit("^", node.above)
        below, above = _small_scripts(node)
        if below is None or above is None or _key(node) in self._written:
            below, above = self._limit("_", node.below), self._limit("^", node.above)
        return PRIME * node.primes + below + above

    def _limit(self, sign: str, row: Row | None) -> str:
        text = self.text(row, tight=True) if row else ""
        if not text:
            return ""
        return sign + (text if is_run(text) else f"{{{text}}}")

    def _scripted(self, node: Scripted, place: Place) -> list[Piece]:
        base = self.item(node.base, place._replace(touched=False, followed=False))
        if isinstance(node.base, Fraction | Root | Brace | Table | Scripted | Text):
            base = enclosed(base, "(", ")")
        return enclosed(base, "", self.scripts(node))

    def _side(self, row: Row, place: Place, *, is_whole: bool) -> list[Piece]:
        """One side of a fraction, a root: in brackets unless it is one factor."""
        if is_whole:
            return self.row(row, place.inside())
        return enclosed(self.row(row, place.inside()), "(", ")")

    def _fraction(self, node: Fraction, place: Place) -> list[Piece]:
        above = self._side(node.above, place, is_whole=is_factor(node.above))
        below = self._side(node.below, place, is_whole=is_factor(node.below))
        below[0] = below[0]._replace(gap=0, level=at_level.anywhere(place.depth))
        whole = [*enclosed(above, "", "/"), *below]
        return enclosed(whole, "(", ")") if place.touched else whole

    def _root(self, node: Root, place: Place) -> list[Piece]:
        one = is_factor(node.body, root=False) and not place.followed
        body = self._side(node.body, place, is_whole=one)
        if not node.index:
            return enclosed(body, "√", "")
        index = self.text(node.index, tight=True)
        raised = small(index, RAISED)
        return enclosed(body, f"{raised}√" if raised else f"√[{index}]", "")

    def _accent(self, node: Accent, place: Place) -> list[Piece]:
        if is_named(node):
            return enclosed(self.row(node.body, place.inside()), f"{node.name}(", ")")
        return [Piece(accented(self.text(node.body), node.mark))]

    def _brace(self, node: Brace, place: Place) -> list[Piece]:
        body = self._side(node.body, place, is_whole=is_factor(node.body))
        if not node.label:
            return body
        label = enclosed(self.row(node.label, place.inside()), "[", "]")
        return [*enclosed(body, "", label[0].text), *label[1:]]

    def _table(self, node: Table, place: Place) -> list[Piece]:
        found: list[Piece] = []
        blank = int(not place.tight)
        level = at_level.level(place.depth, at_level.COMMA)
        for row in node.rows:
            for number, cell in enumerate(_cells(node.layout, row)):
                pieces = self.row(cell, Place(place.depth, place.tight)) or [Piece("")]
                if found:
                    pair = number or node.layout is Layout.BINOMIAL
                    sign, at = (",", level) if pair else (";", _row_level(node.layout, place))
                    found[-1] = found[-1]._replace(text=found[-1].text + sign)
                    pieces[0] = pieces[0]._replace(gap=blank, level=at)
                found += pieces
        if node.layout is Layout.CASES:
            return enclosed(found, "{ ", " }")
        return enclosed(found, "(", ")") if place.touched else found


def _is_binomial(body: Row) -> bool:
    match body:
        case (Table(layout=Layout.BINOMIAL),):
            return True
    return False


def _row_level(layout: Layout, place: Place) -> int:
    if layout is Layout.ALIGNED and place.depth == 0:
        return at_level.ROW
    return at_level.level(place.depth, at_level.COMMA)


def _cells(layout: Layout, row: tuple[Row, ...]) -> Iterable[Row]:
    """The cells of a row as they are read: aligned ones in pairs, without commas at their ends."""
    if layout is not Layout.ALIGNED:
        return (_without_comma(cell) for cell in row)
    return (aligned_pair(row[at : at + 2]) for at in range(0, len(row), 2))


def aligned_pair(cells: Sequence[Row]) -> Row:
    """Two cells that read on; an operator that begins the second has something before it."""
    left, *right = cells
    return (*(left or (Symbol("", Kind.PLAIN),)), *(node for cell in right for node in cell))


def _without_comma(cell: Row) -> Row:
    parts = bare(cell)
    return parts[:-1] if len(parts) > 1 and parts[-1] == Symbol(",", Kind.COMMA) else cell


def _placed(parts: Sequence[Item], at: int, place: Place) -> Place:
    """The place of one part of a row."""
    node = parts[at].node
    if isinstance(node, Table):
        return place._replace(touched=not _is_alone(parts, at), followed=False)
    if not isinstance(node, Fraction | Root):
        return place._replace(touched=False, followed=False)
    followed = at + 1 < len(parts) and touches(parts[at], parts[at + 1])
    return place._replace(
        touched=followed or (at > 0 and touches(parts[at - 1], parts[at])), followed=followed
    )


def _is_alone(parts: Sequence[Item], at: int) -> bool:
    """Whether nothing but a comma or something far off is beside a part."""
    before = at > 0 and parts[at].space <= 1
    after = at + 1 < len(parts) and parts[at + 1].space <= 1
    return not before and not (after and parts[at + 1].manner is not Manner.COMMA)


def _level(left: Item | None, right: Item, blanks: int, depth: int) -> int:
    """How good a break between two parts is."""
    if left is None:
        return at_level.anywhere(depth)
    if _is_one_piece(left, right, blanks):
        return at_level.NEVER
    rank = _rank(left, right, depth)
    if rank is not None:
        return at_level.level(depth, rank)
    if not blanks or left.manner in _LEADING:
        return at_level.anywhere(depth)
    return at_level.between_factors(depth)


_LEADING = frozenset({Manner.RELATION, Manner.BINARY, Manner.NAME, Manner.OPERATOR})
"""What follows these belongs to them, although a blank is between."""


def _is_one_piece(left: Item, right: Item, blanks: int) -> bool:
    if right.manner in (Manner.COMMA, Manner.CLOSE) or left.manner in (Manner.OPEN, Manner.SIGN):
        return True
    follows = right.manner in (Manner.TIGHT, Manner.RELATION) or isinstance(right.node, Bracket)
    return follows and not blanks


def _rank(left: Item, right: Item, depth: int) -> int | None:
    """Of a break that a reader expects."""
    if right.manner is Manner.RELATION and not (depth and _is_condition(right.node)):
        return at_level.RELATION
    if right.manner is Manner.BINARY and _is_plus(right.node):
        return at_level.SIGN
    if left.manner is Manner.COMMA or right.space > 1:
        return at_level.COMMA
    return None


def _is_plus(node: Node) -> bool:
    return isinstance(node, Symbol) and node.text in "+−±∓"


def _is_condition(node: Node) -> bool:
    """The bar of p(y | x): what it parts belongs together more than the sides of an equation."""
    return isinstance(node, Symbol) and node.text in "|‖"


# Scripts that look alike.


def _written_bases(formula: Row) -> frozenset[Node]:
    """Letters with a subscript, in any place, that cannot be small with all that is beside it."""
    return frozenset(
        key
        for node in walk(formula)
        if isinstance(node, Scripted)
        and (key := _key(node)) is not None
        and None in _small_scripts(node)
    )


def _key(node: Scripted) -> Node | None:
    """The letter whose subscripts are to look like this one's, if it has a subscript."""
    if node.below is None or node.limits:
        return None
    match node.base:
        case Symbol(kind=Kind.LETTER) | Accent(body=(Symbol(),)):
            return node.base
    return None


def _small_scripts(node: Scripted) -> tuple[str | None, str | None]:
    return _small_script(node.below, LOWERED), _small_script(node.above, RAISED)


def _small_script(row: Row | None, shapes: dict[str, str]) -> str | None:
    if row is None:
        return ""
    flat = _flat(row)
    return None if flat is None else small(flat, shapes)


def _flat(row: Row) -> str | None:
    """The characters of a script that is made of nothing but signs, else None."""
    found: list[str] = []
    for node in bare(row):
        match node:
            case Symbol(text) if not (found and found[-1].isdecimal() and text.isdecimal()):
                found.append(text)
            case Word(text) if len(row) == 1:
                found.append(text)
            case Bracket(opening, closing, body) if (inner := _flat(body)) is not None:
                found.append(f"{opening}{inner}{closing}")
            case _:
                return None
    return "".join(found)
