"""What the correspondence network learns, and that half precision keeps it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from photostyle.features.correspondence import load_correspondence
from photostyle.training import checkpoint
from photostyle.training.correspondence import CorrespondenceTrainer
from photostyle.training.overlapping_crops import Window, cut, overlapping_crops, places_in_second, random_windows

Make = Callable[..., CorrespondenceTrainer]


def test_places_and_kinds_are_learned(correspondence_trainer: Make) -> None:
    trainer = correspondence_trainer(iterations=60, crop=48)
    found = [{name: float(loss) for name, loss in trainer.step().items()} for _ in range(60)]
    for name in ("place", "kind"):
        assert sum(f[name] for f in found[-10:]) < 0.95 * sum(f[name] for f in found[:10]), name


def test_the_model_takes_half_the_room_and_says_the_same(correspondence_trainer: Make, tmp_path: Path) -> None:
    trainer = correspondence_trainer()
    for _ in range(3):
        trainer.step()
    trainer.export(tmp_path / trainer.model_file)
    tensors, _ = checkpoint.load(tmp_path / "correspondence.safetensors")
    assert {t.dtype for t in tensors.values()} == {torch.float16, torch.int64}
    pictures = torch.rand((2, 3, 40, 56), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        loaded = load_correspondence(tensors, torch.device("cpu"))(pictures)
        expected = trainer.model.eval()(pictures)
    for got, wanted in zip(loaded, expected, strict=True):
        assert got.dtype == torch.float32
        assert (got * wanted).sum(1).min() > 0.9999


def test_a_place_is_found_where_the_second_crop_shows_it() -> None:
    """A photograph whose colours are its coordinates: what both crops show at a place must agree."""
    rows, columns = torch.meshgrid(torch.linspace(0, 255, 90), torch.linspace(0, 255, 120), indexing="ij")
    picture = torch.stack([rows, columns, torch.zeros_like(rows)]).round().byte()
    generator = torch.Generator().manual_seed(1)
    for _ in range(8):
        windows = random_windows(90, 120, generator)
        first, second = (cut(picture, window, 48)[0] for window in windows)
        cells = torch.tensor([[12, 12], [12, 35], [35, 12], [24, 24]])
        there = places_in_second(windows, (cells + 0.5) / 48) * 48 - 0.5
        for (row, column), (y, x) in zip(cells.tolist(), there.round().long().tolist(), strict=True):
            if 1 <= y < 47 and 1 <= x < 47:
                assert (first[:, row, column] - second[:, y, x]).abs().max() < 0.03


def test_a_flipped_window_is_a_mirror() -> None:
    picture = torch.arange(8, dtype=torch.uint8).expand(3, 8, 8) * 30
    plain, mirrored = (cut(picture, Window(0.0, 0.0, 8.0, flipped), 8) for flipped in (False, True))
    assert torch.equal(plain.flip(3), mirrored)


def test_crops_repeat_with_the_seed(correspondence_trainer: Make) -> None:
    pictures = correspondence_trainer().photographs.pictures
    one, two = (overlapping_crops(pictures, 2, 32, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one.graded, two.graded)
    assert one.windows == two.windows
