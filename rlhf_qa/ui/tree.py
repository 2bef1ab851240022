"""The questions as a tree that folds: decks, sections, questions, follow-ups, with their state.

Pure: built from a collection and the states of its cards. Knows no key and no screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from rlhf_qa.collection import Entry
from rlhf_qa.library import Note
from rlhf_qa.memory import CardId, CardState, StudyDay
from rlhf_qa.ui.words import standing


class Kind(Enum):
    """What a node of the tree is."""

    DECK = auto()
    SECTION = auto()
    QUESTION = auto()


@dataclass(slots=True)
class Node:
    """A deck, a section or a question."""

    kind: Kind
    label: str
    note: Note
    line: int
    depth: int
    parent: int | None
    entry: Entry | None = None
    children: list[int] = field(default_factory=list)
    open: bool = False
    state: str = ""
    """QUESTION: its standing, one of `words.standing`, or `unanswered`."""
    counts: Counter[str] = field(default_factory=Counter)
    """Questions here and below, by their standing."""

    @property
    def cards(self) -> int:
        """Questions here and below that have an answer."""
        return self.counts.total() - self.counts["unanswered"]


class Tree:
    """The nodes in document order; those below a closed one are out of sight."""

    def __init__(self, notes: Sequence[Note], entries: Sequence[Entry]) -> None:
        self.nodes: list[Node] = []
        self.totals: Counter[str] = Counter()
        """All questions, by their standing."""
        self._of_entry: dict[CardId, int] = {}
        shown = {(id(e.note), e.place.index): e for e in entries}
        for note in notes:
            if any((id(note), index) in shown for index in range(len(note.document.questions))):
                self._add_note(note, shown)
        for node in self.nodes:
            node.open = node.kind is not Kind.QUESTION and len(entries) <= _FEW
        self._visible: list[int] | None = None

    def update(self, states: Mapping[CardId, CardState], today: StudyDay) -> None:
        """Take in what is known of the cards."""
        for node in self.nodes:
            node.counts = Counter()
            if node.entry is not None:
                answered = node.entry.question.answered
                state = states.get(node.entry.id) or CardState(node.entry.id)
                node.state = standing(state, today) if answered else "unanswered"
                node.counts[node.state] += 1
        self.totals = Counter()
        for node in reversed(self.nodes):  # those below a node stand behind it
            above = self.totals if node.parent is None else self.nodes[node.parent].counts
            above.update(node.counts)

    @property
    def visible(self) -> Sequence[int]:
        """The nodes in sight."""
        if self._visible is None:
            self._visible = list(self._walk())
        return self._visible

    def index_of(self, card: CardId) -> int | None:
        """The node of a question."""
        return self._of_entry.get(card)

    def set_open(self, index: int, *, to: bool) -> None:
        """Open or close a node; one without children stays as it is."""
        if self.nodes[index].children:
            self.nodes[index].open = to
            self._visible = None

    def set_all(self, *, to: bool) -> None:
        """Open or close every node; decks stay open when there is only one."""
        decks = sum(node.kind is Kind.DECK for node in self.nodes)
        for node in self.nodes:
            node.open = bool(node.children) and (to or (node.kind is Kind.DECK and decks == 1))
        self._visible = None

    def reveal(self, index: int) -> None:
        """Open everything above a node."""
        above = self.nodes[index].parent
        while above is not None:
            self.nodes[above].open = True
            above = self.nodes[above].parent
        self._visible = None

    def open_state(self) -> tuple[bool, ...]:
        """Which nodes are open, to come back to."""
        return tuple(node.open for node in self.nodes)

    def restore(self, state: Sequence[bool]) -> None:
        """Back to an earlier state of folds."""
        for node, is_open in zip(self.nodes, state, strict=True):
            node.open = is_open
        self._visible = None

    def below(self, index: int) -> Iterator[Node]:
        """A node and everything under it."""
        stack = [index]
        while stack:
            at = stack.pop()
            yield self.nodes[at]
            stack += reversed(self.nodes[at].children)

    def entries(self, index: int) -> tuple[Entry, ...]:
        """The questions at and under a node."""
        return tuple(node.entry for node in self.below(index) if node.entry is not None)

    def _add_note(self, note: Note, shown: Mapping[tuple[int, int], Entry]) -> None:
        deck = self._add(Node(Kind.DECK, note.document.short_title, note, 1, 0, None))
        places: dict[int, int] = {}
        headings = note.document.headings
        title = next((n for n, h in enumerate(headings) if h.level == 1), None)
        for number, heading in enumerate(headings):
            if number == title or not heading.text:
                continue
            above = heading.parent
            while above is not None and above not in places:
                above = headings[above].parent
            parent = deck if above is None else places[above]
            depth = self.nodes[parent].depth + 1
            if heading.question is None:
                node = Node(Kind.SECTION, heading.text, note, heading.line, depth, parent)
                places[number] = self._add(node)
                continue
            entry = shown.get((id(note), heading.question))
            if entry is not None:
                text = entry.question.text
                node = Node(Kind.QUESTION, text, note, heading.line, depth, parent, entry)
                places[number] = self._of_entry[entry.id] = self._add(node)

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        index = len(self.nodes) - 1
        if node.parent is not None:
            self.nodes[node.parent].children.append(index)
        return index

    def _walk(self) -> Iterator[int]:
        stack = [n for n in range(len(self.nodes) - 1, -1, -1) if self.nodes[n].parent is None]
        while stack:
            at = stack.pop()
            yield at
            if self.nodes[at].open:
                stack += reversed(self.nodes[at].children)


_FEW = 200
"""Up to so many questions, decks and sections begin open."""
