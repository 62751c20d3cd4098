"""Colours that a file holds multiplied by their alpha, as OpenEXR does."""

from __future__ import annotations

import numpy as np

from photostyle.stylize.task import Pixels


def has_associated_alpha(pixels: Pixels) -> bool:
    """Whether multiplying made a difference: not all pixels (H, W, C), alpha last, are opaque."""
    return not bool((pixels[..., -1] == 1).all())


def with_straight_alpha(held: Pixels) -> Pixels:
    """Colours divided by alpha; as they were where alpha is 0, or so small that no number is left.

    Args:
        held: (H, W, C) float16 or float32, as the file holds them.

    Returns:
        (H, W, C) float32.
    """
    straight = held.astype(np.float32)
    with np.errstate(over="ignore"):
        straight /= _factor(straight)
    np.copyto(straight, held, where=~np.isfinite(straight))
    return straight


def associated(pixels: Pixels, held: Pixels | None) -> Pixels:
    """Straight pixels as a file would hold them; those that did not change since they were read, to the bit.

    Args:
        pixels: (H, W, C) floats.
        held: What the file held before.
    """
    if held is None:
        return pixels * _factor(pixels)
    changed = (pixels != with_straight_alpha(held)).any(axis=2, keepdims=True)
    return np.where(changed, (pixels * _factor(pixels)).astype(held.dtype), held)


def _factor(pixels: Pixels) -> Pixels:
    """What the colours are multiplied by, (H, W, C): alpha, but 1 for alpha itself and where it is 0."""
    factor = np.repeat(pixels[..., -1:], pixels.shape[-1], axis=-1)
    factor[..., -1] = 1
    factor[factor <= 0] = 1
    return factor
