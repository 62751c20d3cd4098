"""What aggregation moves from a style's features, and that the printed equation moves nothing."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.feature_aggregation import moments, printed
from photostyle.ops.moments import channel_moments


def features(seed: int, height: int = 12, width: int = 17) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    scale, shift = (torch.rand((1, 6, 1, 1), generator=generator) + 0.5 for _ in range(2))
    return scale * torch.randn((1, 6, height, width), generator=generator) + shift


def ones(x: Tensor) -> Tensor:
    return torch.ones_like(x[:, :1])


def test_the_printed_equation_place_by_place() -> None:
    """Equation 1 written out, with its sum over all j: twice the content, whatever the style."""
    x, y = features(1, 3, 4), features(2, 5, 6)
    centred = y - y.mean(dim=(2, 3), keepdim=True)
    total = sum(x - centred[..., j // 6, j % 6, None, None] for j in range(30))
    torch.testing.assert_close(printed(x, ones(x), y, ones(y))(x), x + total / 30)
    torch.testing.assert_close(x + total / 30, 2 * x)


def test_the_printed_equation_lets_no_style_in() -> None:
    x = features(1)
    one, other = (printed(x, ones(x), y, ones(y))(x) for y in (features(2), 100 * features(3)))
    assert torch.equal(one, other)


def test_moments_let_the_style_in() -> None:
    x, y = features(1), features(2, 20, 9)
    got, want = channel_moments(moments(x, ones(x), y, ones(y))(x), ones(x)), channel_moments(y, ones(y))
    torch.testing.assert_close(got.mean, want.mean)
    torch.testing.assert_close(got.std, want.std, rtol=1e-3, atol=0)


def test_moments_count_what_the_weights_say() -> None:
    x, y = features(1), features(2)
    half = ones(y).clone()
    half[..., 8:] = 0
    other = torch.where(half > 0, y, 50.0)
    assert torch.equal(moments(x, ones(x), y, half)(x), moments(x, ones(x), other, half)(x))


def test_gradients_are_those_of_finite_differences() -> None:
    x, y = (features(k, 4, 5).double().requires_grad_() for k in (1, 2))
    assert torch.autograd.gradcheck(lambda f, g: moments(f, ones(f), g, ones(g))(f), (x, y))
