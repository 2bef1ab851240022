"""A dialogue of typed lines: what is said, the prompt, the command that follows.

Linear: nothing is ever rewritten, and the prompt is always last. Knows no cards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from rlhf_qa.errors import NotStored
from rlhf_qa.messages import tr
from rlhf_qa.render.lines import Role, Span
from rlhf_qa.render.sanitize import SafeText, clean
from rlhf_qa.ui.output import Output
from rlhf_qa.ui.typed import plain_form

ReadLine = Callable[[], str | None]
"""The next typed line without its end; None at the end of input."""

Help = tuple[tuple[str, str], ...]
"""Commands as they are typed, and messages that say what they do."""

_KEYS = 12
"""Columns for the commands in a help."""


class Step(Enum):
    """What follows a typed line."""

    STAY = auto()
    NEXT = auto()
    QUIT = auto()


@dataclass
class Talk:
    """The two ends of a dialogue."""

    out: Output
    read_line: ReadLine

    def say(self, text: str, role: Role = Role.TEXT) -> None:
        """One line of our own, with whatever it quotes made safe."""
        self.out.say(clean(text), role)

    def read(self, prompt: str) -> str | None:
        """A typed command, in the one spelling that is compared; None at the end of input."""
        self.out.prompt(clean(prompt))
        typed = self.read_line()
        if not self.out.terminal:
            self.out.stream.write("\n")
        return None if typed is None else plain_form(typed).strip()

    def help(self, commands: Help) -> None:
        """What can be typed."""
        for keys, does in commands:
            self.out.line(Span(SafeText(f"{keys:<{_KEYS}}")), Span(clean(tr(does))))


class Dialogue:
    """Something at which lines are typed until one of them leads on."""

    prompt: Callable[[], str]
    commands: Mapping[str, Callable[[], Step]]
    """By what is typed; the case counts only where both are there."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk

    def run(self) -> Step:
        """Follow what is typed until there is something else to do."""
        while True:
            typed = self.talk.read(self.prompt())
            if typed is None:
                return Step.QUIT
            try:
                step = self.follow(typed)
            except NotStored as error:
                self.talk.say(str(error))
                continue
            if step is not Step.STAY:
                return step

    def follow(self, typed: str) -> Step:
        """Do what was typed."""
        command = self.commands.get(typed) or self.commands.get(typed.casefold())
        if command is not None:
            return command()
        self.talk.say(tr("not a command here: {typed}; ? lists them", typed=typed))
        return Step.STAY

    def stay(self) -> Step:
        """Nothing to do."""
        return Step.STAY

    def quit(self) -> Step:
        """Leave."""
        return Step.QUIT
