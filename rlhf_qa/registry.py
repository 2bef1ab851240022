"""What is known of every card ever met in a note: the row that a later scan is compared with.

Frozen values only. How a question finds its row is identity.py; where rows lie is store.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rlhf_qa.memory import CardId, StudyDay

ANSWER_TEXT_LENGTH: Final = 4_000
"""Characters of the normalised answer that are kept, enough to recognise a reworded one."""


class Status(StrEnum):
    """Where the question of a card is now."""

    LIVE = "live"
    """Found in a note when it was last looked for."""
    GONE = "gone"
    """Its note was read, or is no longer there, and the question was not found."""
    UNLOCATED = "unlocated"
    """Known only from events of another device; no note of it has been seen here yet."""


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """One known card, as its question was last seen."""

    card: CardId
    deck: str
    """Deck id: the document's own, or its path below the content root."""
    path: str
    """Real path of the note on this machine. Never leaves it."""
    path_key: str
    """Normalised headings from the top category down to the question."""
    trail: tuple[str, ...]
    """The same headings as their author wrote them."""
    question: str
    digest: str
    """Answer digest: hexadecimal of BLAKE2b, 8 bytes."""
    answer_text: str
    """Normalised answer, its first `ANSWER_TEXT_LENGTH` characters."""
    order: int
    """Place of the question within its document."""
    first_seen: StudyDay
    last_seen: StudyDay
    status: Status = Status.LIVE
