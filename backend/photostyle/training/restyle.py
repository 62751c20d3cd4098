"""Training of Wu's stylizer: stylize with one network, re-stylize with another, and come back to the content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.features.embedded import EmbeddedFeatures
from photostyle.imaging.picture import Picture
from photostyle.methods.networks.restyle_net import Decoded, Encoded, Look, RestyleNet, own_look
from photostyle.methods.restyle import CHECKPOINT
from photostyle.ops.feature_aggregation import AGGREGATIONS
from photostyle.ops.grade import apply_grade, random_grade
from photostyle.training import losses
from photostyle.training.photographs import Photographs, graded
from photostyle.training.region_masks import RegionPairs, random_regions
from photostyle.training.sheets import pair_sheet
from photostyle.training.similar_content import SimilarContent
from photostyle.training.spatial_coherence import SpatialCoherence
from photostyle.training.trainer import Trainer, TrainingConfig
from photostyle_protocol.errors import BadOptionError

_CALIBRATION = 8
"""Pictures on which the encoder's variances are measured."""


@dataclass(frozen=True)
class LossWeights:
    """Weight of each loss. The first four are the paper's, which sets all of them 1; the others are ours.

    Attributes:
        scp: Equation 2 at three scales, of both stylizers.
        content: Equations 3 and 5.
        style: Equations 4 and 6.
        restyled: Equation 7.
        identity: The mean absolute error of what the decoder makes of a picture in its own look.
        features: In its own look, Σᵢ ‖Qᵢ − Pᵢ‖²: what is aggregated is then of the kind of what it is aggregated to.
        color: Mean and covariance of the colours, region by region.
        patch_affine: What no affine map of an 8×8 patch explains.
        out_of_range: What leaves 0–1.
    """

    scp: float = 0.3
    content: float = 0.1
    style: float = 0.5
    restyled: float = 0.3
    identity: float = 30.0
    features: float = 1.0
    color: float = 50.0
    patch_affine: float = 200.0
    out_of_range: float = 10.0


