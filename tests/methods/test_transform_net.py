"""The transform network: any size, and shapes that fit."""

from __future__ import annotations

import pytest
import torch

from photostyle.methods.networks.transform_net import TransformNet
from support.tensors import tensor


@pytest.fixture(scope="module")
def net() -> TransformNet:
    torch.manual_seed(0)
    net = TransformNet().eval()
    torch.nn.init.normal_(net.get_parameter("stages.10.weight"))
    return net


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (9, 30), (31, 33), (40, 48)], ids=str)
@torch.inference_mode()
def test_any_size_comes_back(net: TransformNet, photographs, size: tuple[int, int]) -> None:
    result = net(tensor(photographs["coffee"], *size).repeat(2, 1, 1, 1))
    assert result.shape == (2, 3, *size)
    assert torch.isfinite(result).all()
    assert torch.equal(result[0], result[1])


@torch.inference_mode()
def test_untrained_it_adds_nothing(photographs) -> None:
    x = tensor(photographs["coffee"], 37, 41)
    assert torch.equal(TransformNet()(x), x)


@torch.inference_mode()
def test_its_parts_are_its_whole(net: TransformNet, photographs) -> None:
    x = tensor(photographs["coffee"], 37, 41)
    inner = net.entered(x)
    assert inner.shape[-2:] == (40, 44)
    for stage in net.stages:
        inner = stage(inner)
    assert torch.equal(net.left(inner, x), net(x))
