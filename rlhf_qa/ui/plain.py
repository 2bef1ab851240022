"""Line mode: the whole quiz over a stream of typed lines, for pipes and screen readers.

Linear: nothing is ever rewritten, and the prompt is always last. Decides nothing about cards;
that is session.py.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Final

from rlhf_qa.clock import Clock
from rlhf_qa.collection import Collection, Entry
from rlhf_qa.errors import NotStored
from rlhf_qa.events import EventKind
from rlhf_qa.memory import CardId, Rating
from rlhf_qa.render.blocks import Formulas, Options
from rlhf_qa.render.lines import Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.session import Pick, Session, Undone
from rlhf_qa.ui import card
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.summary import nothing_left, summary
from rlhf_qa.ui.words import GRADE_WORDS, next_time, progress, reason

ReadLine = Callable[[], str | None]
"""The next typed line without its end; None at the end of input."""

_RATINGS: Final = {
    **{str(rating.value): rating for rating in Rating},
    **{word.casefold(): rating for rating, word in GRADE_WORDS.items()},
}
_TYPED: Final = str.maketrans("【】、", "[]/")
"""A Chinese input method left on must not make the commands dead."""

_WELCOME: Final = "Enter shows the answer, 1 to 4 grade it, ? explains all commands"
_END_PROMPT: Final = "[u: undo  +: five more minutes  q: leave] >"

_HELP: Final = (
    "Enter       show the answer",
    "1 2 3 4     again, hard, good, easy (or the word)",
    "d, d N      list the links on the screen, open number N",
    "[ ]         back to what was shown before, forward",
    "u U         undo, redo; any number of times",
    "s           skip to the end of this sitting",
    "- @ *       bury until tomorrow, suspend, mark",
    "i           why this card, its history, where it stands",
    "q           leave; everything graded is kept",
)


class _Step(Enum):
    """What follows a typed line."""

    STAY = auto()
    NEXT = auto()
    QUIT = auto()


@dataclass(frozen=True)
class Desk:
    """What every card of a sitting is asked at."""

    session: Session
    collection: Collection
    clock: Clock
    out: Output
    read_line: ReadLine

    @cached_property
    def every(self) -> Mapping[CardId, Entry]:
        return self.collection.by_id()

    @cached_property
    def options(self) -> Options:
        return Options(ascii=self.out.ascii, folded=True, formulas=Formulas.LINE)

    def say(self, text: str, role: Role = Role.TEXT) -> None:
        """One line of our own, with whatever it quotes made safe."""
        self.out.say(clean(text), role)

    def read(self, prompt: str) -> str | None:
        """A typed command, in the one spelling that is compared; None at the end of input."""
        self.out.prompt(SafeText(prompt))
        typed = self.read_line()
        if not self.out.terminal:
            self.out.stream.write("\n")
        if typed is None:
            return None
        return unicodedata.normalize("NFKC", typed).translate(_TYPED).strip()


def run(desk: Desk) -> None:
    """Ask until the learner or the input ends; what was done is said before that."""
    asked = False
    while True:
        while (pick := desk.session.next()) is not None:
            if not asked:
                desk.say(_WELCOME, Role.DIM)
            asked = True
            if _Card(desk, pick).run() is _Step.QUIT:
                summary(desk.out, desk.session)
                return
        nothing_left(desk.out, desk.session, asked=asked)
        summary(desk.out, desk.session)
        if _End(desk).run() is _Step.QUIT:
            return


class _End:
    """The end of a sitting: the last grade can be taken back, and more be asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._commands: Mapping[str, Callable[[], _Step]] = {
            "": lambda: _Step.STAY,
            "u": lambda: _undo(desk, desk.session.undo(), "undone"),
            "U": lambda: _undo(desk, desk.session.redo(), "done again"),
            "+": self._more,
            "q": lambda: _Step.QUIT,
        }

    def run(self) -> _Step:
        """Follow what is typed until there is a card again, or the sitting is over."""
        while True:
            typed = self._desk.read(_END_PROMPT)
            if typed is None:
                return _Step.QUIT
            command = self._commands.get(typed) or self._commands.get(typed.casefold())
            if command is None:
                self._desk.say(f"not a command here: {typed}")
                continue
            try:
                step = command()
            except NotStored as error:
                self._desk.say(str(error))
                continue
            if step is not _Step.STAY:
                return step

    def _more(self) -> _Step:
        if self._desk.session.more():
            return _Step.NEXT
        self._desk.say("nothing more to ask: every card waits for its day")
        return _Step.STAY