PAPER_LOSSES = LossWeights(1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class RestyleConfig(TrainingConfig):
    """A recorded training run, see `TrainingConfig`.

    Attributes:
        kept: The output is the photograph and what the looks change (the method's form ``kept``); else the decoder's.
        aggregation: One of `AGGREGATIONS`.
        restyling: Whether there is a second stylizer that leads back to the content.
        weights: Of the losses.

    Raises:
        BadOptionError: The aggregation is unknown.
    """

    kept: bool = True
    aggregation: str = "moments"
    restyling: bool = True
    iterations: int = 20_000
    batch: int = 4
    crop: int = 128
    learning_rate: float = 2e-3
    weights: LossWeights = field(default_factory=LossWeights)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.aggregation not in AGGREGATIONS:
            known = ", ".join(AGGREGATIONS)
            raise BadOptionError(f"The aggregation is {self.aggregation!r}.", f"Choose from: {known}.")


class Triple(NamedTuple):
    """A training example: pictures (B, 3, H, W; 0–1) and the regions that correspond in content and style."""

    content: Tensor
    style: Tensor
    similar: Tensor
    regions: RegionPairs


class Stylised(NamedTuple):
    """What one stylizer made.

    Attributes:
        picture: (B, 3, H, W).
        aggregated: Q¹, Q², Q³.
        itself: What the decoder makes of the content in its own look, and of what.
    """

    picture: Tensor
    aggregated: list[Tensor]
    itself: Decoded


class RestyleTrainer(Trainer[RestyleConfig, Triple]):
    """Two decoders and the kernels of the SCP losses learn; the first decoder is the model's.

    Args:
        config: The run.
        photographs: Where the examples come from.
        teacher: The embedded network; it becomes the fixed encoder, and the losses look through that.
        device: Where to train.

    Raises:
        BadOptionError: The teacher is another network.
    """

    longest_gradient = 1.0
    betas = (0.5, 0.999)

    def __init__(
        self, config: RestyleConfig, photographs: Photographs, teacher: Features, device: torch.device
    ) -> None:
        super().__init__(config, photographs, teacher, device)
        self.sampling = SimilarContent(photographs, self.teacher, device)
        self.model, second = (self._stylizer(teacher) for _ in range(2))
        crops = next(photographs.batches(_CALIBRATION, torch.Generator().manual_seed(0)))
        with torch.no_grad():
            seen = self.model.encoder(crops)
        self.scales = _variances(seen.taps)
        channels = [p.shape[1] for p in seen.pooled]
        self.coherence = SpatialCoherence(channels, _variances(seen.pooled)).to(device)
        learning = {"model": self.model, "coherence": self.coherence}
        self.second = second if config.restyling else None
        self._learn({**learning, "second": second} if config.restyling else learning)

    def _stylizer(self, teacher: Features) -> RestyleNet:
        if not isinstance(teacher, EmbeddedFeatures):
            raise BadOptionError(f"The encoder cannot be {teacher.title}.", "Use the embedded network.")
        network = RestyleNet().to(self.device)
        network.encoder.take(teacher)
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return network

    @property
    def weights(self) -> Mapping[str, float]:
        """See `LossWeights`."""
        weights = asdict(self.config.weights)
        return weights if self.config.restyling else {n: w for n, w in weights.items() if n != "restyled"}

    @property
    def model_file(self) -> str:
        """The only one."""
        return CHECKPOINT

    def model_state(self) -> dict[str, Tensor]:
        """The first stylizer's, encoder and all, in half precision."""
        return {name: tensor.half() for name, tensor in self.model.state_dict().items()}

    def draw(self) -> Triple:
        """Content and similar content under one grade, the style under another; the whole, or two regions."""
        numbers = [self.photographs.draw(self.generator) for _ in range(self.config.batch)]
        content = self._crops(numbers)
        similar = self._crops([self.sampling.similar_to(n, self.generator) for n in numbers])
        style = graded(self._crops([self.sampling.style_for(n, self.generator) for n in numbers]), self.generator)
        grade = random_grade(len(content), self.generator)
        alike = [apply_grade(x, grade).clamp(0, 1) for x in (content, similar)]
        regions = random_regions(len(content), self.config.crop, self.generator, self.device)
        return Triple(alike[0], style, alike[1], regions)

    def _crops(self, numbers: Sequence[int]) -> Tensor:
        crops = torch.stack([self.photographs.crop_of(number, self.generator) for number in numbers])
        return crops.contiguous(memory_format=torch.channels_last)

    def draw_sheet(self) -> Picture:
        """Content, style and what the first stylizer makes of them."""
        return pair_sheet(self.photographs, lambda content, style: [self._output(content, style)], ["Output"])

    def _output(self, content: Tensor, style: Tensor) -> Tensor:
        looks = _looks(_everything(content, style), self._encoded(style))
        return self._stylised(self.model, content, self._encoded(content), looks).picture

    def _encoded(self, pictures: Tensor) -> Encoded:
        """In bfloat16 on a processor that has it; both stylizers share the encoder."""
        with self._autocast():
            encoded: Encoded = self.model.encoder(pictures)
        return encoded

    def _stylised(self, network: RestyleNet, content: Tensor, seen: Encoded, looks: Sequence[Look]) -> Stylised:
        with self._autocast():
            decoded = network.decoder(seen, looks, self.config.aggregation)
            own = network.decoder(seen, [own_look(seen)], self.config.aggregation)
        picture = decoded.picture.float()
        if self.config.kept:
            picture = content + picture - own.picture.float()
        return Stylised(picture, decoded.aggregated, own)

    def losses(self, triple: Triple) -> dict[str, Tensor]:
        """The paper's, summed over both stylizers, and ours, on the first one's picture."""
        with torch.no_grad():
            content, style = self._encoded(triple.content), self._encoded(triple.style)
        first = self._stylised(self.model, triple.content, content, _looks(triple.regions, style))
        seen = self._encoded(first.picture)
        found = self._matching(first, content, seen, style, triple.regions)
        if self.second is not None:
            again = self._restylised(self.second, triple, first.picture, seen, content)
            found = {name: loss + found.get(name, 0) for name, loss in again.items()}
        return found | {
            "identity": F.l1_loss(first.itself.picture.float(), triple.content),
            "features": _error(first.itself.aggregated, content.pooled, self.coherence.scales),
            "color": losses.color_loss(first.picture, triple.style, triple.regions),
            "patch_affine": losses.patch_affine_loss(first.picture, triple.content),
            "out_of_range": losses.range_loss(first.picture),
        }

    def _restylised(
        self, network: RestyleNet, triple: Triple, picture: Tensor, seen: Encoded, content: Encoded
    ) -> dict[str, Tensor]:
        """The stylised picture in the look of the similar content, which shall be the content again."""
        with torch.no_grad():
            similar = self._encoded(triple.similar)
        whole = _everything(picture, triple.similar)
        second = self._stylised(network, picture, seen, _looks(whole, similar))
        back = self._encoded(second.picture)
        return {**self._matching(second, seen, back, similar, whole), "restyled": self._distance(back, content)}

    def _matching(
        self, made: Stylised, content: Encoded, seen: Encoded, style: Encoded, regions: RegionPairs
    ) -> dict[str, Tensor]:
        """SCP and perceptual losses of one stylizer; `seen` is what it made as the encoder sees it.

        The paper measures the distance to the style place by place, as it does that to the content. Two photographs
        have no places in common: their features' means and deviations are compared instead.
        """
        return {
            "scp": self.coherence(made.aggregated, content.pooled),
            "content": self._distance(seen, content),
            "style": losses.style_loss(_taps(seen), _taps(style), self.scales, regions),
        }

    def _distance(self, one: Encoded, other: Encoded) -> Tensor:
        """Σ over taps of the mean squared difference, each over the tap's variance (equations 3, 5 and 7)."""
        return _error(_taps(one), _taps(other), self.scales)


def _error(got: Sequence[Tensor], wanted: Sequence[Tensor], scales: Sequence[float]) -> Tensor:
    """The sum of mean squared differences, each over a variance."""
    maps = zip(got, wanted, scales, strict=True)
    return torch.stack([F.mse_loss(g, w.to(g.dtype)) / scale for g, w, scale in maps]).sum()


def _taps(encoded: Encoded) -> list[Tensor]:
    return [tap.float() for tap in encoded.taps]


def _everything(content: Tensor, style: Tensor) -> RegionPairs:
    return [(torch.ones_like(content[:, :1]), torch.ones_like(style[:, :1]))]


def _looks(regions: RegionPairs, style: Encoded) -> list[Look]:
    return [Look(on_content, on_content, style, on_style) for on_content, on_style in regions]


@torch.no_grad()
def _variances(features: Sequence[Tensor]) -> list[float]:
    return [float((f - f.mean(dim=(0, 2, 3), keepdim=True)).square().mean()) for f in features]
