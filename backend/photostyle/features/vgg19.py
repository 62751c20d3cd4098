"""VGG-19 (Simonyan and Zisserman 2014) with torchvision's own ImageNet weights."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from photostyle.features.base import Features, freeze, imagenet_normalise
from photostyle_protocol.errors import BadOptionError

_TAPS = {"relu1_1": 1, "relu2_1": 6, "relu3_1": 11, "relu4_1": 20, "relu5_1": 29}
"""Index of each ReLU in torchvision's ``features``."""
_LAST = max(_TAPS.values())
_DIGEST = "dcbb9e9d"
_TORCHVISION_FILE = f"vgg19-{_DIGEST}.pth"
"""As torchvision names it: with the first eight digits of its SHA-256."""


def _cached_weights() -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints" / _TORCHVISION_FILE


def _check_cached() -> None:
    cached = _cached_weights()
    if not cached.is_file():
        raise BadOptionError(
            f"torchvision's VGG-19 weights (574 MB) are not at {cached}, and nothing is fetched unasked.",
            "Let torchvision fetch them: python -c 'from torchvision.models import vgg19; vgg19(weights=\"DEFAULT\")', "
            "or name a safetensors file with --teacher-weights.",
        )
    with cached.open("rb") as file:
        if not hashlib.file_digest(file, "sha256").hexdigest().startswith(_DIGEST):
            raise BadOptionError(
                f"torchvision's VGG-19 weights at {cached} are damaged.", "Delete the file and fetch it again."
            )


def _layers(weights: Path | None) -> nn.Sequential:
    try:
        from torchvision.models import VGG19_Weights, vgg19
    except (ImportError, RuntimeError, OSError) as error:
        raise BadOptionError(
            f"VGG-19 needs torchvision, which cannot be imported here: {error}.",
            "Install the torchvision that matches your torch, or name another teacher.",
        ) from error
    if weights is None:
        _check_cached()
        model = vgg19(weights=VGG19_Weights.IMAGENET1K_V1)
    else:
        with torch.device("meta"):
            model = vgg19(weights=None, init_weights=False)
        model.features.load_state_dict(_convolutions(weights), assign=True)
    return nn.Sequential(*list(model.features)[: _LAST + 1])


def _convolutions(weights: Path) -> dict[str, Tensor]:
    """The tensors of ``features``; the classifier, six sevenths of the file, is not read."""
    tensors = load_file(weights)
    return {k.removeprefix("features."): v.float() for k, v in tensors.items() if k.startswith("features.")}


class Vgg19(Features):
    """Taps relu1_1 to relu5_1 with 64, 128, 256, 512 and 512 channels.

    Args:
        weights: A safetensors file with torchvision's names; without it the file in torchvision's cache is used.
    """

    title = "VGG-19"
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
