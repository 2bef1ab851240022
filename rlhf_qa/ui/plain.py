"""Line mode: the whole quiz over a stream of typed lines, for pipes and screen readers.

Linear: nothing is ever rewritten, and the prompt is always last. Decides nothing about cards;
that is session.py.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from rlhf_qa.clock import Clock
from rlhf_qa.collection import Collection
from rlhf_qa.errors import NotStored
from rlhf_qa.events import EventKind
from rlhf_qa.memory import Rating
from rlhf_qa.render.blocks import Options
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


class PlainQuiz:
    """One sitting in line mode."""

    def __init__(
        self,
        session: Session,
        collection: Collection,
        *,
        clock: Clock,
        out: Output,
        read_line: ReadLine,
    ) -> None:
        self._session = session
        self._library = collection.library
        self._every = collection.by_id()
        self._clock = clock
        self._out = out
        self._read_line = read_line
        self._options = Options(ascii=out.ascii, folded=True)
        self._first = True

    def run(self) -> None:
        """Ask until nothing is left, or the learner or the input ends."""
        asked = False
        while (pick := self._session.next()) is not None:
            asked = True
            if _Card(self, pick).run() is _Step.QUIT:
                break
        else:
            nothing_left(self._out, self._session, asked=asked)
        summary(self._out, self._session)

    # What a card needs of the sitting.

    def say(self, text: str, role: Role = Role.TEXT) -> None:
        """One line of our own, with whatever it quotes made safe."""
        self._out.say(clean(text), role)

    def read(self, prompt: str) -> str | None:
        """A typed command, in the one spelling that is compared; None at the end of input."""
        self._out.prompt(SafeText(prompt))
        typed = self._read_line()
        if not self._out.terminal:
            self._out.stream.write("\n")
        if typed is None:
            return None
        return unicodedata.normalize("NFKC", typed).translate(_TYPED).strip()

    def hint_once(self) -> None:
        """The extra row of the first card."""
        if self._first:
            self.say("Enter shows the answer, 1 to 4 grade it, ? explains all commands", Role.DIM)
        self._first = False


class _Card:
    """One card in hand, from its question to its grade."""

    def __init__(self, quiz: PlainQuiz, pick: Pick) -> None:
        self._quiz = quiz
        self._pick = pick
        self._started = quiz._clock.monotonic()
        self._revealed = False
        self._hint = False
        self._views: list[card.Shown] = []
        self._at = -1
        self._commands: Mapping[str, Callable[[], _Step]] = {
            "": self._reveal,
            "d": self._list_links,
            "[": lambda: self._move(-1),
            "]": lambda: self._move(1),
            "u": lambda: self._undo(quiz._session.undo(), "undone"),
            "U": lambda: self._undo(quiz._session.redo(), "done again"),
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
            typed = self._quiz.read(self._prompt())
            if typed is None:
                return _Step.QUIT
            try:
                step = self._follow(typed)
            except NotStored as error:
                self._quiz.say(str(error))
                continue
            if step is not _Step.STAY:
                return step

    def _show(self) -> None:
        quiz, entry = self._quiz, self._pick.entry
        out = quiz._out
        out.line()
        quiz.say(progress(quiz._session.counts()), Role.DIM)
        out.lines([card.trail(entry, quiz._every, out.width)])
        quiz.say(reason(self._pick), Role.DIM)
        out.lines(card.question(entry, out.width, quiz._options))
        out.line()
        quiz.hint_once()

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
        self._quiz.say(f"not a command: {typed}; ? lists them")
        return _Step.STAY

    # Commands.

    def _reveal(self) -> _Step:
        if not self._revealed:
            self._revealed = True
            quiz = self._quiz
            self._push(self._answer())
        return _Step.STAY

    def _grade(self, rating: Rating) -> _Step:
        if not self._revealed:
            self._quiz.say("first Enter, to see the answer")
            return _Step.STAY
        quiz = self._quiz
        spent = round((quiz._clock.monotonic() - self._started) * 1000)
        when = next_time(self._pick, rating)
        quiz._session.grade(self._pick, rating, spent, hint=self._hint)
        quiz.say(f"{GRADE_WORDS[rating]}: {when}", Role.DIM)
        return _Step.NEXT

    def _list_links(self) -> _Step:
        if not self._may_look():
            return _Step.STAY
        links = self._view().links
        if len(links) == 1:
            return self._open(1)
        if not links:
            self._quiz.say("no links here")
        for number, target in enumerate(links, 1):
            self._quiz.say(f"[{number}] {target}")
        return _Step.STAY

    def _open(self, number: int) -> _Step:
        if not self._may_look():
            return _Step.STAY
        view = self._view()
        if view.note is None or not 1 <= number <= len(view.links):
            self._quiz.say(f"no link {number} here; d lists them")
            return _Step.STAY
        quiz = self._quiz
        target = view.links[number - 1]
        page = card.follow(quiz._library, view.note, target, quiz._out.width, quiz._options)
        del self._views[self._at + 1 :]
        self._push(page)
        return _Step.STAY

    def _may_look(self) -> bool:
        """Before the answer, a page is a hint: said once, then remembered with the grade."""
        if self._revealed or self._hint:
            return True
        self._hint = True
        self._quiz.say("this may give the answer away: d again to open it")
        return False

    def _move(self, step: int) -> _Step:
        at = self._at + step
        if 0 <= at < len(self._views):
            self._at = at
            self._quiz._out.lines(self._views[at].lines)
        else:
            self._quiz.say("nothing before this" if step < 0 else "nothing after this")
        return _Step.STAY

    def _push(self, view: card.Shown) -> None:
        self._views.append(view)
        self._at = len(self._views) - 1
        self._quiz._out.lines(view.lines)
        self._quiz._out.line()

    def _view(self) -> card.Shown:
        return self._views[self._at] if self._views else self._answer()

    def _answer(self) -> card.Shown:
        quiz = self._quiz
        return card.answer(self._pick.entry, quiz._library, quiz._out.width, quiz._options)

    def _undo(self, undone: Undone | None, word: str) -> _Step:
        if undone is None:
            self._quiz.say("nothing to undo" if word == "undone" else "nothing to do again")
            return _Step.STAY
        what = GRADE_WORDS[Rating(undone.rating)] if undone.rating else undone.kind
        what = "" if what == EventKind.UNDO else f": {what}"
        when = " of an earlier day" if undone.earlier_day else ""
        about = f" on: {undone.entry.question.text}" if undone.entry else " (not in this selection)"
        self._quiz.say(f"{word}{what}{when}{about}")
        return _Step.NEXT

    def _skip(self) -> _Step:
        self._quiz._session.skip(self._pick)
        self._quiz.say("skipped", Role.DIM)
        return _Step.NEXT

    def _bury(self) -> _Step:
        self._quiz._session.bury(self._pick)
        self._quiz.say("buried until tomorrow; u takes it back", Role.DIM)
        return _Step.NEXT

    def _suspend(self) -> _Step:
        self._quiz._session.suspend(self._pick)
        self._quiz.say("suspended; u takes it back", Role.DIM)
        return _Step.NEXT

    def _mark(self) -> _Step:
        on = self._quiz._session.mark(self._pick)
        self._quiz.say("marked" if on else "mark taken off", Role.DIM)
        return _Step.STAY

    def _info(self) -> _Step:
        pick, say = self._pick, self._quiz.say
        state, entry = self._quiz._session.state(pick.entry.id), pick.entry
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
            self._quiz._out.line(Span(SafeText(line), Role.TEXT))
        return _Step.STAY
