"""A card as the fields of an Anki note.

Decides what stands in which field, which links stay links and which section is folded into a
card. How a block becomes HTML is html.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rlhf_qa.collection import Entry
from rlhf_qa.export.escape import attribute, prose, seal
from rlhf_qa.export.html import Writer, folded, without
from rlhf_qa.export.pictures import NoPicture, Pictures
from rlhf_qa.library import Destination, Library, Note
from rlhf_qa.limits import FOLDED_CHARACTERS
from rlhf_qa.links import read_target
from rlhf_qa.markdown import parse
from rlhf_qa.memory import CardId
from rlhf_qa.messages import tr
from rlhf_qa.model import Extract, LinkKind, QuestionKind
from rlhf_qa.render.sanitize import clean
from rlhf_qa.syntax import Block, BlockKind, Inline, plain_text

_WEB: Final = re.compile(r"(?:https?://|mailto:)[^\s\"'<>]+", re.IGNORECASE)
_SEPARATOR: Final = " › "


class Fields(NamedTuple):
    """The fields of a note, in the order of the note type."""

    question: str
    answer: str
    deep_dive: str
    context: str
    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that could not come along, and where it stands."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(slots=True)
class Composer:
    """Makes the fields of one card after the other."""

    library: Library
    every: Mapping[CardId, Entry]
    pictures: Pictures = field(default_factory=Pictures)
    remarks: dict[Remark, None] = field(default_factory=dict)
    """What was left out so far, each once, in order."""

    def fields(self, entry: Entry) -> Fields:
        """The fields of a card, harmless and complete."""
        asked = entry.question
        answer, deep = self._answer(entry), self._deeper(entry)
        fields = Fields(
            question=self._heading(entry) + self._extract(entry.note, asked.prompt),
            answer=answer,
            deep_dive=deep,
            context=self._context(entry),
            source=_source(entry),
            id=prose(entry.id),
        )
        return Fields(*map(seal, fields))

    def _heading(self, entry: Entry) -> str:
        """The question without marker and number, its formulas and emphasis kept."""
        asked = entry.question
        # As a heading again: a number at its start would make it a list.
        source = "# " + asked.markdown.replace("\n", " ")
        blocks = parse(source, [asked.line], entry.note.document.references)
        inline = blocks[0].inline if blocks else ()
        leading = len(plain_text(inline).strip()) - len(asked.text)
        html = Writer(_Around(self, entry.note)).inline(without(inline, leading)).strip()
        return html or prose(asked.text) or prose(entry.id)

    def _answer(self, entry: Entry) -> str:
        asked = entry.question
        html = self._extract(entry.note, asked.answer) + self._extract(entry.note, asked.details)
        if asked.kind is not QuestionKind.LINK_ONLY or asked.answer is None:
            return html
        return html + self._sections(entry.note, asked.answer, opened=True)

    def _deeper(self, entry: Entry) -> str:
        return "".join(
            self._extract(entry.note, extract) + self._sections(entry.note, extract)
            for extract in entry.question.deeper
        )

    def _extract(self, note: Note, extract: Extract | None) -> str:
        if extract is None:
            return ""
        return Writer(_Around(self, note)).blocks(_blocks(note, extract))

    def _sections(self, note: Note, extract: Extract, *, opened: bool = False) -> str:
        """The sections that a part of a card links to, each folded under its title."""
        found: dict[tuple[str, int | None], Destination] = {}
        for block in _blocks(note, extract):
            for part in block.walk():
                for span in _links(part.inline):
                    leads = self.library.destination(note, read_target(span.target, note.path))
                    if leads.resolved and leads.note is not None:
                        found.setdefault((leads.note.path, leads.line), leads)
        return "".join(self._section(leads, opened=opened) for leads in found.values())

    def _section(self, leads: Destination, *, opened: bool) -> str:
        section = self.library.section(leads)
        if section is None:
            return ""
        numbers = range(section.first, section.first + len(section.rows))
        references = section.note.document.references
        blocks = parse("\n".join(section.rows), list(numbers), references)
        if blocks and blocks[0].kind is BlockKind.HEADING:
            blocks = blocks[1:]  # it is the title
        writer = Writer(_Around(self, section.note, quiet=True))
        out, size, cut = list[str](), 0, bool(section.cut)
        for block in blocks:
            html = writer.block(block)
            size += len(html)
            if size > FOLDED_CHARACTERS:
                cut = True
                break
            out.append(html)
        if cut:
            # Without words: a field does not depend on the language of the interface.
            more = prose(f"… → {section.note.path}")
            out.append(f"<p><small>{more}</small></p>")
        return folded(prose(section.title), "".join(out), opened=opened)

    def _context(self, entry: Entry) -> str:
        """Sections and the questions above, never their answers: those would give it away."""
        above: list[str] = []
        parent = self.every.get(entry.parent) if entry.parent else None
        while parent is not None:
            above.insert(0, self._heading(parent))
            parent = self.every.get(parent.parent) if parent.parent else None
        return _SEPARATOR.join([*map(prose, entry.question.section), *above])


@dataclass(slots=True)
class _Around:
    """Links and pictures of a text that stands in `note`."""

    composer: Composer
    note: Note
    quiet: bool = False
    """A page that is merely linked: its faults are not the card's."""

    def link(self, span: Inline, text: str) -> str:
        target = clean(span.target)
        shown = text if text.strip() else prose(target)
        if _WEB.fullmatch(target):
            return f'<a href="{attribute(target)}">{shown}</a>'
        read = read_target(span.target, self.note.path)
        leads = self.composer.library.destination(self.note, read)
        if leads.target.kind is LinkKind.REFUSED:
            self._remark(span.line, f"{leads.target.reason}: {clean(span.target)}")
        elif leads.resolved is False:
            said = tr("leads nowhere, only its text is exported: {target}", target=target)
            self._remark(span.line, said)
        return shown

    def image(self, span: Inline) -> str:
        target = clean(span.target)
        alt = span.text or target
        if _WEB.fullmatch(target):
            return f'<a href="{attribute(target)}">{prose(alt)}</a>'
        read = read_target(span.target, self.note.path)
        if read.path is None:
            reason = read.reason or tr("names no file")
            self._remark(span.line, f"{reason}: {target}")
            return prose(alt)
        try:
            name = self.composer.pictures.add(self.note.root, read.path)
        except NoPicture as problem:
            self._remark(span.line, f"{problem}: {target}")
            return prose(alt)
        return f'<img src="{name}" alt="{attribute(span.text)}">'

    def dropped(self, commands: Iterable[str], line: int) -> None:
        names = ", ".join(commands)
        self._remark(line, tr("left out of the formula: {commands}", commands=names))

    def _remark(self, line: int, message: str) -> None:
        if not self.quiet:
            self.composer.remarks[Remark(self.note.path, line, message)] = None


def _blocks(note: Note, extract: Extract) -> tuple[Block, ...]:
    numbers = [line for first, last in extract.lines for line in range(first, last + 1)]
    return parse(extract.markdown, numbers, note.document.references)


def _links(spans: Iterable[Inline]) -> Iterable[Inline]:
    for span in spans:
        if span.target:
            yield span
        yield from _links(span.children)


def _source(entry: Entry) -> str:
    """Path and section. No line: one more at the top would change every note below it."""
    section = entry.question.section
    title = section[-1] if section else entry.note.document.short_title
    return prose(f"{entry.note.path}{_SEPARATOR}{title}")
