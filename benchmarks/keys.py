"""From a key to the rows of the next screen, over a deck of many questions.

What the program computes for a key at 80x24: the state, the frame, and the strips the terminal
library is given. Each row is many presses; a bare loop over as many cells stands beside it.

    python benchmarks/keys.py [--questions 10000]
"""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from rlhf_qa.cache import Cache
from rlhf_qa.clock import SystemClock
from rlhf_qa.collection import Collection, Entry, collect
from rlhf_qa.library import Note, load
from rlhf_qa.planner import Limits
from rlhf_qa.render.blocks import Options
from rlhf_qa.scheduler import Scheduler
from rlhf_qa.session import Session
from rlhf_qa.store import Store
from rlhf_qa.ui.app import Canvas
from rlhf_qa.ui.browse import Browse
from rlhf_qa.ui.face import Enter, Face
from rlhf_qa.ui.notes import Notes
from rlhf_qa.ui.quiz import Quiz
from rlhf_qa.ui.theme import DARK

SIZE = (80, 24)
LIMIT_MS = 50
QUESTION = """
### What is number {n} of the {word} kind?
> - **First**: the reward $r_{{{n}}}$ of 奖励模型 number {n} is {word}.
> - **Then**: a policy follows it, 策略也随之改变, until the {word} end.
>> [read on](page.md#part)

#### Why does {word} number {n} matter?
> Because the answer before it is only half of the story.
"""
WORDS = ("greedy", "clipped", "normalised", "sampled", "frozen", "distilled")


def deck(questions: int) -> str:
    """Main questions with a follow-up each, in sections of fifty."""
    parts = ["# Deck\n"]
    for n in range(questions // 2):
        if n % 50 == 0:
            parts.append(f"\n## Section {n // 50}\n")
        parts.append(QUESTION.format(n=n, word=WORDS[n % len(WORDS)]))
    return "".join(parts)


def notes_of(folder: Path) -> tuple[Notes, Store]:
    """The notes of a folder and an empty history."""
    store = Store.in_memory()

    def identified(library: object) -> Collection:
        return collect(
            library,  # type: ignore[arg-type]
            registry=store.registry(),
            with_history=frozenset(),
            aliases={},
            today=SystemClock().now().day,
            lang="en",
        )

    found = identified(load([str(folder)], cache=Cache(None)))

    def reread(note: Note) -> Collection:
        return identified(found.library.renewed(note))

    return Notes(found, reread, lambda _: None, Options(), SystemClock()), store


class Drawn:
    """A face, drawn as the terminal library would be given it."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._canvas = Canvas(DARK)

    def press(self, key: str) -> float:
        """Seconds from the key to the strips of the screen."""
        start = perf_counter()
        effect = self.face.press(key)
        if isinstance(effect, Enter):
            self.face = effect.face
        frame = self.face.frame(*SIZE)
        self._canvas.draw(frame)
        for row in range(SIZE[1]):
            self._canvas.strip(row, SIZE[0])
        return perf_counter() - start


def row(what: str, times: Sequence[float]) -> None:
    """One line of the table."""
    ordered = sorted(times)
    middle, last = ordered[len(ordered) // 2], ordered[-1]
    verdict = "ok" if last * 1000 <= LIMIT_MS else "OVER"
    print(f"{what:<34} {len(times):>6} {middle * 1000:8.1f} {last * 1000:8.1f}  {verdict}")


def timed(drawn: Drawn, keys: Sequence[str]) -> list[float]:
    return [drawn.press(key) for key in keys]


def main() -> None:
    parser = argparse.ArgumentParser(description="Key to frame at 80x24.")
    parser.add_argument("--questions", type=int, default=10_000)
    questions = parser.parse_args().questions
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "deck.md").write_text(deck(questions), encoding="utf-8")
        (Path(folder) / "page.md").write_text("# Page\n\n## Part\n\ntext\n", encoding="utf-8")
        notes, store = notes_of(Path(folder))
        schedule, clock = Scheduler(), SystemClock()

        def sitting(entries: Sequence[Entry]) -> Session:
            limits = Limits(new=None, reviews=None)
            return Session(
                notes.collection,
                entries,
                history=store,
                schedule=schedule,
                clock=clock,
                limits=limits,
                sitting=uuid4(),
            )

        def every(entries: Sequence[Entry]) -> Sequence[Entry]:
            return entries

        print(f"{questions:,} questions, {SIZE[0]}x{SIZE[1]}; at most {LIMIT_MS} ms a key")
        print(f"{'keys':<34} {'times':>6} {'p50 ms':>8} {'max ms':>8}")
        quiz = Drawn(Quiz(notes, sitting(notes.collection.entries), every, "bench"))
        gc.freeze()  # As the program does before it shows a face.
        quiz.face.frame(*SIZE)
        answers: list[float] = []
        grades: list[float] = []
        for _ in range(100):
            answers.append(quiz.press("space"))
            grades.append(quiz.press("3"))
        row("quiz: show the answer", answers)
        row("quiz: grade, next card", grades)
        row("quiz: undo", timed(quiz, ["u"] * 20))
        browse = Drawn(
            Browse(
                notes,
                every,
                sitting,
                states=store.states,
                today=clock.now().day,
                title="bench",
            )
        )
        gc.freeze()
        browse.face.settle()
        row("browse: open all, close all", timed(browse, ["z"] * 6))
        row("browse: down", timed(browse, ["z", *"j" * 200])[1:])
        row("browse: page down, end, top", timed(browse, ["pagedown"] * 20 + ["G", "g"] * 10))
        search = ["/", *"reward 奖励", "backspace", "backspace", *"clipped", "enter", *"n" * 20]
        row("browse: search", timed(browse, search))


if __name__ == "__main__":
    main()
