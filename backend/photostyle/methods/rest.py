"""REST: a network that never leaves full resolution, and its default form on top of a colour map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from safetensors.torch import load
from torch import Tensor

from photostyle.methods.base import Method, Option, Region
from photostyle.methods.networks.rest_statistics import RegionStatistics, color_maps, feature_maps, region_statistics
from photostyle.methods.networks.rpnet import LevelFeatures, RPNet
from photostyle.models.store import read_model
from photostyle.ops.color_map import apply_color
from photostyle.ops.monge_kantorovich import color_gaussian, monge_kantorovich
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar

CHECKPOINTS = {"skip": "rest.safetensors", "paper": "rest-paper.safetensors"}


class Rest(Method):
    """AdaIN at levels 3 to 5 of the resolution-preserving network.

    The default form adds the decoder's output, as a residual, to the Monge–Kantorovich colour map of each region: a
    stylised skip at level 0, which keeps the result a photograph. The paper's form takes the decoder's output as it is.
    """

    name = "rest"
    title = "REST: resolution-preserving network"
    paper = "REST, a resolution-preserving network for photorealistic style transfer"
    options = (
        Option(
            "form",
            "skip",
            "skip: colour map plus network; paper: the network alone.",
            choices=tuple(CHECKPOINTS),
        ),
        Option("residual", 1.0, "How much the network adds to the colour map (form skip).", 0.0, 2.0),
    )

    def __init__(self, device: torch.device) -> None:
        super().__init__(device)
        self._networks: dict[str, RPNet] = {}

    def use(self, form: str, network: RPNet) -> None:
        """Run this network for a form instead of the shipped one."""
        self._networks[form] = network

    def network(self, form: str) -> RPNet:
        """The network of a form, loaded once."""
        if form not in self._networks:
            self._networks[form] = load_rpnet(load(read_model(CHECKPOINTS[form])), self.device)
        return self._networks[form]

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Encode, match statistics, decode; see `Method.stylize`."""
        form = str(options["form"])
        network = self.network(form)
        of_style = _style_statistics(network, regions, progress)
        progress(0.2, "content features")
        features = _encoded(network, content)
        of_content = [region_statistics(content, features, r.weight) for r in regions]
        progress(0.5, "decoding")
        decoded = network.decode(features, feature_maps(of_content, of_style), [r.blend for r in regions])
        progress(1.0, "decoding")
        if form == "paper":
            return decoded.expand(len(regions), -1, -1, -1)
        matched = torch.cat([apply_color(content, m) for m in color_maps(of_content, of_style)])
        matched.add_(decoded, alpha=float(options["residual"]))
        return torch.cat([_recolored(p, r, s) for p, r, s in zip(matched.split(1), regions, of_style, strict=True)])


def _encoded(network: RPNet, picture: Tensor) -> LevelFeatures:
    """Features; the network has seen nothing beyond 0–1, and a very bright pixel would drown all others."""
    features: LevelFeatures = network.encoder(picture.clamp(0, 1))
    return features


def _style_statistics(network: RPNet, regions: Sequence[Region], progress: Progress) -> list[RegionStatistics]:
    """Statistics of each region's style; regions in a row that share a style have it encoded once."""
    found: list[RegionStatistics] = []
    for k, region in enumerate(regions):
        progress(0.2 * k / len(regions), "style features")
        if k == 0 or region.style is not regions[k - 1].style:
            features = _encoded(network, region.style)
        found.append(region_statistics(region.style, features, region.style_weight))
    return found


def _recolored(picture: Tensor, region: Region, style: RegionStatistics) -> Tensor:
    """Let the statistics of colour be the style's again, which the residual has moved a little."""
    return apply_color(picture, monge_kantorovich(color_gaussian(picture, region.weight), style.color))


def load_rpnet(state: Mapping[str, Tensor], device: torch.device) -> RPNet:
    """A network ready to run from the tensors of a checkpoint."""
    network = RPNet()
    network.load_state_dict(dict(state))
    network.eval().requires_grad_(False)
    network.to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network
