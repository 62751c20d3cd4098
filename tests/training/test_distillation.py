from __future__ import annotations

import torch

from photostyle.methods.networks.rpnet import LevelFeatures
from photostyle.training.distillation import Distillation


def test_it_starts_at_the_teachers_means_and_vanishes_when_matched() -> None:
    means = [torch.full((c,), float(c)) for c in (2, 3, 4)]
    distillation = Distillation((9, 2, 3, 4), means, [1.0, 1.0, 1.0])
    nothing = LevelFeatures(*(torch.zeros(1, 16, 16, 16) for _ in range(3)))
    teacher = [torch.zeros(1, 9, 16, 16)] + [m[None, :, None, None].expand(1, -1, 4, 4) for m in means]
    assert distillation(nothing, teacher) < 1e-9
    assert distillation(nothing, [t + 1 for t in teacher]).item() == 3.0
