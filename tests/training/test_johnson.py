"""What the training of a style learns, and that it goes on exactly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from photostyle.methods.networks.style_file import read_style
from photostyle.training.johnson import JohnsonTrainer
from photostyle_protocol.errors import BadOptionError

Make = Callable[..., JohnsonTrainer]


def test_losses_fall(johnson_trainer: Make) -> None:
    trainer = johnson_trainer(iterations=80)
    batch = trainer.draw()
    trainer.draw = lambda: batch
    found = [trainer.step() for _ in range(40)]
    first, last = (sum(trainer.weights[n] * float(loss) for n, loss in step.items()) for step in (found[0], found[-1]))
    assert last < 0.95 * first


def test_it_goes_on_exactly(johnson_trainer: Make, tmp_path: Path) -> None:
    straight = johnson_trainer()
    for _ in range(2):
        straight.step()
    straight.save(tmp_path / "c.safetensors")
    resumed = johnson_trainer()
    resumed.resume(tmp_path / "c.safetensors")
    for _ in range(2):
        wanted, got = straight.step(), resumed.step()
        assert {name: float(loss) for name, loss in wanted.items()} == {n: float(loss) for n, loss in got.items()}
    for name, tensor in straight.model_state().items():
        assert torch.equal(tensor, resumed.model_state()[name]), name


def test_what_it_writes_is_a_style(johnson_trainer: Make, tmp_path: Path) -> None:
    trainer = johnson_trainer()
    trainer.step()
    trainer.export(tmp_path / trainer.model_file)
    read = read_style(tmp_path / "style.safetensors").state_dict()
    assert all(torch.equal(tensor, read[name]) for name, tensor in trainer.model_state().items())


def test_another_style_is_another_configuration(johnson_trainer: Make, tmp_path: Path) -> None:
    johnson_trainer().save(tmp_path / "c.safetensors")
    with pytest.raises(BadOptionError, match="another configuration"):
        johnson_trainer(style="coffee").resume(tmp_path / "c.safetensors")
