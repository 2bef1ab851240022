"""Browsing on a full screen: which key does what to the tree, the preview and the search.

Draws nothing (browse_view.py) and never grades: practising what is selected is a quiz on top.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rlhf_qa.collection import Entry
from rlhf_qa.errors import NotStored
from rlhf_qa.links import read_target
from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.messages import tr
from rlhf_qa.model import LinkKind
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.search import Index
from rlhf_qa.session import Session
from rlhf_qa.ui.browse_state import Cover, Search, State
from rlhf_qa.ui.browse_view import View
from rlhf_qa.ui.face import Edit, Effect, Enter, Leave, OpenWeb
from rlhf_qa.ui.frame import Frame
from rlhf_qa.ui.hand import Visit
from rlhf_qa.ui.notes import FORMULAS, Notes, Select
from rlhf_qa.ui.pane import Pane
from rlhf_qa.ui.quiz import Quiz
from rlhf_qa.ui.tree import Tree
from rlhf_qa.ui.typed import RepeatGuard

Sitting = Callable[[Sequence[Entry]], Session]
"""A sitting over these questions."""
States = Callable[[], Mapping[CardId, CardState]]


class Browse:
    """The tree of all questions, with a preview beside it."""

    def __init__(
        self,
        notes: Notes,
        select: Select,
        sitting: Sitting,
        *,
        states: States,
        today: StudyDay,
        title: str,
    ) -> None:
        tree = Tree(notes.collection.library.notes, select(notes.collection.entries))
        self._select = select
        self._collection = notes.collection
        self.state = State(notes, tree, states(), today, title)
        tree.update(self.state.states, today)
        self._states = states
        self._sitting = sitting
        self._guard = RepeatGuard()
        self._view = View(self.state)
        self._commands: Mapping[str, Callable[[], Effect | None]] = {
            "?": lambda: self._toggle(Cover.HELP),
            "i": lambda: self._toggle(Cover.INFO),
            "q": Leave,
            "escape": self._escape,
            "j": lambda: self._move(1),
            "down": lambda: self._move(1),
            "k": lambda: self._move(-1),
            "up": lambda: self._move(-1),
            "pagedown": lambda: self._page(1),
            "ctrl+d": lambda: self._page(1),
            "pageup": lambda: self._page(-1),
            "ctrl+u": lambda: self._page(-1),
            "g": lambda: self._jump(end=False),
            "home": lambda: self._jump(end=False),
            "G": lambda: self._jump(end=True),
            "end": lambda: self._jump(end=True),
            "l": self._open,
            "right": self._open,
            "enter": self._open,
            "h": self._close,
            "left": self._close,
            "space": self._toggle_node,
            "z": self._toggle_all,
            "tab": lambda: self._focus(1),
            "shift+tab": lambda: self._focus(-1),
            "[": lambda: self._travel(-1),
            "alt+left": lambda: self._travel(-1),
            "]": lambda: self._travel(1),
            "alt+right": lambda: self._travel(1),
            "o": self._open_web,
            "/": self._start_search,
            "n": lambda: self._to_hit(1),
            "N": lambda: self._to_hit(-1),
            "p": self._practise,
            "e": self._edit,
            "*": self._mark,
            "@": self._suspend,
            "L": self._flip,
            "m": self._next_formulas,
        }

    @property
    def keys(self) -> frozenset[str]:
        """Every key that does anything."""
        return frozenset(self._commands)

    def settle(self) -> None:
        """Make ready for a search, now that the first screen is drawn."""
        if self.state.index is None:
            self.state.index = Index(self._select(self.state.notes.collection.entries))

    # Keys.

    def press(self, key: str) -> Effect | None:
        """Follow a key."""
        state = self.state
        if state.search is not None and state.search.typing:
            self._type(key)
            return None
        if self._guard.is_repeat(key, state.notes.clock.monotonic()):
            return None
        state.message = SafeText("")
        does = self._commands.get(key)
        if does is None:
            return None
        try:
            return does()
        except NotStored as error:
            self._say(str(error))
            return None

    def paste(self, text: str) -> None:
        """Take pasted words into the search that is being typed."""
        search = self.state.search
        if search is not None and search.typing:
            search.typed += " ".join(text.split())[:200]
            self._find()

    def click(self, column: int, row: int) -> Effect | None:
        """A row of the tree is selected, and opened if it was; a link is followed."""
        key = self._view.last.key_at(column, row)
        if key is not None and not key.startswith("row:"):
            return self.press(key)
        if key is not None:
            node = int(key.removeprefix("row:"))
            again = node == self.state.cursor
            self.state.in_preview = False
            self.state.select(node)
            if again:
                self._toggle_node()
            return None
        target = self._view.target_at(column, row)
        if target is None:
            return None
        self.state.in_preview = True
        self.state.preview.focus = target
        return self._follow_link()

    def wheel(self, column: int, row: int, rows: int) -> None:
        """Scroll the tree or the preview."""
        state = self.state
        if self._view.is_tree(column, row):
            last = max(0, len(state.tree.visible) - state.rows)
            state.top = min(max(state.top + rows, 0), last)
            self._view.follow_cursor = False
        else:
            state.preview.scroll(rows)

    def frame(self, width: int, height: int) -> Frame:
        """The screen."""
        return self._view.frame(width, height)

    # Moving.

    def _move(self, rows: int) -> None:
        state = self.state
        if state.in_preview or state.cover is not None:
            state.preview.scroll(rows)
            return
        visible = state.tree.visible
        if visible:
            state.select(visible[min(max(state.row + rows, 0), len(visible) - 1)])

    def _page(self, pages: int) -> None:
        state = self.state
        if state.in_preview or state.cover is not None:
            state.preview.page(pages)
        else:
            self._move(pages * max(1, state.rows - 1))

    def _jump(self, *, end: bool) -> None:
        state = self.state
        if state.in_preview or state.cover is not None:
            pane = state.preview
            pane.end() if end else pane.home()
        elif state.tree.visible:
            state.select(state.tree.visible[-1 if end else 0])

    def _open(self) -> Effect | None:
        state, node = self.state, self.state.node
        if state.in_preview:
            return self._follow_link()
        if node is None or state.cover is not None:
            return None
        if node.children and not node.open:
            state.tree.set_open(state.cursor, to=True)
        elif node.children:
            state.select(node.children[0])
        else:
            state.cover = Cover.PREVIEW
        return None

    def _close(self) -> None:
        state, node = self.state, self.state.node
        if state.cover is not None or state.in_preview:
            self._escape()
        elif node is not None and node.open and node.children:
            state.tree.set_open(state.cursor, to=False)
        elif node is not None and node.parent is not None:
            state.select(node.parent)

    def _toggle_node(self) -> None:
        state, node = self.state, self.state.node
        if state.in_preview or state.cover is not None:
            state.preview.page(1)
        elif node is not None:
            state.tree.set_open(state.cursor, to=not node.open)

    def _toggle_all(self) -> None:
        state = self.state
        closed = any(node.children and not node.open for node in state.tree.nodes)
        state.tree.set_all(to=closed)
        while (node := state.node) and state.cursor not in state.tree.visible:
            state.select(node.parent or 0)

    def _escape(self) -> None:
        state = self.state
        if state.cover is not None:
            state.cover = None
            state.preview = Pane()
        elif state.trail.here is not None:
            state.trail.close()
            state.preview = Pane()
        elif state.in_preview:
            state.preview.focus = None
        elif state.search is not None:
            self._end_search()
        state.in_preview = False

    def _toggle(self, cover: Cover) -> None:
        state = self.state
        state.cover = None if state.cover is cover else cover
        state.preview = Pane()
        state.in_preview = False

    # Links of the preview.

    def _focus(self, step: int) -> None:
        state = self.state
        found = state.preview.focus_next(step, around=False)
        state.in_preview = found or not state.in_preview

    def _follow_link(self) -> Effect | None:
        state = self.state
        ways, focus = self._view.ways(), state.preview.focus
        if focus is None or not 0 < focus <= len(ways):
            return None
        if state.trail.here is not None:
            state.trail.here.place = state.preview.place
        state.trail.open(Visit(ways[focus - 1]))
        state.preview = Pane()
        return None

    def _travel(self, step: int) -> None:
        state = self.state
        here = state.trail.here
        if here is None:
            return
        here.place = state.preview.place
        if state.trail.move(step) and state.trail.here is not None:
            state.preview = Pane()
            state.preview.go_to(state.trail.here.place)
        elif step < 0:
            state.trail.close()
            state.preview = Pane()
        else:
            self._say(tr("nothing after this"))

    def _open_web(self) -> Effect | None:
        here = self.state.trail.here
        if here is None:
            self._say(tr("open the link first: its address is shown before the browser is"))
            return None
        way = here.way
        if read_target(way.target, way.note.path).kind is not LinkKind.EXTERNAL:
            self._say(tr("not a web link"))
            return None
        return OpenWeb(way.target)

    # Search.

    def _start_search(self) -> None:
        state = self.state
        before = state.search
        folds = before.folds if before else state.tree.open_state()
        state.search = Search(folds, before.came_from if before else state.cursor)
        state.cover = None
        state.in_preview = False

    def _type(self, key: str) -> None:
        search = self.state.search
        if search is None:
            return
        match key:
            case "escape":
                self._end_search()
            case "enter" | "down" | "tab":
                search.typing = False
                if not search.words:
                    self._end_search()
            case "backspace" | "ctrl+h":
                search.typed = search.typed[:-1]
                self._find()
            case "ctrl+u":
                search.typed = ""
                self._find()
            case "space":
                search.typed += " "
                self._find()
            case _ if len(key) == 1 or not key.isascii():
                search.typed += key
                self._find()

    def _find(self) -> None:
        """Look for what is typed; without a hit the last tree stays."""
        state, search = self.state, self.state.search
        if search is None:
            return
        self.settle()
        search.hits = state.index.find(search.typed) if state.index else ()
        search.at = 0
        if not search.hits:
            return
        state.tree.restore(search.folds)
        for hit in search.hits:
            node = state.tree.index_of(hit.entry.id)
            if node is not None:
                state.tree.reveal(node)
        self._show_hit()

    def _to_hit(self, step: int) -> None:
        search = self.state.search
        if search is None or not search.hits:
            self._say(tr("nothing is searched for: / starts"))
            return
        search.at = (search.at + step) % len(search.hits)
        self._show_hit()

    def _show_hit(self) -> None:
        state, search = self.state, self.state.search
        if search is None or not search.hits:
            return
        node = state.tree.index_of(search.hits[search.at].entry.id)
        if node is not None:
            state.tree.reveal(node)
            state.select(node)

    def _end_search(self) -> None:
        """The tree as it was before."""
        state, search = self.state, self.state.search
        state.search = None
        if search is not None:
            state.tree.restore(search.folds)
            state.select(search.came_from)

    # Acts.

    def _entry(self) -> Entry | None:
        node = self.state.node
        return node.entry if node else None

    def _practise(self) -> Effect | None:
        state = self.state
        below = state.tree.entries(state.cursor) if state.node else ()
        entries = [entry for entry in below if entry.question.answered]
        if not entries:
            self._say(tr("nothing here has an answer yet"))
            return None
        cards = frozenset(entry.id for entry in entries)
        session = self._sitting(entries)
        return Enter(Quiz(state.notes, session, lambda every: _those(every, cards), title=""))

    def back(self) -> None:
        """A quiz was left: what is known of the cards may have changed, and so may the notes."""
        if self.state.notes.collection is self._collection:
            self._look_again()
        else:
            self._read_again()

    def _look_again(self) -> None:
        state = self.state
        state.states = self._states()
        state.tree.update(state.states, state.today)

    def _edit(self) -> Effect | None:
        node = self.state.node
        if node is None:
            return None
        problem = self.state.notes.editable(node.note)
        if problem is not None:
            self._say(problem)
            return None
        return Edit(node.note, node.line)

    def edited(self, problem: str | None) -> None:
        """The tree as the note says it now, the cursor on the same question if it is there."""
        state, node = self.state, self.state.node
        if problem is not None or node is None:
            self._say(problem or "")
            return
        state.notes.renew(node.note)
        self._read_again()

    def _read_again(self) -> None:
        """A tree of the notes as they are now."""
        state, entry = self.state, self._entry()
        closed = {n.label for n in state.tree.nodes if not n.open}
        collection = self._collection = state.notes.collection
        state.tree = Tree(collection.library.notes, self._select(collection.entries))
        for index, other in enumerate(state.tree.nodes):
            state.tree.set_open(index, to=other.label not in closed)
        state.search = state.index = None
        state.cursor = 0
        state.select((entry and state.tree.index_of(entry.id)) or 0)
        if entry is not None and state.tree.index_of(entry.id) is None:
            self._say(tr("that question is no longer in its note"))
        self._look_again()

    def _mark(self) -> None:
        entry = self._entry()
        if entry is not None:
            on = self._sitting([entry]).mark(entry)
            self._look_again()
            self._say(tr("marked") if on else tr("mark taken off"))

    def _suspend(self) -> None:
        entry = self._entry()
        if entry is None:
            return
        if not entry.question.answered:
            self._say(tr("nothing here has an answer yet"))
            return
        on = self._sitting([entry]).toggle_suspended(entry)
        self._look_again()
        self._say(tr("suspended") if on else tr("asked again from now on"))

    def _flip(self) -> None:
        entry = self._entry()
        if entry is None or not entry.siblings:
            self._say(tr("this card has no other language"))
            return
        flips = self.state.flips
        flips[entry.id] = flips.get(entry.id, 0) + 1
        self.state.trail.close()

    def _next_formulas(self) -> None:
        state = self.state
        state.formulas = FORMULAS[(FORMULAS.index(state.formulas) + 1) % len(FORMULAS)]

    def _say(self, text: str) -> None:
        self.state.message = clean(text)


def _those(every: Sequence[Entry], cards: frozenset[CardId]) -> Sequence[Entry]:
    return [entry for entry in every if entry.id in cards]
