"""The shipped REST encoder as a perceptual network: always there, nothing to fetch."""

from __future__ import annotations

import hashlib

from safetensors.torch import load
from torch import Tensor

from photostyle.features.base import Features, freeze
from photostyle.methods.networks.rpnet import CHANNELS, RPNet
from photostyle.models.store import read_model

_CHECKPOINT = "rest.safetensors"
_PART = "encoder."


class Embedded(Features):
    """Levels 3 to 5 of the encoder, 16 channels each, at full size and before any ReLU.

    It sees no further than ten pixels and was trained to style, not to recognise: its figures rank the strengths of
    one method well and say less of two methods than SqueezeNet's or VGG-19's. They change with the shipped
    checkpoint, whose digest is therefore in the title.
    """

    taps = ("level3", "level4", "level5")
    channels = (CHANNELS, CHANNELS, CHANNELS)
    content_tap = 2

    def __init__(self) -> None:
        super().__init__()
        data = read_model(_CHECKPOINT)
        self.encoder = RPNet().encoder
        whole = load(data).items()
        self.encoder.load_state_dict({k.removeprefix(_PART): t for k, t in whole if k.startswith(_PART)})
        self.title = f"embedded REST encoder {hashlib.sha256(data).hexdigest()[:8]}"
        freeze(self)

    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        """Three feature maps at full size."""
        return list(self.encoder(x.clamp(0, 1)))[: self.count(last)]
