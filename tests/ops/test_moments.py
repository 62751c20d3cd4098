"""Weighted moments and AdaIN against numpy."""

from __future__ import annotations

import numpy as np
import torch

from photostyle.ops.adain import ChannelAffine, adain, blend
from photostyle.ops.gain import MAX_GAIN
from photostyle.ops.moments import Moments, channel_moments, normalised, tamed
from support.tensors import gradient, tensor


def test_moments_equal_numpy_under_a_weight(photographs) -> None:
    x = tensor(photographs["coffee"], 60, 80)
    weight = 7 * gradient(60, 80)
    got = channel_moments(x, weight, eps=0.0)
    for channel in range(3):
        values, shares = x[0, channel].numpy().ravel(), weight.numpy().ravel()
        mean = np.average(values.astype(np.float64), weights=shares)
        std = np.sqrt(np.average((values - mean) ** 2, weights=shares))
        np.testing.assert_allclose(got.mean[0, channel].item(), mean, rtol=1e-5)
        np.testing.assert_allclose(got.std[0, channel].item(), std, rtol=1e-5)


def test_moments_do_not_cancel_far_from_zero() -> None:
    x = 1000 + torch.rand((1, 1, 50, 50), generator=torch.Generator().manual_seed(1))
    assert abs(channel_moments(x, torch.ones_like(x), eps=0.0).std.item() - x.double().std(correction=0).item()) < 1e-3


def test_an_empty_weight_stays_empty() -> None:
    assert normalised(torch.zeros(2, 1, 3, 4)).eq(0).all()
    assert torch.isfinite(channel_moments(torch.rand(1, 3, 4, 4), torch.zeros(1, 1, 4, 4)).std).all()


def test_adain_moves_the_moments(photographs) -> None:
    content, style = tensor(photographs["coffee"], 60, 80), tensor(photographs["rocket"], 50, 70)
    of_content, of_style = (channel_moments(p, torch.ones_like(p[:, :1])) for p in (content, style))
    scale, shift = adain(of_content, of_style)
    got = channel_moments(scale * content + shift, torch.ones_like(content[:, :1]))
    torch.testing.assert_close(got.mean, of_style.mean, atol=1e-4, rtol=0)
    torch.testing.assert_close(got.std, of_style.std, atol=1e-3, rtol=0)


def test_adain_limits_its_gain_and_still_meets_the_mean() -> None:
    flat = Moments(torch.full((1, 1, 1, 1), 0.4), torch.full((1, 1, 1, 1), 0.01))
    lively = Moments(torch.full((1, 1, 1, 1), 0.6), torch.full((1, 1, 1, 1), 0.3))
    scale, shift = adain(flat, lively)
    assert scale.item() == MAX_GAIN
    assert abs(scale.item() * 0.4 + shift.item() - 0.6) < 1e-6


def test_blend_follows_the_weights() -> None:
    x = torch.rand(1, 2, 4, 6, generator=torch.Generator().manual_seed(2))
    maps = [
        ChannelAffine(torch.full((1, 2, 1, 1), s), torch.full((1, 2, 1, 1), b)) for s, b in ((2.0, 0.1), (3.0, 0.2))
    ]
    right = gradient(4, 6)
    torch.testing.assert_close(blend(x, maps, [1 - right, right]), (1 - right) * (2 * x + 0.1) + right * (3 * x + 0.2))


def test_a_sun_counts_no_more_than_white(photographs) -> None:
    x, weight = tensor(photographs["coffee"], 60, 80), torch.ones(1, 1, 60, 80)
    assert torch.equal(tamed(weight, x), weight)
    plain = channel_moments(x, weight)
    x[..., 3, 4] = 60_000.0
    sunny = channel_moments(x, tamed(weight, x))
    torch.testing.assert_close(sunny.mean, plain.mean, atol=1e-3, rtol=0)
    torch.testing.assert_close(sunny.std, plain.std, atol=1e-3, rtol=0)
