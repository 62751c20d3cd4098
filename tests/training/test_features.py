"""What the embedded network learns, and that half precision keeps it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from photostyle.features.embedded import load_embedded
from photostyle.training import checkpoint
from photostyle.training.features import FeaturesTrainer

Make = Callable[..., FeaturesTrainer]


def test_it_explains_its_teacher_better_and_better(features_trainer: Make) -> None:
    trainer = features_trainer(iterations=60)
    found = [{name: float(loss) for name, loss in trainer.step().items()} for _ in range(60)]
    for name in ("distill", "gram"):
        assert sum(f[name] for f in found[-10:]) < 0.9 * sum(f[name] for f in found[:10]), name


def test_the_model_takes_half_the_room_and_sees_the_same(features_trainer: Make, tmp_path: Path) -> None:
    trainer = features_trainer()
    trainer.step()
    trainer.export(tmp_path / trainer.model_file)
    tensors, _ = checkpoint.load(tmp_path / "features.safetensors")
    assert {t.dtype for t in tensors.values()} == {torch.float16}
    picture = torch.rand((1, 3, 40, 56), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        for got, wanted in zip(load_embedded(tensors)(picture), trainer.model(picture), strict=True):
            assert (got - wanted).norm() < 2e-3 * wanted.norm()


def test_every_tap_of_two_teachers_is_learned_from(features_trainer: Make) -> None:
    trainer = features_trainer(teachers=2)
    assert len(trainer.projections) == 8
    before = [p.weight.clone() for p in trainer.projections]
    for _ in range(2):
        trainer.step()
    assert not any(torch.equal(a, b.weight) for a, b in zip(before, trainer.projections, strict=True))
