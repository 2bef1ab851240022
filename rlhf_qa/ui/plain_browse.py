"""Browsing in lines: numbered entries, and a number, `..` or words typed at them.

Never grades: practising what is selected is the line-mode quiz.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rlhf_qa.collection import Entry
from rlhf_qa.links import read_target
from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.messages import mark, tr, trn
from rlhf_qa.model import LinkKind
from rlhf_qa.render.blocks import Formulas
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import wrap_text
from rlhf_qa.search import Index
from rlhf_qa.session import Session
from rlhf_qa.ui import card
from rlhf_qa.ui.dialogue import Dialogue, Help, Step, Talk
from rlhf_qa.ui.notes import Notes, Select
from rlhf_qa.ui.said import flipped
from rlhf_qa.ui.tree import Kind, Node, Tree
from rlhf_qa.ui.words import standing_word

HELP: Final[Help] = (
    ("N", mark("open entry number N")),
    ("..", mark("up")),
    ("/ words", mark("search")),
    ("d, d N", mark("list the links of a question, open number N")),
    ("o", mark("open the web link shown last in the browser")),
    ("p", mark("practise what is shown")),
    ("* @", mark("mark, suspend or take back")),
    ("e", mark("edit the note")),
    ("L", mark("the other language")),
    ("i", mark("history and place")),
    ("q", mark("leave")),
)


@dataclass
class Desk(Talk):
    """What browsing works on."""

    notes: Notes
    select: Select
    sitting: Callable[[Sequence[Entry]], Session]
    practise: Callable[[Sequence[Entry]], None]
    edit: Callable[[Entry], str | None]
    open_web: Callable[[str], None]
    states: Callable[[], Mapping[CardId, CardState]]
    today: StudyDay
    flips: dict[CardId, int] = field(default_factory=dict)

    def tree(self) -> Tree:
        """The questions as they are now."""
        collection = self.notes.collection
        tree = Tree(collection.library.notes, self.select(collection.entries))
        tree.update(self.states(), self.today)
        return tree


def run(desk: Desk) -> None:
    """Look around until the learner or the input leaves."""
    _Browse(desk).run()


class _Browse(Dialogue):
    """A place in the tree, or the hits of a search, as numbered entries."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tree = desk.tree()
        self._at: int | None = None
        """The node that is open; None: all decks."""
        self._entries: list[int] = []
        """The nodes that have a number."""
        self._opened: card.Way | None = None
        self.commands = {
            "": self.stay,
            "..": self._up,
            "d": self._links,
            "o": self._open_web,
            "p": self._practise,
            "*": self._mark,
            "@": self._suspend,
            "e": self._edit,
            "L": self._flip,
            "i": self._info,
            "?": self._help,
            "q": self.quit,
        }

    def run(self) -> Step:
        """Show where we are, and follow what is typed."""
        self._show()
        return super().run()

    def prompt(self) -> str:
        """Where we are, and what may be typed."""
        return tr("[number  ..: up  /words: search  ?: help  q: leave] >")

    def follow(self, typed: str) -> Step:
        """A number, a search, a link, or a command."""
        if typed.isdecimal():
            return self._open(int(typed[:9]))
        if typed.startswith("/"):
            return self._search(typed[1:])
        letter, _, number = typed.partition(" ")
        if letter == "d" and number.strip().isdecimal():
            return self._link(int(number[:9]))
        return super().follow(typed)

    # Places.

    def _show(self) -> None:
        node = self._node
        if node is not None:
            self._desk.out.line()
            self._show_node(node)
        nodes = self._tree.nodes
        below = node.children if node else [n for n, x in enumerate(nodes) if x.parent is None]
        self._number(below)
        if not below and node is None:
            self._desk.say(tr("no questions here"))

    def _show_node(self, node: Node) -> None:
        out, desk = self._desk.out, self._desk
        if node.entry is None:
            out.lines(wrap_text(clean(node.label), out.width, Role.HEADING))
            return
        entry = self._entry_of(node)
        options = replace(desk.notes.options, folded=False, formulas=Formulas.LINE)
        out.lines([card.trail(entry, desk.notes.every, out.width)])
        out.lines(card.question(entry, out.width, options))
        out.line()
        out.lines(self._answer(entry).lines)
        desk.say(self._standing(node), Role.DIM)

    def _number(self, indexes: Sequence[int]) -> None:
        """Entries a line each, with their numbers."""
        self._entries = list(indexes)
        out = self._desk.out
        if indexes:
            out.line()
        width = len(str(len(indexes)))
        for number, index in enumerate(indexes, 1):
            node = self._tree.nodes[index]
            lead = SafeText(f"{number:>{width}}. ")
            said = f"{node.label} · {self._standing_of(index)}"
            lines = wrap_text(clean(said), max(out.width - len(lead), 12))
            blank = SafeText(" " * len(lead))
            for at, line in enumerate(lines):
                first = Span(blank if at else lead, Role.MARKER)
                out.lines([Line((first, *line.spans))])

    def _standing_of(self, index: int) -> str:
        node = self._tree.nodes[index]
        if node.kind is Kind.QUESTION:
            below = len(node.children)
            more = trn("{n} follow-up", "{n} follow-ups", below) if below else ""
            return " · ".join(filter(None, (standing_word(node.state), more)))
        parts = [trn("{n} card", "{n} cards", node.cards)]
        parts += [
            f"{node.counts[word]} {standing_word(word)}"
            for word in ("due", "new")
            if node.counts[word]
        ]
        return ", ".join(parts)

    def _standing(self, node: Node) -> str:
        return standing_word(node.state)

    @property
    def _node(self) -> Node | None:
        return None if self._at is None else self._tree.nodes[self._at]

    def _entry_of(self, node: Node) -> Entry:
        entry = node.entry
        if entry is None:
            raise AssertionError("only questions have an entry")
        return flipped(entry, self._desk.flips.get(entry.id, 0))

    def _answer(self, entry: Entry) -> card.Shown:
        desk = self._desk
        options = replace(desk.notes.options, folded=False, formulas=Formulas.LINE)
        return card.answer(entry, desk.notes.collection.library, desk.out.width, options)

    def _open(self, number: int) -> Step:
        if not 1 <= number <= len(self._entries):
            self._desk.say(tr("no entry {number} here", number=number))
            return Step.STAY
        self._at = self._entries[number - 1]
        self._show()
        return Step.STAY

    def _up(self) -> Step:
        node = self._node
        self._at = node.parent if node else None
        self._show()
        return Step.STAY

    def _search(self, words: str) -> Step:
        found = Index(self._desk.select(self._desk.notes.collection.entries)).find(words)
        nodes = (self._tree.index_of(hit.entry.id) for hit in found)
        hits = [node for node in nodes if node is not None]
        self._desk.say(trn("{n} hit", "{n} hits", len(hits)))
        if hits:
            self._number(hits)
        return Step.STAY

    # Links.

    def _ways(self) -> tuple[card.Way, ...]:
        node = self._node
        return self._answer(self._entry_of(node)).ways if node and node.entry else ()

    def _links(self) -> Step:
        ways = self._ways()
        if not ways:
            self._desk.say(tr("no links here"))
        for number, way in enumerate(ways, 1):
            self._desk.say(f"[{number}] {way.target}")
        return Step.STAY

    def _link(self, number: int) -> Step:
        desk, ways = self._desk, self._ways()
        if not 1 <= number <= len(ways):
            desk.say(tr("no link {number} here; d lists them", number=number))
            return Step.STAY
        self._opened = ways[number - 1]
        options = replace(desk.notes.options, folded=False, formulas=Formulas.LINE)
        library = desk.notes.collection.library
        desk.out.lines(card.follow(library, self._opened, desk.out.width, options).lines)
        return Step.STAY

    def _open_web(self) -> Step:
        way = self._opened
        if way and read_target(way.target, way.note.path).kind is LinkKind.EXTERNAL:
            self._desk.open_web(way.target)
        else:
            said = tr("open the link first (d N): its address is shown before the browser is")
            self._desk.say(said)
        return Step.STAY

    # Acts.

    def _practise(self) -> Step:
        at = self._at
        every = range(len(self._tree.nodes)) if at is None else ()
        found = [n.entry for i in every if (n := self._tree.nodes[i]).entry is not None]
        entries = found if at is None else list(self._tree.entries(at))
        answered = [entry for entry in entries if entry.question.answered]
        if not answered:
            self._desk.say(tr("nothing here has an answer yet"))
            return Step.STAY
        self._desk.practise(answered)
        self._tree.update(self._desk.states(), self._desk.today)
        self._show()
        return Step.STAY

    def _with_question(self, act: Callable[[Entry], None]) -> Step:
        node = self._node
        if node is None or node.entry is None:
            self._desk.say(tr("open a question first"))
        else:
            act(node.entry)
            self._tree.update(self._desk.states(), self._desk.today)
        return Step.STAY

    def _mark(self) -> Step:
        def act(entry: Entry) -> None:
            on = self._desk.sitting([entry]).mark(entry)
            self._desk.say(tr("marked") if on else tr("mark taken off"))

        return self._with_question(act)

    def _suspend(self) -> Step:
        def act(entry: Entry) -> None:
            if not entry.question.answered:
                self._desk.say(tr("nothing here has an answer yet"))
                return
            on = self._desk.sitting([entry]).toggle_suspended(entry)
            self._desk.say(tr("suspended") if on else tr("asked again from now on"))

        return self._with_question(act)

    def _info(self) -> Step:
        def act(entry: Entry) -> None:
            known = self._desk.states().get(entry.id) or CardState(entry.id)
            for text in card.past(known, entry):
                self._desk.say(text)

        return self._with_question(act)

    def _flip(self) -> Step:
        def act(entry: Entry) -> None:
            if not entry.siblings:
                self._desk.say(tr("this card has no other language"))
                return
            self._desk.flips[entry.id] = self._desk.flips.get(entry.id, 0) + 1
            self._show()

        return self._with_question(act)

    def _edit(self) -> Step:
        def act(entry: Entry) -> None:
            desk = self._desk
            problem = desk.notes.editable(entry.note) or desk.edit(entry)
            if problem is not None:
                desk.say(problem)
                return
            desk.notes.renew(entry.note)
            self._tree = desk.tree()
            self._at = self._tree.index_of(entry.id)
            if self._at is None:
                desk.say(tr("that question is no longer in its note"))
            self._show()

        return self._with_question(act)

    def _help(self) -> Step:
        self._desk.help(HELP)
        return Step.STAY
