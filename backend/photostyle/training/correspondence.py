"""Training of the correspondence network: places that find each other again, kinds as a teacher sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.features.correspondence import CorrespondenceNet
from photostyle.imaging.picture import Picture
from photostyle.training.correspondence_sheet import correspondence_sheet
from photostyle.training.kinds import Kinds
from photostyle.training.overlapping_crops import Crops, overlapping_crops, places_in_second
from photostyle.training.photographs import Photographs
from photostyle.training.trainer import Trainer, TrainingConfig

MODEL = "correspondence.safetensors"
_CALIBRATION = 64
"""Crops on which the teacher's principal directions are found."""
_PLACES = 128
"""Places of each first crop that look for themselves in the second."""
_TEMPERATURE = 0.07
_BLUR = 0.7
"""Cells by which a place may be off, as the deviation of a Gaussian."""


@dataclass(frozen=True, kw_only=True)
class CorrespondenceConfig(TrainingConfig):
    """A recorded training run, see `TrainingConfig`; the batch counts photographs, of each there are two crops.

    Attributes:
        kind_weight: Of the distillation against the matching of places.
    """

    iterations: int = 6_000
    batch: int = 8
    crop: int = 192
    learning_rate: float = 2e-3
    kind_weight: float = 3.0


class CorrespondenceTrainer(Trainer[CorrespondenceConfig, Crops]):
    """The whole network learns.

    Args:
        config: The run.
        photographs: Where the crops come from.
        teacher: The perceptual network that knows the kinds.
        device: Where to train.
    """

    def __init__(
        self, config: CorrespondenceConfig, photographs: Photographs, teacher: Features, device: torch.device
    ) -> None:
        super().__init__(config, photographs, teacher, device)
        self.teacher.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._kinds = Kinds(self.teacher, self._calibration())
        self.model = CorrespondenceNet().to(device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._learn({"model": self.model})

    def _calibration(self) -> Tensor:
        fixed = torch.Generator().manual_seed(0)
        return self._crops(_CALIBRATION // 2, fixed).plain

    def _crops(self, count: int, generator: torch.Generator) -> Crops:
        return overlapping_crops(self.photographs.pictures, count, self.config.crop, generator)

    @property
    def weights(self) -> Mapping[str, float]:
        """Places count 1."""
        return {"place": 1.0, "kind": self.config.kind_weight}

    @property
    def model_file(self) -> str:
        """The only one."""
        return MODEL

    def model_state(self) -> dict[str, Tensor]:
        """The network's, in half precision: a file of half the size, and vectors that agree to three digits."""
        return {n: t.half() if t.is_floating_point() else t for n, t in self.model.state_dict().items()}

    def draw(self) -> Crops:
        """Two graded crops of each photograph."""
        return self._crops(self.config.batch, self.generator)

    def draw_sheet(self) -> Picture:
        """Matches and kinds."""
        return correspondence_sheet(self.model, self.photographs)

    def losses(self, crops: Crops) -> dict[str, Tensor]:
        """How badly places are found again, and how far kinds are from the teacher's."""
        with self._autocast():
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
            cells = torch.randperm(size * size, generator=self.generator)[:_PLACES]
            at = torch.stack([cells // size + 0.5, cells % size + 0.5], dim=1) / size
            there = places_in_second(windows, at) * size - 0.5
            inside = ((there > -0.5) & (there < size - 0.5)).all(1)
            # Chosen on the CPU: how many there are is nothing that a GPU could tell without being waited for.
            cells, there = self._moved(cells[inside]), self._moved(there[inside])
            logits = first[k].flatten(1).T[cells] @ second[k].flatten(1) / _TEMPERATURE
            losses.append(F.cross_entropy(logits, _gaussian_at(there, size)))
        return torch.stack(losses).mean()


def _gaussian_at(there: Tensor, size: int) -> Tensor:
    """(N, size²): a small Gaussian over the cells around each place (N, 2; in cells), sums to 1."""
    axis = torch.arange(size, device=there.device)
    rows, columns = ((there[:, k, None] - axis).square() / (-2 * _BLUR**2) for k in (0, 1))
    return torch.softmax((rows[:, :, None] + columns[:, None, :]).flatten(1), dim=1)
