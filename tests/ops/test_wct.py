"""The map of features that meets means and covariances and moves least."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.ops.adain import adain
from photostyle.ops.gain import MAX_GAIN
from photostyle.ops.gaussian import Gaussian, fit_gaussian, marginals
from photostyle.ops.wct import FeatureAffine, wct


def features(seed: int, height: int = 24, width: int = 30, channels: int = 16) -> Tensor:
    """Correlated, as a network's are."""
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn((channels, channels), generator=generator) / channels**0.5
    flat = mix @ torch.randn((1, channels, height * width), generator=generator)
    return flat.view(1, channels, height, width) + torch.randn((1, channels, 1, 1), generator=generator)


def gaussian(x: Tensor) -> Gaussian:
    return fit_gaussian(x, torch.ones_like(x[:, :1]))


def test_features_get_the_mean_and_covariance_of_the_style() -> None:
    content, style = features(1), 0.5 * features(2)
    got = gaussian(wct(gaussian(content), gaussian(style))(content))
    torch.testing.assert_close(got.mean, gaussian(style).mean, atol=1e-5, rtol=0)
    torch.testing.assert_close(got.covariance, gaussian(style).covariance, atol=2e-3, rtol=0)


def test_equal_statistics_change_nothing() -> None:
    x = features(3)
    torch.testing.assert_close(wct(gaussian(x), gaussian(x))(x), x, atol=1e-4, rtol=0)


def test_without_correlations_it_is_adain() -> None:
    content, style = (
        Gaussian(
            torch.randn(1, 5), torch.diag_embed(torch.rand(1, 5, generator=torch.Generator().manual_seed(s)) + 0.1)
        )
        for s in (4, 5)
    )
    x = features(6, channels=5)
    torch.testing.assert_close(
        wct(content, style)(x), adain(marginals(content), marginals(style))(x), atol=1e-4, rtol=1e-4
    )


def test_it_moves_features_less_than_the_two_roots_of_the_paper() -> None:
    content, style = features(7), features(8)
    of_content, of_style = gaussian(content), gaussian(style)

    def root(matrix: Tensor, power: float) -> Tensor:
        values, vectors = torch.linalg.eigh(matrix)
        return vectors * values.pow(power)[:, None, :] @ vectors.mT

    turned = root(of_style.covariance, 0.5) @ root(of_content.covariance, -0.5)
    plain = FeatureAffine(turned, of_style.mean - (turned @ of_content.mean[:, :, None])[:, :, 0])
    torch.testing.assert_close(gaussian(plain(content)).covariance, of_style.covariance, atol=5e-3, rtol=0)
    moved = [(map_(content) - content).square().mean() for map_ in (wct(of_content, of_style), plain)]
    assert moved[0] < 0.99 * moved[1]


@pytest.mark.parametrize("flat", ["content", "style", "both"])
def test_flat_features_stay_finite_and_so_do_their_gradients(flat: str) -> None:
    lively = {"content": features(9), "style": features(10)}
    content, style = (
        (x.mean((2, 3), keepdim=True).expand_as(x) if flat in {name, "both"} else x).clone().requires_grad_()
        for name, x in lively.items()
    )
    map_ = wct(gaussian(content), gaussian(style))
    assert torch.linalg.matrix_norm(map_.matrix.detach(), 2).max() <= MAX_GAIN + 1e-3
    map_(content).square().mean().backward()
    assert all(torch.isfinite(x.grad).all() for x in (content, style) if x.grad is not None)
    torch.testing.assert_close(gaussian(map_(content)).mean, gaussian(style).mean, atol=1e-3, rtol=1e-3)


def test_its_gradient_is_the_slope() -> None:
    content, style = features(11, 4, 5, 3).double().requires_grad_(), features(12, 4, 5, 3).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda c, s: wct(gaussian(c), gaussian(s))(c), (content, style))
