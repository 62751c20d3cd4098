"""What the training of Wu's stylizer learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from photostyle.features.registry import load
from photostyle.methods.networks.restyle_net import load_restyle
from photostyle.training import checkpoint
from photostyle.training.photographs import Photographs
from photostyle.training.restyle import PAPER_LOSSES, LossWeights, RestyleConfig, RestyleTrainer
from photostyle_protocol.errors import BadOptionError

Make = Callable[..., RestyleTrainer]
NOTHING = LossWeights(*(0.0 for _ in vars(LossWeights())))


@pytest.mark.parametrize(
    ("name", "changes"),
    [("identity", {}), ("scp", {}), ("color", {}), ("style", {}), ("style", {"kept": False})],
)
def test_learning_lowers_the_loss_that_it_is_given(restyle_trainer: Make, name: str, changes: dict) -> None:
    trainer = restyle_trainer(iterations=60, weights=replace(NOTHING, **{name: 1.0}), **changes)
    losses = [float(trainer.step()[name]) for _ in range(60)]
    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])


def test_the_papers_losses_are_four_and_count_alike() -> None:
    assert {n: w for n, w in vars(PAPER_LOSSES).items() if w} == dict.fromkeys(
        ("scp", "content", "style", "restyled"), 1.0
    )


def test_both_stylizers_learn_and_the_encoder_does_not(restyle_trainer: Make) -> None:
    trainer = restyle_trainer(kept=False)
    before = {name: p.clone() for name, p in trainer.model.named_parameters()}
    again = {name: p.clone() for name, p in trainer.second.named_parameters()}
    for _ in range(3):
        trainer.step()
    for network, old in ((trainer.model, before), (trainer.second, again)):
        moved = {name for name, p in network.named_parameters() if not torch.equal(p, old[name])}
        assert moved == {name for name in old if name.startswith("decoder.")}


def test_without_restyling_there_is_one_stylizer(restyle_trainer: Make) -> None:
    trainer = restyle_trainer(restyling=False)
    assert set(trainer.step()) == set(trainer.weights) == set(vars(LossWeights())) - {"restyled"}
    assert trainer.second is None


def test_as_printed_the_style_is_never_learned(restyle_trainer: Make) -> None:
    """The change that a style makes is nothing, so there is nothing to train."""
    trainer = restyle_trainer(aggregation="printed", weights=replace(NOTHING, style=1.0))
    trainer.step()
    assert all(p.grad.abs().max() < 1e-2 for p in trainer.model.decoder.parameters())
    triple = trainer.draw()
    with torch.no_grad():
        assert (trainer._output(triple.content, triple.style) - triple.content).abs().max() < 1e-2


def test_content_and_similar_content_have_one_grade(restyle_trainer: Make) -> None:
    trainer = restyle_trainer(batch=1)
    trainer.sampling.similar_to = lambda number, _generator: number
    trainer.photographs.crop_of = lambda number, _generator: trainer.photographs.pictures[number][:, :32, :32] / 255
    triple = trainer.draw()
    torch.testing.assert_close(triple.content, triple.similar)
    assert not torch.allclose(triple.content, triple.style)


def test_the_model_is_the_first_stylizer_in_half_precision(restyle_trainer: Make, tmp_path: Path) -> None:
    trainer = restyle_trainer()
    trainer.step()
    trainer.export(tmp_path / trainer.model_file)
    tensors, _ = checkpoint.load(tmp_path / "restyle.safetensors")
    assert {t.dtype for t in tensors.values()} == {torch.float16}
    network = load_restyle(tensors, torch.device("cpu"))
    for (name, got), wanted in zip(network.named_parameters(), trainer.model.parameters(), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-3, atol=1e-6, msg=name)


def test_another_network_cannot_be_the_encoder(photograph_folder: Path, teacher_weights: Path) -> None:
    cpu = torch.device("cpu")
    config = RestyleConfig(iterations=1, crop=32)
    other = load("distilled-vgg", teacher_weights)
    with pytest.raises(BadOptionError, match="encoder cannot be"):
        RestyleTrainer(config, Photographs(photograph_folder, 32, cpu), other, cpu)


def test_an_unknown_aggregation_is_refused() -> None:
    with pytest.raises(BadOptionError, match="other"):
        RestyleConfig(aggregation="other")
