"""What the first stage of REST learns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from photostyle.training.rest import PAPER_LOSSES, LossWeights, RestTrainer


@pytest.mark.parametrize("residual", [True, False])
def test_learning_lowers_the_loss_that_it_is_given(rest_trainer: Callable[..., RestTrainer], residual: bool) -> None:
    only_identity = LossWeights(0, 0, 0, 1, 0, 0, 0)
    trainer = rest_trainer(residual=residual, iterations=60, weights=only_identity)
    losses = [float(trainer.step()["identity"]) for _ in range(60)]
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])


def test_the_papers_losses_are_three() -> None:
    assert {name for name, weight in vars(PAPER_LOSSES).items() if weight} == {"content", "style", "distill"}


@pytest.mark.parametrize(("residual", "file"), [(True, "rest.safetensors"), (False, "rest-paper.safetensors")])
def test_each_form_is_a_file_of_its_own(rest_trainer: Callable[..., RestTrainer], residual: bool, file: str) -> None:
    assert rest_trainer(residual=residual).model_file == file
