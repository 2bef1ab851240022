"""The rules for deep-dive pages: links, outline, sections, the hub."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rlhf_qa.links import read_target
from rlhf_qa.model import Heading, LinkKind, Style
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind, plain_text
from tests.content_lint import (
    HAN,
    Text,
    card_pairs,
    cards,
    citations,
    is_displayed,
    numbers,
    pages,
    pairs,
    prose,
    readable,
    spans,
    units,
)

PROSE = {"zh": (600, "zh units"), "en": (400, "en words")}
SOURCES = {"zh": "来源: ", "en": "Sources: "}
TOPIC = 2
"""Heading level of a topic: it introduces its sections, which give the sources."""
HUB_ANCHORS = ("基础概念", "实施流程", "奖励模型训练流程")

_HEADING = re.compile(rf"[A-Za-z0-9{HAN}][A-Za-z0-9{HAN} \-–]*")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a page with the blocks up to the next heading of any level."""

    text: Text
    heading: Heading
    own: tuple[Block, ...]
    has_children: bool

    @property
    def at(self) -> str:
        return self.text.at(self.heading.line)


def sections(text: Text) -> list[Section]:
    heads = [h for h in text.document.headings if h.level > 1]
    ends = [*(h.line for h in heads[1:]), len(text.lines) + 1][: len(heads)]
    found = []
    for place, (head, end) in enumerate(zip(heads, ends, strict=True)):
        own = tuple(
            b for b in text.blocks if head.line < b.first < end and b.kind is not BlockKind.HTML
        )
        deeper = place + 1 < len(heads) and heads[place + 1].level > head.level
        found.append(Section(text, head, own, deeper))
    return found


# L6: links.


def links(texts: Sequence[Text]) -> Iterator[str]:
    """L6: exact targets, the same section in both languages, every section reachable."""
    for text in texts:
        for span in _links(text):
            if read_target(span.target, text.path).kind is not LinkKind.EXTERNAL:
                found = resolve(texts, text, span.target)
                if found is None:
                    yield f"{text.at(span.line)}: L6: no such section: {span.target}"
    for card in cards(texts):
        if card.is_main and not any(resolve(texts, card.text, s.target) for s in card.links):
            yield f"{card.at}: L6: a main question needs a link to a section"
    for zh, en in card_pairs(texts):
        yield from _same_places(texts, (zh.text, zh.links), (en.text, en.links))
    for left, right in pairs(pages(texts)):
        yield from _same_places(texts, (left, _links(left)), (right, _links(right)))
    asked = {resolve(texts, card.text, s.target) for card in cards(texts) for s in card.links}
    for page in pages(texts):
        yield from _unreachable(texts, page, asked)


def resolve(texts: Sequence[Text], text: Text, target: str) -> tuple[Text, int] | None:
    """Text and place of the heading that a link names exactly, once."""
    read = read_target(target, text.path)
    if read.anchor is None or read.kind not in (LinkKind.ANCHOR, LinkKind.INTERNAL):
        return None
    path = text.path if read.kind is LinkKind.ANCHOR else posixpath.normpath(read.path or "")
    there = next((t for t in texts if t.path == path), None)
    if there is None:
        return None
    slugs = [h.slug for h in there.document.headings]
    return (there, slugs.index(read.anchor)) if slugs.count(read.anchor) == 1 else None


def _links(text: Text) -> list[Inline]:
    return [s for s in spans(text.blocks) if s.kind is SpanKind.LINK]


def _same_places(
    texts: Sequence[Text], left: tuple[Text, list[Inline]], right: tuple[Text, list[Inline]]
) -> Iterator[str]:
    zh, en = ([_place(texts, text, span.target) for span in found] for text, found in (left, right))
    if zh != en:
        line = left[1][0].line if left[1] else 1
        yield f"{left[0].at(line)}: L6: links lead elsewhere in {right[0].path}: {zh} and {en}"


def _place(texts: Sequence[Text], text: Text, target: str) -> tuple[str, int] | str:
    found = resolve(texts, text, target)
    return (found[0].name, found[1]) if found else target


