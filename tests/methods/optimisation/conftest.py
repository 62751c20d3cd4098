from __future__ import annotations

import pytest
import torch

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.methods.optimisation.style_reader import StyleReader, kept_grams


@pytest.fixture(scope="module")
def network() -> EmbeddedFeatures:
    """The embedded network's shape with random weights: losses fall, whatever they look through."""
    torch.manual_seed(0)
    made = EmbeddedFeatures()
    made.eval().requires_grad_(False)
    return made


@pytest.fixture
def reader(network: EmbeddedFeatures) -> StyleReader:
    """That network, which has seen no style yet."""
    return StyleReader(network, kept_grams())
