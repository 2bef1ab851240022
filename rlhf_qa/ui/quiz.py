"""The quiz on a full screen: which key does what to the sitting, and what is open.

Decides nothing about cards (session.py) and draws nothing (quiz_view.py): the same sitting in
line mode (plain.py) takes the same grades.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rlhf_qa.collection import Entry
from rlhf_qa.errors import NotStored
from rlhf_qa.links import read_target
from rlhf_qa.memory import Rating
from rlhf_qa.messages import tr, trn
from rlhf_qa.model import LinkKind
from rlhf_qa.render.blocks import Formulas
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.session import Pick, Session, Undone
from rlhf_qa.ui.card import Way
from rlhf_qa.ui.face import Edit, Effect, Enter, Face, Leave, OpenWeb
from rlhf_qa.ui.frame import Frame
from rlhf_qa.ui.hand import Hand, Visit
from rlhf_qa.ui.notes import FORMULAS, Notes, Select
from rlhf_qa.ui.pane import Pane
from rlhf_qa.ui.quiz_state import Overlay, State
from rlhf_qa.ui.quiz_view import View
from rlhf_qa.ui.said import after, taken_back
from rlhf_qa.ui.typed import RepeatGuard
from rlhf_qa.ui.words import next_time


class Quiz:
    """A sitting with a card in hand, pages beside it and at most one thing on top."""

    def __init__(
        self,
        notes: Notes,
        session: Session,
        select: Select,
        title: str,
        *,
        look: Callable[[Sequence[Entry]], Face] | None = None,
    ) -> None:
        """`look` makes the face to browse some questions with, where there is one."""
        self.state = State(notes, session, title, can_browse=look is not None)
        self._select = select
        self._look = look
        self._guard = RepeatGuard()
        self._may_grade = True
        self._confirm: Callable[[], Effect | None] | None = None
        self._view = View(self.state)
        self._always: Mapping[str, Callable[[], Effect | None]] = {
            "?": lambda: self._toggle(Overlay.HELP),
            "q": Leave,
            "escape": self._escape,
            "j": lambda: self._scroll(1),
            "down": lambda: self._scroll(1),
            "k": lambda: self._scroll(-1),
            "up": lambda: self._scroll(-1),
            "pagedown": lambda: self._page(1),
            "ctrl+d": lambda: self._page(1),
            "pageup": lambda: self._page(-1),
            "ctrl+u": lambda: self._page(-1),
            "g": lambda: self._jump(end=False),
            "home": lambda: self._jump(end=False),
            "G": lambda: self._jump(end=True),
            "end": lambda: self._jump(end=True),
            "u": self._undo,
            "U": lambda: self._undone(self.state.session.redo(), again=True),
            "m": self._next_formulas,
            "z": self._fold,
        }
        self._with_card: Mapping[str, Callable[[], Effect | None]] = {
            "space": lambda: self._confirmed("space"),
            "enter": lambda: self._confirmed("enter"),
            **{str(rating.value): self._grader(rating) for rating in Rating},
            "d": self._deep_dive,
            "f": self._follow_ups,
            "tab": lambda: self._focus(1),
            "shift+tab": lambda: self._focus(-1),
            "[": lambda: self._travel(-1),
            "alt+left": lambda: self._travel(-1),
            "]": lambda: self._travel(1),
            "alt+right": lambda: self._travel(1),
            "o": self._open_web,
            "e": self._edit,
            "s": lambda: self._put_aside(self.state.session.skip, tr("skipped; s again drops it")),
            "-": lambda: self._put_aside(
                self.state.session.bury, tr("buried until tomorrow; u takes it back")
            ),
            "@": lambda: self._put_aside(
                self.state.session.suspend, tr("suspended; u takes it back")
            ),
            "*": self._mark,
            "F": self._forget,
            "i": lambda: self._toggle(Overlay.INFO),
            "L": self._flip,
        }
        self._at_end: Mapping[str, Callable[[], Effect | None]] = {
            "+": self._more,
            "b": self._browse,
        }
        self._next()

    # Keys.

    @property
    def keys(self) -> frozenset[str]:
        """Every key that does anything."""
        return frozenset((*self._always, *self._with_card, *self._at_end))

    def press(self, key: str) -> Effect | None:
        """Follow a key. A grade that cannot be stored leaves everything as it is."""
        now = self.state.notes.clock.monotonic()
        if self._guard.is_repeat(key, now):
            return None
        confirms = self._guard.may_confirm(key, now)
        confirm, self._confirm = self._confirm, None
        if confirm is not None:
            return self._answered(confirm, key)
        self.state.message = SafeText("")
        self._may_grade = confirms
        does = self._always.get(key)
        does = does or (self._with_card if self.state.hand else self._at_end).get(key)
        return self._try(does) if does else None

    def _try(self, does: Callable[[], Effect | None]) -> Effect | None:
        try:
            return does()
        except NotStored as error:
            self._say(str(error))
            return None

    def _answered(self, confirm: Callable[[], Effect | None], key: str) -> Effect | None:
        """The key after a question of ours: `y` does it, anything else does not."""
        self.state.message = SafeText("")
        return self._try(confirm) if key == "y" else None

    def settle(self) -> None:
        """Everything is ready."""

    def paste(self, text: str) -> None:
        """Nothing is typed here but keys."""

    def click(self, column: int, row: int) -> Effect | None:
        key = self._view.last.key_at(column, row)
        if key is not None:
            return self.press(key)
        hit = self._view.target_at(column, row)
        if hit is None:
            return None
        self.state.in_deep, pane = hit[0], self.state.deep if hit[0] else self.state.card
        pane.focus = hit[1]
        return self._open_focused()

    def wheel(self, column: int, row: int, rows: int) -> None:
        self._view.pane_at(column, row).scroll(rows)

    def frame(self, width: int, height: int) -> Frame:
        return self._view.frame(width, height)

    def back(self) -> None:
        """Cards may have been graded meanwhile, and notes edited."""
        self._renew()

    # The card in hand.

    def _next(self) -> None:
        self.state.clear()
        pick = self.state.session.next()
        if pick is not None and self.state.notes.is_stale(pick.entry.note):
            self._reread(pick)
            pick = self.state.session.next()
        self.state.hand = Hand(self.state.session, self.state.notes.clock, pick) if pick else None
        self.state.asked += pick is not None

    def _reread(self, pick: Pick) -> None:
        """Take in a note that was saved elsewhere; its card comes next, if it is still there."""
        self.state.notes.renew(pick.entry.note)
        self._renew()
        if not self.state.session.again(pick):
            self._say(tr("that question is no longer in its note"))

    def _renew(self) -> None:
        collection = self.state.notes.collection
        self.state.session.renew(collection, self._select(collection.entries))

    def _confirmed(self, key: str) -> Effect | None:
        hand = self.state.hand
        if hand is None:
            return None
        pane = self.state.pane
        if key == "enter" and (pane.focus is not None or self.state.overlay is Overlay.LINKS):
            return self._open_focused()
        if self.state.overlay is not None or (
            key == "space" and self.state.in_deep and self.state.trail.here
        ):
            pane.page(1)
        elif not hand.revealed:
            hand.revealed = True
        elif self._may_grade:
            return self._grade(Rating.GOOD)
        return None

    def _grader(self, rating: Rating) -> Callable[[], Effect | None]:
        return lambda: self._grade(rating)

    def _grade(self, rating: Rating) -> Effect | None:
        hand = self.state.hand
        if hand is None:
            return None
        if not hand.revealed:
            self._say(tr("first Space, to see the answer"))
            return None
        when = next_time(hand.pick, rating)
        done = hand.grade(rating)
        self._next()
        self._say(" · ".join(after(done, when)))
        return None

    def _put_aside(self, act: Callable[[Entry], None], said: str) -> None:
        if self.state.hand is not None:
            act(self.state.hand.pick.entry)
            self._next()
            self._say(said)

    def _mark(self) -> None:
        if self.state.hand is not None:
            on = self.state.session.mark(self.state.hand.pick.entry)
            self._say(tr("marked") if on else tr("mark taken off"))

    def _forget(self) -> None:
        if self.state.hand is None:
            return
        pick = self.state.hand.pick
        self._confirm = lambda: self._put_aside(
            self.state.session.forget, tr("starts anew tomorrow; u takes it back")
        )
        word = clean(pick.entry.question.text)
        self._say(tr("start “{question}” anew? y does it", question=word))

    def _undo(self) -> None:
        if self.state.session.earlier_grade() is None:
            self._undone(self.state.session.undo(), again=False)
            return
        self._confirm = lambda: self._undone(self.state.session.undo(), again=False)
        self._say(tr("take back the last grade of an earlier sitting? y does it"))

    def _undone(self, undone: Undone | None, *, again: bool) -> None:
        if undone is None:
            self._say(tr("nothing to do again") if again else tr("nothing to undo"))
            return
        self._next()
        self._say(taken_back(undone, again=again))

    def _browse(self) -> Effect | None:
        """The topics of which cards were missed; all cards, if none was."""
        session = self.state.session
        topics = {weak.topic for weak in session.summary().weak}
        entries = [e for e in session.cards if not topics or e.topic in topics]
        return Enter(self._look(entries)) if self._look and entries else None

    def _more(self) -> None:
        if self.state.session.more():
            self._next()
        else:
            self._say(tr("nothing more to ask: every card waits for its day"))

    def _follow_ups(self) -> None:
        hand = self.state.hand
        if hand is not None and hand.revealed:
            hand.drill = not hand.drill
            on = tr("follow-ups come next, if you grade it Good or Easy")
            self._say(on if hand.drill else tr("no follow-ups"))
            return
        last = self.state.session.last_recalled()
        found = self.state.session.drill(last.id) if last else 0
        if found:
            self._next()
        self._say(
            trn("{n} follow-up; Esc ends it", "{n} follow-ups; Esc ends them", found)
            if found
            else tr("no follow-ups of the last card to ask")
        )

    def _flip(self) -> None:
        entry = self.state.hand.pick.entry if self.state.hand else None
        if entry is None or not entry.siblings:
            self._say(tr("this card has no other language"))
            return
        self.state.flips[entry.id] = self.state.flips.get(entry.id, 0) + 1
        self.state.trail.close()
        self.state.in_deep = False

    # Pages.

    def _deep_dive(self) -> None:
        hand = self.state.hand
        if hand is None:
            return
        if self.state.trail.here or self.state.overlay is Overlay.LINKS:
            self.state.trail.close()
            self.state.overlay = None
            self.state.in_deep = False
        elif not hand.may_look():
            self._say(tr("this may give the answer away: d again opens it"))
        elif len(ways := self._view.ways()) == 1:
            self._visit(ways[0])
        elif ways:
            self.state.overlay = Overlay.LINKS
            self.state.deep = Pane()
            self.state.in_deep = True
        else:
            self._say(tr("no links here"))

    def _visit(self, way: Way) -> Effect | None:
        here = self.state.trail.here
        if here is not None:
            here.place = self.state.deep.place
        self.state.trail.open(Visit(way))
        self.state.overlay = None
        self.state.deep = Pane()
        self.state.in_deep = True
        return None

    def _travel(self, step: int) -> None:
        here = self.state.trail.here
        if here is None:
            return
        here.place = self.state.deep.place
        if self.state.trail.move(step) and self.state.trail.here is not None:
            self.state.deep = Pane()
            self.state.deep.go_to(self.state.trail.here.place)
        else:
            self._say(tr("nothing before this") if step < 0 else tr("nothing after this"))

    def _open_focused(self) -> Effect | None:
        pane = self.state.pane
        if pane.focus is None:
            pane.focus_next(1)
        if pane.focus is None:
            return None
        if pane.focus < 0:
            self.state.opened ^= {pane.focus}
            return None
        in_page = self.state.in_deep and self.state.trail.here is not None
        ways = self._view.page_ways() if in_page else self._view.ways()
        if not 0 < pane.focus <= len(ways):
            return None
        if not self.state.hand or not self.state.hand.may_look():
            self._say(tr("this may give the answer away: again opens it"))
            return None
        return self._visit(ways[pane.focus - 1])

    def _open_web(self) -> Effect | None:
        """The web link in focus, or the one page that is open; its address is on the screen."""
        here = self.state.trail.here
        if here is None:
            self._say(tr("open the link first: its address is shown before the browser is"))
            return None
        way = here.way
        if read_target(way.target, way.note.path).kind is not LinkKind.EXTERNAL:
            self._say(tr("not a web link"))
            return None
        return OpenWeb(way.target)

    def _focus(self, step: int) -> None:
        """Through the links of one pane, then those of the other."""
        both = self.state.trail.here is not None and self.state.overlay is None
        if not self.state.pane.focus_next(step, around=not both) and both:
            self.state.in_deep = not self.state.in_deep
            self.state.pane.focus = None
            self.state.pane.focus_next(step)

    # The screen.

    def _scroll(self, rows: int) -> None:
        self.state.pane.scroll(rows)

    def _page(self, pages: int) -> None:
        self.state.pane.page(pages)

    def _jump(self, *, end: bool) -> None:
        pane = self.state.pane
        pane.end() if end else pane.home()

    def _fold(self) -> None:
        self.state.unfolded = not self.state.unfolded
        self.state.opened = frozenset()

    def _next_formulas(self) -> None:
        self.state.formulas = FORMULAS[(FORMULAS.index(self.state.formulas) + 1) % len(FORMULAS)]
        names = {
            Formulas.AUTO: tr("formulas: boxes where they fit"),
            Formulas.LINE: tr("formulas: on one line"),
            Formulas.SOURCE: tr("formulas: as written"),
        }
        self._say(names[self.state.formulas])

    def _toggle(self, overlay: Overlay) -> None:
        here = self.state.trail.here
        if self.state.overlay is overlay:
            self._uncover()
            return
        if here is not None and self.state.overlay is None:
            here.place = self.state.deep.place
        self.state.overlay = overlay
        self.state.deep = Pane()
        self.state.in_deep = False

    def _uncover(self) -> None:
        """Take away what is on top; a page below it is where it was."""
        here = self.state.trail.here
        self.state.overlay = None
        self.state.deep = Pane()
        self.state.in_deep = here is not None
        if here is not None:
            self.state.deep.go_to(here.place)

    def _escape(self) -> None:
        if self.state.overlay is not None:
            self._uncover()
            return
        if self.state.trail.here is not None:
            self.state.trail.close()
        elif self.state.pane.focus is not None:
            self.state.pane.focus = None
        elif self.state.session.is_drilling:
            self.state.session.leave_drill()
            self._next()
            return
        self.state.in_deep = False

    def _say(self, text: str) -> None:
        self.state.message = clean(text)

    # The editor.

    def _edit(self) -> Effect | None:
        entry = self.state.entry
        if entry is None:
            return None
        problem = self.state.notes.editable(entry.note)
        if problem is not None:
            self._say(problem)
            return None
        return Edit(entry.note, entry.question.line)

    def edited(self, problem: str | None) -> None:
        """The same card again, as its note says it now."""
        hand = self.state.hand
        if problem is not None or hand is None:
            self._say(problem or "")
            return
        self.state.message = SafeText("")
        self._reread(hand.pick)
        said = self.state.message
        self.state.asked -= 1
        self._next()
        if self.state.hand is not None and self.state.hand.pick.entry.id == hand.pick.entry.id:
            self.state.hand.revealed = hand.revealed
            self.state.hand.hint = hand.hint
        self.state.message = said
