"""The colour map that meets a Gaussian and moves least."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from photostyle.ops.color_map import ColorAffine, apply_color, blend_color
from photostyle.ops.gain import MAX_GAIN
from photostyle.ops.gaussian import Gaussian, fit_gaussian
from photostyle.ops.monge_kantorovich import monge_kantorovich
from support.tensors import gradient, tensor


def gaussian(picture: Tensor) -> Gaussian:
    return fit_gaussian(picture, torch.ones_like(picture[:, :1]))


def random_gaussian(seed: int, least: float) -> Gaussian:
    """A covariance whose eigenvalues lie in least … 0.1."""
    random = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(random.normal(size=(3, 3)))
    covariance = axes @ np.diag(random.uniform(least, 0.1, 3)) @ axes.T
    return Gaussian(torch.tensor(random.uniform(0, 1, (1, 3))), torch.tensor(covariance)[None])


def test_gaussian_equals_numpy_under_a_weight(photographs) -> None:
    x, weight = tensor(photographs["chelsea"], 60, 80), gradient(60, 80)
    got = fit_gaussian(x, weight)
    flat, shares = x[0].flatten(1).numpy(), weight.flatten().numpy()
    np.testing.assert_allclose(got.mean[0].numpy(), np.average(flat, axis=1, weights=shares), atol=1e-5)
    np.testing.assert_allclose(got.covariance[0].numpy(), np.cov(flat, aweights=shares, ddof=0), atol=1e-6)


def test_photograph_gets_the_mean_and_covariance_of_the_style(photographs) -> None:
    content, style = tensor(photographs["coffee"], 100, 150), tensor(photographs["astronaut"], 100, 100)
    got = gaussian(apply_color(content, monge_kantorovich(gaussian(content), gaussian(style))))
    torch.testing.assert_close(got.mean, gaussian(style).mean, atol=1e-5, rtol=0)
    torch.testing.assert_close(got.covariance, gaussian(style).covariance, atol=3e-5, rtol=0)


@given(st.integers(0, 10_000))
def test_map_is_symmetric_positive_and_meets_the_covariance(seed: int) -> None:
    content, style = random_gaussian(seed, 0.02), random_gaussian(seed + 1, 0.001)
    matrix = monge_kantorovich(content, style).matrix[0]
    torch.testing.assert_close(matrix, matrix.T, atol=1e-9, rtol=0)
    assert torch.linalg.eigvalsh(matrix).min() > 0
    torch.testing.assert_close(matrix @ content.covariance[0] @ matrix, style.covariance[0], atol=1e-4, rtol=0)


@given(st.integers(0, 10_000))
def test_equal_gaussians_give_the_identity(seed: int) -> None:
    same = random_gaussian(seed, 1e-6)
    matrix, offset = monge_kantorovich(same, same)
    torch.testing.assert_close(matrix[0], torch.eye(3, dtype=torch.float64), atol=1e-6, rtol=0)
    torch.testing.assert_close(offset[0], torch.zeros(3, dtype=torch.float64), atol=1e-6, rtol=0)


def test_gain_is_limited_where_the_content_is_nearly_flat(photographs) -> None:
    style = gaussian(tensor(photographs["rocket"], 50, 50))
    content = Gaussian(torch.full((1, 3), 0.5), 1e-6 * torch.eye(3)[None])
    matrix, offset = monge_kantorovich(content, style)
    assert torch.linalg.eigvalsh(matrix[0]).max() <= MAX_GAIN + 1e-4
    torch.testing.assert_close((matrix[0] @ content.mean[0] + offset[0]), style.mean[0], atol=1e-5, rtol=0)


@pytest.mark.parametrize("kind", ["flat", "pixel", "grey", "black"])
def test_degenerate_content_meets_the_mean(photographs, kind: str) -> None:
    picture = tensor(photographs["chelsea"], 40, 40)
    content = {
        "flat": torch.full((1, 3, 20, 20), 0.3),
        "pixel": picture[:, :, :1, :1],
        "grey": picture[:, :1].expand(-1, 3, -1, -1),
        "black": torch.zeros(1, 3, 5, 5),
    }[kind]
    style = gaussian(tensor(photographs["coffee"], 40, 40))
    result = apply_color(content, monge_kantorovich(gaussian(content), style))
    torch.testing.assert_close(gaussian(result).mean, style.mean, atol=1e-4, rtol=0)
    assert result.std() < 0.5


def test_grey_style_takes_the_colour_away(photographs) -> None:
    content = tensor(photographs["coffee"], 60, 60)
    style = gaussian(tensor(photographs["chelsea"], 60, 60)[:, 1:2].expand(-1, 3, -1, -1))
    result = apply_color(content, monge_kantorovich(gaussian(content), style))
    chroma = (result - result.mean(1, keepdim=True)).std()
    assert chroma < 0.1 * (content - content.mean(1, keepdim=True)).std()


def test_blending_maps_follows_the_weights(photographs) -> None:
    x = tensor(photographs["chelsea"], 8, 10)
    maps = [ColorAffine(s * torch.eye(3)[None], torch.full((1, 3), s)) for s in (1.0, 2.0)]
    right = gradient(8, 10)
    torch.testing.assert_close(blend_color(x, maps, [1 - right, right]), (1 - right) * (x + 1) + right * (2 * x + 2))