def _undo(desk: Desk, undone: Undone | None, word: str) -> _Step:
    """Say what was taken back or done again."""
    if undone is None:
        desk.say("nothing to undo" if word == "undone" else "nothing to do again")
        return _Step.STAY
    what = GRADE_WORDS[Rating(undone.rating)] if undone.rating else undone.kind
    what = "" if what == EventKind.UNDO else f": {what}"
    when = " of an earlier day" if undone.earlier_day else ""
    about = f" on: {undone.entry.question.text}" if undone.entry else " (not in this selection)"
    desk.say(f"{word}{what}{when}{about}")
    return _Step.NEXT


class _Card:
    """One card in hand, from its question to its grade."""

    def __init__(self, desk: Desk, pick: Pick) -> None:
        self._desk = desk
        self._pick = pick
        self._started = desk.clock.monotonic()
        self._revealed = False
        self._hint = False
        self._views: list[card.Shown] = []
        self._at = -1
        self._commands: Mapping[str, Callable[[], _Step]] = {
            "": self._reveal,
            "d": self._list_links,
            "[": lambda: self._move(-1),
            "]": lambda: self._move(1),
            "u": lambda: _undo(desk, desk.session.undo(), "undone"),
            "U": lambda: _undo(desk, desk.session.redo(), "done again"),
            "s": self._skip,
            "-": self._bury,
            "@": self._suspend,
            "*": self._mark,
            "i": self._info,
            "?": self._help,
            "q": lambda: _Step.QUIT,
        }

    def run(self) -> _Step:
        """Show the card and follow what is typed until it is done with."""
        self._show()
        while True:
            typed = self._desk.read(self._prompt())
            if typed is None:
                return _Step.QUIT
            try:
                step = self._follow(typed)
            except NotStored as error:
                self._desk.say(str(error))
                continue
            if step is not _Step.STAY:
                return step

    def _show(self) -> None:
        desk, entry = self._desk, self._pick.entry
        out = desk.out
        out.line()
        desk.say(progress(desk.session.counts()), Role.DIM)
        out.lines([card.trail(entry, desk.every, out.width)])
        desk.say(reason(self._pick), Role.DIM)
        out.lines(card.question(entry, out.width, desk.options))
        out.line()

    def _prompt(self) -> str:
        if not self._revealed:
            return "[Enter: answer  ?: help] >"
        choices = "  ".join(
            f"{r.value} {word} {next_time(self._pick, r)}" for r, word in GRADE_WORDS.items()
        )
        return f"[{choices}  ?: help] >"

    def _follow(self, typed: str) -> _Step:
        if typed in self._commands:
            return self._commands[typed]()
        word = typed.casefold()
        if word in _RATINGS:
            return self._grade(_RATINGS[word])
        if word in self._commands:
            return self._commands[word]()
        letter, _, number = word.partition(" ")
        if letter == "d" and number.strip().isdecimal():
            return self._open(int(number))
        self._desk.say(f"not a command: {typed}; ? lists them")
        return _Step.STAY

    # Commands.

    def _reveal(self) -> _Step:
        if not self._revealed:
            self._revealed = True
            self._push(self._answer())
        return _Step.STAY

    def _grade(self, rating: Rating) -> _Step:
        if not self._revealed:
            self._desk.say("first Enter, to see the answer")
            return _Step.STAY
        desk = self._desk
        spent = round((desk.clock.monotonic() - self._started) * 1000)
        when = next_time(self._pick, rating)
        state = desk.session.grade(self._pick, rating, spent, hint=self._hint)
        desk.say(f"{GRADE_WORDS[rating]}: {when}", Role.DIM)
        if state.lapses > self._pick.state.lapses and state.is_leech_to_be_named:
            desk.say(
                f"a leech, forgotten {state.lapses} times: when it comes back, read on with d, "
                "or put its answer in your own words"
            )
        return _Step.NEXT

    def _list_links(self) -> _Step:
        if not self._may_look():
            return _Step.STAY
        links = self._view().links
        if len(links) == 1:
            return self._open(1)
        if not links:
            self._desk.say("no links here")
        for number, target in enumerate(links, 1):
            self._desk.say(f"[{number}] {target}")
        return _Step.STAY

    def _open(self, number: int) -> _Step:
        if not self._may_look():
            return _Step.STAY
        view = self._view()
        if view.note is None or not 1 <= number <= len(view.links):
            self._desk.say(f"no link {number} here; d lists them")
            return _Step.STAY
        desk = self._desk
        target = view.links[number - 1]
        page = card.follow(desk.collection.library, view.note, target, desk.out.width, desk.options)
        del self._views[self._at + 1 :]
        self._push(page)
        return _Step.STAY

    def _may_look(self) -> bool:
        """Before the answer, a page is a hint: said once, then remembered with the grade."""
        if self._revealed or self._hint:
            return True
        self._hint = True
        self._desk.say("this may give the answer away: d again to open it")
        return False

    def _move(self, step: int) -> _Step:
        at = self._at + step
        if 0 <= at < len(self._views):
            self._at = at
            self._desk.out.lines(self._views[at].lines)
        else:
            self._desk.say("nothing before this" if step < 0 else "nothing after this")
        return _Step.STAY

    def _push(self, view: card.Shown) -> None:
        self._views.append(view)
        self._at = len(self._views) - 1
        self._desk.out.lines(view.lines)
        self._desk.out.line()

    def _view(self) -> card.Shown:
        return self._views[self._at] if self._views else self._answer()

    def _answer(self) -> card.Shown:
        desk = self._desk
        return card.answer(self._pick.entry, desk.collection.library, desk.out.width, desk.options)

    def _skip(self) -> _Step:
        self._desk.session.skip(self._pick)
        self._desk.say("skipped", Role.DIM)
        return _Step.NEXT

    def _bury(self) -> _Step:
        self._desk.session.bury(self._pick)
        self._desk.say("buried until tomorrow; u takes it back", Role.DIM)
        return _Step.NEXT

    def _suspend(self) -> _Step:
        self._desk.session.suspend(self._pick)
        self._desk.say("suspended; u takes it back", Role.DIM)
        return _Step.NEXT

    def _mark(self) -> _Step:
        on = self._desk.session.mark(self._pick)
        self._desk.say("marked" if on else "mark taken off", Role.DIM)
        return _Step.STAY

    def _info(self) -> _Step:
        pick, say = self._pick, self._desk.say
        state, entry = self._desk.session.state(pick.entry.id), pick.entry
        say(f"why: {reason(pick)}")
        if state.memory is None:
            say("memory: new, never graded")
        else:
            memory = state.memory
            say(
                f"memory: stability {memory.stability:.1f} d, difficulty {memory.difficulty:.1f}, "
                f"recall now {pick.recall:.0%}"
            )
        say(f"history: {state.reps} graded, {state.lapses} lapses")
        if state.marks:
            say(f"marks: {', '.join(sorted(state.marks))}")
        say(f"source: {entry.place.source}")
        say(f"card: {entry.id}")
        return _Step.STAY

    def _help(self) -> _Step:
        for line in _HELP:
            self._desk.out.line(Span(SafeText(line), Role.TEXT))
        return _Step.STAY
