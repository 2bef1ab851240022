"""Text from notes as HTML that says the same and does nothing.

The one place where characters of a note become characters of a field. Knows what Anki and its
formula library look for in a field; knows no Markdown.
"""

from __future__ import annotations

import re
from html import escape

from rlhf_qa.render.sanitize import clean, clean_block

_DELIMITER = re.compile(r"\\(?=[()\[\]]|begin\{)")
_DOING = re.compile(r"\[(?=/?(?:sound:|anki:|latex\]|\$\$?\]))", re.IGNORECASE)


def prose(text: str) -> str:
    r"""Text between tags. A literal `\(` begins no formula: an empty element stands inside."""
    return _DELIMITER.sub(lambda _: "\\<span></span>", escape(clean(text), quote=False))


def verbatim(text: str) -> str:
    """Text inside `<code>` and of formulas, with its line feeds."""
    return escape(clean_block(text), quote=False)


def attribute(text: str) -> str:
    """The value of an attribute, to be put between double quotes."""
    return escape(clean(text))


def seal(html: str) -> str:
    """A finished field: what would play a sound, speak or run LaTeX is only text.

    Over the whole field, since Anki looks through tags and code alike.
    """
    return _DOING.sub("&#91;", html)
