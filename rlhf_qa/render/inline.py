"""From the inline part of a block to spans: roles, link numbers, breaks and raw tags.

Knows no widths: what comes out is wrapped by wrap.py. A line feed in a span ends a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from rlhf_qa.links import host
from rlhf_qa.messages import tr
from rlhf_qa.render.breaking import is_chinese
from rlhf_qa.render.lines import Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.syntax import Inline, SpanKind

_ROLES = {
    SpanKind.STRONG: Role.STRONG,
    SpanKind.EMPHASIS: Role.EMPHASIS,
    SpanKind.STRIKE: Role.STRIKE,
    SpanKind.CODE: Role.CODE,
    SpanKind.LINK: Role.LINK,
}
_TAG = re.compile(r"<\s*(?P<close>/?)\s*(?P<name>[A-Za-z][A-Za-z0-9]*)")
_FOOTNOTE = re.compile(r"(\[\^[^\]\s]+\])")
_SCRIPTS: Final = {
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
    "sup": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
}
_STRAY_BOLD = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")
_SCRIPT_SIGNS = {"sub": "_", "sup": "^"}


class Links:
    """The numbers of the links of one screen, in order; one target has one number."""

    def __init__(self, first: int) -> None:
        self._first = first
        self.targets: list[str] = []

    def number(self, target: str) -> int:
        if target not in self.targets[-_REMEMBERED:]:
            self.targets.append(target)
            return self._first + len(self.targets) - 1
        return self._first + len(self.targets) - 1 - self.targets[::-1].index(target)


_REMEMBERED = 200
"""Targets compared with: looking through all would make a page of links quadratic."""


def spans(
    inline: Iterable[Inline], role: Role, links: Links, *, convert: bool = True
) -> tuple[Span, ...]:
    """The spans of a block's text; plain text takes the role.

    `convert`: formulas become text where that is possible, else they are shown as LaTeX.
    """
    return _Inline(links, convert=convert).read(tuple(inline), role, None)


def formula(source: str, *, convert: bool = True) -> list[Span]:
    """A formula as spans, each of which holds together; blanks where it may be broken.

    One that nobody understands is its source, dimmed, and broken at its blanks.
    """
    from rlhf_qa.render import formula as formulas  # noqa: PLC0415 -- as in blocks.py

    pieces = formulas.pieces(source) if convert else None
    if pieces is None:
        role = Role.DIM if convert else Role.FORMULA
        words = re.split(r"( +)", clean(source).strip())
        return [Span(SafeText(word), role, whole=True) for word in words if word]
    return [
        Span(SafeText(text), Role.FORMULA)
        for piece in pieces
        for text in (piece.rstrip(" "), piece[len(piece.rstrip(" ")) :])
        if text
    ]


def strong_parts(text: str) -> Iterator[tuple[str, bool]]:
    """Text in parts, each with whether it is bold although Markdown did not take it for bold."""
    at = 0
    for marked in _STRAY_BOLD.finditer(text):
        if _is_meant(marked):
            yield text[at : marked.start()], False
            yield marked[1], True
            at = marked.end()
    yield text[at:], False


def _is_meant(marked: re.Match[str]) -> bool:
    """Whether stars are bold that stands against a Chinese character or sign.

    CommonMark wants a blank or a sign there: `**one：**two` is bold to whoever writes it.
    """
    around = marked.string[max(marked.start() - 1, 0) : marked.end() + 1]
    edges = (marked[1][0], marked[1][-1])
    return any(map(is_chinese, around)) and not all(char.isalnum() for char in edges)


class _Inline:
    def __init__(self, links: Links, *, convert: bool) -> None:
        self._links = links
        self._convert = convert
        self._out: list[Span] = []
        self._scripts: list[tuple[str, int]] = []

    def read(self, inline: tuple[Inline, ...], role: Role, target: int | None) -> tuple[Span, ...]:
        for at, span in enumerate(inline):
            if span.kind is SpanKind.SOFT_BREAK:
                self._soft_break(inline[at + 1 :], role, target)
            else:
                self._span(span, role, target)
        return tuple(self._out)

    def _span(self, span: Inline, role: Role, target: int | None) -> None:
        match span.kind:
            case SpanKind.TEXT:
                self._text(span.text, role, target)
            case SpanKind.CODE:
                inner = Role.LINK if role is Role.LINK else Role.CODE
                self._add(clean(span.text), inner, target)
            case SpanKind.FORMULA:
                self._out += formula(span.text, convert=self._convert)
            case SpanKind.HARD_BREAK:
                self._add(SafeText("\n"), role, None)
            case SpanKind.HTML:
                self._tag(span.text, role, target)
            case SpanKind.IMAGE:
                self._image(span, role, target)
            case SpanKind.LINK:
                self._link(span)
            case _:
                inner = role if role is Role.LINK else _ROLES[span.kind]
                self.read(span.children, inner, target)

    def _add(self, text: SafeText, role: Role, target: int | None) -> None:
        if text:
            self._out.append(Span(text, role, target))

    def _text(self, text: str, role: Role, target: int | None) -> None:
        for number, piece in enumerate(_FOOTNOTE.split(clean(text))):
            if number % 2:
                self._add(SafeText(piece), Role.REFERENCE, target)
            else:
                self._words(piece, role, target)

    def _words(self, text: str, role: Role, target: int | None) -> None:
        """Text in which bold that Markdown did not take for bold is bold all the same."""
        bold = role if role is Role.LINK else Role.STRONG
        for part, strong in strong_parts(text):
            self._add(SafeText(part), bold if strong else role, target)

    def _soft_break(self, rest: tuple[Inline, ...], role: Role, target: int | None) -> None:
        """The end of a line in the source: a blank, but none between Chinese characters."""
        before = self._out[-1].text[-1:] if self._out else ""
        after = rest[0].text[:1] if rest and rest[0].kind is SpanKind.TEXT else ""
        if before and after and is_chinese(before) and is_chinese(after):
            return
        self._add(SafeText(" "), role, target)

    def _link(self, span: Inline) -> None:
        number = self._links.number(span.target)
        before = len(self._out)
        self.read(span.children, Role.LINK, number)
        if len(self._out) == before:
            self._add(clean(span.target), Role.LINK, number)
        self._add(SafeText(" "), Role.TEXT, None)
        self._add(SafeText(f"[{number}]"), Role.REFERENCE, number)

    def _image(self, span: Inline, role: Role, target: int | None) -> None:
        place = host(span.target) if "://" in span.target else span.target
        image = tr("[image: {text}]", text=span.text)
        self._add(clean(f"{image} {place}"), role, target)

    def _tag(self, source: str, role: Role, target: int | None) -> None:
        """The few tags that mean something in a line; the others and comments vanish."""
        tag = _TAG.match(source)
        if tag is None:
            return
        name = tag["name"].casefold()
        if name == "br":
            self._add(SafeText("\n"), role, None)
        elif name == "kbd":
            self._add(SafeText("]" if tag["close"] else "["), role, target)
        elif name in _SCRIPTS and not tag["close"]:
            self._scripts.append((name, len(self._out)))
        elif self._scripts and self._scripts[-1][0] == name:
            self._script(*self._scripts.pop())

    def _script(self, name: str, start: int) -> None:
        """What was said since `<sub>` or `<sup>`, small if all of it can be."""
        inner = "".join(span.text for span in self._out[start:])
        small = inner.translate(_SCRIPTS[name])
        if not inner:
            return
        role, target = self._out[start].role, self._out[start].target
        if any(a == b for a, b in zip(inner, small, strict=True)):
            sign = _SCRIPT_SIGNS[name]
            small = f"{sign}{inner}" if inner.isalnum() else f"{sign}({inner})"
        self._out[start:] = [Span(SafeText(small), role, target)]
