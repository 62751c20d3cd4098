"""Luma, and colours that keep it."""

from __future__ import annotations

import numpy as np
import torch

from photostyle.ops.luma import LUMA_WEIGHTS, luma, with_luma, within_range


def test_luma_weighs_the_channels() -> None:
    assert abs(sum(LUMA_WEIGHTS) - 1) < 1e-9
    rgb = torch.rand(2, 3, 4, 5, generator=torch.Generator().manual_seed(4))
    wanted = np.einsum("c,bchw->bhw", LUMA_WEIGHTS, rgb.numpy())
    np.testing.assert_allclose(luma(rgb)[:, 0].numpy(), wanted, atol=1e-6)


def test_colours_take_the_luma_that_is_wanted() -> None:
    random = torch.Generator().manual_seed(11)
    rgb, wanted = torch.rand(1, 3, 9, 9, generator=random), torch.rand(1, 1, 9, 9, generator=random)
    moved = with_luma(rgb, wanted)
    torch.testing.assert_close(luma(moved), wanted)
    torch.testing.assert_close(moved[:, 0] - moved[:, 1], rgb[:, 0] - rgb[:, 1])


def test_colours_are_drawn_into_the_range_with_their_luma_and_hue() -> None:
    rgb = torch.rand(1, 3, 50, 50, generator=torch.Generator().manual_seed(12)) * 2.4 - 0.7
    fitted = within_range(rgb)
    assert fitted.min() > -1e-6
    assert fitted.max() < 1 + 1e-6
    torch.testing.assert_close(luma(fitted), luma(rgb).clamp(0, 1), atol=1e-5, rtol=0)
    inside = ((rgb >= 0) & (rgb <= 1)).all(1, keepdim=True).expand_as(rgb)
    torch.testing.assert_close(fitted[inside], rgb[inside])
    chroma, before = (x - luma(x) for x in (fitted, rgb))
    alike = torch.nn.functional.cosine_similarity(chroma, before, dim=1)
    assert alike[(luma(rgb)[:, 0] > 0.02) & (luma(rgb)[:, 0] < 0.98)].min() > 0.999


def test_grey_ends_stay() -> None:
    ends = torch.tensor([0.0, 0.5, 1.0]).view(1, 1, 1, 3).expand(-1, 3, -1, -1)
    torch.testing.assert_close(within_range(ends), ends)
