"""Training of REST, as in the paper or as a residual on a colour map: its losses and its examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.imaging.picture import Picture
from photostyle.methods.networks.rest_statistics import TRANSFORMS, color_maps, region_statistics
from photostyle.methods.networks.rpnet import LevelFeatures, RPNet
from photostyle.methods.rest import CHECKPOINTS
from photostyle.ops.color_map import blend_color
from photostyle.training import losses
from photostyle.training.distillation import Distillation, tap_statistics
from photostyle.training.photographs import Photographs, jitter
from photostyle.training.region_masks import RegionPairs, random_regions
from photostyle.training.rest_stage import RestStageConfig
from photostyle.training.sheets import pair_sheet
from photostyle.training.trainer import Trainer

_CALIBRATION = 8
"""Pictures on which the teacher's variance is measured."""


@dataclass(frozen=True)
class LossWeights:
    """Weight of each loss; `content`, `style` and `distill` are the paper's, which sets 1, 1 and 2."""

    content: float = 1.0
    style: float = 1.0
    distill: float = 1.0
    identity: float = 1.0
    color: float = 10.0
    patch_affine: float = 30.0
    out_of_range: float = 1.0


PAPER_LOSSES = LossWeights(1.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class RestConfig(RestStageConfig):
    """A recorded training run, see `RestStageConfig`.

    Attributes:
        residual: Train the default form (a residual on the colour-matched content) or the paper's.
        weights: Of the losses.
    """

    residual: bool = True
    iterations: int = 20_000
    batch: int = 4
    crop: int = 128
    learning_rate: float = 1e-3
    weights: LossWeights = field(default_factory=LossWeights)


class Pair(NamedTuple):
    """A training example: content and style (B, 3, H, W; 0–1) and the regions that correspond."""

    content: Tensor
    style: Tensor
    regions: RegionPairs


class RestTrainer(Trainer[RestConfig, Pair]):
    """The whole network learns; the distillation's projections help and are left behind.

    Args:
        config: The run.
        photographs: Where content and style come from.
        teacher: The perceptual network of the losses.
        device: Where to train.
    """

    half_on_cpu = False

    def __init__(self, config: RestConfig, photographs: Photographs, teacher: Features, device: torch.device) -> None:
        super().__init__(config, photographs, teacher, device)
        self._batches = photographs.batches(config.batch, self.generator)
        means, self.scales = tap_statistics(self.teacher, self._calibration())
        self.model = RPNet().to(device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.distillation = Distillation(teacher.channels, means[-3:], self.scales[-3:]).to(device)
        self._learn({"model": self.model, "distillation": self.distillation})

    def _calibration(self) -> Tensor:
        fixed = torch.Generator().manual_seed(0)
        return next(self.photographs.batches(_CALIBRATION, fixed))

    @property
    def weights(self) -> Mapping[str, float]:
        """See `LossWeights`."""
        return asdict(self.config.weights)

    @property
    def model_file(self) -> str:
        """The form's."""
        return CHECKPOINTS["skip" if self.config.residual else "paper"]

    def model_state(self) -> dict[str, Tensor]:
        """The network's."""
        return self.model.state_dict()

    def draw(self) -> Pair:
        """Two photographs, both jittered, whole or in two regions."""
        content = jitter(next(self._batches), self.generator)
        style = jitter(next(self._batches), self.generator)
        return Pair(content, style, random_regions(len(content), self.config.crop, self.generator, self.device))

    def draw_sheet(self) -> Picture:
        """Content, style and output."""
        return pair_sheet(self.photographs, lambda content, style: [self._output(content, style)], ["Output"])

    def _output(self, content: Tensor, style: Tensor) -> Tensor:
        regions = [(torch.ones_like(content[:, :1]), torch.ones_like(style[:, :1]))]
        return self._stylize(Pair(content, style, regions), self.model.encoder(content), self.model.encoder(style))

    def _stylize(self, pair: Pair, content: LevelFeatures, style: LevelFeatures) -> Tensor:
        """One training pass; the features are given because the distillation wants them too."""
        of_content = [region_statistics(pair.content, content, m) for m, _ in pair.regions]
        of_style = [region_statistics(pair.style, style, m) for _, m in pair.regions]
        weights = [m for m, _ in pair.regions]
        maps = TRANSFORMS[self.config.transform](of_content, of_style)
        decoded: Tensor = self.model.decode(content, maps, weights)
        if not self.config.residual:
            return decoded
        return decoded + blend_color(pair.content, color_maps(of_content, of_style), weights)

    def losses(self, pair: Pair) -> dict[str, Tensor]:
        """The paper's three and ours."""
        both = torch.cat([pair.content, pair.style]).contiguous(memory_format=torch.channels_last)
        features = self.model.encoder(both)
        content, style = (LevelFeatures(*(f.chunk(2)[i] for f in features)) for i in (0, 1))
        output = self._stylize(pair, content, style)
        itself = self._stylize(Pair(pair.content, pair.content, [(m, m) for m, _ in pair.regions]), content, content)
        with torch.no_grad():
            wanted = self._seen(both)
        seen = self._seen(output)
        tap = self.teacher.content_tap
        of_content, of_style = ([w.chunk(2)[i] for w in wanted] for i in (0, 1))
        return {
            "content": F.mse_loss(seen[tap], of_content[tap]) / self.scales[tap],
            "style": losses.style_loss(seen, of_style, self.scales, pair.regions),
            "distill": self.distillation(features, wanted),
            "identity": F.l1_loss(itself, pair.content),
            "color": losses.color_loss(output, pair.style, pair.regions),
            "patch_affine": losses.patch_affine_loss(output, pair.content),
            "out_of_range": losses.range_loss(output),
        }
