"""The embedded network's shape; what it has learned is tested where it is used."""

from __future__ import annotations

import pytest
import torch

from photostyle.features.embedded import EmbeddedFeatures


@pytest.mark.parametrize(("height", "width"), [(1, 1), (8, 8), (17, 31), (64, 48)])
def test_any_size_is_halved_from_tap_to_tap(height: int, width: int) -> None:
    network = EmbeddedFeatures()
    found = network(torch.rand(1, 3, height, width))
    sizes = [(-(-height // 2**k), -(-width // 2**k)) for k in range(5)]
    assert [tuple(f.shape[2:]) for f in found] == sizes
    assert tuple(f.shape[1] for f in found) == network.channels


def test_it_stops_after_the_last_tap_that_is_wanted() -> None:
    network = EmbeddedFeatures()
    x = torch.rand(1, 3, 32, 32)
    for count, tap in enumerate(network.taps, 1):
        stopped = network(x, tap)
        assert len(stopped) == count
        assert all(torch.equal(a, b) for a, b in zip(stopped, network(x), strict=False))
