"""Which language the interface speaks: known before the commands are declared.

So that help and errors of the command line are in it too. Reads the configuration only where
there is one and nothing goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rlhf_qa.errors import RlhfQaError
from rlhf_qa.messages import LANGUAGE_VARIABLE, LANGUAGES, of_locale, of_name


def chosen(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language that the arguments, not yet parsed, and the surroundings ask for."""
    typed = _typed(arguments)
    settled = typed in LANGUAGES or environ.get(LANGUAGE_VARIABLE)
    return spoken(typed, environ, "" if settled else _configured(environ))


def spoken(typed: str | None, environ: Mapping[str, str], configured: str) -> str:
    """`zh` or `en`: by `--lang`, `RLHF_QA_LANG`, the configuration, the locale, in this order."""
    if typed in LANGUAGES:
        return typed
    if environ.get(LANGUAGE_VARIABLE):
        return of_name(environ[LANGUAGE_VARIABLE])
    return configured if configured in LANGUAGES else of_locale(environ)


def _typed(arguments: Sequence[str]) -> str:
    """What `--lang` says, if it is there; whether it may say so is checked with the options."""
    found = ""
    before = ""
    for argument in arguments:
        if argument == "--":
            break
        if before == "--lang":
            found = argument
        elif argument.startswith("--lang="):
            found = argument.removeprefix("--lang=")
        before = argument
    return found


def _configured(environ: Mapping[str, str]) -> str:
    """What the configuration says; nothing if it cannot be read: who needs it will say so."""
    from rlhf_qa.places import find

    try:
        file = find(environ).config_file
        if not file.exists():
            return ""
        from rlhf_qa.config import load

        return load(file).lang
    except (RlhfQaError, OSError):
        return ""
