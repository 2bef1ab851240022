"""Which bars are brackets: |x| and ‖x‖. Only a bar's neighbours can tell.

A bar that finds no partner stays a bar; a double one is then a relation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rlhf_qa.render.latex.tree import (
    Bracket,
    Kind,
    Node,
    Row,
    Scripted,
    Space,
    Symbol,
    Word,
    nucleus,
)

_BEFORE_OPERAND = frozenset(
    {Kind.RELATION, Kind.BINARY, Kind.COMMA, Kind.OPERATOR, Kind.OPEN, Kind.BAR, Kind.SLASH}
)


def pair_bars(nodes: Sequence[Node]) -> Row:
    """The nodes with every pair of bars made one bracket."""
    bars = [at for at, node in enumerate(nodes) if _bar(node)]
    if not bars:
        return tuple(nodes)
    found: list[Node] = []
    done = 0
    for number, start in enumerate(bars):
        if start < done:
            continue
        end = _partner(nodes, bars[number:])
        if end is None:
            continue
        found += (_alone(node) for node in nodes[done:start])
        found.append(_paired(nodes[start : end + 1]))
        done = end + 1
    found += (_alone(node) for node in nodes[done:])
    return tuple(found)


def _bar(node: Node) -> str:
    inner = nucleus(node)
    return inner.text if isinstance(inner, Symbol) and inner.kind is Kind.BAR else ""


def _partner(nodes: Sequence[Node], bars: Sequence[int]) -> int | None:
    """Where the bracket ends that begins with the first of the bars."""
    start = bars[0]
    if not isinstance(nodes[start], Symbol):
        return None
    opens = _before_operand(nodes, start)
    for end in bars[1:_FURTHEST]:
        if _bar(nodes[end]) != _bar(nodes[start]) or _before_operand(nodes, end):
            continue
        # After an operand only a short pair is one: p(a|s) and p(b|s) are not.
        return end if opens or not _separates(nodes[start + 1 : end]) else None
    return None


_FURTHEST = 20
"""Bars looked at for a partner."""


def _before_operand(nodes: Sequence[Node], at: int) -> bool:
    """Whether what is before the bar wants something to follow."""
    while at > 0 and isinstance(nodes[at - 1], Space):
        at -= 1
    if at == 0:
        return True
    match nucleus(nodes[at - 1]):
        case Symbol(kind=kind):
            return kind in _BEFORE_OPERAND
        case Word(function=function):
            return function
    return False


def _separates(nodes: Sequence[Node]) -> bool:
    return any(
        isinstance(node, Symbol) and node.kind in (Kind.RELATION, Kind.COMMA) for node in nodes
    )


def _paired(nodes: Sequence[Node]) -> Node:
    bar = _bar(nodes[0])
    bracket = Bracket(bar, bar, tuple(_alone(node) for node in nodes[1:-1]))
    last = nodes[-1]
    return replace(last, base=bracket) if isinstance(last, Scripted) else bracket


def _alone(node: Node) -> Node:
    """What a bar without partner is."""
    return Symbol("‖", Kind.RELATION) if node == Symbol("‖", Kind.BAR) else node
