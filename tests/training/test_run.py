"""A training in a folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from photostyle.models.store import read_model
from photostyle.training.run import STATE, Run
from photostyle.training.trainer import Trainer
from photostyle_protocol.errors import JobFailedError

Make = Callable[..., Trainer[Any, Any]]
FILES = {
    "rest": "rest.safetensors",
    "look": "rest.safetensors",
    "correspondence": "correspondence.safetensors",
    "restyle": "restyle.safetensors",
    "johnson": "style.safetensors",
}


@pytest.mark.parametrize("stage", FILES)
def test_it_leaves_model_sheets_and_losses_and_goes_on(
    stage: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    make: Make = request.getfixturevalue(f"{stage}_trainer")
    seen: list[int] = []
    model = Run(make(iterations=5), tmp_path, every=3).train(lambda i, _losses: seen.append(i))
    assert seen == [1, 2, 3, 4, 5]
    assert model == tmp_path / FILES[stage]
    assert set(json.loads((tmp_path / "digests.json").read_text())) == {FILES[stage]}
    assert {p.name for p in tmp_path.glob("sheet-*.png")} == {"sheet-000003.png", "sheet-000005.png"}
    again: list[int] = []
    Run(make(iterations=5), tmp_path, every=3).train(lambda i, _losses: again.append(i))
    assert not again


def test_losses_are_means_since_the_last_line(rest_trainer: Make, tmp_path: Path) -> None:
    losses: list[float] = []
    Run(rest_trainer(iterations=5), tmp_path, every=3).train(lambda _i, found: losses.append(float(found["color"])))
    first, second = csv.DictReader((tmp_path / "losses.csv").read_text(encoding="utf-8").splitlines())
    assert (first["iteration"], second["iteration"]) == ("3", "5")
    assert float(first["color"]) == pytest.approx(sum(losses[:3]) / 3, rel=1e-4)
    assert float(second["color"]) == pytest.approx(sum(losses[3:]) / 2, rel=1e-4)


def test_a_trained_model_is_used_at_once(rest_trainer: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = rest_trainer(iterations=2)
    model = Run(trainer, tmp_path, every=2).train(lambda _i, _losses: None)
    monkeypatch.setenv("PHOTOSTYLE_MODELS", str(tmp_path))
    assert read_model("rest.safetensors") == model.read_bytes()
    for name, tensor in load_file(model).items():
        assert torch.equal(trainer.model_state()[name], tensor), name


def test_a_training_that_comes_apart_keeps_its_last_good_checkpoint(rest_trainer: Make, tmp_path: Path) -> None:
    trainer = rest_trainer(iterations=6)

    def break_it(iteration: int, _losses: object) -> None:
        if iteration == 3:
            with torch.no_grad():
                next(trainer.model.parameters()).fill_(float("nan"))

    with pytest.raises(JobFailedError, match="come apart before iteration 4"):
        Run(trainer, tmp_path, every=2).train(break_it)
    healed = rest_trainer(iterations=6)
    healed.resume(tmp_path / STATE)
    assert healed.iteration == 2
