"""The notes both faces work on, and how they are read again when a file changes.

Knows no key and no screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rlhf_qa.clock import Clock
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.library import Note
from rlhf_qa.memory import CardId
from rlhf_qa.render.blocks import Formulas, Options

FORMULAS: Final = tuple(Formulas)
"""How formulas are shown, in the order a key goes through them."""

Select = Callable[[Sequence[Entry]], Sequence[Entry]]
"""Which of the questions are asked."""


@dataclass
class Notes:
    """A collection that can be brought up to date."""

    collection: Collection
    reread: Callable[[Note], Collection]
    """The collection with this note as its file is now."""
    editable: Callable[[Note], str | None]
    """Why a note may not be edited; None if it may."""
    options: Options
    clock: Clock

    @cached_property
    def every(self) -> Mapping[CardId, Entry]:
        """All questions, by id."""
        return self.collection.by_id()

    def renew(self, note: Note) -> None:
        """Read a note again."""
        self.collection = self.reread(note)
        self.__dict__.pop("every", None)

    def is_stale(self, note: Note) -> bool:
        """Whether the file of a note is not as it was read."""
        return self.collection.library.again(note) is not note
