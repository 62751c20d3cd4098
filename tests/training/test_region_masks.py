from __future__ import annotations

import torch

from photostyle.training.region_masks import random_split


def test_the_two_regions_share_every_pixel_and_both_count() -> None:
    first, second = random_split(64, 32, torch.Generator().manual_seed(0))
    assert torch.allclose(first + second, torch.ones_like(first))
    assert min(first.mean(dim=(1, 2, 3)).min(), second.mean(dim=(1, 2, 3)).min()) > 0.03
