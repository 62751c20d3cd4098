"""What the second stage of REST learns, and on what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from photostyle.methods.networks.color_head import ColorHead
from photostyle.methods.networks.rest_statistics import TRANSFORMS
from photostyle.models import store
from photostyle.training.checkpoint import below, load
from photostyle.training.first_stage import read_first_stage
from photostyle.training.look import LookTrainer
from photostyle_protocol.errors import BadOptionError

Make = Callable[..., LookTrainer]


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_the_encoder_stays_and_decoder_and_head_learn(look_trainer: Make, transform: str) -> None:
    trainer = look_trainer(transform=transform)
    before = {name: tensor.clone() for name, tensor in trainer.model_state().items()}
    for _ in range(3):
        trainer.step()
    moved = {name.split(".")[0] for name, t in trainer.model_state().items() if not torch.equal(t, before[name])}
    assert moved == {"decoder", "color"}


def test_learning_brings_a_picture_nearer_to_its_style_at_less_cost(look_trainer: Make) -> None:
    trainer = look_trainer(iterations=40, patch_affine=0.0)
    pair = trainer.draw()
    trainer.draw = lambda: pair
    found = [trainer.step() for _ in range(40)]
    first, last = (float(losses["gram"] + losses["ssim"]) for losses in (found[0], found[-1]))
    assert last < 0.9 * first


def test_the_model_holds_network_head_and_the_stages_before(look_trainer: Make, tmp_path: Path) -> None:
    trainer = look_trainer(history=[{"iterations": 5}])
    trainer.step()
    trainer.export(tmp_path / trainer.model_file)
    tensors, metadata = load(tmp_path / "rest.safetensors")
    head = ColorHead()
    head.load_state_dict(below("color", tensors))
    assert torch.equal(head.layers[0].weight, trainer.head.layers[0].weight)
    assert metadata == {"config": trainer.recorded(), "history": [{"iterations": 5}]}
    again = read_first_stage(tmp_path)
    assert again.history == [{"iterations": 5}, trainer.recorded()]
    for name, tensor in trainer.model.state_dict().items():
        assert torch.equal(again.network.state_dict()[name], tensor), name


def test_it_begins_with_the_network_in_use() -> None:
    shipped = load_file(store.folder() / "rest.safetensors")
    found = read_first_stage(None).network.state_dict()
    assert all(torch.equal(tensor, shipped[name]) for name, tensor in found.items())


def test_a_folder_without_a_first_stage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOptionError, match=r"no rest\.safetensors"):
        read_first_stage(tmp_path)
    save_file({"other": torch.zeros(1)}, tmp_path / "rest.safetensors")
    with pytest.raises(BadOptionError, match="another network"):
        read_first_stage(tmp_path)


def test_another_first_stage_is_another_configuration(look_trainer: Make, tmp_path: Path) -> None:
    look_trainer(history=[{"seed": 1}]).save(tmp_path / "c.safetensors")
    look_trainer(history=[{"seed": 1}]).resume(tmp_path / "c.safetensors")
    with pytest.raises(BadOptionError, match="another configuration"):
        look_trainer(history=[{"seed": 2}]).resume(tmp_path / "c.safetensors")
