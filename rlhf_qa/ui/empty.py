"""What is said where there is nothing to ask. Without widths: data needs none."""

from __future__ import annotations

from collections.abc import Sequence

from rlhf_qa.check import no_questions
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.messages import tr, trn


def no_cards(collection: Collection, selected: Sequence[Entry]) -> str | None:
    """The line to end with where nothing that is `selected` could be asked; None if something can.

    Empty where it was said already.
    """
    library = collection.library
    asked = " ".join(library.asked)
    if library.failures and not library.notes:
        return ""  # each of them was told by itself
    if not library.notes:
        return tr("{asked}: no notes here: a note is a file that ends in .md", asked=asked)
    if not collection.entries:
        return f"{asked}: {no_questions(library)}"
    if not selected:
        return tr("{asked}: drafts only: a draft is asked if its file is named", asked=asked)
    if not any(entry.question.answered for entry in selected):
        return trn(
            "{asked}: {n} question, and it has no answer yet (rlhf-qa list --unanswered)",
            "{asked}: {n} questions, and none has an answer yet (rlhf-qa list --unanswered)",
            len(selected),
            asked=asked,
        )
    return None
