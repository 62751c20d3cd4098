"""Reduce a style photograph to a look."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from photostyle.methods.rest import Rest
from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.lab import rgb_to_lab
from photostyle.ops.moments import channel_moments
from photostyle.ops.palette import palette
from photostyle.stylize.looks import upper_triangle
from photostyle.stylize.pixels import check_mask, check_picture, to_weight
from photostyle.stylize.proxy import PROXY_PIXELS, reduce_picture
from photostyle.stylize.regions import MIN_SHARE
from photostyle.stylize.styles import Style, photograph_style
from photostyle.stylize.task import Pixels
from photostyle_protocol.color_space import ColorSpace
from photostyle_protocol.errors import BadMaskError
from photostyle_protocol.look_file import NAME_CHARACTERS, PALETTE, THUMBNAIL_SIDE, pack_look

_FORM_NAMES = {"rest": "skip", "rest-paper": "paper"}
_QUALITY = 75


@torch.inference_mode()
def make_look(
    style: Pixels, mask: Pixels | None, name: str, device: torch.device, space: ColorSpace | None = None
) -> bytes:
    """Reduce a photograph to what methods need to know of it.

    Args:
        style: The photograph.
        mask: Which part of it counts; ``None`` is all.
        name: What people will call the look; cut to `NAME_CHARACTERS`, without characters that cannot be printed.
        device: Where to compute.
        space: What the photograph's numbers mean; ``None`` is sRGB.

    Returns:
        The file; the same photograph gives the same bytes.

    Raises:
        BadInputError: Photograph or mask cannot be used.
    """
    check_picture(style, "style")
    seen = photograph_style(style, space, device, PROXY_PIXELS)
    if mask is not None:
        check_mask(mask, style, "mask")
        seen = _masked(seen, mask)
    tensors, checkpoints = _statistics(seen, device)
    parts = {key: tensor.cpu().contiguous().numpy().tobytes() for key, tensor in tensors.items()}
    return pack_look(_printable(name), checkpoints, {**parts, "thumbnail": _thumbnail(seen.picture)})


def _masked(style: Style, mask: Pixels) -> Style:
    height, width = style.picture.shape[-2:]
    weight = style.weight * reduce_picture(mask, (height, width), to_weight, style.weight.device)
    if float(weight.sum() / style.weight.sum()) < MIN_SHARE:
        raise BadMaskError(
            f"The mask selects less than {MIN_SHARE:.1%} of the photograph.", "Select more: so little has no look."
        )
    return style._replace(weight=weight)


def _statistics(style: Style, device: torch.device) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of numbers, and the digest of the checkpoint for each form of REST."""
    picture, weight = style.picture, style.weight
    color, lab = fit_gaussian(picture, weight), channel_moments(rgb_to_lab(picture), weight)
    tensors = {
        "color.mean": color.mean[0],
        "color.covariance": upper_triangle(color.covariance[0]),
        "lab.mean": lab.mean.flatten(),
        "lab.deviation": lab.std.flatten(),
        "palette": palette(picture, weight, PALETTE)[0, :, 0].mT.half(),
    }
    checkpoints = {}
    rest = Rest(device)
    for form, name in _FORM_NAMES.items():
        levels = rest.statistics(name, picture, weight).levels
        tensors[f"{form}.mean"] = torch.cat([level.mean for level in levels])
        tensors[f"{form}.covariance"] = torch.stack([upper_triangle(level.covariance[0]) for level in levels])
        checkpoints[form] = rest.network(name).digest
    return tensors, checkpoints


def _thumbnail(picture: Tensor) -> bytes:
    levels = (picture[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
    image = Image.fromarray(np.ascontiguousarray(levels))
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return file.getvalue()


def _printable(name: str) -> str:
    return "".join(c for c in name if c.isprintable()).strip()[:NAME_CHARACTERS].strip() or "look"
