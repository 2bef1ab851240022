"""How fast notes are read: decks of 100, 1,000 and 10,000 questions, cold and from the cache.

Beside it the bare parse of the same text by markdown-it-py, in the same run: what reading a
Markdown file costs before anyone looks for questions in it.

    python benchmarks/parse.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from markdown_it import MarkdownIt

from rlhf_qa import library
from rlhf_qa.cache import Cache

SIZES = (100, 1_000, 10_000)
SECTION = 20
"""Questions in a section of a deck; every fourth of them follows up the one before."""

ASPECTS = ("目标", "数据", "损失", "采样", "评估", "稳定性", "开销", "偏差")
SUBJECTS = ("奖励模型", "PPO", "DPO", "参考模型", "优势估计", "KL 惩罚", "拒绝采样")


@dataclass(frozen=True)
class Row:
    """Best seconds for one deck."""

    questions: int
    size: int
    """Bytes of the file."""
    cold: float
    cached: float
    bare: float


def question(number: int) -> Iterator[str]:
    """The rows of one question with its answer; `number` makes it unlike the others."""
    subject, aspect = SUBJECTS[number % len(SUBJECTS)], ASPECTS[number % len(ASPECTS)]
    follow_up = number % 4 == 3
    yield f"{'####' if follow_up else '###'} {'⬆️' if follow_up else '✅'} {number}. {subject}的{aspect}怎么看?"
    yield f"> - **{aspect}**: 第 {number} 组里, {subject}按 $r_{{{number}}} - \\beta \\log \\pi$ 打分;"
    yield f"> - **代价**: 样本数为 $n = {number}$ 时, 方差比偏差更要紧;"
    if number % 5 == 0:
        yield f">> [{subject}的{aspect}](./deep.md#{subject}-{number})"
    yield ""


def deck(questions: int) -> str:
    rows = ["# 题库", ""]
    for number in range(questions):
        if number % SECTION == 0:
            rows += [f"## 🏷️ 第 {number // SECTION + 1} 部分", ""]
        rows += question(number)
    return "\n".join(rows)


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def measure(questions: int, rounds: int) -> Row:
    text = deck(questions)
    markdown = MarkdownIt("commonmark")
    with tempfile.TemporaryDirectory() as name:
        note = Path(name, "notes", "deck.md")
        note.parent.mkdir()
        note.write_text(text, encoding="utf-8")
        # The cache mistrusts a file that changed a moment ago.
        os.utime(note, (1_000_000_000, 1_000_000_000))
        cold = cached = bare = float("inf")
        for number in range(rounds):
            folder = Path(name, f"cache-{number}")
            reading = partial(read, note, folder, questions)
            bare = min(bare, seconds(partial(markdown.parse, text)))
            cold = min(cold, seconds(partial(reading, parsed=1)))
            cached = min(cached, seconds(partial(reading, parsed=0)))
        return Row(questions, note.stat().st_size, cold, cached, bare)


def read(note: Path, cache: Path, questions: int, *, parsed: int) -> None:
    notes = library.load([str(note)], cache=Cache(cache))
    found = sum(len(n.document.questions) for n in notes.notes)
    if (found, notes.parsed) != (questions, parsed):
        message = f"{found} questions, {notes.parsed} parsed; expected {questions}, {parsed}"
        raise RuntimeError(message)


def main() -> None:
    parser = argparse.ArgumentParser(description="Reading times.")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"Reading one file, best of {rounds}; bare: markdown-it-py alone, same text")
    print(
        f"{'questions':>9} {'KiB':>6} {'cold/s':>9} {'cached/s':>9} {'bare/s':>9} {'cold:bare':>10}"
    )
    for row in (measure(size, rounds) for size in SIZES):
        print(
            f"{row.questions:9,} {row.size / 1024:6,.0f} {row.questions / row.cold:9,.0f} "
            f"{row.questions / row.cached:9,.0f} {row.questions / row.bare:9,.0f} "
            f"{row.cold / row.bare:10.2f}"
        )


if __name__ == "__main__":
    main()
