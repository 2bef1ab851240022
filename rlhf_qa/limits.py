"""The limits of what is read, in one place. Every message of refusal names its figure."""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

FILE_BYTES: Final = 5 * MIB
"""A content file; measured before reading."""

METADATA_BYTES: Final = 64 * 1024
"""Front matter, an info comment, a card comment."""

QUESTIONS_PER_FILE: Final = 20_000

NESTING: Final = 200
"""Depth of Markdown blocks. The Markdown library's own default, 20, drops deeper text silently."""

NESTING_DOUBT: Final = 20
"""Deeper than this is read, and reported: it is rarely meant."""

FILES_PER_ROOT: Final = 50_000

LINKS_SHOWN: Final = 50
"""Links listed under one question."""

SECTION_BYTES: Final = 64 * 1024
"""Source of one deep-dive section shown at a time."""

CODE_LINES: Final = 2_000
CODE_CHARACTERS: Final = 64 * 1024
"""A code block beyond either is shown plain: finding out its words takes too long."""

PICTURE_BYTES: Final = 10 * MIB
"""A picture that goes into an export."""

FOLDED_CHARACTERS: Final = 20_000
"""HTML of one deep-dive section inside an exported card."""

WIDTH_MIN: Final = 20
WIDTH_MAX: Final = 400
"""Terminal columns that are used, whatever the terminal claims."""
