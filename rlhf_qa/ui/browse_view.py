"""How browsing looks: the state of browse.py as a screen of any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rlhf_qa.memory import CardState
from rlhf_qa.messages import tr, trn
from rlhf_qa.render.blocks import Options
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import cells, fit, wrap_text
from rlhf_qa.search import matches
from rlhf_qa.ui import card
from rlhf_qa.ui.browse_state import Cover
from rlhf_qa.ui.frame import (
    Frame,
    Item,
    Region,
    beside,
    cut_line,
    ends,
    filled,
    footer,
    line_of,
    padded,
    too_small,
)
from rlhf_qa.ui.help import help_lines
from rlhf_qa.ui.keys import BROWSE
from rlhf_qa.ui.listing import SYMBOLS
from rlhf_qa.ui.said import flipped
from rlhf_qa.ui.tree import Kind, Node
from rlhf_qa.ui.words import standing_word

if TYPE_CHECKING:
    from rlhf_qa.collection import Entry
    from rlhf_qa.ui.browse_state import State

_STACKED: Final = 60
"""Columns below which the preview stands under the tree."""
_TREE_SHARE: Final = 0.45
_TEXT_WIDTH: Final = 84

_ROLES: Final = {
    "new": Role.NEW,
    "learning": Role.LEARNING,
    "known": Role.KNOWN,
    "due": Role.DUE,
    "suspended": Role.ASIDE,
    "buried": Role.ASIDE,
    "unanswered": Role.ASIDE,
}


class View:
    """The screens of browse."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._kept: dict[object, card.Shown] = {}
        self._kept_of = state.notes.collection
        self.last = Frame(())
        self.follow_cursor = True
        """Whether the tree scrolls with the cursor; the wheel lets go of it."""
        self._cursor_seen = -1
        self._preview_area = (0, 0, 0, 0)
        self._tree_area = (0, 0, 0, 0)

    def frame(self, width: int, height: int) -> Frame:
        """The whole screen."""
        if self._kept_of is not self._state.notes.collection:
            self._kept_of = self._state.notes.collection
            self._kept.clear()
        small = too_small(width, height)
        if small is not None:
            self.last = small
            return small
        state = self._state
        head = 1
        body = height - head - 2
        middle, regions = self._middle(width, body, head)
        foot, more = footer(self._items(), width, height - 1)
        status, cursor = self._status(width, height - 2)
        title = line_of(clean(f" {state.title}"), Role.TITLE)
        rows = [ends(title, self._totals(), width - 1), *filled(middle, body), status, foot]
        cut = tuple(cut_line(row, width) for row in rows)
        self.last = Frame(cut, (*regions, *more), cursor)
        return self.last

    def ways(self) -> Sequence[card.Way]:
        """Where the links of the preview lead."""
        return self._shown(_TEXT_WIDTH).ways

    def is_tree(self, column: int, row: int) -> bool:
        """Whether the tree is drawn there."""
        left, first, end, last = self._tree_area
        return left <= column < end and first <= row < last

    def target_at(self, column: int, row: int) -> int | None:
        """The link drawn there."""
        left, first, end, last = self._preview_area
        if not (left <= column < end and first <= row < last):
            return None
        return self._state.preview.target_at(row - first, column - left, end - left)

    # The parts.

    def _totals(self) -> Line:
        totals = self._state.tree.totals
        cards = totals.total() - totals["unanswered"]
        parts = [trn("{n} card", "{n} cards", cards)]
        parts += [
            f"{totals[word]} {standing_word(word)}"
            for word in ("due", "new", "unanswered")
            if totals[word]
        ]
        return line_of(clean(" · ".join(parts)), Role.DIM)

    def _middle(self, width: int, height: int, first: int) -> tuple[list[Line], tuple[Region, ...]]:
        state = self._state
        if not state.tree.nodes:
            text = tr("no questions here")
            return [_lead(line) for line in wrap_text(clean(text), width - 2)], ()
        if state.cover is not None:
            self._tree_area = (0, 0, 0, 0)
            lines = self._cover(min(width - 2, _TEXT_WIDTH), height, first)
            return [_lead(line) for line in lines], ()
        if width < _STACKED:
            above = height // 2
            tree, regions = self._tree(width, above, first)
            rule = line_of(SafeText("─" * width), Role.BAR)
            below = self._preview(width - 2, height - above - 1, 1, first + above + 1)
            return [*filled(tree, above), rule, *map(_lead, below)], regions
        left = int(width * _TREE_SHARE)
        tree, regions = self._tree(left, height, first)
        right = width - left - 4
        preview = self._preview(right, height, left + 3, first)
        return beside(filled(tree, height), preview, left, SafeText("│")), regions

    def _tree(self, width: int, height: int, first: int) -> tuple[list[Line], tuple[Region, ...]]:
        state = self._state
        state.rows = height
        if self.follow_cursor or state.cursor != self._cursor_seen:
            state.keep_in_sight()
            self.follow_cursor = True
        self._cursor_seen = state.cursor
        self._tree_area = (0, first, width, first + height)
        shown = state.tree.visible[state.top : state.top + height]
        rows = [self._row(index, width) for index in shown]
        regions = tuple(
            Region(first + n, 0, width, f"row:{index}") for n, index in enumerate(shown)
        )
        return rows, regions

    def _row(self, index: int, width: int) -> Line:
        state = self._state
        node = state.tree.nodes[index]
        symbols = state.notes.options.ascii
        fold = ("▾" if node.open else "▸") if node.children else " "
        fold = {"▾": "-", "▸": "+"}.get(fold, fold) if symbols else fold
        indent = min(node.depth, max(0, (width - 16) // 2))
        spans = [Span(SafeText(f" {'  ' * indent}{fold} "), Role.MARKER)]
        if node.kind is Kind.QUESTION:
            sign = SYMBOLS[node.state][1 if symbols else 0]
            spans.append(Span(SafeText(f"{sign} "), _ROLES[node.state]))
            right = Line()
        else:
            right = self._counts(node)
        role = Role.TEXT if node.kind is Kind.QUESTION else Role.HEADING
        spans += self._marked(clean(node.label), role)
        line = ends(Line(tuple(spans)), right, width)
        if index != state.cursor:
            return line
        role = Role.FOCUS if not state.in_preview else Role.TITLE
        return Line(tuple(replace(s, role=role) for s in padded(line, width).spans))

    def _counts(self, node: Node) -> Line:
        due, new = node.counts["due"], node.counts["new"]
        if due:
            text = f"{due}/{node.cards} {standing_word('due')}"
        elif new:
            text = f"{new}/{node.cards} {standing_word('new')}"
        else:
            text = f"{node.cards}"
        return line_of(clean(text), Role.DIM)

    def _marked(self, text: SafeText, role: Role) -> list[Span]:
        """Text with the words that are searched for marked."""
        search = self._state.search
        if search is None or not search.words:
            return [Span(text, role)]
        return _with_matches((Span(text, role),), search.words)

    def _preview(self, width: int, height: int, left: int, first: int) -> list[Line]:
        """What is selected: its place, the question, the answer."""
        state = self._state
        head, shown = self._head(width), self._shown(width)
        lines: Sequence[Line] = shown.lines
        state.preview.lay_out(lines, height - len(head))
        self._preview_area = (left, first + len(head), left + width, first + height)
        search = state.search
        visible: Sequence[Line] = state.preview.visible
        if search is not None and search.words:
            visible = [Line(tuple(_with_matches(line.spans, search.words))) for line in visible]
        return [*head, *visible]

    def _head(self, width: int) -> list[Line]:
        state, node = self._state, self._state.node
        if node is None:
            return []
        if state.trail.here is not None:
            back = line_of(clean(f"[ {tr('back')}"), Role.DIM)
            return [ends(line_of(clean(node.label), Role.DIM), back, width)]
        above: list[str] = []
        at = node.parent
        while at is not None:
            above.insert(0, state.tree.nodes[at].label)
            at = state.tree.nodes[at].parent
        return [line_of(fit(clean(" › ".join(above) or node.note.path), width), Role.DIM)]

    def _shown(self, width: int) -> card.Shown:
        state, node = self._state, self._state.node
        if node is None:
            return card.Shown(())
        here = state.trail.here
        known = state.states.get(node.entry.id) if node.entry else None
        at = (id(here.way.note), here.way.target) if here else None
        flips = state.flips.get(node.entry.id, 0) if node.entry else 0
        key = (id(node), at, width, self._options(), node.state, known, flips)
        if key not in self._kept:
            if len(self._kept) > 32:  # noqa: PLR2004 -- a few widths of a few questions
                self._kept.clear()
            self._kept[key] = self._drawn(node, width)
        return self._kept[key]

    def _options(self) -> Options:
        state = self._state
        return replace(state.notes.options, folded=False, formulas=state.formulas)

    def _drawn(self, node: Node, width: int) -> card.Shown:
        state, library = self._state, self._state.notes.collection.library
        here = state.trail.here
        if here is not None:
            return card.follow(library, here.way, width, self._options())
        if node.entry is None:
            return card.Shown(tuple(self._overview(node, width)))
        entry = flipped(node.entry, state.flips.get(node.entry.id, 0))
        question = card.question(entry, width, self._options())
        rule = line_of(SafeText("─" * width), Role.BAR)
        answer = card.answer(entry, library, width, self._options())
        foot = [Line(), self._standing(node)]
        return card.Shown((*question, rule, *answer.lines, *foot), answer.ways)

    def _standing(self, node: Node) -> Line:
        entry, state = node.entry, self._state
        sign = SYMBOLS[node.state][1 if state.notes.options.ascii else 0]
        known = state.states.get(entry.id) if entry else None
        said = [standing_word(node.state)]
        if known is not None and known.memory is not None:
            said.append(tr("{reps} graded, {lapses} lapses", reps=known.reps, lapses=known.lapses))
        elif node.state == "new":
            said.append(tr("never asked"))
        if known is not None and known.marks:
            said.append(tr("marked"))
        return Line(
            (
                Span(SafeText(f"{sign} "), _ROLES[node.state]),
                Span(clean(" · ".join(said)), Role.DIM),
            )
        )

    def _overview(self, node: Node, width: int) -> list[Line]:
        """What a deck or section holds."""
        state = self._state
        lines = list(wrap_text(clean(node.label), width, Role.QUESTION))
        lines.append(line_of(fit(clean(f"{node.note.path}:{node.line}"), width), Role.DIM))
        lines.append(Line())
        if not node.counts:
            lines += wrap_text(clean(tr("no questions here")), width, Role.DIM)
        for word, count in node.counts.items():
            sign = SYMBOLS[word][1 if state.notes.options.ascii else 0]
            text = f"{count} {standing_word(word)}"
            lines.append(
                Line((Span(SafeText(f"{sign} "), _ROLES[word]), Span(clean(text), Role.TEXT)))
            )
        return lines

    def _cover(self, width: int, height: int, first: int) -> list[Line]:
        state = self._state
        if state.cover is Cover.PREVIEW:
            return self._preview(width, height, 1, first)
        if state.cover is Cover.HELP:
            lines = help_lines(BROWSE, width)
        else:
            lines = [li for text in self._info() for li in wrap_text(clean(text), width)]
        state.preview.lay_out(lines, height)
        return list(state.preview.visible)

    def _info(self) -> list[str]:
        node = self._state.node
        entry: Entry | None = node.entry if node else None
        if entry is None:
            return [f"{node.note.path}:{node.line}"] if node else []
        known = self._state.states.get(entry.id) or CardState(entry.id)
        return card.past(known, entry)

    def _status(self, width: int, row: int) -> tuple[Line, tuple[int, int] | None]:
        state, search = self._state, self._state.search
        if search is None:
            below = state.preview.below if state.in_preview or state.cover else 0
            more = "▼ " + trn("{n} line", "{n} lines", below) if below else ""
            right = line_of(SafeText(more), Role.DIM)
            return ends(_lead(line_of(state.message, Role.WARNING)), right, width - 1), None
        found = len(search.hits)
        if not search.words:
            said = ""
        elif found:
            said = f"{search.at + 1}/{found}"
        else:
            said = tr("no hit")
        typed = clean(search.typed)
        right = line_of(clean(said), Role.DIM)
        line = ends(line_of(SafeText(f" /{typed}")), right, width - 1)
        column = min(2 + cells(typed), width - 1)
        return line, (column, row) if search.typing else None

    def _items(self) -> list[Item]:
        state = self._state
        search = state.search
        rest = [Item("?", tr("help"), "")]
        if search is not None and search.typing:
            return [
                Item("Enter", tr("to the hits"), tr("hits")),
                Item("Esc", tr("as before"), tr("back")),
            ]
        if state.cover is not None:
            return [Item("Esc", tr("close"), tr("close")), *rest]
        if state.in_preview:
            focused = state.preview.focus is not None
            first = [Item("Enter", tr("open link"), tr("open"))] if focused else []
            return [
                *first,
                Item("Tab", tr("links"), tr("links")),
                Item("Esc", tr("back") if state.trail.here else tr("tree"), ""),
                *rest,
            ]
        hits = [Item("n", tr("next hit"), tr("hit"))] if search is not None else []
        return [
            Item("Enter", tr("open"), tr("open")),
            *hits,
            Item("/", tr("search"), tr("search")),
            Item("p", tr("practise"), tr("quiz")),
            Item("e", tr("edit"), tr("edit")),
            Item("Tab", tr("preview"), tr("preview")),
            Item("q", tr("leave"), ""),
            *rest,
        ]


def _lead(line: Line) -> Line:
    return Line((Span(SafeText(" ")), *line.spans)) if line.spans else line


def _with_matches(spans: Sequence[Span], words: Sequence[str]) -> list[Span]:
    """Spans cut at the words that are looked for, these marked."""
    text = "".join(span.text for span in spans)
    found = matches(text, words)
    if not found:
        return list(spans)
    cut: list[Span] = []
    at = 0
    for span in spans:
        end = at + len(span.text)
        here = at
        for start, stop in found:
            first, last = max(start, here), min(stop, end)
            if first >= last:
                continue
            if first > here:
                cut.append(replace(span, text=SafeText(text[here:first])))
            cut.append(replace(span, text=SafeText(text[first:last]), role=Role.MATCH))
            here = last
        if here < end:
            cut.append(replace(span, text=SafeText(text[here:end])))
        at = end
    return cut
