"""The convolutions of a published network as a safetensors file."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

_PART = "features."
"""Where torchvision's networks for classification have what looks; the rest tells a thousand things by name."""


def convert(published: Path, out: Path) -> None:
    """Write the convolutions in single precision, under torchvision's names.

    Args:
        published: A checkpoint as torchvision publishes it. It is a pickle, of which only tensors are taken.
        out: The safetensors file.
    """
    state = torch.load(published, map_location="cpu", weights_only=True)
    kept = {name: tensor.float().contiguous() for name, tensor in state.items() if name.startswith(_PART)}
    save_file(kept, out)
