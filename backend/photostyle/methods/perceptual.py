"""The perceptual network that a method looks through: its options, and the network they name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from photostyle.features import registry
from photostyle.features.base import Features
from photostyle.methods.base import Option
from photostyle_protocol.request import Scalar

FEATURE_OPTIONS: tuple[Option, ...] = (
    Option(
        "features",
        registry.AUTO,
        "The perceptual network; auto is VGG-19 where its weights were fetched, else the embedded one.",
        choices=registry.names(),
    ),
    Option("weights", "", "The safetensors file of that network, where it has none of its own.", is_file=True),
)
"""What every method that looks through a network can be told."""


def perceptual_network(options: Mapping[str, Scalar], device: torch.device) -> Features:
    """The network that `FEATURE_OPTIONS` name, frozen and ready to run.

    Raises:
        BadOptionError: Its file is missing or holds another network.
    """
    file = str(options["weights"])
    network = registry.load(str(options["features"]), Path(file) if file else None)
    return network.to(device)
