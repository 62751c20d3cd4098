"""The loop around a training step: checkpoints, the model, a contact sheet and the losses in a folder."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from photostyle.imaging.writing import write_picture
from photostyle.models import store
from photostyle.training.trainer import Losses, Trainer
from photostyle_protocol.errors import JobFailedError

STATE = "training.safetensors"

OnStep = Callable[[int, Losses], None]


class Run:
    """A training in a folder; one that was interrupted goes on from its last checkpoint.

    Args:
        trainer: Modules and random state.
        folder: Where everything is written; made if missing.
        every: Iterations between two checkpoints.

    Raises:
        BadOptionError: The folder holds the checkpoint of another configuration.
    """

    def __init__(self, trainer: Trainer[Any, Any], folder: Path, every: int) -> None:
        self._trainer, self._folder, self._every = trainer, folder, every
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / STATE).exists():
            trainer.resume(folder / STATE)

    def train(self, on_step: OnStep) -> Path:
        """Run to the end.

        Args:
            on_step: Called after each step with its number, from 1, and the losses by name, on the device.

        Returns:
            The model. With PHOTOSTYLE_MODELS set to its folder, methods use it.

        Raises:
            JobFailedError: A loss is no longer finite; the last good checkpoint stays.
        """
        means = _Means()
        while self._trainer.iteration < self._trainer.config.iterations:
            found = self._trainer.step()
            means.add(found)
            on_step(self._trainer.iteration, found)
            if self._due():
                self._write(means.take())
        return self._export()

    def _due(self) -> bool:
        done = self._trainer.iteration
        return done % self._every == 0 or done == self._trainer.config.iterations

    def _write(self, means: Mapping[str, float]) -> None:
        self._check(means)
        self._trainer.save(self._folder / STATE)
        self._export()
        write_picture(self._folder / f"sheet-{self._trainer.iteration:06d}.png", self._trainer.sheet())
        self._log(means)

    def _check(self, means: Mapping[str, float]) -> None:
        broken = [name for name, mean in means.items() if not math.isfinite(mean)]
        if broken:
            raise JobFailedError(
                f"The training has come apart before iteration {self._trainer.iteration}: "
                f"not finite: {', '.join(broken)}.",
                "Its last checkpoint is good. Look for strange photographs, or start anew with another --seed.",
            )

    def _log(self, means: Mapping[str, float]) -> None:
        path = self._folder / "losses.csv"
        new = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["iteration", *means])
            writer.writerow([self._trainer.iteration, *(f"{mean:.6g}" for mean in means.values())])

    def _export(self) -> Path:
        path = self._folder / self._trainer.model_file
        self._trainer.export(path)
        store.record(path)
        return path


class _Means:
    """Means of the losses since they were last taken, summed where the losses are."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._count = 0

    def add(self, losses: Losses) -> None:
        self._sums = {name: self._sums[name] + loss if self._sums else loss for name, loss in losses.items()}
        self._count += 1

    def take(self) -> dict[str, float]:
        means = {name: float(total) / self._count for name, total in self._sums.items()}
        self._sums, self._count = {}, 0
        return means
