"""What all trainings share: one optimiser step after another, and the state that is carried from step to step."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import torch
from torch import Tensor, nn

from photostyle.features.base import Features
from photostyle.imaging.picture import Picture
from photostyle.training import checkpoint
from photostyle.training.photographs import Photographs
from photostyle_protocol.errors import BadOptionError

_WARM_UP = 50
_MULTIPLE = 16
"""Pixels to a cell of the deepest feature maps."""

Losses = Mapping[str, Tensor]
"""By name, each one number, on the device."""
Recorded = dict[str, Any]
"""A configuration as it stands in checkpoints and models."""


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """What every recorded training run has.

    Attributes:
        iterations: Steps in all.
        batch: Examples in a step.
        crop: Side of a training crop in pixels, a multiple of 16.
        learning_rate: Of Adam, after a short warm-up and before the cosine.
        seed: Of everything random.

    Raises:
        BadOptionError: The crop is no multiple of 16.
    """

    iterations: int
    batch: int
    crop: int
    learning_rate: float
    seed: int = 0

    def __post_init__(self) -> None:
        if self.crop % _MULTIPLE:
            raise BadOptionError(f"The crop is {self.crop} pixels.", f"Choose a multiple of {_MULTIPLE}.")


Config = TypeVar("Config", bound=TrainingConfig)
Batch = TypeVar("Batch")


class Trainer(ABC, Generic[Config, Batch]):
    """Modules, teacher, optimiser and random state of one run.

    Nothing in a step waits for a GPU but the colour maps, whose algebra is the CPU's.

    Args:
        config: The run.
        photographs: Where the examples come from.
        teacher: The perceptual network that the losses look through.
        device: Where to train.
        history: Configurations of the stages before, oldest first.
    """

    longest_gradient: ClassVar[float | None] = None
    """Longer ones are cut to this norm."""
    betas: ClassVar[tuple[float, float]] = (0.9, 0.999)
    """Adam's memory of gradients and of their squares."""
    half_on_cpu: ClassVar[bool] = True
    """Whether the teacher runs in bfloat16 on the CPU too, as it does on a GPU."""

    def __init__(
        self,
        config: Config,
        photographs: Photographs,
        teacher: Features,
        device: torch.device,
        history: Sequence[Recorded] = (),
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.photographs, self.device = config, photographs, device
        self.generator = torch.Generator().manual_seed(config.seed)
        self.teacher = teacher.to(device)
        self.history = list(history)
        self.iteration = 0

    def _learn(self, modules: Mapping[str, nn.Module]) -> None:
        """Train what is not frozen in these modules; checkpoints know them by these names."""
        self._modules = modules
        parameters = [p for module in modules.values() for p in module.parameters() if p.requires_grad]
        self.optimizer = torch.optim.Adam(parameters, lr=self.config.learning_rate, betas=self.betas)

    @property
    @abstractmethod
    def weights(self) -> Mapping[str, float]:
        """What each loss counts."""

    @property
    @abstractmethod
    def model_file(self) -> str:
        """What the model is called in a folder of models."""

    @abstractmethod
    def model_state(self) -> dict[str, Tensor]:
        """The tensors of the model's file."""

    @abstractmethod
    def draw(self) -> Batch:
        """The next examples."""

    @abstractmethod
    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """The unweighted losses by name."""

    @abstractmethod
    def draw_sheet(self) -> Picture:
        """What the network makes of a few photographs, in evaluation mode and without gradients."""

    def step(self) -> dict[str, Tensor]:
        """One optimiser step; returns the unweighted losses by name, still on the device: to read one is to wait."""
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate()
        found = self.losses(self.draw())
        total = torch.stack([self.weights[name] * loss for name, loss in found.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        if self.longest_gradient is not None:
            torch.nn.utils.clip_grad_norm_(self.optimizer.param_groups[0]["params"], self.longest_gradient)
        self.optimizer.step()
        self.iteration += 1
        return {name: loss.detach() for name, loss in found.items()}

    def _learning_rate(self) -> float:
        warm = min(1.0, (self.iteration + 1) / _WARM_UP)
        cosine = 0.5 * (1 + math.cos(math.pi * self.iteration / self.config.iterations))
        return self.config.learning_rate * warm * cosine

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.half_on_cpu or self.device.type == "cuda")

    def _moved(self, x: Tensor) -> Tensor:
        """From the CPU, where everything is drawn, without waiting until the GPU has nothing else to do."""
        return x.to(self.device, non_blocking=self.device.type == "cuda")

    def _seen(self, pictures: Tensor) -> list[Tensor]:
        """The teacher's feature maps in float32, whatever it computed in."""
        with self._autocast():
            return [f.float() for f in self.teacher(pictures)]

    def sheet(self) -> Picture:
        """What the network makes of a few photographs now; training goes on as if nobody had looked."""
        with torch.inference_mode(), _evaluating(self._modules.values()):
            return self.draw_sheet()

    def recorded(self) -> Recorded:
        """The configuration and the teacher, as they are written into checkpoints."""
        return {**asdict(self.config), "teacher": type(self.teacher).__name__}

    def save(self, path: Path) -> None:
        """Write everything that `resume` needs."""
        tensors = {
            **checkpoint.prefixed("adam", checkpoint.adam_state(self.optimizer)),
            "generator": self.generator.get_state(),
        }
        for name, module in self._modules.items():
            tensors |= checkpoint.prefixed(name, module.state_dict())
        checkpoint.save(path, tensors, {**self.metadata(), "iteration": self.iteration})

    def export(self, path: Path) -> None:
        """Write the model alone, with the configurations that led to it."""
        checkpoint.save(path, self.model_state(), self.metadata())

    def metadata(self) -> Recorded:
        """The configurations of this stage and of those before it."""
        return {"config": self.recorded(), "history": self.history}

    def resume(self, path: Path) -> None:
        """Go on where a checkpoint stopped, exactly.

        Raises:
            BadOptionError: The checkpoint is of a run with another configuration.
        """
        tensors, metadata = checkpoint.load(path)
        # The first checkpoints did not tell the stages before.
        if {"history": self.history, **metadata, "iteration": 0} != {**self.metadata(), "iteration": 0}:
            raise BadOptionError(f"{path} is of another configuration.", "Use the same options, or another folder.")
        for name, module in self._modules.items():
            checkpoint.restore(module, name, tensors)
        checkpoint.restore_adam(self.optimizer, checkpoint.below("adam", tensors))
        self.generator.set_state(tensors["generator"])
        self.iteration = metadata["iteration"]


Make = Callable[[Photographs, Features, torch.device], Trainer[Any, Any]]
"""A trainer whose configuration is settled."""


@contextmanager
def _evaluating(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Evaluation mode for a while; a frozen part within a module in training stays what it was."""
    modes = {part: part.training for module in modules for part in module.modules()}
    try:
        for part in modes:
            part.training = False
        yield
    finally:
        for part, training in modes.items():
            part.training = training
