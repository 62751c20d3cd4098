"""Structural similarity of the edges."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.ssim_planes import ssim_planes
from photostyle.ops.luma import luma

_SOBEL = ((1.0, 2.0, 1.0), (0.0, 0.0, 0.0), (-1.0, -2.0, -1.0))


def edges(picture: Tensor) -> Tensor:
    """√((gx² + gy²) / 2) of luma under Sobel's operator over 4, border mirrored.

    Args:
        picture: (1, 3, H, W), encoded RGB, 0–1.

    Returns:
        (1, 1, H, W), 0–1 in float64; a step from black to white along an axis has √½.
    """
    down = torch.tensor(_SOBEL, dtype=torch.float64, device=picture.device) / 4
    plane = F.pad(luma(picture.double()), (1, 1, 1, 1), mode="replicate")
    gradients = F.conv2d(plane, torch.stack([down, down.T])[:, None])
    magnitude: Tensor = torch.linalg.vector_norm(gradients, dim=1, keepdim=True)
    return magnitude / math.sqrt(2)


def ssim_edges(output: Tensor, content: Tensor) -> float:
    """SSIM of the edges of two pictures (1, 3, H, W), −1 to 1: what a style did to contours, not to tones.

    The idea is WCT²'s, which takes the edges of a trained detector (HED); these are Sobel's, without weights, so the
    figures do not compare with that paper's.
    """
    return ssim_planes(edges(output), edges(content))


SSIM_EDGES = Measure(
    name="ssim-edges",
    title="SSIM of Sobel edges to the content's",
    paper="Yoo et al. 2019 (WCT²), with Sobel's operator on luma instead of HED",
    low=-1.0,
    high=1.0,
    better="higher",
    compute=lambda sample: ssim_edges(sample.output, sample.content),
)
