"""What only the loop of the full screen does: keys, clicks, sizes and errors between terminal and face.

On Textual's own driver without a terminal. What keys mean is tested with the faces.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot

from rlhf_qa.render.lines import Line, Role, Span
from rlhf_qa.render.sanitize import SafeText
from rlhf_qa.ui.app import FaceApp, Outside
from rlhf_qa.ui.face import Edit, Effect, Enter, Face, Leave, OpenWeb
from rlhf_qa.ui.frame import Frame, filled
from rlhf_qa.ui.theme import DARK, LIGHT
from tests.faces import Seat
from tests.guard import harmful

SIZE = (80, 24)


@dataclass
class Recorder:
    """A face that notes what reaches it."""

    effects: dict[str, Effect | Exception] = field(default_factory=dict)
    """What each key asks for, or raises."""
    keys: list[str] = field(default_factory=list)
    pasted: list[str] = field(default_factory=list)
    clicks: list[tuple[int, int]] = field(default_factory=list)
    turned: list[tuple[int, int, int]] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    settled: int = 0
    problems: list[str | None] = field(default_factory=list)
    backs: int = 0
    cursor: tuple[int, int] | None = None
    fails_to_draw: bool = False

    def press(self, key: str) -> Effect | None:
        self.keys.append(key)
        wanted = self.effects.get(key)
        if isinstance(wanted, Exception):
            raise wanted
        return wanted

    def paste(self, text: str) -> None:
        self.pasted.append(text)

    def click(self, column: int, row: int) -> Effect | None:
        self.clicks.append((column, row))
        return None

    def wheel(self, column: int, row: int, rows: int) -> None:
        self.turned.append((column, row, rows))

    def settle(self) -> None:
        self.settled += 1

    def frame(self, width: int, height: int) -> Frame:
        if self.fails_to_draw:
            raise RuntimeError("no frame")
        self.sizes.append((width, height))
        line = Line((Span(SafeText("pressed: "), Role.DIM), Span(SafeText(" ".join(self.keys)))))
        return Frame(tuple(filled([line], height)), cursor=self.cursor)

    def edited(self, problem: str | None) -> None:
        self.problems.append(problem)

    def back(self) -> None:
        self.backs += 1


@dataclass
class World:
    """What lies outside the screen."""

    edited: list[int] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def outside(self) -> Outside:
        def edit(wish: Edit) -> str | None:
            self.edited.append(wish.line)
            return "no editor"

        return Outside(edit, self.opened.append)


Script = Callable[[Pilot[None]], Awaitable[None]]


def play(face: Face, script: Script, world: World | None = None, *, light: bool = False) -> FaceApp:
    """Run the loop over a face, without a terminal, while `script` plays the user."""
    app = FaceApp(face, (world or World()).outside(), LIGHT if light else DARK)

    async def run() -> None:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            await script(pilot)

    asyncio.run(run())
    return app


def keys(*names: str) -> Script:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*names)

    return script


def drawn(pilot: Pilot[None]) -> list[str]:
    """What the canvas gives to the terminal, row by row."""
    canvas = pilot.app.query_one("Canvas")
    return [canvas.render_line(y).text for y in range(canvas.size.height)]


def test_keys_reach_the_face_under_the_names_of_the_program() -> None:
    face = Recorder()
    names = ("space", "enter", "tab", "shift+tab", "left_square_bracket", "question_mark", "3")
    more = ("U", "at", "asterisk", "minus", "alt+left", "ctrl+d", "pagedown", "escape", "q")
    play(face, keys(*names, *more))
    assert face.keys == [
        *("space", "enter", "tab", "shift+tab", "[", "?", "3"),
        *("U", "@", "*", "-", "alt+left", "ctrl+d", "pagedown", "escape", "q"),
    ]


def test_each_key_is_drawn() -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("a", "b")
        assert drawn(pilot)[0] == "pressed: a b".ljust(80)
        assert drawn(pilot)[1:] == [" " * 80] * 23

    play(Recorder(), script)


def test_another_size_is_drawn_anew() -> None:
    face = Recorder()

    async def script(pilot: Pilot[None]) -> None:
        await pilot.resize_terminal(40, 12)
        await pilot.pause()

    play(face, script)
    assert face.sizes[0] == (80, 24)
    assert face.sizes[-1] == (40, 12)
    assert face.settled >= 1


def test_clicks_and_the_wheel_reach_the_face_with_their_place() -> None:
    face = Recorder()

    async def script(pilot: Pilot[None]) -> None:
        await pilot.click(offset=(7, 3))
        for kind in (events.MouseScrollDown, events.MouseScrollUp):
            turn = kind(
                None, x=5, y=4, delta_x=0, delta_y=1, button=0, shift=False, meta=False, ctrl=False
            )
            pilot.app.post_message(turn)
            await pilot.pause()

    play(face, script)
    assert face.clicks == [(7, 3)]
    assert face.turned == [(5, 4, 3), (5, 4, -3)]


def test_pasted_text_is_no_key() -> None:
    face = Recorder()

    async def script(pilot: Pilot[None]) -> None:
        pilot.app.post_message(events.Paste("3 3 q"))
        await pilot.pause()

    play(face, script)
    assert face.pasted == ["3 3 q"]
    assert face.keys == []


def test_leaving_the_last_face_ends_the_screen() -> None:
    face = Recorder({"q": Leave()})
    app = play(face, keys("a", "q", "b"))
    assert face.keys == ["a", "q"]
    assert app.ended.faces == [face]
    assert app.ended.error is None
    assert not app.ended.interrupted


def test_a_face_on_top_takes_the_keys_until_it_is_left() -> None:
    top = Recorder({"q": Leave()})
    below = Recorder({"p": Enter(top), "q": Leave()})

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("p", "a")
        assert drawn(pilot)[0].rstrip() == "pressed: a"
        await pilot.press("q", "b")
        assert drawn(pilot)[0].rstrip() == "pressed: p b"

    app = play(below, script)
    assert (top.keys, below.keys) == (["a", "q"], ["p", "b"])
    assert below.backs == 1
    assert app.ended.faces == [top]


def test_ctrl_c_leaves_at_once_and_the_face_never_sees_it() -> None:
    face = Recorder()
    app = play(face, keys("a", "ctrl+c", "b"))
    assert face.keys == ["a"]
    assert app.ended.interrupted


@pytest.mark.parametrize("where", ["press", "frame", "first frame"])
def test_an_error_in_a_face_ends_the_screen_and_is_kept(where: str) -> None:
    face = Recorder({"x": ValueError("wrong")} if where == "press" else {})
    face.fails_to_draw = where == "first frame"

    async def script(pilot: Pilot[None]) -> None:
        face.fails_to_draw = face.fails_to_draw or where == "frame"
        await pilot.press("x")

    app = play(face, script)
    expected = "wrong" if where == "press" else "no frame"
    assert str(app.ended.error) == expected
    assert not app.is_running


def test_an_address_goes_to_the_browser() -> None:
    world = World()
    play(Recorder({"o": OpenWeb("https://example.org/x")}), keys("o"), world)
    assert world.opened == ["https://example.org/x"]


def test_a_terminal_that_cannot_be_given_away_says_so(tmp_path: Path) -> None:
    note = Seat(tmp_path).notes().entries[0].note
    face = Recorder({"e": Edit(note, 5)})
    world = World()
    play(face, keys("e"), world)
    assert world.edited == []
    assert face.problems == ["this terminal cannot be given to an editor"]


def test_the_cursor_of_the_terminal_goes_where_words_are_typed() -> None:
    face = Recorder(cursor=(12, 22))

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("a")
        assert pilot.app.cursor_position == Offset(12, 22)

    play(face, script)


@pytest.mark.parametrize("light", [False, True])
def test_what_is_drawn_holds_nothing_harmful_and_fills_the_screen(
    tmp_path: Path, *, light: bool
) -> None:
    hostile = (
        "# \x1b[31mdeck\x07\n\n## Why \u202e\x1b]0;title\x07 ⬆️?\n"
        "> \x9b1m`\x1b[2J` and [link\u200f](page.md)\n"
    )
    seat = Seat(tmp_path, hostile)

    async def script(pilot: Pilot[None]) -> None:
        for key in ("space", "d", "i", "question_mark", "escape"):
            await pilot.press(key)
            shown = drawn(pilot)
            assert [found for row in shown for found in harmful(row)] == []
            assert len(shown) == 24

    app = play(seat.quiz(title="a\x1b[1mb"), script, light=light)
    assert app.ended.error is None


def test_the_colours_are_those_of_the_theme() -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("a")
        strip = pilot.app.query_one("Canvas").render_line(0)
        (dim, text, *_) = [segment.style for segment in strip]
        assert dim is not None
        assert text is not None
        assert str(dim) == "#5f6368 on #fcfcfa"
        assert str(text) == "#1f2328 on #fcfcfa"

    play(Recorder(), script, light=True)
