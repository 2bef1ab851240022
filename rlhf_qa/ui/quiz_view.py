"""How the quiz looks: the state of state.py as a screen of any size.

Three layouts by width, two by height. Rendered text is kept for as long as card, page, width and
options stay the same, so that a key costs no rendering.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rlhf_qa.memory import Rating
from rlhf_qa.messages import tr, trn
from rlhf_qa.render.blocks import Options
from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.render.wrap import wrap_text
from rlhf_qa.ui import card
from rlhf_qa.ui.frame import (
    Frame,
    Item,
    beside,
    cut_line,
    ends,
    filled,
    footer,
    line_of,
    too_small,
)
from rlhf_qa.ui.help import help_lines
from rlhf_qa.ui.keys import QUIZ
from rlhf_qa.ui.pane import Pane
from rlhf_qa.ui.quiz_state import Overlay
from rlhf_qa.ui.summary import nothing_left, summary
from rlhf_qa.ui.words import grade_word, next_time, progress, reason

if TYPE_CHECKING:
    from rlhf_qa.collection import Entry
    from rlhf_qa.ui.hand import Hand
    from rlhf_qa.ui.quiz_state import State

SIDE_BY_SIDE: Final = 100
STACKED: Final = 60
LOW: Final = 16
"""Rows below which header and reason give way."""
TEXT_WIDTH: Final = 84
"""Columns of text where no page stands beside it."""
_DEEP_SHARE: Final = 0.55
"""Of the body, for a page below the card."""
_GAP: Final = 2
"""Blanks beyond which a gap between the ends of a row is drawn as a rule."""
_BODY_LEFT: Final = 3
"""Rows that the answer keeps at least; else the question scrolls with it."""

GRADE_ROLES: Final = {
    Rating.AGAIN: Role.AGAIN,
    Rating.HARD: Role.HARD,
    Rating.GOOD: Role.GOOD,
    Rating.EASY: Role.EASY,
}


class View:
    """The screens of one quiz."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._kept: dict[object, card.Shown] = {}
        self._kept_of = state.notes.collection
        self.last = Frame(())
        self._deep_area = (0, 0, 0, 0)
        """First column and row, end column and row of the page, on the screen drawn last."""
        self._card_area = (0, 0, 0, 0)

    # What is shown, without its place.

    def ways(self) -> tuple[card.Way, ...]:
        """Where the links of the answer lead."""
        entry = self._state.entry
        return self._answer(entry, TEXT_WIDTH).ways if entry else ()

    def page_ways(self) -> tuple[card.Way, ...]:
        """Where the links of the page that is open lead."""
        return self._page(TEXT_WIDTH).ways

    def _options(self) -> Options:
        state = self._state
        return replace(
            state.notes.options,
            folded=not state.unfolded,
            unfolded=state.opened,
            formulas=state.formulas,
        )

    def _answer(self, entry: Entry, width: int) -> card.Shown:
        options = self._options()
        key = ("answer", id(entry.note), entry.question.line, width, options)
        if key not in self._kept:
            self._keep(
                key, card.answer(entry, self._state.notes.collection.library, width, options)
            )
        return self._kept[key]

    def _page(self, width: int) -> card.Shown:
        here = self._state.trail.here
        if here is None:
            return card.Shown(())
        options = replace(self._options(), folded=False)
        key = ("page", id(here.way.note), here.way.target, width, options)
        if key not in self._kept:
            library = self._state.notes.collection.library
            self._keep(key, card.follow(library, here.way, width, options))
        return self._kept[key]

    def _keep(self, key: object, shown: card.Shown) -> None:
        if len(self._kept) > 32:  # noqa: PLR2004 -- a few widths of a few cards
            self._kept.clear()
        self._kept[key] = shown

    # The screen.

    def frame(self, width: int, height: int) -> Frame:
        """The whole screen."""
        if self._kept_of is not self._state.notes.collection:
            self._kept_of = self._state.notes.collection
            self._kept.clear()
        small = too_small(width, height)
        if small is not None:
            self.last = small
            return small
        hand = self._state.hand
        top = self._top(width, height)
        body = height - len(top) - 2
        middle = self._middle(width, body, len(top)) if hand else self._end(width, body)
        foot, regions = footer(self._items(), width, height - 1)
        rows = [*top, *filled(middle, body), self._status(width), foot]
        self.last = Frame(tuple(cut_line(row, width) for row in rows), regions)
        return self.last

    def pane_at(self, column: int, row: int) -> Pane:
        """The pane that is drawn there."""
        return self._state.deep if _inside(self._deep_area, column, row) else self._state.card

    def target_at(self, column: int, row: int) -> tuple[bool, int] | None:
        """Whether a link was drawn there: in the page or not, and its number."""
        for in_deep, area, pane in (
            (True, self._deep_area, self._state.deep),
            (False, self._card_area, self._state.card),
        ):
            if _inside(area, column, row):
                left, first, end, _ = area
                target = pane.target_at(row - first, column - left, end - left)
                return None if target is None else (in_deep, target)
        return None

    def _top(self, width: int, height: int) -> list[Line]:
        state = self._state
        counts = state.session.counts()
        said = line_of(clean(progress(counts, numbered=True)), Role.DIM)
        entry = state.entry
        if entry is None:
            return [ends(_lead(line_of(clean(state.title), Role.TITLE)), said, width - 1)]
        trail = _lead(card.trail(entry, state.notes.every, width))
        if height < LOW:
            return [ends(trail, said, width - 1)]
        title = line_of(clean(entry.note.document.short_title), Role.TITLE)
        if state.title:
            title = Line((*title.spans, Span(clean(f" · {state.title}"), Role.DIM)))
        why = _lead(line_of(clean(reason(state.hand.pick)), Role.DIM)) if state.hand else Line()
        return [ends(_lead(title), said, width - 1), trail, why]

    def _status(self, width: int) -> Line:
        state = self._state
        pane = state.deep if state.in_deep or state.overlay else state.card
        more = []
        if pane.above:
            more.append(f"▲ {pane.above}")
        if pane.below:
            more.append("▼ " + trn("{n} line", "{n} lines", pane.below))
        right = line_of(SafeText("  ".join(more)), Role.DIM) if state.hand else Line()
        return ends(_lead(line_of(state.message, Role.WARNING)), right, width - 1)

    def _middle(self, width: int, height: int, first: int) -> list[Line]:
        """Card and page, in the layout for this width."""
        state = self._state
        self._deep_area = self._card_area = (0, 0, 0, 0)
        if state.overlay is not None:
            self._deep_area = (1, first, width, first + height)
            return [_lead(line) for line in self._over(state.overlay, width - 2, height)]
        if state.in_deep and state.trail.here and width < STACKED:
            self._deep_area = (1, first + 1, width, first + height)
            return [_lead(line) for line in self._deep(width - 2, height)]
        if not state.trail.here or width < STACKED:
            self._card_area = (1, first, width, first + height)
            return [_lead(line) for line in self._card(min(width - 2, TEXT_WIDTH), height)]
        if width >= SIDE_BY_SIDE:
            left = (width - 4) // 2
            right = width - 4 - left - 1
            self._card_area = (1, first, left + 1, first + height)
            self._deep_area = (left + 4, first + 1, width, first + height)
            columns = beside(
                filled(self._card(left, height), height),
                self._deep(right, height),
                left,
                SafeText("│"),
            )
            return [_lead(line) for line in columns]
        below = max(int(height * _DEEP_SHARE + 0.5), 4)
        self._card_area = (1, first, width, first + height - below)
        self._deep_area = (1, first + height - below + 1, width, first + height)
        upper = filled(self._card(width - 2, height - below), height - below)
        head, *page = self._deep(width - 2, below)
        return [_lead(line) for line in (*upper, _ruled(head), *page)]

    def _card(self, width: int, height: int) -> list[Line]:
        state, entry, hand = self._state, self._state.entry, self._state.hand
        if entry is None or hand is None:
            return []
        question = list(card.question(entry, width, self._options()))
        rule = line_of(SafeText("─" * width), Role.BAR)
        if not hand.revealed:
            hint = tr("Space shows the answer, 1 to 4 grade it, ? is help")
            first = [Line(), line_of(clean(hint), Role.DIM)] if state.asked == 1 else []
            state.card.lay_out([*question, *first], height)
            return list(state.card.visible)
        answer = self._answer(entry, width).lines
        if len(question) + 1 + _BODY_LEFT > height:
            state.card.lay_out([*question, rule, *answer], height)
            return list(self._marked(state.card))
        state.card.lay_out(answer, height - len(question) - 1)
        left, first_row, end, last = self._card_area
        self._card_area = (left, first_row + len(question) + 1, end, last)
        return [*question, rule, *self._marked(state.card)]

    def _marked(self, pane: Pane) -> Sequence[Line]:
        """The focus is shown where the keys go."""
        return pane.visible if pane is self._state.pane else pane.plain

    def _deep(self, width: int, height: int) -> list[Line]:
        """The page that is open: its place, then its text."""
        state = self._state
        shown = self._page(width)
        # Only the place of a page may be cut; why there is none is said in full.
        head, *rest = shown.lines if shown.is_page else (Line(), *shown.lines)
        while rest and not rest[0].spans:
            del rest[0]
        state.deep.lay_out(rest, height - 1)
        back = f"  [ {tr('back')}" if state.trail.can_go_back else ""
        at = line_of(clean(f"{state.deep.percent} %{back}"), Role.DIM)
        return [ends(_strong(head), at, width), *self._marked(state.deep)]

    def _over(self, overlay: Overlay, width: int, height: int) -> list[Line]:
        """What covers the card."""
        state = self._state
        match overlay:
            case Overlay.HELP:
                lines = help_lines(QUIZ, width)
            case Overlay.INFO:
                lines = [li for text in self._info() for li in wrap_text(clean(text), width)]
            case Overlay.LINKS:
                lines = self._links(width)
        state.deep.lay_out(lines, height)
        return list(state.deep.visible)

    def _links(self, width: int) -> list[Line]:
        places = card.places(self._state.notes.collection.library, self.ways(), width)
        return [line_of(clean(tr("Tab chooses, Enter opens")), Role.DIM), *places]

    def _info(self) -> list[str]:
        hand, entry = self._state.hand, self._state.entry
        if hand is None or entry is None:
            return []
        return card.information(hand.pick, self._state.session.state(entry.id), entry)

    def _end(self, width: int, height: int) -> list[Line]:
        state = self._state
        wide = min(width - 2, TEXT_WIDTH)
        lines = [
            Line(),
            *nothing_left(state.session, wide, asked=state.asked > 0),
            Line(),
            *summary(state.session, wide),
        ]
        state.card.lay_out(lines, height)
        return [_lead(line) for line in state.card.visible]

    # The footer.

    def _items(self) -> list[Item]:
        state = self._state
        hand = state.hand
        undo = Item("u", tr("undo"), tr("undo"), spare=True)
        rest = [undo, Item("?", tr("help"), "")]
        leave = Item("q", tr("leave"), "")
        if state.overlay is not None:
            return [Item("Esc", tr("close"), tr("close")), Item("?", tr("help"), "")]
        if hand is None:
            more = Item("+", tr("five more minutes"), tr("more"))
            look = [Item("b", tr("browse"), tr("browse"))] if state.can_browse else []
            return [more, *look, rest[0], leave, rest[1]]
        if state.in_deep and state.trail.here:
            return self._deep_items()
        deep = Item("d", tr("deep-dive"), tr("dive"), spare=True)
        if not hand.revealed:
            show = Item("Space", tr("show answer"), tr("answer"))
            return [show, deep, Item("s", tr("skip"), tr("skip")), *rest[:1], leave, rest[1]]
        return [*self._grades(hand), deep, *rest]

    def _deep_items(self) -> list[Item]:
        focused = self._state.deep.focus is not None
        first = Item("Enter", tr("open link"), tr("open")) if focused else None
        items = [
            first,
            Item("Tab", tr("links"), tr("links")),
            Item("[", tr("back"), tr("back")) if self._state.trail.can_go_back else None,
            Item("d", tr("close"), tr("close")),
            Item("?", tr("help"), ""),
        ]
        return [item for item in items if item is not None]

    def _grades(self, hand: Hand) -> list[Item]:
        items = []
        for rating in Rating:
            word, when = grade_word(rating), next_time(hand.pick, rating)
            items.append(Item(str(rating.value), f"{word} {when}", word, GRADE_ROLES[rating]))
        return items


def _lead(line: Line) -> Line:
    """One cell from the edge of the screen."""
    return Line((Span(SafeText(" ")), *line.spans)) if line.spans else line


def _ruled(line: Line) -> Line:
    """A row whose gap is a rule: it parts what is above from what is below."""
    return Line(
        tuple(
            Span(SafeText(f" {'─' * (len(span.text) - 2)} "), Role.BAR)
            if len(span.text) > _GAP and not span.text.strip()
            else span
            for span in line.spans
        )
    )


def _strong(line: Line) -> Line:
    return Line(tuple(replace(span, role=Role.TITLE) for span in line.spans))


def _inside(area: tuple[int, int, int, int], column: int, row: int) -> bool:
    left, first, end, last = area
    return left <= column < end and first <= row < last
