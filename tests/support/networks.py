"""Networks with random weights in files, and options with which every method is quick."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from photostyle.features.distilled_vgg import _LAYERS
from photostyle.methods import registry
from photostyle.methods.networks.style_file import style_metadata
from photostyle.methods.networks.transform_net import TransformNet
from photostyle.training import checkpoint
from photostyle_protocol.request import Scalar

QuickOptions = Callable[[str], dict[str, Scalar]]
_FEW: dict[str, Scalar] = {"steps": 2, "size": 64}


@pytest.fixture(scope="session")
def teacher_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A teacher with random weights in the documented layout: training runs, whatever it may learn."""
    generator = torch.Generator().manual_seed(0)
    tensors = {"preprocess.weight": torch.eye(3)[:, :, None, None].contiguous(), "preprocess.bias": torch.zeros(3)}
    for name, (inputs, outputs) in _LAYERS.items():
        weight = torch.randn((outputs, inputs, 3, 3), generator=generator) / (3 * inputs**0.5)
        tensors |= checkpoint.prefixed(name, {"weight": weight, "bias": torch.zeros(outputs)})
    path = tmp_path_factory.mktemp("teacher") / "teacher.safetensors"
    save_file(tensors, path)
    return path


@pytest.fixture(scope="session")
def style_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A style that nobody trained."""
    torch.manual_seed(0)
    net = TransformNet()
    net.style_covariance.mul_(10)
    torch.nn.init.normal_(net.get_parameter("stages.10.weight"))
    tensors = net.state_dict()
    path = tmp_path_factory.mktemp("style") / "style.safetensors"
    checkpoint.save(path, tensors, style_metadata(tensors))
    return path


@pytest.fixture(scope="session")
def quick_options(teacher_weights: Path, style_file: Path) -> QuickOptions:
    """Options of a method by its name: few steps, a small network, a style file where there has to be one."""
    network: dict[str, Scalar] = {"features": "distilled-vgg", "weights": str(teacher_weights)}
    wanted = {**_FEW, **network, "model": str(style_file)}

    def options(name: str) -> dict[str, Scalar]:
        return {option.name: wanted[option.name] for option in registry.load(name).options if option.name in wanted}

    return options
