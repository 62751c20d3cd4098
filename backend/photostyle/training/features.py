"""Training of the embedded perceptual network: what large networks see, in a small one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photostyle.features.base import Features
from photostyle.features.embedded import MODEL, EmbeddedFeatures
from photostyle.imaging.picture import Picture
from photostyle.ops.gram import gram
from photostyle.training.distillation import tap_statistics
from photostyle.training.photographs import Photographs, graded
from photostyle.training.sheets import features_sheet
from photostyle.training.trainer import Trainer, TrainingConfig

_CALIBRATION = 16
"""Crops on which the teacher's mean and variance are measured."""
_NOISE = 0.15
"""Largest deviation of the noise on a quarter of the crops: an optimiser starts from noise, and passes through it."""
_NOISY = 0.25


@dataclass(frozen=True, kw_only=True)
class FeaturesConfig(TrainingConfig):
    """A recorded training run, see `TrainingConfig`.

    Attributes:
        gram: Weight of the agreement about how far two pictures are apart.
    """

    iterations: int = 6_000
    batch: int = 8
    crop: int = 128
    learning_rate: float = 2e-3
    gram: float = 2.0


class FeaturesTrainer(Trainer[FeaturesConfig, Tensor]):
    """Network and projections to the teacher learn; the projections are left behind.

    Each tap of the teacher is predicted from the network's tap of the nearest size, so that any teacher will do.

    Args:
        config: The run.
        photographs: Where the crops come from.
        teacher: The perceptual network, or several joined.
        device: Where to train.
    """

    longest_gradient = 1.0

    def __init__(
        self, config: FeaturesConfig, photographs: Photographs, teacher: Features, device: torch.device
    ) -> None:
        super().__init__(config, photographs, teacher, device)
        self.teacher.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.model = EmbeddedFeatures().to(device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        crops = next(photographs.batches(_CALIBRATION, torch.Generator().manual_seed(0)))
        self._means, self._variances = tap_statistics(self.teacher, crops)
        self.projections = self._first_projections(crops).to(device)
        self._learn({"model": self.model, "projections": self.projections})

    @torch.no_grad()
    def _first_projections(self, crops: Tensor) -> nn.ModuleList:
        """The best ones for the untrained network: what it sees already is a good part of its teacher's first taps."""
        found, wanted = self.model(crops), self._standardised(self.teacher(crops))
        self._mine = _nearest(found, wanted)
        pooled = self._pooled(found, wanted)
        return nn.ModuleList(_best_projection(x, w) for x, w in zip(pooled, wanted, strict=True))

    @property
    def weights(self) -> Mapping[str, float]:
        """Distillation counts 1."""
        return {"distill": 1.0, "gram": self.config.gram}

    @property
    def model_file(self) -> str:
        """The only one."""
        return MODEL

    def model_state(self) -> dict[str, Tensor]:
        """The network's, in half precision."""
        return {name: tensor.half() for name, tensor in self.model.state_dict().items()}

    def draw(self) -> Tensor:
        """Graded crops (B, 3, H, W), some of them noisy."""
        x = graded(next(self.photographs.batches(self.config.batch, self.generator)), self.generator)
        amount = torch.rand((len(x), 1, 1, 1), generator=self.generator) * _NOISE
        chosen = torch.rand((len(x), 1, 1, 1), generator=self.generator) < _NOISY
        noise = torch.randn(x.shape, generator=self.generator) * amount * chosen
        return (x + self._moved(noise)).clamp(0, 1).contiguous(memory_format=torch.channels_last)

    def draw_sheet(self) -> Picture:
        """Photographs, and one deep tap as the teacher has it and as it is predicted."""
        return features_sheet(self.photographs, self._deep)

    def _deep(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        wanted = self._standardised(self.teacher(picture))
        return wanted[-1], self._predicted(self.model(picture), wanted)[-1]

    def losses(self, crops: Tensor) -> dict[str, Tensor]:
        """What of the teacher's features is not explained, and how wrong the distances between pictures are."""
        with torch.no_grad():
            seen = self._seen(crops)
            wanted = self._standardised(seen)
        with self._autocast():
            found = [f.float() for f in self.model(crops)]
        errors = [F.mse_loss(p, w) for p, w in zip(self._predicted(found, wanted), wanted, strict=True)]
        wrong = [
            (_distances(found[mine]) - _distances(f)).abs().mean() for mine, f in zip(self._mine, seen, strict=True)
        ]
        return {"distill": torch.stack(errors).mean(), "gram": torch.stack(wrong).mean()}

    def _standardised(self, features: Sequence[Tensor]) -> list[Tensor]:
        """Networks differ by orders of magnitude in what they give out: mean 0 by channel, variance 1 by tap."""
        known = zip(features, self._means, self._variances, strict=True)
        return [(f - mean[:, None, None]) / math.sqrt(variance) for f, mean, variance in known]

    def _predicted(self, found: Sequence[Tensor], wanted: Sequence[Tensor]) -> list[Tensor]:
        """The teacher's taps as linear maps of the network's."""
        return [project(x) for project, x in zip(self.projections, self._pooled(found, wanted), strict=True)]

    def _pooled(self, found: Sequence[Tensor], wanted: Sequence[Tensor]) -> list[Tensor]:
        """For each of the teacher's taps the network's nearest one, at the teacher's size."""
        nearest = zip(self._mine, wanted, strict=True)
        return [F.adaptive_avg_pool2d(found[mine], w.shape[-2:]) for mine, w in nearest]  # type: ignore[arg-type]


def _best_projection(x: Tensor, wanted: Tensor) -> nn.Conv2d:
    """Ridge regression of maps (B, D, h, w) on others (B, C, h, w)."""
    inputs = torch.cat([x, torch.ones_like(x[:, :1])], dim=1).movedim(1, -1).flatten(0, 2)
    normal = inputs.T @ inputs / len(inputs)
    ridge = 1e-3 * normal.diagonal().mean() * torch.eye(len(normal), device=x.device)
    solved = torch.linalg.solve(normal + ridge, inputs.T @ wanted.movedim(1, -1).flatten(0, 2) / len(inputs))
    layer = nn.Conv2d(x.shape[1], wanted.shape[1], 1)
    layer.weight.copy_(solved[:-1].T[:, :, None, None])
    layer.bias.copy_(solved[-1])  # type: ignore[union-attr] # it has one
    return layer


def _nearest(found: Sequence[Tensor], wanted: Sequence[Tensor]) -> list[int]:
    """For each of the wanted maps, which of those found is nearest in size."""
    widths = [f.shape[-1] for f in found]
    return [min(range(len(found)), key=lambda k: abs(math.log(widths[k] / w.shape[-1]))) for w in wanted]


def _distances(x: Tensor) -> Tensor:
    """Gram distance of each map of x (B, C, h, w) from the next, over the sum of both lengths: (B,), 0–1."""
    grams = gram(x, torch.ones_like(x[:1, :1]))
    others = grams.roll(1, 0)
    both = grams.flatten(1).norm(dim=1) + others.flatten(1).norm(dim=1)
    distances: Tensor = (grams - others).flatten(1).norm(dim=1) / both
    return distances
