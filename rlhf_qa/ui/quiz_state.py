"""Where a full-screen sitting stands: the card in hand, the page beside it, what is on top.

Changed by quiz.py, drawn by quiz_view.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from rlhf_qa.collection import Entry
from rlhf_qa.memory import CardId
from rlhf_qa.render.blocks import Formulas
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.session import Session
from rlhf_qa.ui.hand import Hand, Trail
from rlhf_qa.ui.notes import Notes
from rlhf_qa.ui.pane import Pane
from rlhf_qa.ui.said import flipped

_NOTHING: Final = SafeText("")


class Overlay(Enum):
    """What covers the card."""

    HELP = auto()
    INFO = auto()
    LINKS = auto()


@dataclass
class State:
    """Everything a screen of the quiz is made from."""

    notes: Notes
    session: Session
    title: str
    """What was asked for, where that is worth saying."""
    can_browse: bool = False
    """There is a face to look at what was missed with."""
    hand: Hand | None = None
    card: Pane = field(default_factory=Pane)
    deep: Pane = field(default_factory=Pane)
    """The page beside the card, or what covers it."""
    trail: Trail = field(default_factory=Trail)
    overlay: Overlay | None = None
    in_deep: bool = False
    """The page has the keys for scrolling and links."""
    message: SafeText = _NOTHING
    asked: int = 0
    """Cards shown so far."""
    unfolded: bool = False
    """All folds of the answer are open."""
    opened: frozenset[int] = frozenset()
    """Those that are open by themselves."""
    formulas: Formulas = Formulas.AUTO
    flips: dict[CardId, int] = field(default_factory=dict)
    """How often the language of a card was changed."""

    @property
    def entry(self) -> Entry | None:
        """The question in hand, in the language it is shown in."""
        if self.hand is None:
            return None
        entry = self.hand.pick.entry
        return flipped(entry, self.flips.get(entry.id, 0))

    @property
    def pane(self) -> Pane:
        """What scrolls."""
        return self.deep if self.in_deep or self.overlay else self.card

    def clear(self) -> None:
        """Nothing beside the next card, and nothing on top."""
        self.card, self.deep = Pane(), Pane()
        self.trail.close()
        self.overlay = None
        self.in_deep = False
        self.opened = frozenset()
