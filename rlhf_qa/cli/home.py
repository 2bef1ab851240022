"""`rlhf-qa` alone: what is due, and what to type."""

from __future__ import annotations

from rlhf_qa.cli.workspace import Globals, Workspace
from rlhf_qa.errors import ExitCode
from rlhf_qa.messages import mark, tr, trn

_TRY = (
    ("rlhf-qa quiz", mark("practise what is due")),
    ("rlhf-qa list", mark("see all questions")),
    ("rlhf-qa init FOLDER", mark("say where your own notes are")),
    ("rlhf-qa --help", mark("all commands")),
)


def home(given: Globals) -> int:
    """Say what there is to do today."""
    from rlhf_qa.memory import CardState
    from rlhf_qa.ui.words import standing

    with Workspace(given) as work:
        collection = work.collection(())
        states = work.store().states()
        today = work.clock.now().day
        cards = [entry for entry in collection.entries if entry.question.answered]
        words = [standing(states.get(e.id) or CardState(e.id), today) for e in cards]
        name = work.named(collection)
        work.say(trn("{name}: {n} card", "{name}: {n} cards", len(cards), name=name))
        work.say(tr("{due} due · {new} new", due=words.count("due"), new=words.count("new")))
        work.say("")
        for command, what in _TRY:
            work.say(f"  {command:<22}{tr(what)}")
        work.tell(collection)
        work.tell_empty(collection)
    return ExitCode.DONE
