"""Any text is shown, any formula can be read back, and no row is ever too wide."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rlhf_qa.render.formula import display, one_line, pieces
from rlhf_qa.render.latex.box import Drawer
from rlhf_qa.render.latex.grid import width_of
from rlhf_qa.render.latex.line import Writer
from rlhf_qa.render.latex.reader import DEEPEST, LONGEST, read
from rlhf_qa.render.sanitize import clean, clean_block
from tests.formula_reader import Tree, normal, read_line

LATEX = {
    "π": r"\pi ",
    "θ": r"\theta ",
    "𝒟": r"\mathcal{D}",
    "−": "-",
    "·": r"\cdot ",
    "×": r"\times ",
    "≥": r"\ge ",
    "∼": r"\sim ",
    "≻": r"\succ ",
    "∈": r"\in ",
    "→": r"\to ",
    "|": r"\mid ",
    "∑": r"\sum ",
    "∏": r"\prod ",
    "{": r"\{",
    "}": r"\}",
}
COMMANDS = {"frac": r"\frac", "root": r"\sqrt", "acc": r"\hat"}
CLOSING = {"(": ")", "[": "]", "{": "}"}


def latex(row: Tree) -> str:
    return " ".join(_latex(node) for node in row)


def _latex(node: Tree) -> str:
    match node:
        case ("frac" | "root" | "acc" as kind, *rows):
            return COMMANDS[kind] + "".join(f"{{{latex(row)}}}" for row in rows)
        case ("paren", opening, body):
            closing = CLOSING[opening]
            return f"{LATEX.get(opening, opening)}{latex(body)}{LATEX.get(closing, closing)}"
        case ("scr", base, primes, below, above):
            scripts = "" if below is None else f"_{{{latex(below)}}}"
            scripts += "" if above is None else f"^{{{latex(above)}}}"
            return f"{_latex(base)}{chr(39) * primes}{scripts}"
        case ("num", text):
            return f"{{{text}}}"
        case ("name", name):
            return rf"\operatorname{{{name}}}" if name == "softmax" else rf"\{name} "
    sign = str(node[1])
    return LATEX.get(sign, sign)


SYMBOLS = [("sym", char) for char in "abxyijkTPπθ𝒟"]
NUMBERS = [("num", text) for text in ("0", "1", "2", "10", "25")]
SIGNS = [("op", char) for char in "+−·=≥∼|,"]
LEADING = [("name", "log"), ("name", "softmax"), ("big", "∑")]
KINDS = ("leaf", "leaf", "leaf", "scr", "scr", "frac", "root", "paren", "hat", "hats", "limits")


@dataclass(frozen=True)
class Maker:
    """Makes formulas by chance: ten times as fast as drawing each part from hypothesis."""

    chance: Random

    def row(self, depth: int) -> Tree:
        """Terms with operators between; what begins one is not missing what it applies to."""
        found: list[Tree] = [("op", "−")] if self.one_in(4) else []
        for number in range(self.chance.randint(1, 3)):
            found += [self.chance.choice(SIGNS)] if number else []
            found += [self.chance.choice(LEADING)] if self.one_in(3) else []
            found += [self.node(depth) for _ in range(self.chance.randint(1, 2))]
        return tuple(found)

    def node(self, depth: int) -> Tree:
        kind = self.chance.choice(KINDS) if depth else "leaf"
        below = depth - 1
        match kind:
            case "scr":
                found = self.scripted(below)
            case "limits":
                above = self.row(below) if self.one_in(2) else None
                found = ("scr", ("big", "∑"), 0, self.row(below), above)
            case "frac":
                found = ("frac", self.row(below), self.row(below))
            case "root":
                found = ("root", self.row(below))
            case "paren":
                found = self.paren(below)
            case "hat":
                found = self.hat()
            case "hats":
                found = ("acc", (self.chance.choice(SYMBOLS), self.chance.choice(SYMBOLS)))
            case _:
                found = self.leaf()
        return found

    def scripted(self, depth: int) -> Tree:
        base = self.chance.choice([self.leaf(), self.hat(), self.paren(depth)])
        both = self.chance.choice([(True, False), (False, True), (True, True)])
        scripts = (self.row(depth) if given else None for given in both)
        return ("scr", base, self.chance.choice([0, 0, 1, 2]), *scripts)

    def leaf(self) -> Tree:
        return self.chance.choice([*SYMBOLS, *NUMBERS])

    def hat(self) -> Tree:
        return ("acc", (self.chance.choice(SYMBOLS),))

    def paren(self, depth: int) -> Tree:
        return ("paren", self.chance.choice("([{"), self.row(max(depth, 0)))

    def one_in(self, many: int) -> bool:
        return self.chance.randrange(many) == 0


def made(seed: int, depth: int) -> Tree:
    return Maker(Random(seed)).row(depth)  # noqa: S311 -- nothing secret


FORMULAS = st.builds(made, st.integers(0, 2**32), st.integers(0, 3))


@given(FORMULAS)
@settings(max_examples=300, deadline=None)
def test_reading_the_line_back_gives_the_same_tree(row: Tree) -> None:
    line = one_line(latex(row))
    assert line is not None
    assert read_line(line) == normal(row), line


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("s_{t+1}", "s_t+1"),
        ("x^{ab}", "x^ab"),
        ("p_\\theta^2", "p_{\\theta^2}"),
        (r"\frac{a}{b+c}", r"\frac{a}{b}+c"),
        (r"\frac{1}{a}b", r"\frac{1}{ab}"),
        (r"\log\frac{a}{b}", r"\frac{\log a}{b}"),
        (r"\sqrt{a}b", r"\sqrt{ab}"),
        (r"\sqrt{x}^2", r"\sqrt{x^2}"),
        (r"\hat{ab}", r"\hat{a}b"),
        ("{ab}^2", "ab^2"),
        ("x_{K}L", "x_{KL}"),
        ("x_{K}1", "x_{K1}"),
        ("{x_i}^2", "x_i^2"),
        ("a^{b^c}", "{a^b}^c"),
        (r"a\sqrt[3]{x}", r"a^3\sqrt{x}"),
        ("{}^2x", "^{2x}"),
        (r"\frac{\sqrt a}{b}", r"\sqrt{\frac ab}"),
        (r"-\frac{a}{b}", r"\frac{-a}{b}"),
    ],
)
def test_formulas_that_differ_are_told_apart(one: str, other: str) -> None:
    assert one_line(one) is not None
    assert one_line(one) != one_line(other) is not None


WIDTHS = st.integers(20, 120)


@given(FORMULAS, WIDTHS)
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_and_nothing_too_wide(row: Tree, width: int) -> None:
    source = latex(row)
    line = one_line(source)
    assert line is not None
    assert "\\" not in line
    assert "".join(pieces(source) or ()) == line
    flat, tall = display(source, width, tall=False), display(source, width, tall=True)
    assert all(width_of(text) <= width for text in (*flat, *tall))
    assert "".join("".join(flat).split()) == "".join(line.split())
    assert _letters("".join(tall)) == _letters(line)


def _letters(text: str) -> Counter[str]:
    return Counter(char for char in text if char.isalnum())


@given(FORMULAS)
@settings(max_examples=100, deadline=None)
def test_rows_of_a_box_measure_the_same(row: Tree) -> None:
    tree = read(latex(row))
    assert tree is not None
    box = Drawer(Writer(tree)).row(tree)
    assert {width_of(text) for text in box.rows} == {box.width}
    assert 0 <= box.base < len(box.rows)


def _without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


TOKENS = r"""
\frac \sqrt \left( \right) \begin{aligned} \end{aligned} \begin{cases} \end{cases} \text{ \hat \sum
\limits _ ^ ' { } & \\ \\[ | \| [ ] ( ) \middle| \left. \right| \not \underbrace \underset
\xrightarrow \operatorname* \mathrm \bf \over \tag{1} \color{red} \substack \mathop \big| \binom
\quad \, x y 12 0.5 = - + , \foo \pmod 奖励 $ % ~ \alpha
"""
PARTS = st.sampled_from(TOKENS.split())


@given(st.lists(PARTS | st.text(max_size=4), max_size=14).map("".join), WIDTHS)
@settings(max_examples=300, deadline=None)
@example("\\text{\u202e\x1b[31m}", 20)
@example("\\text{👩\u200d🔬} \\frac{\\text{👩\u200d}}{\\text{🔬}}", 20)
def test_any_text_is_shown_in_the_width(source: str, width: int) -> None:
    line = one_line(source)
    for tall in (False, True):
        rows = display(source, width, tall=tall)
        assert all(width_of(row) <= width for row in rows)
        for row in rows:
            assert clean(row) == row
            assert line is None or "\\" not in row
    if line is None:
        assert pieces(source) is None
        assert _without_blanks("".join(rows)) == _without_blanks(clean_block(source))
    else:
        assert "".join(pieces(source) or ()) == line == clean(line)


HOSTILE: dict[str, Any] = {
    "braces": "{" * 4000,
    "brackets": "(" * 4000,
    "left": r"\left(" * 600,
    "fractions": r"\frac" * 800,
    "scripts": "x^{" * 1300,
    "accents": r"\hat" * 1000,
    "roots": r"\sqrt" * 800,
    "over": r"a\over " * 500,
    "environments": r"\begin{aligned}" * 200,
    "options": r"\sqrt[" * 600,
    "bars": "|x" * 2000,
    "norms": r"\|x" * 1300,
    "primes": "'" * 4000,
    "signs": "-" * 4000,
    "rows": r"\\" * 2000,
    "sums": r"\sum_i" * 600,
    "letters": "x" * LONGEST,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sources_are_shown(name: str) -> None:
    for width in (20, 120):
        assert all(width_of(row) <= width for row in display(HOSTILE[name], width, tall=True))


def test_a_formula_may_be_so_deep_and_so_long() -> None:
    deep = DEEPEST - 1
    for opening, closing in [("{", "}"), ("(", ")"), ("x^{", "}"), (r"\frac{1}{", "}")]:
        assert one_line(opening * deep + "x" + closing * deep) is not None
        assert one_line(opening * DEEPEST + "x" + closing * DEEPEST) is None
        assert display(opening * deep + "x" + closing * deep, 40, tall=True)
    mixed = "({" * (DEEPEST // 2) + "x" + "})" * (DEEPEST // 2)
    assert one_line(mixed) is None
    assert one_line("x" * LONGEST) is not None
    assert one_line("x" * (LONGEST + 1)) is None
