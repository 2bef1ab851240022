"""The pictures that go into an export, under names made from what they hold.

Opens regular files below a content root only, and believes their bytes instead of their names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

from rlhf_qa import files
from rlhf_qa.limits import MIB, PICTURE_BYTES
from rlhf_qa.messages import tr
from rlhf_qa.model import Code

_KINDS: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)


class NoPicture(Exception):
    """A file that does not come along; the message says why."""


@dataclass(slots=True)
class Pictures:
    """Pictures by name: two of one name are two, and one used twice is one."""

    found: dict[str, Path] = field(default_factory=dict)

    def add(self, root: Path, path: str) -> str:
        """The name that the picture at `path` under `root` has in the export.

        Raises:
            NoPicture: it stays out.
        """
        place = files.confined(root, path)
        if place is None:
            raise NoPicture(tr("refused: outside the content root"))
        data = self._read(place)
        kind = _kind(data)
        if kind is None:
            raise NoPicture(tr("not a PNG, JPEG, GIF or WebP picture: left out"))
        name = f"rq-{blake2b(data, digest_size=16).hexdigest()}.{kind}"
        self.found.setdefault(name, place)
        return name

    def _read(self, place: Path) -> bytes:
        try:
            return files.read(place, PICTURE_BYTES)[0]
        except files.UnreadableError as error:
            if error.code is Code.TOO_LARGE:
                limit = PICTURE_BYTES // MIB
                raise NoPicture(
                    tr("over the limit of {limit} MiB: left out", limit=limit)
                ) from None
            raise NoPicture(error.message) from None


def _kind(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for mark, kind in _KINDS if data.startswith(mark)), None)
