"""The devices of this machine that a batch can use side by side."""

from __future__ import annotations

import torch


def devices(word: str) -> list[str]:
    """Names for `Engine.load`.

    Args:
        word: ``auto`` for every CUDA device, or else the one that ``auto`` means; or names with commas between.
    """
    if word == "auto" and torch.cuda.is_available():
        return [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    return [name.strip() for name in word.split(",")]
