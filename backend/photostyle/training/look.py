"""The second stage of REST's training: how far to follow the style, learned for Gram matrices against structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.features.base import Features
from photostyle.imaging.picture import Picture
from photostyle.methods.networks.color_head import ColorHead
from photostyle.methods.networks.rest_statistics import TRANSFORMS, RegionStatistics, region_statistics
from photostyle.methods.networks.rpnet import LevelFeatures, RPNet
from photostyle.methods.rest import CHECKPOINTS, HEAD
from photostyle.ops.color_map import blend_color
from photostyle.ops.ssim import ssim
from photostyle.training import checkpoint, losses
from photostyle.training.photographs import Photographs, graded
from photostyle.training.region_masks import RegionPairs, random_regions
from photostyle.training.resemblance import neighbours
from photostyle.training.rest_stage import RestStageConfig
from photostyle.training.sheets import pair_sheet
from photostyle.training.trainer import Recorded, Trainer

_RATE = 0.02, 0.8
"""What a unit of SSIM is worth in units of relative Gram distance, at fidelity 0 and at fidelity 1."""
_RESEMBLING = 8
"""Half of the styles are one of so many photographs that resemble the content most, as a person would choose."""
_OWN, _NEAR = 0.25, 0.75
"""Draws below the first give another crop of the content's photograph, below the second one that resembles it."""
_DARK = 0.25
"""Share of the styles that are darkened far, towards night."""

_ON_SHEETS = 0.0, 0.5, 1.0


@dataclass(frozen=True, kw_only=True)
class LookConfig(RestStageConfig):
    """A recorded training run, see `RestStageConfig`.

    Attributes:
        identity: Weight of the mean absolute error of the colour map of a picture to its own style.
        patch_affine: Weight of what no affine map of an 8×8 patch explains.
        out_of_range: Weight of what leaves 0–1.
    """

    iterations: int = 2_000
    batch: int = 3
    crop: int = 160
    learning_rate: float = 1e-3
    identity: float = 1.0
    patch_affine: float = 30.0
    out_of_range: float = 10.0


class Pair(NamedTuple):
    """A training example: content and style (B, 3, H, W; 0–1), the regions that correspond, and the fidelity (B, 1)."""

    content: Tensor
    style: Tensor
    regions: RegionPairs
    fidelity: Tensor


