"""`rlhf-qa` alone: what is due, and what to type."""

from __future__ import annotations

from rlhf_qa.cli.workspace import Globals, Workspace
from rlhf_qa.errors import ExitCode

_TRY = (
    ("rlhf-qa quiz", "practise what is due"),
    ("rlhf-qa list", "see all questions"),
    ("rlhf-qa init FOLDER", "say where your own notes are"),
)


def home(given: Globals) -> int:
    """Say what there is to do today."""
    from rlhf_qa.memory import CardState
    from rlhf_qa.ui.words import count, standing

    with Workspace(given) as work:
        collection = work.collection(())
        states = work.store().states()
        today = work.clock.now().day
        cards = [entry for entry in collection.entries if entry.question.answered]
        words = [standing(states.get(e.id) or CardState(e.id), today) for e in cards]
        work.say(f"{work.named(collection)}: {count(len(cards), 'card')}")
        work.say(f"{words.count('due')} due · {words.count('new')} new")
        work.say("")
        for command, what in _TRY:
            work.say(f"  {command:<22}{what}")
        work.say("  rlhf-qa --help        all commands")
        work.tell(collection)
        work.tell_empty(collection)
    return ExitCode.DONE
