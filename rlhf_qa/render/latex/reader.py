"""From LaTeX to the tree, or to nothing: a formula is understood as a whole or not at all.

Reads once from left to right. Brackets find their partners on the way, bars afterwards. How deep
a formula may be is counted, so that no source is too much for the stack.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rlhf_qa.render.latex.alphabets import PRIME, SMALL, WORD_FONTS, shaped
from rlhf_qa.render.latex.bars import pair_bars
from rlhf_qa.render.latex.commands import HANDLERS
from rlhf_qa.render.latex.environments import read_rows
from rlhf_qa.render.latex.names import ESCAPED, SYMBOLS, TYPED, WORDS
from rlhf_qa.render.latex.parts import as_base, as_word, as_words, over, scripted
from rlhf_qa.render.latex.scanner import Scanner, UnreadableError
from rlhf_qa.render.latex.tree import (
    Brace,
    Bracket,
    Kind,
    Node,
    Row,
    Space,
    Symbol,
    Word,
    nucleus,
)
from rlhf_qa.render.sanitize import clean

LONGEST: Final = 4096
"""Characters of a source that is read."""
DEEPEST: Final = 64
"""Levels of groups and brackets inside each other."""

ENDS: Final = frozenset({"", "}", "&", r"\\", r"\cr", r"\end", r"\right", r"\over", r"\choose"})
"""Tokens that end a row."""
_LIMITS = frozenset({r"\limits", r"\nolimits"})
_SCRIPTS = frozenset({"_", "^", "'", PRIME, *_LIMITS})


def read(source: str) -> Row | None:
    """The tree of a formula; None if any part of it is unknown, malformed or too deep."""
    if len(source) > LONGEST:
        return None
    reader = Reader(source)
    try:
        return reader.whole()
    except UnreadableError:
        return None


class Reader:
    """One reading: where it is, how deep, and in which font."""

    def __init__(self, source: str, depth: int = 0, font: str = "") -> None:
        self.scanner = Scanner(source)
        self._depth = depth
        self.font = font
        self._tag: Row = ()

    def whole(self) -> Row:
        """The rows of the source, which must be all of it."""
        row = read_rows(self)
        if self.scanner.peek():
            raise UnreadableError
        return (*row, *self._tag)

    def row(self) -> Row:
        """The nodes up to one of ENDS, which is left to the caller."""
        self._deeper(1)
        font = self.font
        nodes = self._nodes()
        while (command := self.scanner.peek()) in (r"\over", r"\choose"):
            self.scanner.take()
            nodes = over(nodes, self._nodes(), bar=command == r"\over")
        self.font = font
        self._depth -= 1
        return nodes

    def argument(self) -> Row:
        """What a command or a script applies to: a group or one token."""
        lexeme = self.scanner.peek()
        if lexeme == "{":
            self.scanner.take()
            return self._rest_of_group()
        if lexeme in ENDS or lexeme in "_^'":
            raise UnreadableError
        self._deeper(1)
        self.scanner.take()
        if lexeme.isascii() and lexeme.isdigit():
            found: Row = (Symbol(shaped(lexeme, self.font), Kind.NUMBER),)
        elif lexeme.isalpha():
            found = self._letter(lexeme)
        else:
            found = self._nucleus(lexeme)
        self._depth -= 1
        return found

    def option(self) -> Row | None:
        """What stands in square brackets before an argument."""
        source = self.scanner.option()
        if source is None:
            return None
        return Reader(source, self._depth + 1, self.font).whole()

    def set_tag(self, text: str) -> None:
        """What is said beside the whole formula."""
        if self._tag:
            raise UnreadableError
        self._tag = (Space(2), *as_words(text))

    def _deeper(self, levels: int) -> None:
        self._depth += levels
        if self._depth > DEEPEST:
            raise UnreadableError

    def _nodes(self) -> Row:
        """Nodes up to one of ENDS, those between brackets gathered."""
        above: list[tuple[Symbol, list[Node]]] = []
        nodes: list[Node] = []
        while (lexeme := self.scanner.peek()) not in ENDS:
            found = self._part(lexeme)
            last = found[-1] if found else None
            if isinstance(last, Symbol) and last.kind is Kind.OPEN:
                self._deeper(1)
                above.append((last, nodes))
                nodes = []
            elif isinstance(last, Symbol) and last.kind is Kind.CLOSE and above:
                self._deeper(-1)
                opening, outer = above.pop()
                bracket = Bracket(opening.text, last.text, pair_bars(nodes))
                nodes = outer
                nodes.append(self._scripts((bracket,)))
            else:
                nodes += found
        for opening, outer in reversed(above):
            self._deeper(-1)
            nodes = [*outer, opening, *nodes]
        return pair_bars(nodes)

    def _part(self, lexeme: str) -> Row:
        """The next node with its scripts; several where a group in braces holds several."""
        if lexeme in ("_", "^", "'", PRIME):
            return (self._scripts(()),)
        self.scanner.take()
        found = self._nucleus(lexeme)
        if not found or isinstance(found[-1], Space):
            return found
        if isinstance(found[-1], Symbol) and found[-1].kind in (Kind.OPEN, Kind.CLOSE):
            return found
        if self.scanner.peek() not in _SCRIPTS:
            return found
        return (self._scripts(found),)

    def _nucleus(self, lexeme: str) -> Row:
        """What one token stands for, its arguments read."""
        if lexeme == "{":
            return _without_blanks(self._rest_of_group())
        if lexeme == "~":
            return (Space(1),)
        if lexeme.startswith("\\"):
            return self._command(lexeme[1:])
        if lexeme in TYPED:
            return self._sign(TYPED[lexeme])
        return self._typed(lexeme)

    def _rest_of_group(self) -> Row:
        row = self.row()
        if not self.scanner.skip("}"):
            raise UnreadableError
        return row

    def _sign(self, sign: Symbol) -> Row:
        if sign == SYMBOLS["|"] and self.scanner.follows("|"):
            self.scanner.take()
            return (Symbol("||", Kind.BAR),)
        return (sign,)

    def _typed(self, char: str) -> Row:
        """A letter or a digit."""
        if char.isascii() and char.isdigit():
            return (Symbol(shaped(char + self.scanner.digits(), self.font), Kind.NUMBER),)
        if self.font in WORD_FONTS and char.isalpha():
            return as_word(shaped(char + self.scanner.word(), self.font))
        return self._letter(char)

    def _letter(self, char: str) -> Row:
        if not char.isalpha() or char in SMALL or clean(char) != char:
            raise UnreadableError
        return (Symbol(shaped(char, self.font), Kind.LETTER),)

    def _command(self, name: str) -> Row:
        symbol = SYMBOLS.get(name) if len(name) > 1 else ESCAPED.get(name, SYMBOLS.get(name))
        if symbol is not None and (len(name) > 1 or name in ESCAPED or name.isalpha()):
            return (replace(symbol, text=shaped(symbol.text, self.font)),)
        if name in WORDS:
            return (WORDS[name],)
        handler = HANDLERS.get(name)
        if handler is None:
            raise UnreadableError
        return handler(self, name)

    def _scripts(self, found: Row) -> Node:
        """A node with the scripts that follow it."""
        base = as_base(found)
        below: Row | None = None
        above: Row | None = None
        primes = 0
        while (lexeme := self.scanner.peek()) in _SCRIPTS:
            self.scanner.take()
            if lexeme in ("'", PRIME) and above is None:
                primes += 1
            elif lexeme == "_" and below is None:
                below = self.argument()
            elif lexeme == "^" and above is None:
                above = self.argument()
                if above and set(above) == {SYMBOLS["prime"]}:
                    primes, above = primes + len(above), None
            elif not (lexeme in _LIMITS and _may_have_limits(base)):
                raise UnreadableError
        if isinstance(base, Brace):
            # The script on the side of the brace is its label.
            base = replace(base, label=above if base.over else below)
            below, above = (below, None) if base.over else (None, above)
        return scripted(base, below or None, above or None, primes)


def _without_blanks(row: Row) -> Row:
    """What stands in braces; around a lone sign they take its blanks off: 10{,}000."""
    match row:
        case (Symbol(kind=Kind.RELATION | Kind.BINARY | Kind.COMMA) as sign,):
            return (replace(sign, kind=Kind.PLAIN),)
    return row


def _may_have_limits(base: Node) -> bool:
    match nucleus(base):
        case Symbol(kind=kind):
            return kind is Kind.OPERATOR
        case Word():
            return True
    return False
