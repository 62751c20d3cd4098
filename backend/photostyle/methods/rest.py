"""REST: a network that never leaves full resolution, and its default form on top of a colour map."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import torch
from safetensors.torch import load
from torch import Tensor

from photostyle.features.correspondence import CorrespondenceNet, load_correspondence
from photostyle.methods.base import Method, Option, Region
from photostyle.methods.networks.color_head import ColorHead
from photostyle.methods.networks.look_statistics import LookStatistics
from photostyle.methods.networks.rest_statistics import TRANSFORMS, RegionStatistics, color_maps, region_statistics
from photostyle.methods.networks.rpnet import LevelFeatures, RPNet
from photostyle.methods.networks.shared_scene import Places, SharedScene, places, shared_scene
from photostyle.models.store import read_model
from photostyle.ops.color_map import ColorAffine, apply_color, limited, mixed
from photostyle_protocol.errors import BadLookError
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar

CHECKPOINTS = {"skip": "rest.safetensors", "paper": "rest-paper.safetensors"}
CORRESPONDENCE = "correspondence.safetensors"
HEAD = "color"
"""The colour head's tensors lie below this name in a checkpoint."""


class RestNetwork(NamedTuple):
    """What a checkpoint holds.

    Attributes:
        network: The network.
        head: The colour head, where it was trained (form skip, second stage).
        digest: SHA-256 of the checkpoint, by which looks name it; empty for a network that is in no file.
    """

    network: RPNet
    head: ColorHead | None
    digest: str = ""

    def statistics(self, picture: Tensor, weight: Tensor) -> RegionStatistics:
        """What a style (1, 3, H, W) is reduced to under a weight (1, 1, H, W)."""
        return region_statistics(picture, _encoded(self.network, picture), weight)


class Rest(Method):
    """AdaIN, or whitening and colouring, at levels 3 to 5 of the resolution-preserving network.

    The default form puts the decoder's residual on top of a colour map of each region: a stylised skip at level 0,
    which keeps the result a photograph. The map is a learned one near Monge and Kantorovich's; where content and style
    show the same scene, it is the grade that can be read off there, and no residual is added. The paper's form takes
    the decoder's output as it is.
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
        Option("residual", 1.0, "How much the networks add to the statistics' colour map (form skip).", 0.0, 2.0),
        Option("fidelity", 0.5, "How much of the photograph's own tones stays; less is closer to the style.", 0.0, 1.0),
        Option(
            "transform",
            "adain",
            "How features take the style's statistics: adain, channel by channel; wct, with all their correlations.",
            choices=tuple(TRANSFORMS),
        ),
    )
    reads_looks = True

    def __init__(self, device: torch.device) -> None:
        super().__init__(device)
        self._networks: dict[str, RestNetwork] = {}
        self._matcher: CorrespondenceNet | None = None

    def use(self, form: str, network: RPNet, head: ColorHead | None = None) -> None:
        """Run this network for a form instead of the shipped one."""
        self._networks[form] = RestNetwork(network, head)

    def network(self, form: str) -> RestNetwork:
        """The network of a form, loaded once."""
        if form not in self._networks:
            data = read_model(CHECKPOINTS[form])
            loaded = load_rest(load(data), self.device)
            self._networks[form] = loaded._replace(digest=hashlib.sha256(data).hexdigest())
        return self._networks[form]

    def matcher(self) -> CorrespondenceNet:
        """The network that finds the same places in two pictures, loaded once."""
        if self._matcher is None:
            self._matcher = load_correspondence(load(read_model(CORRESPONDENCE)), self.device)
        return self._matcher

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Encode, match statistics, decode; see `Method.stylize`."""
        form, amount = str(options["form"]), float(options["residual"])
        network, head, _ = rest = self.network(form)
        of_style = _style_statistics(rest, regions, progress)
        progress(0.2, "content features")
        features = _encoded(network, content)
        of_content = [region_statistics(content, features, r.weight) for r in regions]
        progress(0.5, "decoding")
        maps = TRANSFORMS[str(options["transform"])](of_content, of_style)
        blends = [r.blend for r in regions]
        if form == "paper":
            return network.decode(features, maps, blends).expand(len(regions), -1, -1, -1)
        colors = color_maps(of_content, of_style)
        if head is not None and amount > 0:
            fidelity = torch.full((1, 1), float(options["fidelity"]), device=content.device)
            learned = (head(c, s, fidelity) for c, s in zip(of_content, of_style, strict=True))
            colors = [limited(mixed(plain, map_, amount)) for plain, map_ in zip(colors, learned, strict=True)]
        shared = self._shared_scenes(content, regions, colors)
        added = sum((b * (1 - s.trust) for b, s in zip(blends, shared, strict=True)), start=content.new_zeros(()))
        residual = network.residual(features, maps, blends).mul_(amount * added)
        progress(1.0, "decoding")
        final = (mixed(color, s.color, s.trust) for color, s in zip(colors, shared, strict=True))
        return torch.cat([apply_color(content, color) for color in final]).add_(residual)

    def _shared_scenes(
        self, content: Tensor, regions: Sequence[Region], colors: Sequence[ColorAffine]
    ) -> list[SharedScene]:
        """The grade of each region that shares its scene with its style."""
        mine = places(self.matcher(), content)
        found = []
        for region, theirs, color in zip(regions, self._style_places(regions), colors, strict=True):
            if mine is None or theirs is None:
                found.append(SharedScene(color, 0.0))
            else:
                found.append(shared_scene(mine, theirs, region.weight, region.style_weight, color))
        return found

    def _style_places(self, regions: Sequence[Region]) -> Iterator[Places | None]:
        """Of each region's style, but a look has none; regions in a row that share a style have it looked at once."""
        for k, region in enumerate(regions):
            if k == 0 or region.style is not regions[k - 1].style:
                found = None if region.look else places(self.matcher(), region.style)
            yield found


