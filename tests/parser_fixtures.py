"""Golden cases of the parser: reading them from their files, and writing a document short.

A case is a title, then between lines of one dot a note and what is read from it. A note that
needs characters no editor shows is written in test_parser.py instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rlhf_qa.model import Document, Extract, Lines, Question

FOLDER = Path(__file__).parent / "fixtures" / "parser"


@dataclass(frozen=True)
class Case:
    theme: str
    title: str
    note: str
    expected: str

    def __str__(self) -> str:
        return f"{self.theme}: {self.title}"


def cases(theme: str) -> Iterator[Case]:
    rows = (FOLDER / f"{theme}.md").read_text(encoding="utf-8").split("\n")
    dots = [n for n, row in enumerate(rows) if row == "."]
    assert len(dots) % 3 == 0, f"{theme}.md: a dot is missing"
    for begin, middle, end in zip(dots[::3], dots[1::3], dots[2::3], strict=True):
        note = "\n".join(rows[begin + 1 : middle])
        yield Case(theme, rows[begin - 1], note, "\n".join(rows[middle + 1 : end]))


def dump(document: Document) -> str:
    """A document in a few lines: style, headings with their lines, parts, problems.

    `#` is a section, `?` a question, `??` its follow-up; `⏎` a line end inside a part.
    """
    rows = [str(document.style)]
    for heading in document.headings:
        if heading.question is not None:
            rows += _question(document.questions[heading.question])
        else:
            sign = "#" * heading.level
            rows.append(
                _row(f"{heading.line}-{heading.end_line}", sign, heading.marker, heading.text)
            )
    rows += [f"! {problem.line} {problem.code}" for problem in document.problems]
    return "\n".join(rows)


def _question(question: Question) -> Iterator[str]:
    sign = "?" * (question.depth + 1)
    place = f"{question.line}-{question.end_line}"
    yield _row(place, sign, question.kind, question.marker, question.text)
    if question.prompt:
        yield _part("prompt", question.prompt)
    if question.answer:
        yield _part("answer", question.answer)
    for point in question.key_points:
        yield f"  point {_ranges(point.lines)} {point.label}"
    for note in question.deeper:
        yield _part("deeper", note)
    if question.details:
        yield _part("details", question.details)
    for link in question.links:
        yield f"  link {link.place} {link.line} {link.target}"


def _part(name: str, extract: Extract) -> str:
    return f"  {name} {_ranges(extract.lines)} {extract.markdown.replace(chr(10), '⏎')}"


def _ranges(lines: Lines) -> str:
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in lines)


def _row(*words: str | None) -> str:
    return " ".join(word for word in words if word)
