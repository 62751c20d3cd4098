"""The loop around REST's training step: checkpoints, the model, a contact sheet and the losses on disk."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

from photostyle.imaging.writing import write_picture
from photostyle.methods.rest import CHECKPOINTS
from photostyle.models import store
from photostyle.training import checkpoint
from photostyle.training.photographs import Photographs
from photostyle.training.rest import RestTrainer
from photostyle.training.rest_sheet import rest_sheet

STATE = "training.safetensors"

OnStep = Callable[[int, Mapping[str, float]], None]


class RestRun:
    """A training in a folder; one that was interrupted goes on from its last checkpoint.

    Args:
        trainer: Model and random state.
        photographs: For the sheets.
        folder: Where everything is written; made if missing.
        every: Iterations between two checkpoints.

    Raises:
        BadOptionError: The folder holds the checkpoint of another configuration.
    """

    def __init__(self, trainer: RestTrainer, photographs: Photographs, folder: Path, every: int) -> None:
        self._trainer, self._photographs, self._folder, self._every = trainer, photographs, folder, every
        self._form = "skip" if trainer.config.residual else "paper"
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / STATE).exists():
            trainer.resume(folder / STATE)

    def train(self, on_step: OnStep) -> Path:
        """Run to the end.

        Args:
            on_step: Called after each step with its number, from 1, and the losses by name.

        Returns:
            The model. With PHOTOSTYLE_MODELS set to its folder, `rest` uses it.
        """
        sums: dict[str, float] = {}
        while self._trainer.iteration < self._trainer.config.iterations:
            found = self._trainer.step()
            sums = {name: sums.get(name, 0.0) + loss for name, loss in found.items()}
            on_step(self._trainer.iteration, found)
            if self._due():
                self._write(sums)
                sums = {}
        return self._export()

    def _due(self) -> bool:
        done = self._trainer.iteration
        return done % self._every == 0 or done == self._trainer.config.iterations

    def _write(self, sums: Mapping[str, float]) -> None:
        self._trainer.save(self._folder / STATE)
        self._export()
        sheet = rest_sheet(self._trainer.model, self._form, self._photographs)
        write_picture(self._folder / f"sheet-{self._trainer.iteration:06d}.png", sheet)
        self._log({name: total / self._every for name, total in sums.items()})

    def _log(self, means: Mapping[str, float]) -> None:
        path = self._folder / "losses.csv"
        new = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["iteration", *means])
            writer.writerow([self._trainer.iteration, *(f"{mean:.6g}" for mean in means.values())])

    def _export(self) -> Path:
        path = self._folder / CHECKPOINTS[self._form]
        checkpoint.save(path, self._trainer.model.state_dict(), {"config": self._trainer.recorded()})
        store.record(path)
        return path