def _unreachable(
    texts: Sequence[Text], page: Text, asked: AbstractSet[tuple[Text, int] | None]
) -> Iterator[str]:
    heads = page.document.headings
    local = [(s.line, resolve(texts, page, s.target)) for s in _links(page)]
    for place, head in enumerate(heads):
        above = heads[head.parent] if head.parent is not None else None
        first, last = (above.line, above.end_line) if above else (1, len(page.lines))
        linked = any(
            found == (page, place)
            and first <= line <= last
            and not head.line <= line <= head.end_line
            for line, found in local
        )
        if head.level > 1 and not linked and (page, place) not in asked:
            yield f"{page.at(head.line)}: L6: no card and no parent links to this section"


# L5: parity of pages.


def parity(texts: Sequence[Text]) -> Iterator[str]:
    """L5: a section has the same formulas, numbers and citations in both languages."""
    for zh, en in pairs(pages(texts)):
        for left, right in zip(sections(zh), sections(en), strict=False):
            for (what, ours), (_, theirs) in zip(_facts(left), _facts(right), strict=True):
                if ours != theirs:
                    odd = ", ".join(sorted(ours ^ theirs))
                    yield f"{left.at}: L5: {what} differ from {right.at}: {odd}"


def _facts(section: Section) -> tuple[tuple[str, set[str]], ...]:
    text = prose(section.own)
    drawn = {b.text.strip() for b in section.own if b.kind is BlockKind.FORMULA}
    written = {s.text.strip() for s in spans(section.own) if s.kind is SpanKind.FORMULA}
    return (
        ("formulas", drawn | written),
        ("numbers", numbers(text)),
        ("citations", citations(text)),
    )


# L7: outline and sections.


def outline(texts: Sequence[Text]) -> Iterator[str]:
    """L7: pages give no cards, are parallel, and their sections are short and sourced."""
    for page in pages(texts):
        known = page.document.metadata
        if known.questions is not Style.NONE or not known.id or not known.title or not known.lang:
            yield f"{page.at(1)}: L7: the head must give id, lang, title and questions: none"
        if page.document.lang != page.path.partition("/")[0]:
            yield f"{page.at(1)}: L7: lang must be that of the folder"
        names = [h.text.casefold() for h in page.document.headings if h.level > 1]
        for head in page.document.headings[1:]:
            if names.count(head.text.casefold()) > 1:
                yield f"{page.at(head.line)}: L7: two sections have this heading"
            if not _HEADING.fullmatch(head.text) or head.marker:
                yield f"{page.at(head.line)}: L7: a heading is words without signs"
        for section in sections(page):
            yield from _section_doubts(section)
    for zh, en in pairs(texts):
        left, right = ([h.level for h in t.document.headings] for t in (zh, en))
        if left != right:
            yield f"{zh.at(1)}: L7: outline {left} differs from {en.path}: {right}"
    single = {t.name for t in texts} - {zh.name for zh, _ in pairs(texts)}
    yield from (
        f"{t.at(1)}: L7: not there in the other language" for t in texts if t.name in single
    )


def _section_doubts(section: Section) -> Iterator[str]:
    lang = section.text.lang
    limit, unit = PROSE[lang]
    size = 0
    for block in section.own:
        if block.kind is BlockKind.CODE and not block.info.startswith("text"):
            break
        if is_displayed(block):
            break
        size += sum(units(readable(b.inline), lang) for b in block.walk() if b.inline)
    if size > limit:
        yield f"{section.at}: L7: {size} {unit} before the first formula or code, at most {limit}"
    last = plain_text(section.own[-1].inline) if section.own else ""
    introduces = section.heading.level == TOPIC and section.has_children
    if not introduces and not last.startswith(SOURCES[lang]):
        yield f"{section.at}: L7: the section must end with a line '{SOURCES[lang].strip()} …'"
    for block, after in zip(section.own, (*section.own[1:], None), strict=True):
        sentence = after is not None and after.kind is BlockKind.PARAGRAPH
        if is_displayed(block) and not (sentence and after and not is_displayed(after)):
            yield f"{section.text.at(block.first)}: L7: a sentence must follow a displayed formula"


# L17: the hub.


def hub(texts: Sequence[Text]) -> Iterator[str]:
    """L17: the page that notes named 偏好学习_QA.md link to has their three anchors, once."""
    page = next((t for t in texts if t.path == "zh/偏好学习.md"), None)
    slugs = [h.slug for h in page.document.headings] if page else []
    for anchor in HUB_ANCHORS:
        if slugs.count(anchor) != 1:
            yield f"zh/偏好学习.md:1: L17: {slugs.count(anchor)} headings #{anchor}, must be 1"
