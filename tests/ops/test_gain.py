"""How far colours may be stretched, everywhere and where a picture is flat."""

from __future__ import annotations

import torch

from photostyle.ops.gain import CALM_GAIN, MAX_GAIN, calming, limit_gain

STRONG = torch.tensor([[[4.0, 0.5, 0.0], [0.2, 3.0, 0.0], [0.0, 0.3, 0.8]]])


def stretches(matrix: torch.Tensor) -> torch.Tensor:
    return torch.linalg.svdvals(matrix)


def test_the_limit_leaves_what_is_within_it() -> None:
    torch.testing.assert_close(limit_gain(STRONG), STRONG, atol=1e-5, rtol=0)
    assert stretches(limit_gain(10 * STRONG)).max() <= MAX_GAIN + 1e-4


def test_flat_places_are_calmed_and_lively_ones_left() -> None:
    levels = torch.tensor([1e-7, 4e-4, 1.0])
    added = calming(STRONG, levels[:, None, None] * torch.eye(3)).transpose(1, 2)
    flat, between, lively = stretches(STRONG + added).amax(1)
    assert flat <= CALM_GAIN + 1e-2
    assert flat < between < lively
    torch.testing.assert_close(STRONG[0] + added[2], STRONG[0], atol=5e-3, rtol=0)


def test_calm_colours_in_a_lively_light() -> None:
    """Luma varies, chroma has only noise: the light keeps its stretch, the colours get the calm one."""
    grey = torch.full((3,), 3**-0.5)
    blue = torch.tensor([0.0, 0.5**0.5, -(0.5**0.5)])
    added = calming(4 * torch.eye(3)[None], 0.05 * torch.outer(grey, grey)[None] + 1e-7 * torch.eye(3)[None])
    made = 4 * torch.eye(3) + added[0].T
    assert (made @ grey).norm() > 3.9
    assert (made @ blue).norm() < CALM_GAIN + 0.05


def test_a_gentle_map_stays() -> None:
    gentle = 0.3 * STRONG
    torch.testing.assert_close(calming(gentle, torch.zeros(2, 3, 3)), torch.zeros(2, 3, 3), atol=1e-6, rtol=0)
