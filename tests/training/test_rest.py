from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from photostyle.features.registry import load
from photostyle.methods.rest import Rest, load_rpnet
from photostyle.models.store import read_model
from photostyle.training.photographs import Photographs
from photostyle.training.rest import PAPER_LOSSES, LossWeights, RestConfig, RestTrainer
from photostyle.training.rest_run import STATE, RestRun
from photostyle_protocol.errors import BadOptionError

CPU = torch.device("cpu")


@pytest.fixture
def crops(photograph_folder: Path) -> Photographs:
    return Photographs(photograph_folder, 32, CPU)


@pytest.fixture
def trainer_of(crops: Photographs, teacher_weights: Path):
    def make(**changes: object) -> RestTrainer:
        config = RestConfig(**{"iterations": 6, "batch": 2, "crop": 32, **changes})
        return RestTrainer(config, crops, load("distilled-vgg", teacher_weights), CPU)

    return make


def test_an_interrupted_training_goes_on_exactly(trainer_of, tmp_path: Path) -> None:
    first = trainer_of()
    for _ in range(3):
        first.step()
    first.save(tmp_path / STATE)
    expected = [first.step() for _ in range(2)]
    second = trainer_of()
    second.resume(tmp_path / STATE)
    assert [second.step() for _ in range(2)] == expected


def test_a_checkpoint_of_another_configuration_is_refused(trainer_of, tmp_path: Path) -> None:
    trainer_of().save(tmp_path / STATE)
    with pytest.raises(BadOptionError, match="another configuration"):
        trainer_of(seed=1).resume(tmp_path / STATE)


def test_what_is_no_checkpoint_is_refused(trainer_of, tmp_path: Path) -> None:
    (tmp_path / STATE).write_bytes(b"not a checkpoint")
    with pytest.raises(BadOptionError, match="no checkpoint"):
        trainer_of().resume(tmp_path / STATE)


@pytest.mark.parametrize("residual", [True, False])
def test_learning_lowers_the_loss_that_it_is_given(trainer_of, residual: bool) -> None:
    only_identity = LossWeights(0, 0, 0, 1, 0, 0, 0)
    trainer = trainer_of(residual=residual, iterations=60, weights=only_identity)
    losses = [trainer.step()["identity"] for _ in range(60)]
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])


def test_the_papers_losses_are_three() -> None:
    assert {name for name, weight in vars(PAPER_LOSSES).items() if weight} == {"content", "style", "distill"}


def test_a_run_leaves_model_sheet_losses_and_goes_on(trainer_of, crops: Photographs, tmp_path: Path) -> None:
    steps: list[int] = []
    model = RestRun(trainer_of(), crops, tmp_path, every=3).train(lambda i, _losses: steps.append(i))
    assert steps == [1, 2, 3, 4, 5, 6]
    assert model == tmp_path / "rest.safetensors"
    assert {p.name for p in tmp_path.glob("sheet-*.png")} == {"sheet-000003.png", "sheet-000006.png"}
    rows = list(csv.reader((tmp_path / "losses.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0][:2] == ["iteration", "content"]
    assert [row[0] for row in rows[1:]] == ["3", "6"]
    again: list[int] = []
    RestRun(trainer_of(), crops, tmp_path, every=3).train(lambda i, _losses: again.append(i))
    assert not again


def test_a_trained_model_is_used_at_once(
    trainer_of, crops: Photographs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = trainer_of()
    RestRun(trainer, crops, tmp_path, every=6).train(lambda _i, _losses: None)
    monkeypatch.setenv("PHOTOSTYLE_MODELS", str(tmp_path))
    read_model("rest.safetensors")
    used = Rest(CPU).network("skip")
    expected = load_rpnet(load_file(tmp_path / "rest.safetensors"), CPU)
    for name, tensor in expected.state_dict().items():
        assert torch.equal(used.state_dict()[name], tensor), name
