"""REST: a network that never leaves full resolution, and its default form on top of a colour map."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import torch
from safetensors.torch import load
from torch import Tensor

from photostyle.features.correspondence import CorrespondenceNet, load_correspondence
from photostyle.methods.base import Option, Region
from photostyle.methods.networks.color_head import ColorHead
from photostyle.methods.networks.folded_rpnet import FoldedRPNet
from photostyle.methods.networks.look_statistics import LookStatistics
from photostyle.methods.networks.rest_statistics import TRANSFORMS, RegionStatistics, StatisticsOnTheWay, color_maps
from photostyle.methods.networks.rpnet import RECEPTIVE_RADIUS, LevelFeatures, RPNet
from photostyle.methods.networks.shared_scene import Places, RegionPlaces, SharedScenes, places
from photostyle.methods.networks.sight import Sight
from photostyle.methods.overview import AtOnce, Overview, TiledMethod, Weighted
from photostyle.models.store import read_model
from photostyle.ops.color_map import ColorAffine, apply_color, limited, mixed
from photostyle.ops.digest import digest
from photostyle.ops.gaussian import Gaussian, GaussianSum
from photostyle.ops.remembered import Remembered
from photostyle.ops.small_algebra import like
from photostyle_protocol.errors import BadLookError
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar

CHECKPOINTS = {"skip": "rest.safetensors", "paper": "rest-paper.safetensors"}
CORRESPONDENCE = "correspondence.safetensors"
HEAD = "color"
"""The colour head's tensors lie below this name in a checkpoint."""


_UNASKED = 1 / 255
"""Colours that move by less are the style's already; from twice as much on, all that was learned counts."""

_STYLES_KEPT, _SCENES_KEPT = 16, 2


class RestNetwork(NamedTuple):
    """What a checkpoint holds.

    Attributes:
        network: The network.
        head: The colour head, where it was trained (form skip, second stage); on the CPU, because it is tiny.
        digest: SHA-256 of the checkpoint, by which looks name it; empty for a network that is in no file.
    """

    network: RPNet
    head: ColorHead | None
    digest: str = ""


class _Style(NamedTuple):
    """What a region's style is reduced to; a look shows no places, nor does a tiny picture."""

    statistics: RegionStatistics
    places: Places | None


class _Scene(NamedTuple):
    """All that is found out about content and styles before it is asked how much of it is wanted.

    Attributes:
        statistics: Those of each region of the content, and those of their styles.
        shared: Where a region shares its scene with its style (form skip).
        decoded: The paper's output or the default form's residual, (1, 3, H, W).
    """

    statistics: StatisticsOnTheWay
    shared: SharedScenes | None
    decoded: Tensor


