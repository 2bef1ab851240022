"""Blocks of code: rows that are continued instead of cut, and the roles of their words.

Knows no Markdown. The library that knows languages is loaded with the first block of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rlhf_qa.limits import CODE_CHARACTERS, CODE_LINES
from rlhf_qa.render.lines import Line, Role, Span, Symbols
from rlhf_qa.render.sanitize import SafeText, clean_block
from rlhf_qa.render.wrap import cells, chop


def code(source: str, language: str, width: int, symbols: Symbols) -> Iterator[Line]:
    """The rows of a block; one that is wider than `width` goes on below, behind a sign."""
    text = clean_block(source).rstrip("\n")
    tokens = highlighted(text, language) if language else None
    for row in _rows(tokens or [Span(SafeText(text), Role.CODE)]):
        yield from _row(row, width, symbols)


def _rows(tokens: list[Span]) -> Iterator[tuple[Span, ...]]:
    row: list[Span] = []
    for token in tokens:
        first, *rest = token.text.split("\n")
        row.append(Span(SafeText(first), token.role))
        for piece in rest:
            yield tuple(span for span in row if span.text)
            row = [Span(SafeText(piece), token.role)]
    yield tuple(span for span in row if span.text)


def _row(row: tuple[Span, ...], width: int, symbols: Symbols) -> Iterator[Line]:
    sign = Span(SafeText(f"{symbols.continued} "), Role.DIM)
    first, *rest = chop(row, width, width - cells(sign.text))
    yield first
    for line in rest:
        yield Line((sign, *line.spans))


def highlighted(text: str, language: str) -> list[Span] | None:
    """Cleaned text in spans by the kind of word, or None where the language is not known."""
    if len(text) > CODE_CHARACTERS or text.count("\n") >= CODE_LINES:
        return None
    # Loaded late: most cards have no code.
    from pygments import lex  # noqa: PLC0415
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415
    from pygments.token import Comment, Keyword, Name, Number, String, Token  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    kinds: tuple[tuple[Any, Role], ...] = (
        (Comment, Role.CODE_COMMENT),
        (Keyword, Role.CODE_KEYWORD),
        (String, Role.CODE_STRING),
        (Number, Role.CODE_NUMBER),
        (Name.Function, Role.CODE_NAME),
        (Name.Class, Role.CODE_NAME),
        (Token, Role.CODE),
    )
    try:
        lexer = get_lexer_by_name(language.split(maxsplit=1)[0], stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    found = [
        Span(SafeText(value), next(role for kind, role in kinds if token in kind))
        for token, value in lex(text, lexer)
    ]
    # A lexer may drop what it does not know; what is shown is what was written.
    return found if "".join(span.text for span in found) == text else None
