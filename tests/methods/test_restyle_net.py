"""The stylizer's network: its shape, its masks, its own look."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load
from torch import Tensor

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.methods.networks.restyle_net import Encoded, Look, RestyleNet, load_restyle, own_look
from photostyle.methods.restyle import CHECKPOINT
from photostyle.models.store import read_model
from photostyle.ops.feature_aggregation import AGGREGATIONS

SIZES = [(1, 1), (1, 19), (19, 1), (8, 8), (17, 23), (32, 48)]


@pytest.fixture
def network() -> RestyleNet:
    """Random weights, in the last layer too."""
    torch.manual_seed(0)
    network = RestyleNet()
    network.requires_grad_(False)
    for parameter in network.decoder.parameters():
        parameter.copy_(torch.randn_like(parameter) * (0.1 if parameter.ndim > 1 else 0.3))
    return network


def picture(*size: int, seed: int = 0) -> Tensor:
    return torch.rand((1, 3, *size), generator=torch.Generator().manual_seed(seed))


def look(encoded: Encoded, like: Tensor) -> Look:
    return own_look(encoded)._replace(blend=torch.ones_like(like[:, :1]), weight=torch.ones_like(like[:, :1]))


def test_the_decoder_mirrors_the_encoder_with_one_convolution_more(network: RestyleNet) -> None:
    def shapes(part: torch.nn.Module) -> list[tuple[int, ...]]:
        return [tuple(p.shape[:2]) for p in part.parameters() if p.ndim == 4]

    extra = (64, 64)
    mirrored = [(i, o) for o, i in reversed(shapes(network.encoder))]
    assert shapes(network.decoder) == [mirrored[0], extra, *mirrored[1:]]


def test_only_the_decoder_learns() -> None:
    learning = [name for name, parameter in RestyleNet().named_parameters() if parameter.requires_grad]
    assert learning
    assert all(name.startswith("decoder.") for name in learning)


def test_the_encoder_is_the_embedded_network_with_maxima(network: RestyleNet) -> None:
    """Where a picture is flat, a maximum is an average."""
    torch.manual_seed(1)
    embedded = EmbeddedFeatures()
    network.encoder.take(embedded)
    flat = torch.full((1, 3, 40, 56), 0.3)
    found = network.encoder(flat).taps
    for got, wanted in zip(found, embedded(flat, last="relu4_1"), strict=True):
        torch.testing.assert_close(got, wanted)
    assert not torch.allclose(network.encoder(picture(40, 56)).taps[1], embedded(picture(40, 56))[1])


def test_masks_tell_where_the_maxima_were(network: RestyleNet) -> None:
    encoded = network.encoder(picture(17, 23))
    for pooled, mask, size in zip(encoded.pooled, encoded.masks, encoded.sizes, strict=True):
        back = torch.nn.functional.max_unpool2d(pooled, mask, 2, output_size=size)
        assert back.shape[2:] == size
        assert torch.equal(torch.nn.functional.max_pool2d(back, 2, ceil_mode=True), pooled)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_the_size_is_kept(network: RestyleNet, size: tuple[int, int], aggregation: str) -> None:
    content = picture(*size)
    encoded, style = network.encoder(content), network.encoder(picture(30, 20, seed=1))
    decoded = network.decoder(
        encoded, [look(style, content)._replace(style_weight=torch.ones(1, 1, 30, 20))], aggregation
    )
    assert decoded.picture.shape == content.shape
    assert torch.isfinite(decoded.picture).all()
    assert [q.shape for q in decoded.aggregated] == [p.shape for p in encoded.pooled]


@pytest.mark.parametrize(("aggregation", "decides"), [("moments", True), ("printed", False)])
def test_the_style_decides_unless_the_equation_is_as_printed(
    network: RestyleNet, aggregation: str, decides: bool
) -> None:
    content = picture(24, 32)
    encoded, style = network.encoder(content), network.encoder(picture(24, 32, seed=1) ** 3)
    own, other = (network.decoder(encoded, [look(seen, content)], aggregation).picture for seen in (encoded, style))
    moved = (own - other).norm() / own.norm()
    assert moved > 0.1 if decides else moved < 1e-5


def test_regions_take_their_own_styles(network: RestyleNet) -> None:
    """Another style on the right moves the right; the left feels only what convolutions see across the border."""
    content = picture(32, 160)
    encoded = network.encoder(content)
    styles = [network.encoder(picture(32, 160, seed=k) ** k) for k in (1, 2, 3)]
    left = torch.ones_like(content[:, :1])
    left[..., 80:] = 0
    first, second, third = (own_look(style) for style in styles)

    def decoded(one: Look, other: Look) -> Tensor:
        looks = [one._replace(blend=left, weight=left), other._replace(blend=1 - left, weight=1 - left)]
        return network.decoder(encoded, looks, "moments").picture

    whole, changed = decoded(first, second), decoded(first, third)
    moved = (whole - changed).abs().mean(dim=(0, 1, 2))
    assert moved[100:].mean() > 0.01
    assert moved[:60].mean() < 0.1 * moved[100:].mean()


def test_the_shipped_checkpoint_fits() -> None:
    state = load(read_model(CHECKPOINT))
    network = load_restyle(state, torch.device("cpu"))
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert all(torch.isfinite(tensor).all() for tensor in state.values())
    assert len(read_model(CHECKPOINT)) < 1_000_000
