"""The classical transfers do what their papers say."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.classical import MongeKantorovich, Pitie, Reinhard
from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.lab import rgb_to_lab
from photostyle.ops.moments import channel_moments
from photostyle_protocol.progress import unfollowed
from support.tensors import gradient, psnr, tensor

CPU = torch.device("cpu")
CLASSICAL = [MongeKantorovich, Reinhard, Pitie]


def run(method: type, content: Tensor, style: Tensor, weight: Tensor | None = None, **options: int) -> Tensor:
    weight = torch.ones_like(content[:, :1]) if weight is None else weight
    region = Region(torch.ones_like(weight), weight, style, torch.ones_like(style[:, :1]))
    return method(CPU).stylize(content, [region], method.complete(options), unfollowed)


@pytest.fixture(scope="module")
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 100, 150), tensor(photographs["astronaut"], 120, 120)


@pytest.mark.parametrize("method", CLASSICAL)
def test_a_picture_in_its_own_style_comes_back(photographs, method: type) -> None:
    for name in photographs:
        picture = tensor(photographs[name], 150, 200)
        assert psnr(run(method, picture, picture).numpy(), picture.numpy(), full=1.0) > 60


def test_monge_kantorovich_meets_mean_and_covariance_under_a_weight(pair) -> None:
    content, style = pair
    weight = gradient(*content.shape[-2:])
    got = fit_gaussian(run(MongeKantorovich, content, style, weight), weight)
    wanted = fit_gaussian(style, torch.ones_like(style[:, :1]))
    torch.testing.assert_close(got.mean, wanted.mean, atol=1e-5, rtol=0)
    torch.testing.assert_close(got.covariance, wanted.covariance, atol=5e-5, rtol=0)


def test_reinhard_meets_the_moments_of_lab(pair) -> None:
    content, style = pair
    got, wanted = (
        channel_moments(rgb_to_lab(p), torch.ones_like(p[:, :1])) for p in (run(Reinhard, content, style), style)
    )
    torch.testing.assert_close(got.mean, wanted.mean, atol=0.02, rtol=0)
    torch.testing.assert_close(got.std, wanted.std, atol=0.05, rtol=0)


def test_pitie_meets_the_distribution_and_more_steps_come_closer(pair) -> None:
    content, style = pair
    quantiles = torch.linspace(0.02, 0.98, 25)
    wanted = style[0].flatten(1).quantile(quantiles, dim=1)
    axes = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(13)))[0]

    def apart(result: Tensor, axes: Tensor) -> float:
        turned = [(axes @ p[0].flatten(1)).quantile(quantiles, dim=1) for p in (result, style)]
        return float((turned[0] - turned[1]).abs().mean())

    one, many = run(Pitie, content, style, iterations=1), run(Pitie, content, style, iterations=20)
    assert apart(one, torch.eye(3)) < 0.01
    assert (many[0].flatten(1).quantile(quantiles, dim=1) - wanted).abs().mean() < 0.01
    assert apart(many, axes) < 0.5 * apart(one, axes)
    assert apart(many, axes) < 0.2 * apart(content, axes)
