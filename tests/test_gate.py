"""Full screen or line mode."""

from __future__ import annotations

import io

import pytest

from rlhf_qa.ui.gate import wants_full_screen


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


PIPE, TERMINAL = io.StringIO(), Terminal()


@pytest.mark.parametrize("term", ["xterm", "xterm-256color", "screen"])
@pytest.mark.parametrize("variable", ["", "0", None])
def test_a_terminal_on_both_sides_is_drawn_on(term: str, variable: str | None) -> None:
    environ = {"TERM": term} | ({} if variable is None else {"RLHF_QA_PLAIN": variable})
    assert wants_full_screen(TERMINAL, TERMINAL, environ, plain=False)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"TERM": ""},
        {"TERM": "dumb"},
        {"TERM": "xterm", "RLHF_QA_PLAIN": "1"},
        {"TERM": "xterm", "RLHF_QA_PLAIN": "yes"},
    ],
)
def test_the_environment_can_ask_for_lines(environ: dict[str, str]) -> None:
    assert not wants_full_screen(TERMINAL, TERMINAL, environ, plain=False)


def test_and_so_can_an_option() -> None:
    assert not wants_full_screen(TERMINAL, TERMINAL, {"TERM": "xterm"}, plain=True)


@pytest.mark.parametrize(
    ("stdin", "stdout"), [(PIPE, TERMINAL), (TERMINAL, PIPE), (None, TERMINAL), (TERMINAL, None)]
)
def test_without_a_terminal_on_one_side_it_is_lines(
    stdin: io.StringIO | None, stdout: io.StringIO | None
) -> None:
    assert not wants_full_screen(stdin, stdout, {"TERM": "xterm"}, plain=False)


def test_a_closed_stream_is_no_terminal() -> None:
    closed = Terminal()
    closed.close()
    assert not wants_full_screen(closed, TERMINAL, {"TERM": "xterm"}, plain=False)
