"""Blocks of Markdown as HTML that is built from them, never passed through.

Knows how each block and span looks in a field. Where a link leads and which picture may come
along is asked of its surroundings; what is dangerous in a text is escape.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol

from rlhf_qa.export.escape import prose, verbatim
from rlhf_qa.export.tags import Tags
from rlhf_qa.export.tex import formula
from rlhf_qa.render.breaking import is_chinese
from rlhf_qa.render.inline import strong_parts
from rlhf_qa.render.lines import Role
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text

_WRAPPED: Final = {
    SpanKind.EMPHASIS: "em",
    SpanKind.STRONG: "strong",
    SpanKind.STRIKE: "s",
}
_COLOURS: Final = {
    # Readable on white and on the dark grey of the night mode.
    Role.CODE_COMMENT: "#7a8288",
    Role.CODE_KEYWORD: "#b0609f",
    Role.CODE_NAME: "#3a86c8",
    Role.CODE_STRING: "#3d9150",
    Role.CODE_NUMBER: "#c07428",
}
_LOWEST: Final = 6
_ALIGNED: Final = frozenset({"left", "center", "right"})


class Surroundings(Protocol):
    """What a text in a note cannot say by itself."""

    def link(self, span: Inline, text: str) -> str:
        """A link, given its text as HTML."""

    def image(self, span: Inline) -> str:
        """An image."""

    def dropped(self, commands: Iterable[str], line: int) -> None:
        """Commands of a formula were left out."""


class Writer:
    """Writes blocks in their surroundings."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._line = 0

    def blocks(self, blocks: Iterable[Block]) -> str:
        """The HTML of blocks, one after the other."""
        return "".join(map(self.block, blocks))

    def block(self, block: Block) -> str:
        """The HTML of one block."""
        self._line = block.first
        write = {
            BlockKind.PARAGRAPH: self._paragraph,
            BlockKind.HEADING: self._heading,
            BlockKind.BULLETS: self._list,
            BlockKind.NUMBERS: self._list,
            BlockKind.CODE: _code,
            BlockKind.FORMULA: self._display,
            BlockKind.RULE: _rule,
            BlockKind.HTML: _html,
            BlockKind.DETAILS: self._details,
            BlockKind.TABLE: self._table,
            BlockKind.QUOTE: self._quote,
        }.get(block.kind)
        return write(block) if write else self.blocks(block.children)

    def inline(self, spans: Sequence[Inline]) -> str:
        """The HTML of the text of a block."""
        tags = Tags()
        out = "".join(self._span(span, tags) for span in _joined(spans))
        return out + tags.close()

    def _span(self, span: Inline, tags: Tags) -> str:
        match span.kind:
            case SpanKind.FORMULA:
                return self._formula(span.text, display=span.display)
            case SpanKind.HTML:
                return tags.read(span.text)
            case SpanKind.IMAGE:
                return self._around.image(span)
            case SpanKind.LINK:
                return self._around.link(span, self.inline(span.children))
            case SpanKind.EMPHASIS | SpanKind.STRONG | SpanKind.STRIKE:
                name = _WRAPPED[span.kind]
                return f"<{name}>{self.inline(span.children)}</{name}>"
            case _:
                return _plain(span)

    def _paragraph(self, block: Block) -> str:
        inner = self.inline(block.inline)
        return f"<p>{inner}</p>" if inner.strip() else ""

    def _heading(self, block: Block) -> str:
        level = min(block.number + 2, _LOWEST)
        return f"<h{level}>{self.inline(block.inline)}</h{level}>"

    def _display(self, block: Block) -> str:
        return f"<p>{self._formula(block.text, display=True)}</p>"

    def _quote(self, block: Block) -> str:
        return f"<blockquote>{self.blocks(block.children)}</blockquote>"

    def _formula(self, source: str, *, display: bool) -> str:
        made = formula(source, display=display)
        if made.dropped:
            self._around.dropped(made.dropped, self._line)
        return made.html

    def _list(self, block: Block) -> str:
        items = "".join(self._item(item, tight=block.tight) for item in block.children)
        if block.kind is BlockKind.BULLETS:
            return f"<ul>{items}</ul>"
        start = "" if block.number == 1 else f' start="{block.number}"'
        return f"<ol{start}>{items}</ol>"

    def _item(self, item: Block, *, tight: bool) -> str:
        box = {True: "☑ ", False: "☐ ", None: ""}[item.checked]
        inner = "".join(
            self.inline(child.inline)
            if tight and child.kind is BlockKind.PARAGRAPH
            else self.block(child)
            for child in item.children
        )
        return f"<li>{box}{inner}</li>"

    def _details(self, block: Block) -> str:
        # The summary is kept plain; what it says is Markdown all the same.
        from rlhf_qa.markdown import parse  # noqa: PLC0415 -- most cards fold nothing

        read = parse(block.text)
        plain = len(read) == 1 and read[0].kind is BlockKind.PARAGRAPH
        title = self.inline(read[0].inline) if plain else prose(block.text)
        return folded(title, self.blocks(block.children))

    def _table(self, block: Block) -> str:
        head, *rows = block.children
        body = "".join(self._row(row, "td") for row in rows)
        return f"<table><thead>{self._row(head, 'th')}</thead><tbody>{body}</tbody></table>"

    def _row(self, row: Block, name: str) -> str:
        cells = (
            f"<{name}{_alignment(cell)}>{self.inline(cell.inline)}</{name}>"
            for cell in row.children
        )
        return f"<tr>{''.join(cells)}</tr>"


