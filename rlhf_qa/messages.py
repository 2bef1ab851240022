"""Messages of the interface in the learner's language; the English text is the message itself.

Holds the one catalogue in use, chosen once at start-up. Knows no message: those stand where they
are said, whole sentences with named places, and are collected from there (docs/translating.md).
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from pathlib import Path
from typing import Final

DOMAIN: Final = "rlhf_qa"
FOLDER: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en", "zh")
LANGUAGE_VARIABLE: Final = "RLHF_QA_LANG"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str) -> None:
    """Speak `language` from now on; English, where there is no catalogue for it."""
    global _catalogue  # noqa: PLW0603 -- chosen once, before the first message
    _catalogue = gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def tr(message: str, /, **values: object) -> str:
    """`message` in the language in use, with `values` at its named places."""
    text = _catalogue.gettext(message)
    return text.format(**values) if values else text


def trn(one: str, many: str, number: int, /, **values: object) -> str:
    """The form of a message that `number` asks for; `{n}` is the number itself."""
    return _catalogue.ngettext(one, many, number).format(n=f"{number:,}", **values)


def mark(message: str) -> str:
    """A message that is said later, with `tr`: here only collected."""
    return message


def markn(one: str, many: str) -> tuple[str, str]:
    """The forms of a message that is said later, with `trn`."""
    return one, many


def of_locale(environ: Mapping[str, str]) -> str:
    """`zh` or `en`, by the locale of the environment."""
    names = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return of_name(next(filter(None, names), ""))


def of_name(name: str) -> str:
    """The language that the name of a language or locale means: any `zh…` is Chinese."""
    return "zh" if name.casefold().startswith("zh") else "en"
