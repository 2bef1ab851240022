"""The full screen: the terminal library's loop, with our faces drawn on one canvas.

The only module that knows Textual. It hands keys, clicks and the size of the screen to a face and
draws the rows that come back; what they mean is the face's. So every screen can be tested without
a terminal, and a key costs one row of cells for each row that is shown.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from rlhf_qa.render.lines import Line, Role
from rlhf_qa.ui.ascii import plain
from rlhf_qa.ui.face import Edit, Effect, Enter, Face, Leave, OpenWeb
from rlhf_qa.ui.frame import Frame
from rlhf_qa.ui.theme import Theme
from rlhf_qa.ui.typed import key_name

WHEEL_ROWS = 3
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@dataclass
class Outside:
    """What a face may do beyond the screen."""

    edit: Callable[[Edit], str | None]
    """Open the editor; what went wrong. Called with the terminal given back."""
    browse: Callable[[str], None]
    """Open an address in the browser."""
    ascii: bool = False
    """Draw our own signs in plain ASCII."""


@dataclass
class Ended:
    """How the screen was left."""

    signal: int | None = None
    error: Exception | None = None
    interrupted: bool = False
    faces: list[Face] = field(default_factory=list)


def run(face: Face, outside: Outside, theme: Theme, *, mouse: bool = True) -> Ended:
    """Show a face until it is left. The terminal is as it was when this returns."""
    app = FaceApp(face, outside, theme)
    app.run(mouse=mouse)
    return app.ended


class FaceApp(App[None], inherit_bindings=False):
    """Faces on top of each other, the last one shown."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Canvas { width: 100%; height: 100%; }"

    def __init__(self, face: Face, outside: Outside, theme: Theme) -> None:
        super().__init__()
        self._faces = [face]
        self._outside = outside
        self._canvas = Canvas(theme)
        self.ended = Ended()

    def compose(self) -> ComposeResult:
        yield self._canvas

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            with _unless_unsupported():
                loop.add_signal_handler(number, self._signalled, number)
        self._canvas.focus()

    def _signalled(self, number: int) -> None:
        self.ended.signal = number
        self.exit()

    @property
    def face(self) -> Face:
        return self._faces[-1]

    # What comes from the terminal.

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        if key == "ctrl+c":
            self.ended.interrupted = True
            self.exit()
        elif key == "ctrl+z":
            self.action_suspend_process()
        else:
            self._do(lambda: self.face.press(key))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._do(lambda: self.face.paste(event.text))

    def on_click(self, event: events.Click) -> None:
        self._do(lambda: self.face.click(event.x, event.y))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._do(lambda: self.face.wheel(event.x, event.y, WHEEL_ROWS))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._do(lambda: self.face.wheel(event.x, event.y, -WHEEL_ROWS))

    # What a face asks for.

    def _do(self, act: Callable[[], Effect | None]) -> None:
        """Let the face act, follow what it asks for, and draw. An error ends the screen first."""
        try:
            effect = act()
            if effect is not None:
                self._follow(effect)
            if self._faces:
                self._draw()
        except Exception as error:  # noqa: BLE001 -- told once the terminal is given back
            self.ended.error = error
            self.exit()

    def _follow(self, effect: Effect) -> None:
        match effect:
            case Leave():
                self.ended.faces.append(self._faces.pop())
                if self._faces:
                    self.face.back()
                else:
                    self.exit()
            case Enter():
                self._faces.append(effect.face)
            case Edit():
                self._edit(effect)
            case OpenWeb():
                self._outside.browse(effect.address)

    def _edit(self, effect: Edit) -> None:
        try:
            with self.suspend():
                problem = self._outside.edit(effect)
        except SuspendNotSupported:
            problem = "this terminal cannot be given to an editor"
        self.face.edited(problem)

    def on_canvas_sized(self) -> None:
        self._do(lambda: None)
        self.call_after_refresh(self._do, self.face.settle)

    def _draw(self) -> None:
        frame = self.face.frame(*self._canvas.size)
        if self._outside.ascii:
            frame = replace(frame, rows=tuple(map(plain, frame.rows)))
        self._canvas.show(frame)
        if frame.cursor is not None:
            self.cursor_position = Offset(*frame.cursor)


class Canvas(Widget, can_focus=True):
    """Draws the rows of a frame."""

    class Sized(Message):
        """It has another size, and needs another frame."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._frame = Frame(())
        self._style = lru_cache(maxsize=None)(lambda role: Style.parse(theme.style(role)))

    def show(self, frame: Frame) -> None:
        """Draw this from now on."""
        self.draw(frame)
        self.refresh()

    def draw(self, frame: Frame) -> None:
        """Take a frame without asking to be drawn."""
        self._frame = frame

    def on_resize(self) -> None:
        self.post_message(self.Sized())

    def render_line(self, y: int) -> Strip:
        return self.strip(y, self.size.width)

    def strip(self, y: int, width: int) -> Strip:
        """A row as the terminal library wants it."""
        rows = self._frame.rows
        line = rows[y] if y < len(rows) else Line()
        segments = [Segment(span.text, self._style(span.role)) for span in line.spans]
        return Strip(segments).adjust_cell_length(width, self._style(Role.TEXT))


@contextmanager
def _unless_unsupported() -> Iterator[None]:
    try:
        yield
    except (NotImplementedError, RuntimeError, ValueError):
        return


def end_by(number: int) -> None:
    """Let a signal have its usual effect, now that the terminal is given back."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
