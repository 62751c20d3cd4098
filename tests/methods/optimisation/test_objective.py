"""The objective: what each loss is at the photograph and at the style, regions, and gradients."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.methods.optimisation.objective import LAYERS, Objective, Weights
from photostyle.methods.optimisation.parts import Part
from photostyle.methods.optimisation.style_reader import StyleReader, kept_grams
from support.tensors import tensor

WEIGHTS = Weights(1.0, 100.0, 1.0)


@pytest.fixture(scope="module")
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 64, 80), tensor(photographs["chelsea"], 64, 80)


def everywhere(content: Tensor, style: Tensor) -> Part:
    return Part(torch.ones_like(content[:, :1]), style, torch.ones_like(style[:, :1]), 1.0)


def losses(objective: Objective, picture: Tensor) -> dict[str, float]:
    return {name: float(loss) for name, loss in objective(picture).items()}


@pytest.mark.parametrize("layers", LAYERS)
def test_at_the_photograph_and_at_the_style(reader, pair, layers: str) -> None:
    content, style = pair
    objective = Objective(reader, content, [everywhere(*pair)], layers, WEIGHTS)
    at_content, at_style = losses(objective, content), losses(objective, style)
    assert at_content["content"] == pytest.approx(0, abs=1e-6)
    assert 0.5 < at_content["style"] <= 1
    assert 0.2 < at_content["variation"] < 2
    assert 0.3 < at_style["content"] < 10
    assert at_style["style"] == pytest.approx(0, abs=1e-6)
    assert at_content["total"] == pytest.approx(100 * at_content["style"] + at_content["variation"], rel=1e-4)


def test_a_photograph_in_its_own_style_has_nothing_to_gain(reader, pair) -> None:
    content, _ = pair
    found = losses(Objective(reader, content, [everywhere(content, content)], "all", WEIGHTS), content)
    assert found["style"] == pytest.approx(0, abs=1e-6)
    assert found["content"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_one_colour_on_either_side(reader, pair, value: float) -> None:
    content, _ = pair
    flat = torch.full_like(content, value)
    for one, other in ((content, flat), (flat, content), (flat, flat)):
        picture = one.clone().requires_grad_()
        total = Objective(reader, one, [everywhere(one, other)], "all", WEIGHTS)(picture)["total"]
        total.backward()
        assert torch.isfinite(total)
        assert torch.isfinite(picture.grad).all()


def test_what_leaves_the_range_costs(reader, pair) -> None:
    content, style = pair
    objective = Objective(reader, content, [everywhere(content, style)], "all", Weights(0.0, 0.0, 0.0))
    assert losses(objective, content)["total"] == 0
    assert losses(objective, content + 2)["total"] > 10


def test_a_region_too_small_for_the_deep_layers_still_has_its_colour(reader, pair) -> None:
    content, style = pair
    weight = torch.zeros_like(content[:, :1])
    weight[..., :2, :2] = 1
    objective = Objective(reader, content, [Part(weight, style, torch.ones_like(weight), 1.0)], "all", WEIGHTS)
    inside = torch.where(weight > 0, style.mean((2, 3), keepdim=True), content)
    outside = torch.where(weight > 0, content, style.mean((2, 3), keepdim=True))
    at_content = losses(objective, content)["style"]
    assert losses(objective, inside)["style"] < 0.9 * at_content
    assert losses(objective, outside)["style"] == pytest.approx(at_content)


def test_no_deeper_than_needed(network, reader, pair) -> None:
    asked: list[str | None] = []
    handle = network.register_forward_pre_hook(lambda _m, _a, words: asked.append(words["last"]), with_kwargs=True)
    for layers in LAYERS:
        Objective(reader, pair[0], [everywhere(*pair)], layers, WEIGHTS)
    handle.remove()
    assert set(asked[:2]) == set(asked[4:]) == {"relu5_1"}
    assert set(asked[2:4]) == {"relu4_1"}


def test_gradients(pair) -> None:
    torch.manual_seed(0)
    network = EmbeddedFeatures().double()
    content, style = (t[..., :8, :9].double() * 0.6 + 0.2 for t in pair)
    parts = [everywhere(content, style)._replace(share=0.5), everywhere(content, style.flip(1))._replace(share=0.5)]
    objective = Objective(StyleReader(network, kept_grams()), content, parts, "all", WEIGHTS)
    picture = (content + 0.1 * torch.rand_like(content)).requires_grad_()
    for name in ("content", "style", "variation", "total"):
        assert torch.autograd.gradcheck(lambda x, name=name: objective(x)[name], (picture,))
