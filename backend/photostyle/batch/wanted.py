"""What holds for every picture of a batch, unless a row of a list says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photostyle.transfer.region_words import RegionWord
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.request import Settings


@dataclass(frozen=True)
class Wanted:
    """The options of the command.

    Attributes:
        out: The folder of results.
        settings: How to stylize, as typed.
        styles: Each picture gets each of these looks.
        pattern: What results are called; ``None`` keeps names and formats.
        mask: The selection in every picture.
        masks: A folder with a selection for each picture.
        content_map: The colour-coded map of every picture.
        style_map: The map of every style.
        regions: Regions of every picture, with styles of their own.
    """

    out: Path
    settings: Settings
    styles: tuple[Path, ...] = ()
    pattern: str | None = None
    mask: Path | None = None
    masks: Path | None = None
    content_map: Path | None = None
    style_map: Path | None = None
    regions: tuple[RegionWord, ...] = ()

    def check(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            BadInputError: It says which options do.
        """
        if self.mask and self.masks:
            raise BadInputError("--mask and --masks contradict each other.", "Give one mask for all, or a folder.")
