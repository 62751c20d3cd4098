"""The best affine map of colour."""

from __future__ import annotations

import torch

from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.color_map import ColorAffine, apply_color
from photostyle.ops.gain import MAX_GAIN
from support.tensors import tensor


def test_a_map_comes_back(photographs) -> None:
    content = tensor(photographs["coffee"], 150, 200)
    matrix = torch.tensor([[1.2, 0.1, 0.0], [0.05, 0.9, 0.0], [0.0, 0.1, 0.6]])
    target = apply_color(content, ColorAffine(matrix[None], torch.tensor([[0.05, 0.0, -0.04]])))
    fitted = fit_affine(content, target, torch.ones(1, 1, 150, 200))
    torch.testing.assert_close(fitted.matrix[0], matrix, atol=0.02, rtol=0)


def test_it_stretches_no_further_than_the_limit(photographs) -> None:
    """A clean but nearly flat sky in a contrasty style would come out as grain."""
    picture = tensor(photographs["rocket"], 60, 90)
    flat = 0.5 + 0.01 * (picture - 0.5)
    base = fit_affine(flat, picture, torch.ones_like(picture[:, :1]))
    assert torch.linalg.svdvals(base.matrix[0]).max() <= MAX_GAIN + 1e-4
