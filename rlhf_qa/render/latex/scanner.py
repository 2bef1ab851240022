"""The source of a formula, lexeme by lexeme. Knows commands, groups and words, not what they mean."""

from __future__ import annotations

from typing import Final

BLANKS: Final = " \t\n\r\u00a0\u3000"
TEXT_SIGNS: Final = frozenset("%#$&_{}")
"""After a backslash these are themselves in words."""
_TEXT_COMMANDS = {
    "ldots": "…",
    "dots": "…",
    "textendash": "–",
    "textemdash": "—",
    "textasciitilde": "~",
    **dict.fromkeys([" ", ",", ";", ":", "quad", "space", "enspace"], " "),
}
"""What a command inside words stands for. Font commands stand for nothing."""
_FONTS = """
text textrm textbf textit textsf texttt textsc textnormal textup textmd emph mbox mathrm mathbf
mathit mathsf mathtt underline rm bf it sf tt em bfseries itshape
"""
_TEXT_FONTS = frozenset(_FONTS.split())


class UnreadableError(Exception):
    """The source is no formula that is understood."""


class Scanner:
    """Reads from left to right; each step is paid for by the characters it passes."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def peek(self) -> str:
        """The next lexeme: a character, a command with its backslash, or nothing at the end."""
        source = self._source
        while self._at < len(source) and source[self._at] in BLANKS:
            self._at += 1
        return source[self._at : _token_end(source, self._at)]

    def take(self) -> str:
        """The same, and go on behind it."""
        lexeme = self.peek()
        self._at += len(lexeme)
        return lexeme

    def follows(self, char: str) -> bool:
        """Whether `char` is next, without a blank before it."""
        return self._source.startswith(char, self._at)

    def skip(self, lexeme: str) -> bool:
        """Go on behind `lexeme` if it is next."""
        if self.peek() != lexeme:
            return False
        self._at += len(lexeme)
        return True

    def digits(self) -> str:
        """Digits and a decimal point that come next; blanks between them mean nothing."""
        found = ""
        while _is_digit(lexeme := self.peek()) or (lexeme == "." and self._is_point()):
            found += lexeme
            self.take()
        return found

    def word(self) -> str:
        """Letters, digits and escaped underscores that come next, blanks passed."""
        found = ""
        while (lexeme := self.peek()) and (lexeme.isalnum() or lexeme == r"\_"):
            found += lexeme.removeprefix("\\")
            self.take()
        return found

    def group(self) -> str:
        """The characters between the braces that come next."""
        if self.take() != "{":
            raise UnreadableError
        return self._until("}")

    def option(self) -> str | None:
        """The characters between the square brackets that come next, if there are any."""
        return self._until("]") if self.skip("[") else None

    def words(self) -> str:
        """The group that comes next, as words."""
        return words(self.group())

    def _is_point(self) -> bool:
        return _is_digit(self._source[self._at + 1 : self._at + 2])

    def _until(self, closing: str) -> str:
        start, depth = self._at, 0
        while self._at < len(self._source):
            at = self._at
            lexeme = self._source[at : _token_end(self._source, at)]
            self._at += len(lexeme)
            if lexeme == closing and depth == 0:
                return self._source[start:at]
            depth += {"{": 1, "}": -1}.get(lexeme, 0)
        raise UnreadableError


def words(source: str) -> str:
    r"""What is written in `\text`: commands of fonts taken off, escaped signs as they are."""
    found: list[str] = []
    at = 0
    while at < len(source):
        end = _token_end(source, at)
        found.append(_word_token(source[at:end]))
        is_command = end - at > 1 and source[at + 1].isalpha()
        at = end
        while is_command and at < len(source) and source[at] in BLANKS:
            at += 1
    return "".join(found)


def _token_end(source: str, at: int) -> int:
    if not source.startswith("\\", at):
        return at + 1
    end = at + 1
    while end < len(source) and source[end].isascii() and source[end].isalpha():
        end += 1
    return end if end > at + 1 else at + 2


def _word_token(lexeme: str) -> str:
    if not lexeme.startswith("\\"):
        if lexeme in ("$", "%", "#", "&"):
            raise UnreadableError
        return {"{": "", "}": "", "~": " "}.get(lexeme, " " if lexeme in BLANKS else lexeme)
    name = lexeme[1:]
    if name in TEXT_SIGNS:
        return name
    if name in _TEXT_FONTS:
        return ""
    found = _TEXT_COMMANDS.get(name)
    if found is None:
        raise UnreadableError
    return found


def _is_digit(char: str) -> bool:
    return char.isascii() and char.isdigit()
