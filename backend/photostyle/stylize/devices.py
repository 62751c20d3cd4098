"""The devices of this machine that a batch can use side by side, and the threads that it computes with."""

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


def use_threads(count: int) -> None:
    """Compute with so many threads of the CPU.

    What is summed in other parts ends in other last bits: results are equal to the bit where the threads are as many.
    """
    torch.set_num_threads(count)


def threads_in_use() -> int:
    """How many threads of the CPU torch computes with."""
    return torch.get_num_threads()