class Rest(TiledMethod):
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
    is_swift = True
    halo = RECEPTIVE_RADIUS

    def __init__(self, device: torch.device) -> None:
        super().__init__(device)
        self._networks: dict[str, RestNetwork] = {}
        self._matcher: CorrespondenceNet | None = None
        self._forget()

    def _forget(self) -> None:
        self._folded: dict[tuple[str, torch.dtype], FoldedRPNet] = {}
        self._styles: Remembered[_Style] = Remembered(_STYLES_KEPT)
        self._scenes: Remembered[_Scene] = Remembered(_SCENES_KEPT)

    def use(self, form: str, network: RPNet, head: ColorHead | None = None) -> None:
        """Run this network for a form instead of the shipped one."""
        self._networks[form] = RestNetwork(network, head)
        self._forget()

    def network(self, form: str) -> RestNetwork:
        """The network of a form, loaded once."""
        if form not in self._networks:
            data = read_model(CHECKPOINTS[form])
            loaded = load_rest(load(data), self.device)
            self._networks[form] = loaded._replace(digest=hashlib.sha256(data).hexdigest())
        return self._networks[form]

    def folded(self, form: str, dtype: torch.dtype) -> FoldedRPNet:
        """The network of a form as it is run, folded once."""
        key = form, dtype
        if key not in self._folded:
            self._folded[key] = FoldedRPNet(self.network(form).network, dtype, self.device)
        return self._folded[key]

    def matcher(self) -> CorrespondenceNet:
        """The network that finds the same places in two pictures, loaded once."""
        if self._matcher is None:
            self._matcher = load_correspondence(load(read_model(CORRESPONDENCE)), self.device)
        return self._matcher

    def statistics(self, form: str, style: Tensor, weight: Tensor) -> RegionStatistics:
        """What the network of a form reduces a style (1, 3, H, W) to for a finish, under a weight (1, 1, H, W)."""
        looked = self._looked(form, style, Sight(share=Sight.for_finish(self.device).share))
        return looked.under(weight).statistics

    def paint(
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        overview: Overview,
    ) -> Tensor:
        """Encode, match statistics, decode; see `TiledMethod.paint`."""
        sight = Sight.for_picture(self.device, is_coarse=overview.is_coarse)
        scene = self._scene(content, regions, options, progress, sight, overview)
        return self._drawn(scene, content, regions, options, overview)

    def stylize_for_finish(
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        name: bytes | None,
    ) -> Tensor:
        """`stylize` of half the pixels, in half precision where that is faster; see `Method.stylize_for_finish`."""
        sight, overview = Sight.for_finish(self.device), AtOnce(content, regions)

        def make() -> _Scene:
            return self._scene(content, regions, options, progress, sight, overview)

        known = None if name is None else name + f"{options['form']} {options['transform']}".encode()
        scene = make() if known is None else self._scenes.get(known, make)
        return self._drawn(scene, content, regions, options, overview)

    def _scene(  # noqa: PLR0913, PLR0917 - see `TiledMethod.paint`
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        sight: Sight,
        overview: Overview,
    ) -> _Scene:
        form, transform = str(options["form"]), TRANSFORMS[str(options["transform"])]
        network = self.folded(form, sight.dtype)
        styles = overview.once(lambda: list(self._regions_styles(form, sight, regions, progress)))
        is_paper = form == "paper"
        progress(0.2, "content features")
        shared = None if is_paper else overview.once(lambda: self._shared_scenes(styles, overview))
        seen = sight.see(content)
        features = network.encode(seen)
        of_content = _content_statistics(network, content, features, regions, sight, overview)
        of_style = [style.statistics for style in styles]
        # They are asked for before the decoder is, which runs while the CPU thinks about them.
        statistics = overview.once(lambda: StatisticsOnTheWay(of_content, of_style))
        progress(0.5, "decoding")
        maps = overview.once(lambda: transform(of_content, of_style))
        blends = [sight.see(region.blend) for region in regions]
        if is_paper:
            decoded = sight.repainted(network.decode(features, maps, blends), seen, content)
        else:
            decoded = sight.unfold(network.residual(features, maps, blends), content)
        progress(1.0, "decoding")
        return _Scene(statistics, shared, decoded)

    def _shared_scenes(self, styles: Sequence[_Style], overview: Overview) -> SharedScenes:
        mine = places(self.matcher(), overview.content)
        return SharedScenes(
            [
                None
                if mine is None or style.places is None
                else RegionPlaces(mine, style.places, region.weight, region.style_weight)
                for style, region in zip(styles, overview.regions, strict=True)
            ]
        )

    def _drawn(
        self,
        scene: _Scene,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        overview: Overview,
    ) -> Tensor:
        """The content in the look of each region."""
        if scene.shared is None:
            return scene.decoded.expand(len(regions), -1, -1, -1)
        amount, fidelity = float(options["residual"]), float(options["fidelity"])
        colors, amounts = overview.once(lambda: self._colors(scene.statistics, amount, fidelity))
        found = scene.shared
        shared = overview.once(lambda: [found.read(k, color) for k, color in enumerate(colors)])
        added = sum(
            (region.blend * (1 - s.trust) * a for region, s, a in zip(regions, shared, amounts, strict=True)),
            start=content.new_zeros(()),
        )
        final = (mixed(color, s.color, s.trust) for color, s in zip(colors, shared, strict=True))
        there = (ColorAffine(*(like(t, content) for t in color)) for color in final)
        return torch.cat([apply_color(content, color) for color in there]).addcmul_(scene.decoded, added)

    def _colors(
        self, known: StatisticsOnTheWay, amount: float, fidelity: float
    ) -> tuple[list[ColorAffine], list[float]]:
        """The colour map of each region: the statistics' one, and as much of what was learned as is wanted there.

        All of it on the CPU.
        """
        of_content, of_style = known.arrived()
        plain = color_maps(of_content, of_style)
        amounts = [amount * _asked(c.color, first) for c, first in zip(of_content, plain, strict=True)]
        head = self.network("skip").head
        if head is None or amount == 0:
            return plain, amounts
        wanted = torch.full((1, 1), fidelity)
        learned = (head(c, s, wanted) for c, s in zip(of_content, of_style, strict=True))
        of_region = zip(plain, learned, amounts, strict=True)
        return [limited(mixed(first, then, share)) for first, then, share in of_region], amounts

    def _regions_styles(
        self, form: str, sight: Sight, regions: Sequence[Region], progress: Progress
    ) -> Iterator[_Style]:
        """Of each region; regions in a row that share a style have it looked at once."""
        seen: _Looked | None = None
        for k, region in enumerate(regions):
            progress(0.2 * k / len(regions), "style features")
            if region.look is not None:
                yield _Style(_known_statistics(self.network(form), region.look), None)
                continue
            if seen is None or region.style is not seen.style:
                seen = self._looked(form, region.style, sight)
            yield self._style(form, seen, region)

    def _looked(self, form: str, style: Tensor, sight: Sight) -> _Looked:
        return _Looked(style, sight, self.folded(form, sight.dtype), self.matcher())

    def _style(self, form: str, seen: _Looked, region: Region) -> _Style:
        weight = region.style_weight
        if self.device.type != "cpu":  # a GPU has looked again sooner than the digest could be taken
            return seen.under(weight)
        key = f"{form} {seen.sight}".encode() + (region.style_name or seen.digest) + digest(weight)
        return self._styles.get(key, lambda: seen.under(weight))


