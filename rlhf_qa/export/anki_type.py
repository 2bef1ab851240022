"""The note type of exported cards: fields, template and style, frozen.

A field added, moved or renamed, or a second template, would put every note in Anki in conflict;
only the texts of template and style may change, together with `MOD`.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

FIELDS: Final = ("Question", "Answer", "DeepDive", "Context", "Source", "Id")
NAME: Final = "rlhf-qa Q&A"
MOD: Final = 1_764_000_000
"""Seconds since 1970. Raised with each change of a text below: Anki takes over what is newer."""

_SPAN: Final = 100_000_000_000
_FIRST: Final = 1_500_000_000_000

FRONT: Final = """\
<div class="context">{{Context}}</div>
<div class="question">{{Question}}</div>
"""
BACK: Final = """\
{{FrontSide}}
<hr id="answer">
<div class="answer">{{Answer}}</div>
{{#DeepDive}}<details class="deeper"><summary>▸</summary>{{DeepDive}}</details>{{/DeepDive}}
<div class="source">{{Source}}</div>
"""
CSS: Final = """\
.card {
  max-width: 46em; margin: 0 auto; padding: 0 .6em; text-align: left;
  font: 18px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC",
    "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif;
  color: #222; background: #fff;
}
.question { font-size: 1.15em; font-weight: 600; }
.context, .source { font-size: .75em; color: #777; margin: .4em 0; }
pre { overflow-x: auto; padding: .6em; background: #f4f4f4; border-radius: 4px; line-height: 1.4; }
code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
mjx-container { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #bbb; padding: .2em .6em; }
blockquote { margin: .5em 0; padding-left: .8em; border-left: 3px solid #bbb; }
img { max-width: 100%; }
a { color: #1565c0; }
details { margin: .5em 0; }
details details { padding-left: .8em; border-left: 2px solid #ddd; }
summary { cursor: pointer; color: #555; }
.nightMode.card, .night_mode.card, .nightMode .card, .night_mode .card {
  color: #ddd; background: #2b2b2b;
}
.nightMode pre, .night_mode pre { background: #383838; }
.nightMode th, .nightMode td, .night_mode th, .night_mode td,
.nightMode blockquote, .night_mode blockquote,
.nightMode details details, .night_mode details details { border-color: #666; }
.nightMode a, .night_mode a { color: #8ab4f8; }
.nightMode summary, .night_mode summary { color: #bbb; }
"""


def number_of(name: str) -> int:
    """The id that a fixed name stands for: below 2⁵³, so that no client rounds it."""
    return _FIRST + int.from_bytes(blake2b(name.encode()).digest()[:16], "big") % _SPAN


ID: Final = number_of(NAME)


def note_type(deck: int) -> dict[str, Any]:
    """The note type as schema 11 writes it down. `deck`: where new notes of it would go."""
    return {
        "id": ID,
        "name": NAME,
        "type": 0,
        "mod": MOD,
        "usn": 0,
        "sortf": 0,
        "did": deck,
        "tmpls": [_template()],
        "flds": [_field(place, name) for place, name in enumerate(FIELDS)],
        "css": CSS,
        "latexPre": "",
        "latexPost": "",
        "latexsvg": False,
        "req": [[0, "any", [0, 3]]],
        "tags": [],
        "vers": [],
    }


def _template() -> dict[str, Any]:
    return {
        "id": number_of(f"{NAME} template"),
        "name": "Card 1",
        "ord": 0,
        "qfmt": FRONT,
        "afmt": BACK,
        "bqfmt": "",
        "bafmt": "",
        "did": None,
        "bfont": "",
        "bsize": 0,
    }


def _field(place: int, name: str) -> dict[str, Any]:
    return {
        "id": number_of(f"{NAME} field {name}"),
        "name": name,
        "ord": place,
        "sticky": False,
        "rtl": False,
        "font": "Arial",
        "size": 20,
        "description": "",
        "plainText": False,
        "collapsed": False,
        "excludeFromSearch": False,
        "tag": None,
        "preventDeletion": False,
        "media": [],
    }
