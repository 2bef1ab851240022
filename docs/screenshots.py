"""The pictures of the README, taken from the running program.

Each is a face over the bundled bank, with keys pressed as a learner would; history and clock are
made up, so that the pictures change only when the program or the bank does.

    python docs/screenshots.py
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rlhf_qa import messages
from rlhf_qa.cli.workspace import Globals, Workspace
from rlhf_qa.collection import Entry
from rlhf_qa.session import Session
from rlhf_qa.ui.app import FaceApp, Outside
from rlhf_qa.ui.browse import Browse
from rlhf_qa.ui.face import Face
from rlhf_qa.ui.quiz import Quiz
from rlhf_qa.ui.theme import DARK, LIGHT, Theme

IMAGES = Path(__file__).parent / "images"


@dataclass(frozen=True)
class Picture:
    """What is shown, how large, and which keys lead there."""

    name: str
    face: str
    lang: str
    keys: Sequence[str]
    size: tuple[int, int] = (100, 28)
    theme: Theme = DARK


PICTURES = (
    Picture("quiz-en", "quiz", "en", ["space"]),
    Picture("quiz-zh", "quiz", "zh", ["space", "d"], (120, 32)),
    Picture("browse-zh", "browse", "zh", ["slash", *"奖励", "enter"], (110, 30)),
    Picture("browse-en", "browse", "en", [*"jjj"], (100, 26), LIGHT),
)


def environment(home: Path, lang: str) -> dict[str, str]:
    """A learner without configuration."""
    return {"HOME": str(home), "LANG": {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang]}


def face_over(work: Workspace, which: str) -> Face:
    """The quiz or the tree over the whole bank."""
    collection = work.collection(["@bank"])
    notes, title = work.notes(collection), work.named(collection)

    def sitting(entries: Sequence[Entry]) -> Session:
        return work.sitting(collection, entries, work.limits())

    def every(entries: Sequence[Entry]) -> Sequence[Entry]:
        return entries

    if which == "quiz":
        return Quiz(notes, sitting(collection.entries), every, title)
    states, today = work.store().states, work.clock.now().day
    return Browse(notes, every, sitting, states=states, today=today, title=title)


async def take(picture: Picture, home: Path) -> str:
    """The picture as SVG."""
    messages.use(picture.lang)
    with Workspace(Globals(), environment(home, picture.lang)) as work:
        app = FaceApp(
            face_over(work, picture.face),
            Outside(edit=lambda _: None, browse=lambda _: None),
            picture.theme,
        )
        async with app.run_test(size=picture.size) as pilot:
            for key in picture.keys:
                await pilot.press(key)
            await pilot.pause()
            return app.export_screenshot(title="rlhf-qa")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    for picture in PICTURES:
        with tempfile.TemporaryDirectory() as home:
            drawn = asyncio.run(take(picture, Path(home)))
        (IMAGES / f"{picture.name}.svg").write_text(drawn, encoding="utf-8")
        print(f"{picture.name}: {len(drawn) // 1024} KiB")


if __name__ == "__main__":
    main()
