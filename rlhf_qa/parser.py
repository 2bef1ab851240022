"""From the text of one note to a `Document`: its metadata, style, headings and questions.

Pure: no files, no clock. Any text parses; what an author should know becomes a `Problem`.
The tree of headings is outline.py, which of them ask is styles.py, what lies under one question
is parts.py, oddities of the text itself are doubts.py. The format is docs/format.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rlhf_qa import doubts, parts
from rlhf_qa.lines import split_lines
from rlhf_qa.markdown import References, parse_document
from rlhf_qa.messages import mark
from rlhf_qa.metadata import Fields, merge, read_card, read_document
from rlhf_qa.model import (
    CardMetadata,
    Code,
    Document,
    DocumentMetadata,
    Heading,
    LinkPlace,
    Problem,
    Question,
    Style,
    StyleFrom,
)
from rlhf_qa.outline import Node, Outline, comment_body, read_outline
from rlhf_qa.styles import is_question, recognise
from rlhf_qa.syntax import Block

_FIELD = re.compile(r"""[\w"'-]+\s*:(\s|$)""")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_CHINESE_SHARE = 0.1  # of all letters: notes in Chinese are full of English terms


def parse(
    text: str, name: str, *, style: Style | None = None, style_from: StyleFrom = StyleFrom.OPTION
) -> Document:
    """The document a text makes.

    Args:
        text: the whole note, without byte order mark; any text parses.
        name: its title, if it has none of its own.
        style: read it in this style, as far as `style_from` reaches: `OPTION` overrules the
            document's metadata, `HISTORY` (cards were graded in it) only what is recognised.
        style_from: who asks for `style`.
    """
    return _Parser(text, name, style, style_from).document()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a question stands in the tree."""

    parents: tuple[int, ...]
    """The questions above it, from the inside outwards."""
    section: tuple[str, ...]
    trail: tuple[str, ...]


class _Parser:
    """One text on its way to a document, with the problems met."""

    def __init__(self, text: str, name: str, style: Style | None, style_from: StyleFrom) -> None:
        self._rows = split_lines(text)
        self._name = name
        self._asked = (style, style_from)
        self._problems: list[Problem] = []

    def document(self) -> Document:
        self._problems += doubts.of_text(self._rows)
        language = _language(self._rows)
        front = self._front_matter()
        blocks, references = parse_document("\n".join(self._rows))
        self._problems += doubts.of_blocks(blocks, self._rows)
        metadata = merge(front, self._info(blocks))
        outline = read_outline(blocks, self._rows)
        self._problems += outline.problems
        style, style_from = self._style(metadata, outline)
        questions: dict[int, Question] = {}
        if style is Style.TREE:
            questions = self._questions(outline, metadata, references)
            self._doubt_comments(outline, questions)
        title = metadata.title or (outline.title.plain if outline.title else "") or self._name
        return Document(
            title=title,
            short_title=metadata.toc_title or title,
            lang=metadata.lang or language,
            style=style,
            style_from=style_from,
            metadata=metadata,
            headings=_headings(outline, list(questions)),
            other_anchors=outline.other_anchors,
            questions=tuple(questions.values()),
            toc=outline.toc,
            has_generated_toc=outline.has_generated_toc,
            references=references,
            problems=tuple(sorted(self._problems, key=lambda problem: problem.line)),
            line_count=len(self._rows) - (not self._rows[-1]),
        )

    # Metadata.

    def _front_matter(self) -> Fields:
        """The fields of front matter, whose lines become blank: to Markdown it is a heading.

        A note may open with a thematic break instead: then what follows is no YAML.
        """
        rows = self._rows
        if rows[0].rstrip() != "---" or not "".join(rows[1:2]).strip():
            return {}
        meant = _FIELD.match(rows[1]) is not None
        end = next((n for n, row in enumerate(rows) if n and row.rstrip() in ("---", "...")), None)
        if end is None:
            if meant:
                message = mark("front matter is never closed: end it with a line of three dashes")
                self._warn(1, message)
            return {}
        fields, problems = read_document("\n".join(rows[1:end]), 2)
        if not meant and (problems or not fields):
            return {}
        self._problems += problems
        rows[: end + 1] = [""] * (end + 1)
        return fields

    def _info(self, blocks: Sequence[Block]) -> Fields:
        """The fields of all info comments; the first that gives a field wins."""
        found: Fields = {}
        for block in blocks:
            body = comment_body(block, "info")
            if body is not None:
                fields, problems = read_document(body, block.first)
                self._problems += problems
                found = {**fields, **found}
        return found

    def _card(self, comment: Block | None, defaults: DocumentMetadata) -> CardMetadata:
        body = (comment and comment_body(comment, "card")) or ""
        metadata, problems = read_card(body, comment.first if comment else 1, defaults)
        self._problems += problems
        return metadata

    def _doubt_comments(self, outline: Outline, questions: dict[int, Question]) -> None:
        """Card comments that are no question's are lost, and with them ids."""
        for block in outline.stray_comments:
            message = mark("card comment is not read: put it directly under its heading")
            self._warn(block.first, message)
        for index, node in enumerate(outline.nodes):
            if node.comment is not None and index not in questions:
                message = mark("card comment is not read: no question above it")
                self._warn(node.comment.first, message)

    def _warn(self, line: int, message: str) -> None:
        self._problems.append(Problem(Code.BAD_METADATA, line, message))

    # Style and questions.

    def _style(self, metadata: DocumentMetadata, outline: Outline) -> tuple[Style, StyleFrom]:
        style, style_from = self._asked
        if style is not None and style_from is StyleFrom.OPTION:
            return style, style_from
        if metadata.questions is not None:
            return metadata.questions, StyleFrom.METADATA
        recognised = recognise(outline)
        if style is None:
            return recognised, StyleFrom.RECOGNISED
        if recognised is not style:
            message = mark(
                "read in style {style}, in which its cards were graded; by its shape it would "
                "now be {recognised}: write `questions: {style}` in its metadata to settle it"
            )
            values = {"style": style.value, "recognised": recognised.value}
            self._problems.append(Problem(Code.STYLE_DOUBT, 1, message, values=values))
        return style, style_from

    def _questions(
        self, outline: Outline, metadata: DocumentMetadata, references: References
    ) -> dict[int, Question]:
        """Every question, by the index of its heading."""
        found: dict[int, Question] = {}
        places: dict[int, int] = {}
        for index, node in enumerate(outline.nodes):
            if not is_question(node, outline):
                continue
            above = list(outline.above(index))
            asking = [i for i in above if i in places]
            titles = [(i, outline.nodes[i].bare.text) for i in reversed(above)]
            places[index] = len(places)
            found[index] = self._question(
                node,
                _Place(
                    parents=tuple(places[i] for i in asking),
                    section=tuple(text for i, text in titles if text and i not in places),
                    trail=tuple(
                        outline.nodes[i].plain
                        for i in (*reversed(above), index)
                        if outline.nodes[i].bare.text
                    ),
                ),
                self._card(node.comment, metadata),
                references,
            )
        return found

    def _question(
        self, node: Node, place: _Place, metadata: CardMetadata, references: References
    ) -> Question:
        inside = parts.take_apart(node.own, self._rows, references)
        heading = node.block
        return Question(
            line=heading.first,
            end_line=max([heading.last, *(block.last for block in node.own)]),
            depth=len(place.parents),
            parent=place.parents[0] if place.parents else None,
            section=place.section,
            trail=place.trail,
            marker=node.bare.marker,
            kind=inside.kind,
            text=node.bare.text,
            markdown=self._heading_source(heading),
            prompt=inside.prompt,
            answer=inside.answer,
            key_points=inside.key_points,
            deeper=inside.deeper,
            details=inside.details,
            links=(*parts.links_in([heading], LinkPlace.QUESTION), *inside.links),
            plain_answer=inside.plain_answer,
            metadata=metadata,
        )

    def _heading_source(self, heading: Block) -> str:
        """The heading as written, without `#` marks or underline."""
        rows = self._rows[heading.first - 1 : heading.last]
        if len(rows) > 1:
            return "\n".join(row.strip() for row in rows[:-1])
        row = " " + rows[0].strip().lstrip("#").strip()
        bare = row.rstrip("#")
        return (bare if bare.endswith((" ", "\t")) else row).strip()


def _headings(outline: Outline, asking: Sequence[int]) -> tuple[Heading, ...]:
    place = {index: n for n, index in enumerate(asking)}
    return tuple(
        Heading(
            level=node.block.number,
            text=node.bare.text,
            slug=node.slug,
            line=node.block.first,
            end_line=node.end_line,
            parent=node.parent,
            question=place.get(index),
            marker=node.bare.marker,
        )
        for index, node in enumerate(outline.nodes)
    )


def _language(rows: Sequence[str]) -> str:
    han = letters = 0
    for row in rows:
        letters += sum(map(len, _LETTERS.findall(row)))
        han += 0 if row.isascii() else sum(map(len, _HAN.findall(row)))
    return "zh" if han and han >= _CHINESE_SHARE * letters else "en"
