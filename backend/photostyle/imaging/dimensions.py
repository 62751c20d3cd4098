"""How large a picture is, by what its file announces, without decoding it."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image


def announced_pixels(path: Path) -> int:
    """Width × height; 0 for what is no picture, of which whoever reads it will say why."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                return image.width * image.height
    except Exception:  # what a damaged file raises inside a decoder is not ours to list
        return _deep_pixels(path)


def _deep_pixels(path: Path) -> int:
    """Of the formats that Pillow does not know."""
    import OpenImageIO

    source = OpenImageIO.ImageInput.open(str(path))
    if source is None:
        OpenImageIO.geterror()  # or it would be kept for somebody else
        return 0
    spec = source.spec()
    source.close()
    return int(spec.width * spec.height)
