"""What a note says: documents, sections, questions, answers, links, as frozen values.

All text is as written (cleaning for a screen is render/sanitize.py). All lines are 1-based,
inclusive, and those of the file. Knows nothing of files, of Markdown syntax or of memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rlhf_qa.messages import tr, trn

READING: Final = 2
"""Version of what parser.py makes of a text. A document kept under another one is read again."""

Lines = tuple[tuple[int, int], ...]
"""Ranges of lines, `(first, last)`, ascending and apart."""


class Style(StrEnum):
    """How a document writes its questions."""

    TREE = "tree"
    """Headings ask, quotes answer, heading levels make follow-ups."""
    NONE = "none"
    """A page: no questions."""


class StyleFrom(StrEnum):
    """What decided the style of a document."""

    RECOGNISED = "recognised"
    METADATA = "metadata"
    OPTION = "option"
    HISTORY = "history"
    """Cards of the document were graded under it."""


class QuestionKind(StrEnum):
    """What stands where the answer is expected."""

    ANSWER = "answer"
    LINK_ONLY = "link-only"
    """The answer is nothing but links: the linked section is shown as the answer."""
    CHOICE = "choice"
    UNANSWERED = "unanswered"


class LinkKind(StrEnum):
    """Where a link leads."""

    ANCHOR = "anchor"
    """A heading of the same document."""
    INTERNAL = "internal"
    """Another document under the same root."""
    ASSET = "asset"
    """Another kind of file under the same root."""
    EXTERNAL = "external"
    """http or https; never fetched."""
    REFUSED = "refused"
    """Outside the root, or another scheme."""


class LinkPlace(StrEnum):
    """The part of a card a link stands in."""

    QUESTION = "question"
    PROMPT = "prompt"
    ANSWER = "answer"
    DEEPER = "deeper"
    DETAILS = "details"


class Level(StrEnum):
    """Whom a question is for."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True)
class Extract:
    """A part of a note: its Markdown with the marks of its container taken off, and its lines."""

    markdown: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One thing a full answer says: a top-level item of a list in the answer."""

    label: str
    markdown: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Link:
    """A link as its author wrote it; where it leads is found by library.py."""

    text: str
    target: str
    line: int
    place: LinkPlace


@dataclass(frozen=True, slots=True)
class CardMetadata:
    """What the comment under a heading may say. Defaults of the document are filled in."""

    id: str | None = None
    level: Level | None = None
    tags: tuple[str, ...] = ()
    as_of: str | None = None
    """YYYY-MM: when the facts were last checked."""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What the head of a document may say; only the fields that are read."""

    title: str | None = None
    toc_title: str | None = None
    tags: tuple[str, ...] = ()
    date: str | None = None
    draft: bool = False
    hidden: bool = False
    """The author's own "not in the recent list"; no effect here."""
    order: int | None = None
    """`level` as a number: place among decks."""
    level: Level | None = None
    """`level` as a word: default for the cards."""
    lang: str | None = None
    id: str | None = None
    questions: Style | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document's tree, question or not."""

    level: int
    text: str
    """Plain text without marker and number."""
    slug: str
    line: int
    end_line: int
    """Last line of its section: up to the next heading of the same or a higher level."""
    parent: int | None
    """Index of the enclosing heading in `Document.headings`; the title is nobody's parent."""
    question: int | None = None
    """Index in `Document.questions`, if it is one."""
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A heading that asks, with everything that belongs to it. A card, if it has an answer."""

    line: int
    end_line: int
    """Last line of the own content; the heading's if there is none."""
    depth: int
    """Number of questions above it in the tree."""
    parent: int | None
    """Index of the question it follows up in `Document.questions`."""
    section: tuple[str, ...]
    """Titles of the enclosing sections, outermost first."""
    trail: tuple[str, ...]
    """Plain text of every heading from the top category down to this one, the document's
    title left out: what the identity of a card is made from. Markers and numbers are in it:
    what counts of them is decided heading by heading, not by the rest of the document."""
    marker: str | None
    kind: QuestionKind
    text: str
    """Plain text, without marker and number."""
    markdown: str
    """The heading as written, without its marks."""
    prompt: Extract | None = None
    answer: Extract | None = None
    key_points: tuple[KeyPoint, ...] = ()
    deeper: tuple[Extract, ...] = ()
    details: Extract | None = None
    links: tuple[Link, ...] = ()
    plain_answer: str = ""
    """Plain text of answer and details, for identity and search."""
    metadata: CardMetadata = field(default_factory=CardMetadata)

    @property
    def answered(self) -> bool:
        return self.answer is not None


