"""A generator for a pair: it learns, and it is the same each time."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.classical import MongeKantorovich
from photostyle.methods.hires import Hires
from photostyle.methods.networks.hires_training import STARTS
from photostyle_protocol.progress import Glimpse, unfollowed
from support.networks import QuickOptions
from support.tensors import gradient, tensor


class Painted:
    """One run: the result and what was shown on the way."""

    def __init__(self, options: dict, content: Tensor, styles: list[Tensor], blends: list[Tensor]) -> None:
        self.glimpses: list[Glimpse] = []
        method = Hires(torch.device("cpu"))
        regions = [Region(b, b, s, torch.ones_like(s[:, :1])) for s, b in zip(styles, blends, strict=True)]
        with torch.inference_mode():
            self.result = method.stylize(content, regions, method.complete(options), self._look)
        assert not self.result.requires_grad

    def _look(self, _fraction: float, _stage: str, glimpse: Glimpse | None = None) -> None:
        if glimpse:
            assert glimpse.picture().shape[:2] == (1, 3)
            self.glimpses.append(glimpse)


@pytest.fixture
def options(quick_options: QuickOptions) -> dict:
    return quick_options("hires") | {"steps": 12, "learning_rate": 0.003}


@pytest.fixture
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 48, 64), tensor(photographs["rocket"], 48, 64)


@pytest.mark.parametrize("start", STARTS)
def test_the_loss_falls(options, pair, start: str) -> None:
    content, style = pair
    asked = options | {"start": start, "steps": 26, "content_weight": 0.1}
    painted = Painted(asked, content, [style], [torch.ones_like(content[:, :1])])
    losses = [glimpse.losses["total"] for glimpse in painted.glimpses]
    assert len(losses) == 6
    assert losses[-1] < 0.95 * losses[0]


def test_where_nothing_better_is_found_the_colours_stay(options, pair) -> None:
    content, style = pair
    ones = torch.ones_like(content[:, :1])
    painted = Painted(options | {"style_weight": 0.0}, content, [style], [ones])
    colored = MongeKantorovich(torch.device("cpu")).stylize(
        content, [Region(ones, ones, style, torch.ones_like(style[:, :1]))], {}, unfollowed
    )
    torch.testing.assert_close(painted.result, colored)


def test_it_is_the_same_each_time(options, pair) -> None:
    content, style = pair
    ones = [torch.ones_like(content[:, :1])]
    # A few steps: rounding errors grow with each.
    asked = options | {"start": "content", "steps": 6, "learning_rate": 0.001}
    first, again = (Painted(asked, content, [style], ones).result for _ in range(2))
    assert torch.equal(first, again)
    torch.testing.assert_close(F.adaptive_avg_pool2d(first, 2).flatten(), torch.tensor(WANTED), atol=0.02, rtol=0)


WANTED = [0.485, 0.635, 0.441, 0.362, 0.249, 0.399, 0.192, 0.119, 0.106, 0.205, 0.082, 0.032]
"""Means of the quarters of each channel, as they came out when this was written."""


def test_each_region_learns_its_own_look(options, pair, photographs) -> None:
    content, style = pair
    other = tensor(photographs["chelsea"], 48, 64)
    right = gradient(48, 64)
    painted = Painted(options | {"start": "content"}, content, [style, other], [1 - right, right])
    assert painted.result.shape == (2, *content.shape[1:])
    assert (painted.result[0] - painted.result[1]).abs().mean() > 1e-3
    shown = (torch.cat([1 - right, right]) * painted.result).sum(0)
    assert (shown - content).abs().mean() > 1e-3
