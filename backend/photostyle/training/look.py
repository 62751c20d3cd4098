"""The second stage of REST's training: how far to follow the style, learned for Gram matrices against structure."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from photostyle.features.base import Features
from photostyle.methods.networks.color_head import ColorHead
from photostyle.methods.networks.rest_statistics import RegionStatistics, feature_maps, region_statistics
from photostyle.methods.networks.rpnet import LevelFeatures, RPNet
from photostyle.ops.color_map import blend_color
from photostyle.ops.grade import apply_grade, random_grade
from photostyle.ops.ssim import ssim
from photostyle.training import checkpoint, losses
from photostyle.training.photographs import Photographs
from photostyle.training.region_masks import random_split
from photostyle_protocol.errors import BadOptionError

_WARM_UP = 50
_RATE = 0.15, 2.4
"""What a unit of SSIM is worth in units of relative Gram distance, at fidelity 0 and at fidelity 1."""
_DARK = 0.25
"""Share of the styles that are darkened far, towards night."""


@dataclass(frozen=True)
class LookConfig:
    """A recorded training run.

    Attributes:
        iterations: Steps in all.
        batch: Pairs in a step.
        crop: Side of a training crop in pixels.
        learning_rate: Of Adam, after a short warm-up and before the cosine.
        identity: Weight of the mean absolute error of the colour map of a picture to its own style.
        patch_affine: Weight of what no affine map of an 8×8 patch explains.
        out_of_range: Weight of what leaves 0–1.
        seed: Of everything random.
    """

    iterations: int = 2_600
    batch: int = 3
    crop: int = 160
    learning_rate: float = 1e-3
    identity: float = 1.0
    patch_affine: float = 30.0
    out_of_range: float = 10.0
    seed: int = 0


class Pair(NamedTuple):
    """A training example: content and style (B, 3, H, W; 0–1), the regions that correspond, and the fidelity (B, 1)."""

    content: Tensor
    style: Tensor
    regions: list[tuple[Tensor, Tensor]]
    fidelity: Tensor


class LookTrainer:
    """Colour head and decoder on top of an encoder that has been trained.

    Args:
        config: The run.
        network: REST of the first stage; its decoder is trained on, its encoder stays.
        photographs: Where content and style come from.
        teacher: The perceptual network of the Gram matrices.
        device: Where to train.
    """

    def __init__(
        self, config: LookConfig, network: RPNet, photographs: Photographs, teacher: Features, device: torch.device
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.device = config, device
        self.generator = torch.Generator().manual_seed(config.seed)
        self.teacher = teacher.to(device)
        self.teacher.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.batches = photographs.batches(config.batch, self.generator)
        self.model, self.head = network.to(device), ColorHead().to(device)
        self.model.encoder.eval().requires_grad_(False)
        self.model.decoder.train().requires_grad_(True)
        self.optimizer = torch.optim.Adam(
            [*self.model.decoder.parameters(), *self.head.parameters()], lr=config.learning_rate
        )
        self.iteration = 0

    def _learning_rate(self) -> float:
        warm = min(1.0, (self.iteration + 1) / _WARM_UP)
        cosine = 0.5 * (1 + math.cos(math.pi * self.iteration / self.config.iterations))
        return self.config.learning_rate * warm * cosine

    def _graded(self, x: Tensor) -> Tensor:
        return apply_grade(x, random_grade(len(x), self.generator)).clamp(0, 1)

    def _darkened(self, x: Tensor) -> Tensor:
        chosen = torch.rand((len(x), 1, 1, 1), generator=self.generator) < _DARK
        power = torch.where(chosen, 1 + 3 * torch.rand((len(x), 1, 1, 1), generator=self.generator), 1.0)
        return x.clamp_min(1e-4).pow(power.to(x.device))

    def _pair(self) -> Pair:
        content = self._graded(next(self.batches).to(self.device))
        style = self._darkened(self._graded(next(self.batches).to(self.device)))
        fidelity = torch.rand((self.config.batch, 1), generator=self.generator).to(self.device)
        if torch.rand((), generator=self.generator) < 0.5:
            whole = torch.ones_like(content[:, :1])
            return Pair(content, style, [(whole, whole)], fidelity)
        splits = (random_split(self.config.batch, self.config.crop, self.generator) for _ in range(2))
        on_content, on_style = ([m.to(self.device) for m in split] for split in splits)
        return Pair(content, style, list(zip(on_content, on_style, strict=True)), fidelity)

    def _statistics(self, picture: Tensor, features: LevelFeatures, weights: list[Tensor]) -> list[RegionStatistics]:
        return [region_statistics(picture, features, weight) for weight in weights]

    def _stylised(self, pair: Pair) -> tuple[Tensor, Tensor]:
        """The output, and the content under the colour map to its own style."""
        with torch.no_grad():
            content, style = (self.model.encoder(_last(p)) for p in (pair.content, pair.style))
            weights = [m for m, _ in pair.regions]
            of_content = self._statistics(pair.content, content, weights)
            of_style = self._statistics(pair.style, style, [m for _, m in pair.regions])
        residual = self.model.residual(content, feature_maps(of_content, of_style), weights)
        maps = [self.head(c, s, pair.fidelity) for c, s in zip(of_content, of_style, strict=True)]
        itself = [self.head(c, c, pair.fidelity) for c in of_content]
        return blend_color(pair.content, maps, weights) + residual, blend_color(pair.content, itself, weights)

    def _losses(self, pair: Pair) -> dict[str, Tensor]:
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
        with torch.autocast(self.device.type, torch.bfloat16):
            with torch.no_grad():
                wanted = self.teacher(_last(pair.style))
            got = self.teacher(_last(output))
        return losses.gram_loss([f.float() for f in got], [f.float() for f in wanted], pair.regions)

    def step(self) -> dict[str, float]:
        """One optimiser step; returns the losses by name."""
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate()
        # One fidelity for the whole batch: SSIM is a mean over it.
        pair = self._pair()
        found = self._losses(pair._replace(fidelity=pair.fidelity[:1].expand_as(pair.fidelity)))
        weights = {"gram": 1.0, "ssim": 1.0, **asdict(self.config)}
        total = torch.stack([weights[name] * loss for name, loss in found.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_([p for g in self.optimizer.param_groups for p in g["params"]], 1.0)
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
            **checkpoint.prefixed("head", self.head.state_dict()),
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
        checkpoint.restore(self.head, "head", tensors)
        checkpoint.restore_adam(self.optimizer, checkpoint.below("adam", tensors))
        self.generator.set_state(tensors["generator"])
        self.iteration = metadata["iteration"]


def _last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
