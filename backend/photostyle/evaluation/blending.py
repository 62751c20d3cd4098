"""A look at a part of its strength."""

from __future__ import annotations

import numpy as np
import torch

from photostyle.stylize.task import Pixels


def blended(content: Pixels, look: Pixels, strength: float) -> Pixels:
    """The way from the content to its full look, as far as the strength goes; what the pipeline does, bit for bit.

    Args:
        content: (H, W, 3) float32, encoded, 0–1.
        look: The same, at full strength; may be beyond 0–1.
        strength: 0–1.

    Returns:
        (H, W, 3) uint8.
    """
    mixed = torch.lerp(torch.from_numpy(content), torch.from_numpy(look), torch.tensor(strength))
    eight: Pixels = mixed.clamp_(0, 1).mul_(255).round_().numpy().astype(np.uint8)
    return eight
