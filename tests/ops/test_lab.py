"""CIE Lab against scikit-image, and beyond the range it knows."""

from __future__ import annotations

import numpy as np
import torch
from skimage.color import lab2rgb, rgb2lab

from photostyle.ops.lab import lab_to_rgb, rgb_to_lab
from support.tensors import tensor


def corners() -> torch.Tensor:
    """All combinations of dark, middle and full channels, (1, 3, 1, 125)."""
    steps = torch.tensor([0.0, 0.02, 0.3, 0.7, 1.0])
    return torch.cartesian_prod(steps, steps, steps).T[None, :, None]


def test_lab_equals_scikit_image(photographs) -> None:
    for rgb in (tensor(photographs["coffee"], 50, 60), corners()):
        wanted = rgb2lab(rgb[0].permute(1, 2, 0).double().numpy())
        np.testing.assert_allclose(rgb_to_lab(rgb)[0].permute(1, 2, 0).numpy(), wanted, atol=0.02)


def test_rgb_equals_scikit_image(photographs) -> None:
    lab = rgb2lab(photographs["chelsea"][::6, ::6])
    got = lab_to_rgb(torch.from_numpy(lab).float().permute(2, 0, 1)[None])[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(got, lab2rgb(lab), atol=1e-3)


def test_round_trip_within_and_beyond_the_range() -> None:
    rgb = torch.rand((1, 3, 40, 40), generator=torch.Generator().manual_seed(3)) * 6 - 2
    torch.testing.assert_close(lab_to_rgb(rgb_to_lab(rgb)), rgb, atol=2e-3, rtol=1e-3)
    double = rgb.double()
    torch.testing.assert_close(lab_to_rgb(rgb_to_lab(double)), double, atol=1e-6, rtol=1e-6)


def test_neutral_stays_neutral_and_white_is_a_hundred() -> None:
    grey = torch.linspace(0, 1, 11).view(1, 1, 1, 11).expand(-1, 3, -1, -1)
    lab = rgb_to_lab(grey)
    assert lab[:, 1:].abs().max() < 0.02
    torch.testing.assert_close(lab[0, 0, 0, [0, -1]], torch.tensor([0.0, 100.0]), atol=1e-3, rtol=0)


def test_gradients_are_finite_at_black_and_white() -> None:
    rgb = torch.tensor([0.0, 0.5, 1.0]).view(1, 1, 1, 3).expand(-1, 3, -1, -1).clone().requires_grad_()
    lab_to_rgb(rgb_to_lab(rgb)).sum().backward()
    assert rgb.grad is not None
    assert torch.isfinite(rgb.grad).all()
