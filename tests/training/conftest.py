from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from photostyle.features.distilled_vgg import _LAYERS
from photostyle.training.checkpoint import prefixed


@pytest.fixture(scope="session")
def teacher_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A teacher with random weights in the documented layout: training runs, whatever it may learn."""
    generator = torch.Generator().manual_seed(0)
    tensors = {"preprocess.weight": torch.eye(3)[:, :, None, None].contiguous(), "preprocess.bias": torch.zeros(3)}
    for name, (inputs, outputs) in _LAYERS.items():
        weight = torch.randn((outputs, inputs, 3, 3), generator=generator) / (3 * inputs**0.5)
        tensors |= prefixed(name, {"weight": weight, "bias": torch.zeros(outputs)})
    path = tmp_path_factory.mktemp("teacher") / "teacher.safetensors"
    save_file(tensors, path)
    return path


@pytest.fixture(scope="session")
def photograph_folder(photographs: dict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photographs")
    for name, pixels in photographs.items():
        image = Image.fromarray(pixels)
        image.thumbnail((120, 120))
        image.save(folder / f"{name}.png")
    return folder
