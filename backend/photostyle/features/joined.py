"""Several perceptual networks seen as one."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from photostyle.features.base import Features


class JoinedFeatures(Features):
    """The taps of one network after those of another.

    Args:
        networks: At least one; content is told by the first.
    """

    def __init__(self, networks: Sequence[Features]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.title = " and ".join(network.title for network in networks)
        self.taps = tuple(f"{network.title}: {tap}" for network in networks for tap in network.taps)
        self.channels = tuple(width for network in networks for width in network.channels)
        self.content_tap = networks[0].content_tap

    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        """All feature maps of each network in turn."""
        found = [tap for network in self.networks for tap in network(x)]
        return found[: self.count(last)]
