"""The stream guard: what may never reach a terminal, looked for in everything that was printed.

Written without the program's own tables, so that a hole in those is seen here.
"""

from __future__ import annotations

import re
from typing import Final

_KINDS: Final = {
    "control": "\x00-\x08\x0b-\x1f\x7f",
    "tab": "\t",
    "C1": "\x80-\x9f",
    "separator": "\u2028\u2029",
    "bidi": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "tag": "\U000e0000-\U000e007f",
    "invisible": "\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb",
    "surrogate": "\ud800-\udfff",
    "selector": "\ufe0e\ufe0f",
}
_SGR: Final = re.compile("\x1b\\[[0-9;]*m")


def harmful(
    text: str, *, styled: bool = False, tty: bool = False, tabs: bool = False, data: bool = False
) -> list[str]:
    """The characters in `text` that must not be there, as `kind U+XXXX`.

    `styled`: colours and weights are ours. `tty`: lines end in CR LF. `tabs`: they part columns.
    `data`: JSON, where variation selectors belong to the text.
    """
    if styled:
        text = _SGR.sub("", text)
    if tty:
        text = text.replace("\r\n", "\n")
    permitted = {"tab"} if tabs else {"selector"} if data else set()
    return [
        f"{kind} U+{ord(char):04X}"
        for kind, points in _KINDS.items()
        if kind not in permitted
        for char in re.findall(f"[{points}]", text)
    ]
