"""One picture of a batch."""

from __future__ import annotations

from dataclasses import dataclass

from photostyle.transfer.asked import Asked


@dataclass(frozen=True)
class Job:
    """A transfer with a name.

    Attributes:
        name: Its result below the folder of results, with forward slashes; no two jobs of a batch share it.
        asked: What to do; the settings are checked.
    """

    name: str
    asked: Asked
