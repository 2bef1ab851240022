"""Line mode: the whole quiz over a stream of typed lines, for pipes and screen readers.

Linear: nothing is ever rewritten, and the prompt is always last. Decides nothing about cards;
that is session.py. The full screen (quiz.py) is its equal: the same sitting, the same grades.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from rlhf_qa.collection import Entry
from rlhf_qa.links import read_target
from rlhf_qa.memory import CardId, Rating
from rlhf_qa.messages import mark, tr, trn
from rlhf_qa.model import LinkKind
from rlhf_qa.render.blocks import Formulas, Options
from rlhf_qa.render.lines import Role
from rlhf_qa.session import Pick, Session, Undone
from rlhf_qa.ui import card
from rlhf_qa.ui.dialogue import Dialogue, Help, Step, Talk
from rlhf_qa.ui.hand import Hand
from rlhf_qa.ui.notes import FORMULAS, Notes, Select
from rlhf_qa.ui.said import after, flipped, taken_back
from rlhf_qa.ui.summary import nothing_left, summary
from rlhf_qa.ui.words import grade_word, next_time, progress, reason

_RATINGS: Final = {
    **{str(rating.value): rating for rating in Rating},
    **{rating.name.casefold(): rating for rating in Rating},
}

HELP: Final[Help] = (
    ("Enter", mark("show the answer")),
    ("1 2 3 4", mark("again, hard, good, easy (or the word)")),
    ("d, d N", mark("list the links on the screen, open number N")),
    ("[ ]", mark("back to what was shown before, forward")),
    ("o", mark("open the web link shown last in the browser")),
    ("u U", mark("undo, redo; any number of times")),
    ("f", mark("follow-ups of the last card next; again: no more")),
    ("s", mark("skip to the end of this sitting")),
    ("- @ *", mark("bury until tomorrow, suspend, mark")),
    ("F", mark("forget: start this card anew")),
    ("e", mark("edit the note")),
    ("L", mark("the other language")),
    ("m z", mark("formulas: one line, source, boxes; unfold or fold")),
    ("i", mark("why this card, its history, where it stands")),
    ("q", mark("leave; everything graded is kept")),
)


@dataclass
class Desk(Talk):
    """What every card of a sitting is asked at."""

    session: Session
    notes: Notes
    select: Select
    edit: Callable[[Entry], str | None]
    """Open the editor on a question; what went wrong."""
    open_web: Callable[[str], None]
    options: Options = field(init=False)
    flips: dict[CardId, int] = field(default_factory=dict)
    """How often the language of a card was changed."""

    def __post_init__(self) -> None:
        self.options = replace(self.notes.options, folded=True, formulas=Formulas.LINE)

    def renew(self, pick: Pick) -> None:
        """Read the note of a card again; the card comes next, if it is still there."""
        self.notes.renew(pick.entry.note)
        self.session.renew(self.notes.collection, self.select(self.notes.collection.entries))
        if not self.session.again(pick):
            self.say(tr("that question is no longer in its note"))

    def next(self) -> Pick | None:
        """The card to ask, as its note says it now."""
        pick = self.session.next()
        if pick is not None and self.notes.is_stale(pick.entry.note):
            self.renew(pick)
            pick = self.session.next()
        return pick


def run(desk: Desk) -> None:
    """Ask until the learner or the input ends; what was done is said before that."""
    asked = False
    while True:
        while (pick := desk.next()) is not None:
            if not asked:
                welcome = tr("Enter shows the answer, 1 to 4 grade it, ? explains all commands")
                desk.say(welcome, Role.DIM)
            asked = True
            if _Card(desk, pick).run() is Step.QUIT:
                _sum_up(desk)
                return
        desk.out.line()
        desk.out.lines(nothing_left(desk.session, desk.out.width, asked=asked))
        _sum_up(desk)
        if _End(desk).run() is Step.QUIT:
            return


def _sum_up(desk: Desk) -> None:
    desk.out.line()
    desk.out.lines(summary(desk.session, desk.out.width))


class _OfSitting(Dialogue):
    """What can be typed at a card and at the end."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._sure = ""
        """The event that was asked about before it is taken back."""

    def _undone(self, undone: Undone | None, *, again: bool) -> Step:
        """Say what was taken back or done again."""
        if undone is None:
            self._desk.say(tr("nothing to do again") if again else tr("nothing to undo"))
            return Step.STAY
        self._desk.say(taken_back(undone, again=again))
        return Step.NEXT

    def _undo(self) -> Step:
        """Take back the last act; that of an earlier sitting only when asked twice."""
        session = self._desk.session
        earlier = session.earlier_grade()
        if earlier is not None and earlier.id != self._sure:
            self._sure = earlier.id
            self._desk.say(tr("the last grade of an earlier sitting: u again takes it back"))
            return Step.STAY
        return self._undone(session.undo(), again=False)

    def _redo(self) -> Step:
        return self._undone(self._desk.session.redo(), again=True)


