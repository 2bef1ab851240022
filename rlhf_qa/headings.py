"""What a heading says by its own words: marker, number, whether it asks, whether it is a label.

Works on the plain text of one heading or summary. Knows nothing of levels, content or documents.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SELECTORS = "\ufe0e\ufe0f\u20e3"
_JOINER = "\u200d"
_CATEGORIES = frozenset("\N{LABEL}\N{BOOKMARK}")

_ASKED_NUMBER = re.compile(
    r"(?:Q(?:uestion)?|问题|题目)[ \t]*[0-9]{1,4}(?:[ \t]*[.:：、)）]|(?=\s)|$)", re.IGNORECASE
)
_NUMBER = re.compile(
    r"[0-9]{1,4}(?:\.[0-9]{1,4})*(?:\.(?![0-9])|[)）、])"
    r"|[(（](?:[0-9]{1,4}|[〇零一二三四五六七八九十百]{1,5})[)）]"
    r"|[〇零一二三四五六七八九十百]{1,5}[、.]"
)
_BARE_DECIMAL = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})+(?=\s)")

_BEGINS_ASKING = (
    "什么",
    "为什么",
    "为何",
    "如何",
    "怎么",
    "怎样",
    "介绍",
    "解释",
    "说明",
    "比较",
    "对比",
    "简述",
    "描述",
    "谈谈",
    "说说",
    "写出",
    "列举",
    "讲讲",
    "请",
)
_ENDS_ASKING = ("?", "？", "区别", "是什么", "有哪些", "怎么办")
_TASKS = frozenset(
    ["explain", "describe", "define", "compare", "derive", "write", "implement", "walk", "give"]
)
_TASK_WORDS = 3
_ASKING_WORDS = frozenset(
    ["what", "why", "how", "when", "which", "who", "where", "can", "is", "are", "do", "does"]
)
_WORD = re.compile(r"[a-z]+")
_OPENERS, _CLOSERS = "(（[【", ")）]】"

_REFERENCES = re.compile(
    r"参考(?:资料|文献|链接|来源|阅读|书目|书籍|材料|论文|文章|博客|网站)?|来源"
    r"|references?|sources?|links?|further reading"
)
_CONTENTS = re.compile(r"目录|(?:table of )?contents|toc")
_ANSWER = re.compile(
    r"(?:参考)?(?:答案|解答)|(?:查看|点击).*答案|answers?|solutions?"
    r"|(?:show|see|view|click)\b.*\banswers?"
)
_LABEL_EDGES = " \t:：.。!！*…"


@dataclass(frozen=True, slots=True)
class Bare:
    """The plain text of a heading with what its author put before it taken off."""

    text: str
    """Without leading symbols and numbers; empty if there is nothing else."""
    marker: str | None = None
    """The first symbol, as written."""
    numbered: bool = False
    """Whether a number was taken off."""
    asked_by_number: bool = False
    """Whether it was numbered as a question, as in `Q3:`."""


def bare(plain: str, *, bare_decimals: bool = False) -> Bare:
    """The heading `plain` without leading symbols and numbers, in whatever order they stand.

    `bare_decimals`: whether `1.2 ` without a closing dot is a number, too (`3.5 times` is not;
    a document where two headings begin so numbers its sections like that). A heading that is
    nothing but a number keeps it.
    """
    text = plain.strip()
    marker = None
    numbered = asked = False
    while text:
        width = _symbol_width(text)
        if width:
            marker = marker or text[:width]
        else:
            question = _ASKED_NUMBER.match(text)
            number = question or _NUMBER.match(text)
            if number is None and bare_decimals:
                number = _BARE_DECIMAL.match(text)
            if number is None:
                break
            asked = asked or question is not None
            numbered = True
            width = number.end()
            if not text[width:].strip():
                break
        text = text[width:].lstrip()
    return Bare(text, marker, numbered, asked)


def begins_with_bare_decimal(plain: str) -> bool:
    """Whether a heading opens like `1.2 Title`, markers aside."""
    return _BARE_DECIMAL.match(bare(plain).text) is not None


def is_category(marker: str | None) -> bool:
    """Whether a marker makes its heading a section that holds questions."""
    return marker is not None and marker[0] in _CATEGORIES


def asks(heading: Bare) -> bool:
    """Whether a heading reads as a question; a bracketed remark at its end aside."""
    text = _without_tail(heading.text)
    if heading.asked_by_number or text.endswith(_ENDS_ASKING) or text.startswith(_BEGINS_ASKING):
        return True
    word = _WORD.match(text.lower())
    if word is None:
        return False
    if word.group() in _TASKS:
        return len(text.split(maxsplit=_TASK_WORDS)) >= _TASK_WORDS
    return heading.numbered and word.group() in _ASKING_WORDS


def is_reference_label(plain: str) -> bool:
    """Whether a heading or summary says that references follow."""
    return _REFERENCES.fullmatch(_label(plain)) is not None


def is_contents_label(plain: str) -> bool:
    """Whether a heading says that a table of contents follows."""
    return _CONTENTS.fullmatch(_label(plain)) is not None


def is_answer_label(plain: str) -> bool:
    """Whether a summary says that the answer is inside."""
    return _ANSWER.fullmatch(_label(plain)) is not None


def _label(plain: str) -> str:
    return _without_tail(bare(plain).text.strip(_LABEL_EDGES)).strip(_LABEL_EDGES).casefold()


def _without_tail(text: str) -> str:
    """Without one bracketed remark at the end, unless there is nothing else."""
    if not text.endswith(tuple(_CLOSERS)):
        return text
    depth = 0
    for at in range(len(text) - 1, 0, -1):
        depth += (text[at] in _CLOSERS) - (text[at] in _OPENERS)
        if depth == 0:
            return text[:at].rstrip()
    return text


def _symbol_width(text: str) -> int:
    """Length of the symbol that `text` opens with, its modifiers included; 0 if there is none."""
    keycap = _KEYCAP.match(text)
    if keycap:
        return keycap.end()
    if not _is_symbol(text[0]):
        return 0
    at = 1
    if ord(text[0]) in _FLAG_LETTERS and ord(text[1:2] or " ") in _FLAG_LETTERS:
        at = 2
    while at < len(text):
        if text[at] in _SELECTORS or ord(text[at]) in _SKIN_TONES:
            at += 1
        elif text[at] == _JOINER:
            at += 2 if at + 1 < len(text) and _is_symbol(text[at + 1]) else 1
        else:
            break
    return at


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) == "So" or char == "\N{LEFT RIGHT ARROW}"
