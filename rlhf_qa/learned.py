"""Settings that shape the schedule: part of the history, so that every device derives the same.

Knows their names, ranges and defaults; where they are kept is the store's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rlhf_qa.errors import UsageError
from rlhf_qa.messages import mark, tr


@dataclass(frozen=True, slots=True)
class Learned:
    """A setting and what it may be."""

    name: str
    help: str
    """A message."""
    low: float
    high: float
    default: float
    whole: bool
    """Only whole numbers."""

    def value(self, settings: Mapping[str, object]) -> float:
        """What is in force: the default where nothing usable was ever set."""
        value = settings.get(self.name)
        if not isinstance(value, int | float) or not self.low <= value <= self.high:
            return self.default
        return int(value) if self.whole else float(value)

    def read(self, text: str) -> float:
        """The value that was typed; `default` is the default.

        Raises:
            UsageError: not a number, or out of range.
        """
        if text == "default":
            return self.default
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            value = self.low - 1
        if not self.low <= value <= self.high:
            raise UsageError(
                tr(
                    "{name} {value}: permitted: {low} to {high}",
                    name=self.name,
                    value=text,
                    low=f"{self.low:g}",
                    high=f"{self.high:g}",
                )
            )
        return value


RETENTION: Final = Learned(
    "desired_retention",
    mark("recall at which a card is due, 0.80 to 0.97"),
    low=0.80,
    high=0.97,
    default=0.90,
    whole=False,
)
ROLLOVER: Final = Learned(
    "rollover",
    mark("hour at which a new study day begins, 0 to 23"),
    low=0,
    high=23,
    default=4,
    whole=True,
)
LEARNED: Final = {setting.name: setting for setting in (RETENTION, ROLLOVER)}
