"""Wu's method with the shipped stylizer: its forms, its regions, and what it must never lose."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.restyle import Restyle
from photostyle_protocol.progress import unfollowed
from support.tensors import gradient, tensor


@pytest.fixture(scope="module")
def restyle() -> Restyle:
    return Restyle(torch.device("cpu"))


@pytest.fixture(scope="module")
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 100, 150), tensor(photographs["chelsea"], 100, 150)


def run(method: Restyle, content: Tensor, regions: list[Region], **options: str) -> Tensor:
    with torch.inference_mode():
        return method.stylize(content, regions, method.complete(options), unfollowed)


def whole(content: Tensor, style: Tensor) -> list[Region]:
    ones = torch.ones_like(content[:, :1])
    return [Region(ones, ones, style, torch.ones_like(style[:, :1]))]


def distance(x: Tensor, style: Tensor) -> float:
    """Of the mean colour and of the deviations."""
    got, want = (torch.cat([p.mean((2, 3)), p.std((2, 3))]) for p in (x, style))
    return float((got - want).abs().mean())


def test_the_style_s_colours_come_nearer(restyle: Restyle, pair) -> None:
    content, style = pair
    assert distance(run(restyle, content, whole(content, style)), style) < 0.6 * distance(content, style)


def test_a_photograph_in_its_own_style_comes_back(restyle: Restyle, pair) -> None:
    content, _ = pair
    torch.testing.assert_close(run(restyle, content, whole(content, content)), content, atol=1e-4, rtol=0)
    bare = run(restyle, content, whole(content, content), form="paper")
    small, wanted = (torch.nn.functional.adaptive_avg_pool2d(x, (10, 15)) for x in (bare, content))
    assert (small - wanted).abs().mean() < 0.1


def test_as_printed_nothing_but_the_photograph_comes_out(restyle: Restyle, pair) -> None:
    content, style = pair
    printed = run(restyle, content, whole(content, style), aggregation="printed")
    assert torch.equal(printed, content)


def test_the_forms_differ(restyle: Restyle, pair) -> None:
    kept, paper = (run(restyle, pair[0], whole(*pair), form=form) for form in ("kept", "paper"))
    assert (kept - paper).abs().mean() > 0.005


def test_a_region_looks_like_its_own_style(restyle: Restyle, photographs, pair) -> None:
    content, style = pair
    other = tensor(photographs["rocket"], 100, 150)
    right = (gradient(100, 150) > 0.5).float()
    regions = [Region(blend, blend, s, torch.ones_like(s[:, :1])) for blend, s in ((1 - right, style), (right, other))]
    first, second = run(restyle, content, regions).split(1)
    on_left, on_right = content[..., :75], content[..., 75:]
    assert distance(first[..., :75], style) < 0.7 * distance(on_left, style)
    assert distance(second[..., 75:], other) < 0.7 * distance(on_right, other)


def test_values_beyond_the_range_survive(restyle: Restyle, pair) -> None:
    content, style = pair
    bright = content.clone()
    bright[..., 40:60, 40:60] = 6.0
    result = run(restyle, bright, whole(bright, style))
    assert result[..., 45:55, 45:55].mean() > 5.0


def test_it_makes_what_it_made(restyle: Restyle, pair) -> None:
    """Means of a few places: half precision and another processor may move them a little."""
    result = run(restyle, pair[0], whole(*pair))
    places = torch.nn.functional.adaptive_avg_pool2d(result, (2, 2)).flatten().tolist()
    assert places == pytest.approx(EXPECTED, abs=0.01)


EXPECTED = [0.6285, 0.6964, 0.518, 0.5397, 0.4563, 0.5345, 0.3549, 0.3576, 0.3435, 0.4251, 0.2746, 0.2684]
