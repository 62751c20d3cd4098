"""The pictures of a folder, by name."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import torch

from photostyle.imaging.reading import read_picture
from photostyle.stylize.pixels import rgb_reader
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadInputError

_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif", ".ppm"})


def picture_files(folder: Path) -> dict[str, Path]:
    """The picture files of a folder by their names without suffix, numbers in order of size.

    Raises:
        BadInputError: There is no such folder, or no picture in it, or two have one name.
    """
    found: dict[str, Path] = {}
    for path in sorted(_files(folder), key=_order):
        if path.stem in found:
            raise BadInputError(
                f"{folder} has two pictures named {path.stem}: {found[path.stem].name} and {path.name}.",
                "Keep one of them.",
            )
        found[path.stem] = path
    if not found:
        raise BadInputError(f"There are no pictures in {folder}.", "Name a folder of PNG, JPEG, TIFF or WebP files.")
    return found


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadInputError(f"There is no folder {folder}.", "Check the name.")
    return [p for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES and not p.name.startswith(".")]


def _order(path: Path) -> list[tuple[int, str]]:
    """So that 9 comes before 10, and before a."""
    return [(int(part or 0), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path.stem)]


def read_srgb(path: Path) -> Pixels:
    """A picture the way it is judged: (H, W, 3) uint8, sRGB, without alpha.

    Raises:
        BadImageError: The file is no picture.
    """
    picture = read_picture(path)
    rgb = rgb_reader(picture.space)(picture.pixels, torch.device("cpu"))
    eight: Pixels = rgb[0].permute(1, 2, 0).clamp(0, 1).mul(255).round().byte().numpy()
    return np.ascontiguousarray(eight)
