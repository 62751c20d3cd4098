"""Soft masks from files: a person's selection as a grey picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from photostyle.imaging.pixels import has_alpha, is_grey, size_text
from photostyle.imaging.reading import read_picture
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadMaskError

_NOTICEABLE = 8 / 255
"""Channels of a grey JPEG may differ by a few levels; more is colour."""


def read_mask(path: Path, like: Pixels) -> Pixels:
    """Read a selection for the picture `like`: white is selected, black is not, grey is in between.

    Transparency counts as not selected, so that a selection saved as white on transparent works; where the
    file is one colour throughout, its alpha alone is the mask.

    Returns:
        (H, W) like the picture; uint8, uint16 or float32 within 0–1.

    Raises:
        BadImageError: The file is no picture.
        BadMaskError: It has another size or colours, leaves 0–1, or selects nothing.
    """
    pixels = read_picture(path).pixels
    _check_size(path, pixels, like)
    mask = _alpha_applied(_grey(path, pixels), pixels)
    if mask.dtype.kind == "f" and (mask.min() < 0 or mask.max() > 1):
        raise BadMaskError(f"The mask {path} has values outside 0–1.", "Scale it to 0 (not) to 1 (selected).")
    if not mask.any():
        raise BadMaskError(f"The mask {path} is black everywhere, so it selects nothing.", "Paint in white.")
    return np.ascontiguousarray(mask)


def what_is_left(masks: Sequence[Pixels]) -> Pixels | None:
    """The mask of what none of some masks selects: uint16, white where they are all black.

    Args:
        masks: (H, W) each, at least one, any depth.

    Returns:
        (H, W), or ``None`` where nothing is left.
    """
    selected = np.zeros(masks[0].shape, np.float32)
    for mask in masks:
        selected += mask if mask.dtype.kind == "f" else mask / np.float32(np.iinfo(mask.dtype).max)
    left = np.rint((1 - selected.clip(0, 1)) * np.float32(65535)).astype(np.uint16)
    return left if left.any() else None


def _check_size(path: Path, pixels: Pixels, like: Pixels) -> None:
    if pixels.shape[:2] != like.shape[:2]:
        raise BadMaskError(
            f"The mask {path} is {size_text(pixels)} pixels, the picture is {size_text(like)}.",
            "Export the mask at the picture's own size.",
        )


def _grey(path: Path, pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    if is_grey(pixels):
        return pixels[..., 0]
    colour = pixels[..., :3]
    visible = pixels[..., 3] > 0 if has_alpha(pixels) else np.True_
    if ((np.ptp(colour, axis=2) > _NOTICEABLE * _full_scale(pixels)) & visible).any():
        raise BadMaskError(
            f"The mask {path} has colours.",
            "Give a grey picture; a map with a colour for each region is given with --content-regions.",
        )
    return colour[..., 1]


def _alpha_applied(grey: Pixels, pixels: Pixels) -> Pixels:
    full = _full_scale(pixels)
    if not has_alpha(pixels) or pixels[..., -1].min() == full:
        return grey
    alpha = pixels[..., -1]
    if grey.min() == grey.max():
        return alpha
    if full == 1:
        return grey * alpha
    return ((grey.astype(np.uint32) * alpha + full // 2) // full).astype(grey.dtype)


def _full_scale(pixels: Pixels) -> int:
    return 1 if pixels.dtype.kind == "f" else int(np.iinfo(pixels.dtype).max)