class _End(_OfSitting):
    """The end of a sitting: the last grade can be taken back, and more be asked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.commands = {
            "": self.stay,
            "?": self.stay,
            "u": self._undo,
            "U": self._redo,
            "+": self._more,
            "q": self.quit,
        }

    def prompt(self) -> str:
        return tr("[u: undo  +: five more minutes  q: leave] >")

    def _more(self) -> Step:
        if self._desk.session.more():
            return Step.NEXT
        self._desk.say(tr("nothing more to ask: every card waits for its day"))
        return Step.STAY


class _Card(_OfSitting):
    """One card in hand, from its question to its grade."""

    def __init__(self, desk: Desk, pick: Pick) -> None:
        super().__init__(desk)
        self._hand = Hand(desk.session, desk.notes.clock, pick)
        self._views: list[card.Shown] = []
        self._at = -1
        self._opened: card.Way | None = None
        self.commands = {
            "": self._reveal,
            "d": self._list_links,
            "[": lambda: self._move(-1),
            "]": lambda: self._move(1),
            "o": self._open_web,
            "u": self._undo,
            "U": self._redo,
            "f": self._drill,
            "s": lambda: self._put_aside(desk.session.skip, tr("skipped")),
            "-": lambda: self._put_aside(
                desk.session.bury, tr("buried until tomorrow; u takes it back")
            ),
            "@": lambda: self._put_aside(desk.session.suspend, tr("suspended; u takes it back")),
            "*": self._mark,
            "F": lambda: self._put_aside(
                desk.session.forget, tr("starts anew tomorrow; u takes it back")
            ),
            "e": self._edit,
            "L": self._flip,
            "m": self._next_formulas,
            "z": self._fold,
            "i": self._info,
            "?": self._help,
            "q": self.quit,
        }

    def run(self) -> Step:
        """Show the card and follow what is typed until it is done with."""
        self._show()
        return super().run()

    @property
    def _entry(self) -> Entry:
        """The question, in the language it is shown in."""
        entry = self._hand.pick.entry
        return flipped(entry, self._desk.flips.get(entry.id, 0))

    def _show(self) -> None:
        desk, entry = self._desk, self._entry
        out = desk.out
        out.line()
        desk.say(progress(desk.session.counts()), Role.DIM)
        out.lines([card.trail(entry, desk.notes.every, out.width)])
        desk.say(reason(self._hand.pick), Role.DIM)
        self._show_question()

    def _show_question(self) -> None:
        out = self._desk.out
        out.lines(card.question(self._entry, out.width, self._desk.options))
        out.line()

    def prompt(self) -> str:
        if not self._hand.revealed:
            return tr("[Enter: answer  ?: help] >")
        choices = "  ".join(
            f"{r.value} {grade_word(r)} {next_time(self._hand.pick, r)}" for r in Rating
        )
        return tr("[{choices}  ?: help] >", choices=choices)

    def follow(self, typed: str) -> Step:
        word = typed.casefold()
        rating = _RATINGS.get(word) or _own_words().get(word)
        if rating is not None:
            return self._grade(rating)
        letter, _, number = word.partition(" ")
        if letter == "d" and number.strip().isdecimal():
            return self._open(int(number[:9]))
        return super().follow(typed)

    # Commands.

    def _reveal(self) -> Step:
        if not self._hand.revealed:
            self._hand.revealed = True
            self._push(self._answer())
        return Step.STAY

    def _grade(self, rating: Rating) -> Step:
        if not self._hand.revealed:
            self._desk.say(tr("first Enter, to see the answer"))
            return Step.STAY
        when = next_time(self._hand.pick, rating)
        done = self._hand.grade(rating)
        for text in after(done, when):
            self._desk.say(text, Role.DIM)
        return Step.NEXT

    def _put_aside(self, act: Callable[[Entry], None], said: str) -> Step:
        act(self._hand.pick.entry)
        self._desk.say(said, Role.DIM)
        return Step.NEXT

    def _list_links(self) -> Step:
        if not self._may_look():
            return Step.STAY
        ways = self._view().ways
        if len(ways) == 1:
            return self._open(1)
        if not ways:
            self._desk.say(tr("no links here"))
        for number, way in enumerate(ways, 1):
            self._desk.say(f"[{number}] {way.target}")
        return Step.STAY

    def _open(self, number: int) -> Step:
        if not self._may_look():
            return Step.STAY
        desk, ways = self._desk, self._view().ways
        if not 1 <= number <= len(ways):
            desk.say(tr("no link {number} here; d lists them", number=number))
            return Step.STAY
        self._opened = ways[number - 1]
        library = desk.notes.collection.library
        page = card.follow(library, self._opened, desk.out.width, desk.options)
        if not page.is_page:
            desk.out.lines(page.lines)
            return Step.STAY
        del self._views[self._at + 1 :]
        self._push(page)
        return Step.STAY

    def _open_web(self) -> Step:
        way = self._opened
        if way and read_target(way.target, way.note.path).kind is LinkKind.EXTERNAL:
            self._desk.open_web(way.target)
        else:
            said = tr("open the link first (d N): its address is shown before the browser is")
            self._desk.say(said)
        return Step.STAY

    def _may_look(self) -> bool:
        if self._hand.may_look():
            return True
        self._desk.say(tr("this may give the answer away: d again opens it"))
        return False

    def _move(self, step: int) -> Step:
        at = self._at + step
        if 0 <= at < len(self._views):
            self._at = at
            self._desk.out.lines(self._views[at].lines)
        else:
            nothing = tr("nothing before this") if step < 0 else tr("nothing after this")
            self._desk.say(nothing)
        return Step.STAY

    def _push(self, view: card.Shown) -> None:
        self._views.append(view)
        self._at = len(self._views) - 1
        self._desk.out.lines(view.lines)
        self._desk.out.line()

    def _view(self) -> card.Shown:
        return self._views[self._at] if self._views else self._answer()

    def _answer(self) -> card.Shown:
        desk = self._desk
        library = desk.notes.collection.library
        return card.answer(self._entry, library, desk.out.width, desk.options)

    def _drill(self) -> Step:
        session, hand = self._desk.session, self._hand
        if hand.revealed:
            hand.drill = not hand.drill
            on = tr("follow-ups come next, if you grade it Good or Easy")
            self._desk.say(on if hand.drill else tr("no follow-ups"))
            return Step.STAY
        if session.is_drilling:
            session.leave_drill()
            return Step.NEXT
        last = session.last_recalled()
        found = session.drill(last.id) if last else 0
        if not found:
            self._desk.say(tr("no follow-ups of the last card to ask"))
            return Step.STAY
        self._desk.say(trn("{n} follow-up; f ends it", "{n} follow-ups; f ends them", found))
        return Step.NEXT

    def _mark(self) -> Step:
        on = self._desk.session.mark(self._hand.pick.entry)
        self._desk.say(tr("marked") if on else tr("mark taken off"), Role.DIM)
        return Step.STAY

    def _edit(self) -> Step:
        problem = self._desk.notes.editable(self._entry.note) or self._desk.edit(self._entry)
        if problem is not None:
            self._desk.say(problem)
            return Step.STAY
        self._desk.renew(self._hand.pick)
        return Step.NEXT

    def _flip(self) -> Step:
        entry = self._hand.pick.entry
        if not entry.siblings:
            self._desk.say(tr("this card has no other language"))
            return Step.STAY
        self._desk.flips[entry.id] = self._desk.flips.get(entry.id, 0) + 1
        return self._show_again()

    def _next_formulas(self) -> Step:
        options = self._desk.options
        at = (FORMULAS.index(options.formulas) + 1) % len(FORMULAS)
        self._desk.options = replace(options, formulas=FORMULAS[at])
        return self._show_again()

    def _fold(self) -> Step:
        options = self._desk.options
        self._desk.options = replace(options, folded=not options.folded)
        return self._show_again()

    def _show_again(self) -> Step:
        """The card as it looks now."""
        self._show_question()
        if self._hand.revealed:
            self._views.clear()
            self._push(self._answer())
        return Step.STAY

    def _info(self) -> Step:
        pick = self._hand.pick
        state = self._desk.session.state(pick.entry.id)
        for text in card.information(pick, state, self._entry):
            self._desk.say(text)
        return Step.STAY

    def _help(self) -> Step:
        self._desk.help(HELP)
        return Step.STAY


def _own_words() -> dict[str, Rating]:
    """The grades by their names in the language of the interface."""
    return {grade_word(rating).casefold(): rating for rating in Rating}