def folded(title: str, inner: str, *, opened: bool = False) -> str:
    """What unfolds when its title is touched."""
    attribute = " open" if opened else ""
    return f"<details{attribute}><summary>{title}</summary>{inner}</details>"


def without(spans: Sequence[Inline], taken: int) -> tuple[Inline, ...]:
    """The spans without their first `taken` characters: a marker or a number."""
    out: list[Inline] = []
    for span in spans:
        if taken <= 0:
            out.append(span)
        elif span.children:
            inner = without(span.children, taken)
            taken -= _length(span.children)
            out += [replace(span, children=inner)] if inner else []
        else:
            size = _length((span,))
            if span.kind is SpanKind.TEXT and size > taken:
                out.append(replace(span, text=span.text[taken:]))
            taken -= size
    return tuple(out)


def _length(spans: Sequence[Inline]) -> int:
    return len(plain_text(tuple(spans)))


def _alignment(cell: Block) -> str:
    return f' style="text-align:{cell.info}"' if cell.info in _ALIGNED else ""


def _rule(_: Block) -> str:
    return "<hr>"


def _html(block: Block) -> str:
    tags = Tags()
    return tags.read(block.text) + tags.close()


def _plain(span: Inline) -> str:
    match span.kind:
        case SpanKind.CODE:
            return f"<code>{verbatim(span.text)}</code>"
        case SpanKind.HARD_BREAK:
            return "<br>"
        case _:
            return _text(span.text)


def _text(text: str) -> str:
    return "".join(
        f"<strong>{prose(part)}</strong>" if strong else prose(part)
        for part, strong in strong_parts(text)
    )


def _joined(spans: Sequence[Inline]) -> Iterator[Inline]:
    """The spans with text beside text made one, and each end of a source line a blank or nothing.

    What looks like a tag of Anki or a delimiter must be seen whole.
    """
    held = ""
    for at, span in enumerate(spans):
        if span.kind is SpanKind.TEXT:
            held += span.text
        elif span.kind is SpanKind.SOFT_BREAK:
            after = next((s.text for s in spans[at + 1 : at + 2] if s.kind is SpanKind.TEXT), "")
            close = held and after and is_chinese(held[-1]) and is_chinese(after[0])
            held += "" if close else " "
        else:
            if held:
                yield Inline(SpanKind.TEXT, held)
            held = ""
            yield span
    if held:
        yield Inline(SpanKind.TEXT, held)


def _code(block: Block) -> str:
    return f"<pre><code>{_highlighted(block)}</code></pre>"


def _highlighted(block: Block) -> str:
    text = block.text.rstrip("\n")
    if not block.info.strip():
        return verbatim(text)
    # Finds out the kinds of words; it loads a library that cards without code do not need.
    from rlhf_qa.render.code import highlighted  # noqa: PLC0415
    from rlhf_qa.render.sanitize import clean_block  # noqa: PLC0415

    found = highlighted(clean_block(text), block.info)
    if found is None:
        return verbatim(text)
    return "".join(_coloured(span.text, span.role) for span in found)


def _coloured(text: str, role: Role) -> str:
    colour = _COLOURS.get(role)
    words = verbatim(text)
    return f'<span style="color:{colour}">{words}</span>' if colour else words
