"""Reads the one-line form of a formula back into a tree, for the tests alone.

Written from the rules, not from the code that writes the form. A tree is a tuple of nodes, a node
a tuple with its kind first. Brackets that a fraction or a root puts around a side are not told from
those the author wrote: `normal` takes both off.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

Tree = tuple[Any, ...]

LOWERED = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+−=()aehijklmnoprstuvx", strict=True)
)
RAISED = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
        "0123456789+−=()abcdefghijklmnoprstuvwxyzT",
        strict=True,
    )
)
NAMES = ("log", "exp", "max", "softmax", "hat")
OPERATORS = "+−·×"
RELATIONS = "=≥∼≻|∈→"
BIG = "∑∏"
BRACKETS = {"(": ")", "[": "]", "{": "}"}
CLOSING = ")]}"


def read_line(text: str) -> Tree:
    """The tree of a line."""
    reader = _Reader(text)
    found = reader.row("")
    assert reader.at == len(text), f"left over: {text[reader.at :]}"
    return normal(found)


def normal(row: Tree) -> Tree:
    """A tree without the brackets that mean nothing but where a part ends."""
    return tuple(_normal(node) for node in row)


def _normal(node: Tree) -> Tree:
    match node:
        case ("frac" | "root", *sides):
            return (node[0], *map(_side, sides))
        case ("paren", "(", (("frac", *_) as fraction,)):
            return _normal(fraction)
        case ("paren", opening, body):
            return ("paren", opening, normal(body))
        case ("scr", base, primes, below, above):
            return ("scr", _normal(base), primes, _script(below), _script(above))
        case ("acc", body):
            return ("acc", normal(body))
    return node


def _side(row: Tree) -> Tree:
    found = normal(row)
    while len(found) == 1 and found[0][:2] == ("paren", "("):
        found = normal(found[0][2])
    return found


def _script(row: Tree | None) -> Tree | None:
    return None if row is None else normal(row)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def row(self, closing: str) -> Tree:
        found: list[Tree] = []
        while (char := self._next()) and char != closing:
            if char == " ":
                self.at += 1
            elif char == "/":
                self.at += 1
                side = self._last_factor(found)
                found.append(("frac", side, self._factor()))
            elif char in OPERATORS or char in RELATIONS or char == ",":
                self.at += 1
                found.append(("op", char))
            else:
                found.append(self._scripted(self._nucleus()))
        return tuple(found)

    def _last_factor(self, found: list[Tree]) -> Tree:
        last = found.pop()
        if _is_bracket(last) and found and _may_be_applied(found[-1]):
            return (found.pop(), last)
        return (last,)

    def _factor(self) -> Tree:
        first = self._scripted(self._nucleus())
        if _may_be_applied(first) and self._next() in BRACKETS:
            return (first, self._scripted(self._nucleus()))
        return (first,)

    def _nucleus(self) -> Tree:
        char = self._next()
        if char == "√":
            self.at += 1
            return ("root", self._factor())
        if char in BRACKETS:
            self.at += 1
            body = self.row(BRACKETS[char])
            assert self._next() == BRACKETS[char]
            self.at += 1
            return ("paren", char, body)
        if char.isdecimal():
            return ("num", self._run(str.isdecimal))
        if char in BIG:
            self.at += 1
            return ("big", char)
        return self._letter()

    def _letter(self) -> Tree:
        for name in NAMES:
            end = self.at + len(name)
            alone = not self.text[end : end + 1].isalpha() or self.text[end] in (LOWERED | RAISED)
            if self.text.startswith(name, self.at) and alone:
                self.at = end
                if name == "hat":
                    return ("acc", self._nucleus()[2])
                return ("name", name)
        base, *marks = list(unicodedata.normalize("NFD", self._next()))
        assert base.isalpha(), f"no letter: {self.text[self.at :]}"
        self.at += 1
        if self._next() == "\u0302":
            self.at += 1
            marks.append("\u0302")
        return ("acc", (("sym", base),)) if marks else ("sym", base)

    def _scripted(self, base: Tree) -> Tree:
        if base[0] == "root":
            return base
        primes = len(self._run(lambda char: char == "′"))
        below = self._small(LOWERED) or self._written("_")
        above = self._small(RAISED) or self._written("^")
        if not primes and below is None and above is None:
            return base
        return ("scr", base, primes, below, above)

    def _small(self, shapes: dict[str, str]) -> Tree | None:
        run = self._run(lambda char: char in shapes)
        return _Reader("".join(shapes[char] for char in run)).row("") if run else None

    def _written(self, sign: str) -> Tree | None:
        if self._next() != sign:
            return None
        self.at += 1
        if self._next() == "{":
            self.at += 1
            found = self.row("}")
            assert self._next() == "}"
            self.at += 1
            return found
        run = self._run(_belongs_to_run)
        if not run:
            run = self._next()
            self.at += 1
        return _Reader(run).row("")

    def _run(self, belongs: Callable[[str], bool]) -> str:
        start = self.at
        while self._next() and belongs(self._next()):
            self.at += 1
        return self.text[start : self.at]


def _belongs_to_run(char: str) -> bool:
    small = char in LOWERED or char in RAISED
    return bool(unicodedata.combining(char)) or (char.isalnum() and not small)


def _is_bracket(node: Tree) -> bool:
    return "paren" in (node[0], node[1][0] if node[0] == "scr" else "")


def _may_be_applied(node: Tree) -> bool:
    inner = node[1] if node[0] == "scr" else node
    return str(inner[0]) in ("sym", "name", "acc")
