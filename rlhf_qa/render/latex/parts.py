"""Small decisions about nodes: what words are, what can carry a script, how a fraction is made."""

from __future__ import annotations

import re

from rlhf_qa.render.latex.names import LIMITED
from rlhf_qa.render.latex.tree import (
    Bracket,
    Fraction,
    Group,
    Kind,
    Layout,
    Node,
    Row,
    Scripted,
    Space,
    Symbol,
    Table,
    Text,
    Word,
)
from rlhf_qa.render.sanitize import clean


def as_words(text: str) -> Row:
    """Words; blanks at their ends, which say that they are prose, stand beside them."""
    cleaned = re.sub(" +", " ", clean(text))
    inner = cleaned.strip(" ")
    if inner == cleaned and inner.isalnum():
        return as_word(inner)
    before, after = cleaned.startswith(" "), cleaned.endswith(" ")
    blank = (Space(1),)
    return (*blank * before, *((Text(inner),) * bool(inner)), *blank * after)


def as_word(text: str) -> Row:
    """A word; one letter is just a letter."""
    if len(text) == 1:
        return (Symbol(text, Kind.LETTER),)
    return (Word(text, limits=text in LIMITED),)


def as_base(found: Row) -> Node:
    """What carries a script: one thing, or a group that will need brackets."""
    if len(found) == 1 and not isinstance(found[0], Scripted):
        return found[0]
    return Group(found)


def scripted(base: Node, below: Row | None, above: Row | None, primes: int) -> Node:
    """A node with its scripts, those of big operators and limit names as limits."""
    if below is None and above is None and not primes:
        return base
    match base:
        case Symbol(kind=Kind.OPERATOR) | Word(limits=True):
            return Scripted(base, below, above, primes, limits=True)
    return Scripted(base, below, above, primes)


def over(above: Row, below: Row, *, bar: bool) -> Row:
    """One above the other: a fraction, or without the bar two rows in brackets."""
    if bar:
        return (Fraction(above, below),)
    table = Table(Layout.BINOMIAL, ((above,), (below,)))
    return (Bracket("(", ")", (table,)),)
