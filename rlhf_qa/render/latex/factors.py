"""What is one factor, and so needs no brackets in a fraction or under a root."""

from __future__ import annotations

from rlhf_qa.render.latex.tree import (
    Accent,
    Bracket,
    Group,
    Kind,
    Node,
    Root,
    Row,
    Scripted,
    Symbol,
    Word,
    bare,
    nucleus,
)

_STANDS_ALONE = (Kind.LETTER, Kind.NUMBER, Kind.PLAIN)


def is_factor(row: Row, *, root: bool = True) -> bool:
    """A number, a symbol with its scripts, a bracket, a name applied to a bracket; a `root`."""
    match bare(row):
        case (node,):
            return _is_one(node) or (root and isinstance(node, Root))
        case (name, argument):
            return _is_name(nucleus(name)) and _is_bracket(nucleus(argument))
    return False


def _is_one(node: Node) -> bool:
    match node:
        case Scripted(base=base):
            return not isinstance(base, Symbol) or base.kind in _STANDS_ALONE
        case Symbol(kind=kind):
            return kind in _STANDS_ALONE
        case Word() | Accent() | Group():
            return True
    return _is_bracket(node)


def _is_name(node: Node) -> bool:
    match node:
        case Symbol(kind=kind):
            return kind is Kind.LETTER
        case Word() | Accent():
            return True
    return False


def _is_bracket(node: Node) -> bool:
    return isinstance(node, Bracket) and bool(node.opening and node.closing)
