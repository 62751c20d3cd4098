"""Structural similarity against references made without torch."""

from __future__ import annotations

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from skimage.metrics import structural_similarity

from photostyle.evaluation.measures.ssim_volume import ssim_volume
from support.tensors import tensor


def reference(a: torch.Tensor, b: torch.Tensor) -> float:
    """The volume form by scipy's own 3-D Gaussian of the same eleven taps."""
    x, y = (p[0].double().numpy() * 255 for p in (a, b))

    def mean(volume):
        return gaussian_filter(volume, 1.5, truncate=5 / 1.5, mode="nearest")

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    c1, c2 = 2.55**2, 7.65**2
    return float(np.mean((2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))))


def test_equal_pictures_are_one(photographs) -> None:
    picture = tensor(photographs["coffee"], 40, 50)
    assert abs(ssim_volume(picture, picture) - 1) < 1e-9


def test_it_equals_the_reference(photographs) -> None:
    for names in (("coffee", "chelsea"), ("astronaut", "rocket")):
        a, b = (tensor(photographs[name], 41, 53) for name in names)
        mixed = 0.7 * a + 0.3 * b
        for other in (b, mixed, 1 - a):
            assert abs(ssim_volume(a, other) - reference(a, other)) < 1e-9


def test_grey_pictures_have_the_usual_ssim(photographs) -> None:
    """With three equal channels the blur over colour changes nothing; scikit-image leaves the border out."""
    a, b = (tensor(photographs[name], 150, 200)[:, :1] for name in ("coffee", "chelsea"))
    b = 0.7 * a + 0.3 * b
    usual = structural_similarity(
        a[0, 0].double().numpy(), b[0, 0].double().numpy(), data_range=1.0, gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False,
    )  # fmt: skip
    assert abs(ssim_volume(a.expand(-1, 3, -1, -1), b.expand(-1, 3, -1, -1)) - usual) < 0.01


def test_it_is_symmetric_and_takes_any_size(photographs) -> None:
    for size in ((1, 1), (1, 30), (7, 5)):
        a, b = (tensor(photographs[name], *size) for name in ("coffee", "chelsea"))
        assert abs(ssim_volume(a, b) - ssim_volume(b, a)) < 1e-12
        assert -1 <= ssim_volume(a, b) <= 1
