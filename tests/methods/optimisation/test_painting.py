"""Painting: losses fall, regions are kept apart, the same every time, any size, and nothing is left behind."""

from __future__ import annotations

import gc

import pytest
import torch
from torch import Tensor

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.methods.base import Region
from photostyle.methods.optimisation.objective import Weights
from photostyle.methods.optimisation.painting import STARTS, Plan, Stage, paint
from photostyle.methods.optimisation.parts import regional, whole
from photostyle.methods.optimisation.style_reader import StyleReader, kept_grams
from photostyle_protocol.errors import JobCancelledError
from photostyle_protocol.progress import Glimpse, Progress, unfollowed
from support.tensors import tensor

STAGE = Stage("optimising", regional)
PLAN = Plan((STAGE,), "all", Weights(1.0, 100.0, 1.0), "lbfgs", "content", 64, 12)


@pytest.fixture(scope="module")
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 48, 64), tensor(photographs["chelsea"], 48, 64)


def region(weight: Tensor, style: Tensor) -> Region:
    return Region(weight, weight, style, torch.ones_like(style[:, :1]))


def painted(
    network: EmbeddedFeatures, content: Tensor, regions: list[Region], progress: Progress = unfollowed, **fields: object
) -> Tensor:
    reader = StyleReader(network, kept_grams())
    with torch.inference_mode():
        return paint(reader, PLAN._replace(**fields), content, regions, progress)


def everywhere(content: Tensor, style: Tensor) -> list[Region]:
    return [region(torch.ones_like(content[:, :1]), style)]


class Followed:
    """Keeps what progress tells."""

    def __init__(self) -> None:
        self.fractions: list[float] = []
        self.totals: list[float] = []
        self.pictures: list[Tensor] = []

    def __call__(self, fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        self.fractions.append(fraction)
        if glimpse is not None:
            self.totals.append(glimpse.losses["total"])
            self.pictures.append(glimpse.picture())


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_the_loss_falls(network, pair, optimizer: str) -> None:
    seen = Followed()
    painted(network, pair[0], everywhere(*pair), seen, optimizer=optimizer, steps=25)
    assert seen.totals[-1] < 0.5 * seen.totals[0]
    falling = sum(b <= a for a, b in zip(seen.totals, seen.totals[1:], strict=False))
    assert falling >= 0.8 * (len(seen.totals) - 1)


def test_progress_goes_forward_and_shows_pictures(network, photographs) -> None:
    content, style = tensor(photographs["coffee"], 150, 200), tensor(photographs["chelsea"], 60, 80)
    seen = Followed()
    painted(network, content, everywhere(content, style), seen, size=200, steps=4, stages=(STAGE, STAGE))
    assert seen.fractions == sorted(seen.fractions)
    assert seen.fractions[0] >= 0
    assert seen.fractions[-1] == pytest.approx(1)
    assert {p.shape for p in seen.pictures} == {(1, 3, 75, 100), (1, 3, 150, 200)}
    assert all(float(p.min()) >= 0 and float(p.max()) <= 1 for p in seen.pictures)


def test_each_region_goes_to_its_own_style(network, pair) -> None:
    content, _ = pair
    left = torch.zeros_like(content[:, :1])
    left[..., :32] = 1
    red, blue = (torch.zeros(1, 3, 40, 40) + 0.1 for _ in range(2))
    red[:, 0], blue[:, 2] = 0.8, 0.8
    regions = [region(left, red), region(1 - left, blue)]
    apart = painted(network, content, regions, steps=25)
    together = painted(network, content, regions, steps=25, stages=(Stage("whole", whole),))

    def redder(picture: Tensor) -> tuple[float, float]:
        """How much more red than blue each side got."""
        change = (picture - content)[:, 0] - (picture - content)[:, 2]
        return float(change[..., :32].mean()), float(change[..., 32:].mean())

    assert redder(apart)[1] < -0.15
    assert redder(apart)[0] > redder(apart)[1] + 0.15
    assert abs(redder(together)[0] - redder(together)[1]) < 0.5 * (redder(apart)[0] - redder(apart)[1])


@pytest.mark.parametrize("start", STARTS)
def test_the_same_every_time(network, pair, start: str) -> None:
    first, second = (painted(network, pair[0], everywhere(*pair), start=start, steps=5) for _ in range(2))
    assert torch.equal(first, second)


def test_starts_are_what_they_say(network, pair) -> None:
    content, style = pair
    first = {}
    for start in STARTS:
        seen = Followed()
        painted(network, content, everywhere(*pair), seen, start=start, steps=1)
        first[start] = seen.pictures[0]
    torch.testing.assert_close(first["content"], content)
    torch.testing.assert_close(first["color"].mean((2, 3)), style.mean((2, 3)), atol=0.05, rtol=0)
    assert first["noise"].std() == pytest.approx(12**-0.5, abs=0.01)


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (1, 40), (40, 1), (9, 7)], ids=str)
@pytest.mark.parametrize("filtered", [False, True])
def test_small_pictures(network, photographs, size: tuple[int, int], filtered: bool) -> None:
    odd, usual = tensor(photographs["coffee"], *size), tensor(photographs["chelsea"], 30, 40)
    for content, style in ((odd, usual), (usual, odd)):
        result = painted(network, content, everywhere(content, style), steps=3, filtered=filtered)
        assert result.shape == content.shape
        assert torch.isfinite(result).all()


