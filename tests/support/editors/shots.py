"""The pictures of the documentation, taken from the screen."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from support.command_line import photostyle
from support.editors.window import PATIENCE_S, Window
from support.imports import REPOSITORY
from support.photographs import Photograph
from support.waiting import wait_for

IMAGES = REPOSITORY / "docs" / "images"
LARGEST = 250_000
"""Bytes of one picture."""
_NAMES = {"cat": "chelsea", "coffee": "coffee", "evening": "rocket"}
"""What a person would call them."""
_STILL = 8
"""So many looks without any change, the time in which a spinner moves and a tooltip goes, are a picture at rest."""
_ANTS = 0.002
"""The share of a picture that may move."""
_FLAT = 48
"""So many colours of a picture are the window's own."""
Box = tuple[int, int, int, int]


def shoot(window: Window, name: str, number: str = "root", box: Box | None = None) -> None:
    """Replace one of the documentation's pictures by what is on the screen.

    Args:
        window: The editor, whose pointer is taken out of the picture.
        name: Of the picture.
        number: Of the window that is wanted, with its frame.
        box: The part of it that is wanted, (left, upper, right, lower) in pixels.
    """
    window.xdotool("mousemove", 9999, 9999)
    picture = at_rest(lambda: _look(window, number)).crop(box)
    file = IMAGES / f"{name}.png"
    with_palette(picture).save(file, optimize=True)
    assert file.stat().st_size < LARGEST, f"{name} has {file.stat().st_size} bytes"


def with_palette(picture: Image.Image) -> Image.Image:
    """The picture in 256 colours: those of the window exactly, so that only the photographs in it are dithered."""
    colors, counts = np.unique(np.asarray(picture).reshape(-1, 3), axis=0, return_counts=True)
    flat: list[int] = colors[np.argsort(counts)[-_FLAT:]].ravel().tolist()
    rest = picture.quantize(256 - _FLAT, Image.Quantize.MEDIANCUT, kmeans=1).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat + rest)
    return picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def at_rest(look: Callable[[], Image.Image]) -> Image.Image:
    """What is seen once nothing moves any more but the ants around a selection."""
    seen: list[np.ndarray] = []

    def is_still() -> bool:
        seen.append(np.asarray(look()))
        return len(seen) >= _STILL and all(_share_that_differs(seen[-1], each) < _ANTS for each in seen[-_STILL:])

    wait_for(is_still, PATIENCE_S, "a picture that does not move")
    return Image.fromarray(seen[-1])


def _share_that_differs(one: np.ndarray, other: np.ndarray) -> float:
    return 1.0 if one.shape != other.shape else float((one != other).any(axis=2).mean())


def _look(window: Window, number: str) -> Image.Image:
    frame = ["-frame"] if number != "root" else []
    return Image.open(io.BytesIO(window.tool("import", *frame, "-window", number, "png:-"))).convert("RGB")


def make_pictures(folder: Path, photographs: Mapping[str, Photograph]) -> dict[str, Path]:
    """Three photographs, ``cat``, ``coffee`` and ``evening``, and ``sunset``, the look of the last one.

    Args:
        folder: Where they are put.
        photographs: By the names that scikit-image gives them.
    """
    made = {name: folder / f"{name}.jpg" for name in _NAMES} | {"sunset": folder / "sunset.look"}
    for name, other in _NAMES.items():
        Image.fromarray(photographs[other]).save(made[name], quality=95)
    done = photostyle("look", "save", made["evening"], made["sunset"])
    assert done.returncode == 0, done.stderr
    return made
