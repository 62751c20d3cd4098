from __future__ import annotations

from pathlib import Path

import torch

from photostyle.training import checkpoint


def test_tensors_and_metadata_come_back(tmp_path: Path) -> None:
    tensors = {"a.x": torch.arange(3.0), "b.y": torch.ones(2, 2)}
    checkpoint.save(tmp_path / "c.safetensors", tensors, {"config": {"n": 1, "f": 0.1}, "iteration": 7})
    found, metadata = checkpoint.load(tmp_path / "c.safetensors")
    assert metadata == {"config": {"n": 1, "f": 0.1}, "iteration": 7}
    assert torch.equal(checkpoint.below("a", found)["x"], tensors["a.x"])
    assert not list(tmp_path.glob("*.part"))
