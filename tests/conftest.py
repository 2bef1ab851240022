"""What every test stands on: an empty home, no settings, and repeatable generated examples."""

from __future__ import annotations

import gettext
import os

import pytest
from hypothesis import settings

from rlhf_qa import messages

settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

_UNSET = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "LANG", "LC_MESSAGES", "LANGUAGE", "TZ")
_FOLDERS = {
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_STATE_HOME": "state",
}


@pytest.fixture(autouse=True)
def _own_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither the machine's settings nor another test's files can be seen or touched."""
    home = tmp_path_factory.mktemp("home")
    for name in (*_UNSET, *(n for n in os.environ if n.startswith(("RLHF_QA_", "XDG_")))):
        monkeypatch.delenv(name, raising=False)
    for name, folder in {"HOME": "", **_FOLDERS}.items():
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    # English, until a test says otherwise; and after it again.
    monkeypatch.setattr(messages, "_catalogue", gettext.NullTranslations())
