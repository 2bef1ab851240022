"""Where history, cache and configuration lie on this machine.

Computes paths only: looks at no file and makes no folder. Knows the variables that move them,
not what is kept in them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rlhf_qa.errors import StoreError
from rlhf_qa.messages import tr

APP: Final = "rlhf-qa"
DATA_VARIABLE: Final = "RLHF_QA_DATA"
CONFIG_VARIABLE: Final = "RLHF_QA_CONFIG"


@dataclass(frozen=True, slots=True)
class Places:
    """Absolute paths. Nothing need exist there yet."""

    data: Path
    """Folder of the history: private to the user, and worth a backup."""
    cache: Path
    """Folder of what can be computed again."""
    config_file: Path


@dataclass(frozen=True, slots=True)
class _Homes:
    """The platform's folders for this user; None where the environment names none."""

    data: Path | None
    cache: Path | None
    config: Path | None


def find(environ: Mapping[str, str], data_dir: Path | None = None) -> Places:
    """The places of a user with this environment.

    History: `data_dir`, else `RLHF_QA_DATA`, else the platform's folder. Configuration:
    `RLHF_QA_CONFIG`, else the platform's folder. Relative paths in these are taken from the
    current folder. The platform's folders are those of the XDG specification, which has its
    variables ignored where they are relative; on macOS and Windows platformdirs knows them, and
    reads the environment of the process. Without a home folder, cache and configuration lie
    with the history.

    Raises:
        StoreError: nothing says where the history goes.
    """
    homes = _homes(environ)
    data = _typed(data_dir or environ.get(DATA_VARIABLE)) or homes.data
    if data is None:
        home = environ.get("HOME")
        if home:
            message = tr(
                "HOME is not a full path: {home}, so the history has no place: "
                "set HOME, or set {variable} to a folder of your own",
                home=repr(home),
                variable=DATA_VARIABLE,
            )
        else:
            message = tr(
                "HOME is not set, so the history has no place: "
                "set HOME, or set {variable} to a folder of your own",
                variable=DATA_VARIABLE,
            )
        raise StoreError(message)
    return Places(
        data=data,
        cache=homes.cache or data / "cache",
        config_file=_typed(environ.get(CONFIG_VARIABLE)) or (homes.config or data) / "config.toml",
    )


def _homes(environ: Mapping[str, str]) -> _Homes:
    if sys.platform in ("darwin", "win32"):
        from platformdirs import PlatformDirs  # noqa: PLC0415 -- not needed on Linux

        dirs = PlatformDirs(APP, appauthor=False)
        return _Homes(dirs.user_data_path, dirs.user_cache_path, dirs.user_config_path)
    return _Homes(
        data=_xdg(environ, "XDG_DATA_HOME", ".local/share"),
        cache=_xdg(environ, "XDG_CACHE_HOME", ".cache"),
        config=_xdg(environ, "XDG_CONFIG_HOME", ".config"),
    )


def _xdg(environ: Mapping[str, str], variable: str, below_home: str) -> Path | None:
    for base, below in ((environ.get(variable), ""), (environ.get("HOME"), below_home)):
        if base and Path(base).is_absolute():
            return Path(base, below, APP)
    return None


def _typed(path: str | Path | None) -> Path | None:
    if not path:
        return None
    try:
        return Path(path).absolute()
    except OSError as error:
        raise StoreError(
            tr(
                "{path}: the current folder is gone ({problem}): give a full path",
                path=path,
                problem=error.strerror,
            )
        ) from error
