"""Regions as they are typed: ``MASK=STYLE`` or ``MASK=STYLE=STYLE_MASK``, each with ``@STRENGTH`` if wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from photostyle_protocol.errors import BadOptionError

FORM = "MASK=STYLE[=STYLE_MASK][@STRENGTH]"
_STRENGTH = re.compile(r"(.+)@(\d*\.?\d+)")
"""Not a name such as ``photo@2x.jpg``."""


@dataclass(frozen=True)
class RegionWord:
    """One region that a person typed.

    Attributes:
        where: The mask's file, or a colour of the content's region map.
        style: The photograph whose look this region gets.
        style_mask: Which part of that photograph counts.
        strength: 0–1.
    """

    where: str
    style: Path
    style_mask: Path | None = None
    strength: float = 1.0

    def from_root(self, is_color: bool) -> RegionWord:
        """The same with files named from the root; `is_color`: `where` is none."""
        return replace(
            self,
            where=self.where if is_color else str(Path(self.where).absolute()),
            style=self.style.absolute(),
            style_mask=self.style_mask.absolute() if self.style_mask else None,
        )

    @classmethod
    def parse(cls, word: str) -> RegionWord:
        """Understand what was typed.

        Raises:
            BadOptionError: A part is missing or too much, or the strength is outside 0–1.
        """
        has_strength = _STRENGTH.fullmatch(word)
        text, strength = (has_strength[1], float(has_strength[2])) if has_strength else (word, 1.0)
        where, *files = text.split("=")
        if not where or len(files) not in (1, 2) or not all(files):
            raise BadOptionError(f"--region {word} is not understood.", f"Write --region {FORM}.")
        if strength > 1:
            raise BadOptionError(f"--region {word} has the strength {strength:g}.", "Give a number from 0 to 1.")
        return cls(where, Path(files[0]), Path(files[1]) if len(files) == 2 else None, strength)
