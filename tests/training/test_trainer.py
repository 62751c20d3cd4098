"""What every training can: go on exactly, refuse what is not its own, be looked at without being disturbed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from photostyle.training.trainer import Trainer
from photostyle_protocol.errors import BadOptionError

Make = Callable[..., Trainer[Any, Any]]
STAGES = ("rest", "look", "correspondence", "restyle")


@pytest.fixture(params=STAGES)
def make(request: pytest.FixtureRequest) -> Make:
    return request.getfixturevalue(f"{request.param}_trainer")


def steps(trainer: Trainer[Any, Any], count: int) -> list[dict[str, float]]:
    return [{name: float(loss) for name, loss in trainer.step().items()} for _ in range(count)]


def test_an_interrupted_training_goes_on_exactly(make: Make, tmp_path: Path) -> None:
    first = make()
    steps(first, 3)
    first.save(tmp_path / "c.safetensors")
    expected = steps(first, 2)
    second = make()
    second.resume(tmp_path / "c.safetensors")
    assert second.iteration == 3
    assert steps(second, 2) == expected


def test_a_sheet_leaves_the_training_as_it_was(make: Make) -> None:
    undisturbed, looked_at = make(), make()
    expected = steps(undisturbed, 3)
    found = steps(looked_at, 1)
    sheet = looked_at.sheet()
    assert sheet.pixels.std() > 10
    assert found + steps(looked_at, 2) == expected
    for (name, one), (_, two) in zip(*(m.named_buffers() for m in (undisturbed.model, looked_at.model)), strict=True):
        assert torch.equal(one, two), name


def test_every_loss_counts(make: Make) -> None:
    trainer = make()
    assert set(trainer.step()) == set(trainer.weights)


def test_a_checkpoint_of_another_configuration_is_refused(make: Make, tmp_path: Path) -> None:
    make().save(tmp_path / "c.safetensors")
    with pytest.raises(BadOptionError, match="another configuration"):
        make(seed=1).resume(tmp_path / "c.safetensors")


def test_a_checkpoint_from_before_stages_were_told_is_gone_on_with(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "c.safetensors"
    make().save(path)
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    save_file(load_file(path), path, {key: metadata[key] for key in ("config", "iteration")})
    make().resume(path)


def test_what_is_no_checkpoint_is_refused(rest_trainer: Make, tmp_path: Path) -> None:
    (tmp_path / "c.safetensors").write_bytes(b"not a checkpoint")
    with pytest.raises(BadOptionError, match="no checkpoint"):
        rest_trainer().resume(tmp_path / "c.safetensors")


def test_the_rate_warms_up_and_falls_to_nothing(rest_trainer: Make) -> None:
    trainer = rest_trainer(iterations=1000)
    rates = []
    for iteration in (0, 24, 49, 500, 999):
        trainer.iteration = iteration
        trainer.step()
        rates.append(trainer.optimizer.param_groups[0]["lr"] / trainer.config.learning_rate)
    assert rates == pytest.approx([0.02, 0.5, 1.0, 0.5, 0.0], abs=0.01)