@pytest.mark.parametrize("filtered", [False, True])
def test_a_style_of_one_colour(network, pair, filtered: bool) -> None:
    content, _ = pair
    style = torch.full((1, 3, 40, 40), 0.3)
    style[:, 0] = 0.6
    result = painted(network, content, everywhere(content, style), steps=20, filtered=filtered)
    before, after = ((p.mean((2, 3)) - style.mean((2, 3))).abs().mean() for p in (content, result))
    assert torch.isfinite(result).all()
    assert after < 0.7 * before


def test_one_colour_in_another_stays_one(network) -> None:
    content, style = torch.full((1, 3, 40, 50), 0.5), torch.full((1, 3, 40, 50), 0.2)
    result = painted(network, content, everywhere(content, style), steps=10, start="color")
    assert result.std(dim=(2, 3)).max() < 2 / 255
    torch.testing.assert_close(result.mean((2, 3)), style.mean((2, 3)), atol=0.02, rtol=0)


@pytest.mark.parametrize("filtered", [False, True])
def test_what_counts_nowhere_may_be_anything(network, pair, filtered: bool) -> None:
    content, style = pair
    weight = torch.ones_like(content[:, :1])
    weight[..., 40:] = 0
    results = []
    for value in (0.0, 1.0):
        photograph, look = (torch.where(weight > 0, p, torch.tensor(value)) for p in (content, style))
        regions = [Region(torch.ones_like(weight), weight, look, weight)]
        results.append(painted(network, photograph, regions, steps=5, filtered=filtered, start="color")[..., :40])
    torch.testing.assert_close(*results)


def test_what_is_brighter_than_white_stays_so(network, pair) -> None:
    content = pair[0].clone()
    content[..., :4, :4] = 3.0
    result = painted(network, content, everywhere(*pair), steps=3)
    assert result[..., :4, :4].min() > 2


def test_the_filter_keeps_it_a_photograph(network, pair) -> None:
    """Local affine transforms of a content of one colour have no texture to paint with."""
    _, style = pair
    flat = torch.full((1, 3, 48, 64), 0.5)
    rough = {
        name: painted(network, flat, everywhere(flat, style), steps=20, **fields).diff(dim=3).square().mean()
        for name, fields in {"off": {}, "inside": {"filtered": True}, "stage": {"cleaned": True}}.items()
    }
    assert rough["inside"] < 0.2 * rough["off"]
    assert rough["stage"] < 0.2 * rough["off"]


def test_cancel_takes_effect_at_the_next_layer_and_a_second_job_runs(network, pair) -> None:
    calls = 0

    def cancelled(fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        nonlocal calls
        calls += 1
        if calls >= 100:
            raise JobCancelledError("The job was cancelled.")

    with pytest.raises(JobCancelledError):
        painted(network, pair[0], everywhere(*pair), cancelled, steps=500)
    assert calls == 100
    assert torch.isfinite(painted(network, pair[0], everywhere(*pair), steps=2)).all()


def test_nothing_is_left_behind(network, pair) -> None:
    def tensors() -> int:
        gc.collect()
        return sum(issubclass(type(o), torch.Tensor) for o in gc.get_objects())

    painted(network, pair[0], everywhere(*pair), steps=3)
    before = tensors()
    result = painted(network, pair[0], everywhere(*pair), steps=3)
    assert tensors() <= before + 1
    assert not result.requires_grad
    assert not any(layer._forward_hooks for layer in network.modules())
    assert all(parameter.grad is None for parameter in network.parameters())
