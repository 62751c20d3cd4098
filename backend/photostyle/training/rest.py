"""Training of REST: what one step is, and the state that is carried from step to step."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.methods.networks.rest_statistics import color_maps, feature_maps, region_statistics
from photostyle.methods.networks.rpnet import LevelFeatures, RPNet
from photostyle.ops.color_map import blend_color
from photostyle.training import checkpoint, losses
from photostyle.training.distillation import Distillation, tap_statistics
from photostyle.training.photographs import Photographs, jitter
from photostyle.training.region_masks import random_split
from photostyle_protocol.errors import BadOptionError

_WARM_UP = 50
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


@dataclass(frozen=True)
class RestConfig:
    """A recorded training run.

    Attributes:
        residual: Train the default form (a residual on the colour-matched content) or the paper's.
        iterations: Steps in all.
        batch: Pairs in a step.
        crop: Side of a training crop in pixels.
        learning_rate: Of Adam, after a short warm-up and before the cosine.
        seed: Of everything random.
        weights: Of the losses.
    """

    residual: bool = True
    iterations: int = 20_000
    batch: int = 4
    crop: int = 128
    learning_rate: float = 1e-3
    seed: int = 0
    weights: LossWeights = field(default_factory=LossWeights)


class Pair(NamedTuple):
    """A training example: content and style (B, 3, H, W; 0–1) and the regions that correspond."""

    content: Tensor
    style: Tensor
    regions: list[tuple[Tensor, Tensor]]


class RestTrainer:
    """Model, teacher, optimiser and random state of one run.

    Args:
        config: The run.
        photographs: Where content and style come from.
        teacher: The perceptual network of the losses.
        device: Where to train.
    """

    def __init__(self, config: RestConfig, photographs: Photographs, teacher: Features, device: torch.device) -> None:
        torch.manual_seed(config.seed)
        self.config, self.device = config, device
        self.generator = torch.Generator().manual_seed(config.seed)
        self.teacher = teacher.to(device)
        self.batches = photographs.batches(config.batch, self.generator)
        means, self.scales = tap_statistics(self.teacher, self._calibration(photographs))
        self.model = RPNet().to(device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.distillation = Distillation(teacher.channels, means[-3:], self.scales[-3:]).to(device)
        parameters = [*self.model.parameters(), *self.distillation.parameters()]
        self.optimizer = torch.optim.Adam(parameters, lr=config.learning_rate)
        self.iteration = 0

    def _calibration(self, photographs: Photographs) -> Tensor:
        fixed = torch.Generator().manual_seed(0)
        return next(photographs.batches(_CALIBRATION, fixed)).to(self.device)

    def _learning_rate(self) -> float:
        warm = min(1.0, (self.iteration + 1) / _WARM_UP)
        cosine = 0.5 * (1 + math.cos(math.pi * self.iteration / self.config.iterations))
        return self.config.learning_rate * warm * cosine

    def _pair(self) -> Pair:
        content = jitter(next(self.batches), self.generator)
        style = jitter(next(self.batches), self.generator)
        if torch.rand((), generator=self.generator) < 0.5:
            whole = torch.ones_like(content[:, :1])
            return Pair(content, style, [(whole, whole)])
        splits = (random_split(self.config.batch, self.config.crop, self.generator) for _ in range(2))
        on_content, on_style = ([m.to(self.device) for m in split] for split in splits)
        return Pair(content, style, list(zip(on_content, on_style, strict=True)))

    def _stylize(self, pair: Pair, content: LevelFeatures, style: LevelFeatures) -> Tensor:
        """One training pass; the features are given because the distillation wants them too."""
        of_content = [region_statistics(pair.content, content, m) for m, _ in pair.regions]
        of_style = [region_statistics(pair.style, style, m) for _, m in pair.regions]
        weights = [m for m, _ in pair.regions]
        decoded: Tensor = self.model.decode(content, feature_maps(of_content, of_style), weights)
        if not self.config.residual:
            return decoded
        return decoded + blend_color(pair.content, color_maps(of_content, of_style), weights)

    def _losses(self, pair: Pair) -> dict[str, Tensor]:
        both = torch.cat([pair.content, pair.style]).contiguous(memory_format=torch.channels_last)
        features = self.model.encoder(both)
        content, style = (LevelFeatures(*(f.chunk(2)[i] for f in features)) for i in (0, 1))
        output = self._stylize(pair, content, style)
        itself = self._stylize(Pair(pair.content, pair.content, [(m, m) for m, _ in pair.regions]), content, content)
        with torch.no_grad():
            wanted = self.teacher(both)
        seen = self.teacher(output)
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

    def step(self) -> dict[str, float]:
        """One optimiser step; returns the unweighted losses by name."""
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate()
        found = self._losses(self._pair())
        weights = asdict(self.config.weights)
        total = torch.stack([weights[name] * loss for name, loss in found.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.optimizer.step()
        self.iteration += 1
        return {name: float(loss.detach()) for name, loss in found.items()}

    def recorded(self) -> dict[str, Any]:
        """The configuration and the teacher, as they are written into checkpoints."""
        return {**asdict(self.config), "teacher": type(self.teacher).__name__}

    def save(self, path: Path) -> None:
        """Write everything that `resume` needs."""
        tensors = {
            **checkpoint.prefixed("model", self.model.state_dict()),
            **checkpoint.prefixed("distillation", self.distillation.state_dict()),
            **checkpoint.prefixed("adam", checkpoint.adam_state(self.optimizer)),
            "generator": self.generator.get_state(),
        }
        checkpoint.save(path, tensors, {"config": self.recorded(), "iteration": self.iteration})

    def resume(self, path: Path) -> None:
        """Go on where a checkpoint stopped, exactly.

        Raises:
            BadOptionError: The checkpoint is of a run with another configuration.
        """
        tensors, metadata = checkpoint.load(path)
        if metadata.get("config") != self.recorded():
            raise BadOptionError(f"{path} is of another configuration.", "Use the same options, or another folder.")
        checkpoint.restore(self.model, "model", tensors)
        checkpoint.restore(self.distillation, "distillation", tensors)
        checkpoint.restore_adam(self.optimizer, checkpoint.below("adam", tensors))
        self.generator.set_state(tensors["generator"])
        self.iteration = metadata["iteration"]
