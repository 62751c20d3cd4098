"""The fits below BRISQUE and NIQE against scipy, on samples whose distribution is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from scipy.special import gamma
from scipy.stats import gennorm

from photostyle.evaluation.measures.natural_scenes import eight_bit_grey, fit, local_contrast
from support.tensors import tensor


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0, 4.0])
def test_a_known_distribution_is_found(shape: float) -> None:
    values = gennorm.rvs(shape, scale=3.0, size=200_000, random_state=7)
    lopsided = np.where(values < 0, values, 2 * values)
    both = fit(torch.from_numpy(np.stack([values, lopsided])))
    deviation = 3 * np.sqrt(gamma(3 / shape) / gamma(1 / shape))
    np.testing.assert_allclose(both.alpha[0], shape, rtol=0.02)
    np.testing.assert_allclose(both.left, [deviation] * 2, rtol=0.02)
    np.testing.assert_allclose(both.right, [deviation, 2 * deviation], rtol=0.02)
    np.testing.assert_allclose(both.left[0] * both.scale()[0], 3.0, rtol=0.03)
    np.testing.assert_allclose(both.mean()[0], 0, atol=0.1)


def test_contrast_is_scipy_s(photographs) -> None:
    plane = eight_bit_grey(tensor(photographs["coffee"], 60, 70))
    x = plane.numpy()
    mean = gaussian_filter(x, 7 / 6, truncate=3 / (7 / 6), mode="nearest")
    deviation = np.sqrt(gaussian_filter(x * x, 7 / 6, truncate=3 / (7 / 6), mode="nearest") - mean**2)
    found = local_contrast(plane)
    np.testing.assert_allclose(found.deviation, deviation, atol=1e-5)
    np.testing.assert_allclose(found.normalised, (x - mean) / (deviation + 1), atol=1e-6)


def test_flat_is_flat() -> None:
    """Whatever the level: rounding must not become a texture."""
    for level in (0, 1, 77, 255):
        assert local_contrast(torch.full((40, 50), float(level), dtype=torch.float64)).normalised.abs().max() == 0


def test_grey_is_what_eight_bits_can_say(photographs) -> None:
    picture = photographs["coffee"][:60, :70]
    grey = eight_bit_grey(tensor(picture, 60, 70))
    np.testing.assert_array_equal(grey, (picture.astype(np.float64) @ [0.299, 0.587, 0.114]).round())
    assert eight_bit_grey(torch.full((1, 3, 2, 2), 1.2)).unique().tolist() == [255]