class Severity(StrEnum):
    """How much a problem matters: errors keep cards away, warnings mislead, notes inform."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """Every problem `check` can name. Codes are stable; docs/format.md explains each."""

    ENCODING = "encoding"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    DUPLICATE_ID = "duplicate-id"
    BROKEN_LINK = "broken-link"
    BROKEN_ANCHOR = "broken-anchor"
    REFUSED_LINK = "refused-link"
    DUPLICATE_QUESTION = "duplicate-question"
    TOC_DRIFT = "toc-drift"
    DEEP_NESTING = "deep-nesting"
    UNCLOSED_COMMENT = "unclosed-comment"
    UNCLOSED_SECTION = "unclosed-section"
    UNCLOSED_DETAILS = "unclosed-details"
    UNCLOSED_FENCE = "unclosed-fence"
    SWALLOWED_HEADING = "swallowed-heading"
    NOT_A_QUOTE = "not-a-quote"
    BAD_METADATA = "bad-metadata"
    HIDDEN_TEXT = "hidden-text"
    NAME_CLASH = "name-clash"
    UNANSWERED = "unanswered"
    LINK_ONLY = "link-only"
    APPROXIMATE_ANCHOR = "approximate-anchor"
    NO_QUESTIONS = "no-questions"
    STYLE_DOUBT = "style-doubt"
    NOT_A_HEADING = "not-a-heading"
    EMPTY_HEADING = "empty-heading"
    UNKNOWN_KEY = "unknown-key"
    REPEATED_QUESTION = "repeated-question"
    FORMULA_SOURCE = "formula-source"


ERRORS = frozenset({Code.ENCODING, Code.TOO_LARGE, Code.UNREADABLE, Code.DUPLICATE_ID})
NOTES = frozenset(
    {
        Code.UNANSWERED,
        Code.LINK_ONLY,
        Code.APPROXIMATE_ANCHOR,
        Code.NO_QUESTIONS,
        Code.STYLE_DOUBT,
        Code.NOT_A_HEADING,
        Code.EMPTY_HEADING,
        Code.UNKNOWN_KEY,
        Code.REPEATED_QUESTION,
        Code.FORMULA_SOURCE,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an author would want to know, at a line."""

    code: Code
    line: int
    template: str
    """The message in English with named places, since a document outlives the language it is
    read in."""
    question: int | None = None
    """Index of the question it concerns."""
    values: Mapping[str, str] = field(default_factory=dict)
    """For the places."""
    many: str = ""
    """The template for any other number `n` than one, where that makes a difference."""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language in use, without path and line."""
        if not self.many:
            return tr(self.template, **self.values)
        values = dict(self.values)
        return trn(self.template, self.many, int(values.pop("n")), **values)

    @property
    def severity(self) -> Severity:
        if self.code in ERRORS:
            return Severity.ERROR
        return Severity.NOTE if self.code in NOTES else Severity.WARNING


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A link of a table of contents to a heading of its own document."""

    anchor: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read. A deck if it has questions, else a page."""

    title: str
    short_title: str
    lang: str
    style: Style
    style_from: StyleFrom
    metadata: DocumentMetadata
    headings: tuple[Heading, ...]
    other_anchors: Mapping[str, int]
    """Anchors that are no heading of the tree, with their lines: headings inside lists, quotes and
    details, and `id=` or `name=` of raw HTML."""
    questions: tuple[Question, ...]
    toc: tuple[TocEntry, ...]
    has_generated_toc: bool
    """Whether a tool writes its table of contents: then every heading should be in it."""
    references: Mapping[str, str]
    """Link definitions (`[label]: target`), for parts of it that are drawn alone."""
    problems: tuple[Problem, ...]
    line_count: int

    @property
    def is_deck(self) -> bool:
        return bool(self.questions)

    @property
    def cards(self) -> int:
        return sum(q.answered for q in self.questions)
