"""What the first stage of REST learns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from photostyle.methods.networks.rest_statistics import TRANSFORMS
from photostyle.training.rest import PAPER_LOSSES, LossWeights, RestConfig, RestTrainer
from photostyle_protocol.errors import BadOptionError


@pytest.mark.parametrize(("residual", "transform"), [(True, "adain"), (False, "adain"), (True, "wct")])
def test_learning_lowers_the_loss_that_it_is_given(
    rest_trainer: Callable[..., RestTrainer], residual: bool, transform: str
) -> None:
    only_identity = LossWeights(0, 0, 0, 1, 0, 0, 0)
    trainer = rest_trainer(residual=residual, transform=transform, iterations=60, weights=only_identity)
    losses = [float(trainer.step()["identity"]) for _ in range(60)]
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])


def test_the_papers_losses_are_three() -> None:
    assert {name for name, weight in vars(PAPER_LOSSES).items() if weight} == {"content", "style", "distill"}


@pytest.mark.parametrize(("residual", "file"), [(True, "rest.safetensors"), (False, "rest-paper.safetensors")])
def test_each_form_is_a_file_of_its_own(rest_trainer: Callable[..., RestTrainer], residual: bool, file: str) -> None:
    assert rest_trainer(residual=residual).model_file == file


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_the_encoder_learns_through_the_transform(rest_trainer: Callable[..., RestTrainer], transform: str) -> None:
    only_style = LossWeights(0, 1, 0, 0, 0, 0, 0)
    trainer = rest_trainer(transform=transform, iterations=2, weights=only_style)
    trainer.step()
    gradients = [p.grad for p in trainer.model.encoder.parameters()]
    assert all(g is not None and torch.isfinite(g).all() for g in gradients)
    assert gradients[0].abs().max() > 0


def test_an_unknown_transform_is_refused() -> None:
    with pytest.raises(BadOptionError, match="other"):
        RestConfig(transform="other")
