from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from photostyle.features.base import Features
from photostyle.features.embedded import EmbeddedFeatures
from photostyle.features.joined import JoinedFeatures
from photostyle.features.registry import load
from photostyle.training.correspondence import CorrespondenceConfig, CorrespondenceTrainer
from photostyle.training.features import FeaturesConfig, FeaturesTrainer
from photostyle.training.first_stage import read_first_stage
from photostyle.training.johnson import JohnsonConfig, JohnsonTrainer
from photostyle.training.look import LookConfig, LookTrainer
from photostyle.training.photographs import Photographs
from photostyle.training.rest import RestConfig, RestTrainer
from photostyle.training.restyle import RestyleConfig, RestyleTrainer
from support.tensors import tensor

CPU = torch.device("cpu")
SMALL = {"iterations": 6, "batch": 2, "crop": 32}


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


@pytest.fixture
def johnson_trainer(photographs: dict, photograph_folder: Path, teacher_weights: Path) -> Callable[..., JohnsonTrainer]:
    def make(style: str = "rocket", **changes: object) -> JohnsonTrainer:
        config = JohnsonConfig(**{**SMALL, **changes})
        pictures = Photographs(photograph_folder, config.crop, CPU)
        return JohnsonTrainer(config, tensor(photographs[style], 64, 64), pictures, teacher(teacher_weights), CPU)

    return make


def teacher(weights: Path) -> Features:
    return load("distilled-vgg", weights)
