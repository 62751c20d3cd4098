"""VGG-19 (Simonyan and Zisserman 2014) with torchvision's own ImageNet weights."""

from __future__ import annotations

from pathlib import Path

import torch
from photostyle_protocol.errors import BadOptionError
from safetensors.torch import load_file
from torch import Tensor, nn

from photostyle.features.base import Features, freeze, imagenet_normalise

_TAPS = {"relu1_1": 1, "relu2_1": 6, "relu3_1": 11, "relu4_1": 20, "relu5_1": 29}
"""Index of each ReLU in torchvision's ``features``."""
_TORCHVISION_FILE = "vgg19-dcbb9e9d.pth"


def _architecture() -> nn.Sequential:
    try:
        from torchvision.models import vgg19
    except (ImportError, RuntimeError, OSError) as error:
        raise BadOptionError(
            f"VGG-19 needs torchvision, which cannot be imported here: {error}.",
            "Install the torchvision that matches your torch, or name another teacher.",
        ) from error
    layers: nn.Sequential = vgg19(weights=None).features
    return layers


def _cached_weights() -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints" / _TORCHVISION_FILE


def _state(weights: Path | None) -> dict[str, Tensor]:
    if weights is not None:
        return load_file(weights)
    cached = _cached_weights()
    if not cached.is_file():
        raise BadOptionError(
            f"torchvision's VGG-19 weights (574 MB) are not at {cached}, and nothing is fetched unasked.",
            "Let torchvision fetch them: python -c 'from torchvision.models import vgg19; vgg19(weights=\"DEFAULT\")', "
            "or name a safetensors file with --teacher-weights.",
        )
    state: dict[str, Tensor] = torch.load(cached, weights_only=True)
    return state


def _layers(weights: Path | None) -> nn.Sequential:
    layers = _architecture()
    prefix = "features."
    layers.load_state_dict({k[len(prefix) :]: v for k, v in _state(weights).items() if k.startswith(prefix)})
    return layers[: max(_TAPS.values()) + 1]


class Vgg19(Features):
    """Taps relu1_1 to relu5_1 with 64, 128, 256, 512 and 512 channels.

    Args:
        weights: A safetensors file with torchvision's names; without it the file in torchvision's cache is used.
    """

    taps = tuple(_TAPS)
    channels = (64, 128, 256, 512, 512)
    content_tap = 3

    def __init__(self, weights: Path | None = None) -> None:
        super().__init__()
        self.layers = _layers(weights)
        for layer in self.layers:
            if isinstance(layer, nn.ReLU):
                layer.inplace = False
        freeze(self)

    def forward(self, x: Tensor) -> list[Tensor]:
        """Five feature maps at full to a sixteenth of the size."""
        x = imagenet_normalise(x)
        found = []
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index in _TAPS.values():
                found.append(x)
        return found
