"""The network of REST: its shape, its reach, its regions."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load
from torch import Tensor

from photostyle.methods.networks.rest_statistics import TRANSFORMS, adain_maps, region_statistics
from photostyle.methods.networks.rpnet import CHANNELS, RECEPTIVE_RADIUS, RPNet
from photostyle.methods.rest import CHECKPOINTS, load_rest
from photostyle.models.store import read_model
from support.tensors import gradient, tensor


@pytest.fixture
def network() -> RPNet:
    """Random weights, and no ReLU that is silent everywhere."""
    torch.manual_seed(14)
    network = RPNet().eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.copy_(torch.randn_like(parameter) * 0.2 + (0.05 if parameter.ndim > 1 else 0.3))
    return network


def own_maps(network: RPNet, picture: Tensor) -> tuple:
    features = network.encoder(picture)
    statistics = region_statistics(picture, features, torch.ones_like(picture[:, :1]))
    return features, statistics


def test_it_is_the_paper_s() -> None:
    shapes = {name: tuple(tensor.shape) for name, tensor in RPNet().state_dict().items()}
    for block in range(5):
        prefix = f"encoder.blocks.{block}."
        assert shapes[prefix + "0.weight"] == (CHANNELS, 3 if block == 0 else CHANNELS, 3, 3)
        assert shapes[prefix + "1.running_mean"] == (CHANNELS,)
        assert shapes[prefix + "3.weight"] == (CHANNELS, CHANNELS, 1, 1)
    assert CHANNELS == 16
    assert f"encoder.blocks.{5}.0.weight" not in shapes
    wanted = {"level5": (16, 16), "level4": (16, 32), "level3": (16, 32), "level2": (16, 16), "level1": (3, 16)}
    for level, sizes in wanted.items():
        assert shapes[f"decoder.{level}.weight"] == (*sizes, 3, 3)
    assert sum(len(shape) == 4 and shape[2:] == (3, 3) for shape in shapes.values()) == 10


@pytest.mark.parametrize("form", CHECKPOINTS)
def test_the_shipped_checkpoints_fit(form: str) -> None:
    state = load(read_model(CHECKPOINTS[form]))
    network = load_rest(state, torch.device("cpu")).network
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert all(torch.isfinite(tensor).all() for tensor in state.values())
    assert len(read_model(CHECKPOINTS[form])) < 1_000_000


@pytest.mark.parametrize("size", [(1, 1), (1, 19), (19, 1), (17, 23), (32, 32)])
def test_the_size_is_kept(network: RPNet, size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size)
    features, statistics = own_maps(network, picture)
    assert [tuple(f.shape) for f in features] == [(1, 16, *size)] * 3
    maps = adain_maps([statistics], [statistics])
    assert network.decode(features, maps, [torch.ones(1, 1, *size)]).shape == picture.shape


def test_a_pixel_reaches_as_far_as_is_said(network: RPNet) -> None:
    """Ten convolutions: with the maps held still, a changed pixel shows ten pixels away and no further."""
    picture = torch.rand(1, 3, 61, 61, generator=torch.Generator().manual_seed(15))
    features, statistics = own_maps(network, picture)
    maps, ones = adain_maps([statistics], [statistics]), [torch.ones(1, 1, 61, 61)]
    before = network.decode(features, maps, ones)
    picture[..., 30, 30] += 0.5
    changed = (network.decode(network.encoder(picture), maps, ones) - before).abs().amax((0, 1)) > 1e-7
    rows, columns = changed.any(1).nonzero().flatten(), changed.any(0).nonzero().flatten()
    reach = [30 - RECEPTIVE_RADIUS, 30 + RECEPTIVE_RADIUS]
    assert [rows.min(), rows.max()] == reach
    assert [columns.min(), columns.max()] == reach


def deviation(features: Tensor) -> Tensor:
    return features.std((2, 3), keepdim=True, correction=0)


def test_one_whole_region_is_plain_adain(network: RPNet, photographs) -> None:
    content, style = tensor(photographs["coffee"], 30, 40), tensor(photographs["chelsea"], 30, 30)
    (features, of_content), (of_level, of_style) = own_maps(network, content), own_maps(network, style)
    regional = network.decode(features, adain_maps([of_content], [of_style]), [torch.ones(1, 1, 30, 40)])
    stylised = []
    for c, s in zip(features, of_level, strict=True):
        gain = (deviation(s) / deviation(c)).clamp(max=5)
        stylised.append((c - c.mean((2, 3), keepdim=True)) * gain + s.mean((2, 3), keepdim=True))
    plain = network.decoder(type(features)(*stylised))
    torch.testing.assert_close(regional, plain, atol=2e-3, rtol=1e-2)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_equal_regions_are_one(network: RPNet, photographs, transform: str) -> None:
    maps = TRANSFORMS[transform]
    content, style = tensor(photographs["coffee"], 30, 40), tensor(photographs["chelsea"], 30, 30)
    (features, of_content), (_, of_style) = own_maps(network, content), own_maps(network, style)
    one = network.decode(features, maps([of_content], [of_style]), [torch.ones(1, 1, 30, 40)])
    right = gradient(30, 40)
    two = network.decode(features, maps([of_content] * 2, [of_style] * 2), [1 - right, right])
    torch.testing.assert_close(two, one, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_its_own_statistics_change_nothing(network: RPNet, photographs, transform: str) -> None:
    content = tensor(photographs["coffee"], 30, 40)
    features, statistics = own_maps(network, content)
    mapped = network.decode(features, TRANSFORMS[transform]([statistics], [statistics]), [torch.ones(1, 1, 30, 40)])
    torch.testing.assert_close(mapped, network.decoder(features), atol=1e-4, rtol=1e-4)
