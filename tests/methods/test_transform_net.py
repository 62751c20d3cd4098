"""The transform network: any size, and shapes that fit."""

from __future__ import annotations

import pytest
import torch

from photostyle.methods.networks.transform_net import TransformNet
from photostyle.ops.gaussian import fit_gaussian
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
    torch.testing.assert_close(result[0], result[1])


@torch.inference_mode()
def test_untrained_it_gives_the_style_s_colours(photographs) -> None:
    x = tensor(photographs["coffee"], 37, 41)
    net, ones = TransformNet(), torch.ones_like(x[:, :1])
    assert not torch.allclose(net(x), x, atol=0.05)
    net.wear(fit_gaussian(x, ones))
    torch.testing.assert_close(net(x), x, atol=1e-3, rtol=0)
    style = tensor(photographs["rocket"], 37, 41)
    net.wear(fit_gaussian(style, ones))
    torch.testing.assert_close(fit_gaussian(net(x), ones).mean, fit_gaussian(style, ones).mean, atol=1e-3, rtol=0)


@torch.inference_mode()
def test_its_parts_are_its_whole(net: TransformNet, photographs) -> None:
    x = tensor(photographs["coffee"], 37, 41)
    inner = net.entered(x)
    assert inner.shape[-2:] == (40, 44)
    for stage in net.stages:
        inner = stage(inner)
    assert torch.equal(net.colored(x, torch.ones_like(x[:, :1])) + net.left(inner, x), net(x))
