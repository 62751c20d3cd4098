"""Gatys: its options reach the optimisation, and what it paints does not change unasked."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.methods.base import Region
from photostyle.methods.gatys import Gatys
from photostyle.methods.optimisation.objective import Weights
from photostyle.methods.optimisation.painting import paint
from photostyle.methods.optimisation.style_reader import StyleReader, kept_grams
from photostyle_protocol.progress import unfollowed
from support.tensors import tensor

CPU = torch.device("cpu")


def painted(content: Tensor, style: Tensor, **options: float | str) -> Tensor:
    """Through a network of random weights: what it paints is no art, but always the same."""
    torch.manual_seed(0)
    network = EmbeddedFeatures()
    network.eval().requires_grad_(False)
    ones = torch.ones_like(content[:, :1])
    region = Region(ones, ones, style, torch.ones_like(style[:, :1]))
    reader = StyleReader(network, kept_grams())
    return paint(reader, Gatys(CPU).plan(Gatys.complete(options)), content, [region], unfollowed)


@pytest.fixture(scope="module")
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 48, 64), tensor(photographs["chelsea"], 48, 64)


def test_options_become_the_plan() -> None:
    plan = Gatys(CPU).plan(Gatys.complete({"content_weight": 3, "layers": "fine", "size": 200, "optimizer": "adam"}))
    assert plan.weights == Weights(3.0, 10.0, 3.0)
    assert (plan.layers, plan.size, plan.optimizer, plan.start) == ("fine", 200, "adam", "color")
    assert len(plan.stages) == 1
    assert not plan.filtered
    assert not plan.cleaned


def test_more_content_weight_stays_nearer_to_the_photograph(pair) -> None:
    content, _ = pair
    moved = [
        float((painted(*pair, content_weight=w, steps=15, start="content") - content).square().mean())
        for w in (0.1, 30.0, 1000.0)
    ]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 1.5 * moved[-1]


def test_what_it_paints_stays_what_it_was(pair) -> None:
    result = painted(*pair, steps=8, optimizer="adam")
    torch.testing.assert_close(result.mean((0, 2, 3)), torch.tensor(WAS_MEAN), atol=0.01, rtol=0)
    torch.testing.assert_close(result[0, :, 24, ::16], torch.tensor(WAS_ROW), atol=0.02, rtol=0)


WAS_MEAN = [0.57, 0.423, 0.302]
WAS_ROW = [[0.705, 0.588, 0.718, 0.576], [0.558, 0.381, 0.677, 0.5], [0.426, 0.242, 0.672, 0.264]]
