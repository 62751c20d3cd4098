"""Training of Johnson's transform network for one style: content, Gram matrices and total variation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.imaging.picture import Picture
from photostyle.imaging.reading import read_picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.methods.networks.style_file import style_metadata
from photostyle.methods.networks.transform_net import TransformNet
from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.gram import gram
from photostyle.ops.total_variation import total_variation
from photostyle.stylize.pixels import rgb_reader
from photostyle.stylize.proxy import proxy_size, reduce_picture
from photostyle.training import checkpoint
from photostyle.training.losses import range_loss
from photostyle.training.photographs import Photographs
from photostyle.training.sheets import ROWS, reduced, shown
from photostyle.training.trainer import Recorded, Trainer, TrainingConfig

STYLE_PIXELS = 1 << 18
"""The style is seen at this size, half a thousand pixels wide: its textures are painted as large as that shows them."""

_CALIBRATION = 8
"""Pictures on which the losses' units are measured."""
_OUT_OF_RANGE = 10.0


@dataclass(frozen=True, kw_only=True)
class JohnsonConfig(TrainingConfig):
    """A recorded training run, see `TrainingConfig`.

    Attributes:
        content_weight: Of the squared distance of content features to those of the photograph in the style's colours,
            over their variance.
        style_weight: Of the squared distance of Gram matrices to the style's, over that of the photographs in the
            style's colours; mean of colour and all taps.
        tv_weight: Of the total variation.
    """

    iterations: int = 1_000
    batch: int = 4
    crop: int = 128
    learning_rate: float = 1e-3
    content_weight: float = 1.0
    style_weight: float = 10.0
    tv_weight: float = 1.0


class JohnsonTrainer(Trainer[JohnsonConfig, Tensor]):
    """One network that paints one style.

    Args:
        config: The run.
        style: The photograph whose style it is (1, 3, h, w; 0–1).
        photographs: What it learns to paint.
        teacher: The perceptual network of the losses.
        device: Where to train.
    """

    half_on_cpu = False

    def __init__(
        self, config: JohnsonConfig, style: Tensor, photographs: Photographs, teacher: Features, device: torch.device
    ) -> None:
        super().__init__(config, photographs, teacher, device)
        self.style = style.to(device)
        self._batches = photographs.batches(config.batch, self.generator)
        self.model = TransformNet().to(device)
        self.model.wear(fit_gaussian(self.style, torch.ones_like(self.style[:, :1])))
        with torch.no_grad():
            self._wanted = _grams(self.style, self._seen(self.style))
            self._measure(next(photographs.batches(_CALIBRATION, torch.Generator().manual_seed(0))))
        self._learn({"model": self.model})

    def _measure(self, untouched: Tensor) -> None:
        """Find the units of the losses: so one set of weights does for every style and every teacher."""
        colored = self._colored(untouched)
        seen = self._seen(colored)
        self._variance = seen[self.teacher.content_tap].var((2, 3)).mean().clamp_min(1e-12)
        distances = zip(_grams(colored, seen), self._wanted, strict=True)
        self._units = [(got - wanted).square().sum((1, 2)).mean().clamp_min(1e-12) for got, wanted in distances]

    @property
    def weights(self) -> Mapping[str, float]:
        """The configuration's."""
        c = self.config
        ours = {"content": c.content_weight, "style": c.style_weight, "variation": c.tv_weight}
        return {**ours, "out_of_range": _OUT_OF_RANGE}

    @property
    def model_file(self) -> str:
        """A style file; the method takes it under any name."""
        return "style.safetensors"

    def model_state(self) -> dict[str, Tensor]:
        """The network's."""
        return self.model.state_dict()

    def recorded(self) -> Recorded:
        """The configuration, the teacher, and which style it is."""
        return {**super().recorded(), "style": hashlib.sha256(self.style.cpu().numpy().tobytes()).hexdigest()[:16]}

    def export(self, path: Path) -> None:
        """Write the style file."""
        tensors = self.model_state()
        checkpoint.save(path, tensors, {**self.metadata(), **style_metadata(tensors)})

    def draw(self) -> Tensor:
        """Crops of photographs."""
        return self._moved(next(self._batches))

    def losses(self, batch: Tensor) -> dict[str, Tensor]:
        """Content, style, total variation, and what leaves 0–1."""
        output = self.model(batch)
        with torch.no_grad():
            content = self._seen(self._colored(batch))[self.teacher.content_tap]
        seen = self._seen(output)
        return {
            "content": F.mse_loss(seen[self.teacher.content_tap], content) / self._variance,
            "style": self._style_loss(_grams(output, seen)),
            "variation": total_variation(output),
            "out_of_range": range_loss(output),
        }

    def _colored(self, batch: Tensor) -> Tensor:
        """What an untrained network makes of photographs."""
        return self.model.colored(batch, torch.ones_like(batch[:, :1])).clamp(0, 1)

    def _style_loss(self, grams: Sequence[Tensor]) -> Tensor:
        found = zip(grams, self._wanted, self._units, strict=True)
        return torch.stack([(got - wanted).square().sum((1, 2)).mean() / unit for got, wanted, unit in found]).mean()

    def draw_sheet(self) -> Picture:
        """Photographs, the style, and the photographs in the style."""
        rows = []
        for picture in self.photographs.pictures[:ROWS]:
            content = reduced(picture)
            rows.append(SheetRow([shown(x) for x in (content, self.style, self.model(content))]))
        return contact_sheet(rows, ("Content", "Style", "Output"))


def johnson_trainer(
    config: JohnsonConfig, style: Path, photographs: Photographs, teacher: Features, device: torch.device
) -> JohnsonTrainer:
    """A trainer for the style of the photograph in a file.

    Raises:
        BadInputError: The file cannot be used.
    """
    picture = read_picture(style)
    height, width = picture.pixels.shape[:2]
    size = proxy_size(height, width, STYLE_PIXELS)
    reduced = reduce_picture(picture.pixels, size, rgb_reader(picture.space), device)
    return JohnsonTrainer(config, reduced, photographs, teacher, device)


def _grams(pictures: Tensor, seen: Sequence[Tensor]) -> list[Tensor]:
    """Gram matrices of colour itself, (r, g, b, 1), and of every tap: a small network alone gets colours wrong."""
    color = torch.cat([pictures, torch.ones_like(pictures[:, :1])], dim=1)
    return [gram(features, torch.ones_like(features[:1, :1])) for features in (color, *seen)]
