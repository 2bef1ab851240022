"""Where a formula between dollars ends, and which dollars are money.

Works on characters; knows nothing of Markdown's other marks.
"""

from __future__ import annotations


def formula_at(src: str, start: int) -> tuple[str, int] | None:
    """The mark, `$` or `$$`, and the end of the formula that begins at `start`, if one does.

    Between single dollars no blank stands inside, and no digit follows: `$5-$10` is money. The
    next dollar that is not escaped must close it.
    """
    if not src.startswith("$", start):
        return None
    mark = "$$" if src.startswith("$$", start) else "$"
    opened = start + len(mark)
    closed = _next_dollar(src, opened)
    if closed < 0 or not src.startswith(mark, closed):
        return None
    body, end = src[opened:closed], closed + len(mark)
    blank = mark == "$" and (body[:1].isspace() or body[-1:].isspace())
    if not body.strip() or blank or src[end : end + 1].isdigit():
        return None
    return mark, end


def _next_dollar(src: str, start: int) -> int:
    at = src.find("$", start)
    while at > start and _is_escaped(src, at):
        at = src.find("$", at + 1)
    return at


def _is_escaped(src: str, at: int) -> bool:
    slashes = 0
    while at - slashes > 0 and src[at - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1