def _encoded(network: RPNet, picture: Tensor) -> LevelFeatures:
    """Features; the network has seen nothing beyond 0–1, and a very bright pixel would drown all others."""
    features: LevelFeatures = network.encoder(picture.clamp(0, 1))
    return features


def _style_statistics(rest: RestNetwork, regions: Sequence[Region], progress: Progress) -> list[RegionStatistics]:
    """Statistics of each region's style; regions in a row that share a style have it encoded once."""
    found: list[RegionStatistics] = []
    for k, region in enumerate(regions):
        progress(0.2 * k / len(regions), "style features")
        if region.look is not None:
            found.append(_known_statistics(rest, region.look))
            continue
        if k == 0 or region.style is not regions[k - 1].style:
            features = _encoded(rest.network, region.style)
        found.append(region_statistics(region.style, features, region.style_weight))
    return found


def _known_statistics(rest: RestNetwork, look: LookStatistics) -> RegionStatistics:
    """What a look knows for this network."""
    if rest.digest not in look.rest:
        raise BadLookError(
            f"The look {look.name} was saved with other networks of REST than this program has.",
            "Save it again from its photograph, or choose a method that only needs its colours, such as "
            "monge-kantorovich.",
        )
    return look.rest[rest.digest]


def load_rest(state: Mapping[str, Tensor], device: torch.device) -> RestNetwork:
    """Networks ready to run from the tensors of a checkpoint."""
    network = RPNet()
    below = f"{HEAD}."
    network.load_state_dict({name: t for name, t in state.items() if not name.startswith(below)})
    network.eval().requires_grad_(False).to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    of_head = {name.removeprefix(below): t for name, t in state.items() if name.startswith(below)}
    if not of_head:
        return RestNetwork(network, None)
    head = ColorHead()
    head.load_state_dict(of_head)
    return RestNetwork(network, head.eval().requires_grad_(False).to(device))
