"""The folded network is the network."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.methods.networks.folded_rpnet import FoldedRPNet
from photostyle.methods.networks.rest_statistics import TRANSFORMS, RegionStatistics, region_statistics
from photostyle.methods.networks.rpnet import RECEPTIVE_RADIUS, LevelFeatures, RPNet
from photostyle.ops.gaussian import GaussianSum
from support.tensors import gradient, tensor

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def network() -> RPNet:
    """Random weights and statistics of batches, and no ReLU that is silent everywhere."""
    random = torch.Generator().manual_seed(21)
    network = RPNet().eval().requires_grad_(False)
    for parameter in network.parameters():
        noise = torch.randn(parameter.shape, generator=random)
        parameter.copy_(noise * 0.2 + (0.05 if parameter.ndim > 1 else 0.3))
    for block in network.encoder.blocks:
        block[1].running_mean.copy_(torch.rand(16, generator=random))
        block[1].running_var.copy_(torch.rand(16, generator=random) + 0.5)
    return network


@pytest.fixture(scope="module")
def folded(network: RPNet) -> FoldedRPNet:
    return FoldedRPNet(network, torch.float32, CPU)


def pictures(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 45, 61), tensor(photographs["chelsea"], 40, 50)


def plain(network: RPNet, picture: Tensor, weight: Tensor) -> tuple[LevelFeatures, RegionStatistics]:
    features = network.encoder(picture)
    return features, region_statistics(picture, features, weight)


def seen(folded: FoldedRPNet, picture: Tensor, weight: Tensor) -> RegionStatistics:
    return RegionStatistics(folded.statistics(folded.encode(picture), weight), GaussianSum.of(picture, weight))


def test_statistics_are_the_network_s(network: RPNet, folded: FoldedRPNet, photographs) -> None:
    picture, _ = pictures(photographs)
    weight = gradient(45, 61)
    _, wanted = plain(network, picture, weight)
    got = seen(folded, picture, weight)
    for mine, theirs in zip((*got.levels, got.color), (*wanted.levels, wanted.color), strict=True):
        torch.testing.assert_close(mine.mean, theirs.mean, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(mine.covariance, theirs.covariance, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("count", [1, 2])
def test_pictures_are_the_network_s(
    network: RPNet, folded: FoldedRPNet, photographs, transform: str, count: int
) -> None:
    content, style = pictures(photographs)
    right = gradient(45, 61)
    blends = [1 - right, right] if count == 2 else [torch.ones_like(right)]
    features, _ = plain(network, content, blends[0])
    of_content = [region_statistics(content, features, blend) for blend in blends]
    of_style = [plain(network, style * amount, torch.ones(1, 1, 40, 50))[1] for amount in (1.0, 0.6)[:count]]
    maps = TRANSFORMS[transform](of_content, of_style)
    raw = folded.encode(content)
    scale = network.decode(features, maps, blends).abs().max()
    for got, wanted in (
        (folded.decode(raw, maps, blends), network.decode(features, maps, blends)),
        (folded.residual(raw, maps, blends), network.residual(features, maps, blends)),
    ):
        assert (got - wanted).abs().max() < 1e-4 * scale


def test_its_own_statistics_leave_no_residual_at_all(network: RPNet, photographs) -> None:
    """Half precision or not: both decoders are then the same to the bit."""
    content, _ = pictures(photographs)
    for dtype in (torch.float32, torch.bfloat16):
        half, ones = FoldedRPNet(network, dtype, CPU), torch.ones(1, 1, 45, 61)
        features = half.encode(content)
        own = [seen(half, content, ones)]
        assert not half.residual(features, TRANSFORMS["adain"](own, own), [ones]).any()


def test_a_tile_is_right_within_its_rim(folded: FoldedRPNet, photographs) -> None:
    """What a network sees of a picture in tiles is what it sees of the whole."""
    content, style = pictures(photographs)
    weight, of_style = gradient(45, 61), seen(folded, style, torch.ones(1, 1, 40, 50))
    whole = folded.encode(content)
    of_content = seen(folded, content, weight)
    maps = TRANSFORMS["adain"]([of_content], [of_style])
    ones = torch.ones(1, 1, 45, 61)
    tile = slice(15, 60)
    part = folded.decode(folded.encode(content[..., tile]), maps, [ones[..., tile]])
    inner = slice(RECEPTIVE_RADIUS, -RECEPTIVE_RADIUS)
    wanted = folded.decode(whole, maps, [ones])[..., tile]
    torch.testing.assert_close(part[..., inner], wanted[..., inner], atol=1e-5, rtol=1e-5)


def test_statistics_of_pieces_are_those_of_the_whole() -> None:
    """Values far from zero, where sums of squares would lose all digits; a piece on which nothing counts."""
    random = torch.Generator().manual_seed(22)
    x = torch.randn((1, 4, 60, 50), generator=random) * 0.01 + 100
    weight = torch.rand((1, 1, 60, 50), generator=random)
    weight[:, :, 20:30] = 0
    sums = GaussianSum()
    for rows in (slice(0, 20), slice(20, 30), slice(30, 60)):
        sums.add(x[:, :, rows], weight[:, :, rows])
    share, flat = weight.double().flatten() / weight.double().sum(), x.double()[0].flatten(1)
    centred = flat - (flat * share).sum(1, keepdim=True)
    got = sums.total()
    torch.testing.assert_close(got.mean[0].double(), (flat * share).sum(1), rtol=1e-6, atol=0)
    torch.testing.assert_close(got.covariance[0].double(), (centred * share) @ centred.T, rtol=1e-3, atol=1e-8)


def test_where_nothing_counts_the_statistics_are_zero() -> None:
    sums = GaussianSum()
    sums.add(torch.rand(1, 3, 5, 6), torch.zeros(1, 1, 5, 6))
    assert not any(part.any() for part in sums.total())
