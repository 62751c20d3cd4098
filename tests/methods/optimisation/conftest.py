from __future__ import annotations

import pytest
import torch

from photostyle.features.embedded import EmbeddedFeatures


@pytest.fixture(scope="module")
def network() -> EmbeddedFeatures:
    """The embedded network's shape with random weights: losses fall, whatever they look through."""
    torch.manual_seed(0)
    made = EmbeddedFeatures()
    made.eval().requires_grad_(False)
    return made
