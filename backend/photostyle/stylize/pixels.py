"""Between an editor's pixels and float RGB: the only place that knows pixel types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from photostyle.ops.luma import luma
from photostyle.ops.transfer import Download, uploaded
from photostyle.ops.working_space import into_working_space, out_of_working_space
from photostyle.stylize.strips import strips
from photostyle.stylize.task import PIXEL_TYPES, Pixels
from photostyle_protocol.color_space import ColorSpace
from photostyle_protocol.errors import BadImageError, BadMaskError

_COLOR_CHANNELS = {1: 1, 2: 1, 3: 3, 4: 3}
"""Channels of colour for each count of channels; an even count ends in alpha."""

_LARGEST = 1e6
"""No colour is beyond this, and nothing that is computed from colours within it overflows."""


def check_picture(pixels: Pixels, what: str) -> None:
    """Refuse what is no picture.

    Raises:
        BadImageError: Wrong shape or type, no pixels, or values that are no colours.
    """
    good_shape = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in _COLOR_CHANNELS)
    if not good_shape or pixels.size == 0 or pixels.dtype not in PIXEL_TYPES:
        raise BadImageError(
            f"The {what} has shape {pixels.shape} and type {pixels.dtype}.",
            "Pictures have 1 to 4 channels of 8 or 16-bit integers, or of 16 or 32-bit floats.",
        )
    if not _is_finite(pixels):
        raise BadImageError(
            f"The {what} holds values that are not finite (NaN or infinite).", "Repair the picture first."
        )
    if pixels.dtype == np.float32 and max(-pixels.min(), pixels.max()) > _LARGEST:
        raise BadImageError(
            f"The {what} holds values beyond ±{_LARGEST:,.0f}, which are no colours.", "White is 1: scale it down."
        )


def check_mask(mask: Pixels, like: Pixels, what: str) -> None:
    """Refuse a mask that does not fit its picture.

    Raises:
        BadMaskError: Another size, more than one channel, or values that are not finite.
    """
    if mask.ndim != 2 or mask.dtype not in PIXEL_TYPES:
        raise BadMaskError(f"The {what} has shape {mask.shape} and type {mask.dtype}.", "A mask has one channel.")
    if mask.shape != like.shape[:2]:
        wanted, got = (f"{s[1]} × {s[0]}" for s in (like.shape, mask.shape))
        raise BadMaskError(f"The {what} is {got}, its picture {wanted} pixels.", "Give a mask of the picture's size.")
    if not _is_finite(mask):
        raise BadMaskError(f"The {what} holds values that are not finite (NaN or infinite).", "Repair the mask first.")


def _is_finite(pixels: Pixels) -> bool:
    """Whether all values are numbers; asked strip by strip, because the answers are as many bytes."""
    if pixels.dtype.kind != "f":
        return True
    return all(bool(np.isfinite(pixels[rows]).all()) for rows in strips(*pixels.shape[:2]))


def _tensor(values: Pixels, device: torch.device) -> Tensor:
    # torch wants writable memory that runs forwards, and not every picture lies so: a strip of that is copied.
    forwards = values if min(values.strides) >= 0 else np.ascontiguousarray(values)
    return uploaded(torch.from_numpy(np.require(forwards, requirements="W")), device)


def _unit(values: Tensor, dtype: np.dtype[Any]) -> Tensor:
    """Float32 with full scale 1, in planes; integers are divided by their maximum, floats kept."""
    # What has the type already, `to` leaves as it lies: what follows would be slower and, in sums, less exact.
    planes = values.to(torch.float32, memory_format=torch.contiguous_format).contiguous()
    return planes if dtype.kind == "f" else planes.div_(float(np.iinfo(dtype).max))


def to_rgb(pixels: Pixels, device: torch.device) -> Tensor:
    """Colour (1, 3, H, W) of some pixels (H, W[, C]); grey is repeated, alpha left out."""
    color = pixels[..., None] if pixels.ndim == 2 else pixels[..., : _COLOR_CHANNELS[pixels.shape[2]]]
    planes = _unit(_tensor(color, device).permute(2, 0, 1)[None], pixels.dtype)
    return planes.expand(-1, 3, -1, -1)


def rgb_reader(space: ColorSpace | None) -> Callable[[Pixels, torch.device], Tensor]:
    """What makes colours in the engine's space of pixels in a space of their own; see `to_rgb`."""
    return lambda pixels, device: into_working_space(to_rgb(pixels, device), space)


def to_alpha(pixels: Pixels, device: torch.device) -> Tensor:
    """Opacity (1, 1, H, W) of some pixels, 1 where there is no alpha."""
    if pixels.ndim == 3 and pixels.shape[2] % 2 == 0:
        return _unit(_tensor(pixels[..., -1], device), pixels.dtype).clamp(0, 1)[None, None]
    return torch.ones((1, 1, *pixels.shape[:2]), device=device)


def to_weight(mask: Pixels, device: torch.device) -> Tensor:
    """A mask (H, W) as (1, 1, H, W) in 0–1."""
    return _unit(_tensor(mask, device), mask.dtype).clamp(0, 1)[None, None]


def _levels(color: Tensor, dtype: np.dtype[Any]) -> Tensor:
    """Colours as numbers of that type, or floats that are such numbers."""
    if dtype.kind == "f":
        largest = float(np.finfo(dtype).max)
        return color.clamp(-largest, largest)
    levels = color.clamp(0, 1).mul_(float(np.iinfo(dtype).max)).round_()
    # Not every device knows integers of 16 bits, and on a CPU numpy makes those of 8 in a sixth of the time.
    return levels.to(torch.uint8) if dtype == np.uint8 and levels.device.type != "cpu" else levels


class Restored:
    """Colours in the original's own type and channels; alpha and unchanged pixels are the original's, to the bit.

    Args:
        rgb: (1, 3, h, W).
        changed: (1, 1, h, W), false where the result must equal the original; ``None`` is true everywhere.
        original: (h, W[, C]).
        space: The original's.
    """

    def __init__(self, rgb: Tensor, changed: Tensor | None, original: Pixels, space: ColorSpace | None = None) -> None:
        self._original = original
        self._channels = 1 if original.ndim == 2 else _COLOR_CHANNELS[original.shape[2]]
        color = luma(rgb) if self._channels == 1 else rgb
        self._levels = Download(_levels(out_of_working_space(color, space), original.dtype))
        self._changed = None if changed is None else Download(changed)

    def pixels(self) -> Pixels:
        """They themselves, like the original; a GPU is waited for only here."""
        out = self._original.copy()
        levels = self._levels.arrived().numpy().astype(out.dtype, copy=False)
        changed = True if self._changed is None else self._changed.arrived()[0, 0].numpy()
        target = out[..., None] if out.ndim == 2 else out
        for channel in range(self._channels):  # a fourth of the time of all at once
            np.copyto(target[..., channel], levels[0, channel], where=changed)
        return out
