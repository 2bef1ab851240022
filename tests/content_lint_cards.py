"""The rules for cards: metadata, question, answer, parity, wording, likeness."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from rlhf_qa.links import read_target
from rlhf_qa.markdown import parse
from rlhf_qa.model import QuestionKind
from rlhf_qa.syntax import Block, BlockKind, Inline, SpanKind
from tests.content_lint import (
    HAN,
    LANGUAGES,
    Card,
    Text,
    card_pairs,
    cards,
    cells,
    numbers,
    prose,
    readable,
    spans,
    units,
)

UNIT = {"zh": "zh units", "en": "en words"}
QUESTION = {("zh", True): 60, ("en", True): 30, ("zh", False): 40, ("en", False): 20}
ANSWER = {
    ("zh", True): (90, 180),
    ("en", True): (60, 120),
    ("zh", False): (40, 110),
    ("en", False): (25, 70),
}
BULLETS = {True: (3, 5), False: (2, 4)}
BOLD = {"zh": (2, 8), "en": (1, 4)}
BULLET_CELLS = 160
MARKERS = "✅ ⬆️ 💡 ⚠️"
BULLET_END = {"zh": ";", "en": "."}
FIELDS = ["as_of", "id", "level", "sources", "tags"]
LIKE_QUESTIONS, LIKE_ANSWERS = 0.8, 0.6

_ID = re.compile(r"([a-z]+)-\d+([a-z]?)")
_TAG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AS_OF = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_SOURCE = re.compile(r"arxiv:\d{4}\.\d{5}|(?:book|journal|workshop|blog|code):\S+")
_ASKING = re.compile(
    r"(?:explain|describe|define|compare|derive|write|implement|walk|give)\b"
    r"|介绍|解释|说明|比较|对比|简述|描述|写出|推导|列举",
    re.IGNORECASE,
)
_TWO_ASKS = re.compile(r"and also|以及.*还有", re.IGNORECASE)
_FULL_WIDTH = re.compile(r"[\uff01-\uff5e\u3000\u3002]")
_UNFINISHED = re.compile(r"\b(?:TODO|TBD|FIXME)\b|待补")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def metadata(texts: Sequence[Text]) -> Iterator[str]:
    """L2: exactly the five fields, each of its form, directly under the heading."""
    for card in cards(texts):
        keys = sorted(_written_fields(card))
        if keys != FIELDS:
            yield f"{card.at}: L2: metadata has {keys}, must be exactly {FIELDS}"
            continue
        yield from (f"{card.at}: L2: {doubt}" for doubt in _field_doubts(card))
        yield from (f"{card.at}: L2: {doubt}" for doubt in _frame_doubts(card))


def _written_fields(card: Card) -> list[str]:
    """The keys of the comment on the lines below the heading, before any reading of values."""
    rows = card.text.lines[card.question.line :]
    if not rows or rows[0] != "<!--card":
        return []
    end = rows.index("-->") if "-->" in rows else 0
    return [row.partition(":")[0] for row in rows[1:end]]


def _field_doubts(card: Card) -> Iterator[str]:
    known = card.question.metadata
    shape = _ID.fullmatch(card.id)
    rows = card.text.lines[card.question.line :]
    if not any(re.fullmatch(r"level: [JMSR]", row) for row in rows[: rows.index("-->")]):
        yield "level must be J, M, S or R"
    if not shape:
        yield f"id {card.id} must look like rm-1 or rm-1a"
    elif known.tags[:1] != (shape[1],):
        yield f"the first tag must be {shape[1]}, the topic of the id"
    if not 2 <= len(known.tags) <= 4 or not all(map(_TAG.fullmatch, known.tags)):
        yield "tags must be 2 to 4 lower-case words with hyphens"
    if not _AS_OF.fullmatch(known.as_of or ""):
        yield f"as_of {known.as_of} must be YYYY-MM"
    yield from (
        f"source {key} must be arxiv:NNNN.NNNNN, book:, journal:, workshop:, blog: or code:"
        for key in known.sources
        if not _SOURCE.fullmatch(key)
    )


def _frame_doubts(card: Card) -> Iterator[str]:
    row = card.text.lines[card.question.line - 1]
    wanted = "####" if re.search(r"[a-z]$", card.id) else "###"
    if row.partition(" ")[0] != wanted or card.is_main != (wanted == "###"):
        yield f"{card.id} must stand at {wanted}, a follow-up below its main question"
    if (card.question.marker or "-") not in MARKERS.split():
        yield f"the heading must begin with one of {MARKERS}"
    rows = card.text.lines[card.question.line :]
    if not rows[rows.index("-->") + 1].startswith("> "):
        yield "the quote must follow the metadata without a blank line"
    parent = card.question.parent
    if parent is not None and not card.is_main:
        above = card.text.document.questions[parent].metadata.id
        if above != card.id.rstrip("abcdefghijklmnopqrstuvwxyz"):
            yield f"{card.id} stands below {above}"


def question(texts: Sequence[Text]) -> Iterator[str]:
    """L3: one ask, short, that reads as one."""
    for card in cards(texts):
        lang, text = card.text.lang, card.question.text
        plain = "".join(readable(b.inline) for b in parse(card.question.markdown))
        size, most = units(plain, lang), QUESTION[lang, card.is_main]
        if size > most:
            yield f"{card.at}: L3: question has {size} {UNIT[lang]}, at most {most}"
        if not text.endswith(("?", "？")) and not _ASKING.match(text):
            yield f"{card.at}: L3: question must end in ? or open with an asking verb"
        if _TWO_ASKS.search(text):
            yield f"{card.at}: L3: one ask a question, no 'and also', 以及…还有"


def answer(texts: Sequence[Text]) -> Iterator[str]:
    """L4: length, bullets, bold terms, nothing but text."""
    for card in cards(texts):
        yield from (f"{card.at}: L4: {doubt}" for doubt in _answer_doubts(card))
        for bullet in card.bullets:
            at = card.text.at(bullet.first)
            yield from (f"{at}: L4: {doubt}" for doubt in _bullet_doubts(card, bullet_line(bullet)))


def bullet_line(bullet: Block) -> tuple[Inline, ...]:
    """The text of a key point: its first paragraph."""
    return bullet.children[0].inline if bullet.children else ()


def _answer_doubts(card: Card) -> Iterator[str]:
    lang = card.text.lang
    size = units(prose(card.answer), lang)
    least, most = ANSWER[lang, card.is_main]
    if not least <= size <= most:
        yield f"answer has {size} {UNIT[lang]}, must have {least} to {most}"
    fewest, limit = BULLETS[card.is_main]
    if not fewest <= len(card.bullets) <= limit:
        yield f"answer has {len(card.bullets)} bullets, must have {fewest} to {limit}"
    kinds = {b.kind for top in card.answer for b in top.walk()}
    plain = {BlockKind.BULLETS, BlockKind.ITEM, BlockKind.PARAGRAPH}
    odd = sorted(k.value for k in kinds - plain)
    odd += [s.kind.value for s in spans(card.answer) if s.kind in (SpanKind.IMAGE, SpanKind.HTML)]
    if odd or len(card.answer) != 1 or card.question.details or card.question.prompt:
        yield f"answer must be one list of bullets and the deeper note, no {', '.join(odd) or 'more'}"
    if any(s.display for s in spans(card.answer)):
        yield "a displayed formula belongs in the deep dive"


def _bullet_doubts(card: Card, inline: tuple[Inline, ...]) -> Iterator[str]:
    lang = card.text.lang
    if any(s.kind in (SpanKind.SOFT_BREAK, SpanKind.HARD_BREAK) for s in inline):
        yield "a bullet is one line"
    if not readable(inline).endswith(BULLET_END[lang]):
        yield f"a bullet ends in {BULLET_END[lang]}"
    width = cells(inline)
    if width > BULLET_CELLS:
        yield f"bullet has {width} cells, at most {BULLET_CELLS}"
    bold = [s for s in inline if s.kind is SpanKind.STRONG]
    if len(bold) != 1:
        yield f"bullet has {len(bold)} bold terms, must have exactly 1"
    least, most = BOLD[lang]
    for term in bold:
        size = units(readable((term,)), lang)
        if not least <= size <= most:
            yield f"bold term has {size} {UNIT[lang]}, must have {least} to {most}"


def parity(texts: Sequence[Text]) -> Iterator[str]:
    """L5: both languages say the same, card by card."""
    order = {lang: [c.id for c in cards(texts) if c.text.lang == lang] for lang in LANGUAGES}
    if order["zh"] != order["en"]:
        odd = set(order["zh"]) ^ set(order["en"])
        yield f"content: L5: ids differ between zh and en, or in order: {sorted(odd)}"
    for lang, ids in order.items():
        yield from (
            f"{lang}: L5: id {i} stands {n} times" for i, n in Counter(ids).items() if n > 1
        )
    for zh, en in card_pairs(texts):
        for what, left, right in _facts(zh, en):
            if left != right:
                yield f"{zh.at}: L5: {what} differ from {en.at}: {left} and {right}"


def _facts(zh: Card, en: Card) -> Iterator[tuple[str, object, object]]:
    yield "decks", zh.text.name, en.text.name
    yield "levels", zh.question.metadata.level, en.question.metadata.level
    yield "tags", zh.question.metadata.tags, en.question.metadata.tags
    yield "as_of", zh.question.metadata.as_of, en.question.metadata.as_of
    yield "sources", zh.question.metadata.sources, en.question.metadata.sources
    yield "numbers of bullets", len(zh.bullets), len(en.bullets)
    yield "formulas", formulas(zh), formulas(en)
    yield "numbers of links", len(zh.links), len(en.links)
    yield "numbers", sorted(numbers(prose(zh.answer))), sorted(numbers(prose(en.answer)))


def formulas(card: Card) -> list[str]:
    return [s.text for s in spans(card.answer) if s.kind is SpanKind.FORMULA]


def cleanliness(texts: Sequence[Text]) -> Iterator[str]:
    """L13: finished, answered, no stray characters, nothing the parser would report."""
    for text in texts:
        yield from (
            f"{text.at(p.line)}: L13: {p.message} [{p.code}]" for p in text.document.problems
        )
        if text.source != unicodedata.normalize("NFC", text.source):
            yield f"{text.path}:1: L13: the text is not in NFC"
        if not text.source.endswith("\n") or text.source.endswith("\n\n"):
            yield f"{text.at(len(text.lines))}: L13: the file must end in one newline"
        for line, row, in_fence in fenced(text):
            yield from (f"{text.at(line)}: L13: {d}" for d in _row_doubts(text, row, in_fence))
    for card in cards(texts):
        if card.question.kind is not QuestionKind.ANSWER:
            yield f"{card.at}: L13: the card is {card.question.kind}: give it an answer"


def fenced(text: Text) -> Iterator[tuple[int, str, bool]]:
    """Line number, line, and whether it is in a code block or diagram."""
    inside = False
    for line, row in enumerate(text.lines, 1):
        edge = bool(_FENCE.match(row))
        yield line, row, inside or edge
        inside ^= edge


def _row_doubts(text: Text, row: str, in_fence: bool) -> Iterator[str]:
    if _UNFINISHED.search(row):
        yield "finish it: no TODO, TBD, FIXME, 待补"
    if "\t" in row or row != row.rstrip():
        yield "no tabs, no blanks at the end of a line"
    if not in_fence and re.search(r"\S {2,}\S", row):
        yield "no doubled spaces"
    if text.lang == "zh" and not in_fence and _FULL_WIDTH.search(row):
        yield "no full-width punctuation outside 、《》「」"


def wording(texts: Sequence[Text], variants: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """L14: one Chinese word for one term, but where a card discusses the other."""
    for entry in variants:
        free = _ranges(texts, set(entry["except"].split()))
        for text in (t for t in texts if t.lang == "zh"):
            for line, row in enumerate(text.lines, 1):
                excused = any(p == text.path and a <= line <= z for p, a, z in free)
                if entry["variant"] in row and not excused:
                    yield f"{text.at(line)}: L14: {entry['variant']}: use {entry['use']}"


def _ranges(texts: Sequence[Text], ids: set[str]) -> list[tuple[str, int, int]]:
    """Path and lines of the named cards, and of the sections they link to."""
    found = []
    for card in (c for c in cards(texts) if c.id in ids):
        found.append((card.text.path, card.question.line, card.question.end_line))
        for link in card.links:
            path = read_target(link.target, card.text.path)
            found += [
                (text.path, head.line, head.end_line)
                for text in texts
                for head in text.document.headings
                if (text.path, head.slug) == (path.path, path.anchor)
            ]
    return found


def likeness(texts: Sequence[Text]) -> Iterator[str]:
    """L15: no question and no answer twice in other words."""
    for lang in LANGUAGES:
        own = [c for c in cards(texts) if c.text.lang == lang]
        asked = [bigrams(c.question.text, lang) for c in own]
        said = [bigrams(prose(c.answer), lang) for c in own]
        for (a, left), (b, right) in combinations(enumerate(own), 2):
            for what, grams, most in (
                ("questions", asked, LIKE_QUESTIONS),
                ("answers", said, LIKE_ANSWERS),
            ):
                alike = similarity(grams[a], grams[b])
                if alike > most:
                    yield f"{left.at}: L15: {what} like {right.at}: {alike:.2f}, at most {most}"


def bigrams(text: str, lang: str) -> Counter[tuple[str, str]]:
    """Neighbours of a text: characters in Chinese, words in English."""
    pattern = rf"[{HAN}]|[a-z0-9]+" if lang == "zh" else r"[^\W_]+"
    tokens = re.findall(pattern, text.casefold())
    return Counter(pairwise(tokens))


def similarity(left: Counter[tuple[str, str]], right: Counter[tuple[str, str]]) -> float:
    """Dice coefficient of two multisets, 0 to 1."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0
