"""A palette stands for the colours of a picture."""

from __future__ import annotations

import torch

from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.palette import palette
from support.tensors import tensor

COUNT = 512


def test_mean_and_covariance_are_the_pictures(photographs) -> None:
    picture = tensor(photographs["astronaut"], 120, 120)
    weight = torch.rand((1, 1, 120, 120), generator=torch.Generator().manual_seed(0))
    found = palette(picture, weight, COUNT)
    assert found.shape == (1, 3, 1, COUNT)
    ours = fit_gaussian(found, torch.ones_like(found[:, :1]))
    for got, wanted in zip(ours, fit_gaussian(picture, weight), strict=True):
        torch.testing.assert_close(got, wanted, atol=1e-5, rtol=0)


def test_the_distribution_is_the_pictures(photographs) -> None:
    picture = tensor(photographs["coffee"], 120, 120)
    found = palette(picture, torch.ones_like(picture[:, :1]), COUNT)
    shares = torch.linspace(0.01, 0.99, 99)
    for direction in [*torch.eye(3).tolist(), [0.6, 0.64, 0.48], [0.8, -0.6, 0.0]]:
        ours, theirs = (torch.tensor(direction) @ x[0].flatten(1) for x in (found, picture))
        apart = (ours.quantile(shares) - theirs.quantile(shares)).abs()
        assert apart.mean() < 0.01


def test_what_does_not_count_is_not_in_it() -> None:
    picture = torch.zeros((1, 3, 20, 20))
    picture[:, 0, :, 10:] = 1
    weight = torch.ones((1, 1, 20, 20))
    weight[..., 10:] = 0
    assert palette(picture, weight, 64).abs().max() < 1e-3


def test_fewer_pixels_than_colours() -> None:
    found = palette(torch.full((1, 3, 1, 1), 0.25), torch.ones((1, 1, 1, 1)), 64)
    torch.testing.assert_close(found, torch.full((1, 3, 1, 64), 0.25), atol=1e-3, rtol=0)
