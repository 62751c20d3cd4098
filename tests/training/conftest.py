from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from photostyle.features.base import Features
from photostyle.features.distilled_vgg import _LAYERS
from photostyle.features.embedded import EmbeddedFeatures
from photostyle.features.joined import JoinedFeatures
from photostyle.features.registry import load
from photostyle.training.checkpoint import prefixed
from photostyle.training.correspondence import CorrespondenceConfig, CorrespondenceTrainer
from photostyle.training.features import FeaturesConfig, FeaturesTrainer
from photostyle.training.first_stage import read_first_stage
from photostyle.training.look import LookConfig, LookTrainer
from photostyle.training.photographs import Photographs
from photostyle.training.rest import RestConfig, RestTrainer
from photostyle.training.restyle import RestyleConfig, RestyleTrainer

CPU = torch.device("cpu")
SMALL = {"iterations": 6, "batch": 2, "crop": 32}


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


@pytest.fixture
def rest_trainer(photograph_folder: Path, teacher_weights: Path) -> Callable[..., RestTrainer]:
    def make(**changes: object) -> RestTrainer:
        config = RestConfig(**{**SMALL, **changes})
        return RestTrainer(config, Photographs(photograph_folder, config.crop, CPU), teacher(teacher_weights), CPU)

    return make


@pytest.fixture
def look_trainer(photograph_folder: Path, teacher_weights: Path) -> Callable[..., LookTrainer]:
    def make(history: list[dict] = (), **changes: object) -> LookTrainer:
        config = LookConfig(**{**SMALL, **changes})
        photographs = Photographs(photograph_folder, config.crop, CPU)
        network = read_first_stage(None).network
        return LookTrainer(config, network, photographs, teacher(teacher_weights), CPU, history)

    return make


@pytest.fixture
def correspondence_trainer(photograph_folder: Path, teacher_weights: Path) -> Callable[..., CorrespondenceTrainer]:
    def make(**changes: object) -> CorrespondenceTrainer:
        config = CorrespondenceConfig(**{**SMALL, **changes})
        photographs = Photographs(photograph_folder, config.crop, CPU)
        return CorrespondenceTrainer(config, photographs, teacher(teacher_weights), CPU)

    return make


@pytest.fixture
def features_trainer(photograph_folder: Path, teacher_weights: Path) -> Callable[..., FeaturesTrainer]:
    def make(teachers: int = 1, **changes: object) -> FeaturesTrainer:
        config = FeaturesConfig(**{**SMALL, **changes})
        photographs = Photographs(photograph_folder, config.crop, CPU)
        joined = JoinedFeatures([teacher(teacher_weights) for _ in range(teachers)])
        return FeaturesTrainer(config, photographs, joined, CPU)

    return make


@pytest.fixture
def restyle_trainer(photograph_folder: Path) -> Callable[..., RestyleTrainer]:
    """Its encoder has random weights."""

    def make(**changes: object) -> RestyleTrainer:
        torch.manual_seed(0)
        config = RestyleConfig(**{**SMALL, **changes})
        network = EmbeddedFeatures().eval().requires_grad_(False)
        return RestyleTrainer(config, Photographs(photograph_folder, config.crop, CPU), network, CPU)

    return make


def teacher(weights: Path) -> Features:
    return load("distilled-vgg", weights)
