"""A way out between any two layers, forward and backward, and none of it left behind."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from photostyle.methods.optimisation.interruption import interruptible


class _StopError(Exception):
    pass


@pytest.fixture
def network() -> nn.Module:
    return nn.Sequential(*[nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.ReLU()) for _ in range(4)])


@pytest.mark.parametrize("wanted", range(1, 17))
def test_it_stops_at_the_very_next_layer(network: nn.Module, wanted: int) -> None:
    """Eight layers forward, eight backward."""
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked == wanted:
            raise _StopError

    with pytest.raises(_StopError), interruptible(network, check):
        network(torch.rand(1, 3, 8, 8, requires_grad=True)).sum().backward()
    assert asked == wanted


def test_afterwards_nobody_is_asked(network: nn.Module) -> None:
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1

    with interruptible(network, check), torch.no_grad():
        network(torch.rand(1, 3, 8, 8))
    network(torch.rand(1, 3, 8, 8))
    assert asked == 8
