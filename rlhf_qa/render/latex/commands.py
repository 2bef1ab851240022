"""What each command that is more than a sign does with its arguments.

Reads them through the reader it is given; the tree it makes is what the reader puts in its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from rlhf_qa.render.latex.alphabets import ACCENTS, FONTS, SWITCHES
from rlhf_qa.render.latex.environments import read_environment, read_rows
from rlhf_qa.render.latex.names import (
    DROPPED,
    DROPPED_WITH_ARGUMENT,
    LIMITED,
    NORM,
    PHANTOMS,
    SPACES,
    SYMBOLS,
)
from rlhf_qa.render.latex.parts import as_base, as_words, over
from rlhf_qa.render.latex.scanner import Scanner, UnreadableError, words
from rlhf_qa.render.latex.tree import (
    Accent,
    Brace,
    Bracket,
    Fraction,
    Kind,
    Root,
    Row,
    Scripted,
    Space,
    Symbol,
    Word,
)
from rlhf_qa.render.sanitize import clean


class Reader(Protocol):
    """What reads the arguments."""

    font: str

    @property
    def scanner(self) -> Scanner: ...

    def row(self) -> Row:
        """The nodes up to what ends a group."""

    def argument(self) -> Row:
        """A group or one token."""

    def option(self) -> Row | None:
        """What stands in square brackets."""

    def set_tag(self, text: str) -> None:
        """What is said beside the whole formula."""


_SIDED = {
    f"{size}{side}": kind
    for size in ("big", "Big", "bigg", "Bigg")
    for side, kind in {"": None, "l": Kind.OPEN, "r": Kind.CLOSE, "m": Kind.RELATION}.items()
}
_TEXT_NAMES = """
text textrm textbf textit textsf texttt textsc textnormal textup textmd mbox hbox emph
"""
_KEPT_NAMES = "boxed fbox ensuremath smash mathclap mathopen mathclose mathinner"
"""What they hold is shown, and nothing else."""
_CLASSES = {"mathord": Kind.PLAIN, "mathbin": Kind.BINARY, "mathrel": Kind.RELATION}
_BRACES = {"underbrace": False, "overbrace": True, "underbracket": False, "overbracket": True}
_ARROWS = {"xrightarrow": "→", "xleftarrow": "←", "xRightarrow": "⇒", "xLeftarrow": "⇐"}
_BLANKS = re.compile(r"(?<!\\)\s+")
_DELIMITERS = frozenset("()[]{}⟨⟩⌊⌋⌈⌉|‖/⟮⟯⟦⟧⌜⌝⌞⌟↑↓↕⇑⇓⇕∖")


def _drop(reader: Reader, name: str) -> Row:
    """A command that says nothing in text, and its argument."""
    if name in PHANTOMS:
        reader.argument()
    elif name in DROPPED_WITH_ARGUMENT:
        reader.scanner.skip("*")
        reader.scanner.option()
        reader.scanner.group()
    return ()


def _space(reader: Reader, name: str) -> Row:
    if name == "hspace":
        reader.scanner.skip("*")
        reader.scanner.group()
    return (Space(SPACES[name]),)


def _text(reader: Reader, _: str) -> Row:
    return as_words(reader.scanner.words())


def _operator(reader: Reader, _: str) -> Row:
    limits = reader.scanner.skip("*")
    name = clean(words(_BLANKS.sub("", reader.scanner.group()))).strip()
    if not name:
        raise UnreadableError
    return (Word(name, limits=limits or name in LIMITED),)


def _font(reader: Reader, name: str) -> Row:
    kept, reader.font = reader.font, FONTS[name]
    found = reader.argument()
    reader.font = kept
    return found


def _switch(reader: Reader, name: str) -> Row:
    reader.font = SWITCHES[name]
    return ()


def _fraction(reader: Reader, _: str) -> Row:
    return (Fraction(reader.argument(), reader.argument()),)


def _binomial(reader: Reader, _: str) -> Row:
    return over(reader.argument(), reader.argument(), bar=False)


def _root(reader: Reader, _: str) -> Row:
    index = reader.option()
    return (Root(reader.argument(), index or None),)


def _accent(reader: Reader, name: str) -> Row:
    return (Accent(*ACCENTS[name], reader.argument()),)


def _brace(reader: Reader, name: str) -> Row:
    return (Brace(reader.argument(), over=_BRACES[name]),)


def _kept(reader: Reader, _: str) -> Row:
    return reader.argument()


def _coloured(reader: Reader, _: str) -> Row:
    reader.scanner.group()
    return reader.argument()


def _classed(reader: Reader, name: str) -> Row:
    found = reader.argument()
    match found:
        case (Symbol(text),):
            return (Symbol(text, _CLASSES[name]),)
    return found


def _big_operator(reader: Reader, _: str) -> Row:
    found = reader.argument()
    match found:
        case (Symbol(text),):
            return (Symbol(text, Kind.OPERATOR),)
        case (Word() as word,):
            return (replace(word, limits=True),)
    texts = [node.text for node in found if isinstance(node, Symbol | Word)]
    spaces = sum(isinstance(node, Space) for node in found)
    if not texts or len(texts) + spaces != len(found):
        raise UnreadableError
    return (Word(" ".join(texts), limits=True),)


def _stacked(reader: Reader, name: str) -> Row:
    """Something with something else over or under it."""
    script = reader.argument()
    base = as_base(reader.argument())
    below = script if name == "underset" else None
    above = None if name == "underset" else script
    if isinstance(base, Scripted) and base.limits and not base.primes:
        below, above = below or base.below, above or base.above
        base = base.base
    return (Scripted(base, below, above, limits=True),) if below or above else (base,)


def _arrow(reader: Reader, name: str) -> Row:
    below, above = reader.option(), reader.argument()
    sign = Symbol(_ARROWS[name], Kind.RELATION)
    return (Scripted(sign, below or None, above or None, limits=True),)


def _negated(reader: Reader, _: str) -> Row:
    match reader.argument():
        case (Symbol(text, kind),) if len(text) == 1:
            return (Symbol(unicodedata.normalize("NFC", f"{text}\u0338"), kind),)
    raise UnreadableError


def _delimited(reader: Reader, _: str) -> Row:
    opening = _delimiter(reader).text
    body = reader.row()
    if not reader.scanner.skip(r"\right"):
        raise UnreadableError
    closing = _delimiter(reader).text
    return (Bracket(opening, closing, body),)


def _middle(reader: Reader, _: str) -> Row:
    sign = _delimiter(reader)
    if sign.text == "‖":
        return (replace(sign, kind=Kind.RELATION),)
    return (replace(sign, kind=Kind.SLASH),)


def _sized(reader: Reader, name: str) -> Row:
    sign = _delimiter(reader)
    return (replace(sign, kind=_SIDED[name] or sign.kind),)


def _tag(reader: Reader, _: str) -> Row:
    plain = reader.scanner.skip("*")
    label = reader.scanner.words()
    reader.set_tag(label if plain else f"({label})")
    return ()


def _environment(reader: Reader, _: str) -> Row:
    return read_environment(reader)


def _substack(reader: Reader, _: str) -> Row:
    if not reader.scanner.skip("{"):
        raise UnreadableError
    found = read_rows(reader)
    if not reader.scanner.skip("}"):
        raise UnreadableError
    return found


def _modulo(reader: Reader, _: str) -> Row:
    return (Space(1), Bracket("(", ")", (Word("mod"), *reader.argument())))


def _delimiter(reader: Reader) -> Symbol:
    lexeme = reader.scanner.take()
    if lexeme == ".":
        return Symbol("", Kind.PLAIN)
    if lexeme == r"\|":
        return NORM
    lexeme = {"<": "langle", ">": "rangle"}.get(lexeme, lexeme.removeprefix("\\"))
    found = SYMBOLS.get(lexeme)
    if found is None or found.text not in _DELIMITERS:
        raise UnreadableError
    return found


_Handler = Callable[[Reader, str], Row]
HANDLERS: Final[dict[str, _Handler]] = {
    **dict.fromkeys([*DROPPED, *DROPPED_WITH_ARGUMENT, *PHANTOMS], _drop),
    **dict.fromkeys(SPACES, _space),
    **dict.fromkeys(_TEXT_NAMES.split(), _text),
    **dict.fromkeys(["operatorname", "operatornamewithlimits"], _operator),
    **dict.fromkeys(FONTS, _font),
    **dict.fromkeys(SWITCHES, _switch),
    **dict.fromkeys(["frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"], _fraction),
    **dict.fromkeys(["binom", "dbinom", "tbinom"], _binomial),
    **dict.fromkeys(ACCENTS, _accent),
    **dict.fromkeys(_BRACES, _brace),
    **dict.fromkeys(_KEPT_NAMES.split(), _kept),
    **dict.fromkeys(["textcolor", "colorbox"], _coloured),
    **dict.fromkeys(_CLASSES, _classed),
    **dict.fromkeys(["underset", "overset", "stackrel"], _stacked),
    **dict.fromkeys(_ARROWS, _arrow),
    **dict.fromkeys(_SIDED, _sized),
    "sqrt": _root,
    "mathop": _big_operator,
    "not": _negated,
    "left": _delimited,
    "middle": _middle,
    "tag": _tag,
    "begin": _environment,
    "substack": _substack,
    "pmod": _modulo,
}
