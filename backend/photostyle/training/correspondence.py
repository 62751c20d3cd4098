"""Training of the correspondence network: what one step is, and the state that is carried from step to step."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.features.correspondence import CorrespondenceNet
from photostyle.training import checkpoint
from photostyle.training.kinds import Kinds
from photostyle.training.overlapping_crops import Crops, overlapping_crops, places_in_second
from photostyle.training.photographs import Photographs
from photostyle_protocol.errors import BadOptionError

_WARM_UP = 50
_CALIBRATION = 64
"""Crops on which the teacher's principal directions are found."""
_PLACES = 128
"""Places of each first crop that look for themselves in the second."""
_TEMPERATURE = 0.07
_BLUR = 0.7
"""Cells by which a place may be off, as the deviation of a Gaussian."""


@dataclass(frozen=True)
class CorrespondenceConfig:
    """A recorded training run.

    Attributes:
        iterations: Steps in all.
        batch: Photographs in a step; two crops of each.
        crop: Side of a training crop in pixels, a multiple of 16.
        learning_rate: Of Adam, after a short warm-up and before the cosine.
        kind_weight: Of the distillation against the matching of places.
        seed: Of everything random.
    """

    iterations: int = 6_000
    batch: int = 8
    crop: int = 192
    learning_rate: float = 2e-3
    kind_weight: float = 3.0
    seed: int = 0


class CorrespondenceTrainer:
    """Network, teacher, optimiser and random state of one run.

    Args:
        config: The run.
        photographs: Where the crops come from.
        teacher: The perceptual network that knows the kinds.
        device: Where to train.
    """

    def __init__(
        self, config: CorrespondenceConfig, photographs: Photographs, teacher: Features, device: torch.device
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.device = config, device
        self.generator = torch.Generator().manual_seed(config.seed)
        self._pictures = photographs.pictures
        self.teacher = teacher.to(device)
        self.teacher.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._kinds = Kinds(self.teacher, self._calibration())
        self.model = CorrespondenceNet().to(device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=config.learning_rate)
        self.iteration = 0

    def _calibration(self) -> Tensor:
        fixed = torch.Generator().manual_seed(0)
        return overlapping_crops(self._pictures, _CALIBRATION // 2, self.config.crop, fixed).plain.to(self.device)

    def _learning_rate(self) -> float:
        warm = min(1.0, (self.iteration + 1) / _WARM_UP)
        cosine = 0.5 * (1 + math.cos(math.pi * self.iteration / self.config.iterations))
        return self.config.learning_rate * warm * cosine

    def _losses(self, crops: Crops) -> dict[str, Tensor]:
        with torch.autocast(self.device.type, torch.bfloat16):
            found = self.model(crops.graded.contiguous(memory_format=torch.channels_last))
            wanted = self._kinds(crops.plain.contiguous(memory_format=torch.channels_last))
        kind = F.avg_pool2d(found.kind, 2)
        return {
            "place": self._place_loss(found.place, crops),
            "kind": 1 - F.cosine_similarity(kind, wanted, dim=1).mean(),
        }

    def _place_loss(self, place: Tensor, crops: Crops) -> Tensor:
        """Cross-entropy of each place of a first crop finding itself among all places of the second (InfoNCE)."""
        first, second = place.chunk(2)
        size = first.shape[-1]
        losses = []
        for k, windows in enumerate(crops.windows):
            cells = torch.randperm(size * size, generator=self.generator)[:_PLACES].to(self.device)
            at = torch.stack([cells // size + 0.5, cells % size + 0.5], dim=1) / size
            there = places_in_second(windows, at) * size - 0.5
            inside = ((there > -0.5) & (there < size - 0.5)).all(1)
            logits = first[k].flatten(1).T[cells[inside]] @ second[k].flatten(1) / _TEMPERATURE
            losses.append(F.cross_entropy(logits, _gaussian_at(there[inside], size)))
        return torch.stack(losses).mean()

    def step(self) -> dict[str, float]:
        """One optimiser step; returns the losses by name."""
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate()
        crops = overlapping_crops(self._pictures, self.config.batch, self.config.crop, self.generator)
        found = self._losses(crops._replace(plain=crops.plain.to(self.device), graded=crops.graded.to(self.device)))
        self.optimizer.zero_grad(set_to_none=True)
        (found["place"] + self.config.kind_weight * found["kind"]).backward()
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
        checkpoint.restore_adam(self.optimizer, checkpoint.below("adam", tensors))
        self.generator.set_state(tensors["generator"])
        self.iteration = metadata["iteration"]


def _gaussian_at(there: Tensor, size: int) -> Tensor:
    """(N, size²): a small Gaussian over the cells around each place (N, 2; in cells), sums to 1."""
    axis = torch.arange(size, device=there.device)
    rows, columns = ((there[:, k, None] - axis).square() / (-2 * _BLUR**2) for k in (0, 1))
    return torch.softmax((rows[:, :, None] + columns[:, None, :]).flatten(1), dim=1)
