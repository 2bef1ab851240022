"""Everything that can go wrong in a way a user can mend, and the exit codes.

Knows the tree of exceptions and nothing of who raises or prints them.

    RlhfQaError                     one line for the user; the command ends with `exit_code`
    ├── UsageError                  what was typed cannot be done (exit 2)
    ├── ContentError                a note or folder cannot be read
    ├── ConfigError                 the configuration file says something it may not say
    ├── ClockError                  the system's time cannot be right (clock.py)
    └── StoreError                  the history cannot be opened or written
        ├── StoreNewer              it was written by a newer version: left untouched
        └── NotStored               this grade was not accepted; the card stays
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    FAILED = 1
    """Something failed, or `check` found a problem."""
    USAGE = 2
    INTERRUPTED = 130


class RlhfQaError(Exception):
    """The root. `str(error)` is the whole message: what is wrong, and what to do."""

    exit_code: ExitCode = ExitCode.FAILED


class UsageError(RlhfQaError):
    """The command line asks for something that cannot be."""

    exit_code = ExitCode.USAGE


class ContentError(RlhfQaError):
    """A note that cannot be loaded; the message begins with its path."""


class ConfigError(RlhfQaError):
    """A bad value in the configuration file; the message begins with `path:line`."""


class StoreError(RlhfQaError):
    """The history cannot be opened or written; nothing was changed."""


class StoreNewer(StoreError):
    """The history was written by a newer version; the file was not touched."""


class NotStored(StoreError):
    """The event in hand is not stored. All earlier ones are; it may be tried again."""
