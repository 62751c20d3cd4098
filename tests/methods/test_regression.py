"""What the methods that only compute, and optimise nothing, made when it was looked at; the others have their own."""

from __future__ import annotations

import pytest
import torch

from photostyle.methods import registry
from photostyle.methods.base import Region
from photostyle_protocol.progress import unfollowed
from support.networks import QuickOptions
from support.tensors import tensor

WAS = {
    "rest": ([0.210, 0.252, 0.321], [0.207, 0.247, 0.229, 0.231, 0.324, 0.257]),
    "rest:fidelity=0": ([0.169, 0.249, 0.347], [0.157, 0.196, 0.179, 0.176, 0.269, 0.207]),
    "rest:transform=wct": ([0.211, 0.251, 0.321], [0.211, 0.236, 0.233, 0.220, 0.332, 0.267]),
    "rest:form=paper": ([0.244, 0.305, 0.378], [0.327, 0.229, 0.251, 0.510, 0.487, 0.243]),
    "johnson": ([0.474, 0.417, 0.547], [0.577, 1.076, 0.877, 0.548, 0.759, 1.201]),
    "monge-kantorovich": ([0.208, 0.256, 0.358], [0.297, 0.246, 0.247, 0.382, 0.379, 0.239]),
    "reinhard": ([0.195, 0.257, 0.358], [0.294, 0.270, 0.270, 0.309, 0.334, 0.269]),
    "pitie": ([0.208, 0.256, 0.358], [0.251, 0.178, 0.179, 0.575, 0.374, 0.226]),
}
"""Means of red, green and blue; and the red of six pixels along a row."""


@pytest.mark.parametrize("case", WAS)
def test_it_makes_what_it_made(case: str, photographs, quick_options: QuickOptions) -> None:
    name, *words = case.split(":")
    kind = registry.load(name)
    options = kind.complete(quick_options(name) | dict(word.split("=") for word in words))
    content, style = tensor(photographs["coffee"], 48, 64), tensor(photographs["rocket"], 48, 64)
    ones = torch.ones_like(content[:, :1])
    with torch.inference_mode():
        made = kind(torch.device("cpu")).stylize(content, [Region(ones, ones, style, ones)], options, unfollowed)
    mean, row = WAS[case]
    torch.testing.assert_close(made.mean((0, 2, 3)), torch.tensor(mean), atol=0.004, rtol=0)
    torch.testing.assert_close(made[0, 0, 24, ::11], torch.tensor(row), atol=0.01, rtol=0)
