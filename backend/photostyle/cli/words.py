"""Lists as they are typed: separated by commas, and the option may be repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from photostyle_protocol.errors import BadOptionError

_MOST_MEGAPIXELS = 1000


def listed(given: Sequence[str]) -> list[str]:
    """The words of all lists, in order."""
    return [word for text in given for part in text.split(",") if (word := part.strip())]


def numbers(given: Sequence[str]) -> list[float]:
    """The shares of all lists, in order.

    Raises:
        BadOptionError: A word is no number from 0 to 1, or there is none.
    """
    found = [_share(word) for word in listed(given)]
    if not found:
        raise BadOptionError("No strength is given.", "Write numbers from 0 to 1, separated by commas.")
    return found


def _share(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise BadOptionError(f"The strength {word} is no number from 0 to 1.", "Write 0.25,0.5,1 or the like.")
    return number


def named_folders(given: Sequence[str]) -> dict[str, Path]:
    """``NAME=FOLDER`` words.

    Raises:
        BadOptionError: A word without ``=``, or a name given twice.
    """
    found: dict[str, Path] = {}
    for word in given:
        name, equals, folder = word.partition("=")
        if not equals or not name or not folder:
            raise BadOptionError(f"--results {word} has no name.", "Write --results name=folder.")
        if name in found:
            raise BadOptionError(f"--results {name} is given twice.", "Give each folder its own name.")
        found[name] = Path(folder)
    return found


def megapixels(given: Sequence[str]) -> list[float]:
    """Sizes of pictures.

    Raises:
        BadOptionError: A word is no number of megapixels, or there is none.
    """
    found = [_megapixels(word) for word in listed(given)]
    if not found:
        raise BadOptionError("No size is given.", "Write megapixels, separated by commas.")
    return found


def _megapixels(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = 0.0
    if not 1e-4 <= number <= _MOST_MEGAPIXELS:
        raise BadOptionError(f"The size {word} is not understood.", "Write megapixels: 0.25,1,24 or the like.")
    return number


def sizes(given: Sequence[str]) -> list[tuple[int, int]]:
    """``512`` (a square) or ``6000x4000`` words as widths and heights.

    Raises:
        BadOptionError: Something else.
    """
    return [_size(word) for word in listed(given)]


def _size(word: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-9]\d{0,5})(?:x([1-9]\d{0,5}))?", word)
    if not found:
        raise BadOptionError(f"The size {word} is not understood.", "Write 1024 or 6000x4000.")
    return int(found[1]), int(found[2] or found[1])
