"""Where browsing stands: the tree and its cursor, the preview, a search.

Changed by browse.py, drawn by browse_view.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.render.blocks import Formulas
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.search import Hit, Index, words_of
from rlhf_qa.ui.hand import Trail
from rlhf_qa.ui.notes import Notes
from rlhf_qa.ui.pane import Pane
from rlhf_qa.ui.tree import Node, Tree

_NOTHING: Final = SafeText("")


class Cover(Enum):
    """What covers the tree."""

    HELP = auto()
    INFO = auto()
    PREVIEW = auto()


@dataclass
class Search:
    """Words that are looked for, and what was found."""

    folds: tuple[bool, ...]
    """The tree as it was before."""
    came_from: int
    """The node the cursor was on."""
    typed: str = ""
    typing: bool = True
    hits: tuple[Hit, ...] = ()
    at: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        return words_of(self.typed)


@dataclass
class State:
    """Everything a screen of browse is made from."""

    notes: Notes
    tree: Tree
    states: Mapping[CardId, CardState]
    today: StudyDay
    title: str
    cursor: int = 0
    """Index of the selected node."""
    top: int = 0
    """Row of the tree at the top of its window."""
    rows: int = 1
    """Rows of the tree in sight when it was drawn last."""
    preview: Pane = field(default_factory=Pane)
    trail: Trail = field(default_factory=Trail)
    in_preview: bool = False
    cover: Cover | None = None
    search: Search | None = None
    index: Index | None = None
    message: SafeText = _NOTHING
    formulas: Formulas = Formulas.AUTO
    flips: dict[CardId, int] = field(default_factory=dict)

    @property
    def node(self) -> Node | None:
        """The selected node."""
        return self.tree.nodes[self.cursor] if self.tree.nodes else None

    @property
    def row(self) -> int:
        """The row of the tree that the cursor is on."""
        visible = self.tree.visible
        return visible.index(self.cursor) if self.cursor in visible else 0

    def select(self, index: int) -> None:
        """Move the cursor; the preview follows."""
        if index != self.cursor:
            self.cursor = index
            self.preview = Pane()
            self.trail.close()

    def keep_in_sight(self) -> None:
        """Scroll the tree so far that the cursor is in its window."""
        row = self.row
        last = max(0, len(self.tree.visible) - self.rows)
        self.top = min(max(self.top, row - self.rows + 1), row, last) if self.rows else row
