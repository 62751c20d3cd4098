"""The perceptual network that a method looks through: its options, and the network they name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import torch

from photostyle.features import registry
from photostyle.features.base import Features
from photostyle.methods.base import Method, Option
from photostyle.methods.optimisation.style_reader import StyleReader, kept_grams
from photostyle_protocol.progress import Progress
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


def perceptual_network(options: Mapping[str, Scalar], device: torch.device, progress: Progress) -> Features:
    """The network that `FEATURE_OPTIONS` name, frozen and ready to run; the stage says which it is.

    It is not kept between jobs: reading it takes a fraction of a second, what looks through it takes minutes, and so
    its memory is free in between.

    Args:
        options: All options of the method.
        device: Where it is to run.
        progress: Told the network's name.

    Raises:
        BadOptionError: Its file is missing or holds another network.
    """
    file = str(options["weights"])
    network = registry.load(str(options["features"]), Path(file) if file else None)
    progress(0.0, f"looking through {network.title}")
    return network.to(device)


class PerceptualMethod(Method):
    """A method that looks through a perceptual network, and stays acquainted with the last styles.

    Attributes:
        learned_bytes: Memory for each pixel at which it learns or optimises, measured with the embedded network.
    """

    learned_bytes: ClassVar[int]

    def __init__(self, device: torch.device) -> None:
        super().__init__(device)
        self._kept = kept_grams()

    @classmethod
    def memory(cls, seen: int, options: Mapping[str, Scalar]) -> int:
        """See `Method.memory`."""
        return super().memory(seen, options) + min(seen, int(options["size"]) ** 2) * cls.learned_bytes

    def reader(self, options: Mapping[str, Scalar], progress: Progress) -> StyleReader:
        """The network that the options name, which need not look again at a style that it was shown before.

        Args:
            options: See `perceptual_network`.
            progress: See `perceptual_network`.

        Raises:
            BadOptionError: See `perceptual_network`.
        """
        # What is made under the pipeline's inference mode could never be differentiated through.
        with torch.inference_mode(False):
            return StyleReader(perceptual_network(options, self.device, progress), self._kept)