class _Looked:
    """A style that is looked at when, and only when, somebody has to."""

    def __init__(self, style: Tensor, sight: Sight, network: FoldedRPNet, matcher: CorrespondenceNet) -> None:
        self.style, self.sight = style, sight
        self._network, self._matcher = network, matcher

    def under(self, weight: Tensor) -> _Style:
        """What it is reduced to under a weight (1, 1, H, W)."""
        levels = self._network.statistics(self._features, self.sight.see(weight))
        return _Style(RegionStatistics(levels, GaussianSum.of(self.style, weight)), self._places)

    @cached_property
    def digest(self) -> bytes:
        """Of its pixels."""
        return digest(self.style)

    @cached_property
    def _features(self) -> LevelFeatures:
        return self._network.encode(self.sight.see(self.style))

    @cached_property
    def _places(self) -> Places | None:
        return places(self._matcher, self.style)


def _content_statistics(  # noqa: PLR0913, PLR0917 - what is looked at, and how
    network: FoldedRPNet,
    content: Tensor,
    features: LevelFeatures,
    regions: Sequence[Region],
    sight: Sight,
    overview: Overview,
) -> list[RegionStatistics]:
    """Statistics of each region of the whole content; of its colours, too, where the network sees less of it."""
    asked = []
    for region in regions:
        weight = sight.see(region.weight)
        asked += [Weighted(x, weight) for x in network.enclosed(features)] + [Weighted(content, region.weight)]
    found = iter(overview.gaussians(asked))
    return [RegionStatistics(network.gaussians([next(found) for _ in features]), next(found)) for _ in regions]


def _asked(content: Gaussian, plain: ColorAffine) -> float:
    """How much of what was learned there is a use for, 0–1: where the colours are the style's already, none.

    By how far the statistics' map moves the region's colours, in the root mean square.
    """
    turned = plain.matrix - torch.eye(3)
    shift = (turned @ content.mean[:, :, None])[:, :, 0] + plain.offset
    spread = (turned @ content.covariance @ turned.mT).diagonal(dim1=1, dim2=2).sum(1)
    moved = float((shift.square().sum(1) + spread).clamp_min(0).sqrt())
    return min(1.0, max(0.0, moved / _UNASKED - 1))


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
    return RestNetwork(network, head.eval().requires_grad_(False))
