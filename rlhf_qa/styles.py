"""Which headings of a note are questions, and whether any are.

Knows the shape of a deck and of a page by measure; what an answer is made of is parts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rlhf_qa import headings, parts
from rlhf_qa.model import Style

if TYPE_CHECKING:
    from rlhf_qa.outline import Node, Outline

_QUOTE_SHARE: Final = 0.4
"""Of all headings with content: those that begin with a quote."""
_QUOTES_ENOUGH: Final = 3
_ASKING_SHARE: Final = 0.5
"""Of the headings that begin with a quote: those that read as questions. In hand-counted notes
decks have 0.8 and more, prose that opens with quotes a third and less."""


def recognise(outline: Outline) -> Style:
    """The style a note shows by its shape. In doubt it is a page: no cards rather than junk."""
    headed = [n for n in outline.nodes if n is not outline.title and not n.excluded]
    filled = [n for n in headed if _has_content(n)]
    quoted = [n for n in filled if parts.begins_with_quote(n.own)]
    asking = sum(headings.asks(n.bare) for n in quoted)
    enough = len(quoted) >= _QUOTES_ENOUGH or len(quoted) == len(filled)
    is_tree = (
        bool(quoted)
        and enough
        and len(quoted) >= _QUOTE_SHARE * len(filled)
        and asking >= _ASKING_SHARE * len(quoted)
    )
    return Style.TREE if is_tree else Style.NONE


def is_question(node: Node, outline: Outline) -> bool:
    """Whether a heading of a `tree` document is a question.

    It is if it reads as one, has content of its own, or has nothing below it; a category only
    if it reads as one.
    """
    if node is outline.title or node.excluded or not node.bare.text:
        return False
    if headings.asks(node.bare):
        return True
    return not headings.is_category(node.bare.marker) and (
        _has_content(node) or not node.has_children
    )


def _has_content(node: Node) -> bool:
    return any(not parts.is_inert(block) for block in node.own)