class LookTrainer(Trainer[LookConfig, Pair]):
    """Colour head and decoder on top of an encoder that has been trained.

    Args:
        config: The run.
        network: REST of the first stage; its decoder is trained on, its encoder stays.
        photographs: Where content and style come from.
        teacher: The perceptual network of the Gram matrices.
        device: Where to train.
        history: Configurations that the network was trained by, oldest first.
    """

    longest_gradient = 1.0

    def __init__(  # noqa: PLR0913, PLR0917 - what a stage on top of another needs
        self,
        config: LookConfig,
        network: RPNet,
        photographs: Photographs,
        teacher: Features,
        device: torch.device,
        history: Sequence[Recorded] = (),
    ) -> None:
        super().__init__(config, photographs, teacher, device, history)
        self.teacher.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._neighbours = neighbours(photographs, self.teacher, _RESEMBLING, device)
        self.model, self.head = network.to(device), ColorHead().to(device)
        self.model.encoder.eval().requires_grad_(False)
        self.model.decoder.train().requires_grad_(True)
        self._learn({"model": self.model, "head": self.head})

    @property
    def weights(self) -> Mapping[str, float]:
        """The exchange rate of SSIM is in its loss."""
        c = self.config
        ours = {"identity": c.identity, "patch_affine": c.patch_affine, "out_of_range": c.out_of_range}
        return {"gram": 1.0, "ssim": 1.0, **ours}

    @property
    def model_file(self) -> str:
        """The default form's."""
        return CHECKPOINTS["skip"]

    def model_state(self) -> dict[str, Tensor]:
        """The network's, and the head's under `HEAD`."""
        return {**self.model.state_dict(), **checkpoint.prefixed(HEAD, self.head.state_dict())}

    def draw(self) -> Pair:
        """Two photographs, both graded, the style perhaps at night, whole or in two regions, and a fidelity."""
        numbers = [self.photographs.draw(self.generator) for _ in range(self.config.batch)]
        content = graded(self._crops(numbers), self.generator)
        style = self._darkened(graded(self._crops([self._style_for(n) for n in numbers]), self.generator))
        fidelity = torch.rand((len(content), 1), generator=self.generator)
        regions = random_regions(len(content), self.config.crop, self.generator, self.device)
        # One fidelity for the whole batch: SSIM is a mean over it.
        same = self._moved(fidelity)[:1].expand_as(fidelity)
        return Pair(content, style, regions, same)

    def _crops(self, numbers: Sequence[int]) -> Tensor:
        return torch.stack([self.photographs.crop_of(number, self.generator) for number in numbers])

    def _style_for(self, number: int) -> int:
        """The photograph whose look a content takes: often its own or one that resembles it, sometimes any."""
        draw = float(torch.rand((), generator=self.generator))
        if draw < _OWN:
            return number
        resembling = self._neighbours[number]
        chosen = int(torch.randint(len(resembling), (), generator=self.generator))
        return int(resembling[chosen]) if draw < _NEAR else self.photographs.draw(self.generator)

    def _darkened(self, x: Tensor) -> Tensor:
        chosen = torch.rand((len(x), 1, 1, 1), generator=self.generator) < _DARK
        power = torch.where(chosen, 1 + 3 * torch.rand((len(x), 1, 1, 1), generator=self.generator), 1.0)
        return x.clamp_min(1e-4).pow(self._moved(power))

    def draw_sheet(self) -> Picture:
        """Content, style, and what is made of them at three fidelities."""
        return pair_sheet(self.photographs, self._outputs, [f"Fidelity {f:g}" for f in _ON_SHEETS])

    def _outputs(self, content: Tensor, style: Tensor) -> list[Tensor]:
        regions = [(torch.ones_like(content[:, :1]), torch.ones_like(style[:, :1]))]
        pairs = (Pair(content, style, regions, content.new_full((1, 1), f)) for f in _ON_SHEETS)
        return [self._stylised(pair)[0] for pair in pairs]

    def _statistics(self, picture: Tensor, features: LevelFeatures, weights: list[Tensor]) -> list[RegionStatistics]:
        return [region_statistics(picture, features, weight) for weight in weights]

    def _stylised(self, pair: Pair) -> tuple[Tensor, Tensor]:
        """The output, and the content under the colour map to its own style."""
        with torch.no_grad():
            content, style = (self.model.encoder(_last(p)) for p in (pair.content, pair.style))
            weights = [m for m, _ in pair.regions]
            of_content = self._statistics(pair.content, content, weights)
            of_style = self._statistics(pair.style, style, [m for _, m in pair.regions])
        transforms = TRANSFORMS[self.config.transform](of_content, of_style)
        residual = self.model.residual(content, transforms, weights)
        maps = [self.head(c, s, pair.fidelity) for c, s in zip(of_content, of_style, strict=True)]
        itself = [self.head(c, c, pair.fidelity) for c in of_content]
        return blend_color(pair.content, maps, weights) + residual, blend_color(pair.content, itself, weights)

    def losses(self, pair: Pair) -> dict[str, Tensor]:
        """Gram distance, dissimilarity at its rate, and what keeps the result a photograph."""
        output, itself = self._stylised(pair)
        shown = output.clamp(0, 1)
        low, high = _RATE
        rate = low * (high / low) ** pair.fidelity.mean()
        return {
            "gram": self._gram(shown, pair),
            "ssim": rate * (1 - ssim(shown, pair.content)),
            "identity": (itself - pair.content).abs().mean(),
            "patch_affine": losses.patch_affine_loss(output, pair.content),
            "out_of_range": losses.range_loss(output),
        }

    def _gram(self, output: Tensor, pair: Pair) -> Tensor:
        with torch.no_grad():
            wanted = self._seen(_last(pair.style))
        return losses.gram_loss(self._seen(_last(output)), wanted, pair.regions)


def _last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
